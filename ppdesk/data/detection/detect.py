"""Find out how a text file is written, over all of its rows, for a person to confirm or correct.

What the file does not settle is a doubt, and what cannot be read at all is a coded error.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.column_counts import count_column
from ppdesk.data.detection.cells import TOKENS, Column, find_decimal, find_header, find_tokens, look
from ppdesk.data.detection.detected import Detected, DetectedColumn, Doubt, Given
from ppdesk.data.detection.encoding import detect_encoding
from ppdesk.data.errors import (
    OpenQuoteError,
    ReadError,
    StrayQuoteError,
    TooManyBadRowsError,
    UnclearDelimiterError,
)
from ppdesk.data.readers.csv_blocks import as_utf8, pieces_of, whole_rows
from ppdesk.data.readers.csv_structure import CANDIDATES, delimiter_marks
from ppdesk.data.readers.csv_table import BadRows, CsvFormat, Encoding, ReadTable, read_csv
from ppdesk.data.readers.formats import FileFormat, find_format
from ppdesk.data.readers.read_table import ReadOptions, read_table
from ppdesk.data.readers.text_bytes import flags

if TYPE_CHECKING:
    import pyarrow as pa

_THREADS = 4  # columns at a time at most
_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def detect(
    path: Path,
    given: Given | None = None,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[float, str], None] = lambda _share, _what: None,
) -> Detected:
    """The settings that read the file at `path`, those `given` kept. A file of another format than CSV is
    read as it is, and only its decimal mark and missing tokens are found out.

    Raises a ReadError where the file cannot be read with any settings, CancelledRunError when asked to stop.
    """
    given = given or Given()
    form = find_format(path)
    reasons: list[str] = []
    doubts: list[Doubt] = []
    if form is not FileFormat.CSV:
        found = read_table(path, ReadOptions(form=form), cancelled=cancelled)
        table, text = _with_names(found.table), CsvFormat()
        given = replace(given, header=True)
        delimiter, quoting = "", True
    else:
        progress(0.0, "Look at every byte")
        encoding = given.encoding
        if encoding is None:
            encoding, why, doubts = detect_encoding(path, cancelled)
            reasons.append(why)
        progress(0.2, "Look at every row")
        read, text = _read(path, given, encoding, reasons=reasons, doubts=doubts, cancelled=cancelled)
        table, delimiter, quoting = read.table, read.delimiter, text.quoting
        reasons.append(f"Delimiter {_WORDS.get(delimiter, 'as given')}.")
        doubts += _put_aside(read)
    progress(0.4, f"Look at {table.num_columns} columns")
    columns: list[Column] = _each(look, table.columns, cancelled=cancelled)
    decimal, header, tokens = given.decimal, given.header, given.null_tokens
    marked, why_mark, doubts_mark = find_decimal(columns)
    if decimal is None:
        decimal, reasons, doubts = marked, [*reasons, *why_mark], [*doubts, *doubts_mark]
    proposed, every, doubts_tokens = find_tokens(columns, decimal)
    if tokens is None:
        tokens, doubts = proposed, [*doubts, *doubts_tokens]
    named, why_named, doubts_named = find_header(columns, decimal)
    if header is None:
        header, reasons, doubts = named, [*reasons, *why_named], [*doubts, *doubts_named]
    elif form is FileFormat.CSV and header and not named:
        told = "The first row was said to hold names, but looks like values."
        doubts.append(Doubt("PP-DETECT-033", "header", told))
    return Detected(
        format=form,
        encoding=text.encoding,
        delimiter=delimiter,
        header=header,
        quoting=quoting,
        decimal=decimal,
        null_tokens=tokens,
        columns=tuple(
            _each(
                lambda one, cells: _column(one, cells, decimal, header, tokens),
                columns,
                table.columns,
                cancelled=cancelled,
            )
        ),
        rows=table.num_rows - int(header),
        tokens=tuple(every),
        reasons=tuple(reasons),
        doubts=tuple(doubts),
    )


def _each(act: Callable[..., Any], *given: "Sequence[Any]", cancelled: Callable[[], bool]) -> list[Any]:
    """`act` of each column, in several threads, in order. CancelledRunError when asked to stop."""

    def one(*column: Any) -> Any:
        if cancelled():
            raise CancelledRunError()
        return act(*column)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as threads:
        return list(threads.map(one, *given))


def _read(
    path: Path,
    given: Given,
    encoding: Encoding,
    *,
    reasons: list[str],
    doubts: list[Doubt],
    cancelled: Callable[[], bool],
) -> tuple[ReadTable, CsvFormat]:
    """The file with its first row as a row, rows that do not fit put aside."""
    form = CsvFormat(
        delimiter=given.delimiter, encoding=encoding, header=False,
        quoting=given.quoting is not False, null_tokens=("",), bad_rows=BadRows.QUARANTINE,
    )  # fmt: skip
    wrong: ReadError | None = None
    read = None
    noted: list[Doubt] = []
    try:
        read = _any_delimiter(path, form, noted, cancelled)
    except (StrayQuoteError, OpenQuoteError, TooManyBadRowsError) as error:
        wrong = error
    if given.quoting is None and (read is None or _aside(read, "quotes")):
        plain = _without_marks(path, replace(form, quoting=False), cancelled)
        if plain is not None:
            reasons.append("Quotation marks are ordinary characters: read as such, all rows fit.")
            if read is not None:
                told = f"As marks around values they do not match in {_aside(read, 'quotes'):,} rows."
                doubts.append(Doubt("PP-DETECT-004", "quoting", told))
            return plain, replace(form, quoting=False)
    if read is None:
        raise wrong or UnclearDelimiterError(fitting="none")
    doubts += noted
    return read, form


def _without_marks(path: Path, form: CsvFormat, cancelled: Callable[[], bool]) -> ReadTable | None:
    """The file with quotation marks as characters, where all its rows fit that way."""
    try:
        return read_csv(path, replace(form, bad_rows=BadRows.REFUSE), cancelled=cancelled)
    except ReadError:
        return None


def _any_delimiter(
    path: Path, form: CsvFormat, doubts: list[Doubt], cancelled: Callable[[], bool]
) -> ReadTable:
    """With the delimiter that is clear, or else the one that most rows fit, which is a doubt."""
    try:
        return read_csv(path, form, cancelled=cancelled)
    except UnclearDelimiterError as error:
        blocks = whole_rows(
            as_utf8(pieces_of(path, cancelled), form.encoding),
            quoting=form.quoting,
            blank_ends=False,
        )
        first = next(blocks).data.rstrip(b"\r\n")
        marks = [mark for mark in CANDIDATES if mark in delimiter_marks(first, quoting=form.quoting).first]
        best: ReadTable | None = None
        for mark in marks:
            try:
                read = read_csv(path, replace(form, delimiter=mark), cancelled=cancelled)
            except ReadError:
                continue
            if best is None or _aside(read) < _aside(best):
                best = read
        if best is None:
            raise error from None
        told = f"More than one delimiter is possible: {', '.join(_WORDS[mark] for mark in marks)}."
        doubts.append(Doubt("PP-DETECT-002", "delimiter", told))
        return best


def _aside(read: ReadTable, kind: str = "") -> int:
    """How many rows were put aside (for that kind of reason)."""
    import pyarrow.compute as pc

    if read.quarantine is None:
        return 0
    return int(pc.sum(pc.starts_with(read.quarantine["reason"], kind)).as_py() or 0)


def _put_aside(read: ReadTable) -> list[Doubt]:
    """The rows that do not fit, counted by the code of their reason."""
    if read.quarantine is None:
        return []
    counts: dict[str, int] = {}
    for reason in read.quarantine.column("reason").to_pylist():
        counts[reason.split(":")[0]] = counts.get(reason.split(":")[0], 0) + 1
    words = ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items()))
    told = (
        f"{_aside(read):,} rows do not fit ({words}), the first is row {read.quarantine['row'][0].as_py():,}."
    )
    return [Doubt("PP-DETECT-003", "bad_rows", told)]


def _with_names(table: "pa.Table") -> "pa.Table":
    """The names as a first row, as a file without a header setting has them."""
    import pyarrow as pa

    names = pa.table([pa.array([name], pa.string()) for name in table.column_names], names=table.column_names)
    return pa.concat_tables([names, table])


def _column(
    looked: Column, cells: "pa.ChunkedArray", decimal: DecimalMark, header: bool, tokens: tuple[str, ...]
) -> DetectedColumn:
    """As it would be read with the proposed settings."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from ppdesk.data.column_types import column_type, present_texts

    same = header and not set(looked.tokens) - set(tokens)  # what was looked at is what would be read
    body = cells.slice(1) if header else cells
    if same and looked.values is not None and looked.counts is not None:
        out = flags(pc.is_in(looked.values, value_set=pa.array(tokens, pa.string())))
        missing = len(body) - int(looked.counts[~out].sum())
        return DetectedColumn(looked.first or "", looked.kinds[decimal], missing, int((~out).sum()))
    if same and set(tokens) <= {*TOKENS, ""}:  # an empty cell is missing already
        kept = looked.rest
        distinct = len(count_column(kept).counts())
        return DetectedColumn(looked.first or "", looked.kinds[decimal], len(body) - len(kept), distinct)
    gone = pc.is_in(body, value_set=pa.array(tokens, pa.string()))
    kept = present_texts(body.filter(pc.invert(gone)) if pc.any(gone).as_py() else body)
    kind = looked.kinds[decimal] if same else column_type(kept, decimal)
    distinct = len(count_column(kept).counts())
    return DetectedColumn((looked.first or "") if header else "", kind, len(body) - len(kept), distinct)
