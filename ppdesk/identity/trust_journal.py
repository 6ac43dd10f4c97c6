"""The file behind the list of trusted signers: entries in JSON, each naming the one before it by hash.

``{"entries": [...], "version": 1}``; an entry has act, fingerprint, by, time, for trust the certificate,
and prev and hash: SHA-256 over the canonical form (RFC 8785) of all the rest.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from ppdesk.core.canonical import Json, canonical, digest, parse
from ppdesk.core.durable import write_private
from ppdesk.identity import certificates
from ppdesk.identity.errors import (
    NewerTrustListError,
    TrustListRolledBackError,
    TrustListUnreadableError,
    TrustPlaceError,
)

Entry: TypeAlias = dict[str, Any]

TRUST, WITHDRAW = "trust", "withdraw"
EMPTY = (0, "")  # the head of a list without entries
_VERSION = 1
_MOST_BYTES = 16 << 20
_FIELDS = {"act", "by", "fingerprint", "hash", "prev", "time"}


def read(place: Path, since: tuple[int, str] = EMPTY) -> list[Entry]:
    """The entries at `place`, oldest first; none if there is no file. They must continue the head `since`.

    TrustListUnreadableError, NewerTrustListError, TrustListRolledBackError, TrustPlaceError.
    """
    try:
        with place.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        entries: list[Entry] = []
    except OSError as error:
        raise TrustPlaceError(file=place.name, reason=error.strerror or "unknown") from error
    else:
        entries = _checked(place, data)
    count, known = since
    if count > len(entries) or head(entries[:count]) != (count, known):
        raise TrustListRolledBackError(file=place.name)
    return entries


def head(entries: list[Entry]) -> tuple[int, str]:
    """(number of entries, hash of the last)."""
    return (len(entries), entries[-1]["hash"]) if entries else EMPTY


def append(place: Path, make: Callable[[list[Entry]], dict[str, Json]]) -> Entry:
    """Write the entry that `make` gives for the entries so far, durably: the old list or the new one.

    Whatever `make` raises, and what `read` raises.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(place):
            entries = read(place)
            entry: Entry = {**make(entries), "prev": head(entries)[1]}
            entry["hash"] = digest(entry)
            write_private(place, canonical({"entries": [*entries, entry], "version": _VERSION}))
    except OSError as error:
        raise TrustPlaceError(file=place.name, reason=error.strerror or "unknown") from error
    return entry


def _checked(place: Path, data: bytes) -> list[Entry]:
    """The entries in `data`, all of whose hashes fit."""

    def broken(reason: str) -> TrustListUnreadableError:
        return TrustListUnreadableError(file=place.name, reason=reason)

    if len(data) > _MOST_BYTES:
        raise broken("it is larger than any such list")
    try:
        told = parse(data)
        version, entries = told["version"], told["entries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise broken("it cannot be read") from None
    if isinstance(version, int) and version > _VERSION:
        raise NewerTrustListError(file=place.name)
    if version != _VERSION or not isinstance(entries, list):
        raise broken("it cannot be read")
    previous = ""
    for number, entry in enumerate(entries, 1):
        if not _well_formed(entry):
            raise broken(f"entry {number} is not in the form of one")
        if entry["prev"] != previous or entry["hash"] != _hash(entry):
            raise broken(f"entry {number} was changed, or one before it is missing")
        previous = entry["hash"]
    return entries


def _well_formed(entry: object) -> bool:
    """Whether an entry has its fields, and its certificate the fingerprint that it is filed under."""
    if not isinstance(entry, dict) or not all(_is_text(value) for value in entry.values()):
        return False
    if entry.get("act") == WITHDRAW:
        return set(entry) == _FIELDS
    if entry.get("act") != TRUST or set(entry) != _FIELDS | {"certificate"}:
        return False
    try:
        certificate = certificates.read_pem(entry["certificate"].encode())
    except ValueError:
        return False
    return bool(certificates.fingerprint(certificate) == entry["fingerprint"])


def _is_text(value: object) -> bool:
    """Whether `value` is a string that can be hashed: JSON can say half a character."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _hash(entry: Entry) -> str:
    return digest({name: value for name, value in entry.items() if name != "hash"})


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Hold a lock beside `place`: two windows that add at once must not lose one of the two. OSError.

    The system drops it when the process dies. Another waits on POSIX, and up to ten seconds on Windows.
    """
    handle = os.open(place.with_name(f"{place.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows only
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
