"""Endorsements of a report's draft, against an analyst who has the passphrase and wants to publish alone."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ppdesk.identity.signer import Signer
from ppdesk.policy.machine import NO_POLICY, Policy
from ppdesk.policy.rules import ReportRules
from ppdesk.workbench.evidence.errors import (
    AlreadyCertifiedError,
    DraftBrokenError,
    EndorsementsNeededError,
    NoRoleToEndorseError,
    NoSuchDraftError,
)


@dataclass(frozen=True)
class Cast:
    """Ada writes and certifies, Bea and Carl review, Mallory has the passphrase and no role."""

    ada: Signer
    bea: Signer
    carl: Signer
    mallory: Signer
    more: Callable[..., Signer]


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    from ppdesk_fakes.evidence import key_of

    folder = tmp_path_factory.mktemp("keys")
    people = (key_of(folder, name) for name in ("Ada", "Bea", "Carl", "Mallory"))
    return Cast(*people, lambda name, number: key_of(folder, name, number))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, cast: Cast) -> Path:
    """A project with a draft, where Bea and Carl are reviewers."""
    scene = _scene(tmp_path_factory.mktemp("begun"))
    with scene.opened(cast.ada) as session:
        for one in (cast.bea, cast.carl):
            session.add_person(one.certificate_pem, "reviewer", one.fingerprint)
        session.run("draft", {"title": "The draft"})
    return Path(scene.folder)


@pytest.fixture
def scene(tmp_path: Path, begun: Path) -> Any:
    shutil.copytree(begun, tmp_path / "scene")
    return _scene(tmp_path / "scene")


def _scene(folder: Path, wanted: int = 1) -> Any:
    from ppdesk_fakes.evidence import Scene
    from ppdesk_fakes.papers import PAPERS

    return Scene(folder, policy=wanting(wanted), catalog=PAPERS)


def wanting(endorsements: int) -> Policy:
    rules = NO_POLICY.rules.model_copy(update={"report": ReportRules(endorsements=endorsements)})
    return replace(NO_POLICY, rules=rules, place="a test", sha256="00" * 32)


def draft_of(scene: Any) -> Any:
    return next(event for event in scene.events() if event.kind == "draft")


def endorse(scene: Any, signer: Signer) -> Any:
    with scene.opened(signer) as session:
        return session.endorse(draft_of(scene).seq, "I read it.")


def refused(scene: Any, signer: Signer, values: Mapping[str, object] | None = None) -> str:
    """Try to certify, and return why it was refused. Nothing may be recorded for it."""
    with scene.opened(signer) as session:
        with pytest.raises(EndorsementsNeededError) as refusal:
            session.run("report", {"draft": draft_of(scene).seq} if values is None else values)
        assert not [event for event in session.events() if event.kind == "report"]
    return refusal.value.message


def said(scene: Any, **spoiled: Any) -> dict[str, Any]:
    """What an endorsement says, as ppdesk words it."""
    draft = draft_of(scene)
    content = draft.facts["content"]
    whole = {"draft": draft.seq, "draft_hash": draft.hash, "content": content, "decision": "endorsed"}
    return {**whole, "role": "reviewer", **spoiled}


def test_what_another_endorsed_is_certified_from_the_very_draft(scene: Any, cast: Cast) -> None:
    assert "has to be made from a draft" in refused(scene, cast.ada, {})
    assert "has 0" in refused(scene, cast.ada)
    given = endorse(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        session.run("draft", {"title": "A later draft"})
        done = session.run("report", {"draft": draft_of(scene).seq})
        told = session.drafts()[0]
        with pytest.raises(NoSuchDraftError):
            session.run("report", {"draft": given.seq})
    assert done.event.facts["title"] == "The draft"
    assert [one.title for one in done.findings] == [f"Bea endorsed the draft, in event {given.seq}"]
    assert told.certified_by == done.event.seq
    with scene.opened(cast.carl) as session, pytest.raises(AlreadyCertifiedError):
        session.endorse(draft_of(scene).seq)


def test_the_question_beforehand_is_answered_without_a_key(scene: Any, cast: Cast) -> None:
    def asked() -> list[str]:
        with scene.opened() as session:
            return [one.level.value for one in session.check_step("report", {"draft": draft_of(scene).seq})]

    assert asked() == ["blocking"]
    endorse(scene, cast.bea)
    assert asked() == ["info"]


def test_who_certifies_does_not_count_as_another(scene: Any, cast: Cast) -> None:
    endorse(scene, cast.bea)
    assert "has 0" in refused(scene, cast.bea)
    second = cast.more(" bea ", 4)  # read as the same name
    with scene.opened(cast.ada) as session:
        session.add_person(second.certificate_pem, "reviewer", second.fingerprint)
    assert "has 0" in refused(scene, second)


def test_as_many_persons_as_policy_wants(scene: Any, cast: Cast) -> None:
    two = _scene(scene.folder, wanted=2)
    for _ in range(2):
        endorse(two, cast.bea)
    assert "has 1" in refused(two, cast.ada)
    endorse(two, cast.carl)
    with two.opened(cast.ada) as session:
        assert session.run("report", {"draft": draft_of(two).seq}).event.outcome == "ok"


def test_the_last_word_counts_and_an_objection_is_told(scene: Any, cast: Cast) -> None:
    endorse(scene, cast.bea)
    with scene.opened(cast.bea) as session:
        session.object_to(draft_of(scene).seq, "On second thoughts.")
    assert "has 0" in refused(scene, cast.ada)
    endorse(scene, cast.carl)
    with scene.opened(cast.ada) as session:
        done, again = (session.run("report", {"draft": draft_of(scene).seq}) for _ in range(2))
    assert [one.level.value for one in done.findings if "Bea" in one.title] == ["caution"]
    assert [one.title for one in again.findings if one.code == "PP-WORKBENCH-113"] == [
        f"The draft was certified already, in event {done.event.seq}"
    ]


def test_a_key_without_a_role_endorses_nothing(scene: Any, cast: Cast) -> None:
    with scene.opened(cast.mallory) as session, pytest.raises(NoRoleToEndorseError):
        session.endorse(draft_of(scene).seq)
    scene.said("endorsement", cast.mallory, said(scene))
    assert "has no role" in refused(scene, cast.ada)
    with scene.opened() as session:  # what the report will be told of it
        told = session.history()
    assert b"had no role in the project then" in told.data("history")


FORGED: dict[str, dict[str, Any]] = {
    "of other content": {"content": "0" * 64},
    "of another draft": {"draft_hash": "0" * 64},
    "without a decision": {"decision": "perhaps"},
}


@pytest.mark.parametrize("name", FORGED)
def test_an_endorsement_that_says_something_else_does_not_count(scene: Any, cast: Cast, name: str) -> None:
    scene.said("endorsement", cast.bea, said(scene, **FORGED[name]))
    assert "has 0" in refused(scene, cast.ada), name


def test_an_endorsement_without_the_reviewers_key_does_not_count(scene: Any, cast: Cast) -> None:
    spoil = {"certificate": cast.bea.certificate_pem.decode()}
    scene.said("endorsement", cast.mallory, said(scene), spoil=spoil)
    assert "does not count" in refused(scene, cast.ada)
    scene.forged("endorsement", said(scene))
    assert "does not count" in refused(scene, cast.ada)


def test_a_role_that_was_taken_away_takes_the_endorsement_along(scene: Any, cast: Cast) -> None:
    endorse(scene, cast.bea)
    with scene.opened(cast.ada) as session:
        session.remove_person(cast.bea.fingerprint)
    assert "has no role" in refused(scene, cast.ada)


def test_nobody_endorses_a_draft_that_shows_something_else(scene: Any, cast: Cast) -> None:
    with scene.opened(cast.ada) as session:
        seq = session.run("draft", {"lies": True}).event.seq
    with scene.opened(cast.bea) as session:
        with pytest.raises(DraftBrokenError):
            session.endorse(seq)
        with pytest.raises(NoSuchDraftError):
            session.endorse(1)
