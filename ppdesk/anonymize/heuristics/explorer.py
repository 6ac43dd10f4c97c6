"""What all heuristics share: checks of single transformations, the best of them, and when to stop.

Nothing here is as large as the lattice: only transformations that were checked are held.
"""

import bisect
import math
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said

Levels = tuple[int, ...]
_REPORT_EVERY = 32  # checks between two progress reports


class Seen(NamedTuple):
    """What a check found: suppressed records, records that each finer transformation suppresses at least, the
    objective (infinity above the suppression limit), and the least objective of all that is more general (0
    where that is not known)."""

    suppressed: int
    floor: int
    value: float
    above: float


class Checks(Protocol):
    """What a search asks of a checker; see `Checker`."""

    limit: int
    bounds_above: bool
    above: float

    def check(self, levels: NDArray[np.int64], /) -> tuple[int, int, float]: ...

    def least(self, levels: NDArray[np.int64], floor: int, /) -> float: ...

    def scored(self, value: float, /) -> float: ...


class Candidate(NamedTuple):
    """A transformation within the limit. The smaller is the better, as in the exact search."""

    value: float
    total: int  # sum of levels
    levels: Levels
    suppressed: int


class Limits(NamedTuple):
    """When a search stops, proved or not: after so many checks, or seconds; None: never for that."""

    steps: int | None = None
    seconds: float | None = None


class StopSearchError(Exception):
    """A limit was reached, or nothing is left to find. Never leaves this room."""


class Explorer:
    """Checks transformations within `low` and `high` (levels per column) and remembers what it saw."""

    def __init__(
        self,
        checker: Checks,
        low: Levels,
        high: Levels,
        *,
        limits: Limits,
        keep: int = 1,
        prove: int = 1,
        progress: Callable[[float, str], None] = lambda _share, _what: None,
        cancelled: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.checker, self.low, self.high = checker, low, high
        self.seen: dict[Levels, Seen] = {}
        self.best: list[Candidate] = []  # the `keep` best, best first
        self.ended = ""  # which limit ended the search, in words
        self.after_check: Callable[[], None] = lambda: None
        self._keep, self._prove, self._limits = max(keep, prove), prove, limits
        self._progress, self._cancelled, self._now = progress, cancelled, now
        self._began = now()
        self._failed = np.empty((64, len(low)), np.int64)  # suppress too much, and so does all that is finer
        self._failures = 0

    @property
    def value(self) -> float:
        """The best objective so far."""
        return self.best[0].value if self.best else math.inf

    def least(self, levels: Levels, floor: int) -> float:
        """The least objective of `levels` and all that is more general, if each suppresses at least `floor`
        records."""
        found = self.checker.least(np.array(levels, np.int64), floor)
        if self.checker.bounds_above and levels in self.seen:
            return max(found, self.seen[levels].above)
        return found

    def hopeless(self, bound: float, levels: Levels) -> bool:
        """Whether no transformation at or above `levels`, none of which costs less than `bound`, comes before
        the best, or before the last of those that are to be proved."""
        if len(self.best) < self._prove:
            return False
        last = self.best[self._prove - 1]
        return (bound, sum(levels), levels) >= (last.value, last.total, last.levels)

    def fails(self, levels: Levels) -> bool:
        """Whether `levels` and all that is finer are known to suppress too much."""
        known = self._failed[: self._failures]
        return bool((known >= np.array(levels, np.int64)).all(axis=1).any())

    def look(self, levels: Levels) -> Seen:
        """Check a transformation, once. StopSearchError where a limit is reached."""
        found = self.seen.get(levels)
        if found is not None:
            return found
        self.pulse()
        found = Seen(*self.checker.check(np.array(levels, np.int64)), self.checker.above)
        self.seen[levels] = found
        if found.floor > self.checker.limit:
            self._remember_failure(levels)
        if found.suppressed <= self.checker.limit and math.isfinite(found.value):
            bisect.insort(self.best, Candidate(found.value, sum(levels), levels, found.suppressed))
            del self.best[self._keep :]
        self.after_check()
        return found

    def pulse(self) -> None:
        """Report, and stop where it is time. The first check of all is always made."""
        count = len(self.seen)
        if not count:
            return
        if count % _REPORT_EVERY == 0 and self._cancelled():
            raise CancelledRunError()
        spent = self._now() - self._began
        shares = [0.0]
        if self._limits.steps is not None:
            shares.append(count / self._limits.steps)
            if count >= self._limits.steps:
                self.ended = said("the limit of {steps:,} checks", steps=self._limits.steps)
                raise StopSearchError
        if self._limits.seconds is not None:
            shares.append(spent / self._limits.seconds)
            if spent >= self._limits.seconds:
                self.ended = said("the time limit of {seconds:g} s", seconds=self._limits.seconds)
                raise StopSearchError
        if count % _REPORT_EVERY == 0:
            told = (
                said(
                    "{count:,} transformations checked, best score {score:.4g}",
                    count=count,
                    score=self.checker.scored(self.value),
                )
                if self.best
                else said("{count:,} transformations checked", count=count)
            )
            self._progress(min(1.0, max(shares)), told)

    def _remember_failure(self, levels: Levels) -> None:
        one: NDArray[np.int64] = np.array(levels, np.int64)
        known = self._failed[: self._failures]
        rest = known[~(known <= one).all(axis=1)]  # what the new one implies
        if len(rest) == len(self._failed):
            self._failed = np.concatenate([rest, np.empty_like(rest)])
        self._failed[: len(rest)] = rest
        self._failed[len(rest)] = one
        self._failures = len(rest) + 1
