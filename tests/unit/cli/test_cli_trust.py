"""`ppdesk trust`: nobody is trusted before a fingerprint was compared."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli.main import run
from ppdesk.core.mode import Mode
from ppdesk.workbench.keys.signers import new_signer

Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a line with --json: (exit code, the object)."""
    monkeypatch.setenv("PPDESK_HOME", str(tmp_path / "home"))

    def called(*line: str | Path) -> tuple[int, Any]:
        code = run([*map(str, line), "--json"], window=lambda _: 0)
        return code, json.loads(capsys.readouterr().out)

    return called


def test_a_signer_is_met_compared_trusted_and_withdrawn(call: Call, tmp_path: Path) -> None:
    made = new_signer(tmp_path / "elsewhere", Mode(), "Ada", "staple of another kind")
    pem = tmp_path / "ada.pem"
    pem.write_bytes(made.certificate_pem)
    assert call("trust", "list")[1]["trusted"] == []
    met = call("trust", "show", "--certificate", pem)[1]
    assert (met["standing"], met["fingerprint"]) == ("unknown", made.fingerprint)
    assert "another channel" in met["sentence"]

    assert call("trust", "add", "--certificate", pem)[0] == 2
    other = new_signer(tmp_path / "elsewhere", Mode(), "Eve", "staple of another kind")
    code, refused = call("trust", "add", "--certificate", pem, "--fingerprint", other.fingerprint)
    assert (code, refused["error"]["code"]) == (3, "PP-IDENTITY-031")
    assert call("trust", "list")[1]["trusted"] == []

    told = made.fingerprint.lower().replace(" ", ":")
    code, added = call("trust", "add", "--certificate", pem, "--fingerprint", told)
    assert (code, added["name"], added["head"]["entries"]) == (0, "Ada", 1)
    listed = call("trust", "list")[1]
    assert [one["fingerprint"] for one in listed["trusted"]] == [made.fingerprint]
    assert listed["head"] == added["head"]

    assert call("trust", "remove", "--fingerprint", told)[1]["head"]["entries"] == 2
    assert call("trust", "show", "--certificate", pem)[1]["standing"] == "withdrawn"
    assert call("trust", "remove", "--fingerprint", told)[0] == 6


@pytest.mark.parametrize("options", [(), ("--certificate", "a", "--from", "b")])
def test_one_source_is_named(call: Call, options: tuple[str, ...]) -> None:
    assert call("trust", "show", *options)[0] == 2


def test_what_is_no_certificate_or_report_is_refused(call: Call, tmp_path: Path) -> None:
    place = tmp_path / "x"
    place.write_bytes(b"neither")
    assert call("trust", "show", "--certificate", place)[0] == 6
    assert call("trust", "show", "--from", place)[0] != 0
    assert call("trust", "show", "--certificate", tmp_path / "absent")[1]["error"]["code"] == "PP-CLI-022"


def test_who_endorsed_a_report_is_trusted_from_it(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ppdesk.report import verification
    from ppdesk.report.verdict import Verdict

    ada, bea = (
        new_signer(tmp_path / "keys", Mode(), name, "staple of another kind") for name in ("Ada", "Bea")
    )
    evidence = {"endorsements": [{"certificate": bea.certificate_pem.decode()}]}
    read = Verdict((), "", evidence=evidence, certificate_pem=ada.certificate_pem)
    monkeypatch.setattr(verification, "verify_pdf", lambda *_: read)
    report = tmp_path / "r.pdf"
    report.write_bytes(b"%PDF-")
    assert call("trust", "show", "--from", report)[1]["name"] == "Ada"
    for one, name in ((bea, "Bea"), (ada, "Ada")):
        added = call("trust", "add", "--from", report, "--fingerprint", one.fingerprint)[1]
        assert added["name"] == name
    assert call("trust", "add", "--from", report, "--fingerprint", "AB12")[0] != 0


def test_a_timestamp_key_is_written_out_and_a_missing_one_named(call: Call, tmp_path: Path) -> None:
    from ppdesk.identity.certificates import fingerprint
    from ppdesk.workbench.keys.timestampers import new

    made = new(tmp_path / "home", Mode(), "House", "staple of another kind")
    told = call("timestamper", "export", "House", "--certificate", tmp_path / "house.pem")[1]
    assert fingerprint((tmp_path / "house.pem").read_bytes()) == told["fingerprint"] == made.fingerprint
    code, refused = call("timestamper", "export", "Nobody", "--certificate", tmp_path / "x.pem")
    assert (code, refused["error"]["code"]) == (6, "PP-WORKBENCH-066")
