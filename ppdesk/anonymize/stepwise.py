"""The search loop in Python, for any checker: what the compiled loop (`exploring`) cannot take.

Chains with a bisection for the border of what suppresses too much, as in Flash (Kohlmayer, Prasser et al.
2012), begun at the open node with the smallest lower bound.
"""

import bisect
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ppdesk.anonymize import lattice
from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.solution import Found, State
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said

_REPORT_EVERY = 32  # checks between two progress reports


class Stepwise:
    """The state of one search. `keep` as in `search`, `seconds` from now on."""

    def __init__(
        self,
        checker: Checker,
        box: Sequence[tuple[int, int]],
        *,
        keep: int,
        seconds: float,
        progress: Callable[[float, str], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._checker, self._limit, self._keep = checker, checker.limit, keep
        self._progress, self._cancelled = progress, cancelled
        self._until = time.monotonic() + seconds
        shape = [high - low + 1 for low, high in box]
        self._size = math.prod(shape)
        self._lattice = lattice.Lattice(
            low=np.array([low for low, _ in box], np.int64),
            shape=np.array(shape, np.int64),
            strides=np.array([math.prod(shape[d + 1 :]) for d in range(len(shape))], np.int64),
            status=np.full(self._size, lattice.OPEN, np.uint8),
            floor=np.zeros(self._size, np.int64),
            seen=np.zeros(self._size, np.int64),
            least=np.empty(self._size, np.float64),
        )
        self._found: list[tuple[Any, int, int, float]] = []  # (key, total, node, value), the best first
        self._last = lattice.Best(math.inf, 0, -1)  # of those to keep
        self._usable = checker.limit  # a node that suppresses more records than this cannot beat the last
        self._checked = 0

    def run(self) -> State:
        """Search to the end, or until time is up."""
        nodes, checker = self._lattice, self._checker
        checker.begin(nodes)
        self._check(self._size - 1)
        chain = np.empty(int(nodes.shape.sum()) + 1, np.int64)
        while time.monotonic() < self._until:
            start = lattice.pick(nodes, self._last, checker.slack, checker.costs)
            if start < 0:
                break
            length = lattice.climb(nodes, start, checker.ceiling(self._last.value), chain)
            self._bisect(chain[:length].tolist())
        found = []
        for _, _, node, value in self._found:
            levels = np.empty(len(nodes.shape), np.int64)
            lattice.unravel(node, nodes, levels)
            suppressed, losses, score = checker.details(levels)
            found.append(Found(tuple(levels.tolist()), value, score, losses, suppressed))
        still = nodes.status == lattice.OPEN
        least = float(nodes.least[still].min()) if still.any() else math.inf
        return State(tuple(found), nodes.status, least * checker.slack, int(nodes.floor[-1]))

    def _bisect(self, chain: Sequence[int]) -> None:
        """Check along the chain until the border between too much suppressed and not is known."""
        low, high = 0, len(chain) - 1
        while low <= high and time.monotonic() < self._until:
            middle = (low + high) // 2
            if self._check(chain[middle]):
                high = middle - 1
            else:
                low = middle + 1

    def _check(self, node: int) -> bool:
        """Check one node and learn from it. False where it, and all below it, suppress too much to win."""
        self._report()
        levels = np.empty(len(self._lattice.shape), np.int64)
        total = int(lattice.unravel(node, self._lattice, levels))
        self._checked += 1
        self._lattice.status[node] = lattice.CHECKED
        suppressed, floor, value = self._checker.check(levels)
        within = suppressed <= self._limit and value < math.inf
        if within and self._beats(one := (self._checker.key(value), total, node, value)):
            bisect.insort(self._found, one)
            del self._found[self._keep :]
            if len(self._found) == self._keep:
                _, total, last, value = self._found[-1]
                self._last = lattice.Best(value, total, last)
                least = self._checker.least_when_suppressed
                usable = bisect.bisect_right(range(self._limit + 1), self._last.value, key=least)
                self._usable = usable - 1
        lattice.mark_below(self._lattice, levels, floor, floor > self._limit)
        self._checker.learn(self._lattice)
        return suppressed <= self._usable

    def _beats(self, one: tuple[Any, int, int, float]) -> bool:
        """Whether it is one of those to keep."""
        return len(self._found) < self._keep or one < self._found[-1]

    def _report(self) -> None:
        if self._checked % _REPORT_EVERY == 0:
            if self._cancelled():
                raise CancelledRunError()
            closed = int(np.count_nonzero(self._lattice.status))
            told = said("{closed:,} of {size:,} transformations decided", closed=closed, size=self._size)
            self._progress(closed / self._size, told)
