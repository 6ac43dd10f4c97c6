"""Seals beside manifests."""

import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.exits import Exit
from ppdesk.identity.certificates import certify, fingerprint, new_key
from ppdesk.identity.errors import SealBrokenError, UnusableKeyError
from ppdesk.identity.sealing import seal, verify_seal
from ppdesk.identity.signer import FileSigner

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def made(root: int) -> FileSigner:
    key = new_key(TestEntropy(root))
    certificate = certify(key, "Ada", since=TestClock().now(), entropy=TestEntropy(root + 100))
    return FileSigner("Ada", certificate.public_bytes(serialization.Encoding.PEM), key)


SIGNER, OTHER = made(1), made(2)


@given(st.binary(max_size=200))
def test_a_seal_verifies_and_names_the_certificate(manifest: bytes) -> None:
    parts = seal(manifest, SIGNER)
    assert set(parts) == {"manifest.sig", "certificate.pem"}
    assert verify_seal(manifest, parts["manifest.sig"], parts["certificate.pem"]) == SIGNER.fingerprint


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_bit_breaks_it(manifest: bytes, data: st.DataObject) -> None:
    parts = seal(manifest, SIGNER)
    at = data.draw(st.integers(0, len(manifest) * 8 - 1))
    changed = bytearray(manifest)
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(SealBrokenError):
        verify_seal(bytes(changed), parts["manifest.sig"], parts["certificate.pem"])


@given(st.binary(max_size=90))
def test_bytes_that_are_no_signature_break_it(signature: bytes) -> None:
    with pytest.raises(SealBrokenError) as caught:
        verify_seal(b"manifest", signature, SIGNER.certificate_pem)
    assert caught.value.exit_code is Exit.INTEGRITY


def test_somebody_elses_certificate_breaks_it() -> None:
    with pytest.raises(SealBrokenError):
        verify_seal(b"manifest", seal(b"manifest", SIGNER)["manifest.sig"], OTHER.certificate_pem)


def test_a_certificate_that_is_none_is_said() -> None:
    with pytest.raises(SealBrokenError, match="cannot be read"):
        verify_seal(b"manifest", b"", b"words")


def test_a_damaged_certificate_breaks_it() -> None:
    der = SIGNER.certificate.public_bytes(serialization.Encoding.DER)
    signature = SIGNER.sign(b"manifest")

    @given(st.integers(0, len(der) - 1), st.integers(0, 7))
    def damaged(at: int, bit: int) -> None:
        changed = bytearray(der)
        changed[at] ^= 1 << bit
        pem = b"-----BEGIN CERTIFICATE-----\n" + b64encode(changed) + b"\n-----END CERTIFICATE-----\n"
        try:
            found = verify_seal(b"manifest", signature, pem)
        except SealBrokenError:
            return
        assert found != SIGNER.fingerprint  # another certificate of the same key

    damaged()


def under(key: Key) -> FileSigner:
    """A signer with `key` and a certificate of somebody else's making."""
    return FileSigner("Ada", certificate_for(key), key)


def certificate_for(key: Key) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ada")])
    since = TestClock().now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def rsa_signer() -> FileSigner:
    return under(rsa.generate_private_key(65537, 3072))


@pytest.fixture(scope="module")
def wide_signer() -> FileSigner:
    return under(ec.generate_private_key(ec.SECP384R1()))


@pytest.fixture(params=["ecdsa-with-SHA256", "ecdsa-with-SHA384", "sha256WithRSAEncryption"])
def each(
    request: pytest.FixtureRequest, rsa_signer: FileSigner, wide_signer: FileSigner
) -> tuple[FileSigner, str]:
    """A signer of each kind, with the name of its algorithm."""
    signers = {"ecdsa-with-SHA384": wide_signer, "sha256WithRSAEncryption": rsa_signer}
    return signers.get(request.param, SIGNER), request.param


