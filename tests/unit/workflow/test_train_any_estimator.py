"""Train, Evaluate, Deploy, Score and Monitor with every kind of model and target."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import blocking
from ppdesk.core.palette import PALETTES
from ppdesk.core.params import parse
from ppdesk.core.section import Plot
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import create_signer
from ppdesk.privacy.events import Neighbours, Stated
from ppdesk.release.bundle import MEMBERS
from ppdesk.report.figures import draw
from ppdesk.train.offers import Task
from ppdesk.workflow.deployment.deploy import STEP as DEPLOY
from ppdesk.workflow.deployment.monitor import STEP as MONITOR
from ppdesk.workflow.deployment.score import STEP as SCORE
from ppdesk.workflow.evaluation.evaluate import STEP as EVALUATE
from ppdesk.workflow.evaluation.facts import EvaluateFacts
from ppdesk.workflow.model.train import STEP, TrainFacts
from ppdesk.workflow.models import load_model
from ppdesk.workflow.step import Context

N = 3_000
COLUMNS = [
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "sex", "role": "insensitive", "type": "categorical", "categories": ["F", "M"]},
    {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
     "positive": "high"},
    {"name": "kind", "role": "sensitive", "type": "categorical", "categories": ["a", "b", "c"]},
    {"name": "cost", "role": "sensitive", "type": "numeric", "min": 0.0, "max": 100.0, "log": True},
]  # fmt: skip
TARGETS = {Task.BINARY: "pay", Task.CLASSES: "kind", Task.QUANTITY: "cost"}


def _rows(n: int = N) -> pa.Table:
    rng = np.random.default_rng(3)
    age, sex = rng.integers(18, 90, n), rng.integers(0, 2, n)
    high = rng.random(n) < 1 / (1 + np.exp(-(age - 55) / 8 - sex))
    kind = np.clip((age - 18 + rng.normal(0, 6, n)) // 24, 0, 2).astype(int)
    cost = np.clip(age + rng.normal(0, 5, n), 0, 100)
    return pa.table(
        {
            "age": [str(one) for one in age],
            "sex": ["FM"[one] for one in sex],
            "pay": ["high" if one else "low" for one in high],
            "kind": ["abc"[one] for one in kind],
            "cost": [f"{one:.1f}" for one in cost],
        }
    )


ROWS = _rows()


def inputs(task: Task) -> dict[Kind, Artifact]:
    target = TARGETS.get(task)
    head = {"rows": N, "sha256": "ab" * 32, "columns": [{"name": one} for one in ROWS.column_names]}
    return {
        Kind.TABLE: Artifact(Kind.TABLE, head, (Part("rows", ROWS, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, {"unit": "record", "target": target, "columns": COLUMNS}),
    }


def context(**changes: object) -> Context:
    plain = {
        "sources": {}, "entropy": TestEntropy(1), "clock": TestClock(), "progress": lambda *_: None,
        "cancelled": lambda: False, "stamp": "not private",
    }  # fmt: skip
    return Context(**{**plain, **changes})  # type: ignore[arg-type]  # as named


def trained(task: Task, **values: object) -> tuple[dict[Kind, Artifact], TrainFacts]:
    given = inputs(task)
    features = ["age", "sex"]
    asked = parse(STEP.Params, {"features": features, **values}, step="train")
    heads = {kind: one.head for kind, one in given.items()}
    assert blocking(STEP.check(asked, heads)) == []
    outcome = STEP.run(asked, given, context())
    again = TrainFacts(**json.loads(outcome.facts.model_dump_json()))
    assert STEP.section(asked, again) == STEP.section(asked, outcome.facts)
    return {**given, Kind.MODEL: outcome.artifacts[0]}, again


def evaluated(given: dict[Kind, Artifact], **values: object) -> EvaluateFacts:
    asked = parse(EVALUATE.Params, values, step="evaluate")
    heads = {kind: one.head for kind, one in given.items()}
    assert blocking(EVALUATE.check(asked, heads)) == []
    facts = EVALUATE.run(asked, given, context()).facts
    again = EvaluateFacts(**json.loads(facts.model_dump_json()))
    assert EVALUATE.section(asked, again).blocks
    return again


CHEAP = [
    ("additive", Task.BINARY), ("additive", Task.CLASSES), ("additive", Task.QUANTITY),
    ("linear", Task.QUANTITY), ("diffprivlib-naive-bayes", Task.CLASSES), ("sgd-logistic", Task.CLASSES),
    ("k-means", Task.NONE), ("pca", Task.NONE), ("histogram", Task.NONE),
]  # fmt: skip


@pytest.mark.parametrize(("key", "task"), CHEAP)
def test_what_is_trained_can_be_evaluated_or_says_what_is_not_measured(key: str, task: Task) -> None:
    given, facts = trained(task, estimator=key)
    model = given[Kind.MODEL]
    assert (facts.estimator, facts.task, model.head["task"]) == (key, task.value, task.value)
    assert load_model(model).task is task
    assert facts.event["kind"]
    found = evaluated(given)
    if task is Task.NONE:
        assert found.ours is None
        first = found.many.measures[0]
        better = first.estimate.value - found.many_trivial.measures[0].estimate.value
        assert (better < 0) if first.lower else (better > 0), "better than one that learnt nothing"
    elif task is Task.BINARY:
        assert found.two.auroc.value > 0.8
    else:
        ours, trivial = (
            {one.name: one for one in measured.measures} for measured in (found.many, found.many_trivial)
        )
        first = next(iter(ours.values()))
        better = first.estimate.value - trivial[first.name].estimate.value
        assert (better < 0) if first.lower else (better > 0), "better than one that learnt nothing"


def test_the_default_is_the_additive_model_under_add_or_remove_with_a_small_delta() -> None:
    asked = parse(STEP.Params, {}, step="train")
    charged = STEP.cost(asked, {})
    assert isinstance(charged, Stated)
    assert (charged.epsilon, charged.delta, charged.neighbours) == (1.0, 1e-6, Neighbours.ADD_REMOVE)
    given, facts = trained(Task.BINARY)
    head = given[Kind.MODEL].head
    assert (head["estimator"], head["delta"], head["neighbours"]) == ("additive", 1e-6, "add-or-remove-one")
    assert head["format"] == "ppdesk-additive-1"
    assert {one.name for one in facts.shapes} == {"age", "sex"}
    plots = [one for one in STEP.section(asked, facts).blocks if isinstance(one, Plot)]
    shapes = [one for one in plots if one.name == "shape_function"]
    assert len(shapes) == 2
    for one in shapes:
        draw(one, PALETTES["light"], 600, 300)


def test_after_cleaning_that_reaches_others_the_claim_is_for_replaced_records() -> None:
    heads = {kind: dict(one.head) for kind, one in inputs(Task.BINARY).items()}
    heads[Kind.TABLE]["stability"] = 2
    asked = parse(STEP.Params, {}, step="train")
    assert STEP.cost(asked, heads).neighbours is Neighbours.REPLACE_ONE
    forced = parse(STEP.Params, {"neighbours": "add-or-remove-one"}, step="train")
    assert "PP-TRAIN-036" in [one.code for one in blocking(STEP.check(forced, heads))]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"estimator": "linear"}, "PP-TRAIN-032"),
        ({"estimator": "objective-perturbation", "neighbours": "add-or-remove-one"}, "PP-TRAIN-033"),
        ({"estimator": "objective-perturbation", "delta": 1e-6}, "PP-TRAIN-034"),
        ({"delta": 0}, "PP-TRAIN-035"),
        ({"delta": 1e-4}, "PP-TRAIN-030"),
        ({"regularization": 3.0}, "PP-TRAIN-038"),
        ({"n_clusters": 3}, "PP-TRAIN-038"),
    ],
)
def test_what_does_not_belong_together_is_refused_before_it_is_paid_for(
    values: dict[str, object], code: str
) -> None:
    heads = {kind: one.head for kind, one in inputs(Task.BINARY).items()}
    heads[Kind.STANDARD] = {"title": "GDPR", "delta_max": 1e-5}
    found = blocking(STEP.check(parse(STEP.Params, values, step="train"), heads))
    assert code in [one.code for one in found]


@pytest.mark.parametrize("task", [Task.BINARY, Task.CLASSES, Task.QUANTITY])
def test_a_bundle_scores_as_the_model_and_monitor_follows_its_columns(task: Task, tmp_path: Path) -> None:
    given, _ = trained(task)
    model = load_model(given[Kind.MODEL])
    bundle = DEPLOY.run(parse(DEPLOY.Params, {"to": tmp_path / "m.ppmodel"}, step="deploy"), given, context())
    made = bundle.artifacts[0]
    signer = create_signer(tmp_path / "k", "Maker", "a passphrase", entropy=TestEntropy(1), clock=TestClock())
    parts = seal(made.data("manifest.json"), signer)
    sealed = Artifact(made.kind, made.head, (*made.parts, *(Part(name, one) for name, one in parts.items())))
    assert {part.name for part in sealed.parts} >= set(MEMBERS)
    batch = tmp_path / "batch.csv"
    few = ROWS.slice(0, 300)
    lines = [",".join(few.column_names), *(",".join(row.values()) for row in few.to_pylist())]
    batch.write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = parse(SCORE.Params, {"batch": batch, "to": tmp_path / "s.csv"}, step="score")
    ctx = context(sources={"batch": batch})
    outcome = SCORE.run(asked, {Kind.BUNDLE: sealed}, ctx)
    scores = outcome.artifacts[0].table("scores")
    wanted = model.predict(few)
    if task is Task.QUANTITY:
        assert np.abs(scores.column("value").to_numpy() - wanted).max() < 1e-9
    elif task is Task.BINARY:
        assert np.abs(scores.column("probability").to_numpy() - wanted[:, 1]).max() < 1e-9
        assert outcome.facts.threshold == model.threshold
    else:
        assert scores.column("predicted").to_pylist() == ["abc"[one] for one in wanted.argmax(axis=1)]
        assert sum(outcome.facts.counts.values()) == 300
    assert SCORE.section(asked, outcome.facts).blocks
    assert SCORE.deliver(asked, outcome.artifacts)[0].data.count(b"\n") == 301
    watched = parse(MONITOR.Params, {"batch": batch}, step="monitor")
    seen = MONITOR.run(watched, {**given, Kind.BUNDLE: sealed}, ctx).facts
    assert seen.drift
    assert (seen.scores is not None) == (task is Task.BINARY)
    assert MONITOR.section(watched, seen).blocks


def test_a_model_without_an_onnx_form_is_refused_by_deploy_with_what_to_do(tmp_path: Path) -> None:
    given, _ = trained(Task.NONE, estimator="k-means")
    asked = parse(DEPLOY.Params, {"to": tmp_path / "m.ppmodel"}, step="deploy")
    found = blocking(DEPLOY.check(asked, {kind: one.head for kind, one in given.items()}))
    assert [one.code for one in found] == ["PP-DEPLOY-007"]
    assert "Evaluate and Monitor" in found[0].detail
