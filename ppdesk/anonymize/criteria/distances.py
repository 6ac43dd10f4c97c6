"""Kernels of ordered and hierarchical t-closeness: earth mover's distances, in whole numbers.

Both take time with the values that the class has, not with all values of the table, where these are many.

The distance D is convex, so what stays of n records after r are removed has n D <= (n - r) t + the sum of the
removed records' own distances. The farthest r records bound that sum.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import inlined

_SAFE = 1e-6  # records by which a bound computed in floating point gives way
_FEW = 64  # values of the table that are walked one by one


class Row(NamedTuple):
    """Values in a row."""

    order: NDArray[np.int64]  # (values,) codes in their order
    ranks: NDArray[np.int64]  # (values,) place of each code in the order
    before: NDArray[np.int64]  # (values + 1,) records of the table with one of the first i values
    sums: NDArray[np.int64]  # (values + 1,) sum of before[1] to before[i]


class Tree(NamedTuple):
    """Values as leaves of a tree."""

    leaves: NDArray[np.int64]  # (values,) node of each code
    parents: NDArray[np.int64]  # (nodes,) leaves first, level by level; the top is its own parent
    levels: NDArray[np.int64]  # (nodes,)
    below: NDArray[np.int64]  # (nodes,) records of the table


class Moves(NamedTuple):
    """Scratch, zero between calls: (values,); (3, nodes): records of the class below, surplus of the
    children, whose turn it is."""

    held: NDArray[np.int64]
    nodes: NDArray[np.int64]


@inlined
def _run(run: Any, there: Any, n: int, row: Any) -> Any:
    """sum_(begin <= i < end) |there - n Q_i|, where Q_i, the records with a value up to the i-th, rise."""
    begin, end = run
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if row.before[middle + 1] * n < there:
            low = middle + 1
        else:
            high = middle
    below = (low - begin) * there - n * (row.sums[low] - row.sums[begin])
    return below + n * (row.sums[end] - row.sums[low]) - (end - low) * there


@inlined
def ordered(group: Any, records: int, row: Any, held: Any) -> Any:
    """(distance * n * records * width, width) of a class, (values, counts, n), with values in a row."""
    values, counts, n = group
    width = row.order.shape[0]
    moved, there = np.int64(0), np.int64(0)
    if width <= _FEW:
        for e in range(values.shape[0]):
            held[row.ranks[values[e]]] = counts[e]
        for i in range(width):
            there += held[i]
            held[i] = 0
            moved += abs(there * records - row.before[i + 1] * n)
        return moved, np.int64(max(1, width - 1))
    last = np.int64(0)
    ranks = row.ranks[values]
    for e in np.argsort(ranks):
        moved += _run((last, ranks[e]), there, n, row)
        last = ranks[e]
        there += counts[e] * records
    return moved + _run((last, np.int64(width)), there, n, row), np.int64(max(1, width - 1))


@inlined
def hierarchical(group: Any, records: int, tree: Any, nodes: Any) -> Any:
    """(distance * n * records * width, width) of a class, (values, counts, n), with values as leaves. A node
    without a record of the class has no surplus: in a large tree only those above its values are visited."""
    values, counts, n = group
    last = tree.levels.shape[0] - 1
    moved = np.int64(0)
    if last < _FEW:
        for e in range(values.shape[0]):
            nodes[0, tree.leaves[values[e]]] = counts[e]
        for node in range(last + 1):
            there, surplus = nodes[0, node], nodes[1, node]
            nodes[0, node] = 0
            nodes[1, node] = 0
            net = there * records - tree.below[node] * n
            moved += tree.levels[node] * min(surplus, surplus - net)  # a leaf has level 0
            parent = tree.parents[node]
            if parent != node:
                nodes[0, parent] += there
                nodes[1, parent] += max(np.int64(0), net)
        return moved, max(np.int64(1), tree.levels[last])
    used, at = 0, 0
    for e in range(values.shape[0]):
        leaf = tree.leaves[values[e]]
        if nodes[0, leaf] == 0:
            nodes[2, used] = leaf
            used += 1
        nodes[0, leaf] = counts[e]
    while at < used:  # parents join after all nodes of the level below
        node = nodes[2, at]
        at += 1
        there, surplus = nodes[0, node], nodes[1, node]
        net = there * records - tree.below[node] * n
        moved += tree.levels[node] * min(surplus, surplus - net)
        parent = tree.parents[node]
        if parent != node:
            if nodes[0, parent] == 0:
                nodes[2, used] = parent
                used += 1
            nodes[0, parent] += there
            nodes[1, parent] += max(np.int64(0), net)
    for i in range(used):
        nodes[0, nodes[2, i]] = 0
        nodes[1, nodes[2, i]] = 0
    return moved, max(np.int64(1), tree.levels[last])


@inlined
def near_part(group: Any, far: float, t: float, shares: Any, held: Any) -> Any:
    """The most records of a class at distance `far` > t that may stay."""
    values, counts, n = group
    left = n * (far - t)  # what removed records must have beyond t each, at least
    removed = 0.0
    if shares.far.shape[0] > _FEW:
        most = 0.0
        for v in values:
            most = max(most, shares.caps[v])
        removed = left / (most - t) if most > t else float(n)
    else:
        for e in range(values.shape[0]):
            held[values[e]] = counts[e]
        for v in shares.far:
            over = shares.caps[v] - t
            if left <= 0 or over <= 0:
                break  # what is left then is rounding
            take = min(float(held[v]), left / over)
            removed += take
            left -= take * over
        for v in values:
            held[v] = 0
    return min(n, np.int64(np.floor(n - removed + _SAFE + n * 1e-9)))
