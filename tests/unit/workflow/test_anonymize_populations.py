"""Models on the population, and differential privacy, in the step Anonymize."""

from collections import Counter

import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.anonymize.populations import errors
from ppdesk.anonymize.populations.safepub import plan
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.params import InvalidParamsError, parse
from ppdesk.privacy.events import EpsilonDelta, Neighbours, NoEvent
from ppdesk.workflow.data.anonymize import STEP
from ppdesk.workflow.step import Context

AGES = ["1"] * 60 + ["2"] * 60 + ["3"] * 30 + ["4"] * 2
ROWS = pa.table({"age": AGES, "sex": ["f", "m"] * 76, "ill": ["y", "n", "n", "y"] * 38})
TREES = {
    "age": validated("age", [["1", "12", "*"], ["2", "12", "*"], ["3", "34", "*"], ["4", "34", "*"]]),
    "sex": validated("sex", [["f", "*"], ["m", "*"]]),
}
ROLE = {"age": "quasi-identifier", "sex": "quasi-identifier", "ill": "sensitive"}
ROLES = {"unit": "record", "target": None, "columns": [{"name": n, "role": r} for n, r in ROLE.items()]}
HEADS = {Kind.TABLE: {"columns": [{"name": name} for name in ROLE]}, Kind.ROLES: ROLES}
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, {}, (Part("rows", ROWS, personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.HIERARCHIES: Artifact(Kind.HIERARCHIES, {}, (Part("hierarchies", to_json(TREES)),)),
}
PRIVATE = "differential-privacy, epsilon = 1, delta = 0.0001, generalization = medium"


def params(**values):
    return parse(STEP.Params, values, step="anonymize")


def run(seed=1, sources=None, **values):
    context = Context(sources or {}, TestEntropy(seed), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(params(**values), INPUTS, context)


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    rows = zip(AGES * 2, ["f", "m"] * 152, strict=True)
    file.write_text("age,sex\n" + "".join(f"{age},{sex}\n" for age, sex in rows))
    return {"population_table": file}


def test_k_map_lets_rare_records_be_where_the_population_has_enough(people):
    wanted = {"k": 2, "suppression_limit": 0.5, "population_table": people["population_table"]}
    outcome = run(sources=people, population=["k-map, k = 3", "inclusion"], **wanted)
    facts, section = outcome.facts, STEP.section(params(population=["k-map, k = 3"]), outcome.facts)
    rows = outcome.artifacts[0].table("rows").to_pylist()
    kept = Counter((row["age"], row["sex"]) for row in rows if row["sex"] != "*")
    assert min(kept.values()) >= 2
    asked = [(one.model, one.asked) for one in facts.populations.models]
    assert asked == [("k-map", "k = 3"), ("inclusion", "")]
    assert facts.populations.models[0].reached >= 3
    assert facts.populations.people == 304
    assert facts.populations.after.highest == pytest.approx(1 / facts.populations.models[0].reached)
    assert facts.populations.before.highest == 1 / 2  # one record of age 4 and each sex, two people
    assert outcome.artifacts[0].head["population"] == ["k-map, k = 3", "inclusion"]
    assert "Risk against the population" in [getattr(block, "title", "") for block in section.blocks]


def test_a_population_that_lacks_people_of_the_table_is_refused(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("age,sex\n1,f\n2,m\n")
    with pytest.raises(errors.PopulationLacksError, match="150 of the 152"):
        run(sources={"population_table": file}, population=["k-map, k = 3"], population_table=file)


def test_average_risk_is_reached_and_told():
    facts = run(k=2, suppression_limit=0.1, population=["average-risk, average = 0.03"]).facts
    assert facts.populations.models[0].reached <= 0.03
    assert facts.after.marketer <= 0.03


def test_uniques_of_the_population_are_estimated_before_and_after():
    wanted = ["population-uniqueness, most = 0.01, population = 100000"]
    facts = run(k=2, suppression_limit=0.1, population=wanted).facts
    assert facts.populations.size == 100_000
    assert facts.populations.uniques_after == 0


def test_what_does_not_go_together_is_refused_before_the_run(people):
    def codes(**values):
        return {one.code for one in STEP.check(params(**values), HEADS) if one.level is Level.BLOCKING}

    assert "PP-ANONYMIZE-030" in codes(population=["k-map, k = 3"])
    assert "PP-ANONYMIZE-031" in codes(population_table=people["population_table"])
    assert "PP-ANONYMIZE-033" in codes(population=[PRIVATE, "average-risk, average = 0.1"])
    assert "PP-ANONYMIZE-033" in codes(population=[PRIVATE], sensitive=["ill: distinct-l-diversity, l = 2"])
    assert codes(population=[PRIVATE]) == set()
    unit = {**ROLES, "unit": {"column": "id", "most_rows": 1}}
    found = STEP.check(params(population=[PRIVATE]), {**HEADS, Kind.ROLES: unit})
    assert "PP-ANONYMIZE-034" in {one.code for one in found if one.level is Level.BLOCKING}
    with pytest.raises(InvalidParamsError):
        params(population=["k-map"])


def test_differential_privacy_costs_what_it_claims_whatever_the_table_holds():
    assert STEP.cost(params(population=[PRIVATE]), {}) == EpsilonDelta(1.0, 1e-4, Neighbours.ADD_REMOVE)
    assert STEP.cost(params(population=["average-risk, average = 0.1"]), {}) == NoEvent()


def test_a_private_release_has_nothing_outside_of_the_claim():
    outcome = run(population=[PRIVATE])
    (made,) = outcome.artifacts
    rows = made.table("rows")
    k = plan(1.0, 1e-4).k
    assert rows.column_names == ["age", "sex"]  # ill is sensitive, and not covered
    sizes = Counter(map(tuple, (row.values() for row in rows.to_pylist())))
    assert sizes
    assert min(sizes.values()) >= k
    assert set(rows.column("age").to_pylist()) <= {"12", "34"}  # level round(0.5 * 2) = 1
    assert (made.head["rows"], made.head["suppressed"]) == (rows.num_rows, 0)
    assert made.head["differential_privacy"]["private"] is False  # the test mode
    assert outcome.facts.before.records == 0
    assert b'"152"' not in made.data("solution")
    said = STEP.section(params(population=[PRIVATE]), outcome.facts)
    assert "Not private" in said.blocks[1].text


def test_too_few_records_give_an_empty_release():
    strict = "differential-privacy, epsilon = 0.5, delta = 0.0000001, generalization = none"
    outcome = run(population=[strict])
    assert outcome.artifacts[0].table("rows").num_rows == 0
    assert [one.code for one in outcome.findings] == ["PP-ANONYMIZE-038"]
