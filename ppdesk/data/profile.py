"""What each column holds, in counts. No value of the table is in a profile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.column_types import ColumnType, column_type, other_mark

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `smallest` and `largest` are how many rows share the rarest and the most common
    value (0 where every row is missing); `rare` counts the values that only one row has. `other_mark`: its
    numbers rather have the other decimal mark than the declared one."""

    name: str
    type: ColumnType
    distinct: int
    missing: int
    smallest: int
    largest: int
    rare: int
    other_mark: bool = False


def profile(
    table: "pa.Table",
    *,
    decimal: DecimalMark = DecimalMark.POINT,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[ColumnProfile]:
    """The profile of each column, over all rows, with the table's declared decimal mark."""
    profiles = []
    for index, name in enumerate(table.column_names):
        if cancelled():
            raise CancelledRunError()
        progress(index / table.num_columns, f"Profile column {index + 1} of {table.num_columns}")
        profiles.append(_profile(name, table.column(index), decimal))
    return profiles


def _profile(name: str, column: "pa.ChunkedArray", decimal: DecimalMark) -> ColumnProfile:
    import pyarrow.compute as pc

    tally = column.drop_null().value_counts()
    values, counts = tally.field("values"), tally.field("counts")
    extent = pc.min_max(counts).as_py()
    return ColumnProfile(
        name=name,
        type=column_type(values, decimal),
        distinct=len(values),
        missing=column.null_count,
        smallest=extent["min"] or 0,
        largest=extent["max"] or 0,
        rare=int(pc.sum(pc.equal(counts, 1)).as_py() or 0),
        other_mark=other_mark(values, decimal),
    )
