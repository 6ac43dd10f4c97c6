"""The work of Evaluate: values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess import many
from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.classification import measure, trivial_scores
from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.results import Classification, Estimate, Fairness, Measured
from ppdesk.assess.roc import auroc_difference
from ppdesk.core.artifacts import Kind
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said
from ppdesk.train.errors import TwinError
from ppdesk.train.offers import offer
from ppdesk.train.schema import Quantity
from ppdesk.workflow import declared
from ppdesk.workflow.groups import fairness
from ppdesk.workflow.models import Model, fit_twin, held_out, load_model, targets, trained_on
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Inputs

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Data:
    """The table, its declared columns, and which records were trained on and held out.

    Records whose outcome is none of the declared ones are in neither.
    """

    rows: "pa.Table"
    columns: Mapping[str, declared.Column]
    model: Model
    found: Any  # (n,), what each record holds: the place of its class, or a number
    labels: Bools  # (n,), of two classes whether it is the positive one
    train: Bools  # (n,)
    test: Bools  # (n,)
    decimal: DecimalMark  # of the numbers in rows

    def part(self, mask: Bools) -> "pa.Table":
        """The records where `mask` is true."""
        import pyarrow as pa

        return self.rows.filter(pa.array(mask))


@dataclass(frozen=True)
class Tested:
    """Measures on the held-out records, and the scores they come from, (held out,) float64."""

    ours: Classification
    trivial: Classification
    baseline: Classification | None
    gap: Estimate | None
    scores: Floats
    baseline_scores: Floats | None
    why_not: str = ""  # why there is no baseline, where one was asked for


@dataclass(frozen=True)
class TestedMany:
    """The same of a model of several classes or of a number. `said`, `baseline_said`: its predictions for the
    held-out records, (held out, classes) or (held out,) float64."""

    ours: Measured
    trivial: Measured
    baseline: Measured | None
    why_not: str = ""
    said: Floats | None = None
    baseline_said: Floats | None = None


def prepare(inputs: Inputs) -> Data:
    """What the measures work on. NothingToCompareError where nothing was held out of training."""
    rows = inputs[Kind.TABLE].table("rows")
    model = load_model(inputs[Kind.MODEL])
    decimal = Reading.of(inputs[Kind.TABLE].head).decimal
    found, known = targets(rows, model.fitted.target, decimal)
    held = held_out(inputs[Kind.MODEL], inputs[Kind.TABLE])
    columns = declared.columns(inputs[Kind.ROLES].head)
    if model.fitted.target is not None and not (held & known).any():
        raise NothingToCompareError(what="The held-out part of the table")
    trained = trained_on(inputs[Kind.MODEL], inputs[Kind.TABLE])
    labels = np.asarray(found == 1)
    return Data(rows, columns, model, found, labels, trained & known, held & known, decimal)


def model_measures(data: Data, *, threshold: float | None, baseline: bool, ctx: Context) -> Tested:
    """The model, the trivial classifier and, if asked for, the same classifier without privacy."""
    test, labels = data.part(data.test), data.labels[data.test]
    scores = data.model.predict_proba(test, data.decimal)
    threshold = data.model.threshold if threshold is None else threshold
    ours = measure(labels, scores, threshold=threshold)
    flat = trivial_scores(data.labels[data.train], labels.size)
    trivial = measure(labels, flat, threshold=threshold)
    if not baseline:
        return Tested(ours, trivial, None, None, scores, None)
    ctx.progress(0.2, said("Training the baseline without privacy"))
    if ctx.cancelled():
        raise CancelledRunError
    try:
        twin = fit_twin(
            data.part(data.train),
            data.model,
            {},
            data.model.features,
            data.decimal,
            entropy=ctx.entropy,
        )
    except TwinError:
        return Tested(ours, trivial, None, None, scores, None, no_twin(data.model))
    twin_scores = twin(test)
    return Tested(
        ours,
        trivial,
        measure(labels, twin_scores, threshold=threshold),
        auroc_difference(labels, scores, twin_scores),
        scores,
        twin_scores,
    )


def many_measures(data: Data, *, baseline: bool, ctx: Context) -> TestedMany:
    """A model of several classes or of a number."""
    test, found, trained = data.part(data.test), data.found[data.test], data.found[data.train]
    target = data.model.fitted.target
    number = isinstance(target, Quantity)
    middle = float(trained.mean()) if number and trained.size else 0.0

    def measured(predicted: Floats) -> Measured:
        if number:
            return many.quantity(found, predicted, middle)
        return many.classes(found, predicted, data.model.classes)

    predicted = data.model.predict(test, data.decimal)
    ours = measured(predicted)
    if number:
        trivial = measured(np.full(found.size, middle))
    else:
        trivial = measured(many.untaught_classes(trained, found.size, len(data.model.classes)))
    if not baseline:
        return TestedMany(ours, trivial, None, said=predicted)
    ctx.progress(0.2, said("Training the baseline without privacy"))
    if ctx.cancelled():
        raise CancelledRunError
    try:
        twin = fit_twin(
            data.part(data.train),
            data.model,
            {},
            data.model.features,
            data.decimal,
            entropy=ctx.entropy,
        )
    except TwinError:
        return TestedMany(ours, trivial, None, no_twin(data.model), predicted)
    beside = twin(test)
    return TestedMany(ours, trivial, measured(beside), said=predicted, baseline_said=beside)


def no_twin(model: Model) -> str:
    """Why there is no baseline, in words."""
    return said(
        "There is no baseline: {model} has no twin without privacy, so what "
        "the noise took away cannot be told. Compare with another model on a public table.",
        model=offer(model.fitted.estimator).title,
    )


def group_measures(
    data: Data, tested: Tested, groups: Sequence[str], floor: int
) -> tuple[list[Fairness], list[str]]:
    """(fairness by each group column on the held-out records, columns that could not be measured)."""
    labels = data.labels[data.test]
    chosen = tested.scores >= tested.ours.threshold
    known = np.ones(labels.size, dtype=np.bool_)
    return fairness(
        groups,
        floor,
        data.columns,
        data.part(data.test),
        decimal=data.decimal,
        predicted=chosen,
        outcomes=(labels, known),
    )
