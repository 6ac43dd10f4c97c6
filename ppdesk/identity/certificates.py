"""Keys and self-signed certificates of people who sign: ECDSA on P-256 (FIPS 186-5), X.509 v3 (RFC 5280)."""

import hashlib
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ppdesk.core.entropy import Entropy

VALID_FOR = timedelta(days=730)
CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, SP 800-186


def new_key(entropy: Entropy) -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key from `entropy` by extra random bits (FIPS 186-5, A.2.1); repeats in the test mode."""
    secret = int.from_bytes(entropy.take(48), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(secret, CURVE)


def certify(
    key: ec.EllipticCurvePrivateKey, name: str, *, since: datetime, entropy: Entropy
) -> x509.Certificate:
    """A self-signed certificate for `name`, valid two years from `since`.

    Key usage is digital signature and non-repudiation, as signatures on documents want it, and no CA.
    There is no extended key usage: with document signing (RFC 9336) alone, poppler's pdfsig speaks of
    "corrupted data" instead of an unknown issuer.
    """
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "ppdesk signer, self-signed"),
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
    return (
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
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )


def fingerprint(certificate: x509.Certificate | bytes) -> str:
    """SHA-256 of the certificate in DER, in groups of four for comparing by eye: ``AB12 34CD ...``.

    `certificate` may be PEM bytes. ValueError if they are none.
    """
    if isinstance(certificate, bytes):
        certificate = x509.load_pem_x509_certificate(certificate)
    shown = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
    return " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))


def common_name(certificate: x509.Certificate) -> str:
    """The name that a certificate is for, empty if it says none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
