"""The step that releases statistics with differential privacy."""

import json

import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Table
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.privacy.ledger import Budget, OverBudgetError
from ppdesk.report.figures import render
from ppdesk.train.errors import UnboundedCleaningError
from ppdesk.workflow.data.opendp import STEP
from ppdesk.workflow.data.synthesize import STEP as SYNTHESIZE
from ppdesk.workflow.step import Context

ROWS = pa.table(
    {
        "id": [str(i // 10) for i in range(600)],
        "age": [str(20 + i % 50) for i in range(600)],
        "sex": ["f", "m", "f"] * 200,
        "name": ["N"] * 600,
    }
)
COLUMNS = [
    {"name": "id", "role": "direct-identifier", "type": "categorical", "categories": ["1"]},
    {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 100},
    {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["f", "m"]},
    {"name": "name", "role": "direct-identifier", "type": "categorical", "categories": ["N"]},
]
QUESTIONS = ["count", "count by sex", "mean age", "median age", "histogram age 0 40 60 100", "table sex"]


def inputs(roles=None, table=None):
    return {
        Kind.TABLE: Artifact(Kind.TABLE, table or {}, (Part("rows", ROWS, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, {"unit": "record", "columns": COLUMNS, **(roles or {})}),
    }


def params(**values):
    return parse(STEP.Params, {"statistics": QUESTIONS, **values}, step="opendp")


def run(entropy=None, stamp=NOT_PRIVATE, given=None, **values):
    entropy = entropy or TestEntropy(3)
    context = Context({}, entropy, TestClock(), lambda *_: None, lambda: False, stamp)
    return STEP.run(params(**values), given or inputs(), context)


def heads(**more):
    return {kind: one.head for kind, one in inputs(**more).items()}


def test_the_cost_is_epsilon_and_known_before_the_run():
    assert STEP.cost(params(epsilon=0.7), heads()) == EpsilonDelta(0.7, 0.0, Neighbours.REPLACE_ONE)


def test_a_budget_that_is_short_refuses_statistics_and_records_beside_a_model():
    budget, model = Budget(2.0, 1e-6), EpsilonDelta(1.0, 0.0, Neighbours.REPLACE_ONE)
    figures = STEP.cost(params(epsilon=0.75), heads())
    records = SYNTHESIZE.cost(parse(SYNTHESIZE.Params, {"epsilon": 0.25}, step="synthesize"), heads())
    budget.can_afford([model, figures], records)
    assert budget.total([model, figures, records]).epsilon == 2.0
    more = STEP.cost(params(epsilon=0.001), heads())
    with pytest.raises(OverBudgetError):
        budget.can_afford([model, figures, records], more)
    with pytest.raises(OverBudgetError):  # the delta of one is all there is
        budget.can_afford([records], records)


def test_real_figures_come_from_opendp_with_new_noise_each_time():
    first, second = (run(SystemEntropy(), "", epsilon=0.5) for _ in range(2))
    assert first.facts.library == "OpenDP 0.16.0"
    assert first.facts.private
    assert first.artifacts[0].data("statistics") != second.artifacts[0].data("statistics")
    assert "test mode" not in str(STEP.section(params(), first.facts))


def test_the_test_mode_repeats_and_says_that_it_protects_nobody():
    first, second = run(), run()
    assert first == second
    assert not first.facts.private
    told = str(STEP.section(params(), first.facts))
    assert NOT_PRIVATE in told
    assert "OpenDP's own source takes no seed" in told


def test_the_shares_of_all_statistics_are_epsilon():
    facts = run(epsilon=1.5).facts
    assert sum(one.epsilon for one in facts.statistics) == pytest.approx(1.5)
    weighed = run(statistics=["count", "count by sex weight 3"], epsilon=1.0).facts
    assert [one.epsilon for one in weighed.statistics] == [0.25, 0.75]


def test_a_person_is_one_unit_and_the_noise_grows_with_their_records():
    unit = {"unit": {"column": "id", "most_rows": 3}}
    facts = run(given=inputs(roles=unit), statistics=["count", "count by sex"]).facts
    assert (facts.group, facts.over_bound, facts.unit_column) == (3, 420, "id")
    assert [one.sensitivities for one in facts.statistics] == [(3,), (6,)]
    cleaned = run(given=inputs(roles=unit, table={"stability": 2}), statistics=["count"]).facts
    assert (cleaned.group, cleaned.statistics[0].sensitivities) == (12, (12,))
    assert "one imported record change up to 2" in str(STEP.section(params(), cleaned))
    with pytest.raises(UnboundedCleaningError):
        run(given=inputs(table={"stability": None}))


@pytest.mark.parametrize(
    ("question", "reason"),
    [("mean name", "direct identifier"), ("count by id", "direct identifier"), ("mode age", "begins with")],
)
def test_what_is_not_declared_is_refused_before_anything_is_spent(question, reason):
    (found,) = STEP.check(params(statistics=[question]), heads())
    assert (found.level, found.code, found.field) == (Level.BLOCKING, "PP-OPENDP-001", "statistics")
    assert reason in found.title


def test_limits_missing_columns_and_bounds_from_the_data_are_told():
    columns = [{**COLUMNS[1], "origin": "data"}, *COLUMNS[2:]]
    given = {
        **heads(roles={"columns": columns}, table={"columns": [{"name": "sex"}]}),
        Kind.STANDARD: {"epsilon_max": 0.5, "title": "Own"},
    }
    found = STEP.check(params(), given)
    assert [one.code for one in found] == ["PP-OPENDP-002", "PP-OPENDP-003", "PP-OPENDP-004"]
    assert not STEP.check(params(), heads())
    unsteady = STEP.check(params(), heads(table={"stability": None}))
    assert [one.code for one in unsteady] == ["PP-TRAIN-026"]


def test_the_section_tells_each_figure_with_its_interval_and_the_edges_of_the_claim():
    facts = run().facts
    section = STEP.section(params(), facts)
    assert json.loads(facts.model_dump_json()) == facts.model_dump(mode="json")
    assert STEP.Facts.model_validate(facts.model_dump(mode="json")) == facts
    tables = {one.title: one for one in section.blocks if isinstance(one, Table)}
    assert [row[0] for row in tables["Figures"].rows] == ["count", "mean age", "median age: 0.5"]
    assert "records of the one asked for" in tables["Figures"].rows[2][2]
    assert tables["count by sex"].header == ("sex", "Count", "95 % interval of the noise")
    for plot in (one for one in section.blocks if isinstance(one, Plot)):
        assert render(plot, palette="light", width_px=600, height_px=300).startswith(b"\x89PNG")
    assert "number of records is private" in str(section.blocks[-1])


def test_the_files_hold_all_figures_and_the_claim(tmp_path):
    outcome = run()
    csv, claim = STEP.deliver(params(to=str(tmp_path / "s.csv")), outcome.artifacts)
    assert (csv.suffix, claim.suffix) == ("", ".json")
    lines = csv.data.decode().splitlines()
    assert lines[0] == "statistic,cell,value,low_95,high_95,epsilon"
    assert len(lines) == 1 + sum(one.cells for one in outcome.facts.statistics)
    told = json.loads(claim.data)
    assert (told["epsilon"], told["neighbours"], told["stamp"]) == (1.0, "replace-one", NOT_PRIVATE)
    assert not STEP.deliver(params(), outcome.artifacts)
    assert not any(part.personal for part in outcome.artifacts[0].parts)
