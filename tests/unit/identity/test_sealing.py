"""Seals beside manifests."""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.exits import Exit
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.errors import SealBrokenError
from ppdesk.identity.sealing import seal, verify_seal
from ppdesk.identity.signer import Signer


def made(root: int) -> Signer:
    key = new_key(TestEntropy(root))
    certificate = certify(key, "Ada", since=TestClock().now(), entropy=TestEntropy(root + 100))
    return Signer("Ada", certificate.public_bytes(serialization.Encoding.PEM), key)


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


def test_another_curve_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    certificate = certify(key, "Ada", since=TestClock().now(), entropy=TestEntropy(1))
    signature = key.sign(b"manifest", ec.ECDSA(hashes.SHA256()))
    with pytest.raises(SealBrokenError, match="no P-256 key"):
        verify_seal(b"manifest", signature, certificate.public_bytes(serialization.Encoding.PEM))


def test_openssl_verifies_the_seal(tmp_path: Path) -> None:
    parts = seal(b"the manifest", SIGNER)
    (tmp_path / "manifest.json").write_bytes(b"the manifest")
    (tmp_path / "manifest.sig").write_bytes(parts["manifest.sig"])
    key = x509.load_pem_x509_certificate(parts["certificate.pem"]).public_key()
    encoded = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(encoded)
    said = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "manifest.sig", "manifest.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Verified OK" in said
