"""A batch of new records: the parameters and the reading that Score and Monitor share."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import field_validator

from ppdesk.core.artifacts import Artifact, Head
from ppdesk.core.canonical import Json
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.params import Params, Reads, param
from ppdesk.data.readers.csv_table import Encoding
from ppdesk.data.readers.formats import SUFFIXES, TEXT, WITH_SHEETS, WORDS, FileFormat, find_format
from ppdesk.data.readers.read_table import ReadOptions, read_table
from ppdesk.workflow.cleaning import CleaningFacts, as_cleaned
from ppdesk.workflow.reading import Delimiter, Quoting, Reading, form_of, was_found_out
from ppdesk.workflow.step import Context

if TYPE_CHECKING:
    import pyarrow as pa

_AS = "As imported"


class Names(StrEnum):
    """Whether the first row holds column names."""

    YES = "yes"
    NO = "no"


class BatchParams(Params):
    """Where new records come from, and how they are read where that is not as the table was."""

    batch: Annotated[Path, Reads(tuple(SUFFIXES))] = param(
        label="New records",
        help="A file with the columns of the imported table, in any format that Import reads.",
    )
    format: FileFormat | None = param(
        None,
        label="Format",
        help="Without it the content of the file tells; text is of fixed width where the table was.",
        empty="As the file says",
        more=True,
    )
    sheet: str | None = param(
        None,
        label="Sheet",
        help="Which sheet of a workbook, or table of a database. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    widths: tuple[str, ...] | None = param(
        None,
        label="Widths",
        help="Of text of fixed width: NAME:CHARACTERS for each column. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    delimiter: Delimiter | None = param(
        None,
        label="Columns are separated by",
        help="What stands between two values. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    encoding: Encoding | None = param(
        None,
        label="Encoding",
        help="How the file's bytes mean characters. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    header: Names | None = param(
        None,
        label="First row holds column names",
        help="Whether it does. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    quoting: Quoting | None = param(
        None,
        label="Quotation marks",
        help="double: values may stand in quotation marks. none: a quotation mark is an ordinary character. "
        "Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    null_tokens: tuple[str, ...] | None = param(
        None,
        label="Missing values",
        help="What a missing value looks like in the file. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )
    decimal: DecimalMark | None = param(
        None,
        label="Decimal mark",
        help="What stands before the decimals of a number. Without it as the table was imported.",
        empty=_AS,
        more=True,
    )

    @field_validator("null_tokens", "widths", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


@dataclass(frozen=True)
class Batch:
    """New records as strings (null = missing), the file's SHA-256, and how it was read."""

    table: "pa.Table"
    sha256: str
    reading: Reading
    form: FileFormat
    cleaned: CleaningFacts | None = None


def reading_of(params: BatchParams, head: Head) -> Reading:
    """As `head` (TABLE or BUNDLE) says, overruled by what a person said. A delimiter that was found out for
    the table is found out for the batch too."""
    said = params.model_dump(include=set(Reading.model_fields), exclude_none=True)
    if params.header is not None:
        said["header"] = params.header is Names.YES
    if was_found_out(head, "delimiter"):
        said = {"delimiter": Delimiter.AUTO, **said}
    return Reading.of(head).model_copy(update=said)


def read_batch(params: BatchParams, head: Head, ctx: Context, source: Artifact | None = None) -> Batch:
    """The batch, read as `reading_of` says and in its own format, and cleaned as the table was that `source`
    (TABLE or BUNDLE) is or was made from. Raises data.errors.ReadError, data.clean.errors.CleanError."""
    reading, path, table = reading_of(params, head), ctx.sources["batch"], form_of(head)
    form = params.format or _format(params, path, table)
    sheet = str(table.get("sheet") or "") if params.sheet is None else params.sheet
    widths = table.get("widths")
    told = tuple(map(str, widths)) if isinstance(widths, list) else ()
    options = ReadOptions(
        text=reading.form(),
        form=form,
        sheet=sheet if form in WITH_SHEETS or params.sheet is not None else "",
        dialect=str(table.get("dialect") or "") if form is FileFormat.DATABASE else "",
        widths=(told if params.widths is None else params.widths) if form is FileFormat.FIXED else (),
        value_labels=table.get("value_labels") is True,
    )
    read = read_table(path, options, cancelled=ctx.cancelled)
    if source is None:
        return Batch(read.table, read.sha256, reading, read.form)
    made = as_cleaned(read.table, source, reading.decimal, ctx.cancelled)
    return Batch(made.table, read.sha256, reading, read.form, made.facts)


def _format(params: BatchParams, path: Path, table: Mapping[str, Json]) -> FileFormat:
    """What the content says. Text of fixed width cannot be told from CSV: it is where the table was."""
    found = find_format(path)
    fixed = bool(params.widths) or table.get("format") == FileFormat.FIXED.value
    return FileFormat.FIXED if fixed and found in TEXT else found


def read_words(reading: Reading, form: str, cleaned: CleaningFacts | None = None) -> str:
    """How a batch was read and cleaned, for a person."""
    read = f"Read from {WORDS[FileFormat(form)]}, decimal {reading.decimal}."
    if form in TEXT:
        read = reading.words()
    return read if cleaned is None else f"{read} {cleaned.words()}"
