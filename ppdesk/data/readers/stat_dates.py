"""How a number in a file of SPSS, Stata or SAS is written, by the display format of its column."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from ppdesk.data.readers import cell_text
from ppdesk.data.readers.formats import FileFormat

_SPSS = date(1582, 10, 14).toordinal()  # seconds since the day before the Gregorian calendar
_1960 = date(1960, 1, 1).toordinal()  # Stata and SAS
_DAY_MS = 86_400_000
_NAME = re.compile(r"\$?[A-Z]+(?:8601[A-Z]{2})?")
_SPSS_DAYS = frozenset({"DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR"})
_SPSS_MOMENTS = frozenset({"DATETIME", "YMDHMS"})
_SPSS_TIMES = frozenset({"TIME", "MTIME"})
_SAS_DAYS = frozenset(
    {"DATE", "DAY", "DDMMYY", "DDMMYYB", "DDMMYYC", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS", "EURDFDD",
     "JULIAN", "MMDDYY", "MMDDYYB", "MMDDYYC", "MMDDYYD", "MMDDYYN", "MMDDYYP", "MMDDYYS", "MONYY",
     "WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX", "YYMM", "YYMMDD", "YYMMDDB", "YYMMDDC", "YYMMDDD",
     "YYMMDDN", "YYMMDDP", "YYMMDDS", "YYMON", "YEAR", "E8601DA", "B8601DA", "IS8601DA"}
)  # fmt: skip
_SAS_MOMENTS = frozenset({"DATETIME", "DATEAMPM", "DTDATE", "MDYAMPM", "E8601DT", "B8601DT", "IS8601DT"})
_SAS_TIMES = frozenset({"TIME", "HHMM", "TIMEAMPM", "TOD", "E8601TM", "B8601TM", "IS8601TM"})

Writer = Callable[[Any], str]


def writer_of(form: FileFormat, display: str, *, single: bool = False) -> Writer:
    """How to write a number shown as `display` (SPSS ``DATE11``, Stata ``%td``, SAS ``MMDDYY``).

    `single`: numbers of 32 bits. The writer raises ValueError or OverflowError for what is no date.
    """
    number = _number(single=single)
    if form is FileFormat.STATA:
        if display.startswith(("%td", "%-td", "%d", "%-d")):
            return _days
        return _stata_moment if display.lower().startswith(("%tc", "%-tc")) else number
    found = _NAME.match(display.upper())
    name = found.group() if found else ""
    kinds = _OF_SPSS if form is FileFormat.SPSS else _OF_SAS
    return next((write for names, write in kinds if name in names), number)


def _number(*, single: bool) -> Writer:
    def write(value: Any) -> str:
        if isinstance(value, int):
            return str(value)
        if single:
            import numpy as np

            return cell_text.of_floats(np.array([value], dtype=np.float32))[0]
        return cell_text.of_float(float(value))

    return write


def _days(value: float) -> str:
    return _moment(_1960, round(value * _DAY_MS), bare=True)


def _stata_moment(value: float) -> str:
    return _moment(_1960, round(value))


def _sas_moment(value: float) -> str:
    return _moment(_1960, round(value * 1000))


def _spss_day(value: float) -> str:
    return _moment(_SPSS, round(value * 1000), bare=True)


def _spss_moment(value: float) -> str:
    return _moment(_SPSS, round(value * 1000))


def _moment(epoch: int, milliseconds: int, *, bare: bool = False) -> str:
    """`bare`: a midnight is written as the date alone."""
    text = cell_text.of_moment(epoch, milliseconds, 3)
    return text.removesuffix("T00:00:00") if bare else text


def _time(value: float) -> str:
    """Hours may be more than 24: the format also shows spans."""
    milliseconds = round(value * 1000)
    if milliseconds < 0:
        return cell_text.of_float(float(value))
    return cell_text.of_seconds(milliseconds // 1000, milliseconds % 1000, 3)


_OF_SPSS = ((_SPSS_DAYS, _spss_day), (_SPSS_MOMENTS, _spss_moment), (_SPSS_TIMES, _time))
_OF_SAS = ((_SAS_DAYS, _days), (_SAS_MOMENTS, _sas_moment), (_SAS_TIMES, _time))
