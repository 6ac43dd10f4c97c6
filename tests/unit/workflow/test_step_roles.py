"""The step that says what each column is."""

import json

import pyarrow as pa
import pytest

from ppdesk.anonymize.errors import DuplicateLeafError, OutsideHierarchyError
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.workflow.data.roles import STEP
from ppdesk.workflow.data.roles_hierarchies import UnreadableHierarchyFileError
from ppdesk.workflow.step import Context

ROWS = pa.table({"name": ["A", "B", "C"], "age": ["30", "x", "99"], "job": ["cook", "cook", None]})
HEAD = {"columns": [{"name": name, "type": "string"} for name in ROWS.column_names]}
TABLE = Artifact(Kind.TABLE, HEAD, (Part("rows", ROWS, personal=True),))
NAME = {"name": "name", "role": "direct-identifier"}
AGE = {"name": "age", "role": "insensitive", "type": "numeric", "min": 0, "max": 90}
JOB = {"name": "job", "role": "quasi-identifier", "categories": ["cook", "smith"]}
JOB_TREE = "cook;*\nsmith;*\n;*\n"


def params(*columns, hierarchies=("job",)):
    files = {name: f"/somewhere/{name}.csv" for name in hierarchies}
    return parse(STEP.Params, {"columns": list(columns), "hierarchies": files}, step="roles")


@pytest.fixture
def run(tmp_path):
    def act(*columns, tree=JOB_TREE):
        path = tmp_path / "job.csv"
        path.write_text(tree)
        sources = {"hierarchies.job": path}
        context = Context(sources, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
        return STEP.run(params(*columns), {Kind.TABLE: TABLE}, context)

    return act


def test_roles_and_hierarchies_are_handed_on(run):
    roles, trees = run(NAME, AGE, {**JOB, "target": True, "positive": "cook"}).artifacts
    assert roles.head["target"] == "job"
    assert roles.head["columns"][1] == {
        "name": "age", "role": "insensitive", "target": False, "type": "numeric", "min": 0.0, "max": 90.0,
        "categories": None, "positive": None, "origin": "codebook",
    }  # fmt: skip
    assert trees.head == {"columns": {"job": {"levels": 2, "leaves": 3}}}
    assert json.loads(trees.data("hierarchies")) == {"job": [["cook", "*"], ["smith", "*"], ["", "*"]]}


def test_values_that_are_not_declared_are_counted_and_remarked(run):
    outcome = run(NAME, AGE, JOB)
    assert [(one.name, one.outside, one.missing) for one in outcome.facts.columns] == [
        ("name", 0, 0), ("age", 2, 0), ("job", 0, 1)
    ]  # fmt: skip
    (found,) = outcome.findings
    assert (found.level, found.title[:10]) == (Level.CAUTION, "2 records ")


def test_declared_bounds_are_never_filled_from_the_table(run):
    roles = run(NAME, {"name": "age", "role": "insensitive", "type": "numeric"}, JOB).artifacts[0]
    assert (roles.head["columns"][1]["min"], roles.head["columns"][1]["max"]) == (None, None)


def test_values_outside_the_hierarchy_are_refused_with_their_count(run):
    with pytest.raises(OutsideHierarchyError) as caught:
        run(NAME, AGE, JOB, tree="smith;*\n")
    assert (caught.value.values["rows"], caught.value.values["missing"]) == (3, 1)


def test_a_hierarchy_that_is_none_is_refused(run):
    with pytest.raises(DuplicateLeafError):
        run(NAME, AGE, JOB, tree="cook;*\ncook;*\n")


def test_a_hierarchy_file_that_is_gone_is_named(tmp_path):
    sources = {"hierarchies.job": tmp_path / "gone.csv"}
    context = Context(sources, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    with pytest.raises(UnreadableHierarchyFileError) as caught:
        STEP.run(params(NAME, AGE, JOB), {Kind.TABLE: TABLE}, context)
    assert str(tmp_path) not in caught.value.message


@pytest.mark.parametrize(
    ("columns", "hierarchies", "code"),
    [
        ((NAME, AGE, AGE, JOB), ["job"], "PP-ROLES-001"),
        ((NAME, {**AGE, "categories": ["1"]}, JOB), ["job"], "PP-ROLES-002"),
        ((NAME, AGE, {**JOB, "min": 1}), ["job"], "PP-ROLES-002"),
        ((NAME, {**AGE, "min": 90}, JOB), ["job"], "PP-ROLES-003"),
        ((NAME, AGE, {**JOB, "categories": ["cook", "cook"]}), ["job"], "PP-ROLES-003"),
        ((NAME, AGE, {**JOB, "positive": "baker"}), ["job"], "PP-ROLES-003"),
        (({**NAME, "target": True}, AGE, {**JOB, "target": True}), ["job"], "PP-ROLES-004"),
        ((NAME, AGE, {**JOB, "role": "insensitive"}), ["job"], "PP-ROLES-005"),
        ((NAME, AGE, JOB), [], "PP-ROLES-006"),
        ((NAME, AGE, JOB), ["job", "town"], "PP-ROLES-007"),
        ((NAME, AGE, JOB, {"name": "town", "role": "insensitive"}), ["job"], "PP-ROLES-008"),
        ((NAME, JOB), ["job"], "PP-ROLES-009"),
        ((NAME, AGE, JOB), ["job"], None),
    ],
)
def test_declarations_are_checked_before_the_run(columns, hierarchies, code):
    found = STEP.check(params(*columns, hierarchies=hierarchies), {Kind.TABLE: HEAD})
    assert [one.code for one in found] == ([code] if code else [])


def test_the_section_names_every_column_and_no_value(run):
    outcome = run(NAME, AGE, JOB)
    shown = repr(STEP.section(params(NAME, AGE, JOB), outcome.facts))
    assert all(name in shown for name in ("name", "age", "job", "2 categories", "0 to 90"))
    assert "99" not in shown


@pytest.mark.parametrize(
    ("low", "high"),
    [(-1e308, 1e308), (0, 1.1e300), (None, 2e300), (0, 5e-324), (0, 1e-305), (1e16, 1e16 + 2)],
)
def test_bounds_that_doubles_cannot_divide_are_refused_at_the_declaration(low, high):
    found = STEP.check(params(NAME, {**AGE, "min": low, "max": high}, JOB), {})
    assert [(one.code, one.level) for one in found] == [("PP-ROLES-011", Level.BLOCKING)]


@pytest.mark.parametrize(("low", "high"), [(-1e300, 1e300), (0, 1e-299), (1e9, 1e9 + 1), (None, None)])
def test_bounds_that_are_far_or_near_but_sound_are_taken(low, high):
    assert STEP.check(params(NAME, {**AGE, "min": low, "max": high}, JOB), {}) == []
