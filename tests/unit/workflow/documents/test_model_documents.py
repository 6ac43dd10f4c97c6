"""Model card, datasheet, Annex IV and the privacy statement: every figure is quoted, what the record lacks is
said, what only a person knows is a blank, and the recipient's edition holds back what helps an attacker."""

from dataclasses import replace
from itertools import chain

import pytest

from ppdesk.core.section import Answer, Block, Plot, Table, Words
from ppdesk.report.cited import sources_of
from ppdesk.report.document import Edition, Part, chapters
from ppdesk.report.tongue import Language, Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.kinds import DocumentKind, skeleton
from ppdesk.workflow.reporting.questions import questions
from ppdesk.workflow.reporting.told import value_at

KINDS = (
    DocumentKind.AI_ACT,
    DocumentKind.MODEL_CARD,
    DocumentKind.DATASHEET,
    DocumentKind.DP_STATEMENT,
)


def composed(kind, brief: Brief) -> tuple[Part, ...]:
    return skeleton(kind).compose()(brief)


def blocks(parts: tuple[Part, ...]) -> list[Block]:
    return list(chain.from_iterable(chapter.section.blocks for chapter in chapters(parts)))


def words(parts: tuple[Part, ...]) -> str:
    told = []
    for block in blocks(parts):
        if isinstance(block, Words):
            told.append(block.text)
        elif isinstance(block, Answer):
            told += [block.question, block.text]
        elif isinstance(block, Table):
            told += [block.title, *block.header, *chain.from_iterable(block.rows), block.caption]
        elif isinstance(block, Plot):
            told += [block.title, block.caption]
    return "\n".join(told)


@pytest.mark.parametrize("kind", KINDS)
def test_every_quoted_place_is_in_the_record(frozen, kind):
    told = frozen.told("adult")
    events = {event.seq: event for event in told.events}
    for source in sources_of(blocks(composed(kind, Brief(told)))):
        if source.event == 0:
            assert value_at(told.budget, source.pointer) is not None or "elsewhere" in source.pointer
        else:
            root = source.pointer.split("/")[1]
            assert hasattr(events[source.event], root), source


@pytest.mark.parametrize("kind", KINDS)
def test_numbered_tables_of_figures_say_where_they_come_from(frozen, kind):
    for block in blocks(composed(kind, Brief(frozen.told("adult")))):
        if isinstance(block, Plot) or (isinstance(block, Table) and block.right):
            assert sources_of(block), block.title


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_of_the_document_is_asked_in_it(frozen, kind):
    for language in Language:
        parts = composed(kind, Brief(frozen.told("adult"), Tongue(language)))
        asked = {str(one.question) for one in blocks(parts) if isinstance(one, Answer)}
        assert {one.title[language] for one in questions(kind.value)} <= asked


@pytest.mark.parametrize("kind", KINDS)
def test_an_almost_empty_history_concludes_nothing(frozen, kind):
    told = frozen.told("adult")
    told = replace(told, events=told.events[:1], budget={})
    parts = composed(kind, Brief(told))
    text = words(parts)
    if kind is DocumentKind.DP_STATEMENT:
        assert "makes no claim of differential privacy" in text
        attach = skeleton(kind).attach()
        assert attach is not None
        assert attach(Brief(told)) == ()
    else:
        assert "Not on record: the step “Import” has no finished run." in text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left_out", ["train", "evaluate", "attack", "audit", "import", "roles", "standard"])
def test_documents_stand_without_any_one_step(frozen, kind, left_out):
    assert composed(kind, Brief(frozen.without("adult", left_out)))


def test_a_named_persons_answer_takes_the_blanks_place(frozen):
    told = frozen.told(
        "adult", more=[frozen.statement(40, {"model-card.users": "Researchers of the institute"})]
    )
    found = [one for one in blocks(composed(DocumentKind.MODEL_CARD, Brief(told))) if isinstance(one, Answer)]
    answer = next(one for one in found if one.question == "Who is meant to use it?")
    assert answer.text == "Researchers of the institute"
    assert "Ines Duarte, DPO" in answer.by


def test_what_helps_an_attacker_stays_inside(frozen):
    told = frozen.told("bank")
    for kind in (DocumentKind.MODEL_CARD, DocumentKind.AI_ACT):
        inside = words(composed(kind, Brief(told)))
        outside = words(composed(kind, Brief(told, edition=Edition.RECIPIENT)))
        assert "Singling out by one value" in inside
        assert "Singling out by one value" not in outside
        assert "Attacks: left out of the edition for recipients" in outside
        assert "Attacks run:" in outside
    sheet = words(composed(DocumentKind.DATASHEET, Brief(frozen.told("adult"), edition=Edition.RECIPIENT)))
    assert "Columns that single people out: left out" in sheet
    assert "age, occupation" not in sheet


def test_annex_iv_has_its_nine_points_and_concludes_no_conformity(frozen):
    parts = composed(DocumentKind.AI_ACT, Brief(frozen.told("adult")))
    assert [part.title[:2] for part in parts[:9]] == [f"{number}." for number in range(1, 10)]
    assert "neither concludes" in words(parts)


def test_the_statement_answers_each_hazard(frozen):
    parts = composed(DocumentKind.DP_STATEMENT, Brief(frozen.told("adult")))
    tables = [one for one in blocks(parts) if isinstance(one, Table) and one.header[0] == "Hazard"]
    assert [len(one.rows) for one in tables] == [7, 10, 8]
    assert all(row[1] and "does not say" not in row[1] for one in tables for row in one.rows)


