"""What Import would find out about its files: settings, names and counts. No value of a cell, no record."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CodedError
from ppdesk.core.said import said
from ppdesk.core.wording import counted
from ppdesk.data.readers.csv_table import Encoding
from ppdesk.data.readers.formats import WORDS, FileFormat, find_format
from ppdesk.workflow.data.import_params import AUTO, HeaderChoice, ImportParams
from ppdesk.workflow.data.import_reading import fitting, options_of
from ppdesk.workflow.data.import_settings import Settled, declared, of_table, settings_words
from ppdesk.workflow.reading import MARKS
from ppdesk.workflow.step import Facts

if TYPE_CHECKING:
    from ppdesk.data.detection.detected import Given

_TEXT = Field(max_length=4_000)
_NAME = Field(max_length=100_000)  # a column's name may be a whole line of a file that is no table


class ColumnFound(Facts):
    """A column as it would be."""

    name: str = _NAME
    type: str = _TEXT
    missing: int
    distinct: int


class TokenFound(Facts):
    """A word of the public list of missing tokens, and where it stands. `columns` count from 1."""

    token: str = _TEXT
    cells: int
    columns: tuple[int, ...]
    proposed: bool


class DoubtFound(Facts):
    """Something that the file does not settle."""

    code: str = _TEXT
    setting: str = _TEXT
    text: str = _TEXT
    columns: tuple[int, ...] = ()


class FileFound(Facts):
    """What was found out about one file. Where the format has no such setting it is empty. `error` has the
    code, the message and what to do of a file that cannot be read so far."""

    file: str = _TEXT
    format: str = _TEXT
    settings: dict[str, str | list[str]] = Field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    rows: int = 0
    columns: tuple[ColumnFound, ...] = ()
    tokens: tuple[TokenFound, ...] = ()
    reasons: tuple[str, ...] = ()
    doubts: tuple[DoubtFound, ...] = ()
    error: dict[str, str | int] = Field(default_factory=dict)


class Detection(Facts):
    """All files, the main one first."""

    files: tuple[FileFound, ...]

    def lines(self) -> list[str]:
        """For a person."""
        return [line for one in self.files for line in _lines(one)]


def detect_files(
    params: ImportParams,
    chosen: Collection[str],
    sources: Mapping[str, Path],
    *,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
) -> Detection:
    """Look at each file. `chosen` names the parameters that a person set: what is not among them, or is auto,
    is found out. A file that cannot be read has its error in place of what would be found."""
    names = [params.table, *params.more_files]
    paths = [sources["table"], *(sources[f"more_files.{at}"] for at in range(len(params.more_files)))]
    found = []
    for at, (name, path) in enumerate(zip(names, paths, strict=True)):
        progress(at / len(paths), said("Look at file {number} of {files}", number=at + 1, files=len(paths)))
        found.append(_file(params, chosen, name.name, path, cancelled))
    return Detection(files=tuple(found))


def _file(
    params: ImportParams, chosen: Collection[str], name: str, path: Path, cancelled: Callable[[], bool]
) -> FileFound:
    form: FileFormat | None = None
    try:
        options = fitting(options_of(params), path)
        form = options.form or (FileFormat.FIXED if options.widths else find_format(path))
        if form is FileFormat.CSV:
            return _csv(params, chosen, name, path, cancelled)
        return _other(params, chosen, name, path, form, cancelled=cancelled)
    except CodedError as error:
        if error.exit_code.name == "CANCELLED":
            raise
        told = "" if form is None else form.value
        return FileFound(
            file=name, format=told, sheets=_sheets(params, path, form, cancelled), error=error.to_json()
        )


def _csv(
    params: ImportParams, chosen: Collection[str], name: str, path: Path, cancelled: Callable[[], bool]
) -> FileFound:
    from ppdesk.data.detection.detect import detect

    found = detect(path, given(params, chosen), cancelled=cancelled)
    marks = {mark: word.value for word, mark in MARKS.items()}
    return FileFound(
        file=name,
        format=found.format.value,
        settings={
            "encoding": found.encoding.value,
            "delimiter": marks.get(found.delimiter, ""),
            "header": "yes" if found.header else "no",
            "quoting": "double" if found.quoting else "none",
            "null_tokens": list(found.null_tokens),
            "decimal": found.decimal.value,
        },
        rows=found.rows,
        columns=tuple(
            ColumnFound(name=one.name, type=one.type.value, missing=one.missing, distinct=one.distinct)
            for one in found.columns
        ),
        tokens=tuple(
            TokenFound(token=one.token, cells=one.cells, columns=one.columns, proposed=one.proposed)
            for one in found.tokens
        ),
        reasons=found.reasons,
        doubts=tuple(
            DoubtFound(code=one.code, setting=one.setting, text=one.text, columns=one.columns)
            for one in found.doubts
        ),
    )


def given(params: ImportParams, chosen: Collection[str]) -> "Given":
    """The settings that a person made, and nothing of what only holds by default."""
    from ppdesk.data.detection.detected import Given

    def made(name: str) -> bool:
        return name in chosen and getattr(params, name) != AUTO

    return Given(
        encoding=Encoding(params.encoding.value) if made("encoding") else None,
        delimiter=MARKS.get(params.delimiter) if made("delimiter") else None,
        header=params.header is HeaderChoice.YES if made("header") else None,
        quoting=params.quoting.value == "double" if made("quoting") else None,
        decimal=DecimalMark(params.decimal.value) if made("decimal") else None,
        null_tokens=params.null_tokens if made("null_tokens") and not params.find_null_tokens else None,
    )


def _other(
    params: ImportParams,
    chosen: Collection[str],
    name: str,
    path: Path,
    form: FileFormat,
    *,
    cancelled: Callable[[], bool],
) -> FileFound:
    """A file of another format: what its values speak for, and what was not said."""
    from ppdesk.data.profile import profile
    from ppdesk.data.readers.cell_text import as_missing
    from ppdesk.data.readers.read_table import read_table

    read = read_table(path, fitting(options_of(params), path), cancelled=cancelled)
    open_: dict[str, object] = {"decimal": AUTO if "decimal" not in chosen else params.decimal.value}
    open_["find_null_tokens"] = params.find_null_tokens or "null_tokens" not in chosen
    asked = ImportParams.model_validate({**params.model_dump(), **open_})
    settled = of_table(asked, Settled(declared(asked)), read.table)
    reading = settled.reading
    table = as_missing(read.table, reading.null_tokens)
    columns = profile(table, decimal=reading.decimal, cancelled=cancelled)
    settings: dict[str, str | list[str]] = {"sheet": read.sheet} if read.sheet else {}
    return FileFound(
        file=name,
        format=form.value,
        settings={
            **settings,
            "null_tokens": list(reading.null_tokens),
            "decimal": reading.decimal.value,
        },
        sheets=_sheets(params, path, form, cancelled),
        rows=table.num_rows,
        columns=tuple(
            ColumnFound(name=one.name, type=one.type.value, missing=one.missing, distinct=one.distinct)
            for one in columns
        ),
        reasons=(*read.notes, *settled.reasons),
        doubts=tuple(DoubtFound(**one.model_dump()) for one in settled.doubts),
    )


def _sheets(
    params: ImportParams, path: Path, form: FileFormat | None, cancelled: Callable[[], bool]
) -> tuple[str, ...]:
    """The sheets of a workbook or the tables of a database, as far as they can be listed."""
    from ppdesk.data.readers.sheets import sheets

    if form is None:
        return ()
    try:
        return sheets(path, form, params.dialect, cancelled=cancelled)
    except CodedError as error:  # told by the reader already
        if error.exit_code.name == "CANCELLED":
            raise
        return ()


def _lines(one: FileFound) -> list[str]:
    lines = [f"{one.file}: {WORDS[FileFormat(one.format)] if one.format else 'not known'}"]
    if one.sheets:
        lines.append(f"  Sheets or tables: {', '.join(one.sheets)}")
    if one.error:
        return [*lines, f"  {one.error['code']}: {one.error['message']}", f"  {one.error['todo']}"]
    lines += [f"  {words}" for words in settings_words(one.settings)]
    lines.append(f"  Rows: {one.rows:,}")
    lines += [f"  Column {at}: {column.name or '(no name)'}, {column.type}, {column.distinct:,} distinct,"
              f" {column.missing:,} missing" for at, column in enumerate(one.columns, 1)]  # fmt: skip
    lines += [
        f'  "{token.token}" stands in {counted(token.cells, "cell")} of'
        f" column{'s' * (len(token.columns) > 1)} {', '.join(map(str, token.columns))}:"
        f" {'looks missing' if token.proposed else 'may be a value'}"
        for token in one.tokens
    ]
    lines += [f"  {reason}" for reason in one.reasons]
    return [*lines, *(f"  Look at it: {doubt.text} ({doubt.code})" for doubt in one.doubts)]
