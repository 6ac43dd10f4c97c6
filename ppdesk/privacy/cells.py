"""Columns of text sorted into cells that are declared in advance, never read off the data.

Each column has one cell more than its declaration names: the last takes whatever is not declared, and missing
values. So every record lies in exactly one cell, and replacing a record moves it from one cell to another.
(The comparisons of `assess` keep other, missing and out of bounds apart; noise is cheaper with one cell.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from ppdesk.core.cell_numbers import DecimalMark, numbers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Categories:
    """Declared categories. Cells of the table are compared as they are written."""

    name: str
    categories: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.categories) + 1

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each cell."""
        return (*self.categories, "other or missing")

    def codes(self, column: "pa.ChunkedArray", decimal: DecimalMark) -> "Codes":  # noqa: ARG002
        """(n,) int64 in 0..size - 1."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        known = pa.array(self.categories, pa.string())
        place = pc.fill_null(pc.index_in(column.cast(pa.string()), value_set=known), len(self.categories))
        return np.ascontiguousarray(place.to_numpy(), dtype=np.int64)


@dataclass(frozen=True)
class Bins:
    """Numbers between declared edges, ascending. A bin holds its lower edge, the last one its upper too.

    `cut`: numbers beyond the edges count in the outermost bins; otherwise in the last cell. `whole`: the
    numbers are whole, and the edges e stand for e - 0.5, so that a bin is named by the numbers in it.
    """

    name: str
    edges: tuple[float, ...]
    cut: bool = False
    whole: bool = False

    @property
    def size(self) -> int:
        return len(self.edges)

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each cell."""
        return (*map(self._label, pairwise(self.edges)), "missing" if self.cut else "outside or missing")

    def _label(self, pair: tuple[float, float]) -> str:
        low, high = pair
        if not self.whole:
            return f"{low:.10g} to {high:.10g}"
        return f"{low:.0f}" if high - low == 1 else f"{low:.0f} to {high - 1:.0f}"

    def codes(self, column: "pa.ChunkedArray", decimal: DecimalMark) -> "Codes":
        """(n,) int64 in 0..size - 1."""
        import numpy as np

        values = numbers(column, decimal)
        edges, bins = np.asarray(self.edges), len(self.edges) - 1
        place = np.searchsorted(edges - 0.5 if self.whole else edges, values, side="right") - 1
        if not self.whole:
            place[values == edges[-1]] = bins - 1
        outside = (place < 0) | (place >= bins)
        place = np.where(outside, np.clip(place, 0, bins - 1) if self.cut else bins, place)
        place[np.isnan(values)] = bins
        return np.ascontiguousarray(place, dtype=np.int64)


Domain: TypeAlias = Categories | Bins


def even(low: float, high: float, count: int) -> tuple[float, ...]:
    """The edges of `count` bins of one width from `low` to `high`, low < high."""
    step = (high - low) / count
    return (*(low + step * place for place in range(count)), high)


def even_whole(low: int, high: int, most: int) -> tuple[float, ...]:
    """Edges for whole numbers low..high in at most `most` bins of nearly one width; the last edge is
    high + 1."""
    span = high - low + 1
    count = min(most, span)
    return tuple(float(low + span * place // count) for place in range(count + 1))


def crossed(sizes: Sequence[int], codes: "Sequence[Codes]") -> "Codes":
    """One number for each combination of cells, the last column counting fastest, (n,) int64."""
    whole = codes[0]
    for size, one in zip(sizes[1:], codes[1:], strict=True):
        whole = whole * size + one
    return whole
