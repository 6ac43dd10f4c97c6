"""Whole rows of a CSV file into Arrow columns of strings, by pyarrow, with the checks it does not make."""

from typing import TYPE_CHECKING, Any

from ppdesk.data.errors import RaggedRowError, ReadError, UnparsedCsvError
from ppdesk.data.readers.csv_structure import blank_row, is_utf8, stray_mark
from ppdesk.data.readers.text_bytes import text_bytes

if TYPE_CHECKING:
    import pyarrow as pa


class Unparsed(Exception):  # noqa: N818  no error yet: whoever knows the place makes one of it
    """These rows are not as they should be."""


class CsvParser:
    """Parses rows of `width` values, from any thread."""

    def __init__(self, delimiter: str, width: int, *, quoting: bool, null_tokens: tuple[str, ...]) -> None:
        self._delimiter, self._width, self._quoting = delimiter, width, quoting
        self._null_tokens = list(null_tokens)

    def parse(self, data: bytes, *, marks_fine: bool = False) -> "pa.Table":
        """All rows, with columns f0, f1, ... `marks_fine`: no quotation mark stands where none may. Raises
        Unparsed."""
        import pyarrow as pa

        if not data:
            return pa.table({f"f{index}": pa.array([], pa.string()) for index in range(self._width)})
        if b"\0" in data or not is_utf8(data):  # pyarrow cannot hand a bad row over that is not
            raise Unparsed
        if self._quoting and not marks_fine and stray_mark(data, self._delimiter) >= 0:
            raise Unparsed
        try:
            table = self._arrow(data, [])
        except pa.ArrowInvalid:  # its words may quote a value
            raise Unparsed from None
        if self._width > 1 and _maybe_blank(table) and blank_row(data, quoting=self._quoting) >= 0:
            raise Unparsed  # pyarrow takes it as a row without values
        return table

    def why_not(self, data: bytes, before: int) -> ReadError:
        """Why `parse` refused well-formed text; `before` rows precede it."""
        import pyarrow as pa

        ragged: list[Any] = []
        try:
            self._arrow(data, ragged)
        except pa.ArrowInvalid:
            if ragged:
                row = ragged[0]
                return RaggedRowError(
                    row=before + (row.number or 0), actual=row.actual_columns, expected=self._width
                )
        return UnparsedCsvError(row=before + 1)

    def _arrow(self, data: bytes, ragged: list[Any]) -> "pa.Table":
        import pyarrow as pa
        from pyarrow import csv

        def bad_row(row: Any) -> str:
            ragged.append(row)
            return "error"

        quoting = self._quoting and b'"' in data
        return csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(
                use_threads=False,
                column_names=[f"f{index}" for index in range(self._width)],
                block_size=len(data) + 1,
            ),
            parse_options=csv.ParseOptions(
                delimiter=self._delimiter,
                quote_char='"' if quoting else False,
                newlines_in_values=quoting,
                ignore_empty_lines=False,
                invalid_row_handler=bad_row,
            ),
            convert_options=csv.ConvertOptions(
                column_types={f"f{index}": pa.string() for index in range(self._width)},
                null_values=self._null_tokens,
                strings_can_be_null=True,
                check_utf8=False,  # `parse` has looked
            ),
        )


def _maybe_blank(table: "pa.Table") -> bool:
    """False where some column has a value in every row."""
    import numpy as np

    for column in table.columns:
        if column.null_count == 0:
            ends = [text_bytes(chunk)[0] for chunk in column.chunks]
            if all(bool((np.diff(one) > 0).all()) for one in ends):
                return False
    return True
