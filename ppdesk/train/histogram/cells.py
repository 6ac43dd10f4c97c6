"""Which cell of a column a record is in, by what is declared: even bins between the bounds and one for a
missing number, or the categories and one for any other value."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ppdesk.train.fitted import Floats
from ppdesk.train.moments.coding import place_of, value_at
from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric, Schema

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """`bins`: of a numeric column, at least 1."""

    schema: Schema
    bins: int

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The number of cells of each column."""
        return tuple(
            self.bins + 1 if isinstance(column, Numeric) else len(column.categories) + 1
            for column in self.schema.columns
        )

    def codes(self, records: Records) -> tuple[Codes, ...]:
        """The cell of each record, one array (n,) a column."""
        found = []
        for values, column, width in zip(records.values, self.schema.columns, self.widths, strict=True):
            if isinstance(column, Numeric):
                place = place_of(np.asarray(values, dtype=np.float64), column)
                missing = np.isnan(place)
                bins = np.clip((np.where(missing, 0, place) * self.bins).astype(np.int64), 0, self.bins - 1)
                found.append(np.where(missing, self.bins, bins))
            else:
                found.append(np.clip(np.asarray(values, dtype=np.int64), 0, width - 1))
        return tuple(found)

    def volumes(self) -> tuple[Floats, ...]:
        """How wide each cell is, in the column's unit; 1 for a category and for a missing value."""
        found = []
        for column, width in zip(self.schema.columns, self.widths, strict=True):
            volume = np.ones(width)
            if isinstance(column, Numeric):
                edges = [value_at(place / self.bins, column) for place in range(self.bins + 1)]
                volume[: self.bins] = np.diff(edges)
            found.append(volume)
        return tuple(found)


def pairs_of(columns: int) -> list[tuple[int, int]]:
    """All pairs of columns, the lower one first."""
    return [(a, b) for a in range(columns) for b in range(a + 1, columns)]
