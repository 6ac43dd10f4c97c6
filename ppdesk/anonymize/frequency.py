"""The frequency set: the distinct tuples of quasi-identifiers with their counts, coded by hierarchy leaf.

Rows enter once, here. Search and risk work on the frequency set alone (LeFevre et al., Incognito, 2005).
"""

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


@dataclass(frozen=True)
class LevelMaps:
    """All hierarchies as flat arrays for the kernels.

    `maps` int32: leaf -> label; `weights` int64: leaf -> number of hierarchy rows with its label on that
    level. `starts` and `widths`, (columns, most levels) int64, say where each level's table lies and how
    many labels it has; `domain` (columns,) int64 is the number of rows of each hierarchy.
    """

    maps: NDArray[np.int32]
    weights: NDArray[np.int64]
    starts: NDArray[np.int64]
    widths: NDArray[np.int64]
    domain: NDArray[np.int64]
    shape: tuple[int, ...]  # levels per column

    def at(self, levels: NDArray[np.int64]) -> "Transformation":
        """The transformation that takes these levels, (columns,)."""
        from ppdesk.anonymize.grouping import Transformation

        columns = np.arange(len(self.shape))
        return Transformation(
            self.maps, self.weights, self.starts[columns, levels], self.widths[columns, levels]
        )


def level_maps(hierarchies: Sequence[Hierarchy]) -> LevelMaps:
    """The flat form of `hierarchies`, in their order."""
    shape = tuple(one.levels for one in hierarchies)
    starts = np.zeros((len(shape), max(shape)), np.int64)
    widths = np.zeros_like(starts)
    maps, weights, offset = [], [], 0
    for column, one in enumerate(hierarchies):
        for level, codes in enumerate(one.codes):
            starts[column, level], widths[column, level] = offset, len(one.labels[level])
            maps.append(codes)
            weights.append(np.bincount(codes)[codes])
            offset += len(codes)
    domain = np.array([len(one.rows) for one in hierarchies], np.int64)
    flat = np.concatenate(weights).astype(np.int64)
    return LevelMaps(np.concatenate(maps), flat, starts, widths, domain, shape)


@dataclass(frozen=True)
class FrequencySet:
    """`codes` (columns, groups) int32 leaf indices; `counts` (groups,) int64; `row_groups` (rows,) int32:
    the group of each row; `maps` the hierarchies it is coded by."""

    codes: NDArray[np.int32]
    counts: NDArray[np.int64]
    row_groups: NDArray[np.int32]
    maps: LevelMaps

    @property
    def records(self) -> int:
        return len(self.row_groups)


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
    coded = np.empty((len(hierarchies), table.num_rows), np.int32)
    for index, hierarchy in enumerate(hierarchies):
        coded[index] = leaf_codes(table.column(hierarchy.column), hierarchy)
    maps = level_maps(hierarchies)
    keys, space = pack(coded, maps.at(np.zeros(len(hierarchies), np.int64)))
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
