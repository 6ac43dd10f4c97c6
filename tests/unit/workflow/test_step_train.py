"""The step that trains with differential privacy: split, checks and record, with the pure mechanism."""

import json

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.core.errors import CancelledRunError, InvalidParamsError
from ppdesk.core.findings import Level, blocking
from ppdesk.core.params import parse
from ppdesk.core.section import Plot, Words
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train.errors import UndeclaredFeatureError
from ppdesk.train.model import LogisticModel
from ppdesk.workflow.model.train import STEP, TrainFacts, TrainParams
from ppdesk.workflow.step import Context

COLUMNS = [
    {"name": "name", "role": "direct-identifier", "type": "categorical", "categories": None},
    {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["F", "M"]},
    {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
     "positive": "high"},
]  # fmt: skip
ROLES = {"unit": "record", "target": "pay", "columns": COLUMNS}
STANDARD = {"title": "GDPR", "epsilon_model_max": 1.0, "epsilon_max": 3.0, "delta_max": 1e-5}
HEADS = {Kind.ROLES: ROLES, Kind.TABLE: {"rows": 4000}, Kind.STANDARD: STANDARD}


def people(n: int = 4000) -> pa.Table:
    rng = np.random.default_rng(3)
    age, sex = rng.integers(18, 90, n), rng.integers(0, 2, n)
    high = rng.random(n) < 1 / (1 + np.exp(-(age - 55) / 8 - sex))
    pay = [None if i % 100 == 0 else ("high" if one else "low") for i, one in enumerate(high)]
    return pa.table(
        {
            "name": pa.array([f"n{i}" for i in range(n)]),
            "age": pa.array([str(one) for one in age]),
            "sex": pa.array(["FM"[one] for one in sex]),
            "pay": pa.array(pay, pa.string()),
        }
    )


TABLE = people()
INPUTS = {
    Kind.TABLE: Artifact(
        Kind.TABLE, {"rows": 4000, "sha256": "ab" * 32}, (Part("rows", TABLE, personal=True),)
    ),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
}


def context(*, seed: int | None = 1, cancelled: bool = False) -> Context:
    entropy = SystemEntropy() if seed is None else TestEntropy(seed)
    stamp = "" if seed is None else "not private"
    return Context({}, entropy, TestClock(), lambda _share, _what: None, lambda: cancelled, stamp)


def params(**values: object) -> TrainParams:
    return parse(TrainParams, {"estimator": "objective-perturbation", **values}, step="train")


def edited(name: str, **changes: object) -> dict[Kind, dict[str, object]]:
    columns = [{**one, **changes} if one["name"] == name else one for one in COLUMNS]
    return {**HEADS, Kind.ROLES: {**ROLES, "columns": columns}}


@pytest.fixture(scope="module")
def trained() -> tuple[Artifact, TrainFacts]:
    outcome = STEP.run(params(), INPUTS, context())
    return outcome.artifacts[0], outcome.facts


def test_the_model_learns_and_its_head_tells_the_claim(trained: tuple[Artifact, TrainFacts]) -> None:
    artifact, _ = trained
    head = artifact.head
    assert head["features"] == ["age", "sex"], "not the direct identifier, not the target"
    assert (head["epsilon"], head["delta"], head["neighbours"]) == (1.0, 0.0, "replace-one")
    assert (head["target"], head["positive"], head["negative"]) == ("pay", "high", "low")
    assert (head["private"], head["stamp"]) == (False, "not private")
    assert (head["table_sha256"], head["table_rows"]) == ("ab" * 32, 4000)
    model = LogisticModel.from_json(artifact.data("model"))
    young, old = model.predict_proba(pa.table({"age": ["20", "80"], "sex": ["F", "F"]}))
    assert young < 0.2
    assert old > 0.8


def test_the_split_covers_every_record_once(trained: tuple[Artifact, TrainFacts]) -> None:
    artifact, facts = trained
    split = artifact.table("split")
    assert split.column("row").to_pylist() == list(range(4000))
    assert sum(split.column("held_out").to_pylist()) == 800
    assert (facts.left_out, facts.trained + facts.held_out + facts.left_out) == (40, 4000)
    assert next(part for part in artifact.parts if part.name == "split").personal
    assert not next(part for part in artifact.parts if part.name == "model").personal


def test_the_model_holds_no_count_of_the_data(trained: tuple[Artifact, TrainFacts]) -> None:
    artifact, facts = trained
    told = json.loads(artifact.data("model"))
    assert set(told) == {
        "format", "estimator", "target", "positive", "classes", "threshold", "features", "intercept",
        "row_scale", "privacy",
    }  # fmt: skip
    assert str(facts.trained) not in json.dumps([dict(artifact.head), told["privacy"]])


