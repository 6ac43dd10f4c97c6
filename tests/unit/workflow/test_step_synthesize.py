"""The step that draws synthetic records."""

import json

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.assess.fidelity import Cells, closeness, compare, cramers_v
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Table
from ppdesk.privacy.cells import Bins, Categories
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.report.figures import render
from ppdesk.workflow.data.synthesize import STEP
from ppdesk.workflow.data.synthesize_compare import spread_over
from ppdesk.workflow.step import Context

SOURCE = np.random.default_rng(3)
AGE = SOURCE.integers(20, 80, 1500)
RICH = np.where(SOURCE.random(1500) < (AGE - 15) / 80, "yes", "no")
ROWS = pa.table(
    {
        "id": [str(place // 3) for place in range(1500)],
        "age": [str(one) for one in AGE],
        "sex": SOURCE.choice(["f", "m"], 1500),
        "rich": RICH,
    }
)
COLUMNS = [
    {"name": "id", "role": "direct-identifier", "type": "categorical", "categories": ["1"]},
    {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 100},
    {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["f", "m"]},
    {
        "name": "rich",
        "role": "sensitive",
        "type": "categorical",
        "categories": ["no", "yes"],
        "positive": "yes",
    },
]
AGES = validated("age", [[str(one), str(one // 20 * 20), "*"] for one in range(101)])


def inputs(roles=None, table=None, release=False):
    found = {
        Kind.TABLE: Artifact(Kind.TABLE, table or {}, (Part("rows", ROWS, personal=True),)),
        Kind.ROLES: Artifact(
            Kind.ROLES, {"unit": "record", "target": "rich", "columns": COLUMNS, **(roles or {})}
        ),
    }
    if release:
        rows = ROWS.drop_columns(["id"]).set_column(0, "age", pa.array([str(one // 20 * 20) for one in AGE]))
        found[Kind.RELEASE] = Artifact(Kind.RELEASE, {"k": 5, "levels": {"age": 1}}, (Part("rows", rows),))
        trees = Part("hierarchies", to_json({"age": AGES}))
        found[Kind.HIERARCHIES] = Artifact(Kind.HIERARCHIES, {}, (trees,))
    return found


def params(**values):
    return parse(STEP.Params, values, step="synthesize")


def run(entropy=None, stamp=NOT_PRIVATE, given=None, **values):
    entropy = entropy or TestEntropy(3)
    context = Context({}, entropy, TestClock(), lambda *_: None, lambda: False, stamp)
    return STEP.run(params(**values), given or inputs(), context)


def heads(**more):
    return {kind: one.head for kind, one in inputs(**more).items()}


def test_the_cost_is_known_before_the_run():
    found = STEP.cost(params(epsilon=0.7, delta=1e-7), heads())
    assert found == EpsilonDelta(0.7, 1e-7, Neighbours.REPLACE_ONE)


def test_the_table_has_the_declared_columns_and_values_alone():
    outcome = run(SystemEntropy(), "", epsilon=2.0)
    (made,) = outcome.artifacts
    rows = made.table("rows")
    assert rows.column_names == ["age", "sex", "rich"]
    assert rows.num_rows == outcome.facts.records == pytest.approx(1500, abs=150)
    assert set(rows["sex"].to_pylist()) <= {"f", "m", None}
    assert all(0 <= int(one) <= 100 for one in rows["age"].to_pylist() if one is not None)
    assert (outcome.facts.library, outcome.facts.private) == ("OpenDP 0.16.0", True)
    assert made.parts[0].personal
    assert outcome.facts.synthetic.column_mean < 0.2
    assert outcome.facts.rho is not None
    assert run(delta=0.0, compare=False).facts.rho is None


def test_the_test_mode_repeats_and_says_that_it_protects_nobody():
    first, second = run(), run()
    assert first == second
    assert NOT_PRIVATE in str(STEP.section(params(), first.facts))


def test_fidelity_and_privacy_stand_beside_those_of_the_release():
    facts = run(given=inputs(release=True), epsilon=3.0).facts
    assert facts.release.columns == pytest.approx((facts.release.columns[0], 0.0, 0.0), abs=1e-12)
    assert 0 < facts.release.columns[0] < 0.5
    assert facts.target == "rich"
    assert facts.auroc_original > 0.7
    assert facts.synthetic.auroc > 0.6
    assert facts.release_k == 5
    section = STEP.section(params(), facts)
    assert STEP.Facts.model_validate(json.loads(facts.model_dump_json())) == facts
    (beside,) = [one for one in section.blocks if isinstance(one, Table) and "side by side" in one.title]
    assert beside.header == ("Measure", "Synthetic records", "Release")
    assert ("Guarantee", "ε 3, δ 0.000001, per record", "k-anonymity, k = 5") in list(beside.rows)
    assert "ε does not cover them" in beside.caption
    for plot in (one for one in section.blocks if isinstance(one, Plot)):
        assert render(plot, palette="light", width_px=600, height_px=300).startswith(b"\x89PNG")


def test_a_centre_is_in_every_pair():
    facts = run(around="rich", epsilon=3.0).facts
    assert {frozenset(edge) for edge in facts.edges} == {
        frozenset(("age", "rich")),
        frozenset(("sex", "rich")),
    }
    assert facts.synthetic.auroc > 0.65
    assert "pairs with rich" in str(STEP.section(params(), facts))


def test_a_release_of_other_columns_is_not_compared_and_nothing_is_where_nobody_asks():
    given = inputs(release=True)
    short = given[Kind.RELEASE].table("rows").drop_columns(["sex"])
    given[Kind.RELEASE] = Artifact(Kind.RELEASE, {"k": 5}, (Part("rows", short),))
    assert run(given=given).facts.release_note == "The release was not compared: it lacks sex."
    facts = run(given=given, compare=False).facts
    assert (facts.synthetic, facts.close) == (None, None)
    assert "not compared" in str(STEP.section(params(), facts))


def test_persons_are_bounded_and_cost_more_noise():
    unit = {"unit": {"column": "id", "most_rows": 2}}
    facts = run(given=inputs(roles=unit), compare=False).facts
    assert (facts.group, facts.over_bound) == (2, 500)
    alone = run(compare=False).facts
    assert facts.one_way_noise == pytest.approx(2 * alone.one_way_noise)


@pytest.mark.parametrize(
    ("values", "code", "level"),
    [
        ({"columns": ["id"]}, "PP-SYNTHESIZE-001", Level.BLOCKING),
        ({"columns": ["age", "age"]}, "PP-SYNTHESIZE-001", Level.BLOCKING),
        ({"around": "id"}, "PP-SYNTHESIZE-001", Level.BLOCKING),
        ({"columns": ["age"], "around": "sex"}, "PP-SYNTHESIZE-001", Level.BLOCKING),
        ({"fractions": ["none"]}, "PP-SYNTHESIZE-001", Level.BLOCKING),
        ({"epsilon": 4.0}, "PP-SYNTHESIZE-002", Level.BLOCKING),
        ({"delta": 1e-4}, "PP-SYNTHESIZE-005", Level.BLOCKING),
        ({"delta": 9e-6}, "PP-SYNTHESIZE-006", Level.CAUTION),
        ({}, None, None),
    ],
)
def test_what_cannot_or_should_not_be_is_told_before_anything_is_spent(values, code, level):
    standard = {"epsilon_max": 3.0, "delta_max": 1e-5, "title": "Own"}
    found = STEP.check(params(**values), {**heads(table={"rows": 50_000}), Kind.STANDARD: standard})
    assert [(one.code, one.level) for one in found] == ([(code, level)] if code else [])


def test_the_file_is_the_table(tmp_path):
    outcome = run(records=20, compare=False)
    found, claim = STEP.deliver(params(to=str(tmp_path / "s.csv")), outcome.artifacts)
    told = json.loads(claim.data)
    assert (told["epsilon"], told["delta"], told["stamp"], told["rows"]) == (1.0, 1e-6, NOT_PRIVATE, 20)
    assert found.data.decode().splitlines()[0] == "age;sex;rich"
    assert found.data.count(b"\n") == 21
    assert not STEP.deliver(params(), outcome.artifacts)


def test_a_generalized_value_stands_evenly_for_what_it_covers():
    column = pa.chunked_array([["0-1", "*", "2", None, "0-1"]])
    tree = [["0", "0-1", "*"], ["1", "0-1", "*"], ["2", "2", "*"], ["", "*", "*"]]
    domain = Bins("a", (0.0, 1.0, 2.0, 3.0))
    found = spread_over(column, domain, tree, DecimalMark.POINT)
    assert found.spread[found.codes].tolist() == [
        [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25], [0, 0, 1, 0], [0, 0, 0, 1], [0.5, 0.5, 0, 0],
    ]  # fmt: skip
    plain = spread_over(pa.chunked_array([["f", "x"]]), Categories("s", ("f",)), (), DecimalMark.POINT)
    assert plain.spread[plain.codes].tolist() == [[1, 0], [0, 1]]


def test_distances_are_those_of_the_textbook():
    one, two = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    first, second = (Cells.plain(codes, 2) for codes in (one, two))
    found = compare([first, second], [second, second])
    assert found.columns == (0.25, 0.0)
    assert found.pair_mean == found.pair_worst == 0.25
    assert cramers_v(np.array([[0.5, 0.0], [0.0, 0.5]])) == pytest.approx(1.0)
    assert cramers_v(np.outer([0.3, 0.7], [0.5, 0.5])) == pytest.approx(0.0)
    near = closeness([two, 1 - two], [one, 1 - two], np.random.default_rng(1))
    assert (near.records, near.same) == (4, 1.0)
    own = closeness([one, two], [one, two], np.random.default_rng(1), own=True)
    assert own.same == 0.5
