"""Compiled kernels that group records: pack coded columns into one integer key, hash, add up counts.

`codes` is (columns, groups) int32, leaf indices; `counts` is (groups,) int64.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.compiling import compiled

_LARGEST = np.int64(1) << np.int64(62)  # keys stay below, so that they never wrap
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio (Knuth, TAOCP 6.4): spreads keys over slots


class Transformation(NamedTuple):
    """One level of each column. `maps` int32 and `weights` int64 are flat tables, leaf -> label and leaf ->
    hierarchy rows that share the label; `starts` and `widths`, (columns,) int64, say where the level's
    table starts, and how many labels the level has."""

    maps: NDArray[np.int32]
    weights: NDArray[np.int64]
    starts: NDArray[np.int64]
    widths: NDArray[np.int64]


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

    Mixed radix, column by column. Where the radix would pass 2**62 the keys so far are renumbered, so any
    number of columns fits.
    """
    m, n = codes.shape
    keys = np.zeros(n, np.int64)
    space = np.int64(1)
    for d in range(m):
        width = to.widths[d]
        if width == 1:
            continue
        if space > _LARGEST // width:
            ids, first = number(keys, space)
            for i in range(n):
                keys[i] = ids[i]
            space = np.int64(first.shape[0])
        table = to.maps[to.starts[d] :]
        for i in range(n):
            keys[i] += space * table[codes[d, i]]
        space *= width
    return keys, space


@compiled
def regroup(codes: Any, counts: Any, to: Any) -> Any:
    """The classes of a transformation."""
    keys, space = pack(codes, to)
    ids, first = number(keys, space)
    sums = np.zeros(first.shape[0], np.int64)
    for i in range(ids.shape[0]):
        sums[ids[i]] += counts[i]
    return Classes(first, sums)


@compiled
def weigh(codes: Any, classes: Any, k: int, limit: int, to: Any) -> tuple[Any, Any]:
    """What k-anonymity suppresses: (records in classes below k, (columns,) int64 sum of the label weights of
    those records). Above `limit` records nobody needs the sums, and they stay zero."""
    m = codes.shape[0]
    removed = np.zeros(m, np.int64)
    suppressed = np.int64(0)
    small = np.empty(classes.first.shape[0], np.int32)
    found = 0
    for c in range(classes.first.shape[0]):
        if classes.sums[c] < k:
            suppressed += classes.sums[c]
            small[found] = c
            found += 1
    if suppressed > limit:
        return suppressed, removed
    for d in range(m):
        weights = to.weights[to.starts[d] :]
        for i in range(found):
            c = small[i]
            removed[d] += classes.sums[c] * weights[codes[d, classes.first[c]]]
    return suppressed, removed


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
