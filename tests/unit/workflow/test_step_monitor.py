"""The step that compares a new batch with what the model learnt from."""

import json
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.section import Plot, Words
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import create_signer
from ppdesk.train.encoding import Encoding
from ppdesk.train.model import LogisticModel
from ppdesk.workbench.remaking.drift import drift
from ppdesk.workbench.remaking.views import Record
from ppdesk.workflow.deployment.deploy import STEP as DEPLOY
from ppdesk.workflow.deployment.deploy import DeployParams
from ppdesk.workflow.deployment.monitor import STEP
from ppdesk.workflow.deployment.monitor_bins import BINS
from ppdesk.workflow.deployment.monitor_facts import MonitorFacts
from ppdesk.workflow.deployment.monitor_params import MonitorParams
from ppdesk.workflow.same_table import OtherTableError, mark
from ppdesk.workflow.step import Context

ROWS = 2_000
TABLE_HEAD = {"sha256": "ab" * 32, "rows": ROWS}
ROLES = {
    "unit": "record",
    "target": "pay",
    "columns": [
        {"name": "id", "role": "direct-identifier", "type": "categorical"},
        {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0.0, "max": 80.0},
        {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["F", "M"]},
        {"name": "note", "role": "insensitive", "type": "categorical"},
        {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"],
         "positive": "high", "target": True},
    ],
}  # fmt: skip


def records(seed, count, *, low=0, noise=0.0):
    rng = np.random.default_rng(seed)
    age = rng.integers(low, 81, count)
    sex = rng.choice(["F", "M"], count)
    high = rng.random(count) < 1 / (1 + np.exp(-(age - 45) / 8 - (sex == "M")))
    high = np.where(rng.random(count) < noise, rng.random(count) < 0.5, high)
    pay = np.where(high, "high", "low")
    ids = [f"p{number}" for number in range(count)]
    return pa.table({"id": ids, "age": age.astype(str), "sex": sex, "note": ["x"] * count, "pay": pay})


def model(shift=0.0):
    encoding = Encoding.from_roles(ROLES, ["age", "sex"], "pay")
    coef = np.concatenate([np.linspace(-6, 5, 7), [0], [0, 1, 0], [shift]]) / encoding.row_scale
    privacy = {"epsilon": 1.0, "delta": 0.0, "neighbours": "replace-one", "private": True, "stamp": ""}
    return LogisticModel(
        "dp-logistic-regression", encoding, tuple(coef), "pay", "high", "low", privacy
    ).to_json()


def trained(shift=0.0):
    split = pa.table({"row": np.arange(ROWS), "held_out": np.arange(ROWS) >= 1_500})
    head = {
        "target": "pay", "features": ["age", "sex"], "epsilon": 1.0, "delta": 0.0, "private": True,
        "neighbours": "replace-one", "stamp": "", **mark(TABLE_HEAD),
    }  # fmt: skip
    return Artifact(Kind.MODEL, head, (Part("model", model(shift)), Part("split", split, personal=True)))


EVALUATION = Artifact(
    Kind.EVALUATION,
    {
        "auroc": 0.93,
        "auroc_low": 0.91,
        "auroc_high": 0.95,
        "auroc_se": 0.01,
        "accuracy": 0.85,
        "threshold": 0.5,
    },
)
INPUTS = {
    Kind.TABLE: Artifact(Kind.TABLE, TABLE_HEAD, (Part("rows", records(1, ROWS), personal=True),)),
    Kind.ROLES: Artifact(Kind.ROLES, ROLES),
    Kind.MODEL: trained(),
    Kind.EVALUATION: EVALUATION,
}


