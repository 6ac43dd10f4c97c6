"""Whom you trust to sign you do not trust to say who others are."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.signer import FileSigner, Signer
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf

WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def issued_by(person: FileSigner, name: str) -> FileSigner:
    """A key that `person` certified as that of `name`, with the key they sign with."""
    key, above = ec.generate_private_key(ec.SECP256R1()), person.certificate
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(above.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(above.not_valid_before_utc)
        .not_valid_after(above.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(above.extensions.get_extension_for_class(x509.KeyUsage).value, critical=True)
        .sign(person.private_key, hashes.SHA256())
    )
    return FileSigner(name, certificate.public_bytes(Encoding.PEM), key, (person.certificate_pem,))


@pytest.fixture
def forged(unsigned: bytes, maria: Signer) -> bytes:
    """A report that Maria signed as somebody else, with a certificate she wrote herself."""
    assert isinstance(maria, FileSigner)
    return sign_pdf(unsigned, issued_by(maria, "The director"), when=WHEN, entropy=TestEntropy(5))


def test_a_trusted_person_vouches_for_nobody(forged: bytes, maria: Signer) -> None:
    verdict = verify_pdf(forged, [maria.certificate_pem])
    assert verdict.signer == "The director"
    assert verdict.verdict is Judgement.WRONG


def test_nor_does_a_stranger_read_an_order_of_certificates_into_it(forged: bytes) -> None:
    assert verify_pdf(forged).verdict is not Judgement.GOOD
