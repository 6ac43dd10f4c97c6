"""Whose keys this person knows: the list of trusted signers in the data folder.

A journal that only grows: each entry trusts a certificate or withdraws that, names the entry before it by
hash, and so a changed, removed or moved entry is noticed. What it is not: protection from somebody who
can write to the data folder. They can cut entries off the end or write a whole new list, and the hashes
will fit. `head` is for keeping elsewhere (a project's history, a keyring, a sheet of paper): a list that
does not continue from a known head is refused.

Being on the list means that a person compared the fingerprint and says whose key it is. It does not
mean that the certificate is still valid, nor that policy lets its holder sign.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.canonical import Json
from ppdesk.core.clock import Clock, stamp
from ppdesk.core.said import said, said_all
from ppdesk.identity import certificates, trust_journal
from ppdesk.identity.algorithms import algorithm_of
from ppdesk.identity.errors import (
    AlreadyTrustedError,
    FingerprintDiffersError,
    NotTrustedError,
    UnreadableCertificateError,
)
from ppdesk.identity.lookalikes import skeleton
from ppdesk.identity.trust_journal import EMPTY, TRUST, WITHDRAW, Entry

FILE = "trusted-signers.json"


class Standing(StrEnum):
    """What this person knows about a key."""

    UNKNOWN = "unknown"
    TRUSTED = "trusted"
    WITHDRAWN = "withdrawn"  # was trusted once, and a person took that back


@dataclass(frozen=True)
class Known:
    """A signer on the list. `added` is UTC, `by` the account that compared the fingerprint."""

    name: str
    fingerprint: str
    certificate_pem: bytes
    added: str
    by: str

    @property
    def sentence(self) -> str:
        """Why the key is trusted, for a person."""
        return f"{self.by} compared this key's fingerprint on {self.added[:10]} and trusts it."


@dataclass(frozen=True)
class Acquaintance:
    """What to show when a signed file arrives. `sentence` is for the person, `namesakes` are the fingerprints
    of other trusted keys that bear the same name: a renewed certificate, or somebody who pretends."""

    standing: Standing
    name: str
    fingerprint: str
    namesakes: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class TrustList:
    """The list in `folder`. Every call reads the file, so that two windows see the same."""

    folder: Path

    @property
    def place(self) -> Path:
        return self.folder / FILE

    def entries(self, since: tuple[int, str] = EMPTY) -> list[Known]:
        """The trusted signers, by name. `since` is a `head` kept elsewhere, which the list must continue.

        TrustListUnreadableError, NewerTrustListError, TrustListRolledBackError, TrustPlaceError.
        """
        trusted, _ = _standing(trust_journal.read(self.place, since))
        return sorted(trusted.values(), key=lambda one: (one.name, one.fingerprint))

    def certificates(self) -> list[bytes]:
        """The trusted certificates in PEM, as verification of reports takes them. Raises as `entries`."""
        return [one.certificate_pem for one in self.entries()]

    def head(self) -> tuple[int, str]:
        """(number of entries, hash of the last), to be kept elsewhere. Raises as `entries`."""
        return trust_journal.head(trust_journal.read(self.place))

    def first(self) -> str:
        """The hash of the first entry, empty without one: what tells this list from another. Raises as
        `entries`."""
        journal = trust_journal.read(self.place)
        return str(journal[0]["hash"]) if journal else ""

    def withdrawn(self) -> dict[str, str]:
        """When trust was withdrawn, by fingerprint. Raises as `entries`."""
        return _standing(trust_journal.read(self.place))[1]

    def find(self, fingerprint: str) -> Known | None:
        """The trusted signer with this fingerprint, however it is written; None if there is none.

        UnreadableFingerprintError, and what `entries` raises.
        """
        wanted = certificates.read_fingerprint(fingerprint)
        return _standing(trust_journal.read(self.place))[0].get(wanted)

    def meet(self, certificate_pem: bytes) -> Acquaintance:
        """What is known about the holder of a certificate, with the words for a first contact.

        UnreadableCertificateError, and what `entries` raises.
        """
        certificate = _certificate(certificate_pem)
        name, shown = certificates.common_name(certificate), certificates.fingerprint(certificate)
        trusted, withdrawn = _standing(trust_journal.read(self.place))
        alike = skeleton(name)
        namesakes = tuple(
            one for one in sorted(trusted) if one != shown and skeleton(trusted[one].name) == alike
        )
        if shown in trusted:
            return Acquaintance(Standing.TRUSTED, name, shown, namesakes, trusted[shown].sentence)
        if shown in withdrawn:
            words = withdrawn_words(withdrawn[shown])
            return Acquaintance(Standing.WITHDRAWN, name, shown, namesakes, words)
        words = first_contact(namesake=bool(namesakes))
        return Acquaintance(Standing.UNKNOWN, name, shown, namesakes, words)

    def add(self, certificate_pem: bytes, *, compared: str, by: str, clock: Clock) -> Known:
        """Trust a certificate whose fingerprint a person has compared: `compared` is what the signer told.

        FingerprintDiffersError, UnreadableFingerprintError, UnreadableCertificateError,
        UnusableKeyError, AlreadyTrustedError, and what `entries` raises.
        """
        certificate = _certificate(certificate_pem)
        shown = certificates.fingerprint(certificate)
        if certificates.read_fingerprint(compared) != shown:
            raise FingerprintDiffersError
        pem = certificate.public_bytes(Encoding.PEM).decode()

        def entry(so_far: list[Entry]) -> dict[str, Json]:
            if shown in _standing(so_far)[0]:
                raise AlreadyTrustedError(fingerprint=shown)
            return _act(TRUST, shown, by, clock, certificate=pem)

        made = trust_journal.append(self.place, entry)
        return _known(made)

    def remove(self, fingerprint: str, *, by: str, clock: Clock) -> None:
        """Withdraw trust; that it was given stays on record.

        NotTrustedError, UnreadableFingerprintError, and what `entries` raises.
        """
        wanted = certificates.read_fingerprint(fingerprint)

        def entry(so_far: list[Entry]) -> dict[str, Json]:
            if wanted not in _standing(so_far)[0]:
                raise NotTrustedError(fingerprint=wanted)
            return _act(WITHDRAW, wanted, by, clock)

        trust_journal.append(self.place, entry)


def first_contact(*, namesake: bool) -> str:
    """What to do on meeting a key for the first time. `namesake`: a trusted key bears the same name."""
    words = said(
        "First contact with this key. Ask the signer for the fingerprint over another channel, in person "
        "or by a telephone number you know, and compare all of it."
    )
    return said_all([said("You trust another key of that name."), words]) if namesake else words


def withdrawn_words(moment: str) -> str:
    """What to say of a key that was trusted until `moment`."""
    return said("This key was trusted until {day}, and then withdrawn.", day=moment[:10])


def _act(act: str, fingerprint: str, by: str, clock: Clock, **more: Json) -> dict[str, Json]:
    by = by.encode("utf-8", "replace").decode()  # an account's name can hold bytes that are no text
    return {"act": act, "fingerprint": fingerprint, "by": by, "time": stamp(clock.now()), **more}


def _standing(journal: list[Entry]) -> tuple[dict[str, Known], dict[str, str]]:
    """(trusted by fingerprint, moment of withdrawal by fingerprint)."""
    trusted: dict[str, Known] = {}
    withdrawn: dict[str, str] = {}
    for entry in journal:
        if entry["act"] == TRUST:
            trusted[entry["fingerprint"]] = _known(entry)
            withdrawn.pop(entry["fingerprint"], None)
        else:
            trusted.pop(entry["fingerprint"], None)
            withdrawn[entry["fingerprint"]] = entry["time"]
    return trusted, withdrawn


def _known(entry: Entry) -> Known:
    pem = entry["certificate"].encode()
    name = certificates.common_name(certificates.read_pem(pem))
    return Known(name, entry["fingerprint"], pem, entry["time"], entry["by"])


def _certificate(pem: bytes) -> x509.Certificate:
    """The first certificate in `pem`. UnreadableCertificateError, UnusableKeyError."""
    try:
        certificate = certificates.read_pem(pem)
        key: object = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise UnreadableCertificateError from None
    algorithm_of(key)
    return certificate
