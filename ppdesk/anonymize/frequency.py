"""The frequency set: the distinct tuples of quasi-identifiers with their counts, coded by hierarchy leaf.

Rows enter once, here. Search and risk work on the frequency set alone (LeFevre et al., Incognito, 2005).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.arrays import filled, missing, texts
from ppdesk.anonymize.errors import (
    MissingColumnError,
    NoQuasiIdentifierError,
    NoRecordsError,
    OutsideHierarchyError,
)
from ppdesk.anonymize.hierarchies import Hierarchy

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.grouping import Transformation


_ROOM = 1 << 62  # keys stay below, so that they never wrap
_AT_ONCE = 1 << 20  # records coded at once
_BLOCK_LEAVES = 1024  # leaf combinations of a block of several columns: its tables stay in the first cache


@dataclass(frozen=True)
class LevelMaps:
    """All hierarchies as flat arrays for the kernels. `finest` keeps every value as it is; its `starts`,
    `widths` and `even` for all levels are here, (columns, most levels)."""

    finest: "Transformation"
    starts: NDArray[np.int64]
    widths: NDArray[np.int64]
    even: NDArray[np.bool_]
    inner: NDArray[np.int64]  # (columns,) what the next leaf adds to the block's code
    domain: NDArray[np.int64]  # (columns,) rows of each hierarchy
    shape: tuple[int, ...]  # levels per column

    def at(self, levels: NDArray[np.int64]) -> "Transformation":
        """The transformation that takes these levels, (columns,)."""
        columns = np.arange(len(self.shape))
        return self.finest._replace(
            starts=self.starts[columns, levels],
            widths=self.widths[columns, levels],
            even=self.even[columns, levels],
        )

    def block(self, column: int) -> int:
        """The block that holds a column."""
        position = int(np.flatnonzero(self.finest.columns == column)[0])
        return int(np.searchsorted(self.finest.first, position, side="right")) - 1


def level_maps(hierarchies: Sequence[Hierarchy]) -> LevelMaps:
    """The flat form of `hierarchies`, in their order."""
    from ppdesk.anonymize.grouping import Transformation

    shape = tuple(one.levels for one in hierarchies)
    starts = np.zeros((len(shape), max(shape)), np.int64)
    widths, even = np.zeros_like(starts), np.zeros(starts.shape, np.bool_)
    maps, weights, offset = [], [], 0
    for column, one in enumerate(hierarchies):
        for level, codes in enumerate(one.codes):
            starts[column, level], widths[column, level] = offset, len(one.labels[level])
            maps.append(codes)
            weights.append(np.bincount(codes)[codes])
            even[column, level] = weights[-1].min() == weights[-1].max()
            offset += len(codes)
    domain = [len(one.leaves) for one in hierarchies]
    blocks = _blocks(domain)
    sizes = [math.prod(domain[column] for column in members) for members in blocks]
    inner, leaves_at = np.ones(len(domain), np.int64), np.full(len(domain), -1, np.int64)
    leaves, offset = [np.zeros(1, np.int32)], 1
    for members, size in zip(blocks, sizes, strict=True):
        step = 1
        for column in members:
            inner[column] = step
            step *= domain[column]
            if len(members) > 1:
                leaves.append((np.arange(size) // inner[column] % domain[column]).astype(np.int32))
                leaves_at[column] = offset
                offset += size
    finest = Transformation(
        maps=np.concatenate(maps),
        weights=np.concatenate(weights).astype(np.int64),
        starts=starts[:, 0].copy(),
        widths=widths[:, 0].copy(),
        columns=np.concatenate(blocks).astype(np.int64),
        first=np.cumsum([0, *map(len, blocks)]).astype(np.int64),
        sizes=np.array(sizes, np.int64),
        leaves=np.concatenate(leaves),
        at=leaves_at,
        even=even[:, 0].copy(),
    )
    return LevelMaps(finest, starts, widths, even, inner, np.array(domain, np.int64), shape)


def _blocks(domain: Sequence[int]) -> list[list[int]]:
    """Columns that share a code: each into the first block where it fits, the largest first."""
    blocks: list[list[int]] = []
    for column in sorted(range(len(domain)), key=lambda column: -domain[column]):
        for members in blocks:
            if math.prod(domain[member] for member in members) * domain[column] <= _BLOCK_LEAVES:
                members.append(column)
                break
        else:
            blocks.append([column])
    return blocks


@dataclass(frozen=True)
class FrequencySet:
    """`codes` (blocks, groups) int32; `counts` (groups,) int64; `row_groups` (rows,) int32: the group of
    each row, or of each tuple where tuples came with their counts; `maps` the hierarchies it is coded by."""

    codes: NDArray[np.int32]
    counts: NDArray[np.int64]
    row_groups: NDArray[np.int32]
    maps: LevelMaps

    @cached_property
    def records(self) -> int:
        return int(self.counts.sum())

    def leaves(self, column: int) -> NDArray[np.int32]:
        """(groups,) int32: the leaf of a column in each group."""
        maps = self.maps
        codes = self.codes[maps.block(column)]
        found: NDArray[np.int32] = (codes // maps.inner[column] % maps.domain[column]).astype(np.int32)
        return found


def frequency_set(table: "pa.Table", hierarchies: Sequence[Hierarchy]) -> FrequencySet:
    """The frequency set of the columns that `hierarchies` name, which must be strings, or dictionaries of
    strings.

    Missing values stand for the leaf "" (their own category), where the hierarchy has one.
    Raises OutsideHierarchyError, NoRecordsError, NoQuasiIdentifierError, MissingColumnError.
    """
    encoder = Encoder(hierarchies)
    for one in hierarchies:
        if one.column not in table.column_names:
            raise MissingColumnError(column=one.column)
    for start in range(0, table.num_rows, _AT_ONCE):
        encoder.add(table.slice(start, _AT_ONCE))
    return encoder.done()


class Encoder:
    """Codes records as they come; a record takes 8 bytes until all are there. A piece should have some
    hundred thousand records, since each looks up the leaves anew.

    The codes of all blocks are one number of mixed radix, or several where it would pass 2**62."""

    def __init__(self, hierarchies: Sequence[Hierarchy]) -> None:
        """Raises NoQuasiIdentifierError."""
        if not hierarchies:
            raise NoQuasiIdentifierError()
        self._maps = maps = level_maps(hierarchies)
        self._lookups = [LeafLookup(one) for one in hierarchies]
        self._places: list[tuple[int, int]] = []  # per block: its number, and what its next code adds
        spaces = [1]
        for size in map(int, maps.finest.sizes):
            if spaces[-1] * size > _ROOM:
                spaces.append(1)
            self._places.append((len(spaces) - 1, spaces[-1]))
            spaces[-1] *= size
        self._spaces = spaces
        self._keys: list[list[NDArray[np.int64]]] = [[] for _ in spaces]
        self._counts: list[NDArray[np.int64]] = []

    def add(self, table: "pa.Table", counts: NDArray[np.int64] | None = None) -> None:
        """More records, or more tuples with (rows,) `counts`: all pieces or none. What is outside a hierarchy
        is refused at the end, with the numbers of rows."""
        if table.num_rows == 0:
            return
        keys = np.zeros((len(self._spaces), table.num_rows), np.int64)
        for column, lookup in enumerate(self._lookups):
            number, step = self._places[self._maps.block(column)]
            keys[number] += lookup.scaled(
                table.column(lookup.hierarchy.column), step * int(self._maps.inner[column])
            )
        for kept, more in zip(self._keys, keys, strict=True):
            kept.append(more)
        if counts is not None:
            self._counts.append(counts)

    def done(self) -> FrequencySet:
        """All records. Raises OutsideHierarchyError, NoRecordsError."""
        from ppdesk.anonymize.grouping import number

        for lookup in self._lookups:
            lookup.refuse()
        if not self._keys[0]:
            raise NoRecordsError()
        joined = []
        for parts in self._keys:
            joined.append(parts[0] if len(parts) == 1 else np.concatenate(parts))
            parts.clear()
        ids, first = number(joined[0], self._spaces[0])
        for more, space in zip(joined[1:], self._spaces[1:], strict=True):
            others, distinct = number(more, space)  # both below 2**31, so that the two fit one key
            ids, first = number(ids + len(first) * others.astype(np.int64), len(first) * len(distinct))
        sizes = self._maps.finest.sizes
        codes = np.empty((len(sizes), len(first)), np.int32)
        for block, (at, step) in enumerate(self._places):
            codes[block] = joined[at][first] // step % sizes[block]
        weights = np.concatenate(self._counts) if self._counts else None  # exact up to 2**53 records
        counts = np.bincount(ids, weights, len(first)).astype(np.int64, copy=False)
        return FrequencySet(codes, counts, ids, self._maps)


class LeafLookup:
    """The leaves of values. Values that are none are counted, and are refused at the end."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self.hierarchy = hierarchy
        self._leaves = texts(hierarchy.leaves)
        self._missing_leaf = hierarchy.leaves.index("") if "" in hierarchy.leaves else -1
        self._outside = self._missing = 0

    def scaled(self, column: "pa.ChunkedArray", step: int = 1) -> NDArray[np.int64]:
        """(rows,) int64: the leaf of each value times `step`; 0 for what is outside."""
        import pyarrow as pa

        if not pa.types.is_dictionary(column.type):
            leaves = self._leaves_of(column)
            if column.null_count or leaves.min(initial=0) < 0:
                self._count(leaves < 0, missing(column))
            return np.maximum(leaves, 0) * np.int64(step)
        column = column.unify_dictionaries()
        distinct = column.chunk(0).dictionary.cast(pa.string()) if column.num_chunks else texts([])
        leaves = np.append(self._leaves_of(distinct), self._missing_leaf)
        rows = np.concatenate([filled(one.indices, len(distinct)) for one in column.chunks])
        if leaves.min() < 0:  # perhaps only of values that no record has
            gone = np.append(missing(distinct), True)
            self._count((leaves < 0)[rows], gone[rows])
        scaled: NDArray[np.int64] = (np.maximum(leaves, 0) * np.int64(step))[rows]
        return scaled

    def refuse(self) -> None:
        """Raises OutsideHierarchyError with counts, not values."""
        if self._outside:
            raise OutsideHierarchyError(
                column=self.hierarchy.column, rows=self._outside, missing=self._missing
            )

    def _leaves_of(self, values: "pa.Array | pa.ChunkedArray") -> NDArray[np.int32]:
        """(values,) int32: the leaves, below 0 where there is none."""
        import pyarrow.compute as pc

        found = filled(pc.index_in(values, value_set=self._leaves), -1)
        return np.where(missing(values), np.int32(self._missing_leaf), found) if values.null_count else found

    def _count(self, outside: NDArray[np.bool_], gone: NDArray[np.bool_]) -> None:
        self._outside += int(outside.sum())
        self._missing += int((outside & gone).sum())


def leaf_codes(column: "pa.ChunkedArray", hierarchy: Hierarchy) -> NDArray[np.int32]:
    """(rows,) int32: the leaf of each value. Raises OutsideHierarchyError with counts, not values."""
    lookup = LeafLookup(hierarchy)
    found = lookup.scaled(column).astype(np.int32)
    lookup.refuse()
    return found
