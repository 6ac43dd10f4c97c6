"""What a model is worth in each group of records, small groups pooled as in `fairness`."""

from collections.abc import Sequence

import numpy as np

from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.classification import measure
from ppdesk.assess.errors import LengthMismatchError
from ppdesk.assess.fairness import by_group, pool, shares_of
from ppdesk.assess.intervals import Z95, estimate, wilson
from ppdesk.assess.means import LEAST, deviation, mean
from ppdesk.assess.model_results import (
    FairnessSummary,
    GroupMeasures,
    GroupNumbers,
    GroupQuality,
    NumberFairness,
)
from ppdesk.assess.results import Estimate, Fairness, Measure, Measured

SEPARATOR = " × "


def crossed(
    first: tuple[Sequence[str], Counts], second: tuple[Sequence[str], Counts]
) -> tuple[list[str], Counts]:
    """(names, codes) of the pairs of two columns' groups."""
    names = [f"{one}{SEPARATOR}{two}" for one in first[0] for two in second[0]]
    return names, np.asarray(first[1] * len(second[0]) + second[1])


def binary(
    column: str,
    names: Sequence[str],
    groups: Counts,
    labels: Bools,
    scores: Floats,
    *,
    threshold: float,
    floor: int,
) -> GroupQuality | None:
    """Accuracy, AUROC, precision, Brier score and how far the mean probability is off, in each group.

    names: of the groups; groups: (n,) index into names; labels: (n,) bool; scores: (n,) probabilities. AUROC
    is withheld where fewer than `floor` records have, or have not, the outcome; precision where fewer are
    selected. None where fewer than two groups reach the floor. LengthMismatchError.
    """
    chosen = np.asarray(scores >= threshold)
    shown, pooled = _shown(names, groups, labels.size, floor)
    precision = shares_of([mask & chosen for _, mask in shown], labels, floor)
    rows = []
    for (name, mask), said in zip(shown, precision, strict=True):
        own, own_scores = labels[mask], scores[mask]
        enough = min(int(own.sum()), int((~own).sum())) >= max(1, floor)
        found = measure(own, own_scores, threshold=threshold) if enough else None
        rows.append(
            _row(
                name,
                mask,
                Measure("accuracy", "Accuracy", wilson(int((own == chosen[mask]).sum()), own.size)),
                Measure("auroc", "AUROC", None if found is None else found.auroc),
                Measure("precision", "Precision", said),
                Measure("brier", "Brier score", mean((own_scores - own) ** 2, least=0.0), lower=True),
                Measure("mean_gap", "Predicted less observed", mean(own_scores - own)),
            )
        )
    return _told(column, rows, pooled, floor)


def classes(
    column: str, names: Sequence[str], groups: Counts, found: Counts, chances: Floats, *, floor: int
) -> GroupQuality | None:
    """Accuracy, log loss and Brier score (all classes added up) in each group. found: (n,) places of classes;
    chances: (n, classes)."""
    shown, pooled = _shown(names, groups, found.size, floor)
    right = np.asarray(chances.argmax(axis=1) == found)
    losses = -np.log(np.clip(chances[np.arange(found.size), found], LEAST, None))
    squares = ((chances - np.eye(chances.shape[1])[found]) ** 2).sum(axis=1)
    rows = [
        _row(
            name,
            mask,
            Measure("accuracy", "Accuracy", wilson(int(right[mask].sum()), int(mask.sum()))),
            Measure("log_loss", "Log loss", mean(losses[mask], least=0.0), lower=True),
            Measure("brier", "Brier score", mean(squares[mask], least=0.0), lower=True),
        )
        for name, mask in shown
    ]
    return _told(column, rows, pooled, floor)


def numbers(
    column: str, names: Sequence[str], groups: Counts, found: Floats, said: Floats, *, floor: int
) -> NumberFairness | None:
    """Mean prediction, mean error and mean absolute error in each group, against the largest."""
    shown, pooled = _shown(names, groups, found.size, floor)
    if len(shown) < 2:
        return None
    largest = max(range(len(shown)), key=lambda place: int(shown[place][1].sum()))
    values = {"predicted": said, "actual": found, "bias": said - found, "error": np.abs(said - found)}
    reference = shown[largest][1]
    rows = []
    for place, (name, mask) in enumerate(shown):
        told = {key: mean(one[mask]) for key, one in values.items()}
        apart: dict[str, Estimate | None] = dict.fromkeys(values)
        if place != largest:
            apart = {key: _apart(one[mask], one[reference]) for key, one in values.items()}
        rows.append(
            GroupNumbers(
                name,
                int(mask.sum()),
                told["predicted"],
                told["actual"],
                told["bias"],
                told["error"],
                apart["predicted"],
                apart["bias"],
                apart["error"],
            )
        )
    return NumberFairness(
        column,
        rows[largest].group,
        rows,
        pooled,
        floor,
        predicted_span=_span([one.predicted for one in rows]),
        bias_span=_span([one.bias for one in rows]),
        error_span=_span([one.error for one in rows]),
    )


def summary(
    favourable: str,
    column: str,
    names: Sequence[str],
    groups: Counts,
    *,
    predicted: Bools,
    labels: Bools,
    floor: int,
) -> FairnessSummary | None:
    """Fairness where to be predicted `favourable` is good to get; None as for `fairness.by_group`."""
    found = by_group(column, names, groups, predicted, labels, floor=floor)
    return None if found is None else summed_up(favourable, found)


def summed_up(favourable: str, found: Fairness) -> FairnessSummary:
    """The gaps of `found` alone."""
    order = sorted(found.groups, key=lambda one: (one.selected.value, one.group))
    return FairnessSummary(
        favourable=favourable,
        column=found.column,
        groups=len(order),
        lowest_group=order[0].group,
        lowest=order[0].selected.value,
        highest_group=order[-1].group,
        highest=order[-1].selected.value,
        lowest_ratio=found.lowest_ratio,
        parity_span=found.parity_span,
        opportunity_span=found.opportunity_span,
        odds_span=found.odds_span,
        withheld=found.withheld,
    )


def _shown(
    names: Sequence[str], groups: Counts, rows: int, floor: int
) -> tuple[list[tuple[str, Bools]], int]:
    if groups.size != rows:
        raise LengthMismatchError(what="Groups and outcomes", left=groups.size, right=rows)
    return pool(names, groups, floor)


def _row(name: str, mask: Bools, *measures: Measure) -> GroupMeasures:
    return GroupMeasures(name, int(mask.sum()), Measured(int(mask.sum()), list(measures)))


def _told(column: str, rows: list[GroupMeasures], pooled: int, floor: int) -> GroupQuality | None:
    return GroupQuality(column, rows, pooled, floor) if len(rows) > 1 else None


def _apart(first: Floats, second: Floats) -> Estimate:
    """The difference of two independent means (Welch's standard error, normal interval)."""
    one, two = mean(first), mean(second)
    value, half = one.value - two.value, Z95 * float(np.hypot(deviation(first), deviation(second)))
    return estimate(value, value - half, value + half)


def _span(told: Sequence[Estimate]) -> float:
    return round(max(one.value for one in told) - min(one.value for one in told), 6)
