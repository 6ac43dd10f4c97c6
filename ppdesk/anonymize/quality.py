"""Quality models beside Loss, as ARX 3.9.2 defines them, with the bounds that their search may prune by.

N records, S of them suppressed, k; classes E with |E| records after generalization. A general class is a
union of finer ones, so for a finer transformation f of g:

* a record's class is never smaller at g, and its label never covers less: the sums over all records of |E|
  (discernibility) and of the product of its labels' weights (ambiguity) at f bound both from below at g;
* each class that g keeps holds one that f keeps, or at least k records that f suppresses: AECS at g is at
  least N / (kept(f) + S(f) / k + 1);
* height, precision and the generalization's part of entropy follow from single columns, without grouping.

Below a checked transformation the suppressed records only become more (see `lattice.mark_below`), and what so
many cost at least bounds it too.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import lattice
from ppdesk.anonymize.criteria.checker import CriteriaChecker
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.criteria.rules import DISTINCT
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.grouping import Classes
from ppdesk.anonymize.loss import LossModel, tallies
from ppdesk.anonymize.quality_kernels import mixture, products, raise_below
from ppdesk.anonymize.quality_names import Quality


class QualityChecker(CriteriaChecker):
    """Checks transformations under a quality model other than Loss. Losses per column are still told.

    * discernibility: sum over kept classes |E|^2 + N S;
    * aecs: N / (kept classes + 1 if S > 0);
    * precision: mean over columns of ((N - S) level / highest level + S) / N;
    * height: sum of the levels;
    * ambiguity: sum over kept classes |E| * product of its labels' weights, + S * product of the domains;
    * non-uniform-entropy: sum over columns of -sum over all records log2(n(value) / n(label)) - sum over
      labels of suppressed records c log2(c / S), rounded down to ten decimals per column.
    """

    _lasting = True  # suppressed for k, a class is suppressed in any finer transformation, too

    def __init__(
        self, frequencies: FrequencySet, k: int, limit: int, quality: Quality, columns: Sequence[str],
        *, needs: Requirements,
    ) -> None:  # fmt: skip
        super().__init__(frequencies, k, limit, LossModel(), columns, needs=needs)
        self.bounds_above = quality in (Quality.DISCERNIBILITY, Quality.AECS, Quality.AMBIGUITY)
        # values of entropy are rounded down, bounds are not: by less than 1e-10 a column, and none is below 1
        rounded = 1e-10 * len(columns) if quality is Quality.ENTROPY else 0.0
        self.quality, self.slack = quality, 1.0 - 1e-12 - rounded
        maps = frequencies.maps
        self.lost = np.zeros(maps.starts.shape)  # (columns, levels) what generalizing costs in a column
        # precision in whole numbers, so that ties are exact: 1 is `_whole`
        step = math.lcm(*(max(1, levels - 1) for levels in maps.shape))
        self.whole = float(step * len(columns))
        tally = tallies(frequencies) if quality is Quality.ENTROPY else []
        for d, levels in enumerate(maps.shape):
            if quality is Quality.HEIGHT:
                self.lost[d, :levels] = np.arange(levels)
            elif quality is Quality.PRECISION:
                self.lost[d, :levels] = np.arange(levels) * (step // max(1, levels - 1))
            elif quality is Quality.ENTROPY:
                held = tally[d].astype(np.float64)
                self.lost[d, :levels] = [self._entropy(held, d, level) for level in range(levels)]
        self.domains = float(np.prod(maps.domain.astype(np.float64)))
        self._nodes: lattice.Lattice | None = None  # where bounds of all transformations are held

    def _entropy(self, held: NDArray[np.float64], column: int, level: int) -> float:
        """-sum over all records of log2(n(value) / n(label)), without the negative zero."""
        maps = self.frequencies.maps
        size = int(maps.domain[column])
        start = maps.starts[column, level]
        labels = maps.finest.maps[start : start + size]
        there = held > 0
        wide = np.bincount(labels, weights=held)[labels]
        return abs(float(-(held[there] * np.log2(held[there] / wide[there])).sum()))

    def begin(self, nodes: lattice.Lattice) -> None:
        """The bounds that hold before anything is checked."""
        grid = np.zeros(nodes.shape.tolist())
        for d, (low, levels) in enumerate(zip(nodes.low.tolist(), nodes.shape.tolist(), strict=True)):
            shape = [1] * grid.ndim
            shape[d] = levels
            grid += self.lost[d, low : low + levels].reshape(shape)
        self._static = grid.reshape(-1)
        scale = self.frequencies.records if self.quality is Quality.PRECISION else 1
        nodes.least[:] = self._static * scale
        nodes.seen[:] = np.iinfo(np.int64).max  # `objective.bound` is of Loss alone
        self._nodes, self._mixed = nodes, np.zeros(len(self._static))

    def learn(self, nodes: lattice.Lattice) -> None:
        """What the least number of suppressed records of each node costs at least."""
        if self.quality is Quality.HEIGHT:
            return
        found = self._at_least(self._static, nodes.floor)
        if self.quality is Quality.ENTROPY:
            found = found + self._mixed
        np.maximum(nodes.least, found, out=nodes.least)

    def least(self, levels: NDArray[np.int64], floor: int) -> float:
        static = self.lost[np.arange(len(levels)), levels].sum(keepdims=True)
        return float(self._at_least(static, np.array([floor], np.int64))[0]) * self.slack

    def scored(self, value: float) -> float:
        if self.quality is Quality.PRECISION:
            return value / (self.frequencies.records * self.whole)
        return value

    def _at_least(self, static: NDArray[np.float64], floor: NDArray[np.int64]) -> NDArray[np.float64]:
        """Bounds from what generalizing costs without suppression and the least number of suppressed records.
        All of them only grow with the levels."""
        records = self.frequencies.records
        if self.quality is Quality.PRECISION:
            return (records - floor) * static + floor * self.whole
        if self.quality is Quality.DISCERNIBILITY:
            return floor * float(records) + (records - floor) * float(min(self.k, records))
        if self.quality is Quality.AECS:
            # where nothing is possible the floor may be above all records
            classes = np.maximum(records - floor, 0) // self.k + 1
            return np.asarray(records / classes, np.float64)
        if self.quality is Quality.AMBIGUITY:
            return np.asarray(floor * self.domains + (records - floor), np.float64)
        return static

    def check(self, levels: NDArray[np.int64]) -> tuple[int, int, float]:
        suppressed, floor, value, above = self._price(levels)
        self.above = above * self.slack
        if above > 0 and self._nodes is not None:
            lattice.raise_above(self._nodes, levels, above)
        return suppressed, floor, value

    def details(self, levels: NDArray[np.int64]) -> tuple[int, tuple[float, ...], float]:
        suppressed, losses, _ = super().details(levels)
        score = self._price(levels)[2]
        return suppressed, losses, self.scored(score)

    def ceiling(self, best: float) -> float:
        return best * 2.0

    def least_when_suppressed(self, suppressed: int) -> float:  # noqa: ARG002
        return 0.0  # each node's own bound says it

    def _price(self, levels: NDArray[np.int64]) -> tuple[int, int, float, float]:
        """(suppressed records, at least suppressed when finer, value or infinity, bound of all that are more
        general)."""
        codes, classes, hidden, floor = self._grouped(levels)
        sums, records = classes.sums, self.frequencies.records
        complete = floor <= self.limit or not self._needs.each
        suppressed = int(sums[hidden].sum()) if complete else floor
        within = suppressed <= self.limit
        kept, some = len(sums) - int(np.count_nonzero(hidden)), int(suppressed > 0)
        if self.quality is Quality.DISCERNIBILITY:
            squares = sums * sums
            value = float(squares.sum() - squares[hidden].sum()) + float(records) * suppressed
            above = float(squares.sum())
        elif self.quality is Quality.AMBIGUITY:
            spread = sums * products(codes, classes.first, self.frequencies.maps.at(levels))
            value = float(spread[~hidden].sum()) + suppressed * self.domains
            above = float(spread.sum())
        elif self.quality is Quality.AECS:
            value = records / max(1, kept + some)
            above = records / (kept + suppressed // self.k + 1) if complete else 0.0
        elif self.quality is Quality.ENTROPY:
            value, above = self._entropies(levels, codes, classes, np.flatnonzero(hidden), within), 0.0
        else:
            lost = float(self.lost[np.arange(len(levels)), levels].sum())
            if self.quality is Quality.PRECISION:
                lost = (records - suppressed) * lost + suppressed * self.whole
            value, above = lost, 0.0
        return suppressed, floor, value if within else np.inf, above

    def _entropies(
        self, levels: NDArray[np.int64], codes: NDArray[np.int32], classes: Classes,
        chosen: NDArray[np.intp], within: bool,
    ) -> float:  # fmt: skip
        """Non-uniform entropy; and where all that is suppressed stays so when finer, what it costs there."""
        lasting = self._lasting and all(need.rule.kind == DISTINCT for need in self._needs.each)
        if not within:
            return np.inf
        mixed = mixture(codes, classes, chosen.astype(np.int32), self.frequencies.maps.at(levels))
        if lasting and len(chosen) and self._nodes is not None:
            raise_below(self._mixed, self._nodes.strides, levels - self._nodes.low, float(mixed.sum()))
        parts = self.lost[np.arange(len(levels)), levels] + mixed
        return float((np.floor(parts * 1e10) / 1e10).sum())
