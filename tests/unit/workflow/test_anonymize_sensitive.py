"""Sensitive columns in the step: how models are written, checked, recorded and told."""

import json

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.data.sensitive_models import MODELS, read, sentence
from ppdesk.workflow.step import Context

ROWS = pa.table(
    {
        "age": ["1", "1", "2", "2", "3", "3", "4", "4"],
        "ill": ["y", "y", "n", "n", "y", "n", None, "n"],
        "pay": ["10", "9", "10", "9", "10", "9", "10", "9"],
    }
)
AGE = validated("age", [["1", "12", "*"], ["2", "12", "*"], ["3", "34", "*"], ["4", "34", "*"]])
ROLES = {
    "columns": [
        {"name": "age", "role": "quasi-identifier", "type": "categorical"},
        {"name": "ill", "role": "sensitive", "type": "categorical", "categories": ["y", "n"]},
        {"name": "pay", "role": "sensitive", "type": "numeric", "min": 0, "max": 20},
    ]
}
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", ROWS, personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json({"age": AGE})),)),
}
ALL = (
    "ill: distinct-l-diversity, l = 2",
    "ill: entropy-l-diversity, l = 1.5",
    "pay: recursive-(c,l)-diversity, c = 3, l = 2",
    "ill: equal-t-closeness, t = 0.4",
    "ill: hierarchical-t-closeness, t = 0.9",
    "pay: ordered-t-closeness, t = 0.5",
    "pay: delta-disclosure, delta = 2",
    "pay: basic-beta-likeness, beta = 1",
    "pay: enhanced-beta-likeness, beta = 1",
)


def params(**values):
    return parse(STEP.Params, values, step="anonymize")


def codes(chosen, heads=None):
    return [one.code for one in STEP.check(chosen, {Kind.ROLES: ROLES, **(heads or {})})]


def run(chosen, sources=None):
    context = Context(sources or {}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(chosen, INPUTS, context)


def test_sentences_tables_and_json_mean_the_same():
    table = {"column": "pay", "model": "recursive-(c,l)-diversity", "c": 3, "l": 2}
    said = "pay: recursive-(c,l)-diversity, c = 3, l = 2"
    shapes = (said, table, json.dumps(table), "pay:recursive-(c,l)-diversity c=3 l=2")
    assert {params(sensitive=[one]).sensitive for one in shapes} == {(said,)}
    assert params(sensitive=shapes).sensitive == (said,)


def test_every_model_has_a_sentence_and_a_column_may_hold_signs():
    assert {read(one).model for one in ALL} == set(MODELS)
    assert [sentence(read(one)) for one in ALL] == list(ALL)
    assert read("a: b, c: equal-t-closeness, t = 0.2").column == "a: b, c"


@pytest.mark.parametrize(
    "wrong",
    [
        "ill", "ill: k-anonymity, k = 2", "ill: distinct-l-diversity", "ill: distinct-l-diversity, l = 1.5",
        "ill: distinct-l-diversity, l = 2, t = 1", "ill: equal-t-closeness, t = 2", "{", {"column": "ill"}, 3,
        "ill: equal-t-closeness, t = x",
    ],
)  # fmt: skip
def test_what_is_no_model_is_refused(wrong):
    with pytest.raises(InvalidParamsError):
        params(sensitive=[wrong])


def test_only_sensitive_columns_and_those_without_a_model_are_remarked():
    assert codes(params()) == ["PP-ANONYMIZE-006"]
    assert codes(params(sensitive=ALL[:1])) == ["PP-ANONYMIZE-006"]
    assert codes(params(sensitive=[ALL[0], ALL[2]])) == []
    found = STEP.check(params(sensitive=["age: distinct-l-diversity, l = 2"]), {Kind.ROLES: ROLES})
    assert (found[0].level, found[0].code) == (Level.BLOCKING, "PP-ANONYMIZE-013")


def test_hierarchical_closeness_needs_a_hierarchy(tmp_path):
    asked = [ALL[4], ALL[2]]
    assert codes(params(sensitive=asked)) == ["PP-ANONYMIZE-014"]
    assert codes(params(sensitive=asked), {Kind.HIERARCHIES: {"columns": {"ill": {}}}}) == []
    with_file = params(sensitive=asked, sensitive_hierarchies={"ill": str(tmp_path / "ill.csv")})
    assert codes(with_file) == []
    assert codes(params(sensitive=[ALL[0], ALL[2]], sensitive_hierarchies={"ill": "i"})) == [
        "PP-ANONYMIZE-014"
    ]


def test_a_class_against_a_model_is_suppressed_and_the_worst_is_told():
    chosen = params(k=2, suppression_limit=0.5, sensitive=["ill: distinct-l-diversity, l = 2"])
    outcome = run(chosen)
    assert outcome.facts.sensitive[0].worst == 2.0
    (made,) = outcome.artifacts
    assert made.head["sensitive"] == ["ill: distinct-l-diversity, l = 2"]
    assert json.loads(made.data("solution"))["sensitive"] == made.head["sensitive"]
    by_class = {}
    for row in made.table("rows").to_pylist():
        by_class.setdefault(row["age"], set()).add(row["ill"])
    assert all(len(values) >= 2 for age, values in by_class.items() if age != "*")
    words = [block for block in STEP.section(chosen, outcome.facts).blocks if isinstance(block, Words)]
    assert "meets distinct-l-diversity (l = 2) of ill" in words[0].text


def test_all_models_together(tmp_path):
    tree = tmp_path / "ill.csv"
    tree.write_text("y;*\nn;*\n;*\n")
    chosen = params(k=2, suppression_limit=1.0, sensitive=ALL, sensitive_hierarchies={"ill": str(tree)})
    outcome = run(chosen, {"sensitive_hierarchies.ill": tree})
    assert [one.model for one in outcome.facts.sensitive] == list(MODELS)
    (table,) = [
        block
        for block in STEP.section(chosen, outcome.facts).blocks
        if isinstance(block, Table) and block.title == "Sensitive columns"
    ]
    assert len(table.rows) == len(ALL)


@pytest.mark.parametrize(
    ("quality", "score", "settings"),
    [
        ("aecs", 2.0, {"gs_factor": 0.5}),
        ("height", 0.0, {"aggregate": "sum", "weights": {}}),
        ("discernibility", 16.0, {"monotone": False}),
    ],
)
def test_another_quality_is_recorded_and_told_by_its_name(quality, score, settings):
    chosen = params(k=2, quality=quality)
    outcome = run(chosen)
    (made,) = outcome.artifacts
    assert (made.head["quality"], outcome.facts.quality, outcome.facts.score) == (quality, quality, score)
    assert json.loads(made.data("solution"))["quality"] == {quality: settings}
    section = STEP.section(chosen, outcome.facts)
    assert section.blocks[0].items[0].label.lower() == quality
    assert f"has a smaller {quality}" in section.blocks[1].text
    assert "PP-ANONYMIZE-015" not in codes(chosen)
    assert "PP-ANONYMIZE-015" in codes(params(quality=quality, response="ill"))


def test_without_a_model_nothing_is_said_of_sensitive_columns():
    outcome = run(params(k=2))
    assert "sensitive" not in outcome.artifacts[0].head
    assert "meets" not in STEP.section(params(k=2), outcome.facts).blocks[1].text
