"""Records as a network reads them: one code per column that is one-hot, one number per column that is not.

A one-hot row of width w is never built: its product with a matrix is a row of that matrix, so a column of
categories, or of bins, is one whole number per record (a row of the first layer). A numeric column is either

- binned: `bins` equal cells over the declared bounds (on sign(v) log(1 + |v|) where "log" is declared), one
  more for missing; or
- a number, -1 at the lower bound and 1 at the upper one; a missing cell counts as 0, the middle.

Bounds, categories and the number of bins are declared or follow from declared values: nothing is read off
the records, and what one record holds never changes how another is encoded.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.core.compiling import compiled
from ppdesk.train.records import Records, Values
from ppdesk.train.schema import Numeric, Schema

Codes = npt.NDArray[np.uint16] | npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]
_ROWS = 1024  # at a time


@dataclass(frozen=True)
class Compact:
    """`codes`, (n, coded columns): rows of the first layer; `numbers`, (n, plain columns): -1..1."""

    codes: Codes
    numbers: Singles

    @property
    def rows(self) -> int:
        return int(self.codes.shape[0])


@dataclass(frozen=True)
class Encoding:
    """How `schema` becomes codes and numbers. bins = 0: numeric columns stay numbers."""

    schema: Schema
    bins: int

    @cached_property
    def coded(self) -> tuple[int, ...]:
        """The places in the schema of the columns that become codes."""
        return tuple(
            place
            for place, one in enumerate(self.schema.columns)
            if self.bins > 0 or not isinstance(one, Numeric)
        )

    @cached_property
    def plain(self) -> tuple[int, ...]:
        """The places in the schema of the columns that stay numbers."""
        return tuple(place for place in range(len(self.schema.columns)) if place not in self.coded)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Of each coded column: its categories or bins, and one for missing or other."""
        columns = self.schema.columns
        return tuple(
            (self.bins if isinstance(one, Numeric) else len(one.categories)) + 1
            for one in (columns[place] for place in self.coded)
        )

    @property
    def one_hot(self) -> int:
        """Rows of the first layer that codes choose from."""
        return sum(self.sizes)

    @property
    def width(self) -> int:
        """Rows of the first layer: those of the codes, then one for each number."""
        return self.one_hot + len(self.plain)

    def read(self, records: Records) -> Compact:
        """The records, encoded: some rows of all columns at a time, so that a row's line of memory is written
        while it is near."""
        starts = np.concatenate([[0], np.cumsum(self.sizes)])[:-1].tolist() if self.sizes else []
        kind = np.uint16 if self.one_hot <= np.iinfo(np.uint16).max else np.int32
        codes = np.empty((records.rows, len(self.coded)), kind)
        numbers = np.empty((records.rows, len(self.plain)), np.float32)
        for begin in range(0, records.rows, _ROWS):
            some = slice(begin, begin + _ROWS)
            for column, (place, start) in enumerate(zip(self.coded, starts, strict=True)):
                self._code(records.values[place][some], place, start, codes[some, column])
            for column, place in enumerate(self.plain):
                values, low, high = self._bounded(records.values[place][some], place)
                as_numbers(values, low, high, numbers[some, column])
        return Compact(codes, numbers)

    def _code(self, values: Values, place: int, start: int, out: Codes) -> None:
        if isinstance(self.schema.columns[place], Numeric):
            values, low, high = self._bounded(values, place)
            as_cells(values, low, high, self.bins, start, out)
        else:
            out[:] = values + start

    def _bounded(self, values: Values, place: int) -> "tuple[npt.NDArray[np.float64], float, float]":
        """Values and their bounds, both on the logarithm's scale where that is declared."""
        column = self.schema.columns[place]
        assert isinstance(column, Numeric)  # noqa: S101  # narrowing for the type checker: the callers chose it
        values = np.asarray(values, np.float64)
        if not column.log:
            return values, column.low, column.high
        inside = np.clip(values, column.low, column.high)
        return _magnitude(inside), float(_magnitude(column.low)), float(_magnitude(column.high))

    def to_json(self) -> Mapping[str, Json]:
        return {"bins": self.bins}


@compiled
def _share(value: float, low: float, high: float) -> float:
    """Where between the bounds a value stands, 0..1; NaN for a missing one."""
    # halves first: the difference of two bounds near the largest float would not be a number
    span = high / 2 - low / 2
    if value != value or span <= 0:  # noqa: PLR0124 - NaN; bounds that are one on the logarithm's scale
        return math.nan
    return min(max((min(max(value, low), high) / 2 - low / 2) / span, 0.0), 1.0)


@compiled
def as_numbers(values: "npt.NDArray[np.float64]", low: float, high: float, out: Singles) -> None:
    """out, (n,): -1 at the lower bound to 1 at the upper one; 0 for a missing value."""
    for i in range(values.shape[0]):
        found = _share(values[i], low, high)
        out[i] = np.float32(2 * found - 1) if found == found else np.float32(0.0)  # noqa: PLR0124 - NaN


@compiled
def as_cells(  # noqa: PLR0917 - a kernel
    values: "npt.NDArray[np.float64]", low: float, high: float, bins: int, start: int, out: Codes
) -> None:
    """out, (n,): start plus the cell of each value, 0..bins - 1; bins for a missing one."""
    for i in range(values.shape[0]):
        found = _share(values[i], low, high)
        cell = min(int(found * bins), bins - 1) if found == found else bins  # noqa: PLR0124 - NaN
        out[i] = cell + start


def _magnitude(value: "npt.NDArray[np.float64] | float") -> "npt.NDArray[np.float64]":
    """sign(v) log(1 + |v|)."""
    return np.asarray(np.sign(value) * np.log1p(np.abs(value)))
