"""The step that recommends what to train, from declarations alone."""

import json
from pathlib import Path

import pytest

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
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
    asked = parse(STEP.Params, {"curve": False, **values}, step="model")
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


def test_the_curve_gives_scores_and_the_epsilon_that_is_needed() -> None:
    tiny = {"rows": 500, "curve": True, "epsilons": (0.5, 8.0), "estimators": ("additive",), "repetitions": 1}
    found = advised("pay", standard={"title": "Own", "epsilon_model_max": 3.0}, least=0.55, **tiny)
    assert found.curve is not None
    assert [one.key for one in found.curve.lines] == ["additive"]
    assert found.reached is not None
    assert found.settings["epsilon"] == min(found.reached, 3.0)
    scores = {one.key: one.score for one in found.cards}
    assert scores["additive"] is not None
    assert scores["ebm"] is None
    never = advised("pay", least=0.999, **tiny)
    assert never.reached is None
    assert never.settings["epsilon"] == 1.0


def test_the_curve_can_be_measured_on_a_public_table(tmp_path: Path) -> None:
    rows = ["age,pay,kind,cost"] + [f"{i % 90},{('low', 'high')[i % 90 > 40]},a,3" for i in range(400)]
    public = tmp_path / "public.csv"
    public.write_text("\n".join(rows) + "\n")
    heads = {Kind.ROLES: {"target": "pay", "columns": COLUMNS}}
    values = {"epsilons": (8.0,), "estimators": ("additive",), "repetitions": 1, "public": str(public)}
    asked = parse(STEP.Params, values, step="model")
    inputs = {kind: Artifact(kind, head) for kind, head in heads.items()}
    context = Context({"public": public}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    curve = STEP.run(asked, inputs, context).facts.curve
    assert curve is not None
    assert curve.public
    assert curve.lines[0].points[0].mean > 0.9


@pytest.mark.parametrize(
    ("values", "code"), [({"estimators": ("sorcery",)}, "PP-MODEL-001"), ({"target": "none"}, "PP-MODEL-001")]
)
def test_what_cannot_be_is_refused(values: dict[str, object], code: str) -> None:
    heads = {Kind.ROLES: {"target": "pay", "columns": COLUMNS}}
    found = blocking(STEP.check(parse(STEP.Params, values, step="model"), heads))
    assert [one.code for one in found] == [code]


def test_a_curve_that_is_no_longer_wanted_stops() -> None:
    heads = {Kind.ROLES: {"target": "pay", "columns": COLUMNS}}
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: True, "")
    inputs = {kind: Artifact(kind, head) for kind, head in heads.items()}
    with pytest.raises(CancelledRunError):
        STEP.run(parse(STEP.Params, {"rows": 200}, step="model"), inputs, context)
