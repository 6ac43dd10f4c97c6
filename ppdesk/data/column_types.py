"""What the texts of a column parse as, decided over all rows."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# A number with a leading zero is an identifier (a postcode, an account), so it stays text.
_INTEGER = r"^[+-]?(0|[1-9][0-9]*)$"
_DECIMAL = r"^[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$"
_DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"  # ISO 8601 calendar date


class ColumnType(StrEnum):
    """The types told apart. The table itself keeps the text of the file."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


def column_type(distinct: "pa.Array") -> ColumnType:
    """The narrowest type that all `distinct` values (strings, nulls ignored) parse as.

    Without any value: string. The decimal sign is the point.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = distinct.drop_null()
    if len(values) == 0:
        return ColumnType.STRING
    if _all(pc.match_substring_regex(values, _INTEGER)):
        return ColumnType.INTEGER
    if _all(pc.match_substring_regex(values, _DECIMAL)):
        return ColumnType.DECIMAL
    if _all(pc.match_substring_regex(values, _DATE)):
        try:
            values.cast(pa.date32())
        except pa.ArrowInvalid:  # 30 February
            return ColumnType.STRING
        return ColumnType.DATE
    return ColumnType.STRING


def _all(mask: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(mask).as_py())
