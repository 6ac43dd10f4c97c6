"""Columns of strings sorted into cells that are declared in advance, never read off the data."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Counts, Floats

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


def numbers(column: "pa.ChunkedArray") -> Floats:
    """The column's numbers, (n,) float64; NaN for missing and for what is no plain decimal number."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    plain = pc.match_substring_regex(text, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$")
    kept = pc.if_else(pc.fill_null(plain, False), pc.utf8_ltrim(text, characters="+"), None)
    values: Floats = kept.cast(pa.float64()).to_numpy()
    return values


def codes(column: "pa.ChunkedArray", domain: Domain) -> Counts:
    """The cell of each value, (n,) int64 in 0..domain.cells - 1."""
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = pc.is_null(column).to_numpy()
    if domain.categories is not None:
        found = pc.index_in(column.cast(pa.string()), value_set=pa.array(domain.categories, pa.string()))
        cell: Counts = pc.fill_null(found, len(domain.categories)).to_numpy().astype(np.int64)
        cell[missing] = len(domain.categories) + 1
        return cell
    values = numbers(column)
    edges = np.linspace(domain.low, domain.high, BINS + 1)
    place: Counts = np.searchsorted(edges, values, side="right").astype(np.int64)
    place[values == domain.high] = BINS  # the last bin holds its upper edge
    place[np.isnan(values)] = BINS + 2
    place[missing] = BINS + 3
    return place


def counts(column: "pa.ChunkedArray", domain: Domain) -> Counts:
    """How many values fall in each cell, (domain.cells,) int64."""
    return np.bincount(codes(column, domain), minlength=domain.cells).astype(np.int64)
