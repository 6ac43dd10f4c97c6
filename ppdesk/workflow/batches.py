"""A batch of new records: the parameters and the reading that Score and Monitor share."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import field_validator

from ppdesk.core.artifacts import Head
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.params import Params, SourceFile, param
from ppdesk.data.csv_table import Encoding, read_csv
from ppdesk.workflow.reading import Delimiter, Quoting, Reading
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

    batch: SourceFile = param(label="New records", help="A CSV file with the columns of the imported table.")
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

    @field_validator("null_tokens", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


@dataclass(frozen=True)
class Batch:
    """New records as strings (null = missing), the file's SHA-256, and how it was read."""

    table: "pa.Table"
    sha256: str
    reading: Reading


def reading_of(params: BatchParams, head: Head) -> Reading:
    """As `head` (TABLE or BUNDLE) says, overruled by what a person said."""
    said = params.model_dump(include=set(Reading.model_fields), exclude_none=True)
    if params.header is not None:
        said["header"] = params.header is Names.YES
    return Reading.of(head).model_copy(update=said)


def read_batch(params: BatchParams, head: Head, ctx: Context) -> Batch:
    """The batch, read as `reading_of` says. Raises data.errors.ReadError."""
    reading = reading_of(params, head)
    read = read_csv(ctx.sources["batch"], reading.form(), cancelled=ctx.cancelled)
    return Batch(read.table, read.sha256, reading)
