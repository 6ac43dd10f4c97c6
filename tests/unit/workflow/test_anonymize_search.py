"""How Anonymize is told to search, and what it tells of the search."""

import json

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.errors import ChosenLevelsError, UnachievableError
from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import canonical
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Table, Words
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.step import Context

ROWS = pa.table(
    {
        "age": ["1", "1", "1", "2", "2", "2", "3", "3", "3", "4", "4", "4"],
        "sex": ["f", "f", "f", "m", "m", "m", "f", "f", "f", "m", "m", "f"],
    }
)
TREES = {
    "age": validated("age", [["1", "12", "*"], ["2", "12", "*"], ["3", "34", "*"], ["4", "34", "*"]]),
    "sex": validated("sex", [["f", "*"], ["m", "*"]]),
}
ROLES = {
    "unit": "record", "target": None,
    "columns": [{"name": name, "role": "quasi-identifier"} for name in ROWS.column_names],
}  # fmt: skip
SHAPES = {"columns": {name: {"levels": one.levels} for name, one in TREES.items()}}
HEADS = {Kind.ROLES: ROLES, Kind.HIERARCHIES: SHAPES}


def params(**values):
    return parse(STEP.Params, values, step="anonymize")


def run(rows=ROWS, trees=TREES, **values):
    roles = {**ROLES, "columns": [{"name": name, "role": "quasi-identifier"} for name in rows.column_names]}
    inputs = {
        Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, roles),
        Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(trees)),)),
    }
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(params(**values), inputs, context)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"lowest_levels": {"age": 1}, "highest_levels": {"age": 2}, "keep": ["sex"]}, []),
        ({"lowest_levels": {"name": 1}}, ["PP-ANONYMIZE-040"]),
        ({"keep": ["name"]}, ["PP-ANONYMIZE-040"]),
        ({"highest_levels": {"age": 3}}, ["PP-ANONYMIZE-041"]),
        ({"lowest_levels": {"age": -1}}, ["PP-ANONYMIZE-041"]),
        ({"lowest_levels": {"sex": 1}, "keep": ["sex"]}, ["PP-ANONYMIZE-042"]),
        ({"levels": {"age": 1}}, ["PP-ANONYMIZE-043"]),
        ({"levels": {"age": 1, "sex": 1}, "keep": ["sex"]}, ["PP-ANONYMIZE-044"]),
    ],
)
def test_levels_are_checked_before_the_run(values, codes):
    assert [one.code for one in STEP.check(params(k=3, **values), HEADS)] == codes


@pytest.mark.parametrize("algorithm", ["exact", "best-first", "top-down", "genetic"])
def test_columns_are_kept_and_held_to_their_levels(algorithm):
    outcome = run(k=3, suppression_limit=0.25, algorithm=algorithm, keep=["sex"], lowest_levels={"age": 1})
    (made,) = outcome.artifacts
    assert made.head["levels"] == {"age": 1, "sex": 0}
    assert outcome.facts.search.constrained
    assert all(one.levels[1] == 0 and one.levels[0] >= 1 for one in outcome.facts.search.alternatives)


def test_alternatives_are_told_with_their_risks_and_one_can_be_chosen():
    outcome = run(k=3, suppression_limit=0.25, alternatives=2)
    first, second = outcome.facts.search.alternatives
    assert outcome.facts.score <= first.score <= second.score
    assert first.highest_risk <= 1 / 3
    section = STEP.section(params(k=3, suppression_limit=0.25), outcome.facts)
    (table,) = [one for one in section.blocks if isinstance(one, Table) and one.title == "Alternatives"]
    assert len(table.rows) == 2
    chosen = run(k=3, suppression_limit=0.25, levels=dict(zip(("age", "sex"), second.levels, strict=True)))
    (made,) = chosen.artifacts
    assert made.head["levels"] == {"age": second.levels[0], "sex": second.levels[1]}
    assert made.head["optimal"] is False
    assert made.head["algorithm"] == "chosen"
    assert (chosen.facts.score, chosen.facts.suppressed) == (second.score, second.suppressed)
    words = [one.text for one in STEP.section(params(), chosen.facts).blocks if isinstance(one, Words)]
    assert any("chosen by a person" in text for text in words)
    assert not any("No other of the" in text for text in words)


def test_chosen_levels_that_suppress_too_much_are_refused():
    with pytest.raises(ChosenLevelsError):
        run(k=5, levels={"age": 0, "sex": 0})


def test_what_cannot_be_reached_names_the_nearest_setting():
    with pytest.raises(UnachievableError, match="Nearest achievable: k = 2, or a suppression limit of 25 %"):
        run(k=3, keep=["age"], suppression_limit=0.1, highest_levels={"sex": 0})


def test_the_lattice_is_told_for_a_screen():
    outcome = run(k=3, suppression_limit=0.25)
    told = json.loads(outcome.artifacts[0].data("lattice"))
    assert told["columns"] == ["age", "sex"]
    assert len(told["points"]) == told["lattice_size"] == 6
    assert {one["status"] for one in told["points"]} <= set(told["reasons"])
    (plot,) = [
        one
        for one in STEP.section(params(), outcome.facts).blocks
        if isinstance(one, Plot) and one.name == "lattice"
    ]
    assert plot.values["statuses"].count("best") == 1


def test_a_lattice_without_end_has_an_answer_with_a_gap():
    values = np.random.default_rng(5).integers(0, 4, (64, 60)).astype(str)
    rows = pa.table({f"c{d}": values[d].tolist() for d in range(64)})
    trees = {
        name: validated(name, [["0", "a", "*"], ["1", "a", "*"], ["2", "b", "*"], ["3", "b", "*"]])
        for name in rows.column_names
    }
    outcome = run(rows, trees, k=2, suppression_limit=0.1, steps=300, alternatives=1)
    facts = outcome.facts
    assert facts.lattice_size == float(3**64)
    assert facts.search.algorithm == "top-down"
    assert not facts.search.optimal
    assert facts.search.bound < facts.score
    canonical(facts.model_dump(mode="json"))
    assert "PP-ANONYMIZE-046" in [one.code for one in outcome.findings]
    words = [one.text for one in STEP.section(params(), facts).blocks if isinstance(one, Words)]
    assert any("not proved to be the best" in text and "limit of 300 checks" in text for text in words)
    assert outcome.artifacts[0].head["optimal"] is False


def test_the_genetic_search_is_the_same_for_the_same_randomness():
    first, again = (run(k=3, suppression_limit=0.25, algorithm="genetic") for _ in range(2))
    assert first.facts == again.facts
    assert first.artifacts[0].table("rows").equals(again.artifacts[0].table("rows"))
