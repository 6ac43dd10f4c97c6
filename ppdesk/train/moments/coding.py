"""A record as a vector of whole numbers, by what is declared alone.

Every column has a block of cells. With the grid G (one unit is G):

- numeric, one cell: t in -G..G, linear between the declared bounds (on sign(v) log(1 + |v|) where the column
  is declared so), rounded to a whole number. A missing cell has t = 0.
- numeric, K knots: hat functions over K even knots, two neighbours are G - w and w with 0 <= w <= G, the
  others 0: sums of them are all functions that are linear between the knots.
- with `missing`: one cell more, G where the value is missing (the block's others are then 0).
- categorical: one cell a category and one for any other value, `category` where it is that one, else 0.

**The bound that everything rests on.** The squared norm of a numeric block is at most G^2: t^2 <= G^2, or
(G - w)^2 + w^2 <= (G - w + w)^2 = G^2, or G^2 for the missing cell alone. That of a categorical block is
`category`^2 exactly. These are whole numbers, so no rounding can break them, and they hold whatever the cells
of the file were: values are cut to the bounds first, and t and w once more after rounding.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ppdesk.train.records import Records
from ppdesk.train.schema import Numeric, Schema

Floats = npt.NDArray[np.float64]

GRID = 2**12


@dataclass(frozen=True)
class Block:
    """The cells start..start + width - 1 of a column. `squared`: the most that its squared norm can be."""

    column: int
    start: int
    width: int
    numeric: bool
    squared: int

    @property
    def cells(self) -> slice:
        return slice(self.start, self.start + self.width)


@dataclass(frozen=True)
class Coding:
    """`knots`: 1 for a straight line, from 2 on hat functions. `category`: what a category's cell holds."""

    schema: Schema
    knots: int = 1
    missing: bool = True
    category: int = GRID
    grid: int = GRID

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        found, start = [], 0
        for place, column in enumerate(self.schema.columns):
            numeric = isinstance(column, Numeric)
            width = self.knots + self.missing if isinstance(column, Numeric) else len(column.categories) + 1
            found.append(Block(place, start, width, numeric, (self.grid if numeric else self.category) ** 2))
            start += width
        return tuple(found)

    @property
    def width(self) -> int:
        """d, the number of cells."""
        return self.blocks[-1].start + self.blocks[-1].width

    @property
    def squared(self) -> int:
        """The most that the squared norm of a whole record can be."""
        return sum(block.squared for block in self.blocks)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each cell is, (d,)."""
        found: list[str] = []
        for column in self.schema.columns:
            if isinstance(column, Numeric):
                marks = [""] if self.knots == 1 else [f" at {at:.6g}" for at in knots_of(column, self.knots)]
                found += [column.name + mark for mark in marks]
                found += [f"{column.name}, missing"] if self.missing else []
            else:
                found += [f"{column.name} = {one}" for one in column.categories]
                found.append(f"{column.name}, other or missing")
        return tuple(found)

    def rows(self, records: Records, first: int = 0, last: int | None = None) -> Floats:
        """The records first..last - 1 as whole numbers, (m, d) float64 (which holds them exactly, and for
        which matrix products are fast)."""
        last = records.rows if last is None else min(last, records.rows)
        matrix = np.zeros((last - first, self.width))
        at = np.arange(last - first)
        for block, column in zip(self.blocks, self.schema.columns, strict=True):
            values = records.values[block.column][first:last]
            if isinstance(column, Numeric):
                self._numeric(matrix, block, place_of(np.asarray(values, dtype=np.float64), column))
            else:
                matrix[at, block.start + np.clip(values, 0, block.width - 1).astype(np.intp)] = self.category
        return matrix

    def _numeric(self, matrix: Floats, block: Block, place: Floats) -> None:
        known = ~np.isnan(place)
        place = np.where(known, place, 0.0)
        if self.knots == 1:
            line = np.clip(np.rint((2 * place - 1) * self.grid), -self.grid, self.grid)
            matrix[:, block.start] = np.where(known, line, 0)
        else:
            spot = place * (self.knots - 1)
            left = np.clip(np.floor(spot), 0, self.knots - 2).astype(np.intp)
            right = np.clip(np.rint((spot - left) * self.grid), 0, self.grid)
            rows = np.flatnonzero(known)
            matrix[rows, block.start + left[rows]] = self.grid - right[rows]
            matrix[rows, block.start + left[rows] + 1] = right[rows]
        if self.missing:
            matrix[~known, block.start + block.width - 1] = self.grid


def place_of(values: Floats, column: Numeric) -> Floats:
    """Where the values, (n,), stand between the declared bounds, 0..1, NaN where missing."""
    low, high = spread(np.array([column.low, column.high]), column) / 2  # halves: their difference is finite
    place: Floats = np.clip((spread(values, column) / 2 - low) / (high - low), 0.0, 1.0)
    return place


def value_at(place: float, column: Numeric) -> float:
    """The value that stands at `place`: the inverse of `place_of`."""
    low, high = (float(one) for one in spread(np.array([column.low, column.high]), column))
    at = low * (1 - place) + high * place
    return math.copysign(math.expm1(abs(at)), at) if column.log else at


def knots_of(column: Numeric, knots: int) -> tuple[float, ...]:
    """The values at the knots, from the lower bound to the upper one."""
    return tuple(value_at(place / (knots - 1), column) for place in range(knots))


def spread(values: Floats, column: Numeric) -> Floats:
    """The values, or sign(v) log(1 + |v|) where the column is declared so."""
    found: Floats = np.copysign(np.log1p(np.abs(values)), values) if column.log else values
    return found
