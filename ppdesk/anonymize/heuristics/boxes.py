"""The proof: boxes of transformations that have not been decided yet, each with the least it can cost.

A box is all transformations between `low` and `high`. The most general one, `high`, is checked. Whatever is
in the box suppresses at least what `high` makes certain, and loses at least what `low` loses: both give the
bound of the box (branch and bound, Land and Doig 1960; bounds as in Kohlmayer, Prasser et al., Flash, 2012).
Where a check of `low` bounds all that is more general, as for classes' sizes, it is made, too. A box is cut
in two at a level of one column; the upper half keeps its `high`, so that a cut takes one check. Boxes never
overlap, and together with those that are decided they are the whole lattice.
"""

import heapq
import math
from itertools import count

from ppdesk.anonymize.heuristics.explorer import Explorer, Levels


def volume(low: Levels, high: Levels) -> int:
    """How many transformations a box has."""
    return math.prod(top - bottom + 1 for bottom, top in zip(low, high, strict=True))


def _with(levels: Levels, column: int, level: int) -> Levels:
    return (*levels[:column], level, *levels[column + 1 :])


class Boxes:
    """A partition of what an explorer may take, and what of it is decided. The counts are transformations."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._open: list[tuple[float, int, Levels, Levels, int]] = []
        self._number = count()
        self.failed = 0  # suppress too much: proved
        self.beaten = 0  # cannot cost less than the best: proved
        self.settled = 0  # checked one by one
        explorer.look(explorer.high)
        self.low = explorer.low

    def begin(self) -> None:
        """How far each column must be generalized at least, by bisection with all others at the top."""
        explorer, limit = self._explorer, self._explorer.checker.limit
        high = explorer.high
        floor = explorer.look(high).floor
        if floor > limit:
            self.failed = volume(explorer.low, high)
            return
        whole = (explorer.low, high, floor)
        try:
            for column, top in enumerate(high):
                least, most = self.low[column], top
                while least < most:
                    middle = (least + most) // 2
                    if explorer.look(_with(high, column, middle)).floor > limit:
                        least = middle + 1
                    else:
                        most = middle
                self.low = _with(self.low, column, least)
        finally:  # also where a limit was reached on the way
            self.failed = volume(whole[0], high) - volume(self.low, high)
            self._push(-math.inf, self.low, high, floor)
        explorer.look(self.low)  # all others roll up from here

    @property
    def done(self) -> bool:
        """Whether all is decided."""
        while self._open and self._explorer.hopeless(self._open[0][0], self._open[0][2]):
            _, _, low, high, _ = heapq.heappop(self._open)
            self.beaten += volume(low, high)
        return not self._open

    @property
    def bound(self) -> float:
        """No transformation costs less: the smallest bound of an open box, or the best itself."""
        return min([self._explorer.value, *(box[0] for box in self._open[:1])])

    @property
    def undecided(self) -> int:
        return sum(volume(low, high) for _, _, low, high, _ in self._open)

    def cut(self) -> None:
        """Decide or halve the open box with the smallest bound."""
        if self.done:
            return
        explorer = self._explorer
        box = bound, _, low, high, floor = heapq.heappop(self._open)
        try:
            explorer.pulse()
            columns = [column for column in range(len(low)) if low[column] < high[column]]
            if not columns:
                self.settled += 1
                return
            uppers = {column: _with(low, column, high[column]) for column in columns}
            bounds = {column: explorer.least(upper, floor) for column, upper in uppers.items()}
            column = max(columns, key=lambda one: (bounds[one], -one))
            lower = _with(high, column, high[column] - 1)
            fails = explorer.fails(lower)
            below = 0 if fails else explorer.look(lower).floor
            if explorer.checker.bounds_above:
                explorer.look(uppers[column])
        except BaseException:
            heapq.heappush(self._open, box)
            raise
        if fails or below > explorer.checker.limit:
            self.failed += volume(low, lower)
        else:
            self._push(bound, low, lower, below)
        self._push(max(bound, bounds[column]), uppers[column], high, floor)

    def _push(self, bound: float, low: Levels, high: Levels, floor: int) -> None:
        found = max(bound, self._explorer.least(low, floor))
        if self._explorer.hopeless(found, low):
            self.beaten += volume(low, high)
        else:
            heapq.heappush(self._open, (found, next(self._number), low, high, floor))
