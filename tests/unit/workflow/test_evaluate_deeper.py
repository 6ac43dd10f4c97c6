"""Evaluate beyond the headline: costs, pairs of groups, several classes, numbers, groups without a target."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.palette import LIGHT
from ppdesk.core.section import Plot, Section, Table, Words
from ppdesk.privacy.events import EpsilonDelta, NoEvent
from ppdesk.privacy.ledger import Budget, OverBudgetError
from ppdesk.report.figures import draw
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema, Target
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.sgd.network import Shape
from ppdesk.train.tuning.trials import UNIT
from ppdesk.workflow.evaluation import cross, evaluate_findings
from ppdesk.workflow.evaluation.evaluate import STEP, EvaluateFacts, EvaluateParams
from ppdesk.workflow.same_table import mark
from ppdesk.workflow.step import Context

N = 1_500
COLUMNS = [
    {"name": "age", "role": "insensitive", "type": "numeric", "min": 0.0, "max": 100.0},
    {"name": "sex", "role": "insensitive", "type": "categorical", "categories": ["F", "M"]},
    {"name": "town", "role": "insensitive", "type": "categorical", "categories": ["N", "S", "tiny"]},
    {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
     "positive": "high"},
    {"name": "kind", "role": "sensitive", "type": "categorical", "categories": ["a", "b", "c", "rare"]},
    {"name": "cost", "role": "sensitive", "type": "numeric", "min": 0.0, "max": 100.0},
]  # fmt: skip
TARGETS: dict[str, Target] = {
    "pay": Classes("pay", ("low", "high"), "high"),
    "kind": Classes("kind", ("a", "b", "c", "rare")),
    "cost": Quantity("cost", 0, 100),
}


def rows() -> pa.Table:
    rng = np.random.default_rng(3)
    age, sex = rng.integers(18, 90, N), rng.integers(0, 2, N)
    town = rng.choice(["N", "S", "tiny"], N, p=[0.6, 0.38, 0.02])
    high = rng.random(N) < 1 / (1 + np.exp(-(age - 60) / 8 - sex))
    kind = np.clip((age - 18 + rng.normal(0, 6, N)) // 24, 0, 2).astype(int)
    kind[rng.random(N) < 0.01] = 3
    cost = np.clip(age + rng.normal(0, 5, N), 0, 100)
    return pa.table(
        {
            "age": age.astype(str), "sex": np.array(["F", "M"])[sex], "town": town,
            "pay": np.where(high, "high", "low"), "kind": np.array(["a", "b", "c", "rare"])[kind],
            "cost": np.char.mod("%.1f", cost),
        }
    )  # fmt: skip


ROWS = rows()
SCHEMA = Schema((Numeric("age", 0, 100), Categorical("sex", ("F", "M"))))


def inputs(target: str, **head: Any) -> dict[Kind, Artifact]:
    """A model of `target` whose weights are drawn: what matters here is how it is measured."""
    goal = TARGETS[target]
    encoding = Encoding(SCHEMA, 0)
    shape = Shape.of(encoding.one_hot, len(encoding.plain), (), goal)
    weights = np.random.default_rng(1).normal(0, 0.5, shape.size)
    fitted = SgdModel("sgd-logistic", SCHEMA, goal, 0, (), weights, {"epsilon": 1.0})
    table_head = {"rows": N, "sha256": "ab" * 32, "columns": [{"name": one} for one in ROWS.column_names]}
    split = pa.table({"row": np.arange(N), "held_out": np.arange(N) % 3 != 0})
    told = {
        "estimator": "sgd-logistic", "task": {"pay": "binary", "kind": "classes", "cost": "quantity"}[target],
        "target": target, "epsilon": 1.0, "delta": 1e-6, "neighbours": "add-or-remove-one",
        "private": True, "training": {"settings": {}}, **mark(table_head), **head,
    }  # fmt: skip
    return {
        Kind.TABLE: Artifact(Kind.TABLE, table_head, (Part("rows", ROWS, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, {"unit": "record", "target": target, "columns": COLUMNS}),
        Kind.MODEL: Artifact(
            Kind.MODEL, told, (Part("model", fitted.to_json()), Part("split", split, personal=True))
        ),
    }


def heads(given: dict[Kind, Artifact]) -> dict[Kind, Any]:
    return {kind: one.head for kind, one in given.items()}


def run(given: dict[Kind, Artifact], **values: Any) -> tuple[EvaluateFacts, Section]:
    params = EvaluateParams(**{"floor": 30, **values})
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    facts = STEP.run(params, given, context).facts
    again = EvaluateFacts(**json.loads(facts.model_dump_json()))
    section = STEP.section(params, again)
    for block in section.blocks:
        if isinstance(block, Plot):
            draw(block, LIGHT, 500, 300)
        if isinstance(block, Table):
            assert all(len(row) == len(block.header) for row in block.rows), block.title
    return again, section


def titles(section: Section) -> list[str]:
    return [one.title for one in section.blocks if isinstance(one, Plot | Table)]


def test_costs_say_which_threshold_is_cheapest() -> None:
    facts, section = run(inputs("pay"), cost_false_alarm=1, cost_miss=9)
    assert facts.scores is not None
    costs = facts.scores.costs
    assert costs is not None
    assert costs.right_threshold == pytest.approx(0.1)
    assert costs.best_cost.value - costs.optimism <= costs.own.value
    assert costs.best_cost.value <= min(costs.all_positive, costs.all_negative) + 0.02
    assert "What decisions cost" in titles(section)
    said = [one.text for one in section.blocks if isinstance(one, Words)]
    assert any("A false alarm costs 1, a miss 9" in one for one in said)
    facts, section = run(inputs("pay"))
    assert facts.scores is not None
    assert facts.scores.costs is None
    assert "What decisions cost" not in titles(section)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"cost_miss": 2.0}, "PP-EVALUATE-010"),
        ({"cost_false_alarm": 0.0, "cost_miss": 0.0}, "PP-EVALUATE-010"),
    ],
)
def test_costs_that_say_nothing_are_refused(values: dict[str, float], code: str) -> None:
    found = STEP.check(EvaluateParams(**values), heads(inputs("pay")))
    assert [one.code for one in found if one.level is Level.BLOCKING] == [code]


def test_what_is_for_two_classes_is_refused_for_others() -> None:
    found = STEP.check(EvaluateParams(threshold=0.4, cost_miss=1, cost_false_alarm=1), heads(inputs("cost")))
    assert [one.field for one in found if one.code == "PP-EVALUATE-008"] == [
        "threshold", "cost_false_alarm", "cost_miss",
    ]  # fmt: skip
    assert not [
        one
        for one in STEP.check(EvaluateParams(groups=("sex",)), heads(inputs("kind")))
        if one.level is Level.BLOCKING
    ]


def test_groups_and_their_pairs_are_compared_both_ways_beside_the_twin() -> None:
    facts, section = run(inputs("pay"), groups=("sex", "town"), pairs=True)
    assert [one.column for one in facts.group_quality] == ["sex", "town", "sex × town"]
    assert {(one.column, one.favourable) for one in facts.favoured} == {
        (column, outcome) for column in ("sex", "town", "sex × town") for outcome in ("high", "low")
    }
    assert len(facts.favoured_baseline) == len(facts.favoured)
    assert [one.column for one in facts.fairness] == ["sex", "town", "sex × town"]
    assert all(group.n >= 30 for one in facts.group_quality for group in one.groups)
    assert "Each outcome as the good one" in titles(section)


def test_several_classes_have_curves_groups_and_fairness_and_rare_ones_stand_together() -> None:
    facts, section = run(inputs("kind"), groups=("sex",))
    assert facts.many is not None
    assert facts.many_study is not None
    names = [one.name for one in facts.many.classes]
    assert "rare" not in names
    assert names[-1] == "all other classes"
    assert min(one.records for one in facts.many.classes) >= 30
    assert {one.name for one in facts.many_study.curves} <= {"a", "b", "c"}
    assert {one.favourable for one in facts.favoured} == {"a", "b", "c", "rare"}
    assert {"Each class against the rest", "True and predicted classes"} <= set(titles(section))


def test_numbers_have_groups_and_an_interval() -> None:
    facts, section = run(inputs("cost"), groups=("sex", "town"), pairs=True)
    assert [one.column for one in facts.number_fairness] == ["sex", "town", "sex × town"]
    assert len(facts.number_fairness_baseline) == 3
    assert facts.many is not None
    told = {one.name: one.estimate for one in facts.many.measures}
    assert told["coverage_90"] is not None
    assert 0.8 < told["coverage_90"].value < 1
    assert {"Predicted and actual", "Predictions by sex"} <= set(titles(section))


def test_an_older_record_still_opens() -> None:
    facts, _ = run(inputs("pay"), groups=("sex",))
    old = json.loads(facts.model_dump_json())
    for name in (
        "scores", "scores_trivial", "scores_baseline", "many_study", "group_quality",
        "group_quality_baseline", "favoured", "favoured_baseline", "number_fairness",
        "number_fairness_baseline", "cross", "cross_note", "tables",
    ):  # fmt: skip
        old.pop(name)
    section = STEP.section(EvaluateParams(), EvaluateFacts(**old))
    assert "Measures on held-out records" in titles(section)


@pytest.mark.parametrize("target", ["pay", "kind", "cost"])
def test_cross_validation_on_held_out_records_costs_nothing(target: str) -> None:
    given = inputs(target)
    params = EvaluateParams(cross_validation="held-out", folds=2, baseline=False)
    assert STEP.cost(params, heads(given)) == NoEvent()
    facts, section = run(given, cross_validation="held-out", folds=2, baseline=False)
    assert facts.cross is not None
    assert (facts.cross.mode, facts.cross.epsilon) == ("held-out", None)
    assert facts.cross.trained == pytest.approx(facts.cross.records / 2, abs=60)
    assert all(len(one.folds) == 2 for one in facts.cross.measures)
    assert "Cross-validation on held-out records, 2 folds" in titles(section)


def test_too_few_held_out_records_are_said() -> None:
    given = inputs("pay")
    split = pa.table({"row": np.arange(N), "held_out": np.arange(N) < 50})
    model = given[Kind.MODEL]
    given[Kind.MODEL] = Artifact(
        model.kind, model.head, (model.parts[0], Part("split", split, personal=True))
    )
    facts, section = run(given, cross_validation="held-out", folds=5, baseline=False)
    assert facts.cross is None
    assert any("at least 100" in one.text for one in section.blocks if isinstance(one, Words))


def test_paid_cross_validation_charges_all_models_and_the_score() -> None:
    given = inputs("pay")
    params = EvaluateParams(cross_validation="paid", folds=3, score_epsilon=0.2, baseline=False)
    event = STEP.cost(params, heads(given))
    spent = Budget(10, 1e-3).total([event])
    assert spent.epsilon == pytest.approx(3.2)
    assert spent.delta == pytest.approx(3e-6)
    with pytest.raises(OverBudgetError):
        Budget(3.1, 1e-3).can_afford([], event)
    facts, section = run(given, cross_validation="paid", folds=3, score_epsilon=0.2, baseline=False)
    assert facts.cross is not None
    assert (facts.cross.epsilon, facts.cross.delta) == (pytest.approx(3.2), pytest.approx(3e-6))
    (score,) = facts.cross.measures
    assert 0.4 < score.mean.value < 1.1
    assert score.folds == []
    assert "Paid cross-validation, 3 folds" in titles(section)


def test_a_paid_score_is_never_charged_less_than_its_models() -> None:
    pure = {**inputs("pay")[Kind.MODEL].head, "delta": 0.0}
    params = EvaluateParams(cross_validation="paid", folds=4, score_epsilon=0.5)
    event = STEP.cost(params, {Kind.MODEL: pure})
    assert Budget(10, 0).total([event]).epsilon == pytest.approx(4.5)
    assert set(event.events[:4]) == {EpsilonDelta(1.0, 0.0, event.events[4].neighbours)}


def test_a_model_without_a_claim_cannot_be_trained_again() -> None:
    given = inputs("pay", epsilon=None, delta=None)
    params = EvaluateParams(cross_validation="paid")
    assert STEP.cost(params, heads(given)) == NoEvent()
    found = [one for one in STEP.check(params, heads(given)) if one.level is Level.BLOCKING]
    assert [one.code for one in found] == ["PP-EVALUATE-011"]
    unbounded = {**heads(given), Kind.MODEL: inputs("pay")[Kind.MODEL].head}
    unbounded[Kind.TABLE] = {**unbounded[Kind.TABLE], "stability": None}
    assert "PP-EVALUATE-012" in [one.code for one in STEP.check(params, unbounded)]


def test_two_runs_with_costs_give_the_same_facts() -> None:
    first, second = (run(inputs("pay"), cost_miss=2, cost_false_alarm=1)[0] for _ in range(2))
    assert first == second


def of_persons(given: dict[Kind, Artifact], most: int) -> dict[Kind, Artifact]:
    """The same records, `most` of each person."""
    table, roles = given[Kind.TABLE], given[Kind.ROLES]
    rows = ROWS.append_column("id", pa.array([str(one // most) for one in range(N)]))
    unit = {**roles.head, "unit": {"column": "id", "most_rows": most}}
    return {
        **given,
        Kind.TABLE: Artifact(Kind.TABLE, table.head, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, unit),
    }


def test_the_noisy_score_hides_all_records_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Noiseless:
        def laplace(self, values: Any, sensitivity: int, epsilon: float) -> Any:
            asked.append((sensitivity, epsilon))
            return values

    monkeypatch.setattr(cross, "noise_of", lambda _: Noiseless())
    given = of_persons(inputs("pay"), 3)
    facts, _ = run(given, cross_validation="paid", folds=2, score_epsilon=0.4, baseline=False)
    assert asked == [(3 * UNIT, 0.4)]
    assert facts.cross is not None
    (score,) = facts.cross.measures
    # without noise: the mean score of the records under the models of their folds
    assert 0.4 < score.mean.value < 1
    assert facts.cross.records == N // 3


def test_all_records_of_a_person_are_in_one_fold() -> None:
    given = of_persons(inputs("pay"), 3)
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    folds = cross.folds_of(np.ones(N, dtype=np.bool_), 4, given, context)
    assert sum(int(one.test.sum()) for one in folds) == N
    for one in folds:
        assert (one.test.reshape(-1, 3).sum(axis=1) % 3 == 0).all()
        assert not (one.test & one.train).any()


def test_few_held_out_records_are_remarked() -> None:
    for target in TARGETS:
        for floor, wanted in ((10, 0), (N, 1)):
            facts, _ = run(inputs(target), floor=floor, baseline=False)
            assert [one.code for one in evaluate_findings.of(facts)].count("PP-EVALUATE-016") == wanted
