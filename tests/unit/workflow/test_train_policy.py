"""A policy, from roles and a table to the section: what is asked, what is refused, what is told."""

import json

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Finding, blocking
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.train.offers import Task
from ppdesk.workflow.deployment.deploy import STEP as DEPLOY
from ppdesk.workflow.evaluation.evaluate import STEP as EVALUATE
from ppdesk.workflow.model.train import STEP, TrainFacts
from ppdesk.workflow.models import load_model
from ppdesk.workflow.step import Context

N = 4_000
COLUMNS = [
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "sex", "role": "insensitive", "type": "categorical", "categories": ["F", "M"]},
    {"name": "help", "role": "insensitive", "type": "categorical", "categories": ["none", "visit"]},
    {"name": "well", "role": "sensitive", "type": "categorical", "categories": ["no", "yes"],
     "positive": "yes"},
    {"name": "chance", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 1.0},
]  # fmt: skip


def _rows() -> pa.Table:
    rng = np.random.default_rng(1)
    age, sex, taken = rng.integers(18, 90, N), rng.integers(0, 2, N), rng.integers(0, 2, N)
    well = rng.random(N) < np.where(taken == 1, 0.2 + 0.6 * (age > 55), 0.5)
    return pa.table(
        {
            "age": [str(one) for one in age],
            "sex": ["FM"[one] for one in sex],
            "help": [["none", "visit"][one] for one in taken],
            "well": [["no", "yes"][int(one)] for one in well],
            "chance": ["0,5"] * N,
        }
    )


ROWS = _rows()
HEADS = {
    Kind.TABLE: {
        "rows": N, "sha256": "ab" * 32, "reading": {"decimal": "comma"},
        "columns": [{"name": one} for one in ROWS.column_names],
    },
    Kind.ROLES: {"unit": "record", "target": "help", "columns": COLUMNS},
}  # fmt: skip


def findings(**values: object) -> list[Finding]:
    asked = parse(STEP.Params, {"estimator": "policy", "reward": "well", **values}, step="train")
    return STEP.check(asked, HEADS)


def _context() -> Context:
    return Context(
        sources={}, entropy=TestEntropy(1), clock=TestClock(), progress=lambda *_: None,
        cancelled=lambda: False, stamp="not private",
    )  # fmt: skip


def trained(**values: object) -> tuple[dict[Kind, Artifact], TrainFacts, list[object]]:
    given: dict[Kind, Artifact] = {
        Kind.TABLE: Artifact(Kind.TABLE, HEADS[Kind.TABLE], (Part("rows", ROWS, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, HEADS[Kind.ROLES]),
    }
    asked = parse(STEP.Params, {"estimator": "policy", "reward": "well", **values}, step="train")
    assert blocking(STEP.check(asked, HEADS)) == []
    outcome = STEP.run(asked, given, _context())
    facts = TrainFacts(**json.loads(outcome.facts.model_dump_json()))
    section = STEP.section(asked, facts)
    assert section == STEP.section(asked, outcome.facts)
    return {**given, Kind.MODEL: outcome.artifacts[0]}, facts, list(section.blocks)


def test_an_analyst_gets_a_policy_and_a_table_of_values() -> None:
    given, facts, blocks = trained(
        propensity="chance", least_propensity=0.5, limits={"visit": 0.8}, epsilon=4.0
    )
    assert [one.name for one in facts.features] == ["age", "sex"]
    assert (facts.task, facts.target, facts.reward) == ("policy", "help", "well")
    assert (facts.positive, facts.threshold) == ("", None)
    assert [one.policy for one in facts.policies] == ["learnt", "logged", "always", "always"]
    assert facts.policies[0].dr[0] == pytest.approx(0.65, abs=0.12)
    assert set(facts.action_shares) == {"none", "visit"}
    values = next(one for one in blocks if isinstance(one, Table) and one.title == "Mean well by policy")
    assert [row[0] for row in values.rows] == [
        "The learnt policy", "As it was decided", "Always none", "Always visit",
    ]  # fmt: skip
    said = " ".join(one.text for one in blocks if isinstance(one, Words))
    assert "earns more well than the decisions that were logged" in said
    assert "no interval says by how much" in said
    head = given[Kind.MODEL].head
    assert (head["task"], head["reward"], head["private"]) == ("policy", "well", False)
    model = load_model(given[Kind.MODEL])
    assert model.task is Task.POLICY
    chances = model.predict(pa.table({"age": ["20", "80"], "sex": ["F", "M"]}))
    assert chances.argmax(axis=1).tolist() == [0, 1]


def test_evaluate_says_why_it_does_not_measure_a_policy() -> None:
    given, _, _ = trained(chances={"none": 0.5, "visit": 0.5}, epsilon=8.0)
    asked = parse(EVALUATE.Params, {}, step="evaluate")
    heads = {kind: one.head for kind, one in given.items()}
    assert any("off-policy evaluation" in one.detail for one in EVALUATE.check(asked, heads))
    facts = EVALUATE.run(asked, given, _context()).facts
    assert (facts.ours, facts.many) == (None, None)
    assert "off-policy evaluation" in facts.not_told
    assert EVALUATE.section(asked, facts).blocks


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reward": None}, "target"),
        ({"reward": "help"}, "target"),
        ({"target": "age"}, "target"),
        ({"features": ["age", "well"]}, "target"),
        ({"propensity": "gone"}, "propensity"),
        ({"propensity": "chance", "chances": {"none": 0.5, "visit": 0.5}}, "chances"),
        ({"chances": {"none": 0.5}}, "chances"),
        ({"chances": {"none": 0.5, "visit": 0.4}}, "chances"),
        ({"least_propensity": 0.6}, "least_propensity"),
        ({"limits": {"gone": 0.5}}, "limits"),
        ({"limits": {"none": 0.4, "visit": 0.4}}, "limits"),
        ({"limits": {"visit": 0.4}, "temperature": 0.1}, "temperature"),
    ],
)
def test_what_is_not_declared_well_is_refused_before_the_run(values: dict[str, object], field: str) -> None:
    assert field in {one.field for one in blocking(findings(**values))}


def test_unknown_propensities_are_cautioned_and_other_models_have_no_such_settings() -> None:
    assert "PP-TRAIN-040" in {one.code for one in findings()}
    assert "PP-TRAIN-040" not in {one.code for one in findings(propensity="chance")}
    assert not {one.code for one in findings(held_out=0.0)} & {"PP-TRAIN-023"}
    other = findings(estimator="additive", target="well", reward="well", limits={"visit": 0.2})
    assert {one.field for one in blocking(other)} == {"reward", "limits"}


def test_a_policy_is_not_deployed_and_the_step_says_so() -> None:
    given, _, _ = trained(chances={"none": 0.5, "visit": 0.5})
    heads = {kind: one.head for kind, one in given.items()}
    found = DEPLOY.check(parse(DEPLOY.Params, {"to": "policy.ppmodel"}, step="deploy"), heads)
    assert any("cannot be deployed" in one.title for one in blocking(found))
