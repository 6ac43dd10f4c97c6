"""Names of levels: declared in the dictionary, counted against the hierarchy, told where levels are."""

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.params import parse
from ppdesk.workflow.data.anonymize_facts import AnonymizeFacts, ColumnLoss, RiskFacts
from ppdesk.workflow.data.anonymize_params import AnonymizeParams
from ppdesk.workflow.data.anonymize_section import section
from ppdesk.workflow.data.level_names import LevelNamesError, name_of, whole
from ppdesk.workflow.data.roles import STEP
from ppdesk.workflow.dictionary import expand, written

DICTIONARY = """
[columns.age]
role = "quasi-identifier"
type = "numeric"
min = 0
max = 99
generalize = {kind = "intervals", widths = [5, 20]}
level_names = ["year", "5 years", "20 years"]
[columns.job]
role = "insensitive"
"""
ROWS = pa.table({"age": ["17", "21"], "job": ["a", "b"]})
COLUMNS = [{"name": "age", "type": "integer"}, {"name": "job", "type": "string"}]
HEAD = {"rows": 2, "columns": COLUMNS}


@pytest.fixture
def values(tmp_path):
    path = tmp_path / "dictionary.toml"
    path.write_text(DICTIONARY)
    return expand(path)


def act(values, context_of):
    params = parse(STEP.Params, values, step="roles")
    table = Artifact(Kind.TABLE, HEAD, (Part("rows", ROWS, personal=True),))
    return STEP.run(params, {Kind.TABLE: table}, context_of()), params


def test_names_go_from_the_dictionary_to_the_head_and_the_section(values, context_of):
    assert values["level_names"] == {"age": ["year", "5 years", "20 years"]}
    outcome, params = act(values, context_of)
    head = next(one.head for one in outcome.artifacts if one.kind is Kind.HIERARCHIES)
    assert head["columns"]["age"]["names"] == ["year", "5 years", "20 years", "*"]
    assert [name_of(head, "age", level) for level in (0, 2, 3, 4)] == ["year", "20 years", "*", ""]
    assert name_of(head, "job", 0) == ""
    table = STEP.section(params, outcome.facts).blocks[1]
    assert table.rows[0][5] == "intervals of 5, 20: year, 5 years, 20 years"


def test_a_wrong_number_of_names_is_a_coded_error(values, context_of):
    assert whole("age", ["a", "b", "c"], 3) == ["a", "b", "c"]
    for names in (["year"], ["a", "b", "c", "d", "e"]):
        with pytest.raises(LevelNamesError) as caught:
            act({**values, "level_names": {"age": names}}, context_of)
        assert caught.value.code == "PP-ROLES-036"


@pytest.mark.parametrize("names", [{"job": ["a", "b"]}, {"age": ["a", "a", "b"]}, {"age": ["a", " ", "b"]}])
def test_names_that_cannot_be_are_found_before_the_run(values, names):
    params = parse(STEP.Params, {**values, "level_names": names}, step="roles")
    assert "PP-ROLES-035" in [one.code for one in STEP.check(params, {Kind.TABLE: HEAD})]


def test_a_written_dictionary_keeps_them(values, tmp_path):
    (tmp_path / "again.toml").write_text(written(values, {}))
    assert expand(tmp_path / "again.toml") == values


def test_anonymize_tells_the_name_of_the_level():
    risk = RiskFacts(
        records=2, classes=1, smallest=2, largest=2, uniques=0, prosecutor=0.5, marketer=0.5, at_risk=0.0,
        histogram=(1,),
    )  # fmt: skip
    facts = AnonymizeFacts(
        k=2, limit=0, records=2, suppressed=0, score=0.1,
        columns=(
            ColumnLoss(name="age", level=2, levels=4, loss=0.2, level_name="20 years"),
            ColumnLoss(name="sex", level=0, levels=2, loss=0.0),
        ),
        lattice_size=8, checked=3, suppress_too_much=0, bounded=5, before=risk, after=risk, bins=("2",),
    )  # fmt: skip
    blocks = section(AnonymizeParams(k=2), facts).blocks
    rows = next(one.rows for one in blocks if getattr(one, "title", "") == "Generalization")
    assert [row[1] for row in rows] == ["2 of 3, 20 years", "0 of 1"]
