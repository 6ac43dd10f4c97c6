"""Whether the names of a table look like values: where a file has no row of names, its first record does."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.column_types import ColumnType, column_type

if TYPE_CHECKING:
    import pyarrow as pa


def names_look_like_values(
    table: "pa.Table", types: Mapping[str, ColumnType], decimal: DecimalMark = DecimalMark.POINT
) -> bool:
    """As `find_header` judges a first row: a name above numbers or dates that is one itself, or that stands
    among the texts below it, speaks for values; a text above numbers or dates for names. `types` by column.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = values = 0
    for name, column in zip(table.column_names, table.columns, strict=True):
        if types[name] is ColumnType.STRING:
            values += int(pc.index(column, pa.scalar(name, column.type)).as_py() >= 0)
        elif column_type(pa.array([name]), decimal) is ColumnType.STRING:
            names += 1
        else:
            values += 1
    return values > 0 and values >= names
