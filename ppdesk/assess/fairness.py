"""Whether predictions treat the groups of a declared column alike.

Demographic parity and disparate impact: Feldman et al. 2015 (KDD), with the four-fifths rule of the US
Uniform Guidelines, 29 CFR 1607.4(D), read both ways: a ratio under 0.80 or over 1.25 is unlike.
Equal opportunity and equalized odds: Hardt, Price and Srebro 2016 (NeurIPS).

No group under the floor is shown. Small groups are pooled; if the pool is still too small, the next
smallest group joins it, so that nothing can be found by subtracting the shown from the total. The floor
holds for the outcomes too: a group's share found rests on its positives and its false alarms on its
negatives, and where these are fewer the rate is withheld, by the same rule against subtraction. Then the
other rate is withheld as well: with it, the share selected and the accuracy, which are told, this one would
follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Counts
from ppdesk.assess.errors import LengthMismatchError
from ppdesk.assess.intervals import difference, wilson
from ppdesk.assess.results import Estimate, Fairness, GroupRate

FLOOR = 50
LOW, HIGH = 0.80, 1.25


@dataclass(frozen=True)
class _Raw:
    name: str
    n: int
    selected: Estimate
    found: Estimate | None
    false_alarm: Estimate | None


def by_group(
    column: str,
    names: Sequence[str],
    groups: Counts,
    predicted: Bools,
    labels: Bools | None = None,
    *,
    floor: int = FLOOR,
) -> Fairness | None:
    """Rates of each group of `column`, against its largest group.

    names: the declared groups; groups: (n,) int64, index into names; predicted: (n,) bool;
    labels: (n,) bool or None where outcomes are not known. None where fewer than two groups reach the
    floor. Raises LengthMismatchError where lengths differ.
    """
    if groups.shape != predicted.shape:
        raise LengthMismatchError(what="Groups and predictions", left=groups.size, right=predicted.size)
    shown, pooled = pool(names, groups, floor)
    kept = _rates(shown, predicted, labels, floor)
    if len(kept) < 2:
        return None
    reference = max(kept, key=lambda group: group.n)
    rows = [_against(group, reference) for group in kept]
    shares = [group.selected.value for group in kept]
    return Fairness(
        column=column,
        reference=reference.name,
        groups=rows,
        pooled=pooled,
        floor=floor,
        parity_span=round(max(shares) - min(shares), 6),
        lowest_ratio=round(min(shares) / max(shares), 6) if max(shares) > 0 else None,
        opportunity_span=_span([group.found for group in kept]),
        odds_span=_larger(
            _span([group.found for group in kept]), _span([group.false_alarm for group in kept])
        ),
        withheld=0
        if labels is None
        else sum(group.found is None or group.false_alarm is None for group in kept),
    )


def is_fair(ratio: float) -> bool:
    """The four-fifths rule, both ways."""
    return LOW <= ratio <= HIGH


def pool(names: Sequence[str], groups: Counts, floor: int) -> tuple[list[tuple[str, Bools]], int]:
    """The groups to show with their members, and how many declared groups were pooled into one."""
    sizes = np.bincount(groups, minlength=len(names))
    order = [int(code) for code in np.argsort(sizes, kind="stable") if sizes[code] > 0]
    small = [code for code in order if sizes[code] < floor]
    rest = order[len(small) :]
    while small and sizes[small].sum() < floor and rest:
        small.append(rest.pop(0))
    shown = [(names[code], groups == code) for code in sorted(rest)]
    if small and sizes[small].sum() >= floor:
        shown.append((f"pooled ({len(small)} groups)", np.isin(groups, small)))
    return shown, len(small)


def _rates(
    shown: Sequence[tuple[str, Bools]], predicted: Bools, labels: Bools | None, floor: int
) -> list[_Raw]:
    """The rates of each group that has records."""
    masks = [mask for _, mask in shown]
    nothing: list[Estimate | None] = [None] * len(masks)
    found = alarms = nothing
    if labels is not None:
        rates = [
            shares_of([mask & outcome for mask in masks], predicted, floor) for outcome in (labels, ~labels)
        ]
        told = [one is not None and two is not None for one, two in zip(*rates, strict=True)]
        found, alarms = (
            [rate if may else None for rate, may in zip(side, told, strict=True)] for side in rates
        )
    return [
        _Raw(name, int(mask.sum()), selected, hit, alarm)
        for (name, mask), hit, alarm in zip(shown, found, alarms, strict=True)
        if (selected := wilson(int(predicted[mask].sum()), int(mask.sum()))) is not None
    ]


def shares_of(masks: Sequence[Bools], predicted: Bools, floor: int) -> list[Estimate | None]:
    """The share predicted positive in each mask, None where it is withheld: under the floor, or so that
    the withheld ones together reach it."""
    sizes = np.array([int(mask.sum()) for mask in masks])
    hidden: list[int] = []
    for place in np.argsort(sizes, kind="stable"):
        if sizes[place] >= floor and (not hidden or sizes[hidden].sum() >= floor):
            break
        hidden.append(int(place))
    return [
        None if place in hidden else wilson(int(predicted[mask].sum()), int(mask.sum()))
        for place, mask in enumerate(masks)
    ]


def _against(group: _Raw, reference: _Raw) -> GroupRate:
    own = group is reference
    base = reference.selected.value
    found = None if own else _difference(group.found, reference.found)
    alarm = None if own else _difference(group.false_alarm, reference.false_alarm)
    return GroupRate(
        group=group.name,
        n=group.n,
        selected=group.selected,
        found=group.found,
        false_alarm=group.false_alarm,
        parity_difference=None if own else difference(group.selected, reference.selected),
        impact_ratio=None if own or base == 0 else round(group.selected.value / base, 6),
        opportunity_difference=found,
        odds_difference=_larger(abs(found.value) if found else None, abs(alarm.value) if alarm else None),
    )


def _difference(first: Estimate | None, second: Estimate | None) -> Estimate | None:
    return difference(first, second) if first is not None and second is not None else None


def _span(rates: Sequence[Estimate | None]) -> float | None:
    held = [rate.value for rate in rates if rate is not None]
    return round(max(held) - min(held), 6) if len(held) > 1 else None


def _larger(first: float | None, second: float | None) -> float | None:
    """None where either is not known: the larger of the two is then not known."""
    return None if first is None or second is None else max(first, second)
