"""People who sign: a key and its certificates, in the data folder or on a token, never in the project.

The key file is readable by its owner only (mode 0600). Windows has no such mode: there the data
folder lies in the user's profile, whose access list admits the user, administrators and the system.
In both, the key itself is encrypted under the signer's own passphrase (see envelope.py).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.clock import Clock
from ppdesk.core.entropy import Entropy
from ppdesk.identity import algorithms, certificates, envelope, keyfiles
from ppdesk.identity.algorithms import Algorithm, PrivateKey
from ppdesk.identity.certificates import fingerprint
from ppdesk.identity.errors import (
    DamagedSignerError,
    KeyPlaceError,
    NoSuchSignerError,
    WrongSignerPassphraseError,
)

__all__ = ["FileSigner", "Signer", "create_signer", "fingerprint", "list_signers", "load_signer"]


class Signer(Protocol):
    """Somebody who can sign now: the key is unlocked, wherever it lies."""

    @property
    def name(self) -> str: ...
    @property
    def certificate_pem(self) -> bytes:
        """The signer's own certificate."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates (PEM) of the authorities above, each issued by the next. Empty if self-signed."""
        ...

    @property
    def certificate(self) -> x509.Certificate: ...
    @property
    def fingerprint(self) -> str:
        """What to compare by eye, see `certificates.fingerprint`."""
        ...

    @property
    def algorithm(self) -> Algorithm:
        """How `sign` signs: settled by the key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`: DER for ECDSA, the plain number for RSA."""
        ...


@dataclass(frozen=True)
class FileSigner:
    """A signer whose key comes from a file, and is in memory while this object is."""

    name: str
    certificate_pem: bytes
    private_key: PrivateKey = field(repr=False)
    chain: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate_pem)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate_pem)

    @property
    def algorithm(self) -> Algorithm:
        return algorithms.algorithm_of(self.private_key.public_key())

    def sign(self, data: bytes) -> bytes:
        return algorithms.sign(self.private_key, data)


def create_signer(folder: Path, name: str, passphrase: str, *, entropy: Entropy, clock: Clock) -> Signer:
    """A new P-256 key and self-signed certificate for `name` in `folder`, which is made if need be.

    UnusableNameError, EmptySignerPassphraseError, SignerExistsError, KeyPlaceError.
    """
    name = keyfiles.usable_name(name)
    key = certificates.new_key(entropy)
    certificate = certificates.certify(key, name, since=clock.now(), entropy=entropy)
    keyfiles.keep(folder, name, key, [certificate], passphrase, entropy=entropy)
    return FileSigner(name, certificate.public_bytes(Encoding.PEM), key)


def load_signer(folder: Path, name: str, passphrase: str, *, clock: Clock | None = None) -> Signer:
    """The signer `name`, unlocked. With `clock`, only while the certificate is valid.

    NoSuchSignerError, WrongSignerPassphraseError, DamagedSignerError (the certificate is not for
    this key, or one of the two files is damaged), ExpiredCertificateError, NotYetValidCertificateError.
    """
    name = keyfiles.tidy(name)
    key_file, certificate_file = keyfiles.files_of(folder, name)
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
        certificate, *above = x509.load_pem_x509_certificates(pem)
    except (ValueError, x509.InvalidVersion):
        raise DamagedSignerError(name=name, reason="the certificate cannot be read") from None
    if certificate.public_key() != key.public_key():
        raise DamagedSignerError(name=name, reason="the certificate belongs to another key")
    if clock is not None:
        certificates.check_time(certificate, clock.now())
    chain = tuple(one.public_bytes(Encoding.PEM) for one in above)
    return FileSigner(name, certificate.public_bytes(Encoding.PEM), key, chain)


def list_signers(folder: Path) -> list[str]:
    """The names that have a key and a readable certificate in `folder`, sorted."""
    names = []
    for place in folder.glob(f"*{keyfiles.CERTIFICATE}") if folder.is_dir() else ():
        try:
            name = certificates.common_name(certificates.read_pem(place.read_bytes()))
        except (ValueError, OSError):
            continue  # a file that is no certificate names nobody
        key_file, certificate_file = keyfiles.files_of(folder, keyfiles.tidy(name))
        if key_file.is_file() and place == certificate_file:
            names.append(keyfiles.tidy(name))
    return sorted(names)
