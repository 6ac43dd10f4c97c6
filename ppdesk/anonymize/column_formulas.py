"""Quality models that cost each column by itself, as ARX 3.9.2 defines them, and their least costs.

N records, S of them suppressed; g and s the factors of what generalizing and suppressing cost. Where a column
has an attribute weight, and how columns become one, is said by `model_checker`. floor10 rounds down to ten
decimals. What a column costs without suppression only grows with its level, and bounds what it costs where a
suppressed record is never cheaper than a kept one; where s < 1 it may be, and both ends of the limit count.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.formulas import Made
from ppdesk.anonymize.frequency import FrequencySet, LevelMaps
from ppdesk.anonymize.loss import LossModel, tallies
from ppdesk.anonymize.objective import Costs, column_loss
from ppdesk.anonymize.quality_kernels import mixture
from ppdesk.anonymize.quality_names import Quality

_COLUMNS = NDArray[np.float64]


class ColumnFormula(Protocol):
    """`static` (columns, levels): the least that a level costs a column, whatever is suppressed."""

    static: NDArray[np.float64]

    def costs(self, made: Made) -> _COLUMNS:
        """(columns,) what the classes cost each column."""
        ...

    def when(self, suppressed: int) -> _COLUMNS:
        """(columns,) the least that any transformation costs that suppresses at least so many records."""
        ...


class Fixed:
    """Costs that go by the level alone: height, and the monotone variants of precision (g * level / highest
    level) and of non-uniform entropy (floor10 of g * its generalization part)."""

    def __init__(self, static: NDArray[np.float64]) -> None:
        self.static = static

    def costs(self, made: Made) -> _COLUMNS:
        found: _COLUMNS = self.static[np.arange(len(made.levels)), made.levels]
        return found

    def when(self, suppressed: int) -> _COLUMNS:  # noqa: ARG002
        return self.static[:, 0]


class Precision:
    """((N - S) * g * level / highest level + S * s) / N. Sweeney, 2002."""

    def __init__(self, maps: LevelMaps, records: int, limit: int, model: LossModel) -> None:
        self._records, self._levels = records, shares_of_height(maps)
        self._g, self._s = model.generalization_factor, model.suppression_factor
        self.static = np.minimum(self._cost(self._levels, 0), self._cost(self._levels, limit))

    def _cost(self, share: NDArray[np.float64], suppressed: int) -> NDArray[np.float64]:
        kept = (self._records - suppressed) * share * self._g
        return (kept + suppressed * self._s) / self._records

    def costs(self, made: Made) -> _COLUMNS:
        return self._cost(self._levels[np.arange(len(made.levels)), made.levels], made.suppressed)

    def when(self, suppressed: int) -> _COLUMNS:
        return self._cost(np.zeros(len(self._levels)), suppressed)


class Entropy:
    """floor10 of g * H + s * M, in the normalized variant over floor10 of its largest H.

    H = -sum over all records log2(n(value) / n(label)), M = -sum over the labels of the suppressed records
    c * log2(c / S). De Waal and Willenborg, 1999; Gionis and Tassa, 2009. A column of one value costs 0."""

    def __init__(self, frequencies: FrequencySet, model: LossModel, *, normalized: bool) -> None:
        self._lost = model.generalization_factor * generalized(frequencies)
        self._s = model.suppression_factor
        columns = np.arange(len(frequencies.maps.shape))
        self._most = np.ones(len(columns))
        if normalized:
            self._lost, self._s = generalized(frequencies), 1.0
            self._most = floor10(largest(frequencies))
            self._most[self._most == 0] = np.inf
        self.static = floor10(self._lost) / self._most[:, None]

    def costs(self, made: Made) -> _COLUMNS:
        chosen = np.flatnonzero(made.hidden).astype(np.int32)
        lost = self._lost[np.arange(len(made.levels)), made.levels]
        if len(chosen):
            lost = lost + self._s * mixture(made.codes, made.classes, chosen, made.to)
        return floor10(lost) / self._most

    def when(self, suppressed: int) -> _COLUMNS:  # noqa: ARG002
        return self.static[:, 0]


class Loss:
    """The losses of `objective`, for aggregates that one number cannot hold."""

    def __init__(self, maps: LevelMaps, costs: Costs) -> None:
        self._costs = costs
        self.static = np.zeros(costs.totals.shape)
        for d, levels in enumerate(maps.shape):
            for level in range(levels):
                total = costs.totals[d, level]
                self.static[d, level] = column_loss(total, total, 0, costs.domain[d], costs)
        if costs.suppression != 1.0:  # a suppressed record costs at least its generalized share
            self.static *= 1.0 - 1e-12

    def costs(self, made: Made) -> _COLUMNS:
        from ppdesk.anonymize.grouping import weigh_all

        chosen = np.flatnonzero(made.hidden).astype(np.int32)
        removed = weigh_all(made.codes, made.classes, chosen, made.suppressed, made.to)
        totals = self._costs.totals[np.arange(len(made.levels)), made.levels]
        return np.array(
            [
                column_loss(total - gone, total, made.suppressed, domain, self._costs)
                for total, gone, domain in zip(totals, removed, self._costs.domain, strict=True)
            ]
        )

    def when(self, suppressed: int) -> _COLUMNS:
        if self._costs.suppression != 1.0:
            return np.zeros(len(self.static))
        kept = self._costs.records - suppressed  # a kept record costs at least its own leaf
        return np.array(
            [column_loss(kept, kept, suppressed, domain, self._costs) for domain in self._costs.domain]
        )


def floor10(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rounded down to ten decimals, as ARX does."""
    found: NDArray[np.float64] = np.floor(values * 1e10) / 1e10
    return found


