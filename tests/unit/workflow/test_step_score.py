"""The step that applies the sealed bundle to new records."""

import json
from pathlib import Path

import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.errors import SealBrokenError
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import create_signer
from ppdesk.release import onnx_model
from ppdesk.release.linear import CategoryTerm, LinearModel, NumericTerm
from ppdesk.release.model_manifest import Feature, ModelManifest
from ppdesk.workflow.deployment.score import STEP, ScoreFacts, ScoreParams
from ppdesk.workflow.step import Context

ONNX = onnx_model.build(
    LinearModel(
        (NumericTerm("age", (0, 100), (0, 10), 0), CategoryTerm("sex", ("F", "M"), (1.0, -1.0), 0)), -5.0
    )
)
BATCH = "sex;age;extra\nF;50;x\nM;50;y\nF;10;z\nother;130;w\n"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    manifest = ModelManifest(
        tool={"name": "ppdesk", "version": "0.1.0"},
        onnx_sha256=sha256_hex(ONNX),
        made_from="1" * 64,
        estimator="dp-logistic-regression",
        target="pay",
        positive="high",
        threshold=0.5,
        features=[
            Feature(name="age", type="numeric", min=0.0, max=100.0),
            Feature(name="sex", type="categorical", categories=["F", "M"]),
        ],
        epsilon=1.0,
        delta=0.0,
        neighbours="replace-one",
        private=True,
        claim="",
        metrics=None,
        metrics_note="",
        stamp="",
    ).to_bytes()
    folder = tmp_path_factory.mktemp("keys")
    signer = create_signer(folder, "Maker", "a passphrase", entropy=TestEntropy(1), clock=TestClock())
    parts = {"manifest.json": manifest, "model.onnx": ONNX, **seal(manifest, signer)}
    return Artifact(Kind.BUNDLE, {}, tuple(Part(name, data) for name, data in parts.items()))


def run(bundle, tmp_path, **values):
    file = tmp_path / "batch.csv"
    file.write_text(BATCH, encoding="utf-8")
    params = ScoreParams(batch=file, **values)
    context = Context({"batch": file}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "stamped")
    return params, STEP.run(params, {Kind.BUNDLE: bundle}, context)


def test_each_record_gets_a_probability(bundle, tmp_path):
    _, outcome = run(bundle, tmp_path)
    table = outcome.artifacts[0].table("scores").to_pydict()
    assert table["row"] == [1, 2, 3, 4]
    assert table["probability"] == pytest.approx([0.7310586, 0.2689414, 0.0474259, 0.9933071], abs=1e-6)
    assert table["predicted"] == [True, False, False, True]
    assert outcome.artifacts[0].parts[0].personal
    assert outcome.artifacts[0].head["model_sha256"] == sha256_hex(ONNX)


def test_the_threshold_can_be_moved(bundle, tmp_path):
    assert run(bundle, tmp_path, threshold=0.99)[1].facts.selected == 1


def test_what_was_not_declared_is_a_remark_without_the_value(bundle, tmp_path):
    _, outcome = run(bundle, tmp_path)
    assert [finding.code for finding in outcome.findings] == ["PP-SCORE-001", "PP-SCORE-002"]
    assert "other" not in json.dumps([finding.to_json() for finding in outcome.findings])


def test_scores_are_written_only_where_asked_for(bundle, tmp_path):
    params, outcome = run(bundle, tmp_path)
    assert STEP.deliver(params, outcome.artifacts) == ()
    params, outcome = run(bundle, tmp_path, to=Path("scores.csv"))
    delivered = STEP.deliver(params, outcome.artifacts)
    assert delivered[0].data.decode().splitlines()[:2] == ["row;probability;predicted", "1;0.731059;yes"]


def test_a_bundle_that_was_changed_is_not_used(bundle, tmp_path):
    parts = tuple(
        Part(part.name, part.content.replace(b'"high"', b'"low"')) if part.name == "manifest.json" else part
        for part in bundle.parts
    )
    with pytest.raises(SealBrokenError):
        run(Artifact(Kind.BUNDLE, {}, parts), tmp_path)


def test_the_facts_survive_a_round_trip_and_make_the_section(bundle, tmp_path):
    params, outcome = run(bundle, tmp_path)
    again = ScoreFacts(**json.loads(json.dumps(outcome.facts.model_dump(mode="json"))))
    assert STEP.section(params, again) == STEP.section(params, outcome.facts)
    assert again.stamp == "stamped"
