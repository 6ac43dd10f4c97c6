"""Records as local transformation moves them, and the way back to rows.

Records that agree in all quasi-identifiers and in all protected sensitive columns are alike (a cell). Each
record is a unit of its own; only of very frequent cells, most records stand in one heavy unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.arrays import texts
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.frequency import FrequencySet

if TYPE_CHECKING:
    import pyarrow as pa

_LOOSE = 4  # times k records of a frequent cell are units of their own; the others are one
_FREQUENT = 8  # times k records: from here on a cell is frequent


@dataclass(frozen=True)
class Units:
    """`cell` (units,) int32, rising, and `weight` (units,) int64, its records. Of the cells: `group` (cells,)
    of the frequency set, `counts` (cells,) records, `sensitive` (attributes, cells) int32 codes. `row_cells`
    (rows,) int32."""

    cell: NDArray[np.int32]
    weight: NDArray[np.int64]
    group: NDArray[np.int32]
    counts: NDArray[np.int64]
    sensitive: NDArray[np.int32]
    row_cells: NDArray[np.int32]

    def row_classes(self, of: NDArray[np.int64]) -> NDArray[np.int64]:
        """(rows,) int64: the class of each row, where `of` (units,) is that of each unit. Which of several
        records that are alike go into which class is settled by the order of the rows."""
        found = np.empty(len(self.row_cells), np.int64)
        found[np.argsort(self.row_cells, kind="stable")] = np.repeat(of, self.weight)
        return found


def units(table: "pa.Table", frequencies: FrequencySet, needs: Requirements, k: int) -> Units:
    """The units of a table, whose frequency set and requirements are given."""
    from ppdesk.anonymize.grouping import number

    cells, codes = frequencies.row_groups, []
    for one, column in zip(needs.attributes, _columns(needs), strict=True):
        code = codes_of(table.column(column), one.labels)
        codes.append(code)
        keys = cells.astype(np.int64) * len(one.labels) + code
        cells, _ = number(keys, (int(cells.max()) + 1) * len(one.labels))
    counts = np.bincount(cells).astype(np.int64)
    first = np.empty(len(counts), np.int64)
    first[cells[::-1]] = np.arange(len(cells))[::-1]
    loose = np.where(counts > _FREQUENT * k, _LOOSE * k, counts)
    pieces = loose + (counts > loose)
    cell = np.repeat(np.arange(len(counts), dtype=np.int32), pieces)
    weight = np.ones(len(cell), np.int64)
    heavy = np.flatnonzero(counts > loose)
    weight[np.cumsum(pieces)[heavy] - 1] = (counts - loose)[heavy]
    return Units(
        cell=cell,
        weight=weight,
        group=frequencies.row_groups[first].astype(np.int32),
        counts=counts,
        sensitive=np.array([code[first] for code in codes], np.int32).reshape(len(codes), len(counts)),
        row_cells=cells.astype(np.int32),
    )


def _columns(needs: Requirements) -> Sequence[str]:
    names = {need.attribute: need.column for need in needs.each}
    return [names[number] for number in range(len(needs.attributes))]


def codes_of(column: "pa.ChunkedArray", labels: Sequence[str]) -> NDArray[np.int32]:
    """(rows,) int32: the place of each value among `labels`, "" for a missing one. All must be there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: Any = pc.index_in(column.cast(pa.string()).fill_null(""), value_set=texts(labels))
    codes: NDArray[np.int32] = found.to_numpy().astype(np.int32)
    return codes
