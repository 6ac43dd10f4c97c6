"""The words of verbs that people read first: the list of verbs, `info`, `trust`, `policy check`."""

import io
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli import main as frame
from ppdesk.cli.console import Console
from ppdesk.cli.group import BESIDE, GROUPS, PROJECT_VERBS, verbs
from ppdesk.cli.invocation import Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.cli.verbs.info import _about
from ppdesk.core.exits import Exit
from ppdesk.policy.place import Place

NAMED = 'format = "ppdesk-policy-1"\ntitle = "North"\n[signers]\nonly_trusted = true\n'
ADA = f'[[signers.people]]\nname = "Ada"\nfingerprint = "{"AB" * 32}"\nroles = ["analyst"]\n'
ALL = {"PPDESK_PASSPHRASE": "correct horse battery", "PPDESK_SIGNER_PASSPHRASE": "staple of another kind"}
TOLD: dict[str, Any] = {
    "path": "/tmp/study.ppdesk",  # noqa: S108  a name, no file
    "project_id": "c87a",
    "created": "2026-01-01T00:00:00.000Z",
    "read_only": True,
    "schema_version": "1",
    "head_seq": 3,
    "head_hash": "ab" * 32,
    "events": 3,
    "stamp": "",
    "standing": "As last seen here",
    "unsigned": "",
    "why_read_only": "",
}


class Desk:
    """A person at a command line, with a folder for everything."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.policy, self.given = folder, folder / "policy.toml", dict(ALL)

    def call(self, *line: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        invocation = Invocation(
            console=Console(json=False, out=out, err=err),
            home=self.folder / "home",
            passphrases=Passphrases(dict(self.given)),
            window=lambda _arguments: 0,
            environment={},
            policy_place=Place(self.policy, owner=None),
        )
        return frame._answered(line, invocation), out.getvalue(), err.getvalue()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_list_of_verbs_has_each_under_one_heading(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.call("--help")[0] == Exit.OK
    shown = capsys.readouterr().out
    places = [shown.index(f"\n{heading}:\n") for heading in (*GROUPS, "1 Objectives", "7 Reporting")]
    assert places == sorted(places)
    assert sum(len(group) for group in (*GROUPS.values(), *BESIDE.values())) == len(PROJECT_VERBS)
    data = shown[shown.index("\n2 Data:\n") : shown.index("\n3 Model:\n")]
    assert [name for name in ("import", "detect", "propose", "look") if f"\n  {name} " not in data] == []
    for name in PROJECT_VERBS:
        assert shown.count(f"\n  {name} ") == 1
    made: Any = verbs()
    assert [name for name in made.list_commands(None) if name in PROJECT_VERBS] == list(PROJECT_VERBS)


def test_info_tells_a_project_in_words() -> None:
    assert _about(TOLD) == [
        "Project file: /tmp/study.ppdesk",
        "Project: c87a",
        "Created: 2026-01-01T00:00:00.000Z",
        "Events: 3",
        f"Head of the history: {'ab' * 32} (event 3)",
        "Standing: As last seen here",
    ]


def test_info_tells_an_auditors_copy_in_words() -> None:
    copy = {"copy": "Auditor's copy", "copy_made": "today", "copy_redacted": [], "copy_withheld": 5}
    assert _about({**TOLD, **copy})[-4:] == [
        "Copy: Auditor's copy",
        "Copy made: today",
        "Withheld: 5 parts of artifacts",
        "Closed fields: none",
    ]
    closed = {**copy, "copy_redacted": ["1:params.people", "3:sources.table"]}
    assert _about({**TOLD, **closed})[-1] == "Closed fields: 1:params.people, 3:sources.table"


def test_policy_check_counts_in_words(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    file.write_text('format = "ppdesk-policy-1"\ntitle = "North"\nsurprise = 1\n')
    code, shown, _ = desk.call("policy", "check", str(file))
    assert code == Exit.BAD_INPUT
    assert shown.splitlines()[-1] == "draft.toml cannot be used. One thing to mend."
    file.write_text('format = "ppdesk-policy-1"\ntitle = "North"\nsurprise = 1\nmore = 2\n')
    assert desk.call("policy", "check", str(file))[1].endswith(
        "draft.toml cannot be used. 2 things to mend.\n"
    )


def test_a_missing_passphrase_is_said_with_where_it_is_looked_for(desk: Desk, tmp_path: Path) -> None:
    desk.given = {}
    code, _, said = desk.call("new", "--project", str(tmp_path / "p.ppdesk"))
    assert code == Exit.USAGE
    assert "The project's passphrase is needed: no file names it, PPDESK_PASSPHRASE is not set" in said


def test_an_empty_trust_list_has_no_head(desk: Desk) -> None:
    assert desk.call("trust", "list", "--test-mode", "1") == (Exit.OK, "You trust nobody yet.\n", "")


def test_a_certificates_signer_is_told_in_words(desk: Desk, tmp_path: Path) -> None:
    test = ("--test-mode", "1")
    assert desk.call("signer", "new", "--signer", "Ada", *test)[0] == Exit.OK
    pem = str(tmp_path / "ada.pem")
    assert desk.call("signer", "export", "--signer", "Ada", "--certificate", pem, *test)[0] == Exit.OK
    _, shown, _ = desk.call("trust", "show", "--certificate", pem, *test)
    first, fingerprint, _ = shown.split("\n", 2)
    assert first == "Ada: not on your list"
    _, _, said = desk.call("trust", "add", "--certificate", pem, *test)
    assert "Ada: not on your list" in said
    assert desk.call("trust", "add", "--certificate", pem, "--fingerprint", fingerprint, *test)[0] == Exit.OK
    assert desk.call("trust", "show", "--certificate", pem, *test)[1].startswith(
        "Ada: on your list, trusted\n"
    )
    assert "Head of the list: entry 1, " in desk.call("trust", "list", *test)[1]
    assert desk.call("trust", "remove", "--fingerprint", fingerprint, *test)[0] == Exit.OK
    _, shown, _ = desk.call("trust", "show", "--certificate", pem, *test)
    assert shown.startswith("Ada: you withdrew your trust\n")


def test_no_key_is_made_by_the_way_where_only_named_keys_work(desk: Desk, tmp_path: Path) -> None:
    project = ("--project", str(tmp_path / "p.ppdesk"), "--test-mode", "1")
    assert desk.call("new", *project)[0] == Exit.OK
    desk.policy.write_text(NAMED + ADA)
    code, _, said = desk.call("sign", "--signer", "Ben", *project)
    assert code == Exit.REFUSED
    assert said.startswith("PP-CLI-025: Ben has no signing key here")
    assert not list(tmp_path.glob("home/*signers/*.pem"))
    assert desk.call("signer", "new", "--signer", "Ben", "--test-mode", "1")[0] == Exit.OK
    assert "PP-CLI-025" not in desk.call("sign", "--signer", "Ben", *project)[2]


def test_recover_takes_no_passphrase_that_it_would_not_use(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.call("recover", "--help")[0] == Exit.OK
    shown = capsys.readouterr().out
    assert "--signer NAME" in shown
    assert "--signer-passphrase-file" not in shown
