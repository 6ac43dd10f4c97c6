"""Whether the declared decimal mark fits the table that was read: a proposal, never a guess in silence."""

from collections.abc import Sequence

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.data.profile import ColumnProfile


def other_marks(columns: Sequence[ColumnProfile], decimal: DecimalMark) -> list[Finding]:
    """A remark where the numbers of columns all have the other mark, as far as they have decimals at all."""
    names = [one.name for one in columns if one.other_mark]
    if not names:
        return []
    looks = decimal.other.value
    return [
        Finding(
            Level.CAUTION,
            said(
                "Numbers look written with a decimal {looks}, and the declared mark is the {declared}.",
                looks=looks,
                declared=decimal.value,
            ),
            said(
                "Columns: {columns}. They count as texts. Import again with decimal mark {looks},"
                " unless the {looks} parts thousands there: such numbers are not read.",
                columns=", ".join(names),
                looks=looks,
            ),
            "decimal",
            "PP-IMPORT-006",
        )
    ]
