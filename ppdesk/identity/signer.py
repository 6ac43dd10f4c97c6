"""People who sign: a key and a certificate in their data folder, never in the project.

The key file is readable by its owner only (mode 0600). Windows has no such mode: there the data
folder lies in the user's profile, whose access list admits the user, administrators and the system.
In both, the key itself is encrypted under the signer's own passphrase (see envelope.py).
"""

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import Clock
from ppdesk.core.entropy import Entropy
from ppdesk.identity import certificates, envelope
from ppdesk.identity.errors import (
    DamagedSignerError,
    EmptySignerPassphraseError,
    KeyPlaceError,
    NoSuchSignerError,
    SignerExistsError,
    UnusableNameError,
    WrongSignerPassphraseError,
)

_KEY, _CERTIFICATE = ".key.pem", ".certificate.pem"
_LONGEST_NAME = 64  # of a common name, RFC 5280


@dataclass(frozen=True)
class Signer:
    """Somebody whose key is unlocked."""

    name: str
    certificate_pem: bytes
    private_key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_pem)

    @property
    def fingerprint(self) -> str:
        """What to compare by eye, see `certificates.fingerprint`."""
        return certificates.fingerprint(self.certificate_pem)

    def sign(self, data: bytes) -> bytes:
        """ECDSA P-256 over SHA-256 of `data`, in DER. Deterministic (RFC 6979): no random number to
        get wrong while signing, and the test mode repeats."""
        return self.private_key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def create_signer(folder: Path, name: str, passphrase: str, *, entropy: Entropy, clock: Clock) -> Signer:
    """A new key and self-signed certificate for `name` in `folder`, which is made if need be.

    UnusableNameError, EmptySignerPassphraseError, SignerExistsError, KeyPlaceError.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(name) <= _LONGEST_NAME or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise UnusableNameError
    if not passphrase:
        raise EmptySignerPassphraseError
    key_file, certificate_file = _files(folder, name)
    if key_file.exists() or certificate_file.exists():
        raise SignerExistsError(name=name)
    key = certificates.new_key(entropy)
    certificate = certificates.certify(key, name, since=clock.now(), entropy=entropy)
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error
    try:
        _write(key_file, envelope.lock(key, passphrase, entropy))
        _write(certificate_file, pem)  # second: a signer is there when its certificate is
    except OSError as error:
        key_file.unlink(missing_ok=True)
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error
    return Signer(name, pem, key)


def load_signer(folder: Path, name: str, passphrase: str) -> Signer:
    """The signer `name`, unlocked.

    NoSuchSignerError, WrongSignerPassphraseError, DamagedSignerError (the certificate is not for
    this key, or one of the two files is damaged).
    """
    name = unicodedata.normalize("NFC", name).strip()
    key_file, certificate_file = _files(folder, name)
    try:
        locked, pem = key_file.read_bytes(), certificate_file.read_bytes()
    except FileNotFoundError:
        if key_file.exists() or certificate_file.exists():
            raise DamagedSignerError(name=name, reason="one of the two files is missing") from None
        raise NoSuchSignerError(name=name) from None
    except OSError as error:
        raise KeyPlaceError(folder=folder.name, reason=error.strerror or "unknown") from error
    if not locked.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----"):
        raise DamagedSignerError(name=name, reason="the key file is no encrypted key")
    try:
        key = envelope.unlock(locked, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise WrongSignerPassphraseError(name=name) from None
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise DamagedSignerError(name=name, reason="the certificate cannot be read") from None
    if certificate.public_key() != key.public_key():
        raise DamagedSignerError(name=name, reason="the certificate belongs to another key")
    return Signer(name, pem, key)


def list_signers(folder: Path) -> list[str]:
    """The names that have a key and a readable certificate in `folder`, sorted."""
    names = []
    for place in folder.glob(f"*{_CERTIFICATE}") if folder.is_dir() else ():
        try:
            name = certificates.common_name(x509.load_pem_x509_certificate(place.read_bytes()))
        except (ValueError, OSError):
            continue  # a file that is no certificate names nobody
        if _files(folder, name)[0].is_file():
            names.append(name)
    return sorted(names)


def fingerprint(certificate: x509.Certificate | bytes) -> str:
    """SHA-256 of a certificate (object or PEM) in groups of four, for comparing by eye."""
    return certificates.fingerprint(certificate)


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    """Where key and certificate of `name` lie: a readable beginning, then a hash that tells names apart."""
    shown = "".join(sign for sign in name.lower() if sign.isascii() and sign.isalnum())[:24]
    stem = f"{shown}-{sha256_hex(name.encode())[:12]}"
    return folder / f"{stem}{_KEY}", folder / f"{stem}{_CERTIFICATE}"


def _write(place: Path, data: bytes) -> None:
    """A new file, whole or not at all, for its owner only."""
    fresh = place.with_name(f"{place.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place)
