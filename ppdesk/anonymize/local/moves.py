"""Compiled: local improvement of classes. A change is made only if the classes that it touches cost less
together and still meet k and all rules. Neighbours are sought near a unit in a given order of all units.
"""

from typing import Any

import numpy as np

from ppdesk.anonymize.local.classes import FIRST, NONE, all_good, climb, good, joined, move, price, without
from ppdesk.core.compiling import compiled

_LEAST = 1e-9  # a smaller gain is rounding
_SEARCHED = 256  # units; from a class of more nothing is taken out, as each attempt looks at all of them
_SEEDS = 24  # units that a split tries to grow its part from


@compiled
def nearest(unit: int, order: Any, place: Any, reach: int, seen: Any, stamp: int, s: Any, leaves: Any,  # noqa: PLR0917 - a kernel
            tree: Any) -> tuple[int, float]:  # fmt: skip
    """(the class near `unit` that it would join at the least cost, or NONE; that cost)."""
    best, least, p = NONE, np.inf, place[unit]
    for q in range(max(0, p - reach), min(order.shape[0], p + reach + 1)):
        c = s.of[order[q]]
        if c < 0 or c == s.of[unit] or seen[c] == stamp:
            continue
        seen[c] = stamp
        before, size = s.size[c] * s.cost[c], s.size[c] + 1
        limit = (least + before) / size
        added = joined(s.rungs[c], s.head[c], unit, leaves, tree, limit) * size - before
        if added < least:
            best, least = c, added
    return best, least


@compiled
def sweep(order: Any, place: Any, reach: int, near: int, j: Any, s: Any, leaves: Any, tree: Any) -> float:  # noqa: PLR0912, PLR0915, PLR0917 - a kernel
    """Move records that their class can spare, and replace others by nearer ones. Returns what is gained."""
    n, m = leaves.shape
    seen = np.full(s.head.shape[0], NONE, np.int64)
    rest, other = np.zeros(m, np.int64), np.zeros(m, np.int64)
    won = 0.0
    for p in range(n):
        unit = order[p]
        c = s.of[unit]
        if c < 0 or s.cost[c] <= 0 or j.weight[unit] > 1 or not 1 < s.held[c] <= _SEARCHED:
            continue
        size = s.size[c]
        first = without(c, unit, s, leaves, tree, rest)
        left = price(rest, first, leaves, tree)
        gain = size * s.cost[c] - (size - 1) * left
        if gain <= _LEAST:
            continue
        to, added = nearest(unit, order, place, reach, seen, p, s, leaves, tree)
        if size > j.k:
            if to >= 0 and gain - added > _LEAST:
                move(unit, to, j, s, leaves, tree)
                if j.judged and not all_good(c, to, to, j, s):
                    move(unit, c, j, s, leaves, tree)
                else:
                    won += gain - added
            continue
        # the class can spare none: another unit must come in, from where this one goes or elsewhere
        before = size * s.cost[c]
        best, least, swap = NONE, -_LEAST, False
        member = s.head[c]
        while member >= 0:
            around = place[member]
            for q in range(max(0, around - near), min(n, around + near + 1)):
                more = order[q]
                b = s.of[more]
                if b < 0 or b == c or j.weight[more] > 1 or not 1 < s.held[b] <= _SEARCHED:
                    continue
                theirs = s.size[b] * s.cost[b]
                here = (
                    joined(rest, first, more, leaves, tree, (theirs + before) / size + 1e-9) * size - before
                )
                if here - theirs >= least:
                    continue
                second = without(b, more, s, leaves, tree, other)
                there = joined(other, second, unit, leaves, tree, np.inf) * s.size[b] - theirs
                if here + there < least:
                    best, least, swap = more, here + there, True
                if s.size[b] > j.k and to >= 0 and to != b:
                    there = price(other, second, leaves, tree) * (s.size[b] - 1) - theirs
                    if here + there + added < least:
                        best, least, swap = more, here + there + added, False
            member = s.after[member]
        if best >= 0:
            b = s.of[best]
            goes = b if swap else to
            move(unit, goes, j, s, leaves, tree)
            move(best, c, j, s, leaves, tree)
            if j.judged and not all_good(c, b, goes, j, s):
                move(best, b, j, s, leaves, tree)
                move(unit, c, j, s, leaves, tree)
            else:
                won -= least
    return won


