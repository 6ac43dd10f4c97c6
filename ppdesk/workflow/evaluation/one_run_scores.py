"""What a final model says of canaries: the attacker who has the model alone ("black box")."""

from typing import Any

import numpy as np

from ppdesk.assess.arrays import Floats
from ppdesk.core.said import said
from ppdesk.train.offers import Task
from ppdesk.train.records import Records
from ppdesk.workflow.evaluation.one_run_canaries import Canaries

_LEAST = 1e-12  # of a probability


def black_box(task: Task, fitted: Any, canaries: Canaries) -> Floats:
    """(m,): higher where the coin was more likely true."""
    if task is Task.NONE:
        score = _fits(fitted, canaries.first)
        return score if canaries.other is None else score - _fits(fitted, canaries.other)
    answer = np.asarray(fitted.predict(canaries.first), dtype=np.float64)
    labels = canaries.labels
    assert labels is not None  # noqa: S101  # narrowing: there is a target
    if task is Task.QUANTITY:
        target = fitted.target
        return np.where(labels > (target.low + target.high) / 2, answer, -answer) - _middle(target, labels)
    logs = np.log(np.clip(answer, _LEAST, 1.0))
    rows = np.arange(labels.size)
    own = logs[rows, labels.astype(np.intp)]
    if canaries.other_labels is not None:
        return np.asarray(own - logs[rows, canaries.other_labels.astype(np.intp)])
    rest = np.log(np.clip(1 - answer[rows, labels.astype(np.intp)], _LEAST, 1.0))
    return np.asarray(own - rest)


def score_words(key: str, task: Task) -> str:
    """What it looks at."""
    if task is Task.QUANTITY:
        return said("how far the prediction leans to the canary's target")
    if task is not Task.NONE:
        return said("the log-odds that the model gives the canary's class (its loss)")
    return {
        "k-means": said("minus the squared distance to the nearest centre"),
        "pca": said("how much of the canary the components hold"),
    }.get(key, said("the log-likelihood of the canary"))


def _middle(target: Any, labels: Any) -> Floats:
    middle = (target.low + target.high) / 2
    return np.asarray(np.where(labels > middle, middle, -middle), dtype=np.float64)


def _fits(fitted: Any, records: Records) -> Floats:
    """How well the model knows records."""
    if hasattr(fitted, "distances"):
        return np.asarray(-(fitted.distances(records).min(axis=1) ** 2))
    answer = np.asarray(fitted.predict(records), dtype=np.float64)
    return np.asarray(-answer if answer.ndim == 1 else (answer**2).sum(axis=1))
