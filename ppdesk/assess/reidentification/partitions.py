"""Compiled: split groups of tuples by one more column, and note which tuples become unique.

A partition is `members` (m,) int32, tuples group by group, and `starts` (groups + 1,) int64. It holds only
groups of several tuples: a tuple alone is settled, because no further column tells it from more.
"""

from typing import Any, NamedTuple

import numpy as np

from ppdesk.core.compiling import compiled


@compiled
def _tally(codes: Any, group: Any, bucket: Any, seen: Any) -> int:
    """Count the tuples of a group by value into `bucket`, note the values in `seen`, return how many."""
    different = 0
    for one in group:
        code = codes[one]
        if code >= 0:
            if bucket[code] == 0:
                seen[different] = code
                different += 1
            bucket[code] += 1
    return different


@compiled
def refine(codes: Any, size: int, counts: Any, members: Any, starts: Any) -> Any:
    """(members, starts, alone (n,) int32, settled (2,) float64) of the partition split by one column.

    `codes` (tuples,) int32 below `size`, negative where the tuple has no value: it leaves the partition.
    `counts` (tuples,) int64 records. `alone`: tuples of one record that nothing is like any more. `settled`:
    how many classes of records became settled, and how many ordered pairs of records are alike in them.
    """
    held = np.empty(members.shape[0], np.int32)
    ends = np.empty(members.shape[0] // 2 + 2, np.int64)
    alone = np.empty(members.shape[0], np.int32)
    settled = np.zeros(2, np.float64)
    bucket = np.zeros(size, np.int64)  # tuples of the group with each value; later, where to put the next
    seen = np.empty(min(size, members.shape[0]), np.int32)
    ends[0] = 0
    groups, used, found = 0, 0, 0
    for g in range(starts.shape[0] - 1):
        different = _tally(codes, members[starts[g] : starts[g + 1]], bucket, seen)
        for s in range(different):
            tuples = bucket[seen[s]]
            if tuples == 1:
                bucket[seen[s]] = -1
            else:
                bucket[seen[s]] = used
                used += tuples
                groups += 1
                ends[groups] = used
        for i in range(starts[g], starts[g + 1]):
            one = members[i]
            code = codes[one]
            if code < 0:
                continue
            at = bucket[code]
            if at < 0:
                settled[0] += 1
                settled[1] += counts[one] * (counts[one] - 1.0)
                if counts[one] == 1:
                    alone[found] = one
                    found += 1
            else:
                held[at] = one
                bucket[code] += 1
        for s in range(different):
            bucket[seen[s]] = 0
    return held[:used].copy(), ends[: groups + 1].copy(), alone[:found].copy(), settled


@compiled
def alike(counts: Any, members: Any, starts: Any) -> float:
    """How many ordered pairs of different records of a partition are in the same group."""
    pairs = 0.0
    for g in range(starts.shape[0] - 1):
        records = 0
        for i in range(starts[g], starts[g + 1]):
            records += counts[members[i]]
        pairs += records * (records - 1.0)
    return pairs


class Linked(NamedTuple):
    """Minimal sample uniques of each tuple, as linked lists: one for each lowest column. `first` (columns,
    tuples) int64 is a place in `links` (room, 2) int64, which holds a mask and the next place; -1 ends.
    `by_size` (tuples, sizes) int32 counts them."""

    first: Any
    links: Any
    by_size: Any


@compiled
def note(mask: int, alone: Any, known: Any, used: int) -> int:
    """Note a minimal sample unique for each of the `alone` tuples that has none within `mask`, where there
    must be room for all; returns how many places are used now, `used` before.

    A tuple comes here only while it is not unique without the lowest column of the mask, so what it has
    within the mask has that lowest column, too."""
    lowest = 0
    while not (mask >> lowest) & 1:
        lowest += 1
    width, rest = 0, mask
    while rest:
        width += rest & 1
        rest >>= 1
    first = known.first[lowest]
    for one in alone:
        at = first[one]
        while at >= 0 and (known.links[at, 0] & ~mask) != 0:
            at = known.links[at, 1]
        if at < 0:
            known.links[used, 0] = mask
            known.links[used, 1] = first[one]
            first[one] = used
            used += 1
            known.by_size[one, width - 1] += 1
    return used
