"""`ppdesk signer`: make, show, hand out and remove signing keys."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from ppdesk.cli.main import run
from ppdesk.identity.keychain import Keychain

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a line with --json: (exit code, the object)."""
    monkeypatch.setattr(Keychain, "recall", lambda *_: None)
    monkeypatch.setattr(Keychain, "forget", lambda *_: False)

    def called(*line: str | Path, **environment: str) -> tuple[int, Any]:
        monkeypatch.setenv("PPDESK_HOME", str(tmp_path / "home"))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = run([*map(str, line), "--json"], window=lambda _: 0)
        return code, json.loads(capsys.readouterr().out)

    return called


def test_a_key_is_made_shown_exported_and_removed(call: Call, tmp_path: Path) -> None:
    ada = ("--signer", "Ada")
    code, made = call("signer", "new", *ada, PPDESK_SIGNER_PASSPHRASE="staple of another kind")
    assert code == 0
    assert (made["name"], made["kind"], made["issuer"]) == ("Ada", "file", "itself")
    assert made["algorithm"] == "ecdsa-with-SHA256"
    assert call("signer", "list")[1]["signers"][0]["fingerprint"] == made["fingerprint"]
    assert call("signer", "show", *ada)[1]["valid_until"] == made["valid_until"]

    pem = tmp_path / "ada.pem"
    assert call("signer", "export", *ada, "--certificate", pem)[0] == 0
    assert x509.load_pem_x509_certificate(pem.read_bytes())
    assert b"PRIVATE" not in pem.read_bytes()
    code, refused = call("signer", "export", *ada, "--certificate", pem)
    assert (code, refused["error"]["code"]) == (7, "PP-CLI-023")

    assert call("signer", "new", *ada, PPDESK_SIGNER_PASSPHRASE="staple of another kind")[0] == 3
    assert len(call("signer", "remove", *ada)[1]["kept"]) == 2
    assert call("signer", "show", *ada)[0] == 6


def test_what_is_no_key_file_is_refused_before_a_passphrase_is_kept(call: Call, tmp_path: Path) -> None:
    (tmp_path / "x.p12").write_bytes(b"no key file")
    given = {"PPDESK_FILE_PASSPHRASE": "from IT", "PPDESK_SIGNER_PASSPHRASE": "staple of another kind"}
    code, refused = call("signer", "import", tmp_path / "x.p12", **given)
    assert (code, refused["error"]["code"]) == (6, "PP-IDENTITY-014")
    assert call("signer", "list")[1]["signers"] == []


def test_a_library_that_is_none_is_refused(call: Call, tmp_path: Path) -> None:
    code, refused = call("signer", "token", "--library", tmp_path / "no.so", "--token", "Card")
    assert (code, refused["error"]["code"]) == (6, "PP-IDENTITY-018")
