"""Read a CSV file into an Arrow table of strings, exactly as it stands, and hash it on the way."""

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.core.errors import CancelledRunError
from ppdesk.data import csv_structure as structure
from ppdesk.data.errors import (
    EmptyFileError,
    FileUnreadableError,
    NoRowsError,
    NulByteError,
    RaggedRowError,
    UnparsedCsvError,
    WrongEncodingError,
)
from ppdesk.data.headers import check_names, numbered

if TYPE_CHECKING:
    import pyarrow as pa

_PIECE = 4 << 20  # bytes read and hashed at a time


class Encoding(StrEnum):
    """How a file's bytes mean characters. UTF-8 may start with a byte order mark, UTF-16 must."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    LATIN_1 = "iso-8859-1"
    LATIN_9 = "iso-8859-15"


class BadRows(StrEnum):
    """What becomes of a row that does not fit."""

    REFUSE = "refuse"  # the file is refused, with the row's number
    QUARANTINE = "quarantine"  # the row is put aside with its reason, and the others are read


@dataclass(frozen=True)
class CsvFormat:
    """How to read the file. `delimiter` None: found out over all rows. `null_tokens` are what missing
    values look like, compared with the whole value, quoted or not."""

    delimiter: str | None = None
    encoding: Encoding = Encoding.UTF_8
    header: bool = True
    quoting: bool = True
    null_tokens: tuple[str, ...] = ("",)
    bad_rows: BadRows = BadRows.REFUSE


@dataclass(frozen=True)
class ReadTable:
    """A table of string columns (null = missing), the file's SHA-256 and size, and the delimiter used.

    `quarantine`: the rows put aside, as columns row (int64, the number in the file, the header counted),
    reason (string, a code and what is wrong) and text (string, the row as it stands); None where there is
    none.
    """

    table: "pa.Table"
    sha256: str
    size: int
    delimiter: str
    quarantine: "pa.Table | None" = None


def read_csv(path: Path, form: CsvFormat, *, cancelled: Callable[[], bool] = lambda: False) -> ReadTable:
    """The file at `path`. Every row of the file is a row of the table, and every value is kept as text.

    Blank lines at the very end are not rows. Raises a ReadError that names row and column where
    anything is not as it should be, CancelledRunError when asked to stop.
    """
    raw, sha256 = _read(path, cancelled)
    size = len(raw)
    data = _to_utf8(raw, form)
    del raw
    if not data.strip(b"\r\n"):
        raise EmptyFileError()
    delimiter = form.delimiter or structure.find_delimiter(data, quoting=form.quoting)
    nul = data.find(b"\0")
    if nul >= 0:
        row, column = structure.place(data, nul, delimiter, quoting=form.quoting)
        raise NulByteError(row=row, column=column)
    if not _is_utf8(data):  # first of all: pyarrow cannot hand a bad row over that is not
        raise _encoding_error(data, form.encoding, delimiter, quoting=form.quoting)
    if form.quoting:
        structure.check_quotes(data, delimiter)
    names = structure.header_names(data, delimiter, quoting=form.quoting) or [""]
    if len(names) > 1:  # in a file of one column a blank line is a missing value
        data = data.rstrip(b"\r\n")
        structure.check_blank_rows(data, delimiter, quoting=form.quoting)
        data += b"\n"
    if cancelled():
        raise CancelledRunError()
    table = _parse(data, form, delimiter, len(names))
    if form.header:
        check_names(names)
        table = table.slice(1).rename_columns(names)
    else:
        table = table.rename_columns(numbered(len(names)))
    if table.num_rows == 0:
        raise NoRowsError()
    return ReadTable(table, sha256, size, delimiter)


def _read(path: Path, cancelled: Callable[[], bool]) -> tuple[bytes, str]:
    """All bytes and their SHA-256, in one pass."""
    hasher, pieces = hashlib.sha256(), []
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                if cancelled():
                    raise CancelledRunError()
                hasher.update(piece)
                pieces.append(piece)
    except OSError as error:
        raise FileUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
    return b"".join(pieces), hasher.hexdigest()


def _to_utf8(raw: bytes, form: CsvFormat) -> bytes:
    if form.encoding is Encoding.UTF_8:
        return raw.removeprefix(b"\xef\xbb\xbf")
    if form.encoding is Encoding.UTF_16 and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise WrongEncodingError(row=1, column=1, encoding=form.encoding.value)
    try:
        return raw.decode(form.encoding.value).encode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode(form.encoding.value, errors="ignore").encode("utf-8")
        delimiter = form.delimiter or ","
        row, column = structure.place(before, len(before), delimiter, quoting=form.quoting)
        raise WrongEncodingError(row=row, column=column, encoding=form.encoding.value) from None
    except UnicodeEncodeError:  # a lone surrogate
        raise WrongEncodingError(row=1, column=1, encoding=form.encoding.value) from None


def _is_utf8(data: bytes) -> bool:
    """Whether all of it decodes. Piece by piece, so that no second copy of a large file is made."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(memoryview(data)[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _encoding_error(data: bytes, encoding: Encoding, delimiter: str, *, quoting: bool) -> WrongEncodingError:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row, column = structure.place(data, error.start, delimiter, quoting=quoting)
        return WrongEncodingError(row=row, column=column, encoding=encoding.value)
    return WrongEncodingError(row=1, column=1, encoding=encoding.value)


def _parse(data: bytes, form: CsvFormat, delimiter: str, width: int) -> "pa.Table":
    """All rows, the header too, as strings. A second, slower pass only finds the number of a bad row."""
    import pyarrow as pa

    try:
        return _arrow(data, form, delimiter, width, threads=True)
    except RaggedRowError:
        return _arrow(data, form, delimiter, width, threads=False)
    except pa.ArrowInvalid:
        raise UnparsedCsvError(row=1) from None  # its own words may quote a value


def _arrow(data: bytes, form: CsvFormat, delimiter: str, width: int, *, threads: bool) -> "pa.Table":
    import pyarrow as pa
    from pyarrow import csv

    ragged: list[RaggedRowError] = []

    def bad_row(row: Any) -> str:
        ragged.append(
            RaggedRowError(row=row.number or 0, actual=row.actual_columns, expected=row.expected_columns)
        )
        return "error"

    quoting = form.quoting and b'"' in data
    try:
        return csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=threads, autogenerate_column_names=True),
            parse_options=csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoting else False,
                newlines_in_values=quoting,
                ignore_empty_lines=False,
                invalid_row_handler=bad_row,
            ),
            convert_options=csv.ConvertOptions(
                column_types={f"f{index}": pa.string() for index in range(width)},
                null_values=list(form.null_tokens),
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        if ragged:
            raise ragged[0] from None
        raise
