"""One certificate has one fingerprint wherever it is shown, kept or compared, in other programs too;
and every kind of key that may sign makes reports that verify here and in poppler."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.section import Section, Words
from ppdesk.identity.algorithms import PrivateKey
from ppdesk.identity.certificates import read_fingerprint
from ppdesk.identity.pkcs12 import import_signer
from ppdesk.identity.sealing import seal, verify_seal
from ppdesk.identity.signer import Signer, create_signer, load_signer
from ppdesk.identity.trust import TrustList
from ppdesk.report.document import Chapter, Cover, Document, Part, Signing, numbered
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import typeset
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf

START = TestClock().start
NAME = "Maria Weber"


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certified(
    subject: str,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    issuer: str,
    key: PrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(START - timedelta(days=1))
        .not_valid_after(START + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def imported(folder: Path, key: PrivateKey) -> Signer:
    """A signer from an organisation's PKCS#12 file, as it is loaded again later."""
    root = ec.generate_private_key(ec.SECP256R1())
    authority = certified("Example authority", root.public_key(), "Example authority", root, ca=True)
    own = certified(NAME, key.public_key(), "Example authority", root, ca=False)
    file = folder / "maria.p12"
    encryption = BestAvailableEncryption(b"theirs")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"m", key, own, [authority], encryption))
    signers = folder / "signers"
    import_signer(signers, file, "theirs", "mine", entropy=SystemEntropy(), clock=TestClock())
    return load_signer(signers, NAME, "mine", clock=TestClock())


@pytest.fixture(scope="module", params=["self-signed P-256", "P-256", "P-384", "RSA-3072"])
def signer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Signer:
    folder = tmp_path_factory.mktemp("signer")
    if request.param.startswith("self"):
        return create_signer(folder, NAME, "mine", entropy=TestEntropy(1), clock=TestClock())
    if request.param.startswith("RSA"):
        return imported(folder, rsa.generate_private_key(65537, 3072))
    curve = ec.SECP256R1() if request.param == "P-256" else ec.SECP384R1()
    return imported(folder, ec.generate_private_key(curve))


@pytest.fixture(scope="module")
def report(signer: Signer) -> bytes:
    document = Document(
        cover=Cover("Privacy report", "A project", ()),
        parts=numbered((Part("Data", (Chapter(Section("Import", (Words("A table."),))),)),)),
        signing=Signing(("Certified.",), ()),
        made=START,
        project_id="b1fe7a68",
        head_seq=1,
        head_hash=sha256_hex(b"1"),
    )
    evidence = evidence_json(document, [{"seq": 1, "hash": sha256_hex(b"1")}], {})
    unsigned = attach(typeset(document, evidence).pdf, evidence, made=START)
    return sign_pdf(unsigned, signer, when=START + timedelta(hours=1), entropy=TestEntropy(2))


def test_every_place_shows_the_same_fingerprint(signer: Signer, report: bytes, tmp_path: Path) -> None:
    shown = signer.fingerprint
    parts = seal(b"manifest", signer)
    assert verify_seal(b"manifest", parts["manifest.sig"], parts["certificate.pem"]) == shown
    assert verify_pdf(report).fingerprint == shown
    trust = TrustList(tmp_path)
    assert trust.meet(parts["certificate.pem"]).fingerprint == shown
    known = trust.add(parts["certificate.pem"], compared=shown, by="me", clock=TestClock())
    assert known.fingerprint == shown
    assert trust.find(shown) == known
    assert verify_pdf(report, trusted=trust.certificates()).verdict is Judgement.GOOD


def test_openssl_shows_the_same_fingerprint(signer: Signer, tmp_path: Path) -> None:
    (tmp_path / "certificate.pem").write_bytes(seal(b"manifest", signer)["certificate.pem"])
    told = subprocess.run(
        ["openssl", "x509", "-in", "certificate.pem", "-noout", "-fingerprint", "-sha256"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert read_fingerprint(told.partition("=")[2]) == signer.fingerprint


def test_poppler_confirms_reports_of_every_kind_of_key(report: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report)
    done = subprocess.run(
        ["pdfsig", "-nocert", "report.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Signature Validation: Signature is Valid." in done.stdout
    assert f"Signer Certificate Common Name: {NAME}" in done.stdout
    assert "Total document signed" in done.stdout
