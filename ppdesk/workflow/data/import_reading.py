"""Read the files of an import, one after the other, with the settings that hold for all of them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json
from ppdesk.core.said import said
from ppdesk.data.readers.cell_text import as_missing
from ppdesk.data.readers.formats import WITH_SHEETS, FileFormat, find_format
from ppdesk.data.readers.read_table import Found, ReadOptions, read_table
from ppdesk.workflow.data.import_files import FileFacts
from ppdesk.workflow.data.import_settings import SettingFacts, Settled, declared, of_table, settle, told
from ppdesk.workflow.reading import MARKS, Delimiter, found_out, keep, keep_form
from ppdesk.workflow.step import Context

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.workflow.data.import_params import ImportParams


@dataclass(frozen=True)
class Piece:
    """One file: its rows, and what is told of it."""

    table: "pa.Table"
    facts: FileFacts


@dataclass(frozen=True)
class Pieces:
    """All files, the first one first, and how they were read. `quarantine` has the rows that were put aside:
    row, reason and text, and the file where there are several."""

    files: tuple[Piece, ...]
    settled: Settled
    settings: tuple[SettingFacts, ...]
    delimiter: str  # of the first file, in words; empty where its format has none
    notes: tuple[str, ...]
    quarantine: "pa.Table | None"

    @property
    def others(self) -> "list[tuple[str, pa.Table]]":
        """The files after the first: (name, table)."""
        return [(one.facts.file, one.table) for one in self.files[1:]]

    def kept(self, params: "ImportParams") -> dict[str, Json]:
        """For the head: how the table was read, with what was found out, never "auto"."""
        reading, found = self.settled.reading, list(self.settled.found)
        if self.delimiter and params.delimiter is Delimiter.AUTO:
            reading = reading.model_copy(update={"delimiter": Delimiter(self.delimiter)})
            found = [*found, *(["delimiter"] if "delimiter" not in found else [])]
        form: dict[str, Json] = {
            "format": self.files[0].facts.format,
            "sheet": params.sheet,
            "dialect": params.dialect,
            "widths": list(params.widths),
            "value_labels": params.value_labels,
        }
        return found_out(keep(reading), found) | keep_form(form)


def read_pieces(params: "ImportParams", ctx: Context) -> Pieces:
    """Read all files. Raises a ReadError, or CancelledRunError when asked to stop."""
    path = ctx.sources["table"]
    ctx.progress(0.0, said("Read the file"))
    form = _form(params, path)
    settled = settle(params, path, form, cancelled=ctx.cancelled)
    options = options_of(params, settled)
    names = [params.table, *params.more_files]
    paths = [path, *(ctx.sources[f"more_files.{at}"] for at in range(len(params.more_files)))]
    pieces, quarantines, notes = [], [], []
    for at, (name, place) in enumerate(zip(names, paths, strict=True)):
        ctx.progress(
            0.5 * at / len(paths), said("Read file {number} of {files}", number=at + 1, files=len(paths))
        )
        read = read_table(place, options if at == 0 else fitting(options, place), cancelled=ctx.cancelled)
        if at == 0:
            first = read
            if form is not FileFormat.CSV:
                settled = of_table(params, settled, read.table)
        table = (
            as_missing(read.table, settled.reading.null_tokens)
            if "null_tokens" in settled.found
            else read.table
        )
        pieces.append(Piece(table, _facts(name, read)))
        notes += [note if len(paths) == 1 else f"{name.name}: {note}" for note in read.notes]
        if read.quarantine is not None and read.quarantine.num_rows:
            quarantines.append(_named(read.quarantine, name.name, several=len(paths) > 1))
    delimiter = _words(first.delimiter)
    return Pieces(
        tuple(pieces),
        settled,
        tuple(told(settled, first.form, delimiter, params.delimiter)),
        delimiter,
        tuple(notes),
        _together(quarantines),
    )


def _form(params: "ImportParams", path: Path) -> FileFormat:
    asked = form_asked(params)
    if asked is not None:
        return asked
    return FileFormat.FIXED if params.widths else find_format(path)


def form_asked(params: "ImportParams") -> FileFormat | None:
    """The format that a person chose, by itself or with the dialect; None: it is found out."""
    if params.format != "auto":
        return FileFormat(params.format.value)
    if params.dialect:
        return FileFormat.SQLITE if params.dialect == FileFormat.SQLITE.value else FileFormat.DATABASE
    return None


def options_of(params: "ImportParams", settled: Settled | None = None) -> ReadOptions:
    """How to read the files, with what was settled; else with what is declared, and defaults for the rest."""
    reading = (settled or Settled(declared(params))).reading
    return ReadOptions(
        text=replace(reading.form(), bad_rows=params.bad_rows),
        form=form_asked(params),
        sheet=params.sheet,
        dialect=params.dialect,
        widths=params.widths,
        value_labels=params.value_labels,
    )


def fitting(options: ReadOptions, path: Path) -> ReadOptions:
    """`options` for a further file: without what its format does not have."""
    form = options.form or find_format(path)
    fixed = form is FileFormat.FIXED or (options.widths and form is FileFormat.CSV)
    return replace(
        options,
        sheet=options.sheet if form in WITH_SHEETS else "",
        widths=options.widths if fixed else (),
    )


def _facts(name: Path, read: Found) -> FileFacts:
    return FileFacts(
        file=name.name,
        sha256=read.sha256,
        content="",  # taken later
        size=read.size,
        rows=read.table.num_rows,
        format=read.form.value,
        sheet=read.sheet,
    )


def _words(delimiter: str) -> str:
    return next((word.value for word, mark in MARKS.items() if mark == delimiter), "")


def _named(quarantine: "pa.Table", file: str, *, several: bool) -> "pa.Table":
    import pyarrow as pa

    if not several:
        return quarantine
    return quarantine.append_column("file", pa.array([file] * quarantine.num_rows, pa.string()))


def _together(tables: "list[pa.Table]") -> "pa.Table | None":
    import pyarrow as pa

    return pa.concat_tables(tables) if tables else None
