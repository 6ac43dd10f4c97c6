"""A report signed by each kind of key that a PKCS#12 file can bring: ppdesk and poppler confirm it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.pkcs12 import import_signer
from ppdesk.identity.signer import Signer, load_signer
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf

MADE = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KINDS: dict[str, Callable[[], Key]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA, 3072 bits": lambda: rsa.generate_private_key(65537, 3072),
}


def certificates(key: Key) -> Iterator[x509.Certificate]:
    """Of a person, then of the authority that issued it."""
    root = ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Institute CA")])
    own_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ada Example")])
    for name, public, ca in ((own_name, key.public_key(), False), (root_name, root.public_key(), True)):
        usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, False, False, False)
        yield (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(MADE - timedelta(days=9))
            .not_valid_after(MADE + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(root, hashes.SHA256())
        )


@pytest.fixture(params=KINDS)
def ada(request: pytest.FixtureRequest, tmp_path: Path) -> Signer:
    """Imported from a PKCS#12 file, and loaded again under the passphrase that it got here."""
    key = KINDS[request.param]()
    own, root = certificates(key)
    place = tmp_path / "ada.p12"
    sealed = BestAvailableEncryption(b"posted")
    place.write_bytes(pkcs12.serialize_key_and_certificates(b"ada", key, own, [root], sealed))
    clock = TestClock(MADE)
    import_signer(tmp_path / "keys", place, "posted", "kept here", entropy=TestEntropy(2), clock=clock)
    return load_signer(tmp_path / "keys", "Ada Example", "kept here", clock=clock)


def test_a_report_is_certified_and_confirmed(
    ada: Signer, unsigned: bytes, poppler: Callable[..., str]
) -> None:
    signed = sign_pdf(unsigned, ada, when=MADE, entropy=TestEntropy(5))
    (authority,) = ada.chain
    assert verify_pdf(signed, [authority]).verdict is Judgement.GOOD
    told = poppler("pdfsig", signed, "-nocert")
    assert "Signature Validation: Signature is Valid." in told
    assert "Signer Certificate Common Name: Ada Example" in told
    changed = signed.replace(b"/Title", b"/Totle", 1)
    assert "Signature is Valid." not in poppler("pdfsig", changed, "-nocert")
    assert ada.certificate.public_bytes(Encoding.PEM) == ada.certificate_pem
