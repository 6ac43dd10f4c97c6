"""Where a signer's key and certificates lie, and how they get there.

Two files for each signer: the encrypted key (see envelope.py), and the certificates in PEM, the
signer's own first and then those of the authorities that issued it, each issued by the next.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.durable import make_folder, sync_folder, write_private
from ppdesk.core.entropy import Entropy
from ppdesk.identity import envelope
from ppdesk.identity.algorithms import PrivateKey
from ppdesk.identity.errors import (
    EmptySignerPassphraseError,
    KeyPlaceError,
    SignerExistsError,
    UnusableNameError,
)

KEY, CERTIFICATE = ".key.pem", ".certificate.pem"
_LONGEST_NAME = 64  # of a common name, RFC 5280


def usable_name(name: str) -> str:
    """`name` as signers are kept: Unicode form NFC, no space at the ends. UnusableNameError."""
    name = tidy(name)
    if not 0 < len(name) <= _LONGEST_NAME or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise UnusableNameError
    return name


def tidy(name: str) -> str:
    """`name` in the one form in which it is looked up."""
    return unicodedata.normalize("NFC", name).strip()


def files_of(folder: Path, name: str) -> tuple[Path, Path]:
    """Where key and certificates of `name` lie: a readable beginning, then a hash that tells names apart."""
    shown = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum())[:24]
    stem = f"{shown}-{sha256_hex(name.encode())[:12]}"
    return folder / f"{stem}{KEY}", folder / f"{stem}{CERTIFICATE}"


def keep(
    folder: Path,
    name: str,
    key: PrivateKey,
    certificates: Sequence[x509.Certificate],
    passphrase: str,
    *,
    entropy: Entropy,
    replace: bool = False,
) -> None:
    """Put a signer's key, encrypted under `passphrase`, and certificates into `folder`, made if need be.

    With `replace`, what was there under that name stays beside it as ``*.retired-NUMBER``.
    EmptySignerPassphraseError, SignerExistsError, KeyPlaceError.
    """
    if not passphrase:
        raise EmptySignerPassphraseError
    places = key_file, certificate_file = files_of(folder, name)
    if not replace and any(place.exists() for place in places):
        raise SignerExistsError(name=name)
    locked = envelope.lock(key, passphrase, entropy)
    pem = b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
    try:
        make_folder(folder)
        _retire(places)
        try:
            write_private(key_file, locked)
            write_private(certificate_file, pem)  # second: a signer is there when its certificate is
        except OSError:
            key_file.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error


def retire(folder: Path, name: str) -> list[Path]:
    """Let `name` have no key any more; its files stay as ``*.retired-NUMBER``. Returns their places.
    KeyPlaceError."""
    try:
        return _retire(files_of(folder, tidy(name)))
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error


def _retire(places: tuple[Path, Path]) -> list[Path]:
    """Rename what is there, the certificate first: without it nobody takes the key for a signer's."""
    there = [place for place in reversed(places) if place.exists()]
    if not there:
        return []
    number = 1
    while any(_retired(place, number).exists() for place in places):
        number += 1
    for place in there:
        place.rename(_retired(place, number))
    sync_folder(places[0].parent)
    return [_retired(place, number) for place in there]


def _retired(place: Path, number: int) -> Path:
    return place.with_name(f"{place.name}.retired-{number}")
