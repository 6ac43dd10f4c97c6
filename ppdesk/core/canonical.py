"""Canonical JSON (RFC 8785) and the hashes built on it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import rfc8785

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

_LARGEST_INTEGER = 2**53 - 1  # that neither neighbour rounds to


def canonical(value: Json) -> bytes:
    """The one byte string that stands for `value` (RFC 8785, UTF-8).

    Raises ValueError for what JSON cannot say exactly: NaN, infinities, integers beyond 2**53.
    """
    return rfc8785.dumps(value)


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Json) -> str:
    """SHA-256 of the canonical form of `value`."""
    return sha256_hex(canonical(value))


def parse(data: str | bytes) -> Any:
    """The value that canonical JSON says; ``canonical(parse(x)) == x`` for canonical `x`.

    A number in JSON is a double (RFC 8785, section 3.2.2.3), also when it is written without a point:
    what is beyond the integers that a double holds exactly comes back as a float. Raises ValueError.
    """
    return _DECODER.decode(data.decode() if isinstance(data, bytes) else data)


def _number(digits: str) -> int | float:
    value = float(digits)
    return int(digits) if abs(value) <= _LARGEST_INTEGER else value


_DECODER = json.JSONDecoder(parse_int=_number)  # made once: json.loads would make one for each call
