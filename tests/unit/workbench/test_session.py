"""An open project: runs go on record, nothing is lost, nothing is half done."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ppdesk.core.artifacts import Kind
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import InvalidParamsError, RelayedError
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Level
from ppdesk.core.mode import Mode
from ppdesk.core.section import Words
from ppdesk.identity.signer import create_signer
from ppdesk.store.errors import RollbackError
from ppdesk.workbench.errors import (
    MadeForRealError,
    MadeInTestModeError,
    MissingInputError,
    NoSignerError,
    NoSuchEventError,
    ReadOnlySessionError,
    RefusedByCheckError,
)
from ppdesk.workbench.session import Session
from ppdesk.workflow.catalog import UnknownStepError
from ppdesk.workflow.navigation import State


def test_a_run_is_on_record_and_its_section_can_be_made_from_it(session: Session) -> None:
    result = session.run("fake", {"value": 4, "note": "for Bob"})
    assert result.event.outcome == "ok"
    assert result.event.actor == "Ada"
    assert result.event.params["value"] == 4
    assert result.event.facts["doubled"] == 8
    assert [finding.title for finding in result.findings] == ["It went well"]
    assert session.section(result.event.seq) == result.section
    assert result.section.blocks == (Words("4 doubled is 8. for Bob"),)
    assert session.artifact(Kind.OBJECTIVE).data("text") == b"abc"
    assert session.heads() == {Kind.OBJECTIVE: {"value": 4}}


def test_what_was_recorded_is_there_after_opening_again(
    session: Session, opener: Callable[..., Session]
) -> None:
    seq = session.run("fake", {"note": "for Bob"}).event.seq
    session.close()
    again = opener()
    assert again.section(seq).blocks == (Words("3 doubled is 6. for Bob"),)
    assert again.info()["standing"] == "As last seen here"
    assert again.integrity() == []


def test_words_of_a_person_enter_the_chain_as_a_commitment(session: Session) -> None:
    event = session.run("fake", {"note": "for Bob"}).event
    assert event.free == {"note": "for Bob"}


def test_running_again_makes_a_new_event_and_the_rail_follows(session: Session) -> None:
    session.run("fake", {"value": 1})
    session.run("fake", {"value": 2})
    assert [event.seq for event in session.events()] == [1, 2]
    assert session.heads()[Kind.OBJECTIVE] == {"value": 2}
    states = {place.key: place.state for place in session.places()}
    assert states["fake"] is State.DONE
    assert states["copy"] is State.TODO


@pytest.mark.parametrize(
    ("key", "values", "error"),
    [
        ("fake", {"value": 101}, InvalidParamsError),
        ("fake", {"volume": 1}, InvalidParamsError),
        ("fake", {"behave": "blocked"}, RefusedByCheckError),
        ("copy", {"file": "a", "out": "b"}, MissingInputError),
        ("tell", {}, NoSignerError),
        ("sing", {}, UnknownStepError),
    ],
)
def test_what_is_refused_before_it_starts_leaves_no_event_and_no_worker(
    session: Session, key: str, values: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        session.run(key, values)
    assert session.events() == []
    assert session._worker.pid is None


def test_a_refusal_says_what_was_measured_after_the_remark(session: Session) -> None:
    with pytest.raises(RefusedByCheckError) as caught:
        session.run("fake", {"behave": "blocked"})
    assert caught.value.message.endswith("refused before it started: The sun is down. 0 of 1 suns")


def test_a_check_answers_without_running(session: Session) -> None:
    assert session.check_step("fake", {}) == []
    assert session.check_step("fake", {"behave": "blocked"})[0].level is Level.BLOCKING
    assert session.events() == []


@pytest.mark.parametrize(("behave", "code"), [("refuses", "PP-FAKE-001"), ("surprises", "PP-WORKBENCH-013")])
def test_what_the_step_said_is_raised_and_recorded(session: Session, behave: str, code: str) -> None:
    with pytest.raises(RelayedError) as caught:
        session.run("fake", {"behave": behave})
    (event,) = session.events()
    assert caught.value.error_code == event.findings[0].code == code
    assert event.outcome == "failed"
    assert "Jane" not in str(event)
    assert behave == "refuses" or "Step fake stopped" in event.findings[0].title
    with pytest.raises(NoSuchEventError):
        session.section(event.seq)


def test_an_artifact_that_was_not_promised_is_not_stored(session: Session) -> None:
    with pytest.raises(Exception, match="made model"):
        session.run("fake", {"behave": "strays"})
    (event,) = session.events()
    assert (event.outcome, dict(event.outputs)) == ("failed", {})
    assert session.heads() == {}


def test_a_reading_session_runs_nothing(session: Session, opener: Callable[..., Session]) -> None:
    session.run("fake", {})
    session.close()
    reader = opener(read_only=True)
    assert len(reader.events()) == 1
    with pytest.raises(ReadOnlySessionError):
        reader.run("fake", {})


def test_a_step_that_tells_gets_the_opened_history_and_its_manifest_is_sealed(
    session: Session, tmp_path: Path
) -> None:
    noise = session.run("fake", {}).event.facts["noise"]
    signer = create_signer(
        tmp_path / "signers", "Ada", "another horse", entropy=TestEntropy(1), clock=TestClock()
    )
    session.set_signer(signer)
    event = session.run("tell", {}).event
    assert event.facts == {"events": 1, "last": noise, "spent": 0.0}
    report = session.artifact(Kind.REPORT)
    assert [part.name for part in report.parts] == ["manifest.json", "certificate.pem", "manifest.sig"]
    assert report.head["seq"] == 1


def test_an_old_copy_is_refused_and_opening_it_all_the_same_is_an_event(
    session: Session, opener: Callable[..., Session], tmp_path: Path
) -> None:
    session.run("fake", {})
    session.close()
    shutil.copy(tmp_path / "p.ppdesk", tmp_path / "old")
    later = opener()
    later.run("fake", {})
    later.close()
    shutil.copy(tmp_path / "old", tmp_path / "p.ppdesk")
    with pytest.raises(RollbackError):
        opener()
    admitted = opener(despite_rollback=True)
    assert admitted.events()[-1].outcome == "opened"
    assert admitted.events()[-1].findings[0].code == RollbackError.code


def test_the_test_mode_makes_the_same_chain_again_and_stamps_it(opener: Callable[..., Session]) -> None:
    heads = []
    for name in ("a.ppdesk", "b.ppdesk"):
        session = opener(name, seed=5)
        session.run("standard", {})
        session.close()
        session = opener(name, seed=5)
        session.run("standard", {"epsilon": 2})
        assert all("not private" in event.stamp for event in session.events())
        times = [event.time for event in session.events()]
        assert times == sorted(set(times))
        heads.append(session.info()["head_hash"])
        session.close()
    assert heads[0] == heads[1]


def test_the_real_mode_has_no_stamp(tmp_path: Path) -> None:
    from ppdesk_fakes.catalog import FAKES

    with Session.create(
        tmp_path / "r.ppdesk", "x y z", mode=Mode(), home=tmp_path / "home", actor="Ada", catalog=FAKES
    ) as session:
        assert session.run("fake", {}).event.stamp == ""
        assert session.info()["stamp"] == ""


@pytest.mark.parametrize(
    ("made", "opened", "refusal"), [(1, None, MadeInTestModeError), (None, 1, MadeForRealError)]
)
def test_real_work_and_test_mode_never_share_a_project(
    opener: Callable[..., Session],
    tmp_path: Path,
    made: int | None,
    opened: int | None,
    refusal: type[MadeForRealError | MadeInTestModeError],
) -> None:
    with opener(seed=made) as session:
        session.run("fake", {})
    before = (tmp_path / "p.ppdesk").read_bytes()
    for despite_rollback in (False, True):
        with pytest.raises(refusal) as refused:
            opener(seed=opened, despite_rollback=despite_rollback)
        assert refused.value.exit_code == Exit.REFUSED
    assert (tmp_path / "p.ppdesk").read_bytes() == before
    with opener(seed=opened, read_only=True) as session:  # looking does no harm
        assert len(session.events()) == 1
    with opener(seed=made) as session:  # and nothing is left locked
        session.run("fake", {})


def test_a_project_of_test_mode_goes_on_with_any_seed(opener: Callable[..., Session]) -> None:
    opener(seed=1).close()
    with opener(seed=2) as session:
        assert "not private" in session.run("fake", {}).event.stamp
