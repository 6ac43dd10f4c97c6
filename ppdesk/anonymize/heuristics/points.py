"""The lattice for a screen: a bounded number of transformations, each with what is known of it and why.

Scores and counts of suppressed records are told only for transformations that were checked. For all others
the bound is told: no such transformation has a smaller score.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import lattice
from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.heuristics.explorer import Levels, Seen
from ppdesk.core.said import said

MOST = 2000  # transformations that are told
_CHECK_GROUPS = 4_000_000  # groups that are grouped again to have scores, where a search kept none

BEST, ALTERNATIVE, MEETS, FAILS = "best", "alternative", "meets", "fails"
IMPLIED, BEATEN, OPEN = "implied", "beaten", "open"
REASONS: Mapping[str, str] = {
    BEST: said("The one that was taken."),
    ALTERNATIVE: said("One of the next best."),
    MEETS: said("Checked: it is within the suppression limit, and not among the best."),
    FAILS: said("Checked: it suppresses more records than the limit allows."),
    IMPLIED: said(
        "Proved, not checked: a more general transformation makes certain that it suppresses too many."
    ),
    BEATEN: said("Proved or checked: it cannot come before the best."),
    OPEN: said("Not decided when the search ended."),
}
_STATUS = {lattice.OPEN: OPEN, lattice.SUPPRESSES: IMPLIED, lattice.BOUNDED: BEATEN, lattice.CHECKED: BEATEN}


@dataclass(frozen=True)
class Point:
    """A transformation: what became of it (a key of REASONS), its score and suppressed records where it was
    checked, and the least score that it can have."""

    levels: Levels
    status: str
    score: float | None
    suppressed: int | None
    bound: float


def _spread(count: int, most: int) -> NDArray[np.int64]:
    """At most `most` places of `count`, evenly spread."""
    found: NDArray[np.int64] = np.unique(np.linspace(0, max(0, count - 1), min(count, most)).astype(np.int64))
    return found[:count]


def of_statuses(
    checker: Checker, box: Sequence[tuple[int, int]], statuses: NDArray[np.uint8], named: Sequence[Levels]
) -> list[Point]:
    """Points of an exact search: all, or evenly spread ones with all checked ones first. `named` are the best
    and the alternatives."""
    shape = tuple(high - low + 1 for low, high in box)
    low = tuple(one for one, _ in box)
    checked = np.flatnonzero(statuses == lattice.CHECKED)
    others = np.flatnonzero(statuses != lattice.CHECKED)
    if len(statuses) > MOST:
        checked = checked[_spread(len(checked), MOST * 3 // 4)]
        others = others[_spread(len(others), MOST // 4)]
    again = _spread(len(checked), _CHECK_GROUPS // max(1, len(checker.frequencies.counts)))
    rechecked = set(checked[again].tolist()) if len(checked) else set()
    found = {}
    for node in sorted([*checked.tolist(), *others.tolist()]):
        levels = _levels(node, shape, low)
        seen = None
        if node in rechecked:
            seen = Seen(*checker.check(np.array(levels, np.int64)), 0.0)
        found[levels] = _point(checker, levels, seen, _STATUS[int(statuses[node])])
    return _marked(checker, found, named)


def of_seen(
    checker: Checker, seen: Mapping[Levels, Seen], low: Levels, high: Levels, named: Sequence[Levels],
    *, optimal: bool,
) -> list[Point]:  # fmt: skip
    """Points of a heuristic: what it checked, evenly spread over its course; of a small lattice the rest."""
    keys = list(seen)
    found = {}
    for place in _spread(len(keys), MOST).tolist():
        found[keys[place]] = _point(checker, keys[place], seen[keys[place]], OPEN)
    shape = tuple(top - bottom + 1 for bottom, top in zip(low, high, strict=True))
    size = int(np.prod([float(one) for one in shape]))
    for node in range(size if size <= MOST else 0):
        levels = _levels(node, shape, low)
        if levels not in found:
            found[levels] = _point(checker, levels, None, BEATEN if optimal else OPEN)
    return _marked(checker, found, named)


def _levels(node: int, shape: Sequence[int], low: Levels) -> Levels:
    found = []
    for size, bottom in zip(reversed(shape), reversed(low), strict=True):
        found.append(bottom + node % size)
        node //= size
    return tuple(reversed(found))


def _point(checker: Checker, levels: Levels, seen: Seen | None, status: str) -> Point:
    bound = checker.scored(checker.least(np.array(levels, np.int64), 0))
    if seen is None:
        return Point(levels, status, None, None, bound)
    if seen.suppressed > checker.limit:
        return Point(levels, FAILS, None, seen.suppressed, bound)
    score = checker.scored(seen.value)
    return Point(levels, MEETS, score, seen.suppressed, score)


def _marked(checker: Checker, found: dict[Levels, Point], named: Iterable[Levels]) -> list[Point]:
    for place, levels in enumerate(named):
        seen = Seen(*checker.check(np.array(levels, np.int64)), 0.0)
        score = checker.scored(seen.value)
        status = ALTERNATIVE if place else BEST
        found[levels] = Point(levels, status, score, seen.suppressed, score)
    return [found[levels] for levels in sorted(found)]
