"""Compiled: for how many records a predicate is true.

The clause that fewest records can meet leads: only its records are looked at. The records of a clause lie
together, for each column is kept in sorted order.
"""

from typing import Any

import numpy as np

from ppdesk.core.compiling import compiled, inlined


@inlined
def _true(  # noqa: PLR0911 - a kernel
    op: int, a: float, b: float, low: float, high: float
) -> bool:
    """Whether a clause on numbers holds for a cell from low to high; NaN: missing."""
    if op == 0:
        return True
    if op == 1:
        return bool(np.isnan(low))
    if op == 2:
        return not np.isnan(low)
    if op == 3:
        return low >= a
    if op == 4:
        return high <= b
    if op == 5:
        return low > b
    if op == 6:
        return high < a
    if op == 7:
        return low >= a and high <= b
    return high < a or low > b


@compiled
def _named(code: int, label: int, at: int, wide: int, anc: Any) -> bool:
    """Whether the label stands for the code."""
    found = False
    for place in range(at + code * wide, at + (code + 1) * wide):
        found = found or anc[place] == label
    return found


@compiled
def _first(sorted_values: Any, start: int, end: int, value: float) -> int:
    """The first place from `start` to `end` whose number is not below `value`."""
    while start < end:
        middle = (start + end) // 2
        if sorted_values[middle] < value:
            start = middle + 1
        else:
            end = middle
    return start


@compiled
def matches(  # noqa: PLR0912, PLR0917 - a kernel
    column: Any, op: Any, a: Any, b: Any, numeric: Any, low: Any, high: Any, order: Any, kept: Any,
    start: Any, labels: Any, label_at: Any, anc: Any, anc_at: Any, anc_wide: Any, most: int, found: Any,
) -> None:  # fmt: skip
    """Fill `found` (predicates,) with the number of records for which all clauses hold, at most `most`."""
    rows = low.shape[1]
    for q in range(column.shape[0]):
        best, first, last = rows, 0, 0
        listed = False
        for i in range(column.shape[1]):
            j, kind = column[q, i], op[q, i]
            begin, end = 0, rows
            usable = False
            if numeric[j] and kind in (3, 7):
                stop = start[j, 1] - 1
                begin, end = _first(kept, start[j, 0], stop, a[q, i]), stop
                if kind == 7:
                    end = _first(kept, begin, stop, np.nextafter(b[q, i], np.inf))
                usable = True
            elif numeric[j] and kind == 4:
                begin = start[j, 1]
                stop = 2 * begin - 1 - start[j, 0]  # as many as in the list by low
                end = _first(kept, begin, stop, np.nextafter(b[q, i], np.inf))
                usable = True
            elif not numeric[j] and kind == 9:
                place = label_at[j] + np.int64(a[q, i])
                begin, end = labels[place], labels[place + 1]
                usable = True
            if usable and end - begin < best:
                best, first, last, listed = end - begin, begin, end, True
        if not listed:
            first, last = 0, rows
        count = 0
        for at in range(first, last):
            r = order[at] if listed else at
            right = True
            for i in range(column.shape[1]):
                j, kind = column[q, i], op[q, i]
                x = low[j, r]
                if numeric[j] or kind < 3:
                    right = _true(kind, a[q, i], b[q, i], x, high[j, r])
                elif np.isnan(x):
                    right = False
                else:
                    right = _named(int(x), int(a[q, i]), anc_at[j], anc_wide[j], anc)
                    if kind == 10:
                        right = not right
                if not right:
                    break
            if right:
                count += 1
                if count >= most:
                    break
        found[q] = count
