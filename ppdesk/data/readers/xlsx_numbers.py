"""What a number in a sheet means: a number, a date, a time, or an identifier with leading zeros.

ECMA-376 part 1: 18.8.30 (number formats), 18.17.4 (serial dates).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from ppdesk.data.readers import cell_text

_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_UNSAID = re.compile(r'"[^"]*"|\\.|_.|\*.')  # text and blanks that a format adds
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_BRACKETS = re.compile(r"\[[^\]]*\]")  # colours, conditions, languages
_DAY_MS = 86_400_000
_LAST = 2_958_465  # 9999-12-31, the last day that a spreadsheet knows
_1900 = date(1899, 12, 30).toordinal()  # what serials from 61 on count from
_1904 = date(1904, 1, 1).toordinal()


class Meaning(Enum):
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"


@dataclass(frozen=True)
class NumberKind:
    """`digits`: a whole number is shown with at least so many, by zeros in front (0: as it is)."""

    meaning: Meaning = Meaning.NUMBER
    digits: int = 0


PLAIN = NumberKind()


def builtin_kind(number: int) -> NumberKind:
    """The kind of one of the formats that a workbook need not declare."""
    if number == 22:
        return NumberKind(Meaning.MOMENT)
    if number in (*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58):
        return NumberKind(Meaning.DATE)
    if number in (*range(18, 22), *range(32, 36), 45, 47, 55, 56):
        return NumberKind(Meaning.TIME)
    return PLAIN


def kind_of(code: str) -> NumberKind:
    """The kind of a format code such as ``yyyy-mm-dd`` or ``00000``. A span, ``[h]:mm``, is a number."""
    if re.fullmatch(r"0{2,40}", code):
        return NumberKind(digits=len(code))
    bare = _UNSAID.sub("", code)
    if _ELAPSED.search(bare):
        return PLAIN
    letters = set(_BRACKETS.sub("", bare).partition(";")[0].lower())
    if "general" in bare.lower():
        return PLAIN
    clock = bool(letters & {"h", "s"})
    if letters & {"y", "d"} or ("m" in letters and not clock):
        return NumberKind(Meaning.MOMENT if clock else Meaning.DATE)
    return NumberKind(Meaning.TIME) if clock else PLAIN


def text_of_number(raw: str, kind: NumberKind, *, from_1904: bool) -> str:
    """The text of the number written `raw` in the file. ValueError where it is none, or no date."""
    raw = raw.strip()
    whole = _INTEGER.fullmatch(raw) is not None
    if kind.meaning is not Meaning.NUMBER:
        return _dated(float(raw), kind.meaning, from_1904=from_1904)
    if not whole:
        value = float(raw)
        if value - value != 0.0 or "_" in raw or not raw.isascii():
            raise ValueError
        text = cell_text.of_float(value)
    else:
        text = str(int(raw))
    if kind.digits and text.isdigit():
        return text.zfill(kind.digits)
    return text


def _dated(serial: float, meaning: Meaning, *, from_1904: bool) -> str:
    """The day and time of a serial date, to the millisecond (a 64-bit serial holds no more).

    A date with a time is written as both whatever the format hides; a time without a day only as a time.
    """
    if not 0 <= serial < _LAST + 1:
        raise ValueError
    days, rest = divmod(round(serial * _DAY_MS), _DAY_MS)
    clock = cell_text.of_seconds(rest // 1000, rest % 1000, 3)
    if meaning is Meaning.TIME and days == 0:
        return clock
    if from_1904:
        day = cell_text.of_day(_1904 + days)
    elif days == 60:
        day = "1900-02-29"  # the day that never was, kept for Lotus 1-2-3; what the sheet shows
    elif days == 0:
        raise ValueError
    else:
        day = cell_text.of_day(_1900 + days + (1 if days < 60 else 0))
    return day if meaning is Meaning.DATE and rest == 0 else f"{day}T{clock}"
