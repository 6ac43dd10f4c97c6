"""What the texts of a column parse as, decided over all rows."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, is_number

if TYPE_CHECKING:
    import pyarrow as pa

# A number with a leading zero is an identifier (a postcode, an account), so it stays text.
_INTEGER = r"^[+-]?(0|[1-9][0-9]*)$"
_DECIMAL = r"^[+-]?((0|[1-9][0-9]*)(SIGN[0-9]*)?|SIGN[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"  # ISO 8601 calendar date


class ColumnType(StrEnum):
    """The types told apart. The table itself keeps the text of the file."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


def column_type(distinct: "pa.Array", decimal: DecimalMark = DecimalMark.POINT) -> ColumnType:
    """The narrowest type that all `distinct` values (strings, nulls ignored) parse as, with the table's
    declared decimal mark. Without any value: string."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = distinct.drop_null()
    if len(values) == 0:
        return ColumnType.STRING
    if _all(pc.match_substring_regex(values, _INTEGER)):
        return ColumnType.INTEGER
    if _all(pc.match_substring_regex(values, _DECIMAL.replace("SIGN", rf"\{decimal.sign}"))):
        return ColumnType.DECIMAL
    if _all(pc.match_substring_regex(values, _DATE)):
        try:
            values.cast(pa.date32())
        except pa.ArrowInvalid:  # 30 February
            return ColumnType.STRING
        return ColumnType.DATE
    return ColumnType.STRING


def other_mark(distinct: "pa.Array", decimal: DecimalMark) -> bool:
    """Whether these values rather have the other decimal mark than the declared one.

    So it is where most of them (at least one, missing ones not counted) look like numbers, some of those with
    the other mark and none with the declared one.
    """
    import pyarrow.compute as pc

    values = distinct.drop_null()
    theirs, ours = is_number(values, decimal.other), is_number(values, decimal)
    numeric, whole = pc.sum(pc.or_(theirs, ours)).as_py() or 0, pc.and_(theirs, ours)
    with_theirs = pc.sum(pc.and_not(theirs, whole)).as_py() or 0
    with_ours = pc.sum(pc.and_not(ours, whole)).as_py() or 0
    return bool(with_theirs and not with_ours and 2 * numeric > len(values))


def _all(mask: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(mask).as_py())