@compiled
def dissolve(order: Any, place: Any, reach: int, j: Any, s: Any, leaves: Any, tree: Any) -> float:  # noqa: PLR0917 - a kernel
    """Give up classes whose records are cheaper elsewhere. Returns what is gained."""
    seen = np.full(s.head.shape[0], NONE, np.int64)
    goes, units = np.empty(_SEARCHED, np.int64), np.empty(_SEARCHED, np.int64)
    stamp, won = 0, 0.0
    for c in range(s.head.shape[0]):
        if s.head[c] < 0 or s.cost[c] <= 0 or s.size[c] > 4 * j.k or s.held[c] > _SEARCHED:
            continue
        before, expected, found, unit = s.size[c] * s.cost[c], 0.0, 0, s.head[c]
        while unit >= 0 and expected < before:
            stamp += 1
            to, added = nearest(unit, order, place, reach, seen, stamp, s, leaves, tree)
            units[found], goes[found] = unit, to
            found += 1
            expected += added * j.weight[unit]
            unit = s.after[unit]
        if unit >= 0 or expected >= before - _LEAST:
            continue
        spent = 0.0
        for at in range(found):
            to = goes[at]
            spent -= s.size[to] * s.cost[to]
            move(units[at], to, j, s, leaves, tree)
            spent += s.size[to] * s.cost[to]
        met = True
        if j.judged:
            for at in range(found):
                met = met and good(goes[at], j, s)
        if met and spent < before - _LEAST:
            won += before - spent
            continue
        for at in range(found - 1, -1, -1):
            move(units[at], c, j, s, leaves, tree)
    return won


@compiled
def split(j: Any, s: Any, leaves: Any, tree: Any) -> float:  # noqa: PLR0912, PLR0915 - a kernel
    """Divide classes of 2 k records and more where both parts fit. Returns what is gained."""
    m = leaves.shape[1]
    room = s.head.shape[0]
    grown, rest = np.zeros(m, np.int64), np.zeros(m, np.int64)
    free, won, c = FIRST, 0.0, FIRST
    while c < room:
        if s.head[c] < 0 or s.cost[c] <= 0 or s.size[c] < 2 * j.k or s.held[c] > _SEARCHED:
            c += 1
            continue
        while free < room and s.head[free] >= 0:
            free += 1
        if free == room:
            break
        members = np.empty(s.held[c], np.int64)
        unit, count = s.head[c], 0
        while unit >= 0:
            members[count] = unit
            unit = s.after[unit]
            count += 1
        before = s.size[c] * s.cost[c]
        least, part = before - _LEAST, np.zeros(count, np.bool_)
        for seed in range(min(count, _SEEDS)):
            taken = np.zeros(count, np.bool_)
            taken[seed] = True
            grown[:] = 0
            first, size = members[seed], j.weight[members[seed]]
            while True:
                nearer, cheapest = NONE, np.inf
                for at in range(count):
                    if not taken[at]:
                        cost = joined(grown, first, members[at], leaves, tree, cheapest)
                        if cost < cheapest:
                            nearer, cheapest = at, cost
                if nearer < 0 or size + j.weight[members[nearer]] > s.size[c] - j.k:
                    break
                taken[nearer] = True
                size += j.weight[members[nearer]]
                climb(grown, first, members[nearer], leaves, tree)
                cost = price(grown, first, leaves, tree) * size
                if size < j.k or cost >= least:
                    continue
                last = NONE
                rest[:] = 0
                for at in range(count):
                    if not taken[at]:
                        if last >= 0:
                            climb(rest, last, members[at], leaves, tree)
                        last = members[at]
                cost += price(rest, last, leaves, tree) * (s.size[c] - size)
                if cost < least:
                    least = cost
                    for at in range(count):
                        part[at] = taken[at]
        if not part.any():
            c += 1
            continue
        for at in range(count):
            if part[at]:
                move(members[at], free, j, s, leaves, tree)
        if j.judged and not all_good(c, free, free, j, s):
            for at in range(count):
                if part[at]:
                    move(members[at], c, j, s, leaves, tree)
            c += 1
        else:
            won += before - least
    return won
