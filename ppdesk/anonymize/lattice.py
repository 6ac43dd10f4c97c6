"""Compiled kernels over the lattice of transformations: what is open, what a check closes, where to go on.

Nodes are numbered with the first column as the most significant digit, so the smaller number is the
first in column order.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.objective import bound
from ppdesk.core.compiling import compiled

OPEN, CHECKED, SUPPRESSES, BOUNDED = 0, 1, 2, 3  # status of a node


class Lattice(NamedTuple):
    """The state of a search, one entry per node."""

    low: NDArray[np.int64]  # (columns,) lowest level
    shape: NDArray[np.int64]  # (columns,) levels from there
    strides: NDArray[np.int64]  # (columns,) what one level up adds to a node's number
    status: NDArray[np.uint8]
    floor: NDArray[np.int64]  # records that the node suppresses at least
    seen: NDArray[np.int64]  # the floor that `least` was computed with
    least: NDArray[np.float64]  # lower bound of the objective


class Best(NamedTuple):
    """The best transformation so far. In the order of (value, total, node) the smaller is the better."""

    value: float
    total: int  # sum of levels
    node: int


@compiled
def unravel(node: int, lattice: Any, levels: Any) -> int:
    """Fill `levels` (columns,) int64 with the node's levels; returns their sum."""
    total = 0
    for d in range(lattice.shape.shape[0] - 1, -1, -1):
        levels[d] = lattice.low[d] + node % lattice.shape[d]
        node //= lattice.shape[d]
        total += levels[d]
    return total


@compiled
def initial_bounds(lattice: Any, costs: Any) -> None:
    """Fill `least` with the bounds that hold when nothing is suppressed."""
    levels = np.zeros(lattice.shape.shape[0], np.int64)
    for node in range(lattice.least.shape[0]):
        unravel(node, lattice, levels)
        lattice.least[node] = bound(levels, 0, costs)


@compiled
def mark_below(lattice: Any, top: Any, suppressed: int, close: bool) -> None:
    """All nodes that generalize no column further than `top` suppress at least `suppressed` records (a
    finer class is never larger). With `close` that is too many: those still open are closed."""
    m = lattice.shape.shape[0]
    levels = np.zeros(m, np.int64)
    node = 0
    while True:
        lattice.floor[node] = max(lattice.floor[node], suppressed)
        if close and lattice.status[node] == OPEN:
            lattice.status[node] = SUPPRESSES
        d = m - 1
        while d >= 0 and levels[d] == top[d] - lattice.low[d]:
            node -= levels[d] * lattice.strides[d]
            levels[d] = 0
            d -= 1
        if d < 0:
            return
        levels[d] += 1
        node += lattice.strides[d]


@compiled
def raise_above(lattice: Any, bottom: Any, value: float) -> None:
    """No node that generalizes each column at least as far as `bottom` costs less than `value`."""
    m = lattice.shape.shape[0]
    bottom = bottom - lattice.low
    levels = bottom.copy()
    node = np.int64(0)
    for d in range(m):
        node += levels[d] * lattice.strides[d]
    while True:
        lattice.least[node] = max(lattice.least[node], value)
        d = m - 1
        while d >= 0 and levels[d] == lattice.shape[d] - 1:
            node -= (levels[d] - bottom[d]) * lattice.strides[d]
            levels[d] = bottom[d]
            d -= 1
        if d < 0:
            return
        levels[d] += 1
        node += lattice.strides[d]


@compiled
def beats(value: float, total: int, node: int, best: Best) -> bool:
    """Whether a transformation comes before the best: costs less, or ties and is first."""
    if value != best.value:
        return value < best.value
    if total != best.total:
        return total < best.total
    return node < best.node


@compiled
def pick(lattice: Any, best: Any, slack: float, costs: Any) -> int:
    """The open node with the smallest bound, or -1. Closes on the way what cannot beat the best.

    Bounds are brought up to date only where that can matter. `slack` lowers them a little where the
    costs are no whole numbers.
    """
    levels = np.empty(lattice.shape.shape[0], np.int64)
    chosen, smallest = -1, np.inf
    for node in range(lattice.status.shape[0]):
        if lattice.status[node] != OPEN:
            continue
        if lattice.least[node] < smallest and lattice.floor[node] > lattice.seen[node]:
            unravel(node, lattice, levels)
            lattice.least[node] = bound(levels, lattice.floor[node], costs)
            lattice.seen[node] = lattice.floor[node]
        value = lattice.least[node] * slack
        if value >= best.value:
            total = unravel(node, lattice, levels)
            if not beats(value, total, node, best):
                lattice.status[node] = BOUNDED
                continue
        if lattice.least[node] < smallest:
            chosen, smallest = node, lattice.least[node]
    return chosen


@compiled
def climb(lattice: Any, start: int, ceiling: float, chain: Any) -> int:
    """Fill `chain` with a path of open nodes upward from `start`, each next one with the smallest bound,
    while that is below `ceiling`. Returns its length."""
    levels = np.empty(lattice.shape.shape[0], np.int64)
    chain[0] = start
    length = 1
    while True:
        node = chain[length - 1]
        unravel(node, lattice, levels)
        following, smallest = -1, ceiling
        for d in range(lattice.shape.shape[0]):
            if levels[d] - lattice.low[d] + 1 < lattice.shape[d]:
                above = node + lattice.strides[d]
                if lattice.status[above] == OPEN and lattice.least[above] < smallest:
                    following, smallest = above, lattice.least[above]
        if following < 0:
            return length
        chain[length] = following
        length += 1
