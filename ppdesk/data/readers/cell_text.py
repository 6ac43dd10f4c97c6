"""The one text form of a value, whatever file it comes from, so that the same table has the same texts.

- integers: all digits; a floating number without a fraction below 2**53 is written as one (files of
  SPSS, Stata, SAS and spreadsheets know no integers);
- other floating numbers: the shortest text that reads back as the same number, as Python's repr;
- decimals of fixed scale keep their scale;
- true, false; dates 2024-02-29; times 13:05:09.25; both joined by T, in UTC with a Z at the end.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_WHOLE = 2.0**53  # above it not every integer is a floating number
_DAY = 86_400


def of_float(value: float) -> str:
    """The text of a floating number of 64 bits."""
    if value.is_integer() and abs(value) < _WHOLE and (value or str(value)[0] != "-"):
        return str(int(value))
    return repr(value)


def of_floats(values: "NDArray[np.floating[Any]]") -> "list[str]":
    """The texts of floating numbers of 16, 32 or 64 bits, each as short as its own precision allows."""
    import numpy as np

    if values.dtype == np.float64:
        return [of_float(value) for value in values.tolist()]
    whole = [value.is_integer() and abs(value) < _WHOLE and bool(value) for value in values.tolist()]
    return [
        str(int(value)) if is_whole or str(value) == "0.0" else str(value)
        for value, is_whole in zip(values, whole, strict=True)
    ]


def of_seconds(total: int, fraction: int, digits: int) -> str:
    """A time of day: `total` seconds of it and `fraction` in units of 10**-digits."""
    minutes, seconds = divmod(total, 60)
    tail = f"{fraction:0{digits}d}".rstrip("0") if fraction else ""
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}" + (f".{tail}" if tail else "")


def of_day(ordinal: int) -> str:
    """A date by its proleptic Gregorian ordinal (1 is 0001-01-01). ValueError outside years 1 to 9999."""
    try:
        return date.fromordinal(ordinal).isoformat()
    except OverflowError:
        raise ValueError from None


def of_moment(epoch: int, ticks: int, digits: int) -> str:
    """Date and time: `ticks` of 10**-digits seconds after midnight of the day with the ordinal `epoch`."""
    seconds, fraction = divmod(ticks, 10**digits)
    days, rest = divmod(seconds, _DAY)
    return f"{of_day(epoch + days)}T{of_seconds(rest, fraction, digits)}"


def as_missing(table: "pa.Table", tokens: tuple[str, ...]) -> "pa.Table":
    """The table with null where the whole text is one of `tokens`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given, nothing = pa.array(tokens, pa.string()), pa.scalar(None, pa.string())
    for index, name in enumerate(table.column_names):
        column = table.column(index)
        hit = pc.is_in(column, value_set=given)
        if pc.any(hit).as_py():
            table = table.set_column(index, name, pc.if_else(hit, nothing, column))
    return table
