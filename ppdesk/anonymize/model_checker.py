"""Check transformations under a quality model with settings (`formulas`, `column_formulas`).

For models and settings that the compiled loop does not have. By rank, columns' costs are compared from the
largest down; a value is then the place of these costs among the bounds of all transformations, and `key` has
the costs themselves.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import lattice
from ppdesk.anonymize.aggregate import Aggregate
from ppdesk.anonymize.column_formulas import column_formula
from ppdesk.anonymize.criteria.checker import CriteriaChecker
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.formulas import ClassSize, Formula, Made, class_formula
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel, combined
from ppdesk.anonymize.quality_names import (
    AGGREGATE,
    FACTOR,
    MONOTONE,
    SETTINGS,
    WEIGHTS,
    Quality,
    aggregated_by,
)

_PLAIN = (
    Quality.DISCERNIBILITY,
    Quality.AECS,
    Quality.PRECISION,
    Quality.HEIGHT,
    Quality.AMBIGUITY,
    Quality.ENTROPY,
)


def plain(quality: Quality, model: LossModel) -> bool:
    """Whether `Checker` or `quality.QualityChecker` have the model with these settings: loss but by maximum
    or rank, and some others with ARX's defaults."""
    has = SETTINGS[quality]
    by = aggregated_by(model.aggregate, quality)
    if quality is Quality.LOSS:
        return by not in {Aggregate.MAXIMUM, Aggregate.RANK}
    changed = {
        AGGREGATE: by is not aggregated_by(Aggregate.DEFAULT, quality),
        FACTOR: model.gs_factor != LossModel.gs_factor,
        WEIGHTS: len(set(model.weights.values()) | {1.0}) > 1,
        MONOTONE: model.monotone,
    }
    return quality in _PLAIN and not any(changed[name] for name in has & changed.keys())


