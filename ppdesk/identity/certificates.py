"""Certificates of people who sign, X.509 v3 (RFC 5280): made here for a fresh P-256 key, or judged."""

import hashlib
import warnings
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ppdesk.core.entropy import Entropy
from ppdesk.identity.algorithms import algorithm_of
from ppdesk.identity.errors import (
    ExpiredCertificateError,
    NotYetValidCertificateError,
    UnreadableFingerprintError,
    UnsuitableCertificateError,
)

VALID_FOR = timedelta(days=730)
CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, SP 800-186


def new_key(entropy: Entropy) -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key from `entropy` by extra random bits (FIPS 186-5, A.2.1); repeats in the test mode."""
    secret = int.from_bytes(entropy.take(48), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(secret, CURVE)


def certify(
    key: ec.EllipticCurvePrivateKey,
    name: str,
    *,
    since: datetime,
    entropy: Entropy,
    unit: str = "ppdesk signer, self-signed",
    purpose: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    """A self-signed certificate for `name`, valid two years from `since`.

    Key usage is digital signature and non-repudiation, as signatures on documents want it, and no CA.
    There is no extended key usage but a `purpose`, which is critical then: with document signing (RFC 9336)
    alone, poppler's pdfsig speaks of "corrupted data" instead of an unknown issuer.
    """
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        ]
    )
    public = key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,  # the newer name of non-repudiation
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    start = since.replace(microsecond=0)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(int.from_bytes(entropy.take(19), "big") + 1)  # positive, under 20 bytes (RFC 5280)
        .not_valid_before(start)
        .not_valid_after(start + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if purpose is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return made.sign(key, hashes.SHA256(), ecdsa_deterministic=True)


def read_pem(pem: bytes) -> x509.Certificate:
    """The first certificate in `pem`, from whoever. ValueError, and nothing else, for what is none."""
    return _touched(x509.load_pem_x509_certificate, pem)


def read_der(der: bytes) -> x509.Certificate:
    """The certificate `der`, from whoever. ValueError, and nothing else, for what is none."""
    return _touched(x509.load_der_x509_certificate, der)


def _touched(load: Callable[[bytes], x509.Certificate], data: bytes) -> x509.Certificate:
    try:
        with warnings.catch_warnings():
            # cryptography warns of a serial number that is not positive; it is refused below
            warnings.filterwarnings("ignore", message="Parsed a serial number")
            certificate = load(data)
            positive = certificate.serial_number > 0
    except x509.InvalidVersion:  # no ValueError, and a forged file can say any version
        raise ValueError("not a version of X.509") from None
    if not positive:  # RFC 5280, 4.1.2.2
        raise ValueError("not a serial number")
    _ = certificate.subject  # read only when asked for, and damaged then
    return certificate


def fingerprint(certificate: x509.Certificate | bytes) -> str:
    """SHA-256 of the certificate in DER, in groups of four for comparing by eye: ``AB12 34CD ...``.

    `certificate` may be PEM bytes. ValueError if they are none. Every place that shows, compares or
    keeps a certificate's fingerprint does it in this form.
    """
    if isinstance(certificate, bytes):
        certificate = read_pem(certificate)
    return fingerprint_of_der(certificate.public_bytes(serialization.Encoding.DER))


def fingerprint_of_der(der: bytes) -> str:
    """`fingerprint` of a certificate that may be too broken to be read: of its bytes alone."""
    shown = hashlib.sha256(der).hexdigest().upper()
    return " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))


def read_fingerprint(typed: str) -> str:
    """A fingerprint as a person or another program writes it, in the form of `fingerprint`.

    Spaces, colons, hyphens and small letters do not matter. UnreadableFingerprintError if it is none:
    a shortened one is not taken, since somebody can make a key that agrees with it.
    """
    digits = "".join(sign for sign in typed if not sign.isspace() and sign not in ":-").upper()
    if len(digits) != 64 or any(sign not in "0123456789ABCDEF" for sign in digits):
        raise UnreadableFingerprintError
    return " ".join(digits[start : start + 4] for start in range(0, 64, 4))


def common_name(certificate: x509.Certificate) -> str:
    """The name that a certificate is for, empty if it says none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def check_time(certificate: x509.Certificate, moment: datetime) -> None:
    """ExpiredCertificateError, NotYetValidCertificateError when it is not valid at `moment` (UTC)."""
    if moment < certificate.not_valid_before_utc:
        raise NotYetValidCertificateError(since=f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC")
    if moment > certificate.not_valid_after_utc:
        raise ExpiredCertificateError(until=f"{certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC")


def check_usage(certificate: x509.Certificate) -> None:
    """UnsuitableCertificateError unless it may sign documents.

    A certificate that says what its key is for has to say digital signature or non-repudiation, as those
    who verify a signed PDF ask. One that says nothing may do all (RFC 5280, 4.2.1.3).
    """
    usage = _usage(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise UnsuitableCertificateError(reason="its key usage has neither signature nor non-repudiation")


def commits(certificate: x509.Certificate) -> bool:
    """Whether its key usage has non-repudiation (content commitment): what tells, of the several
    certificates on a card, the one for documents. UnsuitableCertificateError if that cannot be read."""
    usage = _usage(certificate)
    return usage is not None and usage.content_commitment


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    except ValueError:
        raise UnsuitableCertificateError(reason="its extensions cannot be read") from None


def check_for_signing(certificate: x509.Certificate, moment: datetime) -> None:
    """All that a certificate from outside must meet: algorithms.algorithm_of, check_time and check_usage."""
    try:
        key: object = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise UnsuitableCertificateError(reason="its key cannot be read") from None
    algorithm_of(key)
    check_time(certificate, moment)
    check_usage(certificate)


def chain_above(
    certificate: x509.Certificate, others: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The authorities above `certificate`, found among `others`: each issued by the next, as far as they go.

    A person's certificate is nobody's authority. Else only names and signatures are compared; whether an
    authority is to be trusted is not decided here.
    """
    left, chain, last = list(others), [], certificate
    while (above := next((one for one in left if _issued(one, last)), None)) is not None:
        left.remove(above)
        chain.append(above)
        last = above
    return tuple(chain)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if issuer == certificate or not _is_authority(issuer):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue others (RFC 5280, 4.2.1.9). Old roots, of version 1, cannot say so; what another
    issued in that version is a person's."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return certificate.version is x509.Version.v1 and certificate.issuer == certificate.subject
    except ValueError:
        return False
