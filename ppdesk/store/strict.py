"""Is a text canonical JSON? Answered by the C encoder where it writes what RFC 8785 asks for.

Python's `json` with sorted keys, no spaces and no ASCII escapes writes the canonical form except for
three things: floats that it spells otherwise (1e-05, 1.0), integers that no double holds, and the
order of keys beyond the basic plane (RFC 8785 sorts by UTF-16 code units). A text with any of these
goes the long way over `core.canonical`; the answer is the same, twenty times slower.
"""

import json
from typing import Any

from ppdesk.core.canonical import canonical, parse

_DIGITS = 15  # of an integer that a double surely holds


class _LongWayError(ValueError):
    """The C encoder cannot judge this text."""


def strict(text: str) -> Any:
    """The value that `text` says. ValueError if it is no JSON or not in canonical form."""
    try:
        value, written = _quick(text)
    except _LongWayError:
        value = parse(text)
        written = canonical(value).decode()
    if written != text:
        raise ValueError("not in canonical form")
    return value


def _quick(text: str) -> tuple[Any, str]:
    if not text.isascii() and max(text) > "\ud7ff":
        raise _LongWayError
    value = _DECODER.decode(text)
    return value, _ENCODER.encode(value)


def quoted(text: str) -> str:
    """Canonical JSON of a string. TypeError for anything else."""
    if not isinstance(text, str):  # whoever has the key can write what they like into a row
        raise TypeError("not a text")
    return _ENCODER.encode(text)


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise _LongWayError
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if repr(value) != digits or "e" in digits or digits.endswith(".0"):
        raise _LongWayError
    return value


def _constant(name: str) -> float:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_decimal, parse_constant=_constant)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