def test_a_bound_is_rounded_up(frozen):
    parts = composed(DocumentKind.DP_STATEMENT, Brief(frozen.told("adult")))
    assert "at most 12.19 times" in words(parts)  # e^2.5 is 12.1825


def test_an_unknown_noise_is_not_called_exact(frozen):
    told = frozen.told("adult")
    events = [
        replace(one, facts={**one.facts, "estimator": "diffprivlib-forest"}) if one.kind == "train" else one
        for one in told.events
    ]
    text = words(composed(DocumentKind.DP_STATEMENT, Brief(replace(told, events=tuple(events)))))
    assert "their noise is drawn in floating point" in text


def test_claims_of_several_models_name_the_choice_among_them(frozen):
    told = frozen.told("adult")
    train = next(one for one in told.events if one.kind == "train" and one.good)
    told = replace(told, events=(*told.events, replace(train, seq=50)))
    text = words(composed(DocumentKind.DP_STATEMENT, Brief(told)))
    assert "2 models were trained, and each is counted in ε." in text


def test_no_attack_is_called_within_a_limit_that_it_is_over(frozen):
    parts = composed(DocumentKind.MODEL_CARD, Brief(frozen.told("bank")))
    rows = next(
        one for one in blocks(parts) if isinstance(one, Table) and one.title == "What attacks found"
    ).rows
    verdicts = {row[0]: row[5] for row in rows}
    assert verdicts["Inference of default, release"] == "over the limit, but no surer than chance"
    assert verdicts["Marketer, release"] == "no limit set"
    assert "Over the limit, but no surer than chance: 2." in words(parts)


def test_exact_figures_of_synthetic_records_and_hashes_of_files_stay_inside(frozen):
    told = frozen.told("adult")
    for kind, said in (
        (DocumentKind.DP_STATEMENT, "Columns of the synthetic records are"),
        (DocumentKind.DATASHEET, "SHA-256 of the file"),
    ):
        assert said in words(composed(kind, Brief(told)))
        assert said not in words(composed(kind, Brief(told, edition=Edition.RECIPIENT)))


def released_by_safepub(told, *, private: bool = True):
    """The history whose release is SafePub's, beside a model that was made for a person."""
    guarantee = {"epsilon": 1.0, "delta": 1e-6, "beta": 0.5, "k": 40, "as_arx": False, "private": private}
    more = {"anonymize": {"private": guarantee}, "train": {"unit_column": "person", "most_rows": 3}}
    return replace(
        told,
        events=tuple(
            replace(one, facts={**one.facts, **more.get(one.kind, {})}) if one.good else one
            for one in told.events
        ),
    )


def test_results_for_persons_and_for_records_together_protect_a_record(frozen):
    text = words(composed(DocumentKind.DP_STATEMENT, Brief(released_by_safepub(frozen.told("adult")))))
    assert "the unit is one record, since not all results were made for the same person" in text
    assert "Whether the column tells persons apart" not in text
    assert "Records released by SafePub, event 9" in text
    assert "An anonymized table of the same records was written" not in text


@pytest.mark.parametrize("kind", [DocumentKind.DPIA, DocumentKind.DATASHEET])
def test_a_release_by_safepub_is_never_told_to_have_no_risk(kind, frozen):
    told = released_by_safepub(frozen.told("adult"))
    nothing = dict.fromkeys(("records", "classes", "smallest", "prosecutor", "marketer", "at_risk"), 0)
    none = {"before": nothing, "after": nothing, "suppressed": 0}  # so the step records it
    told = replace(
        told,
        events=tuple(
            replace(one, facts={**one.facts, **none}) if one.kind == "anonymize" else one
            for one in told.events
        ),
    )
    said = words(composed(kind, Brief(told)))
    assert "Risks from class sizes are not told" in said
    assert "0\u00a0%" not in [line.strip() for cell in said.split("\n") for line in cell.split(" | ")]
    assert "highest risk is" not in said


def test_safepub_in_test_mode_is_not_called_private(frozen):
    told = released_by_safepub(frozen.told("adult"), private=False)
    safepub = replace(told, events=tuple(one for one in told.events if one.kind in ("import", "anonymize")))
    parts = composed(DocumentKind.DP_STATEMENT, Brief(safepub))
    assert "a seeded stream that repeats (test mode)" in words(parts)
    assert "The claim does not hold" in words(parts)


def test_a_model_of_a_number_shows_its_own_measures(frozen):
    told = frozen.told("adult")
    error = {"value": 3.2, "low": 3.1, "high": 3.3}
    measures = [
        {"name": "mae", "label": "Mean absolute error", "estimate": error, "lower": True},
        {"name": "r2", "label": "R²", "estimate": None, "lower": False},
    ]
    changed = {"ours": None, "gap": None, "scores": None, "fairness": [], "task": "quantity"} | {
        "many": {"n": 6032, "measures": measures, "classes": []},
        "group_quality": [
            {"column": "sex", "floor": 50, "groups": [{"group": "Male", "n": 9, "measures": measures}]}
        ],
    }
    told = replace(
        told,
        events=tuple(
            replace(one, facts={**one.facts, **changed}) if one.kind == "evaluate" else one
            for one in told.events
        ),
    )
    parts = composed(DocumentKind.MODEL_CARD, Brief(told))
    rows = [row for one in blocks(parts) if isinstance(one, Table) for row in one.rows]
    assert any(row[:2] == ("Mean absolute error", "3.200 (3.100 to 3.300)") for row in rows)
    assert any(row[:2] == ("R²", "not defined") for row in rows)
    assert ("Male", "Mean absolute error", "3.200 (3.100 to 3.300)") in rows
    assert "Groups were not compared" not in words(parts)
