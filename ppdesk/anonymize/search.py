"""The exact search: full-domain generalization with record suppression, k-anonymity, least loss.

Chains with a bisection for the border of what suppresses too much, as in Flash (Kohlmayer, Prasser et al.
2012), begun at the open node with the smallest lower bound. Nothing is left out without a reason: each
transformation is checked, or suppresses too much because a more general one does, or has a lower bound
that does not beat the best. Ties go to the smaller sum of levels, then to the first in column order.
"""

import bisect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.anonymize import lattice
from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.criteria.checker import CriteriaChecker
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.errors import LatticeTooLargeError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality import QualityChecker
from ppdesk.anonymize.quality_names import Quality
from ppdesk.core.errors import CancelledRunError

if TYPE_CHECKING:
    from ppdesk.anonymize.populations.judging import Populations

LARGEST_LATTICE = 10_000_000  # nodes; 25 bytes each are held while searching
_REPORT_EVERY = 32  # checks between two progress reports


@dataclass(frozen=True)
class Solution:
    """The optimum and its proof. `checked`, `suppress_too_much` and `bounded` add up to `lattice_size`."""

    levels: tuple[int, ...]  # per column, in the order of the hierarchies
    score: float
    losses: tuple[float, ...]
    suppressed: int  # records
    limit: int  # records that may be suppressed
    lattice_size: int
    checked: int
    suppress_too_much: int  # a checked, more general transformation proves it to suppress too many records
    bounded: int  # the least it can cost does not beat the optimum


def search(
    frequencies: FrequencySet,
    k: int,
    suppression_limit: float,
    model: LossModel,
    columns: Sequence[str],
    *,
    needs: Requirements | None = None,
    quality: Quality = Quality.LOSS,
    populations: "Populations | None" = None,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Solution:
    """The optimal transformation. At most floor(suppression_limit * records) records are suppressed.

    `needs` are models that each class must meet on sensitive attributes besides k-anonymity; a class that
    violates any is suppressed as a whole. A `quality` other than Loss is minimized instead of `model`.
    `populations` are models on the population and the whole sample, which suppress further classes.
    Raises NoSolutionError, NoProtectionError (proved: all transformations fail), LatticeTooLargeError,
    CancelledRunError, WeightsError.
    """
    size = math.prod(frequencies.maps.shape)
    if size > LARGEST_LATTICE:
        raise LatticeTooLargeError(size=size, limit=LARGEST_LATTICE)
    limit = math.floor(suppression_limit * frequencies.records)
    checker: Checker
    if populations is not None:
        from ppdesk.anonymize.populations.checker import checker as of_population

        checker = of_population(
            frequencies, k, limit, model, columns,
            needs=needs or Requirements(), quality=quality, populations=populations,
        )  # fmt: skip
    elif quality is not Quality.LOSS:
        checker = QualityChecker(frequencies, k, limit, quality, columns, needs=needs or Requirements())
    elif needs is None or not needs.each:
        checker = Checker(frequencies, k, limit, model, columns)
    else:
        checker = CriteriaChecker(frequencies, k, limit, model, columns, needs=needs)
    return _Search(checker, size, progress, cancelled).run()


class _Search:
    """The state of one search."""

    def __init__(
        self,
        checker: Checker,
        size: int,
        progress: Callable[[float, str], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._checker, self._limit, self._size = checker, checker.limit, size
        self._progress, self._cancelled = progress, cancelled
        shape = checker.frequencies.maps.shape
        self._lattice = lattice.Lattice(
            shape=np.array(shape, np.int64),
            strides=np.array([math.prod(shape[d + 1 :]) for d in range(len(shape))], np.int64),
            status=np.full(size, lattice.OPEN, np.uint8),
            floor=np.zeros(size, np.int64),
            seen=np.zeros(size, np.int64),
            least=np.empty(size, np.float64),
        )
        self._best = lattice.Best(math.inf, 0, -1)
        self._usable = checker.limit  # a node that suppresses more records than this cannot beat the best
        self._checked = 0

    def run(self) -> Solution:
        nodes, checker = self._lattice, self._checker
        checker.begin(nodes)
        self._check(self._size - 1)
        chain = np.empty(int(nodes.shape.sum()) + 1, np.int64)
        while True:
            start = lattice.pick(nodes, self._best, checker.slack, checker.costs)
            if start < 0 and self._best.node < 0:
                raise self._checker.refusal(int(self._lattice.floor[-1]), self._size)
            if start < 0:
                return self._solution()
            length = lattice.climb(nodes, start, checker.ceiling(self._best.value), chain)
            self._bisect(chain[:length].tolist())

    def _bisect(self, chain: Sequence[int]) -> None:
        """Check along the chain until the border between too much suppressed and not is known."""
        low, high = 0, len(chain) - 1
        while low <= high:
            middle = (low + high) // 2
            if self._check(chain[middle]):
                high = middle - 1
            else:
                low = middle + 1

    def _check(self, node: int) -> bool:
        """Check one node and learn from it. False where it, and all below it, suppress too much to win."""
        self._report()
        levels = np.empty(len(self._lattice.shape), np.int64)
        total = int(lattice.unravel(node, self._lattice.shape, levels))
        self._checked += 1
        self._lattice.status[node] = lattice.CHECKED
        suppressed, floor, value = self._checker.check(levels)
        within = suppressed <= self._limit
        if within and lattice.beats(value, total, node, self._best):
            self._best = lattice.Best(value, total, node)
            least = self._checker.least_when_suppressed
            self._usable = bisect.bisect_right(range(self._limit + 1), value, key=least) - 1
        lattice.mark_below(self._lattice, levels, floor, floor > self._limit)
        self._checker.learn(self._lattice)
        return suppressed <= self._usable

    def _report(self) -> None:
        if self._checked % _REPORT_EVERY == 0:
            if self._cancelled():
                raise CancelledRunError()
            closed = int(np.count_nonzero(self._lattice.status))
            self._progress(closed / self._size, f"{closed:,} of {self._size:,} transformations decided")

    def _solution(self) -> Solution:
        levels = np.empty(len(self._lattice.shape), np.int64)
        lattice.unravel(self._best.node, self._lattice.shape, levels)
        suppressed, losses, score = self._checker.details(levels)
        reasons = np.bincount(self._lattice.status, minlength=4)
        return Solution(
            levels=tuple(levels.tolist()),
            score=score,
            losses=losses,
            suppressed=suppressed,
            limit=self._limit,
            lattice_size=self._size,
            checked=int(reasons[lattice.CHECKED]),
            suppress_too_much=int(reasons[lattice.SUPPRESSES]),
            bounded=int(reasons[lattice.BOUNDED]),
        )
