"""The journal behind the list of trusted signers. See `core.journal` for its form.

An entry has act, fingerprint, by, time, and for trust the certificate.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from ppdesk.core.canonical import Json
from ppdesk.core.journal import EMPTY, BrokenJournalError, Entry, Journal, NewerJournalError, head, is_text
from ppdesk.identity import certificates
from ppdesk.identity.errors import (
    NewerTrustListError,
    TrustListRolledBackError,
    TrustListUnreadableError,
    TrustPlaceError,
)

__all__ = ["EMPTY", "TRUST", "WITHDRAW", "Entry", "append", "head", "read"]

_T = TypeVar("_T")

TRUST, WITHDRAW = "trust", "withdraw"
_MOST_BYTES = 16 << 20
_FIELDS = {"act", "by", "fingerprint", "hash", "prev", "time"}


def read(place: Path, since: tuple[int, str] = EMPTY) -> list[Entry]:
    """The entries at `place`, oldest first; none if there is no file. They must continue the head `since`.

    TrustListUnreadableError, NewerTrustListError, TrustListRolledBackError, TrustPlaceError.
    """
    entries = _told(place, _journal(place).read)
    count, known = since
    if count > len(entries) or head(entries[:count]) != (count, known):
        raise TrustListRolledBackError(file=place.name)
    return entries


def append(place: Path, make: Callable[[list[Entry]], Mapping[str, Json]]) -> Entry:
    """Write the entry that `make` gives for the entries so far, durably: the old list or the new one.

    Whatever `make` raises, and what `read` raises.
    """
    return _told(place, lambda: _journal(place).append(make))


def _journal(place: Path) -> Journal:
    return Journal(place, _well_formed, _MOST_BYTES)


def _told(place: Path, work: Callable[[], _T]) -> _T:
    """What `work` gives; what the journal raises in the words of this list."""
    try:
        return work()
    except BrokenJournalError as error:
        raise TrustListUnreadableError(file=place.name, reason=error.reason) from None
    except NewerJournalError:
        raise NewerTrustListError(file=place.name) from None
    except OSError as error:
        raise TrustPlaceError(file=place.name, reason=error.strerror or "unknown") from error


def _well_formed(entry: object) -> bool:
    """Whether an entry has its fields, and its certificate the fingerprint that it is filed under."""
    if not isinstance(entry, dict) or not all(is_text(value) for value in entry.values()):
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
