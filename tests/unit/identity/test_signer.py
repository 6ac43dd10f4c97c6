"""Keys and certificates of people who sign."""

import os
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.exits import Exit
from ppdesk.identity.errors import (
    DamagedSignerError,
    EmptySignerPassphraseError,
    KeyPlaceError,
    NoSuchSignerError,
    SignerExistsError,
    UnusableNameError,
    WrongSignerPassphraseError,
)
from ppdesk.identity.signer import FileSigner, create_signer, fingerprint, list_signers, load_signer

NAME = "Ada Łovelace"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signers")


@pytest.fixture(scope="module")
def signer(folder: Path) -> FileSigner:
    return create_signer(folder, NAME, "pässword", entropy=TestEntropy(1), clock=TestClock())


def test_a_signer_comes_back_with_the_same_key_and_certificate(folder: Path, signer: FileSigner) -> None:
    again = load_signer(folder, NAME, "pässword")
    assert again.certificate_pem == signer.certificate_pem
    assert again.private_key.private_numbers() == signer.private_key.private_numbers()
    assert list_signers(folder) == [NAME]


def test_the_passphrase_does_not_depend_on_how_letters_are_composed(folder: Path, signer: FileSigner) -> None:
    assert load_signer(folder, NAME, "pa\u0308ssword").fingerprint == signer.fingerprint


def test_the_certificate_is_for_signing_documents_and_nothing_else(signer: FileSigner) -> None:
    made = signer.certificate
    usage = made.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    with pytest.raises(x509.ExtensionNotFound):
        made.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=730)
    made.verify_directly_issued_by(made)


def test_a_wrong_passphrase_is_refused(folder: Path, signer: FileSigner) -> None:
    with pytest.raises(WrongSignerPassphraseError) as caught:
        load_signer(folder, NAME, "password")
    assert caught.value.exit_code is Exit.WRONG_KEY


def test_an_empty_passphrase_opens_nothing(folder: Path, signer: FileSigner) -> None:
    with pytest.raises(WrongSignerPassphraseError):
        load_signer(folder, NAME, "")


def test_a_signer_is_never_replaced(folder: Path, signer: FileSigner) -> None:
    with pytest.raises(SignerExistsError):
        create_signer(folder, NAME, "other", entropy=SystemEntropy(), clock=TestClock())


def test_a_missing_signer_is_named(folder: Path) -> None:
    with pytest.raises(NoSuchSignerError, match="Grace"):
        load_signer(folder, "Grace", "x")


def test_a_key_needs_a_passphrase(tmp_path: Path) -> None:
    with pytest.raises(EmptySignerPassphraseError):
        create_signer(tmp_path, "A", "", entropy=SystemEntropy(), clock=TestClock())


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 65, "zero\u200bwidth"])
def test_a_name_must_be_readable(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableNameError):
        create_signer(tmp_path, name, "p", entropy=SystemEntropy(), clock=TestClock())
    assert list(tmp_path.iterdir()) == []


def test_names_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    create_signer(inside, "../../evil", "p", entropy=TestEntropy(2), clock=TestClock())
    assert {place.parent for place in tmp_path.rglob("*.pem")} == {inside}
    assert list_signers(inside) == ["../../evil"]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps others out by the folder's access list")
def test_only_the_owner_can_read_the_key(folder: Path, signer: FileSigner) -> None:
    modes = {stat.S_IMODE(place.stat().st_mode) for place in folder.glob("*.key.pem")}
    assert modes == {0o600}


def test_openssl_opens_the_key_with_the_passphrase(folder: Path, signer: FileSigner) -> None:
    (key,) = folder.glob("*.key.pem")
    shown = subprocess.run(
        ["openssl", "pkey", "-in", str(key), "-passin", "pass:pässword", "-noout", "-text"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "prime256v1" in shown


def test_the_key_file_is_derived_with_scrypt_and_not_with_a_quick_function(
    folder: Path, signer: FileSigner
) -> None:
    (key,) = folder.glob("*.key.pem")
    shown = subprocess.run(
        ["openssl", "asn1parse", "-in", str(key)], capture_output=True, text=True, check=True
    ).stdout
    assert "1.3.6.1.4.1.11591.4.11" in shown or "scrypt" in shown


def test_a_certificate_of_another_key_is_noticed(tmp_path: Path) -> None:
    create_signer(tmp_path, "A", "p", entropy=TestEntropy(3), clock=TestClock())
    other = create_signer(tmp_path / "b", "A", "p", entropy=TestEntropy(4), clock=TestClock())
    (place,) = tmp_path.glob("*.certificate.pem")
    place.write_bytes(other.certificate_pem)
    with pytest.raises(DamagedSignerError, match="another key"):
        load_signer(tmp_path, "A", "p")
    place.write_bytes(b"no certificate")
    with pytest.raises(DamagedSignerError, match="cannot be read"):
        load_signer(tmp_path, "A", "p")
    assert list_signers(tmp_path) == []


def test_a_key_without_its_certificate_is_said(tmp_path: Path) -> None:
    create_signer(tmp_path, "A", "p", entropy=TestEntropy(3), clock=TestClock())
    (place,) = tmp_path.glob("*.certificate.pem")
    place.unlink()
    with pytest.raises(DamagedSignerError, match="missing"):
        load_signer(tmp_path, "A", "p")
    with pytest.raises(SignerExistsError):
        create_signer(tmp_path, "A", "p", entropy=TestEntropy(3), clock=TestClock())


def test_an_unencrypted_key_is_not_taken(tmp_path: Path) -> None:
    create_signer(tmp_path, "A", "p", entropy=TestEntropy(3), clock=TestClock())
    (place,) = tmp_path.glob("*.key.pem")
    place.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(DamagedSignerError):
        load_signer(tmp_path, "A", "p")


def test_a_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KeyPlaceError):
        create_signer(tmp_path / "file", "A", "p", entropy=TestEntropy(3), clock=TestClock())


def test_the_test_mode_repeats_and_the_real_one_does_not(tmp_path: Path, signer: FileSigner) -> None:
    same = create_signer(tmp_path / "1", NAME, "x", entropy=TestEntropy(1), clock=TestClock())
    assert same.certificate_pem == signer.certificate_pem
    assert same.sign(b"words") == signer.sign(b"words")
    real = create_signer(tmp_path / "2", NAME, "x", entropy=SystemEntropy(), clock=TestClock())
    assert real.certificate_pem != signer.certificate_pem


def test_a_fingerprint_is_the_certificates_sha256_in_groups_of_four(signer: FileSigner) -> None:
    from cryptography.hazmat.primitives.hashes import SHA256

    shown = fingerprint(signer.certificate)
    assert shown == fingerprint(signer.certificate_pem) == signer.fingerprint
    assert [len(group) for group in shown.split(" ")] == [4] * 16
    assert shown.replace(" ", "").lower() == signer.certificate.fingerprint(SHA256()).hex()


def test_a_signer_does_not_show_its_key(signer: FileSigner) -> None:
    assert "private" not in repr(signer).lower()
