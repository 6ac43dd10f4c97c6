"""The rows that consent lets in: a filter by one column, which counts what it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.data.errors import ReadError

if TYPE_CHECKING:
    import pyarrow as pa


class NoConsentColumnError(ReadError):
    """The table has no column {name} to tell who consented."""

    code = "PP-CONSENT-001"
    todo = "Name a column of the table. Names count with their case and spaces."


class NobodyConsentedError(ReadError):
    """Not one row has one of the values of column {name} that mean consent."""

    code = "PP-CONSENT-002"
    todo = "Compare the values with those of the file: the whole text counts, with its case and spaces."


@dataclass(frozen=True)
class Consented:
    """The rows that stay, how many do not, how many of these have no value, and how many of the given values
    no row has."""

    table: "pa.Table"
    excluded: int
    missing: int
    unused: int


def consented(table: "pa.Table", column: str, values: Sequence[str]) -> Consented:
    """The rows whose `column` is one of `values`, compared as whole texts. A missing value is no consent.
    NoConsentColumnError, NobodyConsentedError."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column not in table.column_names:
        raise NoConsentColumnError(name=column)
    given = pa.array(sorted(set(values)), pa.string())
    cells = table.column(column)
    stays = table.filter(pc.is_in(cells, value_set=given))
    if stays.num_rows == 0:
        raise NobodyConsentedError(name=column)
    seen = pc.count_distinct(stays.column(column)).as_py()
    return Consented(stays, table.num_rows - stays.num_rows, cells.null_count, len(given) - seen)