def shares_of_height(maps: LevelMaps) -> NDArray[np.float64]:
    """(columns, levels) float64: level / highest level, 0 where there is one level."""
    found = np.zeros(maps.starts.shape)
    for d, levels in enumerate(maps.shape):
        found[d, :levels] = np.arange(levels) / max(1, levels - 1)
    return found


def generalized(frequencies: FrequencySet) -> NDArray[np.float64]:
    """(columns, levels) float64: -sum over all records of log2(n(value) / n(label))."""
    maps = frequencies.maps
    found = np.zeros(maps.starts.shape)
    for d, records in enumerate(tallies(frequencies)):
        held, size = records.astype(np.float64), int(maps.domain[d])
        there = held > 0
        for level in range(maps.shape[d]):
            start = maps.starts[d, level]
            labels = maps.finest.maps[start : start + size]
            wide = np.bincount(labels, weights=held)[labels]
            found[d, level] = abs(float(-(held[there] * np.log2(held[there] / wide[there])).sum()))
    return found


def largest(frequencies: FrequencySet) -> _COLUMNS:
    """(columns,) float64: the same with all records under one label."""
    found = []
    for records in tallies(frequencies):
        held = records[records > 0].astype(np.float64)
        found.append(abs(float(-(held * np.log2(held / frequencies.records)).sum())))
    return np.array(found)


def column_formula(
    frequencies: FrequencySet, limit: int, quality: Quality, model: LossModel, costs: Costs
) -> ColumnFormula | None:
    """The formula of a quality model that costs each column by itself; None for the others."""
    maps = frequencies.maps
    found: ColumnFormula | None = None
    match quality:
        case Quality.LOSS:
            found = Loss(maps, costs)
        case Quality.HEIGHT:
            found = Fixed(np.zeros(maps.starts.shape) + np.arange(maps.starts.shape[1]))
        case Quality.PRECISION if model.monotone:
            found = Fixed(model.generalization_factor * shares_of_height(maps))
        case Quality.PRECISION:
            found = Precision(maps, frequencies.records, limit, model)
        case Quality.ENTROPY if model.monotone:
            found = Fixed(floor10(model.generalization_factor * generalized(frequencies)))
        case Quality.ENTROPY | Quality.NORMALIZED_ENTROPY:
            found = Entropy(frequencies, model, normalized=quality is Quality.NORMALIZED_ENTROPY)
    return found
