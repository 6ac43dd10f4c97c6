"""The measures of one fold of cross-validation."""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess import many
from ppdesk.assess.arrays import Bools
from ppdesk.assess.classification import measure
from ppdesk.assess.intervals import estimate
from ppdesk.assess.probabilities import log_loss
from ppdesk.assess.ranked import Ranked, average_precision
from ppdesk.assess.results import Measure
from ppdesk.core.said import said
from ppdesk.train.offers import Task
from ppdesk.workflow.evaluation.evaluate_work import Data
from ppdesk.workflow.models import Model


def measured(data: Data, model: Model, train: Bools, test: Bools) -> Sequence[Measure]:
    """Of `model`, which learnt from `train`, on `test`, (n,) bool each; empty where a fold has no record, or
    of two classes one alone."""
    rows = data.part(test)
    if not test.any() or not train.any():
        return ()
    if model.task is Task.BINARY:
        return _binary(data, model, test)
    predicted = model.predict(rows, data.decimal)
    if model.task is Task.QUANTITY:
        return many.quantity(data.found[test], predicted, float(data.found[train].mean())).measures
    if model.task is Task.CLASSES:
        return many.classes(data.found[test], predicted, model.classes).measures
    return ()


def _binary(data: Data, model: Model, test: Bools) -> Sequence[Measure]:
    labels = data.labels[test]
    if labels.all() or not labels.any():
        return ()
    scores = model.predict_proba(data.part(test), data.decimal)
    found = measure(labels, scores, threshold=model.threshold)
    area = average_precision(*Ranked.of(labels, np.asarray(scores)).counts())
    return (
        Measure("auroc", said("AUROC"), found.auroc),
        Measure("average_precision", said("Average precision"), estimate(area, area, area)),
        Measure("accuracy", said("Accuracy"), found.accuracy),
        Measure("balanced_accuracy", said("Balanced accuracy"), found.balanced_accuracy),
        Measure("brier", said("Brier score"), found.brier, lower=True),
        Measure("log_loss", said("Log loss"), log_loss(labels, scores), lower=True),
    )
