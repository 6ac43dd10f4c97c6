"""Compiled kernels that keep class tables and group them further, without allocating per check.

A table holds a leaf code per block and the records of each class; it serves all that is more general.
All arrays are made once, in `make`.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.grouping import number
from ppdesk.core.compiling import compiled

MOST_RECORDS = 1 << 31  # counts are held in 32 bits
_LARGEST = np.int64(1) << np.int64(62)  # keys stay below, so that they never wrap
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio (Knuth, TAOCP 6.4) spreads keys
_REACH = 64  # keys of up to so many times the groups are addressed directly (measured)
_MOST_DIRECT = 1 << 18  # and at most so many: 1 MiB
_ID = np.uint64((1 << 32) - 1)
_HALF = np.uint64(32)
_MOST_TABLES = 4096
_MOST_HUBS = 1 << 14
_BLOCK_CACHE = 1 << 16  # entries per block of label tables that are kept

TABLES, POOLED, GENERATION, READ, DIRECT = range(5)  # of `Tables.used`


class Source(NamedTuple):
    """The frequency set and its hierarchies. As `grouping.Transformation`, but `starts`, `widths`, `even` for
    all levels, (columns, levels); `codes` is flat, block after block, in 16 bits where they fit."""

    codes: NDArray[Any]
    counts: NDArray[np.uint32]
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

    words: NDArray[np.int64]  # (tables,) levels in fields, see `opening.Box`
    sizes: NDArray[np.int64]
    rowed: NDArray[np.bool_]  # whether its histograms are there
    ranks: NDArray[np.int64]  # size, then number: the least is the nearest
    offsets: NDArray[np.int64]
    used: NDArray[np.int64]  # [tables, groups in the pool, generation of slots, groups read so far, whether
    # the last were addressed directly]
    codes: NDArray[Any]  # flat pool, block after block
    counts: NDArray[np.uint32]
    cells: NDArray[np.int32]  # (groups of the pool, width) histograms of sensitive attributes
    direct: NDArray[np.uint32]  # by key; all zero between two groupings
    slots: NDArray[np.uint64]  # generation << 32 | class
    slot_keys: NDArray[np.int64]
    short_keys: NDArray[np.uint32]
    long_keys: NDArray[np.int64]
    ids: NDArray[np.uint32]  # class of each group, after `identify`
    first: NDArray[np.uint32]  # a group of each class
    sums: NDArray[np.int64]  # records of each class
    hidden: NDArray[np.bool_]  # whether it is suppressed
    merged: NDArray[np.int32]  # (classes, width) histograms
    single: NDArray[np.uint32]  # per column and level of blocks of several, the label of each code
    single_at: NDArray[np.int64]  # (columns, levels) where it begins; below 0, as -1 - begin: not there yet
    labels: NDArray[np.uint32]  # label tables of blocks of several columns
    labels_at: NDArray[np.int64]  # (blocks + 1,) where a block's tables begin, in `labels`
    holds: NDArray[np.int64]  # which combination of levels a table is of
    holds_at: NDArray[np.int64]  # (blocks + 1,)
    held: NDArray[np.int64]  # (widest level or block,) scratch
    some_codes: NDArray[np.uint32]  # scratch: codes of suppressed classes,
    some_counts: NDArray[np.int64]  # and their records
    hub_words: NDArray[np.int64]  # hash table: transformations that may become hubs, + 1
    hub_reads: NDArray[np.int64]  # groups that were read for want of it; -1: it was made


class Held(NamedTuple):
    """One class table: the codes of block b are `codes[b * stride + offset:]`."""

    codes: NDArray[Any]
    stride: int
    offset: int
    counts: NDArray[np.uint32]


def source(frequencies: FrequencySet) -> Source:
    """A frequency set for the kernels."""
    maps = frequencies.maps
    finest = maps.finest
    narrow = np.uint16 if int(finest.sizes.max()) <= 1 << 16 else np.uint32
    return Source(
        codes=frequencies.codes.astype(narrow).reshape(-1),
        counts=frequencies.counts.astype(np.uint32),
        maps=finest.maps.view(np.uint32),
        weights=finest.weights,
        starts=maps.starts,
        widths=maps.widths,
        even=maps.even,
        shape=np.array(maps.shape, np.int64),
        columns=finest.columns,
        first=finest.first,
        sizes=finest.sizes,
        leaves=finest.leaves.view(np.uint32),
        at=finest.at,
    )


def make(frequencies: FrequencySet, from_: Source, width: int) -> Tables:
    """Room for the tables of a search; `width` of the histograms. Memory that is not used is not touched."""
    maps, groups = frequencies.maps, len(frequencies.counts)
    blocks = len(maps.finest.sizes)
    room = max(4 * groups, min(200 * groups, 4_000_000))
    bits = max(10, (2 * groups - 1).bit_length())
    labels_at, holds_at = [0], [0]
    single_at, singles = np.zeros(maps.starts.shape, np.int64), 0
    for b in range(blocks):
        members = maps.finest.columns[maps.finest.first[b] : maps.finest.first[b + 1]].tolist()
        size, slots = int(maps.finest.sizes[b]), 0
        if len(members) > 1:
            slots = min(math.prod(maps.shape[d] for d in members), max(1, _BLOCK_CACHE // size))
            for d in members:
                single_at[d] = -1 - singles - size * np.arange(maps.starts.shape[1])
                singles += size * maps.shape[d]
        labels_at.append(labels_at[-1] + slots * size)
        holds_at.append(holds_at[-1] + slots)
    tables = Tables(
        words=np.zeros(_MOST_TABLES, np.int64),
        sizes=np.zeros(_MOST_TABLES, np.int64),
        rowed=np.ones(_MOST_TABLES, np.bool_),
        ranks=np.zeros(_MOST_TABLES, np.int64),
        offsets=np.zeros(_MOST_TABLES, np.int64),
        used=np.zeros(5, np.int64),
        codes=np.empty(blocks * room, from_.codes.dtype),
        counts=np.empty(room, np.uint32),
        cells=np.empty((room, width), np.int32),
        direct=np.zeros(_MOST_DIRECT, np.uint32),
        slots=np.zeros(1 << bits, np.uint64),
        slot_keys=np.empty(1 << bits, np.int64),
        short_keys=np.empty(groups, np.uint32),
        long_keys=np.empty(groups, np.int64),
        ids=np.empty(groups, np.uint32),
        first=np.empty(groups + 1, np.uint32),
        sums=np.empty(groups + 1, np.int64),
        hidden=np.empty(groups, np.bool_),
        merged=np.empty((groups, width), np.int32),
        single=np.empty(singles, np.uint32),
        single_at=single_at,
        labels=np.empty(labels_at[-1], np.uint32),
        labels_at=np.array(labels_at, np.int64),
        holds=np.full(holds_at[-1] + 1, -1, np.int64),
        holds_at=np.array(holds_at, np.int64),
        held=np.zeros(max(int(maps.widths.max()), int(maps.finest.sizes.max())), np.int64),
        some_codes=np.empty(groups, np.uint32),
        some_counts=np.empty(groups, np.int64),
        hub_words=np.zeros(_MOST_HUBS, np.int64),
        hub_reads=np.zeros(_MOST_HUBS, np.int64),
    )
    tables.sizes[0] = groups
    tables.ranks[0] = groups * _MOST_TABLES
    tables.used[TABLES] = 1
    return tables


@compiled
def _single(d: Any, level: Any, size: Any, from_: Any, tables: Any) -> Any:
    """Label in column d of each code of its block."""
    begin = tables.single_at[d, level]
    if begin < 0:
        begin = -1 - begin
        tables.single_at[d, level] = begin
        labels = from_.maps[from_.starts[d, level] :]
        leaves = from_.leaves[from_.at[d] :]
        for code in range(size):
            tables.single[begin + code] = labels[leaves[code]]
    return tables.single[begin : begin + size]


@compiled
def _labels(b: Any, levels: Any, from_: Any, tables: Any) -> Any:
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
            labels = _single(d, levels[d], size, from_, tables)
            for code in range(size):
                found[code] += step * labels[code]
            step = np.uint32(step * np.uint32(from_.widths[d, levels[d]]))
    return found


@compiled
def _width(b: Any, levels: Any, from_: Any) -> Any:
    """Labels of a block."""
    width = np.int64(1)
    for i in range(from_.first[b], from_.first[b + 1]):
        width *= from_.widths[from_.columns[i], levels[from_.columns[i]]]
    return width


@compiled
def _short(held: Any, levels: Any, from_: Any, tables: Any) -> None:
    """Fill `short_keys`."""
    keys, n = tables.short_keys, held.counts.shape[0]
    begun, step = False, np.uint32(1)
    for b in range(from_.sizes.shape[0]):
        width = _width(b, levels, from_)
        if width == 1:
            continue
        labels = _labels(b, levels, from_, tables)
        begin = b * held.stride + held.offset
        codes = held.codes[begin : begin + n]
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


@compiled
def _long(held: Any, levels: Any, from_: Any, tables: Any) -> None:
    """Fill `long_keys`. Where they would pass 2**62 the keys so far are numbered again."""
    keys, n = tables.long_keys, held.counts.shape[0]
    keys[:n] = 0
    space = np.int64(1)
    for b in range(from_.sizes.shape[0]):
        width = _width(b, levels, from_)
        if width == 1:
            continue
        if space > _LARGEST // width:
            again, kinds = number(keys[:n], space)
            for i in range(n):
                keys[i] = again[i]
            space = np.int64(kinds.shape[0])
        labels = _labels(b, levels, from_, tables)
        begin = b * held.stride + held.offset
        codes = held.codes[begin : begin + n]
        for i in range(n):
            keys[i] += space * labels[codes[i]]
        space *= width


@compiled
def _direct(counts: Any, tables: Any) -> Any:
    """Group by `short_keys`, without a branch per group: each is written down as the next class, and the next
    one overwrites it unless it was one."""
    n = counts.shape[0]
    keys, held, first, sums = tables.short_keys, tables.direct, tables.first, tables.sums
    classes = np.int64(0)
    for i in range(n):
        before = held[keys[i]]
        first[classes] = i
        classes += np.int64(before == 0)
        held[keys[i]] = before + counts[i]
    for c in range(classes):
        key = keys[first[c]]
        sums[c] = held[key]
        held[key] = 0
    return classes


@compiled
def _hashed(counts: Any, tables: Any) -> Any:
    """Group by `long_keys`. Fills `ids` too."""
    n = counts.shape[0]
    keys, slots, slot_keys = tables.long_keys, tables.slots, tables.slot_keys
    ids, first, sums = tables.ids, tables.first, tables.sums
    tables.used[GENERATION] += 1
    generation = np.uint64(tables.used[GENERATION])
    stamp = generation << _HALF
    classes, unit = np.uint64(0), np.uint64(1)
    bits = np.int64(4)
    while (np.int64(1) << bits) < 2 * n:
        bits += 1
    mask, shift = (unit << np.uint64(bits)) - unit, np.uint64(64 - bits)
    for i in range(n):
        key = keys[i]
        at = (np.uint64(key) * _SPREAD) >> shift
        slot = slots[at]
        while (slot >> _HALF) == generation and slot_keys[at] != key:
            at = (at + unit) & mask
            slot = slots[at]
        if (slot >> _HALF) != generation:
            slots[at] = stamp | classes
            slot_keys[at] = key
            first[classes] = i
            sums[classes] = counts[i]
            ids[i] = classes
            classes += unit
        else:
            sums[slot & _ID] += counts[i]
            ids[i] = slot & _ID
    return np.int64(classes)


@compiled
def group(held: Any, levels: Any, from_: Any, tables: Any) -> Any:
    """Group a table by `levels` (columns,). Fills `first` and `sums`; returns the number of classes."""
    n = held.counts.shape[0]
    tables.used[READ] += n
    most = np.int64(min(tables.direct.shape[0], _REACH * n + 1024))
    space = np.int64(1)
    for b in range(from_.sizes.shape[0]):
        width = _width(b, levels, from_)
        space = most + 1 if space > most // width else space * width
    tables.used[DIRECT] = np.int64(space <= most)
    if space <= most:
        _short(held, levels, from_, tables)
        return _direct(held.counts, tables)
    _long(held, levels, from_, tables)
    return _hashed(held.counts, tables)


@compiled
def nearest(word: Any, guards: Any, rowed: Any, tables: Any) -> Any:
    """The smallest kept table (`rowed`: with histograms) that is finer than or equal to `word`."""
    words, ranks = tables.words, tables.ranks
    best, above = ranks[0], word | guards
    if rowed:
        for i in range(1, tables.used[TABLES]):
            if (above - words[i]) & guards == guards and ranks[i] < best and tables.rowed[i]:
                best = ranks[i]
    else:
        for i in range(1, tables.used[TABLES]):  # no branch: several at once
            best = min(best, ranks[i] if (above - words[i]) & guards == guards else ranks[0])
    return best % _MOST_TABLES


@compiled
def keep(word: Any, classes: Any, held: Any, rowed: Any, tables: Any) -> Any:
    """Keep the classes just made of a table as another one. False where there is no room."""
    used, begin = tables.used[TABLES], tables.used[POOLED]
    room = tables.counts.shape[0]
    if used == tables.words.shape[0] or begin + classes > room:
        return False
    for b in range(tables.labels_at.shape[0] - 1):
        codes = held.codes[b * held.stride + held.offset :]
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
    tables.ranks[used] = classes * _MOST_TABLES + used
    tables.used[TABLES] = used + 1
    tables.used[POOLED] = begin + classes
    return True


@compiled
def read(near: Any, levels: Any, from_: Any, tables: Any) -> Any:
    """Group kept table `near` by `levels`. Returns (classes, the table)."""
    n, offset = tables.sizes[near], tables.offsets[near]
    if near == 0:
        held = Held(from_.codes, n, offset, from_.counts[:n])
    else:
        held = Held(tables.codes, tables.counts.shape[0], offset, tables.counts[offset : offset + n])
    return group(held, levels, from_, tables), held


@compiled
def _identify(n: Any, classes: Any, tables: Any) -> None:
    """Fill `ids` with the class of each of n groups just read."""
    if tables.used[DIRECT] == 0:
        return
    keys, held = tables.short_keys, tables.direct
    for c in range(classes):
        held[keys[tables.first[c]]] = c
    for i in range(n):
        tables.ids[i] = held[keys[i]]
    for c in range(classes):
        held[keys[tables.first[c]]] = 0


@compiled
def merge(near: Any, classes: Any, cells: Any, tables: Any) -> None:
    """Add up the histograms of the classes just made, from those of their groups; `cells` of table 0."""
    n, width, offset = tables.sizes[near], cells.shape[1], tables.offsets[near]
    rows = cells[:n] if near == 0 else tables.cells[offset : offset + n]
    _identify(n, classes, tables)
    tables.merged[:classes] = 0
    for i in range(n):
        one = tables.ids[i]
        for v in range(width):
            tables.merged[one, v] += rows[i, v]


@compiled
def hidden_of_block(b: Any, hidden: Any, held: Any, from_: Any, tables: Any) -> Any:
    """Fill `some_codes` and `some_counts` with block codes of the suppressed classes, the first `hidden` of
    `ids`, and their records; each code once where that pays. Returns how many."""
    codes = held.codes[b * held.stride + held.offset :]
    size = from_.sizes[b]
    if size > hidden:
        for j in range(hidden):
            c = tables.ids[j]
            tables.some_codes[j], tables.some_counts[j] = codes[tables.first[c]], tables.sums[c]
        return np.int64(hidden)
    tally = tables.held
    tally[:size] = 0
    for j in range(hidden):
        c = tables.ids[j]
        tally[codes[tables.first[c]]] += tables.sums[c]
    found = np.int64(0)
    for code in range(size):
        tables.some_codes[found], tables.some_counts[found] = code, tally[code]
        found += np.int64(tally[code] > 0)
    return found


@compiled
def hub(word: Any, tables: Any) -> Any:
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
