"""The bins of a DP-EBM's features, from noisy counts over declared cells.

A numeric column has CELLS cells of equal width between its declared bounds (on sign(v) log(1 + |v|) where
it is declared so), and one for records without a number; a categorical one has a cell for each declared
category and one for all else. One count per cell and column is released with noise. Cells are joined by the
noisy counts alone, and no figure here knows how many records there are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.train.additive.layout import CELLS as FINEST
from ppdesk.train.additive.layout import cell_edges, halve
from ppdesk.train.additive.layout import cells as finest_cells
from ppdesk.train.records import Values
from ppdesk.train.schema import Column, Numeric

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

CELLS = 64  # of a numeric column; the library has twice its 32 bins
_EACH = FINEST // CELLS


@dataclass(frozen=True)
class Bins:
    """One column. `of_cell`, (cells,): the bin of each cell, the last one's is that of missing or other
    values; `weights`, (bins,): noisy counts, none below zero; `ordered`: neighbours are alike."""

    column: Column
    of_cell: Whole
    weights: Floats
    ordered: bool

    @property
    def count(self) -> int:
        return int(self.weights.size)

    @property
    def edges(self) -> Floats:
        """The inner edges of a numeric column's bins: a value v is in bin number #{edges <= v}."""
        if not isinstance(self.column, Numeric):
            return np.zeros(0)
        inner = np.flatnonzero(np.diff(self.of_cell[:CELLS])) + 1
        return cell_edges(self.column)[inner * _EACH - 1]


def cells_of(column: Column) -> int:
    """How many cells, the last one for missing or other values."""
    return CELLS + 1 if isinstance(column, Numeric) else len(column.categories) + 1


def cells(values: Values, column: Column) -> "npt.NDArray[np.int32]":
    """The cell of each record, (n,)."""
    found = finest_cells(values, column)
    return found // _EACH if isinstance(column, Numeric) else found


def join(column: Column, noisy: Floats, sd: float, most: int) -> Bins:
    """The bins of a column from its cells' noisy counts, (cells,), of standard deviation `sd` each."""
    if not isinstance(column, Numeric):
        return Bins(column, np.arange(noisy.size), np.maximum(noisy, 0.0), ordered=False)
    spans = halve(noisy[:CELLS], sd, 1, most)
    of_cell = np.empty(CELLS + 1, dtype=np.int64)
    of_cell[CELLS] = len(spans)
    for place, (start, stop) in enumerate(spans):
        of_cell[start:stop] = place
    weights = np.bincount(of_cell, weights=noisy)
    return Bins(column, of_cell, np.maximum(weights, 0.0), ordered=True)
