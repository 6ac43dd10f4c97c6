"""Records as a network reads them: one code per column that is one-hot, one number per column that is not.

A one-hot row of width w is never built: its product with a matrix is a row of that matrix, so a column of
categories, or of bins, is one whole number per record (a row of the first layer). A numeric column is either

- binned: `bins` equal cells over the declared bounds (on sign(v) log(1 + |v|) where "log" is declared), one
  more for missing; or
- a number, -1 at the lower bound and 1 at the upper one; a missing cell counts as 0, the middle.

Bounds, categories and the number of bins are declared or follow from declared values: nothing is read off
the records, and what one record holds never changes how another is encoded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json
from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric, Schema

Codes = npt.NDArray[np.uint16] | npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]


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
        """The records, encoded."""
        starts = np.concatenate([[0], np.cumsum(self.sizes)])[:-1] if self.sizes else np.zeros(0)
        kind = np.uint16 if self.one_hot <= np.iinfo(np.uint16).max else np.int32
        codes = np.empty((records.rows, len(self.coded)), kind)
        for column, (place, start) in enumerate(zip(self.coded, starts, strict=True)):
            codes[:, column] = self._code(records, place) + int(start)
        numbers = np.empty((records.rows, len(self.plain)), np.float32)
        for column, place in enumerate(self.plain):
            numbers[:, column] = np.nan_to_num(2 * self._share(records, place) - 1, nan=0.0)
        return Compact(codes, numbers)

    def _code(self, records: Records, place: int) -> "npt.NDArray[np.int64]":
        if not isinstance(self.schema.columns[place], Numeric):
            return records.values[place].astype(np.int64)
        share = self._share(records, place)
        missing = np.isnan(share)
        cell = np.minimum((np.where(missing, 0.0, share) * self.bins).astype(np.int64), self.bins - 1)
        return np.where(missing, self.bins, cell)

    def _share(self, records: Records, place: int) -> "npt.NDArray[np.float64]":
        """Where between its bounds each cell stands, 0..1; NaN for a missing one."""
        column = self.schema.columns[place]
        assert isinstance(column, Numeric)  # noqa: S101  # narrowing for the type checker: the callers chose it
        values = np.clip(np.asarray(records.values[place], np.float64), column.low, column.high)
        low, high = column.low, column.high
        if column.log:
            values, low, high = _magnitude(values), float(_magnitude(low)), float(_magnitude(high))
        # halves first: the difference of two bounds near the largest float would not be a number
        return np.asarray(np.clip((values / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0))

    def to_json(self) -> Mapping[str, Json]:
        return {"bins": self.bins}


def _magnitude(value: "npt.NDArray[np.float64] | float") -> "npt.NDArray[np.float64]":
    """sign(v) log(1 + |v|)."""
    return np.asarray(np.sign(value) * np.log1p(np.abs(value)))
