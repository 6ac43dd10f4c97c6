"""The one place where the text of a cell becomes a number. Every step that needs a number asks here.

A plain decimal number: a sign or none, digits with at most one decimal mark, an exponent of up to three
digits or none, white space around it or none. No thousands separators: "1.500" is one and a half where the
mark is the point, and no number where it is the comma. A table has one mark, declared at import; cells keep
their text.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


class DecimalMark(StrEnum):
    """What stands before the decimals."""

    POINT = "point"
    COMMA = "comma"

    @property
    def sign(self) -> str:
        return "." if self is DecimalMark.POINT else ","

    @property
    def other(self) -> "DecimalMark":
        """The other one."""
        return DecimalMark.COMMA if self is DecimalMark.POINT else DecimalMark.POINT


def is_number(column: "pa.ChunkedArray | pa.Array", mark: DecimalMark) -> "pa.ChunkedArray | pa.Array":
    """Which of the strings are plain numbers, (n,) bool without nulls; a missing value is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    sign = rf"\{mark.sign}"
    plain = pc.match_substring_regex(
        text, rf"^[+-]?([0-9]+{sign}?[0-9]*|{sign}[0-9]+)([eE][+-]?[0-9]{{1,3}})?$"
    )
    return pc.fill_null(plain, False)


def numbers(column: "pa.ChunkedArray | pa.Array", mark: DecimalMark) -> "npt.NDArray[np.float64]":
    """The numbers of a column of strings, (n,) float64: the double nearest to each; NaN for a missing value
    and for what is no plain number. A number too large for a double is an infinity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(column.cast(pa.string()))
    digits = pc.utf8_ltrim(pc.if_else(is_number(column, mark), text, None), characters="+")
    if mark is not DecimalMark.POINT:
        digits = pc.replace_substring(digits, mark.sign, ".")
    found = digits.cast(pa.float64())
    values: npt.NDArray[np.float64] = (
        found.to_numpy() if isinstance(found, pa.ChunkedArray) else found.to_numpy(zero_copy_only=False)
    )
    return values
