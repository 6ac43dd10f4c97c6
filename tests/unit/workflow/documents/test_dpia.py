"""The impact assessment: each question stands in it, persons set levels, the recipient sees no attack."""

from typing import Any

import pytest

from ppdesk.core.section import Answer, Plot, Table, Words
from ppdesk.report.cited import sources_of
from ppdesk.report.document import Edition, chapters
from ppdesk.report.plain import plain
from ppdesk.report.tongue import Language, Tongue
from ppdesk.workflow.reporting.documents import dpia
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.impact import asked
from ppdesk.workflow.reporting.questions import questions

LEVELS = {f"dpia.{one}": "3" for one in asked.of_risks(*asked.LEVELS)}


def blocks(brief: Brief) -> list[Any]:
    return [block for one in chapters(dpia.compose(brief)) for block in one.section.blocks]


@pytest.mark.parametrize("sample", ["adult", "bank"])
def test_every_question_stands_in_the_document_once(frozen: Any, sample: str) -> None:
    shown = [block.question for block in blocks(Brief(frozen.told(sample))) if isinstance(block, Answer)]
    for one in questions("dpia"):
        assert shown.count(one.title[Language.ENGLISH]) == 1, one.id


def test_the_index_covers_every_question(frozen: Any) -> None:
    named = [
        *asked.DESCRIBED,
        *asked.NEEDED,
        *asked.MEASURED,
        *asked.of_risks(*asked.ABOUT_A_RISK, *asked.LEVELS),
    ]
    rest = {"standards", "dpo-advice", "dpo-opinion", "views", "views-sought"}
    rest |= {"decision", "decision-reason", "review", "review-triggers"}
    assert sorted([*named, *rest]) == sorted(asked.every())
    told = frozen.told("adult", more=[frozen.statement(40, {"dpia.necessity": "Because."})])
    table = next(one for one in blocks(Brief(told)) if isinstance(one, Table))
    assert [row[3] for row in table.rows][1] == "1 of 14"
    assert table.rows[1][3].sources[0].pointer == "/params/answers/dpia.necessity"


def test_no_level_is_ever_set_by_the_program(frozen: Any) -> None:
    found = blocks(Brief(frozen.told("adult")))
    assert not [one for one in found if isinstance(one, Plot) and one.name == "risk_map"]
    assert any(isinstance(one, Words) and one.text.startswith("No map is drawn") for one in found)
    told = frozen.told("adult", more=[frozen.statement(40, LEVELS)])
    (drawn,) = [one for one in blocks(Brief(told)) if isinstance(one, Plot) and one.name == "risk_map"]
    assert [one["after"] for one in drawn.values["risks"]] == [[3, 3]] * 3
    assert {place.pointer for place in sources_of(drawn)} == {f"/params/answers/{one}" for one in LEVELS}
    # taken back again
    told = frozen.told(
        "adult", more=[frozen.statement(40, LEVELS), frozen.statement(41, dict.fromkeys(LEVELS, ""))]
    )
    assert not [one for one in blocks(Brief(told)) if isinstance(one, Plot) and one.name == "risk_map"]


def test_a_half_set_risk_stands_on_the_map_where_it_has_both_levels(frozen: Any) -> None:
    answers = {
        "dpia.loss-severity-before": "1",
        "dpia.loss-likelihood-before": "4",
        "dpia.loss-severity-after": "1",
    }
    told = frozen.told("adult", more=[frozen.statement(40, answers)])
    (drawn,) = [one for one in blocks(Brief(told)) if isinstance(one, Plot) and one.name == "risk_map"]
    assert drawn.values["risks"] == [{"name": "Disappearance of data", "before": [1, 4], "after": None}]


def test_the_recipients_edition_tells_no_attack_and_no_finding(frozen: Any) -> None:
    brief = Brief(frozen.told("bank"), edition=Edition.RECIPIENT)
    tables = [one.title for one in blocks(brief) if isinstance(one, Table)]
    assert "Open findings of the steps" not in tables
    assert "What attacks found" not in tables
    internal = [one.title for one in blocks(Brief(frozen.told("bank"))) if isinstance(one, Table)]
    assert {"Open findings of the steps", "What attacks found"} <= set(internal)


@pytest.mark.parametrize("language", list(Language))
def test_an_empty_history_says_so_in_place(frozen: Any, golden: Any, language: Language) -> None:
    kinds = {event.kind for event in frozen.told("adult").events}
    brief = Brief(frozen.without("adult", *kinds), Tongue(language))
    found = blocks(brief)
    assert sum(isinstance(one, Answer) and not one.text for one in found) >= len(questions("dpia"))
    params = golden.DocumentParams(document="dpia", language=language)
    assert plain(golden.document_of(params, brief.told, golden.MADE, ""))


def test_the_recipients_evidence_holds_no_described_threat(frozen: Any) -> None:
    threat = "A key that lies under the doormat"
    told = frozen.told("adult", more=[frozen.statement(40, {"dpia.access-threats": threat, **LEVELS})])
    for edition, there in ((Edition.INTERNAL, True), (Edition.RECIPIENT, False)):
        parts = dpia.compose(Brief(told, edition=edition))
        assert any("access-threats" in one.pointer for one in sources_of(parts)) is there
        assert (threat in repr(parts)) is there