def test_a_seal_names_its_algorithm(each: tuple[FileSigner, str]) -> None:
    signer, name = each
    parts = seal(b"manifest", signer)
    assert parts["certificate.pem"].startswith(f"Signature-Algorithm: {name}\n-----BEGIN".encode())
    assert verify_seal(b"manifest", parts["manifest.sig"], parts["certificate.pem"]) == signer.fingerprint
    assert len(parts["manifest.sig"]) <= signer.algorithm.longest
    assert seal(b"manifest", signer) == parts
    with pytest.raises(SealBrokenError, match="does not fit"):
        verify_seal(b"manifesT", parts["manifest.sig"], parts["certificate.pem"])


def test_an_algorithm_that_is_not_the_keys_breaks_the_seal(each: tuple[FileSigner, str]) -> None:
    signer, name = each
    parts = seal(b"manifest", signer)
    other = "ecdsa-with-SHA1" if name == "ecdsa-with-SHA256" else "ecdsa-with-SHA256"
    renamed = parts["certificate.pem"].replace(name.encode(), other.encode())
    with pytest.raises(SealBrokenError, match=name):
        verify_seal(b"manifest", parts["manifest.sig"], renamed)


def test_a_seal_without_a_name_is_p256(wide_signer: FileSigner) -> None:
    assert verify_seal(b"m", SIGNER.sign(b"m"), SIGNER.certificate_pem) == SIGNER.fingerprint
    with pytest.raises(SealBrokenError, match="SHA384"):
        verify_seal(b"m", wide_signer.sign(b"m"), wide_signer.certificate_pem)


@pytest.mark.parametrize("text", [b"hello\n", b"Signature-Algorithm: ecdsa-with-SHA256\nhello\n"])
def test_the_certificates_file_holds_nothing_else(text: bytes) -> None:
    with pytest.raises(SealBrokenError, match="more in the certificate's file"):
        verify_seal(b"m", SIGNER.sign(b"m"), text + SIGNER.certificate_pem)


def test_the_authorities_certificates_travel_with_the_seal() -> None:
    signer = FileSigner("Ada", SIGNER.certificate_pem, SIGNER.private_key, (OTHER.certificate_pem,))
    pem = seal(b"m", signer)["certificate.pem"]
    assert [fingerprint(one) for one in x509.load_pem_x509_certificates(pem)] == [
        SIGNER.fingerprint,
        OTHER.fingerprint,
    ]
    assert verify_seal(b"m", signer.sign(b"m"), pem) == SIGNER.fingerprint


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (lambda: ec.generate_private_key(ec.SECP521R1()), "secp521r1"),
        (lambda: rsa.generate_private_key(65537, 2048), "2048"),
        (lambda: rsa.generate_private_key(3, 3072), "exponent"),
    ],
    ids=["k1", "p521", "rsa-2048", "rsa-e3"],
)
def test_keys_that_are_too_weak_or_unknown_seal_nothing(make: Callable[[], Key], reason: str) -> None:
    key = make()
    with pytest.raises(UnusableKeyError, match=reason) as caught:
        seal(b"m", under(key))
    assert caught.value.exit_code is Exit.REFUSED
    with pytest.raises(SealBrokenError, match=reason):
        verify_seal(b"m", b"", certificate_for(key))


def test_openssl_verifies_the_seal(tmp_path: Path, each: tuple[FileSigner, str]) -> None:
    signer, name = each
    parts = seal(b"the manifest", signer)
    for file, data in {**parts, "manifest.json": b"the manifest"}.items():
        (tmp_path / file).write_bytes(data)
    subprocess.run(
        ["openssl", "x509", "-in", "certificate.pem", "-pubkey", "-noout", "-out", "key.pem"],
        cwd=tmp_path,
        check=True,
    )
    hash_option = "-sha384" if "384" in name else "-sha256"
    said = subprocess.run(
        ["openssl", "dgst", hash_option, "-verify", "key.pem", "-signature", "manifest.sig", "manifest.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Verified OK" in said
