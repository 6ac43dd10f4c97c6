"""Compiled: records that no class was found for join one, or are suppressed where that costs less."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.local.classes import FIRST, OUT, attach, detach, good, joined, move
from ppdesk.core.compiling import compiled

REACH = 48  # units to each side of one, in an order


class Nearby(NamedTuple):
    """Some orders of all units, in which those that share labels stand together: `units` (orders, placed)
    are those in a class, and `place` (orders, units) how many of them stand before each unit. Without an
    order, a unit is compared with all classes."""

    units: NDArray[np.int64]
    place: NDArray[np.int64]


@compiled
def _cheapest(unit: int, weight: int, near: Any, s: Any, leaves: Any, tree: Any) -> tuple[int, float]:  # noqa: PLR0917 - a kernel
    """(the class that a unit joins at the least cost, or OUT; that cost)."""
    best, least = OUT, np.inf
    orders, placed = near.units.shape
    if orders == 0:
        for c in range(s.head.shape[0]):
            if s.head[c] >= 0:
                added = _added(unit, weight, c, least, s, leaves, tree)
                if added < least:
                    best, least = c, added
    for order in range(orders):
        middle, last = near.place[order, unit], OUT
        for at in range(max(0, middle - REACH), min(placed, middle + REACH)):
            c = s.of[near.units[order, at]]
            if c != last and c != OUT:  # noqa: PLR1714 - a kernel
                added = _added(unit, weight, c, least, s, leaves, tree)
                if added < least:
                    best, least = c, added
            last = c
    return best, least


@compiled
def _added(unit: int, weight: int, c: int, least: float, s: Any, leaves: Any, tree: Any) -> float:  # noqa: PLR0917 - a kernel
    """What class `c` costs more with a unit; where that is above `least`, it may be less."""
    before, size = s.size[c] * s.cost[c], s.size[c] + weight
    cost = joined(s.rungs[c], s.head[c], unit, leaves, tree, (least + before) / size)
    return float(cost * size - before)


@compiled
def place_all(j: Any, s: Any, near: Any, leaves: Any, tree: Any, limit: int, most: float) -> bool:  # noqa: PLR0917 - a kernel
    """Put each unit that is in no class into the class where that costs least, of those `near`. A unit is
    suppressed instead where a record in it would cost more than `most`, while that is at most `limit` records
    in all.

    What no class can take becomes one with the nearest classes, one after the other. False where that does
    not meet the rules even with all of them: no class is left then."""
    n = leaves.shape[0]
    suppressed = np.int64(0)
    waiting = np.empty(n, np.int64)
    count = 0
    for unit in range(n):
        if s.of[unit] != OUT:
            continue
        weight = j.weight[unit]
        best, least = _cheapest(unit, weight, near, s, leaves, tree)
        if least > most * weight and suppressed + weight <= limit:
            suppressed += weight
            continue
        if best >= 0:
            attach(unit, best, weight, s, leaves, tree)
            if j.judged and not good(best, j, s):
                detach(unit, weight, s, leaves, tree)
                best = OUT
        if best < 0:
            waiting[count] = unit
            count += 1
    return count == 0 or _pool(waiting[:count], j, s, leaves, tree)


@compiled
def _pool(waiting: Any, j: Any, s: Any, leaves: Any, tree: Any) -> bool:
    """Make one class of units, and join it with the nearest ones until it meets what is asked."""
    pool = FIRST
    while pool < s.head.shape[0] and s.head[pool] >= 0:
        pool += 1
    for unit in waiting:
        attach(unit, pool, j.weight[unit], s, leaves, tree)
    while not good(pool, j, s):
        best, least = OUT, np.inf
        for c in range(s.head.shape[0]):
            if c == pool or s.head[c] < 0:
                continue
            size = s.size[pool] + s.size[c]
            cost = joined(s.rungs[pool], s.head[pool], s.head[c], leaves, tree, np.inf)
            added = cost * size - s.size[c] * s.cost[c]
            if added < least:
                best, least = c, added
        if best < 0:
            return False
        while s.head[best] >= 0:
            move(s.head[best], pool, j, s, leaves, tree)
    return True
