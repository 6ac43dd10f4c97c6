"""Columns of strings sorted into cells that are declared in advance, never read off the data."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Counts
from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import pyarrow as pa

BINS = 10  # the usual number of bins for a stability index (Siddiqi 2006)


@dataclass(frozen=True)
class Domain:
    """What a column may hold: `categories`, or numbers within `low` and `high` (then categories is None)."""

    name: str
    categories: tuple[str, ...] | None = None
    low: float = 0.0
    high: float = 1.0

    @property
    def cells(self) -> int:
        """Number of cells: categories + other + missing, or below + bins + above + no number + missing."""
        return len(self.categories) + 2 if self.categories is not None else BINS + 4

    def labels(self) -> list[str]:
        """A name for each cell, in the order of the codes. All of them public."""
        if self.categories is not None:
            return [*self.categories, "other", "missing"]
        edges = np.linspace(self.low, self.high, BINS + 1)
        inner = [f"{left:g} to {right:g}" for left, right in pairwise(edges)]
        return [f"below {self.low:g}", *inner, f"above {self.high:g}", "no number", "missing"]


def codes(column: "pa.ChunkedArray", domain: Domain, decimal: DecimalMark = DecimalMark.POINT) -> Counts:
    """The cell of each value, (n,) int64 in 0..domain.cells - 1. `decimal` is the table's declared mark."""
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = pc.is_null(column).to_numpy()
    if domain.categories is not None:
        found = pc.index_in(column.cast(pa.string()), value_set=pa.array(domain.categories, pa.string()))
        cell: Counts = pc.fill_null(found, len(domain.categories)).to_numpy().astype(np.int64)
        cell[missing] = len(domain.categories) + 1
        return cell
    values = numbers(column, decimal)
    edges = np.linspace(domain.low, domain.high, BINS + 1)
    place: Counts = np.searchsorted(edges, values, side="right").astype(np.int64)
    place[values == domain.high] = BINS  # the last bin holds its upper edge
    place[np.isnan(values)] = BINS + 2
    place[missing] = BINS + 3
    return place


def counts(column: "pa.ChunkedArray", domain: Domain, decimal: DecimalMark = DecimalMark.POINT) -> Counts:
    """How many values fall in each cell, (domain.cells,) int64."""
    return np.bincount(codes(column, domain, decimal), minlength=domain.cells).astype(np.int64)
