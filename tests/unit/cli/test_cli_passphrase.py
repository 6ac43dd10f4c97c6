"""`ppdesk passphrase`, `escrow keygen` and `recover`; the keyring knows a project by its salt."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli.main import run
from ppdesk.identity.keychain import Keychain

Call = Callable[..., tuple[int, Any]]
TEST = ("--test-mode", "1")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the keyring keeps."""
    found: dict[str, str] = {}
    monkeypatch.setattr(Keychain, "remember", lambda _, name, word: bool(found.update({name: word})) or True)
    monkeypatch.setattr(Keychain, "recall", lambda _, name: found.get(name))
    monkeypatch.setattr(Keychain, "forget", lambda _, name: found.pop(name, None) is not None)
    return found


@pytest.fixture
def call(
    kept: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Runs a line with --json: (exit code, the object)."""
    monkeypatch.setenv("PPDESK_HOME", str(tmp_path / "home"))

    def called(*line: str | Path, **environment: str) -> tuple[int, Any]:
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            code = run([*map(str, line), "--json"], window=lambda _: 0)
        return code, json.loads(capsys.readouterr().out)

    return called


@pytest.fixture
def project(call: Call, tmp_path: Path) -> Path:
    path = tmp_path / "p.ppdesk"
    assert call("new", "--project", path, *TEST, PPDESK_PASSPHRASE="the first of them")[0] == 0
    return path


def test_the_new_passphrase_opens_it_and_the_change_is_on_record(call: Call, project: Path) -> None:
    line = ("passphrase", "--project", project, *TEST)
    old, new = {"PPDESK_PASSPHRASE": "the first of them"}, {"PPDESK_PASSPHRASE": "the second of them"}
    code, refused = call(*line, **{**new, "PPDESK_NEW_PASSPHRASE": "x"})
    assert (code, refused["error"]["exit"]) == (5, 5)
    code, done = call(*line, **old, PPDESK_NEW_PASSPHRASE="the second of them")
    assert (code, done["changed"]) == (0, True)
    assert call("log", "--project", project, **old)[0] == 5
    events = call("log", "--project", project, **new)[1]["events"]
    assert events[-1]["kind"] == "passphrase"
    assert "second" not in json.dumps(events)


def test_the_keyring_finds_a_project_that_was_moved_and_follows_a_change(
    call: Call, project: Path, kept: dict[str, str], tmp_path: Path
) -> None:
    line, old = ("passphrase", "--project", project), {"PPDESK_PASSPHRASE": "the first of them"}
    assert call(*line, "--remember", PPDESK_PASSPHRASE="wrong")[0] == 5
    assert kept == {}
    assert call(*line, "--remember", **old) == (0, {"kept": True})
    assert list(kept.values()) == ["the first of them"]
    moved = tmp_path / "moved.ppdesk"
    shutil.copy(project, moved)
    assert call("log", "--project", moved)[0] == 0
    assert call(*line, *TEST, PPDESK_NEW_PASSPHRASE="the second of them")[0] == 0
    assert list(kept.values()) == ["the second of them"]
    assert call("log", "--project", project)[0] == 0
    assert call(*line, "--forget") == (0, {"kept": False, "removed": True})
    assert call("log", "--project", project)[0] == 2


def test_options_that_exclude_each_other_are_refused(call: Call, project: Path) -> None:
    assert call("passphrase", "--project", project, "--remember", "--forget")[0] == 2


def test_policy_keeps_passphrases_out_of_the_keyring_and_asks_for_strong_ones(
    call: Call, project: Path, kept: dict[str, str], tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'format = "ppdesk-policy-1"\ntitle = "IT"\n[passphrases]\nkeyring = false\nleast_characters = 12\n'
    )
    given = {"PPDESK_POLICY": str(policy), "PPDESK_PASSPHRASE": "the first of them"}
    line = ("passphrase", "--project", project)
    code, refused = call(*line, "--remember", **given)
    assert (code, refused["error"]["code"], kept) == (3, "PP-CLI-020", {})
    assert call(*line, *TEST, **given, PPDESK_NEW_PASSPHRASE="short")[0] == 3
    call(*line, "--remember", PPDESK_PASSPHRASE="the first of them")
    assert call("log", "--project", project, PPDESK_POLICY=str(policy))[0] == 2


def test_it_makes_a_key_and_gets_into_a_project_whose_passphrase_is_lost(call: Call, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    safe.mkdir()
    given = {"PPDESK_ESCROW_PASSPHRASE": "four words for a safe"}
    code, made = call("escrow", "keygen", "--out", safe, **given)
    assert code == 0
    assert call("escrow", "keygen", "--out", safe, **given)[0] == 7
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'format = "ppdesk-policy-1"\ntitle = "IT"\n[escrow]\n'
        f"folder = {json.dumps(str(safe))}\npublic_key = {json.dumps(made['pem'])}\n"
    )
    path, rules = tmp_path / "p.ppdesk", {"PPDESK_POLICY": str(policy)}
    assert call("new", "--project", path, *TEST, **rules, PPDESK_PASSPHRASE="soon forgotten")[0] == 0
    (sealed,) = safe.glob("*.escrow.json")
    line = ("recover", "--project", path, "--escrow", sealed, "--key", made["private_key"], *TEST)
    new = {**rules, "PPDESK_NEW_PASSPHRASE": "never forgotten again"}
    assert call(*line, **new, PPDESK_ESCROW_PASSPHRASE="wrong")[0] == 5
    code, done = call(*line, **new, **given)
    assert (code, done["recipient"]) == (0, made["recipient"])
    events = call("log", "--project", path, PPDESK_PASSPHRASE="never forgotten again")[1]["events"]
    assert [event["kind"] for event in events][-3:] == ["recover", "passphrase", "escrow"]
    code, refused = call(*line, **new, **given)
    assert (code, refused["error"]["code"]) == (4, "PP-IDENTITY-040")
