"""A release under differential privacy is told as such: in the report, in the signed note, before it is
spent."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Section
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.deployment.export import STEP as EXPORT
from ppdesk.workflow.reporting import claim
from ppdesk.workflow.reporting.documents import overview
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.told import read

Made = Callable[..., Any]
PRIVATE = "differential-privacy, epsilon = 1, delta = 0.0001, generalization = medium"
COLUMNS = [{"name": "age", "role": "quasi-identifier"}, {"name": "ill", "role": "sensitive"}]
ROLES = {"unit": "record", "target": None, "columns": COLUMNS}
TREE = validated("age", [["1", "12", "*"], ["2", "12", "*"], ["3", "34", "*"], ["4", "34", "*"]])
ROWS = pa.table({"age": ["1"] * 70 + ["2"] * 70 + ["3"] * 3, "ill": ["y"] * 143})
HEADS = {Kind.TABLE: {"columns": COLUMNS}, Kind.ROLES: ROLES}
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", ROWS, personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json({"age": TREE})),)),
}
BUDGET = {
    "rows": [{"seq": 4, "title": "Anonymize", "epsilon": 1.0, "delta": 0.0001, "standing": "spent"}],
    "spent_epsilon": 1.0, "spent_delta": 0.0001, "neighbours": "add-or-remove-one", "method": "one event",
}  # fmt: skip


def params(**values: Any) -> Any:
    return parse(STEP.Params, values, step="anonymize")


def said(section: Section) -> str:
    return json.dumps([vars(block) for block in section.blocks], default=str, ensure_ascii=False)


@pytest.fixture(scope="module")
def outcome(context_of: Made) -> Any:
    return STEP.run(params(population=[PRIVATE]), INPUTS, context_of())


@pytest.fixture
def told(outcome: Any, event_of: Made, history_of: Made) -> Any:
    facts = outcome.facts.model_dump(mode="json")
    private = event_of(4, "anonymize", {"population": [PRIVATE]}, title="Anonymize", facts=facts)
    standard = event_of(2, "standard", {"preset": "gdpr"}, title="Standard")
    return read(history_of([event_of(1, "import", {}, title="Import"), standard, private], **BUDGET))


def test_the_report_claims_a_private_release_and_calls_it_no_other_kind_of_protection(told: Any) -> None:
    claimed, seen = map(said, claim.sections(told))
    assert "makes no claim of differential privacy" not in claimed
    assert "together make no outcome more than e^1.00" in claimed
    assert "add-or-remove-one" in claimed
    assert "records that SafePub released" in claimed
    assert "The table is no part of the claim" not in claimed
    assert "Counts and figures without noise: Anonymize" not in seen


def test_the_report_says_that_a_k_anonymous_release_is_outside_of_the_claim(
    told: Any, event_of: Made, history_of: Made
) -> None:
    events = [event_of(3, "anonymize", {}, title="Anonymize"), *map(vars, told.events)]
    claimed, _ = map(said, claim.sections(read(history_of(events, **BUDGET))))
    assert "Anonymized tables without differential privacy" in claimed


def test_the_summary_tells_no_risk_that_nobody_counted(told: Any) -> None:
    brief = Brief(told)
    words = said(Section("", (*overview.done(brief), *overview.key_figures(brief), *overview.limits(brief))))
    assert "at least -1 others" not in words
    assert "0 % before" not in words
    assert "the smallest class" not in words
    assert "SafePub" in words


def test_the_signed_note_names_differential_privacy_and_its_cost(outcome: Any, context_of: Made) -> None:
    (release,) = outcome.artifacts
    given = parse(EXPORT.Params, {"to": "out.csv"}, step="export")
    (made,) = EXPORT.run(given, {Kind.RELEASE: release}, context_of()).artifacts
    privacy = json.loads(made.data("manifest.json"))["privacy"]
    assert privacy["model"] == "differential privacy"
    assert privacy["differential_privacy"]["epsilon"] == 1.0
    assert privacy["differential_privacy"]["delta"] == 0.0001
    assert privacy["differential_privacy"]["neighbours"] == "add-or-remove-one"
    assert privacy["population"] == [json.loads(json.dumps(one)) for one in release.head["population"]]


def test_a_standard_that_export_would_hold_against_it_speaks_before_anything_is_spent() -> None:
    def codes(**standard: Any) -> set[str]:
        found = STEP.check(params(population=[PRIVATE]), {**HEADS, Kind.STANDARD: standard})
        return {one.code for one in found if one.level is Level.BLOCKING}

    assert codes(k_min=47, risk_max=1 / 47) == set()  # k follows from epsilon and delta: 47
    assert codes(k_min=48) == {"PP-ANONYMIZE-001"}
    assert codes(risk_max=1 / 48) == {"PP-ANONYMIZE-003"}


def test_levels_that_do_not_exist_are_refused_before_anything_is_spent() -> None:
    wrong = {"model": "differential-privacy", "epsilon": 1, "delta": 0.0001, "levels": {"age": 7}}
    trees = {Kind.HIERARCHIES: {"columns": {"age": {"levels": 3, "leaves": 4}}}}
    found = STEP.check(params(population=[wrong]), {**HEADS, **trees})
    assert {one.code for one in found if one.level is Level.BLOCKING} == {"PP-ANONYMIZE-035"}


def test_a_reading_that_was_found_out_stands_beside_the_claim(
    outcome: Any, event_of: Made, history_of: Made
) -> None:
    facts = outcome.facts.model_dump(mode="json")
    facts["private"]["found_out"] = ["the decimal mark"]
    events = [event_of(4, "anonymize", {"population": [PRIVATE]}, title="Anonymize", facts=facts)]
    claimed, _ = map(said, claim.sections(read(history_of(events, **BUDGET))))
    assert "Found out over all records: the decimal mark" in claimed


def test_the_score_does_not_tell_which_values_the_table_has(context_of: Made) -> None:
    """The leaves of an open hierarchy are the values of the table, also those that are not released."""

    def score(*more: str) -> Any:
        rows = [*TREE.rows, *((one, "34", "*") for one in more)]
        tree = validated("age", [list(row) for row in rows])
        head = {"columns": {"age": {"levels": 3, "leaves": len(rows), "rule": "prefix", "open": True}}}
        trees = Artifact(Kind.HIERARCHIES, head, (Part("hierarchies", to_json({"age": tree})),))
        made = STEP.run(params(population=[PRIVATE]), {**INPUTS, Kind.HIERARCHIES: trees}, context_of())
        return made.facts.score, made.facts.columns, made.artifacts[0].head["score"]

    assert score() == score("77") == score("77", "78", "79")
