"""Where there is no solution: the nearest k and the nearest suppression limit that would do, with a proof.

The fewest records that any allowed transformation suppresses are searched for with the same boxes: `high` of
a box makes certain how many each transformation in it suppresses at least. For k-anonymity alone the most
general transformation suppresses the fewest, and both answers are exact at once. With other models a more
general transformation may suppress more; then the answer may be a range, and it is told as one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.grouping import regroup
from ppdesk.anonymize.heuristics.boxes import Boxes
from ppdesk.anonymize.heuristics.explorer import Explorer, Levels, Limits, StopSearchError
from ppdesk.anonymize.heuristics.problem import Problem

_STEPS, _SECONDS = 400, 3.0  # for each question; a range is told where that is not enough


class _Fewest:
    """Minimizes the suppressed records. Nothing suppresses too much."""

    bounds_above, above = False, 0.0

    def __init__(self, inner: Checker) -> None:
        self._inner, self.limit = inner, inner.limit

    def check(self, levels: NDArray[np.int64], /) -> tuple[int, int, float]:
        suppressed, floor, _ = self._inner.check(levels)
        return suppressed, floor, float(suppressed)

    def least(self, levels: NDArray[np.int64], floor: int, /) -> float:  # noqa: ARG002
        return float(floor)

    def scored(self, value: float, /) -> float:
        return value


@dataclass(frozen=True)
class Nearest:
    """`k`: the largest that would do with the same limit, None where no k was found to do; proved where
    `k_proved`. `suppressed`: so many records suffice as limit; at least `needed` are, proved."""

    k: int | None
    k_proved: bool
    suppressed: int
    needed: int
    records: int

    @property
    def words(self) -> str:
        """One or two sentences."""
        if self.k is not None and self.k > 1:
            first = f"k = {self.k}" + ("" if self.k_proved else " (perhaps a larger one)")
        else:
            first = "no k above 1" if self.k_proved else "no k was found"
        share = self._share(self.suppressed)
        if self.needed >= self.suppressed:
            return f"Nearest achievable: {first}, or a suppression limit of {share}."
        return (
            f"Nearest achievable: {first}, or a suppression limit of {share}; less than"
            f" {self._share(self.needed)} is proved not to do."
        )

    def _share(self, suppressed: int) -> str:
        # rounded up: the limit in records is rounded down
        share = -(-suppressed * 10_000 // self.records) / 100
        return f"{share:g} % ({suppressed:,} of {self.records:,} records)"


def nearest(problem: Problem, low: Levels, high: Levels, cancelled: Callable[[], bool]) -> Nearest:
    """What would do between `low` and `high`. CancelledRunError."""
    if problem.monotone:
        fewest, _, _ = problem.checker(limit=problem.records).check(np.array(high, np.int64))
        return Nearest(_largest_k(problem, high), True, fewest, fewest, problem.records)
    found, needed = _fewest(problem, problem.k, (low, high), None, cancelled)
    best, least, most, proved = None, 1, problem.k - 1, True
    while least <= most:
        middle = (least + most) // 2
        fewest, bound = _fewest(problem, middle, (low, high), problem.limit, cancelled)
        if fewest <= problem.limit:
            best, least = middle, middle + 1
        else:
            proved = proved and bound > problem.limit
            most = middle - 1
    return Nearest(best, proved, found, needed, problem.records)


def _fewest(
    problem: Problem, k: int, box: tuple[Levels, Levels], enough: int | None, cancelled: Callable[[], bool]
) -> tuple[int, int]:
    """(the fewest suppressed records that were found, no transformation suppresses fewer). It ends as soon
    as it is known on which side of `enough` they lie."""
    checker = _Fewest(problem.checker(k=k, limit=problem.records))
    explorer = Explorer(checker, *box, limits=Limits(_STEPS, _SECONDS), cancelled=cancelled)
    boxes = Boxes(explorer)
    try:
        boxes.begin()
        while not boxes.done and boxes.bound < explorer.value:
            if enough is not None and (explorer.value <= enough or boxes.bound > enough):
                break
            boxes.cut()
    except StopSearchError:
        pass
    return int(explorer.value), int(boxes.bound)


def _largest_k(problem: Problem, high: Levels) -> int:
    """The largest k that the most general transformation meets within the limit."""
    frequencies = problem.frequencies
    to = frequencies.maps.at(np.array(high, np.int64))
    sizes = np.sort(regroup(frequencies.codes, frequencies.counts, to).sums)
    too_many = np.flatnonzero(np.cumsum(sizes) > problem.limit)
    return int(sizes[too_many[0]]) if len(too_many) else problem.records
