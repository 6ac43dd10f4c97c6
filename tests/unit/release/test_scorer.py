"""The scorer: nothing is loaded before its seal and hashes hold."""

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.errors import SealBrokenError
from ppdesk.identity.sealing import seal
from ppdesk.identity.signer import create_signer
from ppdesk.release import onnx_model
from ppdesk.release.bundle import pack, unpack
from ppdesk.release.errors import BundleChangedError, MissingFeatureError
from ppdesk.release.linear import CategoryTerm, LinearModel, NumericTerm
from ppdesk.release.model_manifest import Feature, ModelManifest
from ppdesk.release.scorer import load

MODEL = LinearModel(
    (NumericTerm("age", (17, 90), (0.44, 1.9), 0.7), CategoryTerm("sex", ("F", "M"), (0.5, -0.5), 0.0)), -1.0
)
ONNX = onnx_model.build(MODEL)


def manifest(**changes):
    values = {
        "tool": {"name": "ppdesk", "version": "0.1.0"},
        "onnx_sha256": sha256_hex(ONNX),
        "made_from": "1" * 64,
        "estimator": "dp-logistic-regression",
        "target": "pay",
        "positive": "high",
        "threshold": 0.5,
        "features": [
            Feature(name="age", type="numeric", min=17.0, max=90.0),
            Feature(name="sex", type="categorical", categories=["F", "M"]),
        ],
        "epsilon": 1.0,
        "delta": 0.0,
        "neighbours": "replace-one",
        "private": True,
        "claim": "",
        "metrics": None,
        "metrics_note": "",
        "stamp": "",
    }
    return ModelManifest(**{**values, **changes}).to_bytes()


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return create_signer(folder, "Maker", "a passphrase", entropy=TestEntropy(1), clock=TestClock())


@pytest.fixture
def bundle(signer):
    def make(**changes):
        model = changes.pop("model", ONNX)
        said = manifest(**changes)
        return {"manifest.json": said, "model.onnx": model, **seal(said, signer)}

    return make


def records(age, sex):
    return pa.table({"age": pa.array(age, pa.string()), "sex": pa.array(sex, pa.string())})


def test_a_bundle_scores_as_the_model_says(bundle, signer):
    scorer = load(unpack(pack(bundle())))
    found = scorer.score(records(["30", " 40 ", "1e2"], ["F", "M", "F"]))
    logits = np.array([30 * 0.02 + 0.1 + 0.5 - 1, 40 * 0.02 + 0.1 - 0.5 - 1, 90 * 0.02 + 0.1 + 0.5 - 1])
    assert found.probability == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-12)
    assert found.outside == {"age": 1}
    assert scorer.fingerprint == signer.fingerprint


def test_undeclared_and_missing_categories_are_counted(bundle):
    found = load(bundle()).score(records(["30", "30"], ["diverse", None]))
    assert (found.unseen, found.missing) == ({"sex": 1}, {"sex": 1})
    assert found.probability == pytest.approx(1 / (1 + np.exp(0.3)), abs=1e-12)


def test_a_missing_column_is_named(bundle):
    with pytest.raises(MissingFeatureError, match="sex"):
        load(bundle()).score(pa.table({"age": ["30"]}))


@pytest.mark.parametrize("cell", ["", "x", None, "nan", "1,5"])
def test_a_number_that_is_none_counts_as_missing(bundle, cell):
    found = load(bundle()).score(records(["30", cell], ["F", "M"]))
    assert found.missing == {"age": 1}
    assert found.probability[1] == pytest.approx(1 / (1 + np.exp(-(0.7 - 0.5 - 1))), abs=1e-12)


def test_no_records_give_no_scores(bundle):
    assert load(bundle()).score(records([], [])).probability.size == 0


def test_a_changed_manifest_breaks_the_seal(bundle):
    parts = bundle()
    parts["manifest.json"] = parts["manifest.json"].replace(b'"private":true', b'"private":false')
    with pytest.raises(SealBrokenError):
        load(parts)


def test_a_changed_model_is_refused_before_it_is_parsed(bundle):
    with pytest.raises(BundleChangedError, match="not the one the manifest names"):
        load(bundle(model=b"\x00" + ONNX))


def test_a_sealed_model_that_is_not_ours_is_refused(bundle):
    with pytest.raises(BundleChangedError, match=r"not ONNX|does not write"):
        load(bundle(model=b"\xff\xff", onnx_sha256=sha256_hex(b"\xff\xff")))


def test_features_and_model_must_fit(bundle):
    with pytest.raises(BundleChangedError, match="other columns"):
        load(bundle(features=[Feature(name="age", type="numeric", min=17.0, max=90.0)]))


def test_30_000_records_are_scored_at_once(bundle):
    found = load(bundle()).score(records(["35"] * 30_000, ["F", "M"] * 15_000))
    assert found.probability.shape == (30_000,)
