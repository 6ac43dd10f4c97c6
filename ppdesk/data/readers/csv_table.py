"""Read a CSV file into an Arrow table of strings, exactly as it stands, and hash it on the way."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.data.errors import (
    BlankRowError,
    EmptyFileError,
    NoRowsError,
    OpenQuoteError,
    ReadError,
    RowTooLongError,
    StrayQuoteError,
    TooLargeError,
    TooManyBadRowsError,
    UnclearDelimiterError,
)
from ppdesk.data.readers import csv_structure as structure
from ppdesk.data.readers.csv_blocks import (
    ROW_MOST,
    Block,
    Encoding,
    HashedFile,
    as_utf8,
    pieces_of,
    whole_rows,
)
from ppdesk.data.readers.csv_parse import CsvParser, Unparsed
from ppdesk.data.readers.csv_quarantine import Rejected, Sieve, Sifted, as_table
from ppdesk.data.readers.headers import check_names, numbered

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "COLUMNS_MOST",
    "BadRows",
    "CsvFormat",
    "Encoding",
    "Layout",
    "ReadTable",
    "find_layout",
    "read_csv",
]

COLUMNS_MOST = 50_000


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
    """The file at `path`. Every row of the file is a row of the table or of the quarantine, and every value
    is kept as text.

    Blank lines at the very end are not rows. The file is read in blocks, so memory holds little more than
    the table. Raises a ReadError that names row and column where anything is not as it should be,
    CancelledRunError when asked to stop.
    """
    import pyarrow as pa

    layout = find_layout(path, form, cancelled)
    file = HashedFile(path, cancelled)
    work = _Work(form, layout)
    pieces = as_utf8(file.pieces(), form.encoding)
    if form.bad_rows is BadRows.QUARANTINE:
        blocks = work.sieve.rows(pieces)
    else:
        blocks = whole_rows(pieces, quoting=form.quoting, blank_ends=len(layout.names) == 1)
    tables = list(work.tables(blocks))
    rows = work.rows - int(form.header)
    if 2 * len(work.rejected) > rows:
        raise TooManyBadRowsError(rejected=len(work.rejected), rows=rows)
    names = layout.names
    if form.header:
        check_names(names)
        tables[0] = tables[0].slice(1)
    table = pa.concat_tables([one for one in tables if one.num_rows] or tables[:1])
    table = table.rename_columns(names if form.header else numbered(len(names)))
    if table.num_rows == 0:
        raise NoRowsError()
    return ReadTable(table, file.sha256, file.size, layout.delimiter, as_table(work.rejected))


@dataclass(frozen=True)
class Layout:
    """What the first rows tell. `alone`: no candidate for a delimiter stands in the first row, nor may one in
    any other; `unclear`: there is more than one, so that rows of other lengths are no answer."""

    delimiter: str
    names: list[str]
    alone: bool = False
    unclear: bool = False


def find_layout(path: Path, form: CsvFormat, cancelled: Callable[[], bool] = lambda: False) -> Layout:
    """Delimiter and names, from the first block where that settles them, else from the whole file."""
    blocks = whole_rows(
        as_utf8(pieces_of(path, cancelled), form.encoding), quoting=form.quoting, blank_ends=False
    )
    first = next(blocks, None)
    if first is None or not first.data.strip(b"\r\n"):
        raise EmptyFileError()
    if first.overlong:
        raise _too_long(first.data, form.delimiter or ",", 0, quoting=form.quoting)
    delimiter, marks = form.delimiter, None
    if delimiter is None:
        marks = structure.delimiter_marks(first.data.rstrip(b"\r\n"), quoting=form.quoting)
        for block in blocks:
            if len(marks.fitting) < 2:
                break
            marks = marks.further(block.data, quoting=form.quoting)
        delimiter = marks.chosen()
    record = structure.first_record(first.data, quoting=form.quoting)
    try:
        structure.check_bytes(record, form.encoding.value, delimiter, quoting=form.quoting)
    except structure.PLACED:
        structure.check_bytes(first.data, form.encoding.value, delimiter, quoting=form.quoting)  # as all rows
        raise
    if form.quoting and form.bad_rows is BadRows.QUARANTINE:  # the row of names is never put aside
        structure.check_quotes(record, delimiter)
    columns = structure.count_values(record, delimiter, quoting=form.quoting)
    if columns > COLUMNS_MOST:  # counted before millions of names are made
        raise TooLargeError(what=f"{columns:,} columns", most=f"{COLUMNS_MOST:,}")
    names = structure.header_names(first.data, delimiter, quoting=form.quoting) or [""]
    if marks is None:
        return Layout(delimiter, names)
    return Layout(delimiter, names, alone=not marks.first, unclear=len(marks.first) > 1)


class _Work:
    """Blocks become tables, in threads, in the order of the file."""

    def __init__(self, form: CsvFormat, layout: Layout) -> None:
        self._form, self._layout = form, layout
        self._parser = CsvParser(
            layout.delimiter, len(layout.names), quoting=form.quoting, null_tokens=form.null_tokens
        )
        self.sieve = Sieve(layout.delimiter, len(layout.names), form.quoting, form.encoding.value)
        self.rows = 0  # of the file, the header too
        self.rejected: list[Rejected] = []

    def tables(self, blocks: Iterator[Block]) -> "Iterator[pa.Table]":
        count = os.cpu_count() or 1
        waiting: deque[tuple[Block, Future[pa.Table]]] = deque()
        with ThreadPoolExecutor(count) as threads:
            try:
                for block in blocks:
                    waiting.append((block, threads.submit(self._parse, block)))
                    if len(waiting) > count + 1:
                        yield self._taken(*waiting.popleft())
                while waiting:
                    yield self._taken(*waiting.popleft())
            finally:
                threads.shutdown(cancel_futures=True)

    def _parse(self, block: Block) -> "pa.Table":
        if block.overlong:
            raise Unparsed
        return self._parser.parse(block.data, marks_fine=block.marks_fine)

    def _taken(self, block: Block, parsed: "Future[pa.Table]") -> "pa.Table":
        """The table of a block, whose rows are counted; or why there is none."""
        layout, form = self._layout, self._form
        if block.overlong:
            raise _too_long(block.data, layout.delimiter, self.rows, quoting=form.quoting)
        if layout.alone and any(mark.encode() in block.data for mark in structure.CANDIDATES):
            raise UnclearDelimiterError(fitting="none")
        try:
            table = parsed.result()
        except Unparsed:
            if form.bad_rows is BadRows.REFUSE or isinstance(block, Sifted):
                self._refuse(block.data)
            block, _ = self.sieve.sift(block.data, final=True)
            table = self._parser.parse(block.data)
        if not isinstance(block, Sifted):
            self.rows += table.num_rows
            return table
        for one in block.rejected:
            if form.header and self.rows + one.row == 1:
                self._refuse(block.data)
            self.rejected.append(Rejected(self.rows + one.row, one.reason, one.text))
        self.rows += block.rows
        if block.unsure:
            error = OpenQuoteError if block.unsure.open else StrayQuoteError
            raise error(row=self.rows + 1, column=block.unsure.column)
        return table

    def _refuse(self, data: bytes) -> None:
        """Say what is wrong with rows that cannot be parsed. Always raises."""
        form, layout, before = self._form, self._layout, self.rows
        delimiter, quoting = layout.delimiter, form.quoting
        structure.check_bytes(data, form.encoding.value, delimiter, quoting=quoting, before=before)
        if quoting:
            structure.check_quotes(data, delimiter, before=before)
        if len(layout.names) > 1:
            ends = data.rstrip(b"\r\n")
            structure.check_blank_rows(ends, delimiter, quoting=quoting, before=before)
            if not ends:
                raise BlankRowError(row=before + 1)
        if layout.unclear:
            raise UnclearDelimiterError(fitting="none")
        raise self._parser.why_not(data, before)


def _too_long(data: bytes, delimiter: str, before: int, *, quoting: bool) -> ReadError:
    """For the beginning of a row that is longer than any may be."""
    if not data.strip(b"\r\n"):
        return BlankRowError(row=before + 1)
    stray = structure.stray_mark(data, delimiter) if quoting else -1
    if 0 <= stray < len(data):
        row, column = structure.place(data, stray, delimiter, quoting=True)
        return StrayQuoteError(row=before + row, column=column)
    return RowTooLongError(row=before + 1, most=f"{ROW_MOST >> 20} MiB")
