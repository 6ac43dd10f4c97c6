"""Check one transformation: group, find what k-anonymity suppresses, and what that costs.

A check starts from the smallest known class table that is finer than the transformation (roll-up), never
from the rows.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import grouping, lattice
from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.errors import NoSolutionError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel, costs
from ppdesk.anonymize.objective import GEOMETRIC, bound, column_loss, objective
from ppdesk.anonymize.quality_names import Quality, aggregated_by
from ppdesk.core.errors import CodedError

_MOST_TABLES = 1024
_KEEP_BELOW = 0.7  # a class table is kept when it has at most this share of the groups it was made from


class Checker:
    """Checks transformations of one frequency set under one k, limit (in records) and quality model."""

    compiled = True  # whether the compiled loop has the quality model

    def __init__(
        self, frequencies: FrequencySet, k: int, limit: int, model: LossModel, columns: Sequence[str]
    ) -> None:
        self.frequencies, self.k, self.limit = frequencies, k, limit
        self.bounds_above = False  # whether a check also bounds all that is more general,
        self.above = 0.0  # and the bound that the last check gave
        self.costs = costs(frequencies, model, columns)
        self.model = model
        # With whole-number costs bounds and values round alike; else a bound gives way by a hair.
        whole = self.costs.generalization == self.costs.suppression == 1.0
        self.slack = 1.0 if whole else 1.0 - 1e-12
        self._levels = np.zeros((_MOST_TABLES, len(columns)), np.int64)
        self._sizes = np.zeros(_MOST_TABLES, np.int64)
        self._sizes[0] = len(frequencies.counts)
        self._tables = [(frequencies.codes, frequencies.counts)]
        self._room = max(8 * len(frequencies.counts), 1_000_000)  # groups that kept tables may hold

    def begin(self, nodes: lattice.Lattice) -> None:
        """The bounds that hold before anything is checked."""
        lattice.initial_bounds(nodes, self.costs)

    def learn(self, nodes: lattice.Lattice) -> None:
        """Bounds after a check: of Loss, `lattice.pick` brings them up to date where that can matter."""

    def check(self, levels: NDArray[np.int64]) -> tuple[int, int, float]:
        """(suppressed records, records that it and every finer transformation suppress at least, value of
        the objective) of the transformation `levels`; infinity where it suppresses more than the limit."""
        suppressed, floor, kept, total = self._weigh(levels)
        if suppressed > self.limit:
            return suppressed, floor, math.inf
        return suppressed, floor, float(objective(kept, total, suppressed, self.costs))

    def key(self, value: float) -> float | tuple[float, ...]:
        """What the last check is compared by: its value, or more where that does not tell all apart."""
        return value

    def details(self, levels: NDArray[np.int64]) -> tuple[int, tuple[float, ...], float]:
        """(suppressed records, loss per column, score) of a transformation within the limit."""
        suppressed, _, kept, total = self._weigh(levels)
        losses = tuple(
            float(column_loss(part, whole, suppressed, domain, self.costs))
            for part, whole, domain in zip(kept, total, self.costs.domain, strict=True)
        )
        return suppressed, losses, self.model.score(losses, self.costs.weights)

    def refusal(self, suppressed: int, size: int) -> CodedError:  # noqa: ARG002
        """Why there is no solution: even the most general transformation suppresses so many records."""
        return NoSolutionError(
            k=self.k, limit=self.limit, suppressed=suppressed, records=self.frequencies.records,
            nearest_k=self.frequencies.records,
        )  # fmt: skip

    def ceiling(self, best: float) -> float:
        """Up to which bound a chain climbs: twice the best (a measured choice; any is right)."""
        return (best - 1.0) * 2.0 + 1.0 if self.costs.aggregate == GEOMETRIC else best * 2.0

    def least(self, levels: NDArray[np.int64], floor: int) -> float:
        """The least objective of `levels`, and of all that is more general, if each suppresses at least
        `floor` records."""
        return float(bound(levels, floor, self.costs)) * self.slack

    def scored(self, value: float) -> float:
        """The score of an objective, up to rounding."""
        if self.costs.aggregate == GEOMETRIC:
            return math.pow(max(0.0, value), 1.0 / len(self.costs.domain)) - 1.0
        if aggregated_by(self.model.aggregate, Quality.LOSS) is Aggregate.ARITHMETIC_MEAN:
            return value / len(self.costs.domain)
        return value

    def least_when_suppressed(self, suppressed: int) -> float:
        """The least objective of any transformation that suppresses so many records."""
        if self.costs.suppression != 1.0:
            return 0.0
        # kept records cost at least their own leaf, so every column loses at least suppressed / records
        kept = np.full(len(self.costs.domain), self.costs.records - suppressed, np.int64)
        return float(objective(kept, kept, suppressed, self.costs)) * self.slack

    def _weigh(self, levels: NDArray[np.int64]) -> tuple[int, int, NDArray[np.int64], NDArray[np.int64]]:
        """(suppressed records, at least suppressed when finer, (columns,) label weights summed over kept
        records, over all records)."""
        to = self.frequencies.maps.at(levels)
        codes, counts = self._tables[self._nearest(levels)]
        classes = grouping.regroup(codes, counts, to)
        suppressed, removed = grouping.weigh(codes, classes, self.k, self.limit, to)
        if self._worth(len(classes.first), codes.shape[1]):
            self._keep(levels, codes, classes)
        total = self._totals(levels)
        return int(suppressed), int(suppressed), total - removed, total

    def _totals(self, levels: NDArray[np.int64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self.costs.totals[np.arange(len(levels)), levels]
        return found

    def _nearest(self, levels: NDArray[np.int64]) -> int:
        """Number of the smallest kept table that is finer."""
        return int(grouping.nearest(self._levels, self._sizes, len(self._tables), levels))

    def _worth(self, groups: int, before: int) -> bool:
        """Whether a class table is kept."""
        return len(self._tables) < _MOST_TABLES and groups <= self._room and groups <= _KEEP_BELOW * before

    def _keep(self, levels: NDArray[np.int64], codes: NDArray[np.int32], classes: grouping.Classes) -> None:
        used, groups = len(self._tables), len(classes.first)
        self._levels[used], self._sizes[used] = levels, groups
        self._tables.append((grouping.gather(codes, classes.first), classes.sums))
        self._room -= groups
