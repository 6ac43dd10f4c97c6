"""The step that puts answers of persons on record: what is refused, what holds, what a reader sees."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.findings import Level
from ppdesk.core.params import fields_of, parse
from ppdesk.core.section import Answer
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.statements import STEP
from ppdesk.workflow.reporting.statements_facts import StatementsFacts
from ppdesk.workflow.reporting.statements_given import last_answers
from ppdesk.workflow.reporting.statements_params import MOST_LETTERS, StatementsParams
from ppdesk.workflow.step import Context

NECESSITY, LEVEL, REVIEW = "dpia.necessity", "dpia.access-severity-before", "dpia.review"


def params(**changes: Any) -> StatementsParams:
    told = {"person": "Ines Duarte", "role": "DPO", "answers": {NECESSITY: "Because."}, **changes}
    return parse(StatementsParams, told, step="statements")


def test_words_of_a_person_are_committed_and_nothing_is_spent() -> None:
    assert {one.name for one in fields_of(StatementsParams) if one.free_text} == {"person", "role", "answers"}
    assert STEP.cost(params(), {}) == NoEvent()


def test_tables_of_toml_and_a_plain_day_are_understood() -> None:
    from datetime import date

    made = params(answers={"dpia": {"necessity": " a\r\nb ", "review": date(2027, 1, 31)}})
    assert made.answers == {NECESSITY: "a\nb", REVIEW: "2027-01-31"}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"dpia.neccessity": "x"}, "near to it: dpia.necessity"),
        ({"ema.necessity": "x"}, "asks no questions|no question of the document"),
        ({LEVEL: "high"}, "one of 1, 2, 3, 4"),
        ({REVIEW: "31.1.2027"}, "a day as 2026-12-31"),
        ({NECESSITY: "a\x00b"}, "control character"),
        ({NECESSITY: "x" * (MOST_LETTERS + 1)}, "at most 20,000 letters"),
        ({NECESSITY: ["x"]}, "valid string"),
    ],
)
def test_wrong_answers_are_refused_at_the_edge(answers: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidParamsError, match=says):
        params(answers=answers)


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_what_is_refused_is_not_repeated(id_: str, words: str) -> None:
    secret = f"Zq{words}"
    with pytest.raises(InvalidParamsError) as refused:
        params(document="dpia", answers={f"{id_}é {secret}": secret, LEVEL: secret})
    assert secret not in str(refused.value)


def test_a_document_that_asks_nothing_and_an_empty_run_are_refused() -> None:
    blocked = {one.field for one in STEP.check(params(answers={}), {}) if one.level is Level.BLOCKING}
    assert blocked == {"answers"}
    found = STEP.check(params(document="audit", answers={}), {})
    assert [one.field for one in found if one.level is Level.BLOCKING] == ["document"]
    assert [one.code for one in STEP.check(params(person=" "), {})] == ["PP-STATEMENTS-001"]
    assert [one.code for one in STEP.check(params(role=""), {})] == ["PP-STATEMENTS-004"]


def test_the_run_tells_new_changed_and_taken_back(frozen: Any, context_of: Callable[..., Context]) -> None:
    more = [
        frozen.statement(40, {NECESSITY: "First.", LEVEL: "2"}),
        frozen.statement(41, {"ema.other": "Another document's."}),
    ]
    history = {Kind.HISTORY: frozen.history("adult", more=more)}
    made = params(answers={NECESSITY: "Second.", LEVEL: "", REVIEW: "2027-01-31"})
    outcome = STEP.run(made, history, context_of())
    facts = outcome.facts
    assert {one.id: one.change for one in facts.asked} == {
        NECESSITY: "changed",
        LEVEL: "taken back",
        REVIEW: "new",
    }
    assert facts.questions - facts.blank == 2
    (artifact,) = outcome.artifacts
    assert "Second." not in str(artifact.head)
    assert artifact.head["after"] == 41
    assert StatementsFacts.model_validate_json(facts.model_dump_json()) == facts
    answers = [one for one in STEP.section(made, facts).blocks if isinstance(one, Answer)]
    assert [one.text for one in answers] == ["Second.", "", "2027-01-31"]
    assert answers[0].by == "Ines Duarte, DPO: changed"


def test_the_last_answer_holds_and_an_empty_one_takes_back(frozen: Any) -> None:
    runs = [
        (1, {"person": "A", "role": "", "answers": {NECESSITY: "one", LEVEL: "1"}}),
        (2, {"person": "B", "role": "r", "answers": {NECESSITY: "two", LEVEL: ""}}),
        (3, {"person": "closed", "answers": None}),
    ]
    held = last_answers("dpia", runs)
    assert {id_: (one.words, one.person, one.event) for id_, one in held.items()} == {
        NECESSITY: ("two", "B", 2)
    }
    brief = Brief(
        frozen.told("adult", more=[frozen.statement(50 + seq, p["answers"] or {}) for seq, p in runs])
    )
    assert brief.answer(NECESSITY).text == "two"
    assert brief.answer(LEVEL).text == ""


def test_a_document_says_who_was_signed_in(frozen: Any) -> None:
    told = frozen.told("adult", more=[frozen.statement(40, {NECESSITY: "Because."})])
    assert Brief(told).answer(NECESSITY).by.endswith("event 40; signed in: Maria Weber")
    told = frozen.told("adult", more=[frozen.statement(40, {NECESSITY: "."}, person="Maria Weber")])
    assert Brief(told).answer(NECESSITY).by == "Maria Weber, DPO, 1 January 2026, event 40"
