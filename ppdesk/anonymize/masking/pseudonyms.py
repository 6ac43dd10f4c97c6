"""Keyed pseudonyms: plain ones (HMAC) and such that keep the format (FF1).

Plain: HMAC-SHA-256 (RFC 2104) of the value's UTF-8 bytes, cut to `length` signs of base32 (RFC 4648, five
bits each). Nobody without the key can try out values; two values with the same pseudonym are noticed.

Format-preserving: FF1 of NIST SP 800-38G (Rev. 1: at least 1,000,000 possible values) with AES-256, by the
library libffx. Signs of the alphabet are encrypted together, punctuation and spaces between them stay where
they are. Values with the same punctuation are permuted among each other, so no two get the same pseudonym.
"""

import base64
import hmac
import unicodedata
from collections.abc import Sequence

from ppdesk.anonymize.masking.errors import (
    DomainTooSmallError,
    OutsideAlphabetError,
    PseudonymsCollideError,
    TreatmentError,
)

LEAST_DOMAIN = 1_000_000  # NIST SP 800-38G Rev. 1, 5.1
LONGEST = 52  # signs of base32 in 256 bits
_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
ALPHABETS = {
    "digits": _DIGITS,
    "lower": _LOWER,
    "upper": _LOWER.upper(),
    "letters": _LOWER.upper() + _LOWER,
    "hex": _DIGITS + "abcdef",
    "alphanumeric": _DIGITS + _LOWER.upper() + _LOWER,
    "upper-alphanumeric": _DIGITS + _LOWER.upper(),
}


def plain(values: Sequence[str], key: bytes, length: int, column: str) -> list[str]:
    """A pseudonym for each of the different `values`. PseudonymsCollideError."""
    whole = (hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256") for value in values)
    found = [base64.b32encode(one).decode("ascii")[:length] for one in whole]
    if len(set(found)) != len(found):
        raise PseudonymsCollideError(column=column, length=length)
    return found


def format_preserving(values: Sequence[str], key: bytes, alphabet: str, column: str) -> list[str]:
    """A pseudonym of the same form for each of the different `values`.

    `alphabet`: two signs or more, each once. OutsideAlphabetError, DomainTooSmallError, TreatmentError.
    """
    from ffx import FF1

    signs = set(alphabet)
    if len(alphabet) < 2 or len(signs) != len(alphabet):
        reason = "an alphabet has at least two signs, each once"
        raise TreatmentError(column=column, technique="format-preserving", reason=reason)
    least = least_length(len(alphabet))
    outside = sum(any(sign not in signs and _of_words(sign) for sign in value) for value in values)
    if outside:
        raise OutsideAlphabetError(column=column, values=outside)
    numerals = ["".join(sign for sign in value if sign in signs) for value in values]
    short = sum(len(one) < least for one in numerals)
    if short:
        raise DomainTooSmallError(column=column, values=short, least=least)
    cipher = FF1(key, alphabet=alphabet)
    return [_woven(value, signs, cipher.encrypt(one)) for value, one in zip(values, numerals, strict=True)]


def back(pseudonyms: Sequence[str], key: bytes, alphabet: str) -> list[str]:
    """The values of format-preserving pseudonyms, with their key."""
    from ffx import FF1

    signs, cipher = set(alphabet), FF1(key, alphabet=alphabet)
    return [
        _woven(one, signs, cipher.decrypt("".join(sign for sign in one if sign in signs)))
        for one in pseudonyms
    ]


def least_length(radix: int) -> int:
    """How many signs of an alphabet of `radix` make 1,000,000 possible values."""
    length = 2
    while radix**length < LEAST_DOMAIN:
        length += 1
    return length


def _of_words(sign: str) -> bool:
    """Whether it is a letter or digit, or a mark on one (of a name in decomposed Unicode)."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _woven(value: str, signs: set[str], numerals: str) -> str:
    """`value` with its signs of the alphabet replaced in order."""
    following = iter(numerals)
    return "".join(next(following) if sign in signs else sign for sign in value)
