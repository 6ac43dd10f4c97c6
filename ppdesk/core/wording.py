"""How numbers and sentences are put into words, the same in every room."""

import math
from collections.abc import Sequence
from decimal import Decimal

from ppdesk.core.said import said, said_all, said_count

_ENDS = (".", "?", "!", ":")
_COUNTED = 1e-18
_SAYS_LITTLE = 0.03  # share of the work
_STEPS = ((10, 1), (60, 5), (600, 10), (3600, 60), (math.inf, 600))  # below so many seconds, to so many
_TOO_EARLY, _NEARLY = 3.0, 2.0  # seconds


def percent(share: float, digits: int | None = 1) -> str:
    """A share, 0..1, with a space before the sign: ``1.7 %``. Thousands with a comma.

    digits: how many after the point; None: as many as it needs, four in all at most.
    """
    hundred = 100 * share
    return f"{hundred:.4g} %" if digits is None else f"{hundred:,.{digits}f} %"


def counted(number: int, word: str, more: str = "") -> str:
    """``1 event``, ``1,024 events``; `more` is the plural where it is not the word with an s."""
    return said_count(f"{{count:,}} {word}", f"{{count:,}} {more or f'{word}s'}", number)


def listed(names: Sequence[str], most: int) -> str:
    """``a, b, c``; with more than `most` of them ``a, b, c and 1,024 more``."""
    told = ", ".join(names[:most])
    rest = len(names) - most
    return said("{names} and {rest:,} more", names=told, rest=rest) if rest > 0 else told


def sentences(*parts: str) -> str:
    """Those of `parts` that say something as running text, with one mark at the end of each but the last,
    which stays as it is."""
    filled = [part for part in parts if part]
    pieces: list[str] = []
    for place, part in enumerate(filled, 1):
        ends = place == len(filled) or part.endswith(_ENDS)
        pieces += [part, "" if ends else ".", "" if place == len(filled) else " "]
    return said_all(pieces, by="")


def chance(value: float, digits: int = 6) -> str:
    """A failure chance δ without an exponent, ``0.000001``; below 1e-18, where zeros are hard to count, with
    one. digits: significant ones. A recipe may hold it."""
    told = f"{value:.{digits}g}"
    return format(Decimal(told), "f") if value == 0 or abs(value) >= _COUNTED else told


def upward(value: float, digits: int) -> float:
    """`value` rounded up to so many decimals, as a bound is told: 2.501 with two is 2.51. What the last bits
    of a float add is no reason to go up."""
    unit = 10.0**digits
    return math.ceil(value * unit * (1 - 1e-12)) / unit


def time_left(share: float, seconds: float) -> str:
    """``about 1 min 40 s left`` when `share` of the work, 0..1, took `seconds`; empty while too little is
    done to say, and near the end."""
    if share < _SAYS_LITTLE or seconds < _TOO_EARLY:
        return ""
    left = seconds * (1 - share) / share
    if left < _NEARLY:
        return ""
    return said("about {time} left", time=duration(left))


def duration(seconds: float) -> str:
    """``15 s``, ``1 min 40 s``, ``25 min``, ``2 h 10 min``: no finer than anybody needs."""
    step = next(step for most, step in _STEPS if seconds < most)
    whole = max(step, step * round(seconds / step))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{rest} s" if rest else ""]
    return " ".join(part for part in parts if part)
