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
from ppdesk.assess.results import Estimate, Fairness, Measure
from ppdesk.core.said import said

SEPARATOR = " × "


def crossed(
    first: tuple[Sequence[str], Counts], second: tuple[Sequence[str], Counts], floor: int
) -> tuple[list[str], Counts] | None:
    """(names, codes) of the pairs of two columns' groups, (names, codes) each; None where nothing is left to
    tell that the columns do not tell alone.

    Groups of one of the columns are put together until no pair that holds a record has fewer than `floor`.
    Then what follows from the pairs and from the tables of the columns alone are sums of whole groups again.
    """
    one, two = _coarse(*first, floor), _coarse(*second, floor)
    if min(len(one[0]), len(two[0])) < 2:
        return None
    wide = len(two[0])
    table = np.bincount(one[1] * wide + two[1], minlength=len(one[0]) * wide).reshape(len(one[0]), wide)
    rows, columns = _together(table, floor), _together(table.T, floor)
    if rows is None and columns is None:
        return None
    if columns is None or (rows is not None and len(rows) >= len(columns)):
        one = _merged(*one, rows or [])
    else:
        two = _merged(*two, columns)
    names = [f"{a}{SEPARATOR}{b}" for a in one[0] for b in two[0]]
    return names, np.asarray(one[1] * len(two[0]) + two[1])


def _coarse(names: Sequence[str], codes: Counts, floor: int) -> tuple[list[str], Counts]:
    """The groups as the table of the column alone shows them."""
    shown, _ = pool(names, codes, floor)
    found = np.zeros(codes.size, dtype=np.int64)
    for place, (_, mask) in enumerate(shown):
        found[mask] = place
    return [name for name, _ in shown], found


def _together(table: Counts, floor: int) -> list[int] | None:
    """The rows of `table` that may stand alone, all the others together; None where none may."""
    alone = [row for row in range(table.shape[0]) if not ((table[row] > 0) & (table[row] < floor)).any()]
    alone.sort(key=lambda row: int(table[row].sum()))
    rest = [row for row in range(table.shape[0]) if row not in alone]
    while rest and alone:
        sums = table[rest].sum(axis=0)
        if len(rest) > 1 and not ((sums > 0) & (sums < floor)).any():
            break
        rest.append(alone.pop(0))
    return sorted(alone) if alone else None


def _merged(names: Sequence[str], codes: Counts, alone: Sequence[int]) -> tuple[list[str], Counts]:
    """With all groups but those `alone` as one, the last."""
    if len(alone) == len(names):
        return list(names), codes
    place = np.full(len(names), len(alone), dtype=np.int64)
    place[list(alone)] = np.arange(len(alone))
    return [*(names[one] for one in alone), f"pooled ({len(names) - len(alone)} groups)"], place[codes]


def binary(
    column: str,
    names: Sequence[str],
    groups: Counts,
    labels: Bools,
    scores: Floats,
    *,
    threshold: float,
    floor: int,
    paired: bool = False,
) -> GroupQuality | None:
    """Accuracy, AUROC, precision, Brier score and how far the mean probability is off, in each group.

    names: of the groups; groups: (n,) index into names; labels: (n,) bool; scores: (n,) probabilities. AUROC
    is withheld where fewer than `floor` records have, or have not, the outcome; precision where fewer are
    selected, and where fairness withholds a rate, which would follow from precision, accuracy and the share
    selected; of pairs of columns (`paired`) for all as soon as for one, because the columns alone are told
    too. None where fewer than two groups reach the floor. LengthMismatchError.
    """
    chosen = np.asarray(scores >= threshold)
    shown, pooled = _shown(names, groups, labels.size, floor)
    precision = _precision([mask for _, mask in shown], chosen, labels, floor, paired=paired)
    rows = []
    for (name, mask), share in zip(shown, precision, strict=True):
        own, own_scores = labels[mask], scores[mask]
        enough = min(int(own.sum()), int((~own).sum())) >= max(1, floor)
        found = measure(own, own_scores, threshold=threshold) if enough else None
        rows.append(
            _row(
                name,
                mask,
                Measure("accuracy", said("Accuracy"), wilson(int((own == chosen[mask]).sum()), own.size)),
                Measure("auroc", said("AUROC"), None if found is None else found.auroc),
                Measure("precision", said("Precision"), share),
                Measure("brier", said("Brier score"), mean((own_scores - own) ** 2, least=0.0), lower=True),
                Measure("mean_gap", said("Predicted less observed"), mean(own_scores - own)),
            )
        )
    return _told(column, rows, pooled, floor)


def _precision(
    groups: Sequence[Bools], chosen: Bools, labels: Bools, floor: int, *, paired: bool
) -> list[Estimate | None]:
    """The share of the chosen that have the outcome, (groups,); None where it is withheld."""
    parts = [[mask & some for mask in groups] for some in (chosen, labels, ~labels)]
    told = [shares_of(masks, labels if masks is parts[0] else chosen, floor) for masks in parts]
    open_ = [all(one is not None for one in rates) for rates in zip(*told, strict=True)]
    if paired and not all(open_):
        return [None] * len(groups)
    return [one if may else None for one, may in zip(told[0], open_, strict=True)]


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
            Measure("accuracy", said("Accuracy"), wilson(int(right[mask].sum()), int(mask.sum()))),
            Measure("log_loss", said("Log loss"), mean(losses[mask], least=0.0), lower=True),
            Measure("brier", said("Brier score"), mean(squares[mask], least=0.0), lower=True),
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


def outcomes_of_pairs(names: Sequence[str], groups: Counts, labels: Bools, floor: int) -> Bools | None:
    """`labels` where each pair of groups has at least `floor` records with the outcome and without, else
    None: then only shares that rest on whole groups are told."""
    counts = [np.bincount(groups[own], minlength=len(names)) for own in (labels, ~labels)]
    held = (counts[0] + counts[1]) > 0
    return labels if min(int(one[held].min()) for one in counts) >= floor else None


def summary(
    favourable: str,
    column: str,
    names: Sequence[str],
    groups: Counts,
    *,
    predicted: Bools,
    labels: Bools | None,
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
    return GroupMeasures(name, int(mask.sum()), list(measures))


def _told(column: str, rows: list[GroupMeasures], pooled: int, floor: int) -> GroupQuality | None:
    return GroupQuality(column, rows, pooled, floor) if len(rows) > 1 else None


def _apart(first: Floats, second: Floats) -> Estimate:
    """The difference of two independent means (Welch's standard error, normal interval)."""
    one, two = mean(first), mean(second)
    value, half = one.value - two.value, Z95 * float(np.hypot(deviation(first), deviation(second)))
    return estimate(value, value - half, value + half)


def _span(told: Sequence[Estimate]) -> float:
    return round(max(one.value for one in told) - min(one.value for one in told), 6)
