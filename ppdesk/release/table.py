"""The anonymized table as a file: the same bytes for the same table, safe to open in a spreadsheet.

Form: UTF-8 without byte order mark, one header line, lines end with LF, fields quoted where RFC 4180 asks
for it, a missing value is an empty field.

Order: records are sorted by all columns. The order in the source table is information too (a list sorted
by name, admission or address), so it does not leave with the release.

Formulas: a spreadsheet runs a cell that begins with = + - @ (or their full-width forms), a tab or a line
break as a formula (OWASP, CSV Injection); blanks, control characters and signs without width in front of
them may be dropped by it. Such a cell gets an apostrophe in front, unless it is a plain
number; the count is in the manifest, so that a reader knows to take it off again. A cell that looks guarded
gets one too: taking one off whatever begins with ' and a formula gives the table back.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.cell_numbers import DecimalMark, is_number
from ppdesk.release.errors import NoRecordsError

if TYPE_CHECKING:
    import pyarrow as pa

_FORMULA = r"^'*[\x00-\x20\x7F\p{Z}\p{Cf}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^'*[\t\r\n]"


class Delimiter(StrEnum):
    """What stands between two fields."""

    SEMICOLON = "semicolon"
    COMMA = "comma"
    TAB = "tab"

    @property
    def sign(self) -> str:
        return {"semicolon": ";", "comma": ",", "tab": "\t"}[self.value]


@dataclass(frozen=True)
class WrittenTable:
    """The file's bytes and what the manifest says about them."""

    data: bytes
    sha256: str
    rows: int
    columns: tuple[str, ...]
    guarded: int  # cells (names of columns too) that got an apostrophe


def write_csv(
    table: "pa.Table",
    delimiter: Delimiter = Delimiter.SEMICOLON,
    decimal: DecimalMark = DecimalMark.POINT,
) -> WrittenTable:
    """The table as CSV. All columns are strings; null is a missing value. `decimal` is the mark of numbers.

    Raises NoRecordsError where there are no rows or no columns.
    """
    if table.num_rows == 0 or table.num_columns == 0:
        raise NoRecordsError
    ordered = table.sort_by([(name, "ascending") for name in table.column_names])
    lines, count = _written(ordered, delimiter, decimal)
    data = "\n".join([*lines, ""]).encode()
    return WrittenTable(data, sha256_hex(data), table.num_rows, tuple(table.column_names), count)


def csv_lines(table: "pa.Table", delimiter: Delimiter) -> list[str]:
    """The head and the rows as they stand in such a file, in the table's own order."""
    return _written(table, delimiter, DecimalMark.POINT)[0]


def _written(table: "pa.Table", delimiter: Delimiter, decimal: DecimalMark) -> tuple[list[str], int]:
    """(the lines, number of guarded cells)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    head, guarded_cells = _fields(
        pa.chunked_array([pa.array(table.column_names, pa.string())]), delimiter, decimal
    )
    fields = []
    for one in table.columns:
        column, count = _fields(one, delimiter, decimal)
        fields.append(column.combine_chunks())
        guarded_cells += count
    if not fields:
        return [""], guarded_cells
    lines = pc.binary_join_element_wise(*fields, delimiter.sign)
    if table.num_columns == 1:
        # a line with nothing in it is no record to most readers
        lines = pc.if_else(pc.equal(lines, ""), '""', lines)
    return [delimiter.sign.join(head.to_pylist()), *lines.to_pylist()], guarded_cells


def csv_field(value: str, delimiter: Delimiter = Delimiter.SEMICOLON) -> str:
    """One text as it stands in such a file: guarded against formulas, quoted where it has to be."""
    import pyarrow as pa

    column, _ = _fields(pa.chunked_array([pa.array([value])]), delimiter, DecimalMark.POINT)
    return str(column[0].as_py())


def _fields(
    column: "pa.ChunkedArray", delimiter: Delimiter, decimal: DecimalMark
) -> "tuple[pa.ChunkedArray, int]":
    """(the column guarded against formulas and quoted, number of guarded cells)."""
    import pyarrow.compute as pc

    safe, count = guarded(column, decimal)
    special = pc.match_substring_regex(safe, f'["\\r\\n{delimiter.sign}]')
    quoted = pc.binary_join_element_wise('"', pc.replace_substring(safe, '"', '""'), '"', "")
    return pc.if_else(special, quoted, safe), count


def guarded(
    column: "pa.ChunkedArray", decimal: DecimalMark = DecimalMark.POINT
) -> "tuple[pa.ChunkedArray, int]":
    """(the column as text that no spreadsheet takes for a formula, number of guarded cells)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.fill_null(column.cast(pa.string()), "")
    plain = pc.and_(is_number(text, decimal), pc.equal(text, pc.utf8_trim_whitespace(text)))
    unsafe = pc.and_not(pc.match_substring_regex(text, _FORMULA), plain)
    safe = pc.if_else(unsafe, pc.binary_join_element_wise("'", text, ""), text)
    return safe, int(pc.sum(unsafe).as_py() or 0)
