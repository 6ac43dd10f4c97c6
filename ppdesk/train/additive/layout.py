"""Where the bins stand. Cells are laid on declared bounds; bins join cells by noisy counts alone.

A numeric column has CELLS cells of equal width over its declared bounds (on sign(v) log(1 + |v|) where it is
declared `log`) and one more for cells without a number. A categorical one has a cell for each declared
category and one for all else. The one-way counts of these cells are released with noise; which cells share a
bin is then decided on the noisy counts: the axis is cut into a few equal intervals, and always the one with
the largest noisy count is halved, as long as it stands out of the noise. So a single value that many records
have (a gain of 0) ends in a bin of its own, and a long thin tail in a few wide ones.
"""

import heapq
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ppdesk.train.records import Values
from ppdesk.train.schema import Column, Numeric

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

CELLS = 1024
COARSE = 8  # coarse bins, each an eighth of the axis
BASE = 16  # equal intervals that halving starts from
FINE = 64  # fine bins at most
MOST_CATEGORIES = 256  # bins of a column of categories
_SURE = 2.0  # standard deviations over zero that an interval's noisy count must have to be halved


def warp(values: Floats, *, log: bool) -> Floats:
    """The axis on which cells are of equal width."""
    return np.sign(values) * np.log1p(np.abs(values)) if log else values


def _unwarp(value: float) -> float:
    """Back from the axis of a `log` column."""
    return math.copysign(math.expm1(abs(value)), value)


def cell_edges(column: Numeric) -> Floats:
    """The CELLS - 1 inner edges, in the column's unit: a value v is in cell number #{edges <= v}."""
    low, high = warp(np.array([column.low, column.high]), log=column.log).tolist()
    # not low + share * (high - low), which overflows for the widest bounds
    shares = np.arange(1, CELLS) / CELLS
    edges = low * (1 - shares) + high * shares
    return np.array([_unwarp(one) for one in edges.tolist()]) if column.log else edges


def cells_of(column: Column) -> int:
    """How many cells, that of missing or other values included."""
    return CELLS + 1 if isinstance(column, Numeric) else len(column.categories) + 1


def cells(values: Values, column: Column) -> "npt.NDArray[np.int32]":
    """The cell of each record, (n,)."""
    if not isinstance(column, Numeric):
        return np.asarray(values, dtype=np.int32)
    found = np.searchsorted(cell_edges(column), values, side="right").astype(np.int32)
    found[np.isnan(values)] = CELLS
    return found


@dataclass(frozen=True)
class Side:
    """A column as a side of a pair: `of`, (bins,): the group of each of its bins, of `groups`; `axis`,
    (groups,): where each stands, 0 to 1, NaN where there is no order. `place`: the column's, in the schema.
    """

    place: int
    of: Whole
    groups: int
    axis: Floats


@dataclass(frozen=True)
class Block:
    """One column's bins. `fine`, (cells,): the bin of each cell, of `bins`. Numeric: the last bin is that of
    missing cells; `coarse`, (bins,): the coarse bin of each fine one, of `groups`; `axis`, (bins,): where
    each bin stands, 0 to 1, NaN for the last; `edges`: the inner edges between the others, in the column's
    unit. For categories `coarse` is None, and `edges` is empty. Of a pair (`sides`) the bins are its cells,
    the second side's groups running faster."""

    column: Column
    fine: Whole
    bins: int
    coarse: Whole | None
    groups: int
    axis: Floats
    edges: Floats
    sides: tuple[Side, Side] | None = None

    @property
    def parts(self) -> int:
        """How many sums of this column each record is in."""
        return 1 if self.coarse is None else 2

    @cached_property
    def begins(self) -> Whole:
        """Where each coarse bin begins among the fine ones, (groups,): they stand in order, none is empty."""
        coarse = () if self.coarse is None else self.coarse
        return np.searchsorted(coarse, np.arange(self.groups)).astype(np.int64)


def block(column: Column, noisy: Floats, sd: float) -> Block:
    """The bins of one column from the noisy counts of its cells, (cells,), each with standard deviation
    `sd`."""
    if not isinstance(column, Numeric):
        fine = _categories(noisy)
        width = int(fine[-1]) + 1
        return Block(column, fine, width, None, 0, np.full(width, np.nan), np.empty(0))
    leaves = halve(noisy[:CELLS], sd)
    bins = len(leaves)
    starts = np.array([start for start, _ in leaves])
    fine = np.append(np.searchsorted(starts, np.arange(CELLS), side="right") - 1, bins)
    coarse = np.append(starts * COARSE // CELLS, COARSE)
    # half by place, half by rank: neither a long tail nor a spike fills the axis alone
    place = (starts + np.append(starts[1:], CELLS)) / (2 * CELLS)
    axis = np.append((place + (np.arange(bins) + 0.5) / bins) / 2, np.nan)
    return Block(column, fine, bins + 1, coarse, COARSE + 1, axis, cell_edges(column)[starts[1:] - 1])


def joined(column: Column, first: Side, second: Side) -> Block:
    """The cells of a pair as a block."""
    width = first.groups * second.groups
    nowhere, none = np.full(width, np.nan), np.empty(0)
    return Block(column, np.arange(width), width, None, 0, nowhere, none, (first, second))


def _categories(noisy: Floats) -> Whole:
    """The bin of each category, the last that of other values. Where there are more than MOST_CATEGORIES,
    those with the smallest noisy counts share the last one: alone they would say nothing but noise."""
    width = noisy.size
    if width <= MOST_CATEGORIES:
        return np.arange(width)
    kept = np.sort(np.argsort(-noisy[:-1], kind="stable")[: MOST_CATEGORIES - 1])
    fine = np.full(width, kept.size)
    fine[kept] = np.arange(kept.size)
    return fine


def halve(noisy: Floats, sd: float, base: int = BASE, most: int = FINE) -> list[tuple[int, int]]:
    """`base` to `most` intervals of cells, in their order: always the one of the largest noisy count is
    halved, as long as it stands out of the noise. `base` divides the number of cells."""
    total = np.concatenate([[0.0], np.cumsum(noisy)])

    def entry(start: int, stop: int) -> tuple[float, int, int]:
        return float(total[start] - total[stop]), start, stop

    width = noisy.size // base
    waiting = [entry(start, start + width) for start in range(0, noisy.size, width)]
    heapq.heapify(waiting)
    done: list[tuple[int, int]] = []
    while waiting and len(waiting) + len(done) < most:
        less, start, stop = heapq.heappop(waiting)
        size = stop - start
        if size == 1 or -less <= _SURE * sd * math.sqrt(size):
            done.append((start, stop))
            continue
        middle = start + size // 2
        heapq.heappush(waiting, entry(start, middle))
        heapq.heappush(waiting, entry(middle, stop))
    return sorted([*done, *((start, stop) for _, start, stop in waiting)])
