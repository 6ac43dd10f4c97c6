"""A batch of new records: the parameters and the reading that Score and Monitor share."""

from typing import TYPE_CHECKING

from ppdesk.core.params import Params, SourceFile, param
from ppdesk.data.csv_table import CsvFormat, Encoding, read_csv
from ppdesk.workflow.step import Context

if TYPE_CHECKING:
    from ppdesk.data.csv_table import ReadTable


class BatchParams(Params):
    """Where new records come from."""

    batch: SourceFile = param(label="New records", help="A CSV file with the columns of the imported table.")
    encoding: Encoding = param(
        Encoding.UTF_8, label="Encoding", help="How the file's bytes mean characters.", more=True
    )
    null_tokens: tuple[str, ...] = param(
        ("",), label="Missing values", help="What a missing value looks like in the file.", more=True
    )


def read_batch(params: BatchParams, ctx: Context) -> "ReadTable":
    """The batch as strings, with the file's SHA-256. Raises data.errors.ReadError."""
    form = CsvFormat(encoding=params.encoding, null_tokens=params.null_tokens)
    return read_csv(ctx.sources["batch"], form, cancelled=ctx.cancelled)
