"""Train under a privacy unit of a person, and after cleaning that is not local to a record."""

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level, blocking
from ppdesk.core.params import parse
from ppdesk.core.section import Section, Table, Words
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train.errors import UnboundedCleaningError
from ppdesk.workflow.deployment.deploy import _claim
from ppdesk.workflow.model.train import STEP, TrainFacts, TrainParams
from ppdesk.workflow.models import held_out, trained_on
from ppdesk.workflow.step import Context

COLUMNS = [
    {"name": "id", "role": "direct-identifier", "type": "categorical"},
    {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
     "positive": "high"},
]  # fmt: skip
PURE = {"estimator": "objective-perturbation"}
ROLES = {"unit": {"column": "id", "most_rows": 3}, "target": "pay", "columns": COLUMNS}
N = 3000


def _table(**head: object) -> Artifact:
    rng = np.random.default_rng(4)
    age = rng.integers(18, 90, N)
    ids = [f"p{one}" for one in rng.integers(0, 700, N)]
    rows = pa.table(
        {
            "id": pa.array([None if place < 25 else one for place, one in enumerate(ids)], pa.string()),
            "age": pa.array([str(one) for one in age]),
            "pay": pa.array(["high" if one > 50 else "low" for one in age]),
        }
    )
    names = [{"name": name} for name in rows.column_names]
    said = {"rows": N, "sha256": "ab" * 32, "columns": names, **head}
    return Artifact(Kind.TABLE, said, (Part("rows", rows, personal=True),))  # type: ignore[arg-type]  # any head


def _inputs(table: Artifact, roles: dict[str, object] = ROLES) -> dict[Kind, Artifact]:
    return {Kind.TABLE: table, Kind.ROLES: Artifact(Kind.ROLES, roles)}  # type: ignore[arg-type]  # any head


def _run(table: Artifact, **values: object) -> tuple[Artifact, TrainFacts]:
    asked = parse(TrainParams, {**PURE, **values}, step="train")
    context = Context(
        {}, TestEntropy(1), TestClock(), lambda _share, _what: None, lambda: False, "not private"
    )
    outcome = STEP.run(asked, _inputs(table), context)
    return outcome.artifacts[0], outcome.facts


def _text(section: Section) -> str:
    words = [block.text for block in section.blocks if isinstance(block, Words)]
    cells = [
        cell for block in section.blocks if isinstance(block, Table) for row in block.rows for cell in row
    ]
    return " ".join([*words, *cells])


@pytest.fixture(scope="module")
def trained() -> tuple[Artifact, Artifact, TrainFacts]:
    table = _table(stability=2)
    return (table, *_run(table))


def test_the_mechanism_runs_at_epsilon_over_rows_and_stability(
    trained: tuple[Artifact, Artifact, TrainFacts],
) -> None:
    _, model, facts = trained
    assert facts.mechanism_epsilon is not None
    assert facts.group == 12, "3 records, 2 by cleaning, each in and out"
    assert Fraction(facts.mechanism_epsilon) * 12 <= 1
    assert facts.mechanism_epsilon == pytest.approx(1 / 12, rel=1e-12)
    assert facts.noise_epsilon < facts.mechanism_epsilon
    assert (model.head["epsilon"], model.head["unit"]) == (1.0, {"column": "id", "most_rows": 3})
    assert (model.head["stability"], model.head["mechanism_epsilon"]) == (2, facts.mechanism_epsilon)


def test_it_is_charged_as_epsilon_per_person() -> None:
    asked = parse(TrainParams, {**PURE, "epsilon": 0.7}, step="train")
    heads = {Kind.ROLES: ROLES, Kind.TABLE: _table(stability=2).head}
    assert STEP.cost(asked, heads) == EpsilonDelta(0.7, 0.0, Neighbours.REPLACE_ONE)


def test_persons_are_bounded_and_stand_on_one_side(trained: tuple[Artifact, Artifact, TrainFacts]) -> None:
    table, model, facts = trained
    ids = np.array(table.table("rows").column("id").to_pylist(), dtype=object)
    held, learnt = held_out(model, table), trained_on(model, table)
    assert not (held & learnt).any()
    assert not set(ids[held]) & set(ids[learnt])
    for mask in (held, learnt):
        assert np.unique(list(ids[mask]), return_counts=True)[1].max() == 3
    assert None not in set(ids[held | learnt])
    assert facts.without_id == 25
    assert facts.trained + facts.held_out + facts.left_out + facts.over_bound + facts.without_id == N
    assert (facts.trained, facts.held_out) == (int(learnt.sum()), int(held.sum()))


def test_the_claim_says_whom_it_counts(trained: tuple[Artifact, Artifact, TrainFacts]) -> None:
    _, model, facts = trained
    text = _text(STEP.section(parse(TrainParams, PURE, step="train"), facts))
    assert "one person (at most 3 records each, id column id)" in text
    assert "divided by 12" in text
    assert "at most 3 records in the imported file" in text
    assert "differentially private for one person (at most 3 records each, id column id)" in _claim(
        model.head
    )


def test_the_id_is_no_feature(trained: tuple[Artifact, Artifact, TrainFacts]) -> None:
    columns = [{**one, "role": "insensitive", "categories": ["p1"]} if one["name"] == "id" else one
               for one in COLUMNS]  # fmt: skip
    heads = {Kind.ROLES: {**ROLES, "columns": columns}, Kind.TABLE: trained[0].head}
    assert not blocking(STEP.check(parse(TrainParams, PURE, step="train"), heads))
    assert trained[1].head["features"] == ["age"]


def test_cleaning_that_nothing_bounds_is_refused_and_says_what_to_do() -> None:
    table = _table(stability=None)
    heads = {Kind.ROLES: ROLES, Kind.TABLE: table.head}
    (found,) = blocking(STEP.check(parse(TrainParams, PURE, step="train"), heads))
    assert found.code == "PP-TRAIN-026"
    assert "Declare the value instead (a constant to fill" in found.detail
    with pytest.raises(UnboundedCleaningError):
        _run(table)


def test_what_cleaning_costs_is_told_before() -> None:
    heads = {Kind.ROLES: {**ROLES, "unit": "record"}, Kind.TABLE: {"rows": 90_000, "stability": 4}}
    found = STEP.check(parse(TrainParams, PURE, step="train"), heads)
    assert [(one.level, one.code) for one in found] == [(Level.CAUTION, "PP-TRAIN-027")]
    assert "made for 4 records" in found[0].detail


def test_a_table_that_lost_its_ids_is_refused() -> None:
    heads = {Kind.ROLES: ROLES, Kind.TABLE: {"rows": 90_000, "columns": [{"name": "age"}, {"name": "pay"}]}}
    assert [one.code for one in blocking(STEP.check(parse(TrainParams, PURE, step="train"), heads))] == [
        "PP-TRAIN-028"
    ]


def test_records_of_before_the_unit_are_still_read(trained: tuple[Artifact, Artifact, TrainFacts]) -> None:
    new = ("unit_column", "most_rows", "stability", "group", "mechanism_epsilon", "persons",
           "persons_held_out", "over_bound", "without_id")  # fmt: skip
    old = {name: value for name, value in trained[2].model_dump().items() if name not in new}
    facts = TrainFacts.model_validate(old)
    assert facts.unit.words == "one record"
    assert "replace-one, one record" in _text(STEP.section(parse(TrainParams, PURE, step="train"), facts))
