"""Compiled: the closest of many records, column by column until a record is too far away."""

from typing import Any

import numpy as np

from ppdesk.core.compiling import compiled


@compiled
def closest(  # noqa: PLR0912, PLR0917 - a kernel
    kinds: Any, asked: Any, low: Any, high: Any, scale: Any, table: Any, table_at: Any, width: Any,
    starts: Any, found: Any,
) -> None:  # fmt: skip
    """Fill `found` (targets, count) with the closest records, the closest first; among equally close ones
    those that come first from `starts` (targets,) on, round the end."""
    count = found.shape[1]
    records, columns = low.shape
    far = np.empty(count)
    for t in range(asked.shape[0]):
        held = 0
        limit = np.inf
        c = starts[t]
        for _ in range(records):
            c += 1
            if c == records:
                c = 0
            total = 0.0
            for j in range(columns):
                v = asked[t, j]
                a = low[c, j]
                if kinds[j] == 1:
                    if v != a:
                        total += 1.0
                elif kinds[j] == 0:
                    b = high[c, j]
                    if np.isnan(v) or np.isnan(a):
                        total += 1.0
                    elif a == b:
                        total += abs(v - a) / scale[j]
                    elif v <= a or v >= b:
                        total += abs(v - (a + b) / 2) / scale[j]
                    else:
                        total += ((v - a) ** 2 + (b - v) ** 2) / (2 * (b - a)) / scale[j]
                else:
                    total += table[table_at[j] + np.int64(v) * width[j] + np.int64(a)]
                if total >= limit:
                    break
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
