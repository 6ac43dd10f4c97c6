"""A table on its way through the operations, and what one operation did to it in counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Working:
    """`table`: strings, null = missing. `places` (n,) int64: the row of the file that each row came from.
    `decimal`: the table's declared mark."""

    table: "pa.Table"
    places: "NDArray[np.int64]"
    decimal: DecimalMark


@dataclass(frozen=True)
class Effect:
    """What an operation makes of a table. `cells`: how many of them are others than before (of rows that
    stay); `missing`: how many of these are missing now. `dropped`, `aside` (n,) bool or None: rows that go.
    `notes`: sentences with counts, no values."""

    table: "pa.Table"
    cells: int = 0
    missing: int = 0
    dropped: "NDArray[np.bool_] | None" = None
    aside: "NDArray[np.bool_] | None" = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Before and after. `quarantined` rows are among those that went."""

    rows_before: int
    rows_after: int
    columns_before: int
    columns_after: int
    cells_changed: int
    made_missing: int
    quarantined: int
    notes: tuple[str, ...] = ()


def compare(old: "pa.ChunkedArray", new: "pa.ChunkedArray") -> tuple[int, int]:
    """(cells that are others now, cells that are missing now and were not)."""
    import pyarrow.compute as pc

    other = pc.sum(pc.not_equal(old, new)).as_py() or 0  # nulls on either side count below
    gone = pc.sum(pc.and_(pc.is_valid(old), pc.is_null(new))).as_py() or 0
    come = pc.sum(pc.and_(pc.is_null(old), pc.is_valid(new))).as_py() or 0
    return int(other + gone + come), int(gone)


def flags(mask: Any) -> "NDArray[np.bool_]":
    """An Arrow mask as (n,) bool; what cannot be told is false."""
    import numpy as np
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(mask, False)).astype(bool)
