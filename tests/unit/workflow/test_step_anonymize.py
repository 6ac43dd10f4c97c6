"""The step that makes a release k-anonymous."""

import json

import pyarrow as pa
import pytest

from ppdesk.anonymize.errors import NoSolutionError
from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Plot
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.step import Context

ROWS = pa.table(
    {
        "name": [f"P{i}" for i in range(12)],
        "age": ["1", "1", "1", "2", "2", "2", "3", "3", "3", "4", "4", "4"],
        "sex": ["f", "f", "f", "m", "m", "m", "f", "f", "f", "m", "m", "f"],
        "ill": ["y", "n"] * 6,
    }
)
TREES = {
    "age": validated("age", [["1", "12", "*"], ["2", "12", "*"], ["3", "34", "*"], ["4", "34", "*"]]),
    "sex": validated("sex", [["f", "*"], ["m", "*"]]),
}
ROLE = {
    "name": "direct-identifier",
    "age": "quasi-identifier",
    "sex": "quasi-identifier",
    "ill": "insensitive",
}
ROLES = {"unit": "record", "target": None, "columns": [{"name": n, "role": r} for n, r in ROLE.items()]}
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", ROWS, personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
}
STANDARD = {
    "k_min": 5, "suppression_max": 0.1, "risk_max": 0.2,
    "sources": {"k_min": ["WP216."], "suppression_max": ["Own."], "risk_max": ["EMA 0070."]},
}  # fmt: skip


def params(**values):
    return parse(STEP.Params, values, step="anonymize")


def run(seed=1, **values):
    context = Context({}, TestEntropy(seed), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(params(**values), INPUTS, context)


def test_the_release_says_what_it_is():
    outcome = run(k=3, suppression_limit=0.25)
    (made,) = outcome.artifacts
    assert made.head == {
        "k": 3, "suppression_limit": 0.25, "quality": "loss", "levels": {"age": 0, "sex": 0},
        "score": outcome.facts.score, "rows": 12, "suppressed": 3, "optimal": True,
        "columns": ["age", "sex", "ill"],
    }  # fmt: skip
    assert [(part.name, part.personal) for part in made.parts] == [
        ("rows", True), ("solution", False), ("lattice", False),
    ]  # fmt: skip
    assert made.table("rows").num_rows == 12
    assert made.table("rows").column("age").to_pylist().count("*") == 3


def test_the_proof_accounts_for_every_transformation():
    outcome = run(k=3, suppression_limit=0.25)
    proof = json.loads(outcome.artifacts[0].data("solution"))
    assert proof["checked"] + sum(proof["pruned"].values()) == proof["lattice_size"] == 6


def test_the_same_run_gives_the_same_bytes_and_another_seed_another_order():
    first, again, other = (run(seed, k=3).artifacts[0] for seed in (1, 1, 2))
    assert first.table("rows").equals(again.table("rows"))
    assert not first.table("rows").equals(other.table("rows"))
    assert first.data("solution") == other.data("solution")


def test_risks_before_and_after():
    facts = run(k=3, suppression_limit=0.25).facts
    assert (facts.before.uniques, facts.before.prosecutor) == (1, 1.0)
    assert (facts.after.uniques, facts.after.prosecutor, facts.after.classes) == (0, pytest.approx(1 / 3), 3)


def test_no_solution_is_proved():
    with pytest.raises(NoSolutionError):
        run(k=13)


def test_it_spends_no_budget():
    assert STEP.cost(params(), {}) == NoEvent()


@pytest.mark.parametrize(
    ("values", "code", "source"),
    [
        ({"k": 4, "suppression_limit": 0.1}, "PP-ANONYMIZE-001", "WP216."),
        ({"k": 5, "suppression_limit": 0.11}, "PP-ANONYMIZE-002", "Own."),
        ({"k": 4, "suppression_limit": 0.1}, "PP-ANONYMIZE-003", "EMA 0070."),
    ],
)
def test_the_standards_limits_refuse_and_name_their_source(values, code, source):
    found = {
        one.code: one for one in STEP.check(params(**values), {Kind.STANDARD: STANDARD, Kind.ROLES: ROLES})
    }
    assert found[code].level is Level.BLOCKING
    assert found[code].detail == source


def test_within_the_limits_nothing_is_remarked():
    assert STEP.check(params(k=5, suppression_limit=0.1), {Kind.STANDARD: STANDARD, Kind.ROLES: ROLES}) == []


def test_sensitive_columns_are_remarked():
    roles = {"columns": [{"name": "a", "role": "quasi-identifier"}, {"name": "b", "role": "sensitive"}]}
    assert [one.code for one in STEP.check(params(), {Kind.ROLES: roles})] == ["PP-ANONYMIZE-006"]


def test_a_table_imported_anew_with_an_undeclared_column_is_refused():
    table = {"columns": [{"name": name} for name in (*ROLE, "passport")]}
    found = STEP.check(params(k=3), {Kind.ROLES: ROLES, Kind.TABLE: table})
    assert [(one.level, one.code) for one in found] == [(Level.BLOCKING, "PP-ANONYMIZE-007")]
    assert "passport" in found[0].detail


def test_a_table_imported_anew_without_a_quasi_identifier_is_refused():
    table = {"columns": [{"name": name} for name in ("name", "age", "ill")]}
    found = STEP.check(params(k=3), {Kind.ROLES: ROLES, Kind.TABLE: table})
    assert [(one.code, "sex" in one.detail) for one in found] == [("PP-ANONYMIZE-007", True)]


def test_a_column_that_nobody_declared_is_never_released():
    roles = {**ROLES, "columns": [one for one in ROLES["columns"] if one["name"] != "ill"]}
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    outcome = STEP.run(params(k=3), {**INPUTS, Kind.ROLES: Artifact(Kind.ROLES, roles)}, context)
    assert outcome.artifacts[0].table("rows").column_names == ["age", "sex"]


def test_without_a_quasi_identifier_there_is_nothing_to_do():
    assert STEP.check(params(), {Kind.ROLES: {"columns": []}})[0].level is Level.BLOCKING


@pytest.mark.parametrize("weights", [{"ill": 1.0}, {"age": -1.0}, {"age": 0.0, "sex": 0.0}])
def test_weights_are_checked_before_the_run(weights):
    assert [one.code for one in STEP.check(params(weights=weights), {Kind.ROLES: ROLES})] == [
        "PP-ANONYMIZE-005"
    ]


def test_the_section_draws_from_the_record_alone():
    facts = run(k=3).facts
    section = STEP.section(params(k=3), STEP.Facts.model_validate_json(facts.model_dump_json()))
    plots = {block.name: block.values for block in section.blocks if isinstance(block, Plot)}
    assert plots["column_loss"]["columns"] == ["age", "sex"]
    assert len(plots["class_sizes"]["before"]) == len(plots["class_sizes"]["labels"])
    assert sum(plots["class_sizes"]["before"]) == 12


def test_a_release_that_says_nothing_is_remarked():
    assert [one.code for one in run(k=12).findings] == ["PP-ANONYMIZE-010"]


def test_suppressed_records_that_do_not_hide_each_other_are_remarked():
    rows = ROWS.slice(0, 10)  # one record alone with age 4
    inputs = {**INPUTS, Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", rows, personal=True),))}
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    outcome = STEP.run(params(k=3, suppression_limit=0.1), inputs, context)
    assert outcome.facts.suppressed == 1
    assert [one.code for one in outcome.findings] == ["PP-ANONYMIZE-012"]
