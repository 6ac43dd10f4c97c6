"""Four eyes, against an analyst who has the passphrase and does not want to wait for a second person.

Each attack puts what it needs into the project and then tries to run. None may get through; the honest way
does, once.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ppdesk.identity.signer import Signer
from ppdesk.workbench.errors import WorkerLostError
from ppdesk.workbench.evidence.errors import (
    ApprovalNeededError,
    NoApprovingRoleError,
    NobodySignsError,
    RequestBrokenError,
    RequestSettledError,
    SelfApprovalError,
)

VALUES = {"value": 5, "note": "the words"}


@dataclass(frozen=True)
class Cast:
    """Ada asks and runs, Bea reviews, Mallory has the passphrase and a key that nobody gave a role."""

    ada: Signer
    bea: Signer
    mallory: Signer
    more: Callable[..., Signer]


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    from ppdesk_fakes.evidence import key_of

    folder = tmp_path_factory.mktemp("keys")
    ada, bea, mallory = (key_of(folder, name) for name in ("Ada", "Bea", "Mallory"))
    return Cast(ada, bea, mallory, lambda name, number=0, **more: key_of(folder, name, number, **more))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, cast: Cast) -> Path:
    """A project where Bea is a reviewer and Ada has asked: person, person, request, signature."""
    scene = _scene(tmp_path_factory.mktemp("begun"))
    with scene.opened(cast.ada) as session:
        session.add_person(cast.bea.certificate_pem, "reviewer", cast.bea.fingerprint)
        session.request_approval("fake", VALUES)
    folder: Path = scene.folder
    return folder


@pytest.fixture
def scene(tmp_path: Path, begun: Path) -> Any:
    shutil.copytree(begun, tmp_path / "scene")
    return _scene(tmp_path / "scene")


def _scene(folder: Path, **more: Any) -> Any:
    from ppdesk_fakes.evidence import Scene, wanting

    return Scene(folder, policy=wanting("fake"), **more)


def asked(scene: Any) -> Any:
    return next(event for event in scene.events() if event.kind == "request")


def decision(request: Any, **spoiled: Any) -> dict[str, Any]:
    """What an approval says, as ppdesk words it."""
    whole = {"request": request.seq, "request_hash": request.hash, "plan": request.plain["plan"]}
    return {**whole, "decision": "approve", **spoiled}


def refused(scene: Any, signer: Signer, values: Mapping[str, object] = VALUES) -> str:
    """Try to run, and return why it was refused. Nothing may have been recorded for it."""
    with scene.opened(signer) as session:
        before = [event for event in session.events() if event.kind == "fake"]
        with pytest.raises(ApprovalNeededError) as refusal:
            session.run("fake", values)
        assert [event for event in session.events() if event.kind == "fake"] == before
        told = session.check_step("fake", values)
    assert any(finding.code == "PP-WORKBENCH-107" for finding in told)
    return refusal.value.message


def approve(scene: Any, signer: Signer) -> Any:
    with scene.opened(signer) as session:
        return session.approve(asked(scene).seq, "I looked at it.")


def test_what_another_person_approved_runs_once_and_names_the_approval(scene: Any, cast: Cast) -> None:
    assert "nobody has approved it yet" in refused(scene, cast.ada)
    given = approve(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        done = session.run("fake", VALUES)
        request = session.requests()[0]
    assert f"Approved by Bea in event {given.seq}" in [finding.title for finding in done.event.findings]
    assert (request.state, request.used_by) == ("used", done.event.seq)
    assert "has served a run already" in refused(scene, cast.ada)


def lost(*_: Any, handed_over: Callable[[], None], **__: Any) -> Any:
    handed_over()
    raise WorkerLostError(reason="a test")


def test_a_failed_run_does_not_use_the_approval_up(scene: Any, cast: Cast) -> None:
    approve(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        assert session.requests()[0].state == "approved"
        session._runner.worker.close()
        session._runner.worker.run = lost  # type: ignore[method-assign]  # a worker that dies
        with pytest.raises(WorkerLostError):
            session.run("fake", VALUES)
        del session._runner.worker.run
        assert session.requests()[0].state == "approved"
        session.run("fake", VALUES)
        assert session.requests()[0].state == "used"


def test_other_parameters_than_those_approved_are_refused(scene: Any, cast: Cast) -> None:
    approve(scene, cast.bea)
    assert "nobody has asked" in refused(scene, cast.ada, {**VALUES, "value": 6})
    assert "nobody has asked" in refused(scene, cast.ada, {**VALUES, "note": "other words"})


def test_another_source_file_than_the_one_approved_is_refused(tmp_path: Path, cast: Cast) -> None:
    from ppdesk_fakes.evidence import Scene, wanting

    scene = Scene(tmp_path, policy=wanting("copy"))
    (tmp_path / "in.txt").write_text("approved")
    values = {"file": "in.txt", "out": "out.txt"}
    with scene.opened(cast.ada) as session:
        session.run("fake", {})
        session.add_person(cast.bea.certificate_pem, "reviewer", cast.bea.fingerprint)
        seq = session.request_approval("copy", values).seq
    with scene.opened(cast.bea) as session:
        session.approve(seq)
    (tmp_path / "in.txt").write_text("exchanged")
    with scene.opened(cast.ada) as session:
        with pytest.raises(ApprovalNeededError):
            session.run("copy", values)
        (tmp_path / "in.txt").write_text("approved")
        assert session.run("copy", values).event.outcome == "ok"


def test_nobody_runs_it_without_signing(scene: Any, cast: Cast) -> None:
    approve(scene, cast.bea)
    with scene.opened() as session, pytest.raises(NobodySignsError):
        session.run("fake", VALUES)


def test_a_declined_request_stays_declined(scene: Any, cast: Cast) -> None:
    with scene.opened(cast.bea) as session:
        session.decline(asked(scene).seq, "Too small a k.")
        with pytest.raises(RequestSettledError):
            session.approve(asked(scene).seq)
    scene.said("approval", cast.bea, decision(asked(scene)))  # even signed by her, after her refusal
    assert "Bea declined it" in refused(scene, cast.ada)


def test_who_asked_cannot_approve(scene: Any, cast: Cast) -> None:
    with scene.opened(cast.ada) as session, pytest.raises(SelfApprovalError):
        session.approve(asked(scene).seq)
    scene.said("approval", cast.ada, decision(asked(scene)))
    assert "the same key or the same name" in refused(scene, cast.ada)


def test_who_asked_cannot_approve_under_a_second_key_of_the_same_name(scene: Any, cast: Cast) -> None:
    second = cast.more(" ada ".strip().upper(), 3)  # ADA: read as the same name
    with scene.opened(cast.ada) as session:
        session.add_person(second.certificate_pem, "reviewer", second.fingerprint)
    with scene.opened(second) as session, pytest.raises(SelfApprovalError):
        session.approve(asked(scene).seq)
    scene.said("approval", second, decision(asked(scene)))
    assert "the same key or the same name" in refused(scene, cast.ada)


def test_who_approved_cannot_run_it(scene: Any, cast: Cast) -> None:
    approve(scene, cast.bea)
    assert "cannot run it as well" in refused(scene, cast.bea)


def test_a_key_without_a_role_approves_nothing(scene: Any, cast: Cast) -> None:
    with scene.opened(cast.mallory) as session, pytest.raises(NoApprovingRoleError):
        session.approve(asked(scene).seq)
    scene.said("approval", cast.mallory, decision(asked(scene)))
    assert "has no role" in refused(scene, cast.ada)


def test_a_role_that_mallory_gave_herself_does_not_count(scene: Any, cast: Cast) -> None:
    said = {
        "act": "add",
        "name": "Mallory",
        "role": "reviewer",
        "fingerprint": cast.mallory.fingerprint,
        "person": cast.mallory.certificate_pem.decode(),
    }
    scene.said("person", cast.mallory, said)
    scene.forged("person", {**said, "seq": 1, "hash": "0" * 64})
    scene.said("approval", cast.mallory, decision(asked(scene)))
    assert "has no role" in refused(scene, cast.ada)
    with scene.opened() as session:
        assert "Mallory" not in {person.name for person in session.people()}


def test_a_role_that_was_taken_away_takes_its_open_approvals_along(scene: Any, cast: Cast) -> None:
    approve(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        session.remove_person(cast.bea.fingerprint)
    assert "has no role" in refused(scene, cast.ada)


def test_an_approval_without_the_reviewers_key_does_not_count(scene: Any, cast: Cast) -> None:
    """The claim of an event is nothing: Bea's certificate, but Mallory's signature, or none."""
    spoil = {"certificate": cast.bea.certificate_pem.decode()}
    scene.said("approval", cast.mallory, decision(asked(scene)), spoil=spoil)
    assert "does not fit" in refused(scene, cast.ada)
    scene.forged("approval", decision(asked(scene)))
    assert "does not count" in refused(scene, cast.ada)


def test_an_approval_from_another_project_does_not_count(scene: Any, tmp_path: Path, cast: Cast) -> None:
    other = _scene(tmp_path / "other", seed=2)
    other.folder.mkdir()
    with other.opened(cast.ada) as session:
        session.add_person(cast.bea.certificate_pem, "reviewer", cast.bea.fingerprint)
        session.request_approval("fake", VALUES)
    given = approve(other, cast.bea)
    scene.forged("approval", given.plain, time=given.time)
    scene.forged("approval", {**given.plain, **decision(asked(scene))}, time=given.time)
    assert "does not count" in refused(scene, cast.ada)


def test_an_approval_is_not_good_for_a_second_request(scene: Any, cast: Cast) -> None:
    given = approve(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        session.run("fake", VALUES)
        second = session.request_approval("fake", VALUES)
    scene.forged("approval", given.plain, time=given.time)
    scene.forged("approval", {**given.plain, **decision(second)}, time=given.time)
    assert "does not count" in refused(scene, cast.ada)


def test_a_changed_decision_does_not_count(scene: Any, cast: Cast) -> None:
    no = decision(asked(scene), decision="decline")
    scene.said("approval", cast.bea, no, spoil={"decision": "approve"})
    assert "does not fit" in refused(scene, cast.ada)


def test_a_certificate_that_had_expired_approves_nothing(tmp_path: Path, cast: Cast) -> None:
    old = cast.more("Old Bea", 1, since=datetime(2020, 1, 1, tzinfo=UTC))
    scene = _scene(tmp_path)
    with scene.opened(cast.ada) as session:
        session.add_person(old.certificate_pem, "reviewer", old.fingerprint)
        session.request_approval("fake", VALUES)
    scene.said("approval", old, decision(asked(scene)))
    assert "not valid at that time" in refused(scene, cast.ada)
    scene.said("approval", old, decision(asked(scene)), time="2021-01-01T00:00:00.000Z")  # says it was then
    assert "no longer valid" in refused(scene, cast.ada)


def test_a_request_that_shows_other_parameters_than_it_binds_is_refused(scene: Any, cast: Cast) -> None:
    """Bea is shown harmless values; the plan that she would sign is another."""
    honest = asked(scene)
    free = {"values": {**honest.free["values"], "value": 0}, "nonce": honest.free["nonce"]}
    forged = scene.said("request", cast.ada, {"step": "fake", "plan": honest.plain["plan"]}, free=free)
    with scene.opened(cast.bea) as session:
        with pytest.raises(RequestBrokenError):
            session.approve(forged.seq)
        told = session.requests()[-1]
    assert told.state == "broken"
    assert "other parameters" in told.reason


def test_a_run_put_in_by_hand_uses_the_approval_up(scene: Any, cast: Cast) -> None:
    """Somebody strikes the remark from the record of the run: the plan itself tells."""
    approve(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        done = session.run("fake", VALUES)
    scene.rewritten(
        lambda event, draft: replace(draft, findings=()) if event.seq == done.event.seq else draft
    )
    with scene.opened(cast.ada) as session:
        assert session.requests()[0].state != "approved"


def test_policy_that_names_people_overrules_the_project(scene: Any, cast: Cast) -> None:
    from ppdesk_fakes.evidence import Scene, wanting

    carl = cast.more("Carl", 1)
    named = [{"name": "Carl", "fingerprint": carl.fingerprint, "roles": ["reviewer"]}]
    pinned = Scene(scene.folder, policy=wanting("fake", people=named))
    with pinned.opened(cast.bea) as session, pytest.raises(NoApprovingRoleError):
        session.approve(asked(scene).seq)
    approve(pinned, carl)
    with pinned.opened(cast.ada) as session:
        assert session.run("fake", VALUES).event.outcome == "ok"
