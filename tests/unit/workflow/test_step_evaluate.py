"""The step that measures model and release."""

import json
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.errors import NothingToCompareError
from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.findings import Level
from ppdesk.core.section import Plot, Table, Words
from ppdesk.report.figures import NAMES
from ppdesk.train.encoding import Encoding
from ppdesk.train.model import LogisticModel
from ppdesk.workflow.evaluation.evaluate import STEP, EvaluateFacts, EvaluateParams
from ppdesk.workflow.evaluation.facts import OUTSIDE_CLAIM
from ppdesk.workflow.same_table import OtherTableError, mark
from ppdesk.workflow.step import Context

ROWS, HELD = 1_200, 400
TABLE_HEAD = {"sha256": "ab" * 32, "rows": ROWS}
ROLES = {
    "unit": "record",
    "target": "pay",
    "columns": [
        {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 80.0},
        {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["F", "M", "X"]},
        {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
         "positive": "high", "target": True},
    ],
}  # fmt: skip
TREES = {
    "age": [[str(age), f"{age // 20 * 20}-{age // 20 * 20 + 19}", "*"] for age in range(81)],
    "sex": [["F", "*"], ["M", "*"], ["X", "*"]],
}


def world():
    rng = np.random.default_rng(4)
    age = rng.integers(0, 81, ROWS)
    sex = rng.choice(["F", "M", "X"], ROWS, p=[0.5, 0.47, 0.03])
    high = rng.random(ROWS) < 1 / (1 + np.exp(-(age - 45) / 8 - (sex == "M")))
    rows = pa.table({"age": age.astype(str), "sex": sex, "pay": np.where(high, "high", "low")})
    encoding = Encoding.from_roles(ROLES, ["age", "sex"], "pay")
    coef = np.concatenate([np.linspace(-6, 5, 7), [0], [0, 1, 0, 0], [0]])
    model = LogisticModel(
        "dp-logistic-regression", encoding, tuple(coef / encoding.row_scale), "pay", "high", "low",
        {"epsilon": 1.0, "delta": 0.0, "neighbours": "replace-one", "private": True, "stamp": ""},
    )  # fmt: skip
    held = np.arange(ROWS) >= ROWS - HELD
    split = pa.table({"row": np.arange(ROWS), "held_out": held})
    head = {
        "target": "pay", "features": ["age", "sex"], "epsilon": 1.0, "delta": 0.0, "private": True,
        **mark(TABLE_HEAD),
    }  # fmt: skip
    return {
        Kind.TABLE: Artifact(Kind.TABLE, TABLE_HEAD, (Part("rows", rows, personal=True),)),
        Kind.ROLES: Artifact(Kind.ROLES, ROLES),
        Kind.MODEL: Artifact(
            Kind.MODEL, head, (Part("model", model.to_json()), Part("split", split, personal=True))
        ),
    }


def with_release(level=1, k=5):
    """A release as Anonymize makes it: in a random order, records in classes under k suppressed."""
    inputs = world()
    rows = inputs[Kind.TABLE].table("rows").to_pydict()
    ages = {row[0]: row[level] for row in TREES["age"]}
    classes = [(ages[age], sex) for age, sex in zip(rows["age"], rows["sex"], strict=True)]
    sizes = Counter(classes)
    released = [("*", "*") if sizes[one] < k else one for one in classes]
    table = pa.table(
        {"age": [one[0] for one in released], "sex": [one[1] for one in released], "pay": rows["pay"]}
    ).take(np.random.default_rng(9).permutation(ROWS))
    gone = sum(one == ("*", "*") for one in released)
    head = {"k": k, "levels": {"age": level, "sex": 0}, "rows": ROWS, "suppressed": gone}
    inputs[Kind.RELEASE] = Artifact(Kind.RELEASE, head, (Part("rows", table, personal=True),))
    trees = Part("hierarchies", json.dumps(TREES).encode())
    inputs[Kind.HIERARCHIES] = Artifact(Kind.HIERARCHIES, {}, (trees,))
    return inputs


def run(inputs, *, cancelled=False, **values):
    params = EvaluateParams(**values)
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: cancelled, "stamped")
    return params, STEP.run(params, inputs, context)


def test_the_model_is_tested_on_what_was_held_out_beside_both_baselines():
    _, outcome = run(world())
    facts = outcome.facts
    assert facts.ours.n == HELD
    assert facts.trained == ROWS - HELD
    assert facts.ours.auroc.value > 0.85
    assert facts.trivial.auroc.value == 0.5
    assert facts.baseline.auroc.value == pytest.approx(facts.ours.auroc.value, abs=0.03)
    assert facts.gap.low <= facts.ours.auroc.value - facts.baseline.auroc.value <= facts.gap.high
    assert outcome.artifacts[0].head["auroc"] == facts.ours.auroc.value


def test_the_baseline_can_be_left_out_and_that_is_said():
    params, outcome = run(world(), baseline=False)
    assert outcome.facts.baseline is None
    assert [one.code for one in STEP.check(params, {}) if one.level is Level.CAUTION] == ["PP-EVALUATE-002"]
    assert "left out" in json.dumps([str(block) for block in STEP.section(params, outcome.facts).blocks])


def test_figures_outside_the_claim_are_marked_on_screen_and_in_the_report():
    params, outcome = run(world())
    assert OUTSIDE_CLAIM in [one.detail for one in STEP.check(params, {})]
    first = STEP.section(params, outcome.facts).blocks[0]
    assert isinstance(first, Words)
    assert first.text == OUTSIDE_CLAIM


