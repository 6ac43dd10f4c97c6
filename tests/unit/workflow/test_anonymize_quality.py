"""Quality models in the step: settings that matter, the response variable, measures of the release."""

import json

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import parse
from ppdesk.core.section import Table
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.data.release_quality_section import DEFINITIONS
from ppdesk.workflow.step import Context

ROWS = pa.table({"age": ["1", "1", "2", "2", "3", "3", "4", "4"], "ill": list("yynnynnn")})
AGE = validated("age", [["1", "12", "*"], ["2", "12", "*"], ["3", "34", "*"], ["4", "34", "*"]])
ROLES = {
    "columns": [
        {"name": "age", "role": "quasi-identifier", "type": "categorical"},
        {"name": "ill", "role": "sensitive", "type": "categorical", "categories": ["y", "n"]},
    ],
    "target": "ill",
}
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", ROWS, personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json({"age": AGE})),)),
}


def params(**values):
    return parse(STEP.Params, values, step="anonymize")


def codes(roles=ROLES, **values):
    return [one.code for one in STEP.check(params(**values), {Kind.ROLES: roles})]


def run(chosen, sources=None):
    context = Context(sources or {}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(chosen, INPUTS, context)


def test_the_target_is_the_response_and_the_record_has_the_settings():
    chosen = params(k=2, quality="classification-accuracy", gs_factor=0.5)
    outcome = run(chosen)
    # at level 0 the classes are yy, nn, yn, nn: the undecided one costs 1 for each of its 2 records of 8
    assert outcome.facts.score == pytest.approx(2 / 8)
    told = json.loads(outcome.artifacts[0].data("solution"))
    assert told["quality"] == {"classification-accuracy": {"gs_factor": 0.5, "response": ""}}


def test_by_rank_the_score_of_the_record_is_a_list():
    outcome = run(params(k=4, aggregate="rank"))
    told = json.loads(outcome.artifacts[0].data("solution"))
    assert told["score"] == [outcome.facts.score]


def test_measures_of_the_release_are_told_whatever_was_minimized():
    chosen = params(k=4, quality="discernibility", monotone=True, suppression_limit=0.0)
    outcome = run(chosen)
    found = {one.name: one.value for one in outcome.facts.measures}
    assert list(found) == list(DEFINITIONS)
    assert found["precision"] == pytest.approx(0.5)
    assert found["granularity"] == pytest.approx(1 - (0.5 - 0.25) / 0.75)
    (table,) = [
        block
        for block in STEP.section(chosen, outcome.facts).blocks
        if isinstance(block, Table) and block.title == "Quality of the release"
    ]
    assert len(table.rows) == len(DEFINITIONS)


def test_settings_that_do_not_matter_are_remarked():
    assert "PP-ANONYMIZE-015" in codes(quality="aecs", aggregate="sum")
    assert "PP-ANONYMIZE-015" in codes(monotone=True)
    assert "PP-ANONYMIZE-015" in codes(quality="discernibility", gs_factor=0.1)
    assert "PP-ANONYMIZE-015" not in codes(quality="precision", monotone=True, gs_factor=0.1)


def test_a_response_is_needed_that_is_no_quasi_identifier():
    none = {"columns": ROLES["columns"]}
    asked = {"quality": "classification-accuracy"}
    assert "PP-ANONYMIZE-047" not in codes(**asked)
    assert "PP-ANONYMIZE-047" in codes(roles=none, **asked)
    assert "PP-ANONYMIZE-047" in codes(response="age", **asked)


def test_rank_needs_the_exact_search():
    assert "PP-ANONYMIZE-048" in codes(aggregate="rank", algorithm="genetic")
    assert "PP-ANONYMIZE-048" not in codes(aggregate="rank")
