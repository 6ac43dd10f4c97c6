"""Whether predictions treat the groups of a declared column alike.

Demographic parity and disparate impact: Feldman et al. 2015 (KDD), with the four-fifths rule of the US
Uniform Guidelines, 29 CFR 1607.4(D), read both ways: a ratio under 0.80 or over 1.25 is unlike.
Equal opportunity and equalized odds: Hardt, Price and Srebro 2016 (NeurIPS).

No group under the floor is shown. Small groups are pooled; if the pool is still too small, the next
smallest group joins it, so that nothing can be found by subtracting the shown from the total.
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
    shown, pooled = _pool(names, groups, floor)
    raw = [_rates(name, mask, predicted, labels) for name, mask in shown]
    kept = [group for group in raw if group is not None]
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
    )


def is_fair(ratio: float) -> bool:
    """The four-fifths rule, both ways."""
    return LOW <= ratio <= HIGH


def _pool(names: Sequence[str], groups: Counts, floor: int) -> tuple[list[tuple[str, Bools]], int]:
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


def _rates(name: str, mask: Bools, predicted: Bools, labels: Bools | None) -> _Raw | None:
    selected = wilson(int(predicted[mask].sum()), int(mask.sum()))
    if selected is None:
        return None
    found = false_alarm = None
    if labels is not None:
        truth, said = labels[mask], predicted[mask]
        found = wilson(int(said[truth].sum()), int(truth.sum()))
        false_alarm = wilson(int(said[~truth].sum()), int((~truth).sum()))
    return _Raw(name, int(mask.sum()), selected, found, false_alarm)


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
    held = [value for value in (first, second) if value is not None]
    return max(held) if held else None
