"""A signer from a PKCS#12 file (RFC 7292), as an organisation's certificate authority hands it out.

The key is taken out once and kept encrypted under the signer's own passphrase in the data folder (see
envelope.py); the file itself is not kept, not changed and not needed again. Its authorities'
certificates are kept with the signer's and travel with every seal.
"""

import unicodedata
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from ppdesk.core.clock import Clock
from ppdesk.core.entropy import Entropy
from ppdesk.identity import certificates, keyfiles
from ppdesk.identity.algorithms import PrivateKey, algorithm_of
from ppdesk.identity.errors import (
    KeyFileUnreadableError,
    NoKeyInFileError,
    UnsuitableCertificateError,
    UnusableKeyError,
    WrongFilePassphraseError,
)
from ppdesk.identity.signer import FileSigner, Signer

MOST_BYTES = 1 << 20
_LONGEST_CHAIN = 8
_MOST_CHAIN_BYTES = 48 * 1024  # in PEM; a bundle's reader takes 64 KiB for signer and authorities together


@dataclass(frozen=True)
class Enclosed:
    """What a PKCS#12 file holds and ppdesk can use: to be shown before it is kept."""

    name: str  # the certificate's common name, as the signer will be called
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # the authorities above, each issued by the next
    key: PrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return certificates.fingerprint(self.certificate)


def read_pkcs12(file: Path, file_passphrase: str, *, clock: Clock) -> Enclosed:
    """What is in `file`, judged fit for signing at this moment.

    KeyFileUnreadableError (no PKCS#12 file, or damaged), WrongFilePassphraseError, NoKeyInFileError (no
    key, or no certificate for it), UnusableKeyError (RSA under 3,072 bits, curves other than P-256 and
    P-384), ExpiredCertificateError, NotYetValidCertificateError, UnsuitableCertificateError (not for
    signing documents, or a chain too long), UnusableNameError (the certificate names nobody).
    """
    key, certificate, others = _opened(file, file_passphrase)
    if key is None:
        raise NoKeyInFileError(file=file.name, missing="no private key")
    algorithm_of(key.public_key())
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnusableKeyError(reason="it is neither an elliptic-curve nor an RSA key")
    if certificate is None or certificate.public_key() != key.public_key():
        raise NoKeyInFileError(file=file.name, missing="no certificate for its key")
    certificates.check_for_signing(certificate, clock.now())
    chain = certificates.chain_above(certificate, others)
    size = sum(len(one.public_bytes(Encoding.PEM)) for one in (certificate, *chain))
    if len(chain) > _LONGEST_CHAIN or size > _MOST_CHAIN_BYTES:
        raise UnsuitableCertificateError(reason="its chain of authorities is too long")
    name = keyfiles.usable_name(certificates.common_name(certificate))
    return Enclosed(name, certificate, chain, key)


def import_signer(
    folder: Path,
    file: Path,
    file_passphrase: str,
    passphrase: str,
    *,
    entropy: Entropy,
    clock: Clock,
    replace: bool = False,
) -> Signer:
    """The signer in a PKCS#12 file, kept in `folder` under `passphrase`; `load_signer` finds it by its name.

    With `replace`, a signer of the same name gives way (its files stay beside the new ones, renamed): for
    a renewed certificate. What read_pkcs12 raises, and EmptySignerPassphraseError, SignerExistsError,
    KeyPlaceError.
    """
    found = read_pkcs12(file, file_passphrase, clock=clock)
    keyfiles.keep(
        folder,
        found.name,
        found.key,
        (found.certificate, *found.chain),
        passphrase,
        entropy=entropy,
        replace=replace,
    )
    return FileSigner(
        found.name,
        found.certificate.public_bytes(Encoding.PEM),
        found.key,
        tuple(one.public_bytes(Encoding.PEM) for one in found.chain),
    )


def _opened(
    file: Path, passphrase: str
) -> tuple[PrivateKeyTypes | None, x509.Certificate | None, list[x509.Certificate]]:
    """Key, its certificate and the other certificates, unjudged."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise KeyFileUnreadableError(file=file.name, reason=error.strerror or "unknown") from error
    if len(data) > MOST_BYTES or not _is_pkcs12(data):
        raise KeyFileUnreadableError(file=file.name, reason="it is not one, or damaged")
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogateescape")
    try:
        with warnings.catch_warnings():
            # Java and Windows write BER where the standard allows it; cryptography reads it and says so
            warnings.filterwarnings("ignore", message="PKCS#12 bundle could not be parsed as DER")
            opened_file = pkcs12.load_pkcs12(data, secret)
            key = opened_file.key
            certificate = opened_file.cert.certificate if opened_file.cert else None
            others = [one.certificate for one in opened_file.additional_certs]
    except UnsupportedAlgorithm:
        raise KeyFileUnreadableError(file=file.name, reason="its encryption is not known here") from None
    except (
        ValueError,
        x509.InvalidVersion,
    ):  # with a sound outer form, a wrong passphrase is by far the likeliest reason
        raise WrongFilePassphraseError(file=file.name) from None
    return key, certificate, others


def _is_pkcs12(data: bytes) -> bool:
    """Whether the outermost form is that of RFC 7292, section 4: then only the passphrase can be wrong."""
    from asn1crypto.pkcs12 import Pfx

    try:
        read = Pfx.load(data)
        return (read["version"].native, read["auth_safe"]["content_type"].native) == ("v3", "data")
    except (ValueError, TypeError, KeyError):
        return False
