"""The step that tries settings: free of charge, or by private trials."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import blocking
from ppdesk.core.params import parse
from ppdesk.privacy import events
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import EpsilonDelta, Neighbours, NoEvent
from ppdesk.workflow.model.train import STEP as TRAIN
from ppdesk.workflow.model.tune import STEP
from ppdesk.workflow.models import held_out, load_model, trained_on
from ppdesk.workflow.step import Context, Outcome

COLUMNS: list[dict[str, Any]] = [
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "kind", "role": "insensitive", "categories": ["a", "b", "c"]},
    {"name": "pay", "role": "sensitive", "categories": ["low", "high"], "positive": "high"},
    {"name": "cost", "role": "sensitive", "type": "numeric", "min": 0.0, "max": 9.0},
]
DRAWS = np.random.default_rng(5)
AGES = DRAWS.integers(0, 100, 900)
ROWS = pa.table(
    {
        "age": [str(one) for one in AGES],
        "kind": DRAWS.choice(["a", "b", "c"], 900).tolist(),
        "pay": np.where(AGES + DRAWS.normal(0, 15, 900) > 50, "high", "low").tolist(),
        "cost": [f"{one / 12:.2f}" for one in AGES],
    }
)
HEADS: dict[Kind, dict[str, Any]] = {
    Kind.TABLE: {"file": "t.csv", "sha256": "00", "content": "aa", "rows": 900},
    Kind.ROLES: {"target": "pay", "columns": COLUMNS, "unit": "record"},
    Kind.SYNTHETIC: {"rows": 900, "columns": ["age", "kind", "pay", "cost"]},
}


def ran(cancelled: bool = False, **values: Any) -> Outcome[Any]:
    asked = parse(STEP.Params, values, step="tune")
    assert blocking(STEP.check(asked, HEADS)) == []
    inputs = {
        kind: Artifact(kind, head, () if kind is Kind.ROLES else (Part("rows", ROWS, personal=True),))
        for kind, head in HEADS.items()
    }
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: cancelled, "not private")
    outcome = STEP.run(asked, inputs, context)
    again = STEP.Facts(**json.loads(outcome.facts.model_dump_json()))
    assert again == outcome.facts
    assert STEP.section(asked, again).blocks
    return outcome


@pytest.mark.parametrize(("on", "target"), [("stand-in", "pay"), ("synthetic", "pay"), ("synthetic", "cost")])
def test_free_of_charge_it_gives_settings_that_train_takes(on: str, target: str) -> None:
    listed = ("additive", "additive counts=0.5")
    values = {"on": on, "target": target, "candidates": listed, "rows": 600, "repetitions": 1}
    outcome = ran(**values)
    asked = parse(STEP.Params, values, step="tune")
    assert STEP.cost(asked, HEADS) == NoEvent()
    (choice,) = outcome.artifacts
    assert choice.kind is Kind.CHOICE
    assert outcome.facts.chosen in listed
    best = max(outcome.facts.candidates, key=lambda one: one.mean)
    assert best.words == outcome.facts.chosen
    taken = parse(TRAIN.Params, {**choice.head["settings"], "target": target}, step="train")
    assert blocking(TRAIN.check(taken, HEADS)) == []


def test_private_trials_give_the_model_and_are_charged_as_one() -> None:
    listed = ("additive", "ebm rounds=20")
    values = {"on": "private", "candidates": listed, "epsilon": 3.0, "delta": 1e-5, "trials": 2.0}
    asked = parse(STEP.Params, values, step="tune")
    assert STEP.cost(asked, HEADS) == EpsilonDelta(3.0, 1e-5, Neighbours.ADD_REMOVE)
    outcome = ran(**values)
    (made,) = outcome.artifacts
    assert made.kind is Kind.MODEL
    facts = outcome.facts
    assert facts.chosen in listed
    assert all(one.mean is None for one in facts.candidates)  # what others gave is told nowhere
    assert facts.trial_epsilon < 3.0
    assert 0.98 * 3 < epsilon_of(events.from_json(facts.train.event), 1e-5) <= 3.0
    assert (made.head["epsilon"], made.head["delta"], made.head["private"]) == (3.0, 1e-5, False)
    model = load_model(made)
    assert model.fitted.privacy["epsilon"] == 3.0
    table = Artifact(Kind.TABLE, HEADS[Kind.TABLE], (Part("rows", ROWS),))
    held, trained = held_out(made, table), trained_on(made, table)
    assert not (held & trained).any()
    assert 80 < 900 - held.sum() - trained.sum() < 210  # scored on, trained on neither
    assert facts.train.trained == trained.sum()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"candidates": ("sorcery",)}, "PP-TUNE-001"),
        ({"candidates": ("ebm magic=1",)}, "PP-TUNE-001"),
        ({"candidates": ("linear",)}, "PP-TUNE-003"),
        ({"on": "private", "candidates": ("sgd-logistic",)}, "PP-TUNE-004"),
        ({"on": "private", "candidates": ("linear",)}, "PP-TRAIN-032"),
    ],
)
def test_what_cannot_be_tried_is_refused(values: dict[str, Any], code: str) -> None:
    found = blocking(STEP.check(parse(STEP.Params, values, step="tune"), HEADS))
    assert code in [one.code for one in found]


def test_synthetic_records_must_be_there_with_all_columns() -> None:
    asked = parse(STEP.Params, {"on": "synthetic"}, step="tune")
    heads = {kind: head for kind, head in HEADS.items() if kind is not Kind.SYNTHETIC}
    assert [one.code for one in blocking(STEP.check(asked, heads))] == ["PP-TUNE-005"]
    fewer = {**heads, Kind.SYNTHETIC: {"columns": ["age", "pay"]}}
    assert [one.code for one in blocking(STEP.check(asked, fewer))] == ["PP-TUNE-006"]


def test_the_standards_limit_holds_for_all_trials_together() -> None:
    asked = parse(STEP.Params, {"on": "private", "epsilon": 2.0}, step="tune")
    found = blocking(STEP.check(asked, {**HEADS, Kind.STANDARD: {"title": "Own", "epsilon_model_max": 1.0}}))
    assert [one.code for one in found] == ["PP-TRAIN-021"]


@pytest.mark.parametrize("on", ["stand-in", "private"])
def test_it_stops_when_asked(on: str) -> None:
    with pytest.raises(CancelledRunError):
        ran(cancelled=True, on=on, rows=200)


def test_settings_of_another_model_are_refused_by_train() -> None:
    asked = parse(TRAIN.Params, {"settings": ("learning_rate=0.2",)}, step="train")
    assert "PP-TRAIN-041" in [one.code for one in blocking(TRAIN.check(asked, HEADS))]
