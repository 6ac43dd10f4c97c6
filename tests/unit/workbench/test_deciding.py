"""Why a choice was made: recorded beside the run, signed where somebody signs, wanted where a rule asks."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ppdesk.core.mode import Mode
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.policy.rules import MachinePolicy
from ppdesk.workbench.comparing import compare
from ppdesk.workbench.errors import NoOtherRunError, NoSuchEventError, ReadOnlySessionError
from ppdesk.workbench.evidence.deciding import OFF, WANTED, decisions, off, wanted
from ppdesk.workbench.evidence.errors import (
    DecisionWordsError,
    NothingToExplainError,
    ReasonMissingError,
    StepOffError,
)
from ppdesk.workbench.session import Session
from ppdesk.workflow.reporting import noted

OBJECTIVE = {"project": "Incomes", "population": "adults", "purpose": "Study of income"}


def _session(folder: Path, policy: Policy = NO_POLICY, **more: object) -> Session:
    path = folder / "p.ppdesk"
    make = Session.open if path.exists() else Session.create
    made: Session = make(  # type: ignore[operator]  # one of two with the same arguments
        path, "correct horse", mode=Mode(1), home=folder / "home", actor="Ada", policy=policy, **more
    )
    return made


def _policy(**steps: list[str]) -> Policy:
    rules = MachinePolicy.model_validate(
        {"format": "ppdesk-policy-1", "title": "House", "steps": steps},
        context={"steps": ["standard", "export", "report", "objective"]},
    )
    return Policy(rules, "here", "0" * 64, "environment")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two runs of Standard, made once: each test has a copy."""
    made = tmp_path_factory.mktemp("ran")
    with _session(made) as session:
        session.run("standard", {})
        session.run("standard", {"k_min": 9})
    return made


@pytest.fixture
def folder(ran: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ran, tmp_path / "copy"))


def test_words_become_evidence_that_names_the_run_and_its_hash(folder: Path) -> None:
    with _session(folder) as session:
        run = session.events()[-1]
        event = session.decide("standard", "  A small town.  ")
        assert (event.kind, event.outcome, event.actor) == ("decision", "noted", "Ada")
        assert event.plain["event"] == run.seq
        assert event.plain["event_hash"] == run.hash
        assert "A small town" not in str(dict(event.plain))
        (found,) = session.reasons().given
        assert (found.why, found.by, found.signed, found.doubt) == ("A small town.", "Ada", "", "")
        said = noted.words(event.kind, event.params)
        assert said == f"Why standard, event {run.seq}: A small town."
        assert not session.integrity()


def test_an_earlier_run_can_be_explained_too_and_no_other_event(folder: Path) -> None:
    with _session(folder) as session:
        first = next(event.seq for event in session.events() if event.kind == "standard")
        assert session.decide("standard", "The preset.", first).plain["event"] == first
        with pytest.raises(NoSuchEventError):
            session.decide("standard", "x", 99)
        with pytest.raises(NothingToExplainError):
            session.decide("import", "x")
        for wrong in ("", "  \n", "x" * 4001):
            with pytest.raises(DecisionWordsError):
                session.decide("standard", wrong)


def test_nothing_is_recorded_where_the_project_is_only_read(folder: Path) -> None:
    with _session(folder, read_only=True) as session, pytest.raises(ReadOnlySessionError):
        session.decide("standard", "x")


def test_what_is_sealed_waits_for_the_reasons_that_a_policy_wants(folder: Path) -> None:
    policy = _policy(reasons=["objective", "standard"])
    with _session(folder, policy) as session:
        assert session.reasons().wanted == {"objective"}  # Standard asks for a reason of its own
        session.run("objective", OBJECTIVE)
        assert list(session.reasons().missing) == ["objective"]
        values = {"to": "r.pdf"}
        assert WANTED in {one.code for one in session.check_step("report", values)}
        with pytest.raises(ReasonMissingError):
            session.run("report", values)
        session.decide("objective", "The board asked for it.")
        assert session.reasons().missing == {}
        assert WANTED not in {one.code for one in session.check_step("report", values)}


def test_a_step_that_the_policy_has_off_does_not_run(folder: Path) -> None:
    with _session(folder, _policy(off=["objective"])) as session:
        assert session.reasons().off == {"objective": "policy"}
        assert OFF in {one.code for one in session.check_step("objective", OBJECTIVE)}
        with pytest.raises(StepOffError):
            session.run("objective", OBJECTIVE)


def test_standards_can_want_reasons_and_no_epsilon_turns_steps_off() -> None:
    assert wanted({"reasons": ["anonymize"]}, NO_POLICY) == {"anonymize"}
    assert wanted(None, NO_POLICY) == set()
    assert off({"epsilon_max": 0.0}, NO_POLICY)["train"] == "standard"
    assert off({"epsilon_max": 3.0}, NO_POLICY) == {}


def test_a_decision_about_an_event_of_another_history_is_not_counted(folder: Path) -> None:
    with _session(folder) as session:
        session.decide("standard", "True words.")
        project = str(session.info()["project_id"])
        (_, run, event) = session.events()[-3:]
    assert decisions([run, event], project)[0].explains == run.seq
    assert decisions([replace(run, hash="0" * 64), event], project) == ()


def test_long_words_that_differ_at_their_end_differ(folder: Path) -> None:
    long = "word " * 60
    with _session(folder) as session:
        for end in ("one", "other"):
            session.run("objective", {**OBJECTIVE, "population": long + end})
        found = compare(session, "objective")
    assert "Population" in {row.name for row in found.settings if row.differs}


def test_two_runs_are_compared_by_settings_and_figures(folder: Path) -> None:
    with _session(folder) as session:
        found = compare(session, "standard")
        assert found.event > found.other
        changed = {row.name: (row.before, row.now) for row in found.settings if row.differs}
        assert changed == {"Smallest class, k": ("", "9")}
        assert any(row.name.startswith("Limits: Smallest class") and row.differs for row in found.results)
        same = compare(session, "standard", found.event, found.event)
        assert same.differences == 0
        with pytest.raises(NoOtherRunError):
            compare(session, "objective")
        with pytest.raises(NoSuchEventError):
            compare(session, "standard", None, 77)


def test_a_copy_that_leaves_the_words_out_leaves_their_salt_out_too(folder: Path) -> None:
    from ppdesk.store.redaction import survey

    with _session(folder) as session:
        first = session.decide("standard", "Frau Muster wanted it").seq
        other = session.decide("standard", "Another reason").seq
        with session._project.looking() as connection:
            found = survey(connection, [f"{first}:params.why"]).redacted
    assert {f"{first}:params.why", f"{first}:params.salt"} <= set(found)
    assert f"{other}:params.salt" not in found


def test_an_auditor_reads_that_a_decision_on_another_history_does_not_count(folder: Path) -> None:
    from ppdesk.workbench.auditing.pages import _decisions

    with _session(folder) as session:
        session.decide("standard", "True words.")
        (_, run, event) = session.events()[-3:]
    assert "Does not count" not in str(_decisions([run, event], None))
    told = str(_decisions([replace(run, hash="0" * 64), event], None))
    assert "Does not count. It explains no run on record." in told
