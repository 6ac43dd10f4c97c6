"""Compiled: the closest of many records, column by column until a record is too far away."""

from typing import Any

import numpy as np

from ppdesk.core.compiling import compiled, inlined


@inlined
def _far(  # noqa: PLR0917 - a kernel
    t: int, c: int, limit: float, kinds: Any, asked: Any, low: Any, high: Any, scale: Any, table: Any,
    table_at: Any, width: Any,
) -> float:  # fmt: skip
    """How far record c is from target t; above `limit` it may be less than that."""
    total = 0.0
    for j in range(kinds.shape[0]):
        v = asked[t, j]
        a = low[c, j]
        if kinds[j] == 0:
            b = high[c, j]
            if np.isnan(v) or np.isnan(a):
                total += 1.0
            elif a == b:
                total += abs(v - a) / scale[j]
            elif v <= a or v >= b:
                total += abs(v - (a + b) / 2) / scale[j]
            else:
                total += ((v - a) ** 2 + (b - v) ** 2) / (2 * (b - a)) / scale[j]
        elif kinds[j] == 1:
            if v != a:
                total += 1.0
        else:
            total += table[table_at[j] + np.int64(v) * width[j] + np.int64(a)]
        if total > limit:
            break
    return total


@compiled
def one_closest(  # noqa: PLR0917 - a kernel
    kinds: Any, asked: Any, low: Any, high: Any, scale: Any, table: Any, table_at: Any, width: Any,
    counts: Any, chances: Any, found: Any, within: Any,
) -> None:  # fmt: skip
    """Fill `found` (targets,) with the distinct record at the least distance, and `within` with a number
    below its count: all records at that distance are equally likely. `counts` (distinct,): how many records
    are equal to each; `chances` (targets,): uniform in 0..1."""
    tied = np.empty(low.shape[0], dtype=np.int64)
    for t in range(asked.shape[0]):
        limit = np.inf
        held = 0
        total = 0
        for c in range(low.shape[0]):
            far = _far(t, c, limit, kinds, asked, low, high, scale, table, table_at, width)
            if far > limit:
                continue
            if far < limit:
                limit = far
                held = 0
                total = 0
            tied[held] = c
            held += 1
            total += counts[c]
        left = min(total - 1, int(chances[t] * total))
        place = 0
        while left >= counts[tied[place]]:
            left -= counts[tied[place]]
            place += 1
        found[t] = tied[place]
        within[t] = left


@compiled
def closest(  # noqa: PLR0917 - a kernel
    kinds: Any, asked: Any, low: Any, high: Any, scale: Any, table: Any, table_at: Any, width: Any,
    starts: Any, found: Any,
) -> None:  # fmt: skip
    """Fill `found` (targets, count) with the closest records, the closest first; among equally close ones
    those that come first from `starts` (targets,) on, round the end."""
    count = found.shape[1]
    records = low.shape[0]
    far = np.empty(count)
    for t in range(asked.shape[0]):
        held = 0
        limit = np.inf
        for step in range(records):
            c = (starts[t] + step) % records
            total = _far(t, c, limit, kinds, asked, low, high, scale, table, table_at, width)
            if total >= limit:
                continue
            # an insertion keeps the first ones first among equals
            place = min(held, count - 1)
            while place > 0 and far[place - 1] > total:
                far[place] = far[place - 1]
                found[t, place] = found[t, place - 1]
                place -= 1
            far[place] = total
            found[t, place] = c
            held = min(held + 1, count)
            if held == count:
                limit = far[count - 1]
