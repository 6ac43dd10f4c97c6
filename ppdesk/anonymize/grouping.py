"""Compiled kernels that group records: pack coded columns into one integer key, hash, add up counts.

Columns are held in blocks: a few columns of few leaves share one code, so that a pass over the groups
serves them all. `codes` is (blocks, groups) int32; `counts` is (groups,) int64.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import compiled

_LARGEST = np.int64(1) << np.int64(62)  # keys stay below, so that they never wrap
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio (Knuth, TAOCP 6.4) spreads keys


class Transformation(NamedTuple):
    """One level of each column, and how columns lie in blocks.

    `maps` int32 and `weights` int64 are flat tables, leaf -> label and leaf -> hierarchy rows that share the
    label; `starts` and `widths`, (columns,) int64, say where the level's table starts, and how many labels
    the level has. Block b holds the columns `first[b]` to `first[b + 1]` of `columns`; its codes are below
    `sizes[b]`. `leaves` int32 is a flat table, code -> leaf, for each column of a block of several; that of
    column d starts at `at[d]`. In a block of one column (`at[d]` < 0) the code is the leaf.
    """

    maps: NDArray[np.int32]
    weights: NDArray[np.int64]
    starts: NDArray[np.int64]
    widths: NDArray[np.int64]
    columns: NDArray[np.int64]
    first: NDArray[np.int64]
    sizes: NDArray[np.int64]
    leaves: NDArray[np.int32]
    at: NDArray[np.int64]
    even: NDArray[np.bool_]  # (columns,) whether all labels of the level have the same weight


class Classes(NamedTuple):
    """Equivalence classes: `first` (classes,) int32, a group in each; `sums` (classes,) int64, records."""

    first: NDArray[np.int32]
    sums: NDArray[np.int64]


@compiled
def _slots(size: int) -> tuple[Any, Any]:
    """(table of a power of two of at least 2 * size empty slots, shift of the hash)."""
    bits = 4
    while (1 << bits) < 2 * size:
        bits += 1
    return np.full(1 << bits, -1, np.int32), np.uint64(64 - bits)


@compiled
def number(keys: Any, space: Any) -> tuple[Any, Any]:
    """Number equal keys alike. Returns (ids (n,) int32, first (groups,) int32: an index with that id).

    `space` is an upper limit of the keys; a small one is addressed directly instead of hashed.
    """
    n = keys.shape[0]
    ids = np.empty(n, np.int32)
    first = np.empty(n, np.int32)
    groups = 0
    if space <= 4 * n + 1024:
        direct = np.full(space, -1, np.int32)
        for i in range(n):
            found = direct[keys[i]]
            if found < 0:
                found = groups
                direct[keys[i]] = groups
                first[groups] = i
                groups += 1
            ids[i] = found
        return ids, first[:groups].copy()
    slots, shift = _slots(n)
    mask = slots.shape[0] - 1
    for i in range(n):
        key = keys[i]
        at = np.int64((np.uint64(key) * _SPREAD) >> shift)
        while slots[at] >= 0 and keys[first[slots[at]]] != key:
            at = (at + 1) & mask
        if slots[at] < 0:
            slots[at] = groups
            first[groups] = i
            groups += 1
        ids[i] = slots[at]
    return ids, first[:groups].copy()


@compiled
def pack(codes: Any, to: Any) -> tuple[Any, Any]:
    """One int64 key per group: equal keys, equal labels in every column. Returns (keys, space).

    Mixed radix, block by block. Where the radix would pass 2**62 the keys so far are renumbered, so any
    number of columns fits.
    """
    n = codes.shape[1]
    keys = np.zeros(n, np.int64)
    space = np.int64(1)
    for b in range(codes.shape[0]):
        members = to.columns[to.first[b] : to.first[b + 1]]
        width = np.int64(1)
        for d in members:
            width *= to.widths[d]
        if width == 1:
            continue
        if space > _LARGEST // width:
            ids, first = number(keys, space)
            for i in range(n):
                keys[i] = ids[i]
            space = np.int64(first.shape[0])
        if members.shape[0] == 1:
            labels = to.maps[to.starts[members[0]] :]
            for i in range(n):
                keys[i] += space * labels[codes[b, i]]
        else:
            table = np.zeros(to.sizes[b], np.int64)
            step = space
            for d in members:
                labels = to.maps[to.starts[d] :]
                leaves = to.leaves[to.at[d] :]
                for code in range(table.shape[0]):
                    table[code] += step * labels[leaves[code]]
                step *= to.widths[d]
            for i in range(n):
                keys[i] += table[codes[b, i]]
        space *= width
    return keys, space


@compiled
def regroup(codes: Any, counts: Any, to: Any) -> Any:
    """The classes of a transformation: `number`, adding up on the way."""
    keys, space = pack(codes, to)
    n = keys.shape[0]
    first = np.empty(n, np.int32)
    sums = np.empty(n, np.int64)
    groups = 0
    if space <= 4 * n + 1024:
        slots, shift, mask = np.full(space, -1, np.int32), np.uint64(0), np.int64(0)
    else:
        slots, shift = _slots(n)
        mask = np.int64(slots.shape[0] - 1)
    for i in range(n):
        key = keys[i]
        at = key
        if mask > 0:
            at = np.int64((np.uint64(key) * _SPREAD) >> shift)
            while slots[at] >= 0 and keys[first[slots[at]]] != key:
                at = (at + 1) & mask
        found = slots[at]
        if found < 0:
            slots[at] = groups
            first[groups] = i
            sums[groups] = counts[i]
            groups += 1
        else:
            sums[found] += counts[i]
    return Classes(first[:groups].copy(), sums[:groups].copy())


@compiled
def weigh_all(codes: Any, classes: Any, chosen: Any, records: Any, to: Any) -> Any:
    """(columns,) int64: the sum of the label weights of all records of the `chosen` classes, which have
    `records` in all."""
    removed = np.zeros(to.columns.shape[0], np.int64)
    found = chosen.shape[0]
    held = np.empty(found, np.int32)
    for b in range(codes.shape[0]):
        for i in range(found):
            held[i] = codes[b, classes.first[chosen[i]]]
        for d in to.columns[to.first[b] : to.first[b + 1]]:
            weights = to.weights[to.starts[d] :]
            if to.even[d]:
                removed[d] = records * weights[0]
            elif to.at[d] < 0:
                for i in range(found):
                    removed[d] += classes.sums[chosen[i]] * weights[held[i]]
            else:
                leaves = to.leaves[to.at[d] :]
                for i in range(found):
                    removed[d] += classes.sums[chosen[i]] * weights[leaves[held[i]]]
    return removed


@compiled
def weigh(codes: Any, classes: Any, k: int, limit: int, to: Any) -> tuple[Any, Any]:
    """What k-anonymity suppresses: (records in classes below k, (columns,) int64 sum of the label weights of
    those records). Above `limit` records nobody needs the sums, and they stay zero."""
    removed = np.zeros(to.columns.shape[0], np.int64)
    suppressed = np.int64(0)
    small = np.empty(classes.first.shape[0], np.int32)
    found = 0
    for c in range(classes.first.shape[0]):
        if classes.sums[c] < k:
            suppressed += classes.sums[c]
            small[found] = c
            found += 1
    if suppressed <= limit:
        removed = weigh_all(codes, classes, small[:found], suppressed, to)
    return suppressed, removed


@compiled
def classify(codes: Any, counts: Any, to: Any) -> tuple[Any, Any]:
    """(class of each group (groups,) int32, classes) of a transformation."""
    keys, space = pack(codes, to)
    ids, first = number(keys, space)
    sums = np.zeros(first.shape[0], np.int64)
    for i in range(ids.shape[0]):
        sums[ids[i]] += counts[i]
    return ids, Classes(first, sums)


@compiled
def nearest(known: Any, sizes: Any, used: int, levels: Any) -> int:
    """Index of the smallest of the first `used` tables that is finer than (or equal to) `levels`."""
    best = 0
    for i in range(1, used):
        if sizes[i] >= sizes[best]:
            continue
        finer = True
        for d in range(levels.shape[0]):
            if known[i, d] > levels[d]:
                finer = False
                break
        if finer:
            best = i
    return best


@compiled
def gather(codes: Any, first: Any) -> Any:
    """(columns, classes) int32: the codes of the groups `first`."""
    m, n = codes.shape[0], first.shape[0]
    out = np.empty((m, n), np.int32)
    for d in range(m):
        for i in range(n):
            out[d, i] = codes[d, first[i]]
    return out