def test_the_test_mode_repeats_and_the_real_one_is_private() -> None:
    first, again = (STEP.run(params(), INPUTS, context()).artifacts[0] for _ in range(2))
    assert first.data("model") == again.data("model")
    assert first.table("split") == again.table("split")
    real = STEP.run(params(), INPUTS, context(seed=None)).artifacts[0]
    assert real.head["private"] is True
    assert real.data("model") != first.data("model")


def test_the_cost_is_known_before_and_from_parameters_alone() -> None:
    assert STEP.cost(params(epsilon=0.7), {}) == EpsilonDelta(0.7, 0.0, Neighbours.REPLACE_ONE)


def test_within_the_standard_there_is_nothing_to_remark() -> None:
    assert STEP.check(params(), HEADS) == []


def test_an_epsilon_above_the_standard_is_refused() -> None:
    for epsilon, limit in ((1.01, 1.0), (50.0, 1.0)):
        found = blocking(STEP.check(params(epsilon=epsilon), HEADS))
        assert [(one.field, one.code) for one in found] == [("epsilon", "PP-TRAIN-021")]
        assert f"at most {limit:g}" in found[0].detail
    only_project = {**HEADS, Kind.STANDARD: {"title": "Own", "epsilon_max": 0.5}}
    assert blocking(STEP.check(params(), only_project))


@pytest.mark.parametrize("epsilon", [0, -1, float("nan"), float("inf"), 101, 1e-9])
def test_impossible_epsilons_are_refused(epsilon: float) -> None:
    with pytest.raises(InvalidParamsError):
        params(epsilon=epsilon)


@pytest.mark.parametrize(
    ("heads", "field"),
    [
        (edited("age", max=None), "features"),
        (edited("age", min=100.0), "features"),
        (edited("sex", categories=None), "features"),
        (edited("sex", categories=[]), "features"),
        (edited("pay", categories=None), "target"),
        (edited("pay", categories=["low"]), "target"),
        (edited("pay", positive=None), "target"),
        (edited("pay", positive="rich"), "target"),
        ({**HEADS, Kind.ROLES: {**ROLES, "target": None}}, "target"),
    ],
)
def test_what_is_not_declared_is_asked_for(heads: dict[Kind, dict[str, object]], field: str) -> None:
    found = blocking(STEP.check(params(), heads))
    assert [(one.code, one.field) for one in found] == [("PP-TRAIN-024", field)]
    with pytest.raises(UndeclaredFeatureError):
        STEP.run(params(), {**INPUTS, Kind.ROLES: Artifact(Kind.ROLES, heads[Kind.ROLES])}, context())


def test_features_target_and_positive_can_be_chosen() -> None:
    head = STEP.run(params(target="sex", positive="F", features=["age"]), INPUTS, context()).artifacts[0].head
    assert (head["target"], head["positive"], head["negative"]) == ("sex", "F", "M")
    assert head["features"] == ["age"]
    for wrong in (["name"], ["pay"], ["gone"], ["age", "age"]):
        assert blocking(STEP.check(params(features=wrong), HEADS))


def test_too_weak_a_regularization_is_refused_before_it_is_paid_for() -> None:
    found = blocking(STEP.check(params(regularization=0.01), HEADS))
    assert [one.field for one in found] == ["regularization"]
    assert STEP.check(params(regularization=20), HEADS) == []


def test_few_records_and_nothing_held_out_are_pointed_out() -> None:
    small = STEP.check(params(), {**HEADS, Kind.TABLE: {"rows": 50}})
    assert [(one.level, one.field) for one in small] == [(Level.CAUTION, "features")]
    assert [one.field for one in STEP.check(params(held_out=0), HEADS)] == ["held_out"]


def test_a_run_can_be_stopped() -> None:
    with pytest.raises(CancelledRunError):
        STEP.run(params(), INPUTS, context(cancelled=True))


def test_the_section_is_made_from_the_record_alone(trained: tuple[Artifact, TrainFacts]) -> None:
    facts = TrainFacts(**json.loads(trained[1].model_dump_json()))
    blocks = STEP.section(params(), facts).blocks
    words = " ".join(block.text for block in blocks if isinstance(block, Words))
    assert "at most 74 % sure" in words
    assert "held-out" in words
    assert "not private" in words
    plot = next(block for block in blocks if isinstance(block, Plot))
    assert plot.values["posteriors"] == pytest.approx([0.0267, 0.2320, 0.7311], abs=1e-4)
