"""Whether the declared row of names looks like one: the first record's values would stand in the record."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.data.detection.names import names_look_like_values
from ppdesk.data.profile import ColumnProfile
from ppdesk.data.readers.formats import FileFormat
from ppdesk.workflow.data.import_settings import Settled

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_ROW = (FileFormat.CSV, FileFormat.FIXED, FileFormat.EXCEL)  # have names there, or none at all


def names_like_values(
    table: "pa.Table", columns: Sequence[ColumnProfile], form: FileFormat, settled: Settled
) -> list[Finding]:
    """A remark where they do, and the first row was declared (or left at the default) to hold names."""
    if form not in _FIRST_ROW or not settled.reading.header or "header" in settled.found:
        return []
    types = {one.name: one.type for one in columns}
    if not names_look_like_values(table, types, settled.reading.decimal):
        return []
    return [
        Finding(
            Level.CAUTION,
            said("The names of the columns look like values."),
            said(
                "The file may have no row of names: then a person's record is missing from the table,"
                " and stands in the record of this project as names. Import again without names in"
                " the first row, in a new project if these values must not stay."
            ),
            "header",
            "PP-IMPORT-019",
        )
    ]
