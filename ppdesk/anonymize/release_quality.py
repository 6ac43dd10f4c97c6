"""How good a release is by several measures, whatever was minimized: 1 is the input, 0 keeps nothing.

As in ARX's table of quality models (aggregates.quality), from the frequency set and the classes of the
release. A measure is 1 - (value - least) / (most - least), of a column or of the whole; where nothing can be
lost, all is kept. ARX also takes records whose every value became * for suppressed; here they are not.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.apply import Classes
from ppdesk.anonymize.column_formulas import generalized, largest, shares_of_height
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.hierarchies import Hierarchy

_F = NDArray[np.float64]


class Measure(NamedTuple):
    """`value` of all columns together, None where not defined; `columns` by name, where it is defined."""

    name: str
    value: float | None
    columns: dict[str, float]


def measures(
    frequencies: FrequencySet, hierarchies: Sequence[Hierarchy], levels: Sequence[int], found: Classes
) -> tuple[Measure, ...]:
    """All measures of a global transformation with these classes."""
    at = _At(frequencies, hierarchies, levels, found)
    errors, record_error = at.errors()
    return (
        _mean("precision", at.precision()),
        _mean("granularity", at.granularity()),
        _mean("non-uniform-entropy", at.entropy()),
        _mean("squared-error", errors),
        Measure("aecs", at.class_size(), {}),
        Measure("discernibility", at.discernibility(), {}),
        Measure("ambiguity", at.ambiguity(), {}),
        Measure("record-level-squared-error", record_error, {}),
    )


def _mean(name: str, columns: dict[str, float]) -> Measure:
    return Measure(name, math.fsum(columns.values()) / len(columns) if columns else None, columns)


def _scaled(value: float, least: float, most: float) -> float:
    """1 where as little is lost as can be, 0 where all is."""
    return 1.0 if most <= least else min(1.0, max(0.0, 1.0 - (value - least) / (most - least)))


class _At:
    """A transformation of a frequency set."""

    def __init__(
        self,
        frequencies: FrequencySet,
        hierarchies: Sequence[Hierarchy],
        levels: Sequence[int],
        found: Classes,
    ) -> None:
        self._frequencies, self._found = frequencies, found
        self._columns = [one.column for one in hierarchies]
        self._trees, self._levels = hierarchies, np.asarray(levels, np.int64)
        self._counts = frequencies.counts.astype(np.float64)
        self._gone = found.hidden[found.of]  # of groups
        self._records, self._suppressed = frequencies.records, int(found.sizes[found.hidden].sum())

    def _each(self, values: Sequence[float]) -> dict[str, float]:
        return dict(zip(self._columns, values, strict=True))

    def _labels(self, column: int) -> NDArray[np.int32]:
        """(groups,) the label of each group in a column."""
        found: NDArray[np.int32] = self._trees[column].codes[self._levels[column]][
            self._frequencies.leaves(column)
        ]
        return found

    def _covered(self, column: int) -> _F:
        """(groups,) the hierarchy rows that the label covers."""
        codes = self._trees[column].codes[self._levels[column]]
        return np.bincount(codes).astype(np.float64)[self._labels(column)]

    def precision(self) -> dict[str, float]:
        heights = shares_of_height(self._frequencies.maps)
        share = self._suppressed / self._records
        return self._each(
            [
                1.0 if one.levels == 1 else 1.0 - (1 - share) * float(heights[d, self._levels[d]]) - share
                for d, one in enumerate(self._trees)
            ]
        )

    def granularity(self) -> dict[str, float]:
        values = []
        for d, one in enumerate(self._trees):
            rows = len(one.leaves)
            share = np.where(self._gone, 1.0, self._covered(d) / rows)
            values.append(_scaled(float(share @ self._counts) / self._records, 1 / rows, 1.0))
        return self._each(values)

    def entropy(self) -> dict[str, float]:
        lost, most = generalized(self._frequencies), largest(self._frequencies)
        values = []
        for d in range(len(self._trees)):
            value = float(lost[d, self._levels[d]])
            if self._suppressed:
                hidden = np.bincount(self._labels(d)[self._gone], weights=self._counts[self._gone])
                hidden = hidden[hidden > 0]
                value -= float((hidden * np.log2(hidden / self._suppressed)).sum())
            values.append(_scaled(value, 0.0, float(most[d])))
        return self._each(values)

    def errors(self) -> tuple[dict[str, float], float | None]:
        """(squared error of each column of numbers, record-level squared error)."""
        values: dict[str, float] = {}
        real, worst = np.zeros(len(self._counts)), np.zeros(len(self._counts))
        for d, one in enumerate(self._trees):
            numbers = _numbers(one.leaves)
            if numbers is None:
                continue
            x, labels = numbers[self._frequencies.leaves(d)], self._labels(d)
            size = int(labels.max()) + 1
            low, high = np.full(size, np.inf), np.full(size, -np.inf)
            np.minimum.at(low, labels, x)
            np.maximum.at(high, labels, x)
            least, most = float(x.min()), float(x.max())
            far = np.maximum((x - least) ** 2, (x - most) ** 2)
            near = np.maximum((x - low[labels]) ** 2, (x - high[labels]) ** 2)
            lost = np.where(self._gone, far, near)
            values[one.column] = _scaled(float(lost @ self._counts), 0.0, float(far @ self._counts))
            mean = float(x @ self._counts) / self._records
            variance = float(((x - mean) ** 2) @ self._counts) / self._records
            if variance > 0:
                real += lost / variance
                worst += far / variance
        if not values:
            return values, None
        return values, _scaled(float(np.sqrt(real) @ self._counts), 0.0, float(np.sqrt(worst) @ self._counts))

    def class_size(self) -> float | None:
        kept = self._found.sizes[~self._found.hidden]
        if not len(kept):
            return None
        return _scaled(float(kept.mean()), self._records / len(self._counts), float(self._records))

    def discernibility(self) -> float:
        kept = self._found.sizes[~self._found.hidden].astype(np.float64)
        records = float(self._records)
        value = float(kept @ kept) + self._suppressed * records
        return _scaled(value, float(self._counts @ self._counts), records * records)

    def ambiguity(self) -> float:
        cells = np.ones(len(self._counts))
        domains = 1.0
        for d, one in enumerate(self._trees):
            cells *= np.where(self._gone, float(len(one.leaves)), self._covered(d))
            domains *= len(one.leaves)
        return _scaled(float(cells @ self._counts) / self._records, 1.0, domains)


def _numbers(leaves: Sequence[str]) -> _F | None:
    """The leaves as numbers, None where one is none."""
    try:
        found = np.array([float(one) for one in leaves])
    except ValueError:
        return None
    return found if np.isfinite(found).all() else None
