"""Dates in declared formats, written as ISO 8601. Nothing is guessed."""

import re
from typing import TYPE_CHECKING, Any

from ppdesk.data.month_lengths import last_days

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember")
_PIECES = {
    "Y": ("y", "[0-9]{4}"),
    "y": ("y", "[0-9]{2}"),
    "m": ("m", "[0-9]{1,2}"),
    "d": ("d", "[0-9]{1,2}"),
    "b": ("b", "|".join(_MONTHS)),
    "B": ("b", "|".join(one + rest for one, rest in zip(_MONTHS, _FULL, strict=True))),
    "H": ("hour", "[0-9]{1,2}"),
    "M": ("minute", "[0-9]{1,2}"),
    "S": ("second", "[0-9]{1,2}"),
}
_DIRECTIVE = re.compile(r"%(.)")


class DateFormatError(ValueError):
    """Why a format cannot be used; `place` counts formats from 1."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


def pattern_of(form: str, place: int = 1, *, pivot: bool = True) -> str:
    """The regular expression (RE2) of a format. DateFormatError."""
    found, at, seen = "(?i)^", 0, []
    tight = bool(re.search(r"%[mdHMS]%|%.%[mdHMS]", form))  # without a mark between, two digits each
    for hit in _DIRECTIVE.finditer(form):
        if hit.group(1) not in _PIECES:
            raise DateFormatError(place, "it has a sign that is not known")
        name, digits = _PIECES[hit.group(1)]
        if name in seen:
            raise DateFormatError(place, "it names something twice")
        if hit.group(1) == "y" and not pivot:
            raise DateFormatError(place, "a year of two digits needs the last year of 2000")
        seen.append(name)
        found += re.escape(form[at : hit.start()])
        found += f"(?P<{name}>{digits.replace('{1,2}', '{2}') if tight else digits})"
        at = hit.end()
    if "y" not in seen or "d" not in seen or ("m" in seen) == ("b" in seen):
        raise DateFormatError(place, "it needs a year, a month and a day")
    if ("minute" in seen and "hour" not in seen) or ("second" in seen and "minute" not in seen):
        raise DateFormatError(place, "its time needs hours before minutes before seconds")
    return found + re.escape(form[at:]) + "$"


def iso_dates(values: Any, formats: tuple[str, ...], pivot: int | None) -> tuple[Any, Any]:
    """(2024-02-29, with T13:05:09 where the format has a time, or null; which values are no date).

    values: strings. A value that two formats read differently is no date. Years 1 to 9999.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(values)
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    best, clash = pa.nulls(len(text), pa.string()), None
    for place, form in enumerate(formats, 1):
        read = _read(text, pattern_of(form, place, pivot=pivot is not None), pivot or 0)
        differs = pc.fill_null(pc.not_equal(best, read), False)
        clash = differs if clash is None else pc.or_(clash, differs)
        best = pc.coalesce(best, read)
    best = pc.if_else(clash, None, best)
    return best, pc.and_(pc.is_valid(text), pc.is_null(best))


def _read(text: Any, pattern: str, pivot: int) -> Any:
    """ISO texts, null where the pattern does not match or there is no such day."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pc.extract_regex(text, pattern)
    names = [field.name for field in found.type]

    def part(name: str, otherwise: int = 0) -> "NDArray[np.int64]":
        if name not in names:
            return np.full(len(text), otherwise, np.int64)
        digits = pc.struct_field(found, name)
        digits = pc.if_else(pc.is_valid(found), digits, None)
        return np.asarray(pc.fill_null(digits.cast(pa.int64()), otherwise))

    if "b" in names:
        letters = pc.utf8_lower(pc.utf8_slice_codeunits(pc.struct_field(found, "b"), 0, 3))
        place = pc.index_in(letters, value_set=pa.array(_MONTHS))
        month = np.asarray(pc.fill_null(place, -1)).astype(np.int64) + 1
    else:
        month = part("m")
    year, day = part("y"), part("d")
    if "[0-9]{4}" not in pattern:
        year = np.where(year <= pivot, 2000 + year, 1900 + year)
    hour, minute, second = part("hour"), part("minute"), part("second")
    last, sound = last_days(year, month), np.asarray(pc.is_valid(found))
    for number, low, high in (
        (year, 1, 9999), (month, 1, 12), (day, 1, last), (hour, 0, 23), (minute, 0, 59), (second, 0, 59),
    ):  # fmt: skip
        sound = sound & (number >= low) & (number <= high)
    parts = [(year, 4, ""), (month, 2, "-"), (day, 2, "-")]
    if "hour" in names:
        parts += [(hour, 2, "T"), (minute, 2, ":"), (second, 2, ":")]
    pieces = []
    for number, width, before in parts:
        digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), width=width, padding="0")
        pieces.append(pc.binary_join_element_wise(pa.scalar(before), digits, ""))
    return pc.if_else(pa.array(sound), pc.binary_join_element_wise(*pieces, ""), None)
