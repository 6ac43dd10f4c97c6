"""Compiled kernels that keep class tables and group them further, without allocating per check.

A table holds a leaf code per block and the records of each class; it serves every more general transformation.
All arrays are made once, in `make`.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.compiling import compiled
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.grouping import number

_LARGEST = np.int64(1) << np.int64(62)  # keys stay below, so that they never wrap
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio (Knuth, TAOCP 6.4) spreads keys
_REACH = 64  # keys of up to so many times the groups are addressed directly (measured)
_MOST_DIRECT = 1 << 17  # and at most so many: 1 MiB
_ID = np.uint64((1 << 32) - 1)
_HALF = np.uint64(32)
_MOST_TABLES = 4096
_MOST_HUBS = 1 << 14
_BLOCK_CACHE = 1 << 16  # entries per block of label tables that are kept


class Source(NamedTuple):
    """The frequency set and its hierarchies. As `grouping.Transformation`, but `starts`, `widths`, `even` for
    all levels, (columns, levels); `codes` is flat, block after block."""

    codes: NDArray[np.uint32]
    counts: NDArray[np.int64]
    maps: NDArray[np.uint32]
    weights: NDArray[np.int64]
    starts: NDArray[np.int64]
    widths: NDArray[np.int64]
    even: NDArray[np.bool_]
    shape: NDArray[np.int64]  # (columns,) levels of each
    columns: NDArray[np.int64]
    first: NDArray[np.int64]
    sizes: NDArray[np.int64]
    leaves: NDArray[np.uint32]
    at: NDArray[np.int64]


class Tables(NamedTuple):
    """Kept class tables, and scratch."""

    words: NDArray[np.int64]  # (tables,) levels in fields, see `exploring.Box`
    sizes: NDArray[np.int64]
    rowed: NDArray[np.bool_]  # whether its histograms are there
    offsets: NDArray[np.int64]
    used: NDArray[np.int64]  # [tables, groups in the pool, generation of the slots, groups read so far]
    codes: NDArray[np.uint32]  # flat pool, block after block
    counts: NDArray[np.int64]
    cells: NDArray[np.int32]  # (groups of the pool, width) histograms of sensitive attributes
    slots: NDArray[np.uint64]  # generation << 32 | class
    slot_keys: NDArray[np.int64]
    short_keys: NDArray[np.uint32]
    long_keys: NDArray[np.int64]
    ids: NDArray[np.uint32]  # class of each group
    first: NDArray[np.uint32]  # a group of each class
    sums: NDArray[np.int64]  # records of each class
    hidden: NDArray[np.bool_]  # whether it is suppressed
    merged: NDArray[np.int32]  # (classes, width) histograms
    labels: NDArray[np.uint32]  # label tables of blocks of several columns
    labels_at: NDArray[np.int64]  # (blocks + 1,) where a block's tables begin, in `labels`
    holds: NDArray[np.int64]  # which combination of levels a table is of
    holds_at: NDArray[np.int64]  # (blocks + 1,)
    held: NDArray[np.int64]  # (widest level,) scratch
    hub_words: NDArray[np.int64]  # hash table: transformations that may become hubs, + 1
    hub_reads: NDArray[np.int64]  # groups that were read for want of it; -1: it was made


def source(frequencies: FrequencySet) -> Source:
    """A frequency set for the kernels."""
    maps = frequencies.maps
    finest = maps.finest
    return Source(
        codes=np.ascontiguousarray(frequencies.codes).reshape(-1).view(np.uint32), counts=frequencies.counts,
        maps=finest.maps.view(np.uint32), weights=finest.weights, starts=maps.starts, widths=maps.widths, even=maps.even,
        shape=np.array(maps.shape, np.int64), columns=finest.columns, first=finest.first, sizes=finest.sizes, leaves=finest.leaves.view(np.uint32), at=finest.at,
    )  # fmt: skip


def make(frequencies: FrequencySet, width: int) -> Tables:
    """Room for the tables of a search; `width` of the histograms. Memory that is never used is not touched."""
    maps, groups = frequencies.maps, len(frequencies.counts)
    blocks = len(maps.finest.sizes)
    room = max(4 * groups, min(200 * groups, 4_000_000))
    bits = max(10, (2 * groups - 1).bit_length())
    labels_at, holds_at = [0], [0]
    for b in range(blocks):
        members = maps.finest.columns[maps.finest.first[b] : maps.finest.first[b + 1]].tolist()
        size, slots = int(maps.finest.sizes[b]), 0
        if len(members) > 1:
            slots = min(math.prod(maps.shape[d] for d in members), max(1, _BLOCK_CACHE // size))
        labels_at.append(labels_at[-1] + slots * size)
        holds_at.append(holds_at[-1] + slots)
    tables = Tables(
        words=np.zeros(_MOST_TABLES, np.int64),
        sizes=np.zeros(_MOST_TABLES, np.int64),
        rowed=np.ones(_MOST_TABLES, np.bool_),
        offsets=np.zeros(_MOST_TABLES, np.int64),
        used=np.zeros(4, np.int64),
        codes=np.empty(blocks * room, np.uint32),
        counts=np.empty(room, np.int64),
        cells=np.empty((room, width), np.int32),
        slots=np.zeros(max(1 << bits, _MOST_DIRECT), np.uint64),
        slot_keys=np.empty(1 << bits, np.int64),
        short_keys=np.empty(groups, np.uint32),
        long_keys=np.empty(groups, np.int64),
        ids=np.empty(groups, np.uint32),
        first=np.empty(groups + 1, np.uint32),
        sums=np.empty(groups + 1, np.int64),
        hidden=np.empty(groups, np.bool_),
        merged=np.empty((groups, width), np.int32),
        labels=np.empty(labels_at[-1], np.uint32),
        labels_at=np.array(labels_at, np.int64),
        holds=np.full(holds_at[-1] + 1, -1, np.int64),
        holds_at=np.array(holds_at, np.int64),
        held=np.zeros(int(maps.widths.max()), np.int64),
        hub_words=np.zeros(_MOST_HUBS, np.int64),
        hub_reads=np.zeros(_MOST_HUBS, np.int64),
    )
    tables.sizes[0] = groups
    tables.used[0] = 1
    return tables


@compiled
def _labels(b: int, levels: Any, from_: Any, tables: Any) -> Any:
    """Label of each code of a block: of several columns, in mixed radix."""
    begin, end, size = from_.first[b], from_.first[b + 1], from_.sizes[b]
    if end - begin == 1:
        d = from_.columns[begin]
        start = from_.starts[d, levels[d]]
        return from_.maps[start : start + size]
    combination, radix = np.int64(0), np.int64(1)
    for i in range(begin, end):
        d = from_.columns[i]
        combination += radix * levels[d]
        radix *= from_.shape[d]
    slots = tables.holds_at[b + 1] - tables.holds_at[b]
    slot = combination % slots
    start = tables.labels_at[b] + slot * size
    found = tables.labels[start : start + size]
    if tables.holds[tables.holds_at[b] + slot] != combination:
        tables.holds[tables.holds_at[b] + slot] = combination
        found[:] = 0
        step = np.uint32(1)
        for i in range(begin, end):
            d = from_.columns[i]
            labels = from_.maps[from_.starts[d, levels[d]] :]
            leaves = from_.leaves[from_.at[d] :]
            for code in range(size):
                found[code] += step * labels[leaves[code]]
            step = np.uint32(step * np.uint32(from_.widths[d, levels[d]]))
    return found


@compiled
def _width(b: int, levels: Any, from_: Any) -> int:
    """Labels of a block."""
    width = np.int64(1)
    for i in range(from_.first[b], from_.first[b + 1]):
        width *= from_.widths[from_.columns[i], levels[from_.columns[i]]]
    return width


@compiled
def group(flat: Any, stride: int, offset: int, counts: Any, levels: Any, from_: Any, tables: Any) -> int:
    """Group a table by `levels` (columns,). Fills `ids`, `first` and `sums`; returns the number of classes.

    Block b of the table is `flat[b * stride + offset:]`.
    """
    n = counts.shape[0]
    blocks = from_.sizes.shape[0]
    tables.used[3] += n
    most = np.int64(min(tables.slots.shape[0], _REACH * n + 1024))
    space = np.int64(1)
    for b in range(blocks):
        width = _width(b, levels, from_)
        space = most + 1 if space > most // width else space * width
    tables.used[2] += 1
    generation = np.uint64(tables.used[2])
    stamp = generation << _HALF
    slots, ids, first, sums = tables.slots, tables.ids, tables.first, tables.sums
    groups, unit = np.uint64(0), np.uint64(1)
    if space <= most:
        keys = tables.short_keys
        begun, step = False, np.uint32(1)
        for b in range(blocks):
            width = _width(b, levels, from_)
            if width == 1:
                continue
            labels = _labels(b, levels, from_, tables)
            codes = flat[b * stride + offset : b * stride + offset + n]
            if begun:
                for i in range(n):
                    keys[i] += step * labels[codes[i]]
            else:
                for i in range(n):
                    keys[i] = labels[codes[i]]
            begun = True
            step = np.uint32(step * np.uint32(width))
        if not begun:
            keys[:n] = 0
        for i in range(n):
            slot = slots[keys[i]]
            if (slot >> _HALF) != generation:
                slots[keys[i]] = stamp | groups
                first[groups] = i
                sums[groups] = counts[i]
                ids[i] = groups
                groups += unit
            else:
                sums[slot & _ID] += counts[i]
                ids[i] = slot & _ID
        return np.int64(groups)
    wide = tables.long_keys
    wide[:n] = 0
    space = np.int64(1)
    for b in range(blocks):
        width = _width(b, levels, from_)
        if width == 1:
            continue
        if space > _LARGEST // width:
            again, kinds = number(wide[:n], space)
            for i in range(n):
                wide[i] = again[i]
            space = np.int64(kinds.shape[0])
        labels = _labels(b, levels, from_, tables)
        codes = flat[b * stride + offset : b * stride + offset + n]
        for i in range(n):
            wide[i] += space * labels[codes[i]]
        space *= width
    bits = np.int64(4)
    while (np.int64(1) << bits) < 2 * n:
        bits += 1
    mask, shift = (unit << np.uint64(bits)) - unit, np.uint64(64 - bits)
    slot_keys = tables.slot_keys
    for i in range(n):
        key = wide[i]
        at = (np.uint64(key) * _SPREAD) >> shift
        slot = slots[at]
        while (slot >> _HALF) == generation and slot_keys[at] != key:
            at = (at + unit) & mask
            slot = slots[at]
        if (slot >> _HALF) != generation:
            slots[at] = stamp | groups
            slot_keys[at] = key
            first[groups] = i
            sums[groups] = counts[i]
            ids[i] = groups
            groups += unit
        else:
            sums[slot & _ID] += counts[i]
            ids[i] = slot & _ID
    return np.int64(groups)


@compiled
def nearest(word: int, guards: int, rowed: bool, tables: Any) -> int:
    """The smallest kept table (`rowed`: with histograms) that is finer than or equal to `word`."""
    best = 0
    for i in range(1, tables.used[0]):
        finer = ((word | guards) - tables.words[i]) & guards == guards
        if finer and tables.sizes[i] < tables.sizes[best] and (tables.rowed[i] or not rowed):
            best = i
    return best


@compiled
def keep(
    word: int, classes: int, flat: Any, stride: int, offset: int, blocks: int, rowed: bool, tables: Any
) -> bool:
    """Keep the classes just made as a table, where there is room."""
    used, begin = tables.used[0], tables.used[1]
    room = tables.counts.shape[0]
    if used == tables.words.shape[0] or begin + classes > room:
        return False
    for b in range(blocks):
        codes = flat[b * stride + offset :]
        into = tables.codes[b * room + begin : b * room + begin + classes]
        for c in range(classes):
            into[c] = codes[tables.first[c]]
    for c in range(classes):
        tables.counts[begin + c] = tables.sums[c]
        if rowed:
            for v in range(tables.cells.shape[1]):
                tables.cells[begin + c, v] = tables.merged[c, v]
    tables.rowed[used] = rowed
    tables.words[used], tables.sizes[used], tables.offsets[used] = word, classes, begin
    tables.used[0] = used + 1
    tables.used[1] = begin + classes
    return True


@compiled
def read(near: int, levels: Any, from_: Any, cells: Any, tables: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Group kept table `near` by `levels`. Returns (classes, and of the table: codes, stride, offset,
    histograms)."""
    n, offset = tables.sizes[near], tables.offsets[near]
    if near == 0:
        flat, stride, counts = from_.codes, from_.counts.shape[0], from_.counts[:n]
        rows = cells[:n]
    else:
        flat, stride, counts = tables.codes, tables.counts.shape[0], tables.counts[offset : offset + n]
        rows = tables.cells[offset : offset + n]
    return group(flat, stride, offset, counts, levels, from_, tables), flat, stride, offset, rows


@compiled
def merge(cells: Any, classes: int, tables: Any) -> None:
    """Add up the histograms of the classes just made, from those of their groups."""
    n, width = cells.shape
    tables.merged[:classes] = 0
    for i in range(n):
        one = tables.ids[i]
        for v in range(width):
            tables.merged[one, v] += cells[i, v]


@compiled
def hub(word: int, tables: Any) -> int:
    """Where a transformation stands in the table of hubs; -1 where that is full."""
    mask = tables.hub_words.shape[0] - 1
    at = np.int64((np.uint64(word) * _SPREAD) >> np.uint64(50))
    for _ in range(16):
        if tables.hub_words[at] == word + 1:
            return at
        if tables.hub_words[at] == 0:
            tables.hub_words[at] = word + 1
            return at
        at = (at + 1) & mask
    return -1
