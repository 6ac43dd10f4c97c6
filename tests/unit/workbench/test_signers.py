"""Signers of each kind through one door, under what the machine's policy allows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from ppdesk.core.mode import Mode
from ppdesk.identity.errors import (
    DamagedSignerError,
    NoSuchSignerError,
    SignerExistsError,
    WrongSignerPassphraseError,
)
from ppdesk.identity.keychain import Keychain
from ppdesk.policy.errors import WeakPassphraseError
from ppdesk.policy.machine import Policy
from ppdesk.policy.rules import MachinePolicy, PassphraseRules, PersonEntry, Signers
from ppdesk.workbench.evidence.errors import SignerNotAdmittedError
from ppdesk.workbench.home import signers_folder
from ppdesk.workbench.keys import signers

MODE = Mode()
WORDS = "staple of another kind"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keychain, "forget", lambda *_: False)


def policy(passphrases: dict[str, Any] | None = None, **rules: Any) -> Policy:
    made = MachinePolicy(
        format="ppdesk-policy-1",
        title="IT",
        signers=Signers(**rules),
        passphrases=PassphraseRules(**(passphrases or {})),
    )
    return Policy(made, "test", "00" * 32, "machine")


def p12(folder: Path, name: str = "Ada") -> Path:
    """A key file with a certificate that an authority issued."""
    key, issuer = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    now = datetime.now(UTC)

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    certificate = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named("Issuing"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .sign(issuer, hashes.SHA256())
    )
    place = folder / "ada.p12"
    place.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, None, BestAvailableEncryption(b"from IT")
        )
    )
    return place


def test_a_key_made_here_is_found_and_opened_by_its_name(tmp_path: Path) -> None:
    assert signers.held(tmp_path, MODE) == []
    made = signers.new_signer(tmp_path, MODE, "Ada", WORDS)
    (known,) = signers.held(tmp_path, MODE)
    assert (known.name, known.kind, known.fingerprint) == ("Ada", "file", made.fingerprint)
    opened = signers.open_signer(tmp_path, MODE, " Ada ", WORDS)
    assert opened.fingerprint == made.fingerprint
    signers.close_signer(opened)
    with pytest.raises(WrongSignerPassphraseError):
        signers.open_signer(tmp_path, MODE, "Ada", "wrong")
    with pytest.raises(NoSuchSignerError):
        signers.open_signer(tmp_path, MODE, "Bob", WORDS)


def test_an_imported_key_is_told_from_one_made_here(tmp_path: Path) -> None:
    file = p12(tmp_path)
    made = signers.import_signer(tmp_path, MODE, file, "from IT", WORDS)
    known = signers.find(tmp_path, MODE, "Ada")
    assert known is not None
    assert known.kind == "pkcs12"
    assert signers.open_signer(tmp_path, MODE, "Ada", WORDS).fingerprint == made.fingerprint
    with pytest.raises(SignerExistsError):
        signers.import_signer(tmp_path, MODE, file, "from IT", WORDS)
    signers.import_signer(tmp_path, MODE, file, "from IT", "another", replace=True)
    assert signers.open_signer(tmp_path, MODE, "Ada", "another")


def test_policy_says_which_kinds_of_key_there_may_be(tmp_path: Path) -> None:
    signers.new_signer(tmp_path, MODE, "Made here", WORDS)
    only = policy(kinds=["pkcs12"])
    with pytest.raises(SignerNotAdmittedError, match="imported key file"):
        signers.open_signer(tmp_path, MODE, "Made here", WORDS, policy=only)
    with pytest.raises(SignerNotAdmittedError):
        signers.new_signer(tmp_path, MODE, "Bob", WORDS, policy=only)
    signers.import_signer(tmp_path, MODE, p12(tmp_path), "from IT", WORDS, policy=only)
    assert signers.open_signer(tmp_path, MODE, "Ada", WORDS, policy=only)
    with pytest.raises(SignerNotAdmittedError):
        signers.import_signer(
            tmp_path, MODE, p12(tmp_path, "Eve"), "from IT", WORDS, policy=policy(kinds=["file"])
        )
    assert signers.find(tmp_path, MODE, "Eve") is None
    with pytest.raises(SignerNotAdmittedError):
        signers.register_token(tmp_path, MODE, tmp_path / "no.so", "Card", None, policy=only)


def test_policy_says_whose_keys_may_sign(tmp_path: Path) -> None:
    others = policy(
        only_trusted=True, people=[PersonEntry(name="Bo", fingerprint="AB" * 32, roles=["auditor"])]
    )
    made = signers.new_signer(tmp_path, MODE, "Ada", WORDS, policy=others)
    with pytest.raises(SignerNotAdmittedError):
        signers.open_signer(tmp_path, MODE, "Ada", WORDS, policy=others)
    named = policy(only_trusted=True, certificates=[made.certificate_pem.decode()])
    assert signers.open_signer(tmp_path, MODE, "Ada", WORDS, policy=named)


def test_policys_rules_for_passphrases_hold_for_signers_too(tmp_path: Path) -> None:
    strict = policy({"least_characters": 40})
    with pytest.raises(WeakPassphraseError):
        signers.new_signer(tmp_path, MODE, "Ada", WORDS, policy=strict)
    with pytest.raises(WeakPassphraseError):
        signers.import_signer(tmp_path, MODE, p12(tmp_path), "from IT", WORDS, policy=strict)
    assert signers.held(tmp_path, MODE) == []


def test_a_removed_key_is_kept_beside_and_its_name_is_free(tmp_path: Path) -> None:
    first = signers.new_signer(tmp_path, MODE, "Ada", WORDS)
    kept = signers.remove(tmp_path, MODE, "Ada")
    assert len(kept) == 2
    assert all(place.is_file() for place in kept)
    assert signers.held(tmp_path, MODE) == []
    with pytest.raises(NoSuchSignerError):
        signers.remove(tmp_path, MODE, "Ada")
    assert signers.new_signer(tmp_path, MODE, "Ada", WORDS).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    "note",
    [
        '{"name":"Ada"}',
        '{"format":"ppdesk-token-1","name":"Ada","library":"rel","token":"t","certificate":""}',
    ],
)
def test_a_spoilt_note_about_a_token_is_told(tmp_path: Path, note: str) -> None:
    signers.new_signer(tmp_path, MODE, "Ada", WORDS)
    folder = signers_folder(tmp_path, MODE)
    (key,) = folder.glob("*.key.pem")
    (folder / key.name.replace(".key.pem", ".token.json")).write_text(note)
    with pytest.raises(DamagedSignerError):
        signers.find(tmp_path, MODE, "Ada")


def test_a_spoilt_note_about_a_token_hides_nobody_else(tmp_path: Path) -> None:
    signers.new_signer(tmp_path, MODE, "Ada", WORDS)
    (signers_folder(tmp_path, MODE) / "bob-000000000000.token.json").write_text("spoilt")
    assert [one.name for one in signers.held(tmp_path, MODE)] == ["Ada"]
