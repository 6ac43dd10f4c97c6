"""The verbs for evidence on a real project: log --verify, sign, people, request, requests, approve."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli.console import Console
from ppdesk.cli.group import verbs
from ppdesk.cli.invocation import Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.identity.certificates import fingerprint
from ppdesk.policy.place import Place
from ppdesk.store.project import ProjectFile

POLICY = 'format = "ppdesk-policy-1"\ntitle = "A clinic"\n[approvals]\nsteps = ["standard"]\n'
OPENS = {"PPDESK_PASSPHRASE": "correct horse battery"}
SIGNS = {**OPENS, "PPDESK_SIGNER_PASSPHRASE": "staple of another kind"}


class Desk:
    """A project, and people who each have a data folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.project = folder, folder / "p.ppdesk"
        self.environment: dict[str, str] = {}
        self.said = ""
        self.exit = 0

    def call(self, *line: str, who: str = "Ada", given: dict[str, str] = SIGNS) -> dict[str, Any]:
        """Run a verb; its JSON. A CodedError comes as it is."""
        out, err = io.StringIO(), io.StringIO()
        invocation = Invocation(
            console=Console(json=True, out=out, err=err),
            home=self.folder / who,
            passphrases=Passphrases(dict(given)),
            window=lambda _arguments: 0,
            environment=self.environment,
            policy_place=Place(self.folder / "no policy", None),
        )
        try:
            with verbs().make_context("ppdesk", [*line, "--project", str(self.project)], obj=invocation) as c:
                self.exit = int(verbs().invoke(c) or Exit.OK)
        finally:
            self.said = err.getvalue()
        told: dict[str, Any] = json.loads(out.getvalue())
        return told

    def work(self, *line: str, who: str = "Ada", **more: Any) -> dict[str, Any]:
        return self.call(*line, "--signer", who, "--test-mode", "1", who=who, **more)

    def kinds(self) -> list[str]:
        return [event["kind"] for event in self.call("log")["events"]]

    def begin(self, **more: Any) -> None:
        """A first step on a new project."""
        self.call("new", "--test-mode", "1")
        self.work("objective", "--project-name", "x", "--purpose", "care of the sick", **more)

    def certificate(self, who: str) -> Path:
        (found,) = (self.folder / who / "test-signers").glob("*.certificate.pem")
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_step_signs_when_the_passphrase_is_there(desk: Desk) -> None:
    desk.begin()
    assert desk.kinds() == ["objective", "person", "signature"]
    found = desk.call("log", "--verify")
    assert (found["holds"], found["signed_up_to"], desk.exit) == (True, 2, 0)
    assert found["heads"][0]["standing"] == "own"
    told = desk.call("log", "3")
    assert told["event"]["params"]["why"] == "close"


def test_a_step_without_one_says_what_is_not_signed_and_sign_does_it(desk: Desk) -> None:
    desk.begin(given=OPENS)
    assert "Event 1 is not yet signed. `ppdesk sign` signs it." in desk.said
    assert desk.call("info")["project"]["unsigned"] == "Event 1 is not yet signed"
    assert "Nobody has signed it yet" in desk.call("log", "--verify")["words"]
    assert desk.work("sign")["signed_up_to"] == 2
    assert desk.kinds() == ["objective", "person", "signature"]
    assert desk.call("info")["project"]["unsigned"] == ""


def test_a_wrong_passphrase_leaves_the_work_unsigned_and_says_so(desk: Desk) -> None:
    desk.begin()
    desk.work(
        "objective",
        "--project-name",
        "x",
        "--purpose",
        "y",
        given={**SIGNS, "PPDESK_SIGNER_PASSPHRASE": "no"},
    )
    assert "Nothing is signed" in desk.said
    assert desk.kinds()[-1] == "objective"


def test_a_history_that_does_not_hold_is_shown_with_its_exit(desk: Desk) -> None:
    desk.begin()
    with (
        ProjectFile.open(desk.project, OPENS["PPDESK_PASSPHRASE"]) as project,
        project._engine.begin() as connection,
    ):
        raw: Any = connection.connection.driver_connection
        for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE event SET content = replace(content, 'analyst', 'auditor') WHERE seq = 2")
    found = desk.call("log", "--verify")
    assert (desk.exit, found["holds"], found["broken_at"]) == (4, False, 2)
    assert found["words"].startswith("The history of p.ppdesk breaks at event 2.")


def test_two_people_and_one_step(desk: Desk) -> None:
    desk.begin()
    policy = desk.folder / "policy.toml"
    policy.write_text(POLICY)
    desk.environment = {"PPDESK_POLICY": str(policy)}
    params = desk.folder / "standard.toml"
    params.write_text('preset = "gdpr"\n')

    told = desk.work("standard", "--dry-run")
    assert desk.exit == 3
    assert "Needs the approval" in told["findings"][-1]["title"]
    with pytest.raises(CodedError, match="needs the approval"):
        desk.work("standard")

    asked = desk.work("request", "standard", "--params", str(params))["event"]
    with pytest.raises(CodedError) as refusal:
        desk.work("approve", str(asked), who="Bea")  # makes her key, and has no role yet
    assert refusal.value.exit_code == 3
    pem = desk.certificate("Bea")
    line = ("people", "add", "--certificate", str(pem), "--role", "reviewer", "--fingerprint")
    desk.work(*line, fingerprint(pem.read_bytes()))
    people = desk.call("people", "list")["people"]
    assert [(one["name"], one["role"]) for one in people] == [("Ada", "analyst"), ("Bea", "reviewer")]

    desk.work("approve", str(asked), "--comment", "Looks right.", who="Bea")
    (request,) = desk.call("requests", str(asked))["requests"]
    assert (request["state"], request["answer"]["comment"]) == ("approved", "Looks right.")
    assert request["values"]["preset"] == "gdpr"
    assert desk.work("standard", "--dry-run")["findings"][-1]["title"].startswith("Approved by Bea")
    assert desk.work("standard")["event"]["outcome"] == "ok"
    assert desk.call("requests")["requests"][0]["state"] == "used"
    desk.work("people", "remove", "--fingerprint", fingerprint(pem.read_bytes()))
    assert len(desk.call("people", "list")["people"]) == 1


def test_a_recipe_stops_where_a_second_person_is_needed_and_goes_on_from_there(desk: Desk) -> None:
    policy = desk.folder / "policy.toml"
    policy.write_text(POLICY)
    desk.environment = {"PPDESK_POLICY": str(policy)}
    recipe = desk.folder / "recipe.toml"
    recipe.write_text(
        'title = "Two steps"\n[[steps]]\nstep = "objective"\nproject = "x"\npurpose = "care"\n'
        '[[steps]]\nstep = "standard"\npreset = "gdpr"\n'
    )
    with pytest.raises(CodedError, match="needs the approval"):
        desk.work("run", str(recipe))
    assert "[2/2] standard: stopped here. `ppdesk run` with --from 2 goes on with it." in desk.said
    asked = desk.work("request", "standard", "--recipe", str(recipe))["event"]
    with pytest.raises(CodedError):
        desk.work("approve", str(asked), who="Bea")
    pem = desk.certificate("Bea")
    line = ("people", "add", "--certificate", str(pem), "--role", "reviewer", "--fingerprint")
    desk.work(*line, fingerprint(pem.read_bytes()))
    desk.work("approve", str(asked), who="Bea")
    told = desk.work("run", str(recipe), "--from", "2")
    assert [step["step"] for step in told["steps"]] == ["standard"]
    with pytest.raises(CodedError, match="none of number 3"):
        desk.work("run", str(recipe), "--from", "3")