def context(**sources):
    return Context(sources, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")


def run(tmp_path, batch, inputs=INPUTS, **values):
    file = tmp_path / "august.csv"
    csv.write_csv(batch, file)
    params = MonitorParams(batch=file, **values)
    return params, STEP.run(params, inputs, context(batch=file))


def codes(outcome):
    return [finding.code for finding in outcome.findings]


def test_a_batch_like_the_training_data_is_steady(tmp_path):
    params, outcome = run(tmp_path, records(2, 1_000), groups=("sex",))
    assert {one.verdict for one in outcome.facts.drift} == {"steady"}
    assert [one.column for one in outcome.facts.drift] == ["age", "sex", "pay"]
    assert outcome.facts.not_compared == ["note"]
    assert outcome.facts.reference_rows == 1_500
    assert outcome.facts.performance.auroc.value > 0.85
    assert "PP-MONITOR-003" not in codes(outcome)
    assert "No column" in STEP.section(params, outcome.facts).blocks[0].text


def test_a_drifted_column_is_a_finding_with_index_and_limit(tmp_path):
    _, outcome = run(tmp_path, records(2, 1_000, low=40))
    finding = outcome.findings[0]
    assert finding.title == "Column age has drifted."
    assert finding.detail.startswith("Index ")
    assert finding.detail.endswith("limit 0.25.")
    assert outcome.artifacts[0].head["drifted"][0] == "age"


def test_the_kept_counts_give_the_same_drift_again(tmp_path):
    params, outcome = run(tmp_path, records(2, 3_000), floor=10)
    (artifact,) = outcome.artifacts
    part = next(one for one in artifact.parts if one.name == BINS)
    assert not part.personal
    told = json.loads(part.content)
    assert set(told["columns"]) == {"age", "sex", "pay", "score"}
    assert told["held_back"] == []
    facts = outcome.facts.model_dump(mode="json")
    event = SimpleNamespace(seq=9, facts=facts, params=params.model_dump(mode="json"))
    shelf = SimpleNamespace(part=lambda _event, name: part.content if name == BINS else None)
    again = drift(Record("p", "", (), shelf), event)
    assert again.same
    assert "from the stored counts of 4 columns" in again.words
    facts["drift"][0]["psi"] += 0.01
    assert not drift(Record("p", "", (), shelf), event).same


def test_a_column_with_a_cell_below_the_floor_keeps_no_counts(tmp_path):
    batch = records(2, 1_000)
    odd = pa.array(["X"] * 3 + batch.column("sex").to_pylist()[3:])
    batch = batch.set_column(batch.column_names.index("sex"), "sex", odd)
    _, outcome = run(tmp_path, batch, floor=10)
    told = json.loads(outcome.artifacts[0].data(BINS))
    assert told["held_back"] == ["sex"]
    assert "sex" not in told["columns"]
    assert "sex" not in told["labels"]


def test_scores_drift_with_the_people(tmp_path):
    assert run(tmp_path, records(2, 1_000, low=40))[1].facts.scores.verdict == "drifted"


def test_a_fall_of_performance_is_a_finding(tmp_path):
    _, outcome = run(tmp_path, records(2, 1_000, noise=0.6))
    assert outcome.facts.auroc_change.high < 0
    assert "PP-MONITOR-005" in codes(outcome)


def test_without_outcomes_drift_and_parity_are_still_measured(tmp_path):
    _, outcome = run(tmp_path, records(2, 1_000).drop_columns(["pay"]), groups=("sex",))
    assert outcome.facts.performance is None
    assert "no column pay" in outcome.facts.performance_note
    assert outcome.facts.fairness[0].groups[0].found is None
    assert "pay" in outcome.facts.not_compared


def test_undeclared_values_are_counted_and_not_named(tmp_path):
    batch = records(2, 1_000)
    sex = [
        "secretvalue" if place < 30 else value for place, value in enumerate(batch.column("sex").to_pylist())
    ]
    params, outcome = run(tmp_path, batch.set_column(2, "sex", pa.array(sex)))
    assert next(one for one in outcome.facts.drift if one.column == "sex").unseen == 30
    assert "PP-MONITOR-004" in codes(outcome)
    said = [outcome.facts.model_dump_json(), *(str(one.to_json()) for one in outcome.findings)]
    assert "secretvalue" not in "".join([*said, str(STEP.section(params, outcome.facts))])


def test_a_tiny_batch_is_not_called_drift(tmp_path):
    _, outcome = run(tmp_path, records(3, 12))
    assert "PP-MONITOR-003" not in codes(outcome)
    assert "unclear" in {one.verdict for one in outcome.facts.drift}


def test_the_deployed_bundle_scores_where_there_is_one(tmp_path):
    signer = create_signer(tmp_path / "k", "Maker", "a pass", entropy=TestEntropy(1), clock=TestClock())
    made = DEPLOY.run(DeployParams(to=tmp_path / "m.ppmodel"), {Kind.MODEL: trained()}, context()).artifacts[
        0
    ]
    parts = [Part(name, data) for name, data in seal(made.data("manifest.json"), signer).items()]
    bundle = Artifact(made.kind, made.head, (*made.parts, *parts))
    plain = run(tmp_path, records(2, 500))[1].facts
    same = run(tmp_path, records(2, 500), {**INPUTS, Kind.BUNDLE: bundle})[1].facts
    assert (same.from_bundle, same.current) == (True, True)
    assert same.performance == plain.performance
    other = run(tmp_path, records(2, 500), {**INPUTS, Kind.BUNDLE: bundle, Kind.MODEL: trained(1.0)})[1]
    assert not other.facts.current
    assert "PP-MONITOR-007" in codes(other)


def test_limits_must_rise(tmp_path):
    found = STEP.check(MonitorParams(batch=tmp_path / "b.csv", watch=0.3), {})
    assert [(one.code, one.level) for one in found] == [("PP-MONITOR-001", Level.BLOCKING)]


@pytest.mark.parametrize("low", [0, 40])
def test_the_facts_survive_a_round_trip_and_make_the_section(tmp_path, low):
    params, outcome = run(tmp_path, records(2, 1_000, low=low), groups=("sex",))
    again = MonitorFacts(**json.loads(json.dumps(outcome.facts.model_dump(mode="json"))))
    section = STEP.section(params, again)
    assert section == STEP.section(params, outcome.facts)
    assert isinstance(section.blocks[0], Words)
    assert {block.name for block in section.blocks if isinstance(block, Plot)} == {"drift", "fairness"}


def test_a_model_of_another_table_is_refused(tmp_path):
    head = {"sha256": "cd" * 32, "rows": ROWS}
    heads = {Kind.MODEL: INPUTS[Kind.MODEL].head, Kind.TABLE: head}
    found = STEP.check(MonitorParams(batch=tmp_path / "august.csv"), heads)
    assert [(one.level, one.code) for one in found] == [(Level.BLOCKING, OtherTableError.code)]
    other = Artifact(Kind.TABLE, head, INPUTS[Kind.TABLE].parts)
    with pytest.raises(OtherTableError):
        run(tmp_path, records(2, 1_000), {**INPUTS, Kind.TABLE: other})
