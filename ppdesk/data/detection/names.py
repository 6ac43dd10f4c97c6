"""Whether the first row of a table holds names or values: of a file without a row of names, the first record
does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.column_types import ColumnType, column_type

if TYPE_CHECKING:
    import pyarrow as pa


def speaks_for_values(
    first: str, below: "pa.Array | pa.ChunkedArray", kind: ColumnType, decimal: DecimalMark
) -> bool | None:
    """Whether the `first` cell of a column speaks for values in its row: one that stands again among the
    texts below it, or that is a number or date above such. False: for names, a text above those. None: for
    neither.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind is ColumnType.STRING:  # a name does not come again below
        return True if pc.index(below, pa.scalar(first, below.type)).as_py() >= 0 else None
    return column_type(pa.array([first]), decimal) is not ColumnType.STRING


def names_look_like_values(
    table: "pa.Table", types: Mapping[str, ColumnType], decimal: DecimalMark = DecimalMark.POINT
) -> bool:
    """Of a table that was read with names from its first row; `types` by column."""
    votes = [
        speaks_for_values(name, column, types[name], decimal)
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return 0 < votes.count(True) >= votes.count(False)