class ModelChecker(CriteriaChecker):
    """Checks transformations under any quality model but the defaults of `quality.QualityChecker`."""

    compiled = False

    def __init__(
        self, frequencies: FrequencySet, k: int, limit: int, quality: Quality, columns: Sequence[str],
        *, needs: Requirements, model: LossModel,
    ) -> None:  # fmt: skip
        weights = model.weights if WEIGHTS in SETTINGS[quality] else {}
        told = model if quality is Quality.LOSS else LossModel(weights=weights)  # of the losses that are told
        super().__init__(frequencies, k, limit, told, columns, needs=needs)
        self.quality, self.by, self.slack = quality, aggregated_by(model.aggregate, quality), 1.0 - 1e-12
        self._weights = self.costs.weights
        self._each = column_formula(frequencies, limit, quality, model, self.costs)
        self._whole: Formula | None = None
        if self._each is None:
            self._whole = class_formula(frequencies, k, quality, model)
        self.bounds_above = self._whole is not None
        self.ranked = self._each is not None and self.by is Aggregate.RANK
        self._nodes: lattice.Lattice | None = None
        self._places = np.zeros((0, len(columns)))  # distinct bounds by rank, in order
        self._last: tuple[float, ...] = ()

    def begin(self, nodes: lattice.Lattice) -> None:
        """The bounds that hold before anything is checked."""
        self._nodes = nodes
        nodes.seen[:] = np.iinfo(np.int64).max  # `objective.bound` is of Loss alone
        nodes.least[:] = 0.0
        if self._each is None:
            return
        grids = np.empty((len(nodes.shape), *nodes.shape.tolist()))
        for d, (low, levels) in enumerate(zip(nodes.low.tolist(), nodes.shape.tolist(), strict=True)):
            shape = [1] * len(nodes.shape)
            shape[d] = levels
            grids[d] = (self._weights[d] * self._each.static[d, low : low + levels]).reshape(shape)
        columns = grids.reshape(len(nodes.shape), -1)
        if self.ranked:
            falling = -np.sort(-columns.T, axis=1)
            self._places, place = np.unique(falling, axis=0, return_inverse=True)
            nodes.least[:] = 2.0 * place.reshape(-1)
            return
        nodes.least[:] = self._combined(columns)

    def _combined(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """(nodes,) one value of (columns, nodes) weighted costs."""
        if self.by is Aggregate.GEOMETRIC_MEAN:
            return np.asarray(np.exp(np.log1p(costs).sum(axis=0) / len(costs)) - 1.0)
        if self.by is Aggregate.MAXIMUM:
            return np.asarray(costs.max(axis=0))
        total = np.asarray(costs.sum(axis=0))
        return total if self.by is Aggregate.SUM else total / len(costs)

    def learn(self, nodes: lattice.Lattice) -> None:
        """Nothing: bounds go by levels, and are raised by checks where classes are counted."""

    def check(self, levels: NDArray[np.int64]) -> tuple[int, int, float]:
        suppressed, floor, costs, above = self._price(levels)
        self.above = above * self.slack
        if above > 0 and self._nodes is not None:
            lattice.raise_above(self._nodes, levels, above)
        if costs is None:
            return suppressed, floor, np.inf
        return suppressed, floor, self._value(costs)

    def key(self, value: float) -> float | tuple[float, ...]:
        """What the last check is compared by."""
        return self._last if self.ranked else value

    def _value(self, costs: Sequence[float]) -> float:
        if self._each is None:
            return costs[0]
        if not self.ranked:
            return combined(costs, self._weights, self.by)
        self._last = self._falling(costs)
        return self._place(self._last)

    def _falling(self, costs: Sequence[float]) -> tuple[float, ...]:
        return tuple(sorted((self._weights * np.array(costs)).tolist(), reverse=True))

    def _place(self, falling: tuple[float, ...]) -> float:
        """Twice the number of bounds below, one more where no bound is the same."""
        low, high = 0, len(self._places)
        while low < high:
            middle = (low + high) // 2
            if tuple(self._places[middle].tolist()) < falling:
                low = middle + 1
            else:
                high = middle
        same = low < len(self._places) and tuple(self._places[low].tolist()) == falling
        return 2.0 * low if same else 2.0 * low - 1.0

    def _price(self, levels: NDArray[np.int64]) -> tuple[int, int, Sequence[float] | None, float]:
        """(suppressed records, at least suppressed when finer, costs per column or of the whole, None above
        the limit; bound of all that is more general, 0 where that is not known)."""
        codes, classes, hidden, floor = self._grouped(levels)
        complete = floor <= self.limit or not self._needs.each
        suppressed = int(classes.sums[hidden].sum()) if complete else floor
        within = complete and suppressed <= self.limit
        made = Made(levels, codes, classes, hidden, suppressed, self.frequencies.maps.at(levels))
        if self._whole is None:
            each = self._each.costs(made).tolist() if self._each is not None and within else None
            return suppressed, floor, each, 0.0
        if not complete and isinstance(self._whole, ClassSize):
            return suppressed, floor, None, 0.0  # not all that is suppressed is marked
        value, above = self._whole.price(made)
        return suppressed, floor, [value] if within else None, above

    def details(self, levels: NDArray[np.int64]) -> tuple[int, tuple[float, ...], float]:
        suppressed, losses, _ = super().details(levels)
        costs = self._price(levels)[2]
        return suppressed, losses, self._score(costs) if costs is not None else np.inf

    def _score(self, costs: Sequence[float]) -> float:
        return costs[0] if self._each is None else combined(costs, self._weights, self.by)

    def falling(self, levels: NDArray[np.int64]) -> tuple[float, ...]:
        """By rank, what is compared: the weighted costs of the columns, the largest first."""
        costs = self._price(levels)[2]
        return () if costs is None else self._falling(costs)

    def ceiling(self, best: float) -> float:
        return best * 2.0

    def least_when_suppressed(self, suppressed: int) -> float:
        if self._each is None:
            return 0.0
        costs = self._each.when(suppressed).tolist()
        if self.ranked:
            return self._place(self._falling([cost * self.slack for cost in costs]))
        return combined(costs, self._weights, self.by) * self.slack

    def least(self, levels: NDArray[np.int64], floor: int) -> float:
        if self._each is None:
            return 0.0
        static = self._each.static[np.arange(len(levels)), levels].tolist()
        found = combined(static, self._weights, self.by) * self.slack
        return found if self.ranked else max(found, self.least_when_suppressed(floor))

    def scored(self, value: float) -> float:
        if self.ranked and len(self._places):
            at = min(int(value + 1) // 2, len(self._places) - 1)
            return float(self._places[at][0])
        return value
