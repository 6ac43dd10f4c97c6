"""What the texts of a column parse as, decided over all rows."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, is_number
from ppdesk.data.readers.text_bytes import no_space_around, present, text_bytes

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_FEW = 200  # values that mostly tell already which types are out
_AT_ONCE = 1 << 16  # values looked at together
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


def column_type(
    distinct: "pa.Array | pa.ChunkedArray", decimal: DecimalMark = DecimalMark.POINT
) -> ColumnType:
    """The narrowest type that all `distinct` values (strings, nulls ignored) parse as, with the table's
    declared decimal mark. Without any value: string. Values may also stand more than once."""

    values = present_texts(distinct)
    few = values.slice(0, _FEW)
    decimals = _DECIMAL.replace("SIGN", rf"\{decimal.sign}")
    if len(values) and _match(few, decimals):  # whole numbers too
        plain = plain_numbers(values, decimal)
        if plain is None and _match(values, _INTEGER):
            plain = ColumnType.INTEGER
        elif plain is None and _match(values, decimals):
            plain = ColumnType.DECIMAL
        return plain or ColumnType.STRING
    if len(values) and _match(few, _DATE) and _dates(values):
        return ColumnType.DATE
    return ColumnType.STRING


def _dates(values: "pa.Array | pa.ChunkedArray") -> bool:
    """Whether all values, none of them missing, are days of the calendar, written as _DATE."""
    import pyarrow as pa

    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    return all(
        _days(*text_bytes(chunk.slice(start, _AT_ONCE)))
        for chunk in chunks
        for start in range(0, len(chunk), _AT_ONCE)
    )


def _days(ends: "NDArray[np.int64]", data: "NDArray[np.uint8]") -> bool:
    import numpy as np

    if (np.diff(ends) != 10).any():
        return False
    letters = np.ascontiguousarray(data[ends[0] : ends[-1]].reshape(-1, 10).T)  # one row for each place
    if (letters[[4, 7]] != 0x2D).any():
        return False
    digits = letters[[0, 1, 2, 3, 5, 6, 8, 9]] - np.uint8(0x30)
    if (digits > 9).any():
        return False
    month, day = digits[4] * np.uint8(10) + digits[5], digits[6] * np.uint8(10) + digits[7]
    if not ((month >= 1) & (month <= 12) & (day >= 1)).all():
        return False
    most = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.uint8)[month]
    if (day > most).any():
        return False
    leap = np.flatnonzero((month == 2) & (day == 29))
    year = digits[:4, leap].T.astype(np.int64) @ np.array([1000, 100, 10, 1])
    return bool((((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)).all())


def present_texts(values: "pa.Array | pa.ChunkedArray") -> "pa.Array | pa.ChunkedArray":
    """The strings without the missing ones."""
    import pyarrow as pa

    if not isinstance(values, pa.ChunkedArray):
        return present(values)
    if values.null_count == 0:
        return values
    return pa.chunked_array([present(chunk) for chunk in values.chunks], values.type)


def plain_numbers(values: "pa.Array | pa.ChunkedArray", decimal: DecimalMark) -> ColumnType | None:
    """Integer or decimal where all values, none of them missing, are of digits with a sign or none and at
    most one decimal mark; None where that is not so, or not to be told without looking at each value."""
    import pyarrow as pa

    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    found = ColumnType.INTEGER
    for chunk in chunks:
        for start in range(0, len(chunk), _AT_ONCE):
            one = _plain(*text_bytes(chunk.slice(start, _AT_ONCE)), ord(decimal.sign))
            if one is None:
                return None
            found = one if one is ColumnType.DECIMAL else found
    return found


def _plain(ends: "NDArray[np.int64]", data: "NDArray[np.uint8]", mark: int) -> ColumnType | None:
    import numpy as np

    letters, starts, lengths = data[ends[0] : ends[-1]], ends[:-1] - ends[0], np.diff(ends)
    if lengths.min() == 0:
        return None
    first = letters[starts]
    signed = (first == 0x2B) | (first == 0x2D)
    marks = letters == mark
    marked = np.count_nonzero(marks)
    digits = np.count_nonzero(letters - np.uint8(0x30) <= 9)
    if digits + np.count_nonzero(signed) + marked != len(letters):
        return None
    body, head = lengths - signed, starts + signed
    many = np.zeros(len(starts), dtype=np.int32)  # marks of each value
    if marked:
        many = np.diff(np.cumsum(marks, dtype=np.int32)[ends[1:] - ends[0] - 1], prepend=np.int32(0))
    if many.max() > 1 or (body <= many).any():  # a digit at least
        return None
    zero = np.flatnonzero((letters[head] == 0x30) & (body > 1))
    if (letters[head[zero] + 1] != mark).any():
        return None
    return ColumnType.DECIMAL if marked else ColumnType.INTEGER


def other_mark(values: "pa.Array | pa.ChunkedArray", decimal: DecimalMark) -> bool:
    """Whether these values rather have the other decimal mark than the declared one.

    So it is where most of the distinct ones (at least one, missing ones not counted) look like numbers, some
    of those with the other mark and none with the declared one.
    """
    import pyarrow.compute as pc

    values = present_texts(values)
    if not _maybe_number(values, ord(decimal.other.sign)) or not _any(is_number(values, decimal.other)):
        return False  # quick answers for most columns
    values = pc.unique(values)
    theirs = is_number(values, decimal.other)
    ours = is_number(values, decimal)
    numeric, whole = pc.sum(pc.or_(theirs, ours)).as_py() or 0, pc.and_(theirs, ours)
    with_theirs = pc.sum(pc.and_not(theirs, whole)).as_py() or 0
    with_ours = pc.sum(pc.and_not(ours, whole)).as_py() or 0
    return bool(with_theirs and not with_ours and 2 * numeric > len(values))


def _match(values: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


def _maybe_number(values: "pa.Array | pa.ChunkedArray", mark: int) -> bool:
    """False where surely none of the values is a number with `mark` in it."""
    import numpy as np
    import pyarrow as pa

    begins = np.zeros(256, dtype=bool)
    begins[[*b"+-0123456789", mark]] = True
    contained = begun = False
    for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        ends, data = text_bytes(chunk)
        if not contained and (data[ends[0] : ends[-1]] == mark).any():
            contained = True
        if not begun:
            begun = not no_space_around(chunk) or bool(begins[data[ends[:-1][np.diff(ends) > 0]]].any())
        if contained and begun:
            return True
    return False


def _any(mask: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(mask).as_py())
