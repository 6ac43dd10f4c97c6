"""The frequency set: the distinct tuples of quasi-identifiers with their counts, coded by hierarchy leaf.

Rows enter once, here. Search and risk work on the frequency set alone (LeFevre et al., Incognito, 2005).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.errors import NoQuasiIdentifierError, NoRecordsError, OutsideHierarchyError
from ppdesk.anonymize.hierarchies import Hierarchy

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.anonymize.grouping import Transformation


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
    domain = [len(one.rows) for one in hierarchies]
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
    each row; `maps` the hierarchies it is coded by."""

    codes: NDArray[np.int32]
    counts: NDArray[np.int64]
    row_groups: NDArray[np.int32]
    maps: LevelMaps

    @property
    def records(self) -> int:
        return len(self.row_groups)

    def leaves(self, column: int) -> NDArray[np.int32]:
        """(groups,) int32: the leaf of a column in each group."""
        maps = self.maps
        codes = self.codes[maps.block(column)]
        found: NDArray[np.int32] = (codes // maps.inner[column] % maps.domain[column]).astype(np.int32)
        return found


def frequency_set(table: "pa.Table", hierarchies: Sequence[Hierarchy]) -> FrequencySet:
    """The frequency set of the columns that `hierarchies` name, which must be strings.

    Missing values stand for the leaf "" (their own category), where the hierarchy has one.
    Raises OutsideHierarchyError, NoRecordsError, NoQuasiIdentifierError.
    """
    from ppdesk.anonymize.grouping import gather, number, pack

    if not hierarchies:
        raise NoQuasiIdentifierError()
    if table.num_rows == 0:
        raise NoRecordsError()
    maps = level_maps(hierarchies)
    coded = np.zeros((len(maps.finest.sizes), table.num_rows), np.int32)
    for column, hierarchy in enumerate(hierarchies):
        codes = leaf_codes(table.column(hierarchy.column), hierarchy)
        coded[maps.block(column)] += codes * np.int32(maps.inner[column])
    keys, space = pack(coded, maps.finest)
    row_groups, first = number(keys, space)
    counts = np.bincount(row_groups, minlength=len(first)).astype(np.int64)
    return FrequencySet(gather(coded, first), counts, row_groups, maps)


def leaf_codes(column: "pa.ChunkedArray", hierarchy: Hierarchy) -> NDArray[np.int32]:
    """(rows,) int32: the leaf of each value. Raises OutsideHierarchyError with counts, not values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.index_in(column.fill_null(""), value_set=pa.array(hierarchy.leaves, pa.string()))
    outside = found.null_count
    if outside:
        missing = pc.sum(pc.and_(pc.is_null(column), pc.is_null(found))).as_py()
        raise OutsideHierarchyError(column=hierarchy.column, rows=outside, missing=int(missing or 0))
    codes: NDArray[np.int32] = found.to_numpy()
    return codes
