"""`ppdesk policy`, and what the other verbs do under a policy, or under one that cannot be used."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ppdesk.cli import main as frame
from ppdesk.cli.console import Console
from ppdesk.cli.invocation import Invocation
from ppdesk.cli.passphrases import Passphrases
from ppdesk.core.exits import Exit
from ppdesk.policy.place import Place

GOOD = """format = "ppdesk-policy-1"
title = "North"
contact = "desk 4711"
[limits.k_min]
value = 11
basis = "own"
sources = [{ title = "Board", says = "So." }]
[limits.risk_max]
value = 0.5
basis = "own"
sources = [{ title = "Board", says = "So." }]
[passphrases]
least_characters = 10
"""
BAD = 'title = "North"\ncontact = "desk 4711"\nsurprise = 1\n'
GOOD_WORDS = "correct horse battery"
LOOKS = ("log", "budget", "check", "info")


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Machine:
    """A computer with a folder for its policy, and a person at its command line."""

    folder: Path

    @property
    def policy(self) -> Path:
        return self.folder / "policy.toml"

    @property
    def project(self) -> Path:
        return self.folder / "cohort.ppdesk"

    def call(self, *arguments: str, passphrase: str = GOOD_WORDS, **environment: str) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        invocation = Invocation(
            console=Console(json="--json" in arguments, out=out, err=err),
            home=self.folder / "home",
            passphrases=Passphrases({"PPDESK_PASSPHRASE": passphrase}),
            window=lambda _arguments: 0,
            environment=environment,
            policy_place=Place(self.policy, owner=None),
        )
        code = frame._answered(arguments, invocation)
        return Answer(code, out.getvalue(), err.getvalue())

    def new(self, **more: str) -> Answer:
        return self.call("new", "--project", str(self.project), "--test-mode", "1", **more)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def values(answer: Answer) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in answer.json["values"]}


def test_show_without_a_policy_tells_what_is_built_in(machine: Machine) -> None:
    answer = machine.call("policy", "show", "--json")
    assert answer.code == Exit.OK
    assert answer.json["policy"]["sha256"] == ""
    assert {one["from"] for one in values(answer).values()} == {"built in"}
    assert "No policy is set." in machine.call("policy", "show").out


def test_show_tells_each_value_and_where_it_comes_from(machine: Machine) -> None:
    machine.policy.write_text(GOOD)
    found = values(machine.call("policy", "show", "--json"))
    assert (found["limits.k_min"]["holds"], found["limits.k_min"]["from"]) == (11, "policy")
    assert found["passphrases.least_characters"]["holds"] == 10
    assert found["passphrases.keyring"]["from"] == "built in"
    words = machine.call("policy", "show").out
    assert all(piece in words for piece in ("North", str(machine.policy), "desk 4711", "SHA-256"))


def test_show_with_a_project_tells_what_is_stricter(machine: Machine) -> None:
    assert machine.new().code == Exit.OK
    assert machine.call("standard", "--project", str(machine.project), "--test-mode", "1").code == Exit.OK
    machine.policy.write_text(GOOD)
    found = values(machine.call("policy", "show", "--project", str(machine.project), "--json"))
    k, risk, epsilon = (found[f"limits.{name}"] for name in ("k_min", "risk_max", "epsilon_max"))
    assert (k["holds"], k["from"], k["standard"], k["stricter"]) == (11, "policy", 5, True)
    assert (risk["holds"], risk["from"], risk["policy"], risk["stricter"]) == (0.2, "standard", 0.5, False)
    assert (epsilon["holds"], epsilon["from"], epsilon["policy"]) == (3, "standard", None)


def test_show_says_whether_the_variable_counts(machine: Machine, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(GOOD.replace("North", "Own"))
    answer = machine.call("policy", "show", PPDESK_POLICY=str(own))
    assert "Own" in answer.out
    assert "no policy of its own" in answer.out
    machine.policy.write_text(GOOD)
    answer = machine.call("policy", "show", PPDESK_POLICY=str(own))
    assert "North" in answer.out
    assert "not read" in answer.out


@pytest.mark.parametrize("text", [BAD, ""], ids=["mistakes", "empty"])
def test_a_policy_that_cannot_be_used_stops_work_before_anything_is_made(machine: Machine, text: str) -> None:
    machine.policy.write_text(text)
    answer = machine.new()
    assert answer.code == Exit.REFUSED
    assert "PP-POLICY-004" in answer.err
    assert str(machine.policy) in answer.err
    assert not machine.project.exists()
    assert ("desk 4711" in answer.err) == bool(text)


def test_every_verb_that_works_on_a_project_is_stopped(machine: Machine, tmp_path: Path) -> None:
    machine.new()
    machine.policy.write_text(BAD)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('title = "Two"\n[[steps]]\nstep = "standard"\n')
    project = ("--project", str(machine.project))
    for arguments in (
        ("run", str(recipe), *project, "--test-mode", "1"),
        ("standard", *project, "--test-mode", "1"),
        ("standard", *project, "--dry-run"),
        ("objective", *project, "--project-name", "A", "--purpose", "B", "--test-mode", "1"),
        ("log", *project, "--despite-rollback"),
        ("check", *project, "--despite-rollback"),
        ("compact", *project, "--test-mode", "1"),
        ("repair", str(machine.project), "--to", str(tmp_path / "new.ppdesk"), "--test-mode", "1"),
        ("sign", *project, "--test-mode", "1"),
        ("approve", "1", *project, "--test-mode", "1"),
        ("request", "export", *project, "--test-mode", "1"),
        ("people", "remove", "--fingerprint", "AB", *project, "--test-mode", "1"),
        ("passphrase", *project, "--test-mode", "1"),
        ("passphrase", "--remember", *project),
        ("recover", *project, "--escrow", str(recipe), "--key", str(recipe), "--test-mode", "1"),
        ("verify", str(recipe), *project, "--test-mode", "1"),
    ):
        answer = machine.call(*arguments)
        assert (answer.code, "PP-POLICY-004" in answer.err) == (Exit.REFUSED, True), arguments


def test_looking_goes_on_with_a_remark(machine: Machine) -> None:
    machine.new()
    machine.policy.write_text(BAD)
    for verb in LOOKS:
        answer = machine.call(verb, "--project", str(machine.project))
        assert (answer.code, "PP-POLICY-004" in answer.err) == (Exit.OK, True), verb
    answer = machine.call("trust", "list")
    assert (answer.code, "PP-POLICY-004" in answer.err) == (Exit.OK, True)
    assert machine.call("--help").code == Exit.OK
    assert machine.call("--version").code == Exit.OK


def test_a_report_is_verified_without_a_project(machine: Machine, tmp_path: Path) -> None:
    machine.policy.write_text(BAD)
    file = tmp_path / "no.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    answer = machine.call("verify", str(file))
    assert answer.code != Exit.REFUSED
    assert "What is shown is without it" in answer.err


def test_show_and_info_say_what_is_wrong(machine: Machine) -> None:
    machine.policy.write_text(BAD)
    answer = machine.call("policy", "show", "--json")
    assert answer.code == Exit.REFUSED
    assert answer.json["error"]["code"] == "PP-POLICY-004"
    assert "surprise" in answer.json["error"]["message"]
    assert machine.call("info", "--json").json["policy"]["error"]["code"] == "PP-POLICY-004"
    assert machine.call("info").code == Exit.OK


def test_check_names_everything_that_is_wrong(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(GOOD)
    assert machine.call("policy", "check", str(file)).code == Exit.OK
    file.write_text(BAD + "[passphrases]\nleast_score = 9")
    answer = machine.call("policy", "check", str(file), "--json")
    assert answer.code == Exit.BAD_INPUT
    assert [one.split(":")[0] for one in answer.json["problems"]] == [
        "format",
        "passphrases.least_score",
        "surprise",
    ]
    assert machine.call("policy", "check", str(tmp_path / "none.toml")).code == Exit.BAD_INPUT


def test_check_works_where_the_machines_own_policy_cannot_be_used(machine: Machine, tmp_path: Path) -> None:
    machine.policy.write_text(BAD)
    file = tmp_path / "new.toml"
    file.write_text(GOOD)
    assert machine.call("policy", "check", str(file)).code == Exit.OK


def test_a_new_project_needs_the_passphrase_that_the_policy_asks_for(machine: Machine) -> None:
    machine.policy.write_text(GOOD)
    answer = machine.new(passphrase="k3#Vq9!")
    assert answer.code == Exit.REFUSED
    assert "fewer than 10 characters" in answer.err
    assert not machine.project.exists()
    assert machine.new().code == Exit.OK


def test_without_a_policy_a_weak_passphrase_is_only_remarked_upon(machine: Machine) -> None:
    answer = machine.new(passphrase="password")
    assert answer.code == Exit.OK
    assert "guess" in answer.err
    assert "password" not in answer.err.replace("passphrase", "").replace("common password", "")


def test_a_project_is_made_and_worked_on_under_the_policy(machine: Machine) -> None:
    machine.policy.write_text(GOOD)
    machine.new()
    log = machine.call("log", "--project", str(machine.project), "--json").json
    assert [one["kind"] for one in log["events"]] == ["policy"]
    answer = machine.call("standard", "--project", str(machine.project), "--test-mode", "1")
    assert answer.code == Exit.REFUSED
    assert "at least 11" in answer.err
    strict = ("standard", "--k-min", "11", "--project", str(machine.project), "--test-mode", "1")
    assert machine.call(*strict).code == Exit.OK
