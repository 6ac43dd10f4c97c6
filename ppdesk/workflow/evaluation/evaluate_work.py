"""The work of Evaluate: values in, values out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ppdesk.assess import many, rebuild, utility
from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.classification import measure, trivial_scores
from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.results import Classification, Estimate, Fairness, Measured, Utility
from ppdesk.assess.roc import auroc_difference
from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.train.errors import TwinError
from ppdesk.train.offers import offer
from ppdesk.train.schema import Quantity
from ppdesk.workflow import declared
from ppdesk.workflow.evaluation.facts import Downstream
from ppdesk.workflow.groups import fairness
from ppdesk.workflow.models import Model, fit_twin, held_out, load_model, targets, trained_on
from ppdesk.workflow.reading import Reading
from ppdesk.workflow.step import Context, Inputs
from ppdesk.workflow.treated import treated_columns, treatment_words

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


@dataclass(frozen=True)
class OfRelease:
    """What was found about the release; all empty where there is none."""

    utility: Utility | None = None
    levels: dict[str, int] | None = None
    k: int | None = None
    downstream: Downstream | None = None
    note: str = ""


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
    ctx.progress(0.2, "Training the baseline without privacy")
    if ctx.cancelled():
        raise CancelledRunError
    try:
        twin = fit_twin(data.part(data.train), data.model, {}, data.model.features, data.decimal)
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

    def measured(said: Floats) -> Measured:
        if number:
            return many.quantity(found, said, middle)
        return many.classes(found, said, data.model.classes)

    said = data.model.predict(test, data.decimal)
    ours = measured(said)
    if number:
        trivial = measured(np.full(found.size, middle))
    else:
        trivial = measured(many.untaught_classes(trained, found.size, len(data.model.classes)))
    if not baseline:
        return TestedMany(ours, trivial, None, said=said)
    ctx.progress(0.2, "Training the baseline without privacy")
    if ctx.cancelled():
        raise CancelledRunError
    try:
        twin = fit_twin(data.part(data.train), data.model, {}, data.model.features, data.decimal)
    except TwinError:
        return TestedMany(ours, trivial, None, no_twin(data.model), said)
    beside = twin(test)
    return TestedMany(ours, trivial, measured(beside), said=said, baseline_said=beside)


def no_twin(model: Model) -> str:
    """Why there is no baseline, in words."""
    return (
        f"There is no baseline: {offer(model.fitted.estimator).title} has no twin without privacy, so what "
        "the noise took away cannot be told. Compare with another model on a public table."
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


def release_measures(data: Data, inputs: Inputs, tested: Tested | None, *, ctx: Context) -> OfRelease:
    """The release against the original table."""
    release, hierarchies = inputs.get(Kind.RELEASE), inputs.get(Kind.HIERARCHIES)
    if release is None or hierarchies is None:
        return OfRelease(levels={})
    trees: rebuild.Hierarchies = json.loads(hierarchies.data("hierarchies"))
    levels = _levels(release)
    if not levels and release.head.get("levels"):
        return OfRelease(levels={}, note="The release was not compared: its columns have no one level.")
    rows, treated = release.table("rows"), treated_columns(release.head)
    if treated:
        rows = rows.drop_columns([name for name in rows.column_names if name in treated])
        levels = {name: level for name, level in levels.items() if name not in treated}
    columns = set(rows.column_names)
    if (
        not columns <= set(data.rows.column_names)
        or not set(levels) <= columns & set(trees)
        or (treated and not levels)
    ):
        return OfRelease(levels={}, note="The release was not compared: it was made from another table.")

    def tick() -> None:
        if ctx.cancelled():
            raise CancelledRunError

    found = utility.compare(data.rows, rows, trees, levels, tick=tick)
    k = declared.number(release.head.get("k"))
    downstream, note = None, ""
    if changed := treatment_words(release.head):
        note = f"No classifier was trained on the release: {changed}."
    elif tested is None:
        note = "No classifier was trained on the release: the model does not tell two classes apart."
    elif tested.baseline is None or tested.baseline_scores is None:
        why = " without a twin of the model" if tested.why_not else " together with the baseline"
        note = f"The classifier trained on the release was left out{why}."
    else:
        ctx.progress(0.75, "Training a classifier on the release")
        downstream, note = _downstream(data, release.table("rows"), trees, levels, int(k or 0), tested=tested)
    return OfRelease(found, levels, None if k is None else int(k), downstream, note)


def _levels(release: Artifact) -> dict[str, int]:
    said = release.head.get("levels")
    if not isinstance(said, Mapping):
        return {}
    return {name: int(level) for name, level in said.items() if isinstance(level, int | float)}


def _downstream(
    data: Data,
    release: "pa.Table",
    trees: rebuild.Hierarchies,
    levels: Mapping[str, int],
    k: int,
    *,
    tested: Tested,
) -> tuple[Downstream | None, str]:
    """(the comparison, or None and why there is none in words)."""
    import pyarrow as pa

    target = data.model.target
    if target not in release.column_names or levels.get(target, 0) > 0:
        return None, f"No classifier was trained on the release: it does not keep {target}."
    found = rebuild.reconstruct(data.rows, release, trees, levels, k)
    if found is None:
        return None, "No classifier was trained on the release: it was not made from this table."
    made, suppressed = found
    learn = data.train & ~suppressed
    if learn.sum() < 2 or data.labels[learn].all() or not data.labels[learn].any():
        return None, "No classifier was trained on the release: too few records were kept."
    features = [name for name in data.model.features if name in release.column_names]
    generalized = {
        name: tuple(dict.fromkeys(row[levels[name]] for row in trees[name]))
        for name in features
        if levels.get(name, 0) > 0
    }
    twin = fit_twin(made.filter(pa.array(learn)), data.model, generalized, features, data.decimal)
    labels_test = data.labels[data.test]
    scores = twin(made.filter(pa.array(data.test)))
    ours = measure(labels_test, scores, threshold=tested.ours.threshold)
    before, original = tested.baseline, tested.baseline_scores
    if before is None or original is None:  # the caller has seen to it
        return None, ""
    return (
        Downstream(
            train_original=int(data.train.sum()),
            train_release=int(learn.sum()),
            test=ours.n,
            auroc_original=before.auroc,
            auroc_release=ours.auroc,
            accuracy_original=before.accuracy,
            accuracy_release=ours.accuracy,
            gap=auroc_difference(labels_test, scores, original),
        ),
        "",
    )
