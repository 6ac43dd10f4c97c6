"""The step that packs the trained model as a signed bundle."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import create_signer
from ppdesk.release.bundle import unpack
from ppdesk.release.errors import UnsupportedModelError
from ppdesk.release.scorer import load
from ppdesk.train.encoding import Categorical, Encoding, Numeric
from ppdesk.train.model import LogisticModel
from ppdesk.workflow.deployment.deploy import STEP, DeployFacts, DeployParams
from ppdesk.workflow.step import Context

PARAMS = DeployParams(to=Path("/somewhere/adult.ppmodel"))
ENCODING = Encoding(
    (
        Numeric("age", 17, 90),
        Categorical("sex", ("Female", "Male")),
        Categorical("country", ("Österreich", "日本", "a=b", "")),
        Numeric("hours", 0, 0.7),
    )
)
HEAD = {
    "estimator": "dp-logistic-regression", "features": ["age", "sex", "country", "hours"], "target": "pay",
    "positive": "high", "epsilon": 1.0, "delta": 0.0, "neighbours": "replace-one", "private": True,
    "stamp": "",
}  # fmt: skip


def trained(seed=1, scale=3.0):
    coef = np.random.default_rng(seed).normal(size=ENCODING.width) * scale
    return LogisticModel(
        estimator="dp-logistic-regression",
        encoding=ENCODING,
        coef=tuple(coef),
        target="pay",
        positive="high",
        negative="low",
        privacy={"epsilon": 1.0, "delta": 0.0, "neighbours": "replace-one", "private": True, "stamp": ""},
    )


def artifact(model=None, **head):
    return Artifact(Kind.MODEL, {**HEAD, **head}, (Part("model", (model or trained()).to_json()),))


def run(**inputs):
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    return STEP.run(PARAMS, {Kind.MODEL: artifact(), **{Kind(k): v for k, v in inputs.items()}}, context)


def test_a_bundle_of_a_model_of_a_cleaned_table_says_so_and_has_no_recipe_in_its_file(signer):
    recipe = Part("recipe", b'{"operations":[]}', personal=True)
    made = run(model=Artifact(Kind.MODEL, HEAD, (*artifact().parts, recipe)))
    assert "PP-DEPLOY-006" in [one.code for one in made.findings]
    bundle = made.artifacts[0]
    assert bundle.data("recipe") == recipe.content
    assert "recipe" not in unpack(STEP.deliver(PARAMS, [sealed(bundle, signer)])[0].data)
    assert "PP-DEPLOY-006" not in [one.code for one in run().findings]


def records(count):
    rng = np.random.default_rng(2)
    age = [f"{value:.3f}" for value in rng.uniform(-10, 120, count)]
    hours = [f"{value:.6e}" for value in rng.uniform(-0.1, 0.9, count)]
    sex = rng.choice(["Female", "Male", "other"], count).tolist()
    country = rng.choice(["Österreich", "日本", "a=b", "", "x"], count).tolist()
    for column in (age, hours, sex, country):
        for place in rng.integers(0, count, count // 20):
            column[place] = None
    age[0] = "unknown"
    return pa.table({"age": age, "sex": sex, "country": country, "hours": hours})


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return create_signer(folder, "Maker", "a passphrase", entropy=TestEntropy(1), clock=TestClock())


def sealed(made, signer):
    parts = seal(made.data("manifest.json"), signer)
    return Artifact(made.kind, made.head, (*made.parts, *(Part(name, data) for name, data in parts.items())))


@pytest.mark.parametrize("scale", [0.1, 3.0, 200.0])
def test_the_bundle_gives_the_trained_models_probabilities(signer, scale):
    model = trained(scale=scale)
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    outcome = STEP.run(PARAMS, {Kind.MODEL: artifact(model)}, context)
    delivered = STEP.deliver(PARAMS, [sealed(outcome.artifacts[0], signer)])
    rows = records(5_000)
    found = load(unpack(delivered[0].data)).score(rows).probability
    assert np.abs(found - model.predict_proba(rows)).max() < 1e-9


def test_the_same_model_gives_the_same_bytes():
    first, second = run().artifacts[0], run().artifacts[0]
    assert [part.content for part in first.parts] == [part.content for part in second.parts]


def test_the_manifest_says_claim_domains_and_hashes():
    outcome = run()
    made = outcome.artifacts[0]
    said = json.loads(made.data("manifest.json"))
    assert said["onnx_sha256"] == sha256_hex(made.data("model.onnx"))
    assert said["made_from"] == sha256_hex(trained().to_json())
    assert said["features"][0] == {"name": "age", "type": "numeric", "min": 17, "max": 90, "categories": None}
    assert said["features"][1]["categories"] == ["Female", "Male"]
    assert (said["epsilon"], said["delta"], said["neighbours"]) == (1, 0, "replace-one")
    assert "(1, 0)-differentially private" in said["claim"]
    assert said["metrics"] is None
    assert not any(part.personal for part in made.parts)


def evaluated():
    head = {
        "model_sha256": sha256_hex(trained().to_json()),
        "auroc": 0.81234567,
        "threshold": 0.4,
        "held_out": 100,
    }
    return Artifact(Kind.EVALUATION, head)


def test_the_evaluations_figures_stay_in_the_project_because_the_claim_does_not_cover_them():
    outcome = run(evaluation=evaluated())
    said = json.loads(outcome.artifacts[0].data("manifest.json"))
    assert said["metrics"] is None
    assert "not in this bundle" in said["metrics_note"]
    assert said["threshold"] == 0.4
    assert outcome.facts.evaluated
    assert b"812345" not in outcome.artifacts[0].data("manifest.json")


def test_a_person_may_decide_to_give_them_away_and_it_is_said():
    params = PARAMS.model_copy(update={"figures": True})
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "")
    outcome = STEP.run(params, {Kind.MODEL: artifact(), Kind.EVALUATION: evaluated()}, context)
    said = json.loads(outcome.artifacts[0].data("manifest.json"))
    assert (said["metrics"]["auroc"], said["metrics"]["held_out"]) == (0.812, 100)
    assert "outside the differential privacy claim" in said["metrics_note"]
    assert "PP-DEPLOY-005" in [one.code for one in STEP.check(params, {Kind.MODEL: HEAD})]
    assert "outside the differential privacy claim" in STEP.section(params, outcome.facts).blocks[-1].text


def test_the_evaluation_of_another_model_does_not():
    outcome = run(evaluation=Artifact(Kind.EVALUATION, {"model_sha256": "0" * 64, "auroc": 0.8}))
    assert not outcome.facts.evaluated


def test_a_model_without_a_claim_is_refused_where_a_standard_holds():
    standard = {"epsilon_max": 3.0, "delta_max": 1e-5}
    heads = {Kind.MODEL: {**HEAD, "epsilon": None}, Kind.STANDARD: standard, Kind.EVALUATION: {}}
    found = STEP.check(PARAMS, heads)
    assert [(one.level, one.code) for one in found] == [(Level.BLOCKING, "PP-DEPLOY-002")]


def test_a_claim_weaker_than_the_standard_is_refused():
    heads = {Kind.MODEL: {**HEAD, "epsilon": 5.0}, Kind.STANDARD: {"epsilon_max": 3.0, "delta_max": 1e-5}}
    codes = {one.code: one for one in STEP.check(PARAMS, heads)}
    assert codes["PP-DEPLOY-003"].level is Level.BLOCKING
    assert "ε is 5, allowed 3 for the whole project." in codes["PP-DEPLOY-003"].detail


def test_a_claim_over_the_limit_for_one_model_is_refused_though_the_project_may_spend_it():
    standard = {"epsilon_model_max": 1.0, "epsilon_max": 3.0, "delta_max": 1e-5}
    heads = {Kind.MODEL: {**HEAD, "epsilon": 2.0}, Kind.STANDARD: standard, Kind.EVALUATION: {}}
    found = [one for one in STEP.check(PARAMS, heads) if one.level is Level.BLOCKING]
    assert [one.code for one in found] == ["PP-DEPLOY-003"]
    assert found[0].detail == "ε is 2, allowed 1 for one model."


def test_a_fixed_seed_is_said_in_the_claim():
    context = Context({}, TestEntropy(1), TestClock(), lambda *_: None, lambda: False, "Made in test mode")
    outcome = STEP.run(PARAMS, {Kind.MODEL: artifact(private=False)}, context)
    assert "not private" in outcome.facts.claim
    assert outcome.facts.stamp == "Made in test mode"


def test_a_model_of_another_format_is_refused():
    broken = Artifact(Kind.MODEL, HEAD, (Part("model", b'{"format":"ppdesk-logistic-9"}'),))
    with pytest.raises(UnsupportedModelError):
        run(model=broken)


def test_the_facts_survive_a_round_trip_and_make_the_section():
    facts = run().facts
    again = DeployFacts(**json.loads(json.dumps(facts.model_dump(mode="json"))))
    assert STEP.section(PARAMS, again) == STEP.section(PARAMS, facts)
