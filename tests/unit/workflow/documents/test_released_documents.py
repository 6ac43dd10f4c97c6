"""Documents of a release: law word for word, blanks until persons answer, applied hierarchies as CSV, and
what the edition for recipients leaves out."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ppdesk.core.section import Answer, Block, Table, Words
from ppdesk.report.cited import sources_of
from ppdesk.report.document import Edition
from ppdesk.report.tongue import Language, Tongue
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.kinds import DocumentKind, skeleton
from ppdesk.workflow.reporting.documents.released.law import ACTUAL_KNOWLEDGE, IDENTIFIERS
from ppdesk.workflow.reporting.questions import questions
from ppdesk.workflow.reporting.told import Told

KINDS = [DocumentKind.SAFE_HARBOR, DocumentKind.EXPERT, DocumentKind.CCPA, DocumentKind.EMA]
CONCLUDES = {
    DocumentKind.SAFE_HARBOR: "knowledge",
    DocumentKind.EXPERT: "determination",
    DocumentKind.CCPA: "commitment",
    DocumentKind.EMA: "conclusion",
}


def blocks(kind: DocumentKind, told: Told, **changes: Any) -> Iterator[Block]:
    brief = Brief(told, **changes)
    for part in skeleton(kind).compose()(brief):
        for chapter in part.chapters:
            yield from chapter.section.blocks


def words(kind: DocumentKind, told: Told, **changes: Any) -> str:
    said: list[str] = []
    for block in blocks(kind, told, **changes):
        if isinstance(block, Words):
            said.append(block.text)
        elif isinstance(block, Table):
            said += [block.title, *block.header, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, Answer):
            said += [block.question, block.text]
    return "\n".join(said)


def rows(kind: DocumentKind, told: Told, title: str, **changes: Any) -> list[list[str]]:
    tables = (one for one in blocks(kind, told, **changes) if isinstance(one, Table))
    return [[str(cell) for cell in row] for one in tables if one.title.startswith(title) for row in one.rows]


def answered(frozen: Any, answers: dict[str, str]) -> Told:
    told: Told = frozen.told("adult", more=[frozen.statement(99, answers)])
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_is_asked_once(kind: DocumentKind, frozen: Any) -> None:
    asked = [one.question for one in blocks(kind, frozen.told("adult")) if isinstance(one, Answer)]
    listed = [one.title[Language.ENGLISH] for one in questions(kind.value)]
    in_rows = [one for one in listed if one.startswith("(") and kind is DocumentKind.SAFE_HARBOR]
    assert len(in_rows) in (0, 18)
    assert sorted(set(listed) - set(in_rows) - set(asked)) == []
    assert all(asked.count(one) == listed.count(one) for one in listed if one not in in_rows)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_concluded_before_a_person_does(kind: DocumentKind, frozen: Any) -> None:
    id_ = f"{kind.value}.{CONCLUDES[kind]}"
    asked = next(one for one in questions(kind.value) if one.id == id_)
    title = asked.title[Language.ENGLISH]

    def given(told: Told) -> Answer:
        return next(one for one in blocks(kind, told) if isinstance(one, Answer) and one.question == title)

    assert given(frozen.told("adult")).text == ""
    chosen = asked.choices[0]
    answer = given(answered(frozen, {id_: chosen.key}))
    assert answer.text == chosen.words[Language.ENGLISH]
    assert "Ines Duarte, DPO" in answer.by
    if kind is not DocumentKind.CCPA:  # its choices are yes and no
        silent = words(kind, frozen.told("adult"))
        assert not any(one.words[Language.ENGLISH] in silent for one in asked.choices)


def test_the_eighteen_rows_quote_the_rule_and_wait_for_a_person(frozen: Any) -> None:
    kind = DocumentKind.SAFE_HARBOR
    told = answered(frozen, {"hipaa-safe-harbor.c": "permitted"})
    table = rows(kind, told, "Eighteen identifiers")
    assert [row[0] for row in table] == [f"({letter}) {law}" for letter, law in IDENTIFIERS]
    assert [row[0][1] for row in table] == list("ABCDEFGHIJKLMNOPQR")
    found = {row[0][1]: row[1:] for row in table}
    assert found["C"] == [
        "age: Generalized to level 3 of 4",
        "nothing found",
        "Kept in the form that the rule permits (event 99)",
    ]
    assert found["E"] == ["nothing found", "cannot be told from values", "[blank]"]
    assert ACTUAL_KNOWLEDGE in words(kind, told)


def test_a_translation_stands_beside_the_law_and_never_for_it(frozen: Any) -> None:
    table = rows(DocumentKind.SAFE_HARBOR, frozen.told("adult"), "Achtzehn", say=Tongue("de"))
    assert table[3][0] == "(D) Telephone numbers; [Telefonnummern]"


def test_rows_say_where_nothing_was_searched(frozen: Any) -> None:
    table = rows(DocumentKind.SAFE_HARBOR, frozen.without("adult", "inspect", "export"), "Eighteen")
    assert {(row[1], row[2]) for row in table} == {("not searched", "not searched")}


@pytest.mark.parametrize("kind", KINDS)
def test_attackers_results_are_told_and_held_back_from_recipients(kind: DocumentKind, frozen: Any) -> None:
    told = frozen.told("bank")
    inside, outside = (words(kind, told, edition=one) for one in Edition)
    for secret in ("98.8\u00a0% (97.6\u00a0% to 100\u00a0%)", "Smallest class\n", "predicates were found"):
        assert secret in inside
        assert secret not in outside
    assert "One got more than the limit set for it: Singling out by one value, release." in inside
    assert "One got more than the limit set for it." in outside
    assert "would help an attacker" in outside


@pytest.mark.parametrize("kind", KINDS)
def test_an_almost_empty_history_makes_a_document_that_says_what_is_missing(
    kind: DocumentKind, frozen: Any
) -> None:
    told = replace(frozen.told("adult"), events=())
    said = words(kind, told)
    for step in ("Anonymize", "Attack", "Export"):
        assert f"{step} has no finished run" in said
    assert skeleton(kind).attach()(Brief(told)) == ()  # type: ignore[misc]  # all four attach something


@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_figures_say_where_they_come_from(kind: DocumentKind, frozen: Any) -> None:
    constant = ("Kinds of attack", "Provisions of a contract", "Steps without", "Not tested")
    for block in blocks(kind, frozen.told("adult")):
        if isinstance(block, Table) and not block.title.startswith(constant):
            assert sources_of(block), block.title


def test_limits_quote_their_sources(frozen: Any) -> None:
    for kind in (DocumentKind.EXPERT, DocumentKind.CCPA, DocumentKind.EMA):
        table = rows(kind, frozen.told("adult"), "Where the limits come from")
        assert any("El Emam and Dankar" in row[1] for row in table)


def test_what_is_declared_is_attached_value_by_value(frozen: Any) -> None:
    attach = skeleton(DocumentKind.EMA).attach()
    assert attach is not None
    files = {one.name: one for one in attach(Brief(frozen.told("bank")))}
    assert {one.mime for one in files.values()} == {"text/csv"}
    ages = dict(csv.reader(io.StringIO(files["age_applied.csv"].data.decode()), delimiter=";"))
    assert ages["18"] == ages["19"]
    assert ages["19"] != ages["20"]
    assert len(ages) == 84  # as Roles counted
    jobs = dict(csv.reader(io.StringIO(files["job_applied.csv"].data.decode()), delimiter=";"))
    assert jobs["retired"] == "retired"  # level 0
    levels = list(csv.reader(io.StringIO(files["applied_levels.csv"].data.decode()), delimiter=";"))
    assert levels[0] == ["column", "level", "levels", "level_name", "rule", "applied_table"]
    assert levels[1] == ["age", "3", "5", "", "intervals of 5, 10, 20", "age_applied.csv"]


def test_a_hierarchy_file_is_named_and_not_made_up(frozen: Any) -> None:
    attach = skeleton(DocumentKind.EMA).attach()
    assert attach is not None
    told = frozen.told("adult")
    assert [one.name for one in attach(Brief(told))] == ["applied_levels.csv"]
    table = rows(DocumentKind.EMA, told, "Applied hierarchies")
    assert table[1][1] == "hierarchy file age.csv"
    assert table[1][3] == "not attached: the rows of the file are not in the record"


def test_a_rule_that_gives_other_values_than_roles_counted_is_not_attached(frozen: Any) -> None:
    told = frozen.told("bank")

    def fewer(event: Any) -> Any:
        if event.kind != "roles":
            return event
        columns = [{**one, "leaves": one["leaves"] + 1} for one in event.facts["columns"]]
        return replace(event, facts={**event.facts, "columns": columns})

    changed = replace(told, events=tuple(map(fewer, told.events)))
    attach = skeleton(DocumentKind.EMA).attach()
    assert attach is not None
    assert [one.name for one in attach(Brief(changed))] == ["applied_levels.csv"]


def test_the_threshold_of_the_guidance_stands_beside_the_risk(frozen: Any) -> None:
    table = rows(DocumentKind.EMA, frozen.told("adult"), "Measured risk beside the guidance")
    assert table == [["Highest risk of a record of the release", "0.200", "0.09", "above it"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_differentially_private_release_tells_no_class_sizes(kind: DocumentKind, frozen: Any) -> None:
    private = {
        "epsilon": 1.0, "delta": 1e-6, "beta": 0.5, "k": 40, "as_arx": False, "generalization": "fixed",
        "left_out": ["salary-class"], "private": True, "found_out": [],
    }  # fmt: skip
    told = frozen.told("adult")

    def safepub(event: Any) -> Any:
        return (
            replace(event, facts={**event.facts, "private": private}) if event.kind == "anonymize" else event
        )

    said = words(kind, replace(told, events=tuple(map(safepub, told.events))))
    assert "ε = 1, δ = 0.000001. Records were drawn with probability 0.5" in said
    assert "Classes of records" not in said
    assert "proved best" not in said
    assert "k-anonymity (" not in said


def test_an_estimate_over_its_limit_is_never_called_within_it(frozen: Any) -> None:
    told = frozen.told("bank")
    table = {row[0]: row for row in rows(DocumentKind.EMA, told, "Attacks on the released")}
    inferred = table["Inference of default, release"]
    assert inferred[2].startswith("Risk: 50\u00a0% (1.8\u00a0%")
    assert inferred[3].endswith("limit 20\u00a0%")
    assert inferred[5] == "over the limit, but no surer than chance"
    assert "no surer than chance: Inference of default, release" in words(DocumentKind.EMA, told)


def test_what_export_found_left_stands_in_its_row(frozen: Any) -> None:
    left = {
        "column": "notes", "kind": "email", "title": "e-mail addresses", "hipaa": [6], "cells": 1200,
        "valid": 40, "inside": True, "proved": True,
    }  # fmt: skip
    told = frozen.told("adult")

    def leaking(event: Any) -> Any:
        return replace(event, facts={**event.facts, "left": [left]}) if event.kind == "export" else event

    table = rows(DocumentKind.SAFE_HARBOR, replace(told, events=tuple(map(leaking, told.events))), "Eighteen")
    assert [row[2] for row in table if row[0].startswith("(F)")] == ["notes: about 1,200 cells"]
    assert sum("notes" in cell for row in table for cell in row) == 1


def test_a_level_that_differs_by_class_has_no_applied_table(frozen: Any) -> None:
    told = frozen.told("bank")

    def local(event: Any) -> Any:
        if event.kind != "anonymize":
            return event
        columns = [{**one, "level": None} for one in event.facts["columns"]]
        return replace(event, facts={**event.facts, "columns": columns})

    changed = replace(told, events=tuple(map(local, told.events)))
    attach = skeleton(DocumentKind.CCPA).attach()
    assert attach is not None
    assert [one.name for one in attach(Brief(changed))] == ["applied_levels.csv"]
    table = rows(DocumentKind.CCPA, changed, "Applied hierarchies")
    assert table[0][2:] == [
        "Generalized; the level differs by class",
        "not attached: its level differs by class",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_no_longer_stands_is_remarked(kind: DocumentKind, frozen: Any) -> None:
    told = frozen.told("adult")
    roles = next(one for one in told.events if one.kind == "roles")
    again = replace(roles, seq=98, outputs={**roles.outputs, "roles": "0" * 64, "hierarchies": "1" * 64})
    said = words(kind, replace(told, events=(*told.events, again)))
    assert "Out of date: something that the step “Anonymize” read has changed" in said
    assert "Out of date: something that the step “Attack” read has changed" in said
