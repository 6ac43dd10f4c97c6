"""A fingerprint of what a table says, not of the file that says it.

The same rows in another order, with the columns in another order, or written with another delimiter, quoting
or encoding have the same fingerprint. A changed cell, a row or column more or less is another one. How it is
made, and what it holds against: `row_sums`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.column_counts import count_column
from ppdesk.data.row_sums import RowSums

if TYPE_CHECKING:
    import pyarrow as pa


def content_fingerprint(table: "pa.Table", *, cancelled: Callable[[], bool] = lambda: False) -> str:
    """64 hexadecimal digits for a table of string columns. White space around a value or a name does not
    count, nor the case of a name, and a missing value is an empty one. CancelledRunError when asked to stop.
    """
    sums = RowSums(table.num_rows)
    for name, column in zip(table.column_names, table.columns, strict=True):
        if cancelled():
            raise CancelledRunError()
        count_column(column).add_to(sums, name)
    return sums.fingerprint(table.column_names)
