"""The step that recommends what to train, from declarations alone."""

import json

import pytest

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import blocking
from ppdesk.core.params import parse
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.model.model import STEP
from ppdesk.workflow.model.model_facts import ModelFacts
from ppdesk.workflow.model.train import STEP as TRAIN
from ppdesk.workflow.step import Context

COLUMNS = [
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "pay", "role": "sensitive", "categories": ["low", "high"], "positive": "high"},
    {"name": "kind", "role": "sensitive", "categories": ["a", "b", "c"]},
    {"name": "cost", "role": "sensitive", "type": "numeric", "min": 0.0, "max": 9.0},
]


def advised(
    target: str, use_case: str = "other", standard: dict[str, object] | None = None, **values: object
) -> ModelFacts:
    heads = {
        Kind.ROLES: {"target": target, "columns": COLUMNS},
        Kind.OBJECTIVE: {"use_case": use_case},
        **({} if standard is None else {Kind.STANDARD: standard}),
    }
    asked = parse(STEP.Params, values, step="model")
    assert blocking(STEP.check(asked, heads)) == []
    assert STEP.cost(asked, heads) == NoEvent()
    inputs = {kind: Artifact(kind, head) for kind, head in heads.items()}
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    outcome = STEP.run(asked, inputs, context)
    assert outcome.artifacts[0].head["settings"] == outcome.facts.settings
    again = ModelFacts(**json.loads(outcome.facts.model_dump_json()))
    assert STEP.section(asked, again).blocks
    parse(TRAIN.Params, dict(again.settings), step="train")
    return again


@pytest.mark.parametrize("target", ["pay", "kind", "cost"])
def test_the_additive_model_is_recommended_and_train_takes_its_settings(target: str) -> None:
    found = advised(target, rows=50_000)
    assert found.recommended == "additive"
    assert found.settings == {"estimator": "additive", "epsilon": 1.0, "delta": 1e-6}
    cards = {one.key: one for one in found.cards}
    assert cards["sgd-mlp"].why_not
    assert cards["k-means"].why_not == "It is for no target."


def test_the_use_says_what_the_threshold_is_for() -> None:
    assert advised("pay", "fraud-detection").settings["policy"] == "f1"
    assert advised("pay", "resource-allocation").settings["policy"] == "balanced"
    assert "policy" not in advised("kind", "fraud-detection").settings
    assert "precision" in advised("pay", "fraud-detection").watch


def test_the_standards_limits_are_kept() -> None:
    strict = {"title": "Own", "epsilon_model_max": 0.5, "delta_max": 1e-7}
    assert advised("pay", standard=strict).settings == {
        "estimator": "additive", "epsilon": 0.5, "delta": 1e-7,
    }  # fmt: skip
    pure = advised("pay", standard={"title": "Own", "delta_max": 0.0})
    assert pure.settings == {"estimator": "objective-perturbation", "epsilon": 1.0}


def test_few_records_are_pointed_out_and_the_table_is_not_counted() -> None:
    assert any("commonest" in reason for _, reason in advised("pay", rows=300).reasons)
    assert Kind.TABLE not in (*STEP.needs, *STEP.uses)


def test_a_target_that_is_not_declared_is_asked_for() -> None:
    heads = {Kind.ROLES: {"target": None, "columns": COLUMNS}}
    asked = parse(STEP.Params, {}, step="model")
    assert [one.code for one in blocking(STEP.check(asked, heads))] == ["PP-MODEL-001"]
