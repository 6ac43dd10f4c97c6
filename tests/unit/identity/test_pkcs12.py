"""Keys and certificates from an organisation's PKCS#12 file."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import SystemEntropy
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.identity.certificates import fingerprint
from ppdesk.identity.errors import (
    EmptySignerPassphraseError,
    ExpiredCertificateError,
    KeyFileUnreadableError,
    NoKeyInFileError,
    NotYetValidCertificateError,
    SignerExistsError,
    UnsuitableCertificateError,
    UnusableKeyError,
    UnusableNameError,
    WrongFilePassphraseError,
    WrongSignerPassphraseError,
)
from ppdesk.identity.pkcs12 import Enclosed, import_signer, read_pkcs12
from ppdesk.identity.sealing import seal, verify_seal
from ppdesk.identity.signer import Signer, list_signers, load_signer

NAME, SECRET = "Ada Łovelace", "from the CÄ"
Authority = Any  # of conftest.py


def packed(
    place: Path,
    key: Any,
    certificate: x509.Certificate | None,
    others: Sequence[x509.Certificate] = (),
) -> Path:
    quick = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1000)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .build(SECRET.encode())
    )
    place.write_bytes(pkcs12.serialize_key_and_certificates(b"friendly", key, certificate, others, quick))
    return place


def taken(folder: Path, file: Path, **more: Any) -> Signer:
    return import_signer(folder, file, SECRET, "mine", entropy=SystemEntropy(), clock=TestClock(), **more)


def read(file: Path) -> Enclosed:
    return read_pkcs12(file, SECRET, clock=TestClock())


@pytest.fixture(scope="module")
def curve_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA-3072"])
def test_key_and_chain_are_kept_under_the_signers_own_passphrase(
    tmp_path: Path, authority: Authority, rsa_key: rsa.RSAPrivateKey, kind: str
) -> None:
    curves = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
    key = ec.generate_private_key(curves[kind]) if kind in curves else rsa_key
    certificate = authority.certify(key.public_key())
    file = packed(tmp_path / "ada.p12", key, certificate, [authority.root, authority.issuing])
    made = taken(tmp_path / "signers", file)
    again = load_signer(tmp_path / "signers", NAME, "mine", clock=TestClock())
    assert made.name == again.name == NAME
    assert list_signers(tmp_path / "signers") == [NAME]
    assert again.fingerprint == made.fingerprint == fingerprint(certificate)
    assert [fingerprint(one) for one in again.chain] == [
        fingerprint(authority.issuing),
        fingerprint(authority.root),
    ]
    parts = seal(b"manifest", again)
    assert verify_seal(b"manifest", parts["manifest.sig"], parts["certificate.pem"]) == made.fingerprint
    with pytest.raises(WrongSignerPassphraseError):
        load_signer(tmp_path / "signers", NAME, SECRET)


def test_the_file_stays_as_it_was_and_no_plain_key_is_written(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    file = packed(tmp_path / "ada.p12", curve_key, authority.certify(curve_key.public_key()))
    before = file.read_bytes()
    taken(tmp_path / "signers", file)
    secret = curve_key.private_numbers().private_value.to_bytes(32, "big")
    assert file.read_bytes() == before
    written = [place.read_bytes() for place in (tmp_path / "signers").iterdir()]
    assert len(written) == 2
    assert not any(secret in data or b"BEGIN PRIVATE KEY" in data for data in written)


def test_authorities_that_did_not_issue_it_are_left_out(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    certificate = authority.certify(curve_key.public_key())
    stranger = type(authority)().root
    file = packed(tmp_path / "a.p12", curve_key, certificate, [stranger, authority.issuing])
    assert read(file).chain == (authority.issuing,)


@pytest.mark.parametrize("wrong", ["", "other", SECRET.lower()])
def test_a_wrong_passphrase_is_refused(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey, wrong: str
) -> None:
    file = packed(tmp_path / "a.p12", curve_key, authority.certify(curve_key.public_key()))
    with pytest.raises(WrongFilePassphraseError) as caught:
        read_pkcs12(file, wrong, clock=TestClock())
    assert caught.value.exit_code is Exit.WRONG_KEY
    assert "other" not in caught.value.message


def test_a_file_without_key_or_certificate_is_said(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    certificate = authority.certify(curve_key.public_key())
    with pytest.raises(NoKeyInFileError, match="no private key"):
        read(packed(tmp_path / "a.p12", None, None, [certificate]))
    with pytest.raises(NoKeyInFileError, match="no certificate"):
        read(packed(tmp_path / "b.p12", curve_key, None, [authority.root]))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: rsa.generate_private_key(65537, 2048), "2048"),
        (lambda: ec.generate_private_key(ec.SECP224R1()), "secp224r1"),
        (lambda: ec.generate_private_key(ec.BrainpoolP256R1()), "brainpoolP256r1"),
        (ed25519.Ed25519PrivateKey.generate, "neither"),
    ],
    ids=["rsa-2048", "p224", "brainpool", "ed25519"],
)
def test_weak_and_unknown_keys_are_refused(
    tmp_path: Path, authority: Authority, make: Any, reason: str
) -> None:
    key = make()
    with pytest.raises(UnusableKeyError, match=reason) as caught:
        read(packed(tmp_path / "a.p12", key, authority.certify(key.public_key())))
    assert caught.value.exit_code is Exit.REFUSED


def test_a_certificate_counts_only_within_its_time(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    start, public = TestClock().start, curve_key.public_key()
    old = authority.certify(public, since=start - timedelta(days=9), days=8)
    with pytest.raises(ExpiredCertificateError, match="2025-12-31"):
        read(packed(tmp_path / "old.p12", curve_key, old))
    new = authority.certify(public, since=start + timedelta(days=1))
    with pytest.raises(NotYetValidCertificateError, match="2026-01-02"):
        read(packed(tmp_path / "new.p12", curve_key, new))
    taken(tmp_path / "signers", packed(tmp_path / "a.p12", curve_key, authority.certify(public)))
    with pytest.raises(ExpiredCertificateError):
        load_signer(tmp_path / "signers", NAME, "mine", clock=TestClock(start=start + timedelta(days=400)))


def test_a_certificate_must_be_for_signing_documents(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    public = curve_key.public_key()
    to_decrypt = authority.certify(public, commits=False, signs=False)
    with pytest.raises(UnsuitableCertificateError, match="non-repudiation"):
        read(packed(tmp_path / "a.p12", curve_key, to_decrypt))
    for commits, signs in ((True, False), (False, True), (None, True)):
        certificate = authority.certify(public, commits=commits, signs=signs)
        assert read(packed(tmp_path / "b.p12", curve_key, certificate)).name == NAME


@pytest.mark.parametrize("name", ["", "a\u202eb"])
def test_a_certificate_must_name_somebody(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey, name: str
) -> None:
    certificate = authority.certify(curve_key.public_key(), name or " ")
    with pytest.raises(UnusableNameError):
        read(packed(tmp_path / "a.p12", curve_key, certificate))


def test_a_renewed_certificate_takes_the_place_of_the_old_only_when_asked(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    folder, public = tmp_path / "signers", curve_key.public_key()
    first = taken(folder, packed(tmp_path / "1.p12", curve_key, authority.certify(public)))
    file = packed(tmp_path / "2.p12", curve_key, authority.certify(public))
    with pytest.raises(SignerExistsError):
        taken(folder, file)
    assert load_signer(folder, NAME, "mine").fingerprint == first.fingerprint
    second = taken(folder, file, replace=True)
    assert load_signer(folder, NAME, "mine").fingerprint == second.fingerprint != first.fingerprint
    (retired,) = folder.glob("*.certificate.pem.retired-1")
    assert fingerprint(retired.read_bytes()) == first.fingerprint
    assert list_signers(folder) == [NAME]


def test_a_signer_needs_a_passphrase_of_its_own(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    file = packed(tmp_path / "a.p12", curve_key, authority.certify(curve_key.public_key()))
    with pytest.raises(EmptySignerPassphraseError):
        import_signer(tmp_path / "s", file, SECRET, "", entropy=SystemEntropy(), clock=TestClock())
    assert not (tmp_path / "s").exists()


def test_what_is_no_pkcs12_file_is_said(tmp_path: Path) -> None:
    place = tmp_path / "a.p12"
    with pytest.raises(KeyFileUnreadableError):
        read(place)
    for data in (b"", b"words", b"\x30\x03\x02\x01\x03", b"\0" * ((1 << 20) + 1)):
        place.write_bytes(data)
        with pytest.raises(KeyFileUnreadableError):
            read(place)


def test_damage_is_answered_with_a_code(
    tmp_path_factory: pytest.TempPathFactory, authority: Authority, curve_key: ec.EllipticCurvePrivateKey
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    whole = packed(folder / "a.p12", curve_key, authority.certify(curve_key.public_key())).read_bytes()
    sound = fingerprint(read(folder / "a.p12").certificate)

    @given(at=st.integers(0, len(whole) - 1), bit=st.integers(0, 7), cut=st.booleans())
    @settings(max_examples=60, deadline=None)
    def damaged(at: int, bit: int, cut: bool) -> None:
        data = bytearray(whole)
        data[at] ^= 1 << bit
        (folder / "b.p12").write_bytes(whole[:at] if cut else bytes(data))
        with suppress(CodedError):  # refused, with a code, or not touched where it matters
            assert read(folder / "b.p12").fingerprint == sound

    damaged()


@pytest.mark.parametrize("options", [["-legacy"], ["-nomac"], []], ids=["3des", "no-mac", "default"])
def test_files_that_openssl_makes_are_read(
    tmp_path: Path, authority: Authority, curve_key: ec.EllipticCurvePrivateKey, options: list[str]
) -> None:
    certificate = authority.certify(curve_key.public_key())
    (tmp_path / "key.pem").write_bytes(
        curve_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (tmp_path / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    command = ["openssl", "pkcs12", "-export", *options, "-inkey", "key.pem", "-in", "c.pem", "-out", "a.p12"]
    subprocess.run([*command, "-passout", "pass:word"], cwd=tmp_path, check=True, capture_output=True)
    found = read_pkcs12(tmp_path / "a.p12", "word", clock=TestClock())
    assert found.fingerprint == fingerprint(certificate)
    assert "private" not in repr(found).lower()
