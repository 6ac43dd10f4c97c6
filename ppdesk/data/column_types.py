"""What the texts of a column parse as, decided over all rows."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ppdesk.core.cell_numbers import DecimalMark, is_number
from ppdesk.data.text_bytes import no_space_around, text_bytes

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
    import pyarrow as pa
    import pyarrow.compute as pc

    values = distinct.drop_null()
    few = values.slice(0, _FEW)
    decimals = _DECIMAL.replace("SIGN", rf"\{decimal.sign}")
    if len(values) and _match(few, decimals):  # whole numbers too
        plain = plain_numbers(values, decimal)
        if plain is None and _match(values, _INTEGER):
            plain = ColumnType.INTEGER
        elif plain is None and _match(values, decimals):
            plain = ColumnType.DECIMAL
        return plain or ColumnType.STRING
    if len(values) and _match(few, _DATE) and _match(values, _DATE):
        try:
            pc.unique(values).cast(pa.date32())
        except pa.ArrowInvalid:  # 30 February
            return ColumnType.STRING
        return ColumnType.DATE
    return ColumnType.STRING


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
    digits = int(((letters - np.uint8(0x30)) <= 9).sum())
    if digits + int(signed.sum()) + int(marks.sum()) != len(letters):
        return None
    body, head = lengths - signed, starts + signed
    many = np.add.reduceat(marks, starts, dtype=np.int64)
    if many.max() > 1 or (body <= many).any():  # a digit at least
        return None
    zero = np.flatnonzero((letters[head] == 0x30) & (body > 1))
    if (letters[head[zero] + 1] != mark).any():
        return None
    return ColumnType.DECIMAL if many.any() else ColumnType.INTEGER


def other_mark(values: "pa.Array | pa.ChunkedArray", decimal: DecimalMark) -> bool:
    """Whether these values rather have the other decimal mark than the declared one.

    So it is where most of the distinct ones (at least one, missing ones not counted) look like numbers, some
    of those with the other mark and none with the declared one.
    """
    import pyarrow.compute as pc

    values = values.drop_null()
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
