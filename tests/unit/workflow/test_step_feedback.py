"""The step that puts a person's comment on record."""

from collections.abc import Callable
from typing import Any

import pytest

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.findings import Level
from ppdesk.core.params import fields_of, parse
from ppdesk.core.section import Table, Words
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.feedback.feedback import STEP, Decision, FeedbackFacts, FeedbackParams
from ppdesk.workflow.reporting.errors import NoSuchEventError
from ppdesk.workflow.step import Context, Inputs


def params(**changes: Any) -> FeedbackParams:
    given = {"about": "2", "person": "R. Haas", "role": "reviewer", "comment": "Why k = 5?", **changes}
    return parse(FeedbackParams, given, step="feedback")


@pytest.fixture
def inputs(small_history: Artifact) -> Inputs:
    return {Kind.HISTORY: small_history}


@pytest.mark.parametrize("about", ["2", 2, "standard", " Standard "])
def test_a_comment_is_tied_to_its_event_by_hash(
    about: object, inputs: Inputs, context_of: Callable[..., Context]
) -> None:
    outcome = STEP.run(params(about=about), inputs, context_of())
    assert outcome.facts.event == 2
    head = outcome.artifacts[0].head
    assert head["about"] == 2
    assert head["about_hash"] == outcome.facts.hash
    assert head["person"] == "R. Haas"


@pytest.mark.parametrize("about", ["9", "0", "train", "nonsense", "-1"])
def test_what_has_not_run_cannot_be_commented(
    about: str, inputs: Inputs, context_of: Callable[..., Context]
) -> None:
    with pytest.raises(NoSuchEventError):
        STEP.run(params(about=about), inputs, context_of())


def test_words_of_a_person_are_committed() -> None:
    free = {spec.name for spec in fields_of(FeedbackParams) if spec.free_text}
    assert free == {"person", "role", "comment", "answer"}


def test_a_decision_wants_an_answer_and_spends_nothing() -> None:
    found = STEP.check(params(decision="accepted"), {})
    assert [(one.level, one.field) for one in found] == [(Level.CAUTION, "answer")]
    assert STEP.check(params(decision="accepted", answer="Follows WP216."), {}) == []
    assert STEP.check(params(comment="  "), {})[0].level is Level.BLOCKING
    assert STEP.cost(params(), {}) == NoEvent()


@pytest.mark.parametrize("decision", Decision)
def test_the_section_says_who_what_and_what_follows(decision: Decision) -> None:
    facts = FeedbackFacts(event=2, title="Standard", hash="ab" * 32, time="2026-01-01T00:00:02.000Z")
    section = STEP.section(params(decision=decision.value), facts)
    assert section.title == "Comment on event 2, Standard"
    table, words = section.blocks
    assert isinstance(table, Table)
    assert isinstance(words, Words)
    told = dict(table.rows)
    assert told["Who"] == "R. Haas, reviewer"
    assert told["Answer"] == "not answered"
    assert (words.tone == "caution") is (decision in (Decision.CHANGE, Decision.REJECTED))
