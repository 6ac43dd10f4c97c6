"""Read a table from a file of any format that is known, as strings, and hash the file."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.errors import EmptyFileError, FileUnreadableError, NoSuchSheetError, WidthsError
from ppdesk.data.readers.cell_text import as_missing
from ppdesk.data.readers.csv_table import CsvFormat, read_csv
from ppdesk.data.readers.formats import SUFFIXES, WITH_SHEETS, FileFormat, check_format, find_format

if TYPE_CHECKING:
    import pyarrow as pa

_PIECE = 4 << 20  # bytes hashed at a time


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file. `form` None: found out. `text` says how text files are written, and its
    `header` and `null_tokens` count for every format that has them."""

    text: CsvFormat = field(default_factory=CsvFormat)
    form: FileFormat | None = None
    sheet: str = ""  # of a workbook, or a table of a database; empty: the only one
    dialect: str = ""  # SQLAlchemy's, of a database
    widths: tuple[str, ...] = ()  # of fixed-width text
    value_labels: bool = False


@dataclass(frozen=True)
class Found:
    """A table of string columns (null = missing), the file's SHA-256 and size, and what was found out.

    `delimiter` and `sheet` are empty where the format has none. `notes` are sentences for people.
    `quarantine` holds the rows that were put aside (see ReadTable).
    """

    table: "pa.Table"
    sha256: str
    size: int
    form: FileFormat
    delimiter: str = ""
    sheet: str = ""
    notes: tuple[str, ...] = ()
    quarantine: "pa.Table | None" = None


def read_table(path: Path, options: ReadOptions, *, cancelled: Callable[[], bool] = lambda: False) -> Found:
    """The table at `path`. Raises a ReadError, or CancelledRunError when asked to stop."""
    if options.form is None:
        form = FileFormat.FIXED if options.widths else find_format(path)
        if options.widths:
            check_format(path, form)
    else:
        form = options.form
        if options.dialect in ("", "duckdb"):  # what another dialect reads has a sign that only it knows
            check_format(path, form)
    if options.widths and form is not FileFormat.FIXED:
        raise WidthsError(reason="they are for text of fixed width, and another format is chosen")
    if options.sheet and form not in WITH_SHEETS:
        raise NoSuchSheetError(what="sheet or table", names="none")
    named = SUFFIXES.get(path.suffix.lower())
    notes = [] if named in (form, None) or options.form else ["The name of the file says another format."]
    if form is FileFormat.CSV:
        read = read_csv(path, options.text, cancelled=cancelled)
        return Found(
            read.table, read.sha256, read.size, form,
            delimiter=read.delimiter, notes=tuple(notes), quarantine=read.quarantine,
        )  # fmt: skip
    if form is FileFormat.FIXED:
        return _fixed(path, options, tuple(notes), cancelled)
    sha256, size = _hash(path, cancelled)
    if size == 0:
        raise EmptyFileError()
    table, sheet, more = _read(path, form, options, cancelled)
    table = as_missing(table, options.text.null_tokens)
    return Found(table, sha256, size, form, sheet=sheet, notes=(*notes, *more))


def _fixed(path: Path, options: ReadOptions, notes: tuple[str, ...], cancelled: Callable[[], bool]) -> Found:
    from ppdesk.data.readers.fixed_width import parse_widths, read_fixed

    widths, text = parse_widths(options.widths), options.text
    read = read_fixed(
        path, widths, encoding=text.encoding, header=text.header, bad_rows=text.bad_rows, cancelled=cancelled
    )
    table = as_missing(read.table, text.null_tokens)
    return Found(table, read.sha256, read.size, FileFormat.FIXED, notes=notes, quarantine=read.quarantine)


def _read(
    path: Path, form: FileFormat, options: ReadOptions, cancelled: Callable[[], bool]
) -> "tuple[pa.Table, str, list[str]]":
    """(table, sheet, notes). Each reader is loaded only when its format comes."""
    if form is FileFormat.EXCEL:
        from ppdesk.data.readers.xlsx_table import read_xlsx

        sheet = read_xlsx(path, options.sheet, header=options.text.header, cancelled=cancelled)
        told = [f"Results of formulas, taken as stored in the file: {sheet.formulas:,}."]
        return sheet.table, sheet.sheet, told if sheet.formulas else []
    if form is FileFormat.SQLITE:
        from ppdesk.data.readers.sqlite_table import read_sqlite

        table, name = read_sqlite(path, options.sheet, cancelled=cancelled)
        return table, name, []
    if form is FileFormat.DATABASE:
        from ppdesk.data.readers.sql_table import DUCKDB, read_sql

        table, name = read_sql(path, options.dialect or DUCKDB, options.sheet, cancelled=cancelled)
        return table, name, []
    if form in (FileFormat.PARQUET, FileFormat.ARROW):
        from ppdesk.data.readers.arrow_table import read_arrow, read_parquet

        read = read_parquet if form is FileFormat.PARQUET else read_arrow
        return read(path, cancelled=cancelled), "", []
    from ppdesk.data.readers.stat_table import read_stat

    stat = read_stat(path, form, labels=options.value_labels, cancelled=cancelled)
    told = [f"Columns with value labels instead of codes: {stat.labelled}."] if stat.labelled else []
    if stat.guessed:
        told.append(
            "A Stata file from before version 14 names no encoding: letters beyond a to z were read as"
            " windows-1252, look at some."
        )
    return stat.table, "", told


def _hash(path: Path, cancelled: Callable[[], bool]) -> tuple[str, int]:
    """(SHA-256, size in bytes)."""
    hasher, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                if cancelled():
                    raise CancelledRunError()
                hasher.update(piece)
                size += len(piece)
    except OSError as error:
        raise FileUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
    return hasher.hexdigest(), size
