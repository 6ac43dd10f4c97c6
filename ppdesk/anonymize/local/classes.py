"""Compiled: classes of records, each with the lowest labels that all of its records share.

A class is a linked list of units. What it costs is its size times the cost of its labels.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.local.judge import fits
from ppdesk.core.compiling import compiled

# typed: kernels called with a plain -1 would be compiled for it alone
NONE: Any = np.int64(-1)
FIRST: Any = np.int64(0)
OUT: Any = np.int64(-1)  # the class of a suppressed unit


class Classes(NamedTuple):
    """`of`, `after`, `before` (units,): the class of each unit, and its neighbours in the list of that class;
    the rest per class. All int64 but `cost`. A class without units is free."""

    of: NDArray[np.int64]
    after: NDArray[np.int64]
    before: NDArray[np.int64]
    head: NDArray[np.int64]
    size: NDArray[np.int64]  # records
    held: NDArray[np.int64]  # units
    rungs: NDArray[np.int64]  # (classes, columns)
    cost: NDArray[np.float64]  # of one record


@compiled
def climb(at: Any, one: int, other: int, leaves: Any, tree: Any) -> None:
    """Raise the rungs `at` (columns,) until units `one` and `other` share the label in each column."""
    for d in range(leaves.shape[1]):
        a, b, rung = leaves[one, d], leaves[other, d], at[d]
        while tree.maps[tree.starts[d, rung] + a] != tree.maps[tree.starts[d, rung] + b]:
            rung += 1
        at[d] = rung


@compiled
def price(at: Any, unit: int, leaves: Any, tree: Any) -> float:
    """What one record costs with the labels of `unit` on the rungs `at`."""
    total = 0.0
    for d in range(leaves.shape[1]):
        total += tree.cost[tree.starts[d, at[d]] + leaves[unit, d]]
    return total


@compiled
def joined(at: Any, unit: int, other: int, leaves: Any, tree: Any, limit: float) -> float:  # noqa: PLR0917 - a kernel
    """`price` after `climb`, without changing `at`. Above `limit` it may be less than that."""
    total = 0.0
    for d in range(leaves.shape[1]):
        a, b, rung = leaves[unit, d], leaves[other, d], at[d]
        while tree.maps[tree.starts[d, rung] + a] != tree.maps[tree.starts[d, rung] + b]:
            rung += 1
        total += tree.cost[tree.starts[d, rung] + a]
        if total >= limit:
            break
    return total


@compiled
def without(c: int, unit: int, s: Any, leaves: Any, tree: Any, at: Any) -> Any:  # noqa: PLR0917 - a kernel
    """Set `at` to the rungs of class `c` without `unit`. Returns another unit of it, or NONE."""
    first = s.head[c]
    if first == unit:
        first = s.after[first]
    at[:] = 0
    if first < 0:
        return NONE
    member = s.after[first]
    while member >= 0:
        if member != unit:
            climb(at, first, member, leaves, tree)
        member = s.after[member]
    return first


@compiled
def attach(unit: int, c: int, weight: int, s: Any, leaves: Any, tree: Any) -> None:  # noqa: PLR0917 - a kernel
    """Put a unit that is in no class into class `c`, and price it."""
    head = s.head[c]
    s.after[unit], s.before[unit], s.of[unit], s.head[c] = head, NONE, c, unit
    s.size[c] += weight
    s.held[c] += 1
    if head >= 0:
        s.before[head] = unit
        climb(s.rungs[c], head, unit, leaves, tree)
    else:
        s.rungs[c] = 0
    s.cost[c] = price(s.rungs[c], unit, leaves, tree)


@compiled
def detach(unit: int, weight: int, s: Any, leaves: Any, tree: Any) -> None:
    """Take a unit out of its class, and price that."""
    c = s.of[unit]
    if s.before[unit] >= 0:
        s.after[s.before[unit]] = s.after[unit]
    else:
        s.head[c] = s.after[unit]
    if s.after[unit] >= 0:
        s.before[s.after[unit]] = s.before[unit]
    s.of[unit] = OUT
    s.size[c] -= weight
    s.held[c] -= 1
    if s.head[c] < 0:
        s.cost[c] = 0.0
    elif s.cost[c] > 0:
        first = without(c, NONE, s, leaves, tree, s.rungs[c])
        s.cost[c] = price(s.rungs[c], first, leaves, tree)


@compiled
def move(unit: int, c: int, j: Any, s: Any, leaves: Any, tree: Any) -> None:  # noqa: PLR0917 - a kernel
    """Move a unit into class `c`."""
    detach(unit, j.weight[unit], s, leaves, tree)
    attach(unit, c, j.weight[unit], s, leaves, tree)


@compiled
def good(c: int, j: Any, s: Any) -> bool:
    """Whether a class meets k and all rules. A class without units does."""
    if s.head[c] < 0:
        return True
    if not j.judged:
        return bool(s.size[c] >= j.k)
    members = np.empty(s.held[c], np.int64)
    member, at = s.head[c], 0
    while member >= 0:
        members[at] = member
        at += 1
        member = s.after[member]
    return bool(fits(members, s.size[c], j))


@compiled
def all_good(a: int, b: int, c: int, j: Any, s: Any) -> bool:
    """`good` of three classes: one call of it, as compiling each takes long."""
    for one in (a, b, c):  # noqa: SIM110 - a kernel
        if not good(one, j, s):
            return False
    return True


@compiled
def build(of: Any, room: int, j: Any, leaves: Any, tree: Any) -> Any:
    """The classes `of` (units,) int64, numbered below `room`; OUT is none."""
    n, m = leaves.shape
    s = Classes(
        np.full(n, OUT, np.int64), np.full(n, NONE, np.int64), np.full(n, NONE, np.int64),
        np.full(room, NONE, np.int64), np.zeros(room, np.int64), np.zeros(room, np.int64),
        np.zeros((room, m), np.int64), np.zeros(room),
    )  # fmt: skip
    for unit in range(n):
        if of[unit] >= 0:
            attach(unit, of[unit], j.weight[unit], s, leaves, tree)
    return s


@compiled
def total(s: Any) -> float:
    """What all classes cost together."""
    found = 0.0
    for c in range(s.head.shape[0]):
        found += s.size[c] * s.cost[c]
    return found
