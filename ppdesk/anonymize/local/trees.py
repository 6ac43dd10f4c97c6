"""Hierarchies as local transformation sees them: what each label costs, and which labels may be used.

The cost of a label is its share of the hierarchy's rows less that of a leaf, times the column's weight
(Iyengar, Transforming data to satisfy privacy constraints, 2002; ARX's Granularity). Their sum over all cells
is what local transformation keeps small.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.frequency import LevelMaps


class Trees(NamedTuple):
    """`maps` int32 and `cost` float64 are flat tables, leaf -> label and leaf -> cost of its label; the table
    of rung r of column d starts at `starts[d, r]`. A column has `rungs[d]` of them, from fine to coarse; the
    last is the top."""

    maps: NDArray[np.int32]
    cost: NDArray[np.float64]
    starts: NDArray[np.int64]  # (columns, most rungs)
    rungs: NDArray[np.int64]  # (columns,)


def trees(maps: LevelMaps, weights: NDArray[np.float64], usable: Sequence[Sequence[int]]) -> Trees:
    """`weights` (columns,) float64. `usable` names the levels that each column may take, rising; the top must
    be among them."""
    starts = np.zeros((len(usable), max(map(len, usable))), np.int64)
    cost = np.zeros(len(maps.finest.maps), np.float64)
    for d, levels in enumerate(usable):
        domain = int(maps.domain[d])
        for rung, level in enumerate(levels):
            start = int(maps.starts[d, level])
            starts[d, rung] = start
            rows = maps.finest.weights[start : start + domain]
            cost[start : start + domain] = weights[d] * (rows - 1) / domain
    rungs = np.array([len(levels) for levels in usable], np.int64)
    return Trees(maps.finest.maps, cost, starts, rungs)


def from_lowest(maps: LevelMaps, columns: Sequence[str], lowest: Mapping[str, int]) -> list[list[int]]:
    """The levels of each column from the lowest that it may take, 0 where not named. With the top as the
    lowest this is attribute suppression."""
    return [
        list(range(min(lowest.get(name, 0), levels - 1), levels))
        for name, levels in zip(columns, maps.shape, strict=True)
    ]


def cells_only(levels: Sequence[int], maps: LevelMaps) -> list[list[int]]:
    """For cell suppression: a cell keeps the label of the level that its column has, or becomes the top."""
    return [sorted({levels[d], top - 1}) for d, top in enumerate(maps.shape)]