def test_groups_under_the_floor_are_pooled():
    _, outcome = run(world(), groups=("sex",))
    assert [group.group for group in outcome.facts.fairness[0].groups] == ["F", "pooled (2 groups)"]


def test_a_group_column_that_is_not_declared_is_refused():
    found = STEP.check(EvaluateParams(groups=("height",)), {Kind.ROLES: ROLES})
    assert (found[0].code, found[0].level) == ("PP-EVALUATE-001", Level.BLOCKING)


def test_the_release_is_compared_and_a_model_trained_on_it():
    inputs = with_release(k=8)  # few people with sex X and a high age
    _, outcome = run(inputs)
    found = outcome.facts.tables.release
    assert found.suppressed == inputs[Kind.RELEASE].head["suppressed"] > 0
    assert 0 < found.columns[0].detail < 1
    models = {one.trained_on: one for one in found.downstream.models}
    assert found.downstream.apart
    assert 0.7 < models["spread"].auroc.value <= models["original"].auroc.value + 0.02


def test_a_column_of_stars_teaches_nothing_but_does_not_stop_the_comparison():
    _, outcome = run(with_release(level=2))
    models = outcome.facts.tables.release.downstream.models
    assert next(one for one in models if one.trained_on == "spread").auroc.value < 0.7


def test_the_record_of_a_release_from_before_there_were_tables_opens():
    _, outcome = run(world())
    old = {
        "release": {
            "rows": 10,
            "suppressed": 1,
            "columns": [{"column": "age", "level": 1, "generalized": 0.1, "spread": 0.2, "detail": 0.5}],
            "pairs": [],
            "pair_mean": 0.0,
            "pair_count": 0,
        },
        "levels": {"age": 1},
        "k": 5,
        "downstream_note": "left out",
    }
    facts = {**outcome.facts.model_dump(mode="json"), **old}
    del facts["tables"]
    blocks = STEP.section(EvaluateParams(), EvaluateFacts(**facts)).blocks
    assert "What the release kept" in [one.title for one in blocks if isinstance(one, Table)]


def test_facts_are_small_and_survive_a_round_trip():
    params, outcome = run(with_release(), groups=("sex", "age"))
    said = json.dumps(outcome.facts.model_dump(mode="json"))
    assert len(said) < 60_000
    again = EvaluateFacts(**json.loads(said))
    assert again == outcome.facts
    assert STEP.section(params, again) == STEP.section(params, outcome.facts)


def test_the_section_draws_what_figures_know():
    params, outcome = run(with_release(), groups=("sex",))
    blocks = STEP.section(params, outcome.facts).blocks
    plots = {block.name: block.values for block in blocks if isinstance(block, Plot)}
    wanted = {"roc", "confusion", "calibration", "fairness", "utility", "associations", "sampling"}
    assert wanted <= set(plots) <= set(NAMES)
    assert [curve["role"] for curve in plots["roc"]["curves"]] == ["ours", "baseline", "trivial"]
    assert max(len(curve["fpr"]) for curve in plots["roc"]["curves"]) <= 200
    json.dumps(plots)
    for table in (block for block in blocks if isinstance(block, Table)):
        assert all(len(row) == len(table.header) for row in table.rows)


def test_two_runs_give_the_same_bytes():
    first, second = run(with_release())[1], run(with_release())[1]
    assert first.artifacts[0].data("evaluation") == second.artifacts[0].data("evaluation")


def test_nothing_held_out_is_said():
    inputs = world()
    model = inputs[Kind.MODEL]
    split = pa.table({"row": np.arange(ROWS), "held_out": np.zeros(ROWS, dtype=bool)})
    inputs[Kind.MODEL] = Artifact(
        model.kind, model.head, (model.parts[0], Part("split", split, personal=True))
    )
    with pytest.raises(NothingToCompareError, match="held-out"):
        run(inputs)


def test_a_cancelled_run_ends():
    with pytest.raises(CancelledRunError):
        run(world(), cancelled=True)


@pytest.mark.parametrize("other", [{"sha256": "cd" * 32}, {"rows": ROWS - 1}])
def test_a_model_of_another_table_is_refused_before_it_runs(other):
    heads = {Kind.MODEL: world()[Kind.MODEL].head, Kind.TABLE: {**TABLE_HEAD, **other}}
    found = STEP.check(EvaluateParams(), heads)[0]
    assert (found.level, found.code) == (Level.BLOCKING, OtherTableError.code)
    assert "Train again" in found.detail
    assert OtherTableError.code not in [
        one.code for one in STEP.check(EvaluateParams(), {**heads, Kind.TABLE: TABLE_HEAD})
    ]


def test_a_split_is_never_applied_to_another_table():
    inputs = world()
    shorter = inputs[Kind.TABLE].table("rows").slice(100)
    parts = (Part("rows", shorter, personal=True),)
    for head in (TABLE_HEAD, {"sha256": "cd" * 32, "rows": ROWS - 100}):
        with pytest.raises(OtherTableError):
            run({**inputs, Kind.TABLE: Artifact(Kind.TABLE, head, parts)})


def test_a_withheld_rate_is_said_in_the_table():
    params, outcome = run(world(), groups=("sex",), floor=150)
    assert outcome.facts.fairness[0].withheld == 2  # fewer than 150 of each sex have the outcome
    table = next(
        block
        for block in STEP.section(params, outcome.facts).blocks
        if isinstance(block, Table) and block.title == "Fairness by sex"
    )
    assert sorted({row[5] for row in table.rows}) == ["", "withheld"]
    assert "withheld where they would rest on fewer than 150 records" in table.caption
