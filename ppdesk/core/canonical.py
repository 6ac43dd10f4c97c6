"""Canonical JSON (RFC 8785) and the hashes built on it."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


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
