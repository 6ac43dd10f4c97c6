"""The manifest of a model bundle."""

import json

import pytest

from ppdesk.core.canonical import canonical
from ppdesk.release.errors import BundleChangedError, NewerBundleError
from ppdesk.release.model_manifest import Feature, ModelManifest, parse_manifest

MANIFEST = ModelManifest(
    tool={"name": "ppdesk", "version": "0.1.0"},
    onnx_sha256="0" * 64,
    made_from="1" * 64,
    estimator="dp-logistic-regression",
    target="salary-class",
    positive=">50K",
    threshold=0.5,
    features=[
        Feature(name="age", type="numeric", min=17.0, max=90.0),
        Feature(name="sex", type="categorical", categories=["F"]),
    ],
    epsilon=1.0,
    delta=0.0,
    neighbours="replace-one",
    private=True,
    claim="(1, 0)-DP",
    metrics={"auroc": {"value": 0.8}},
    metrics_note="outside the claim",
    stamp="",
)


def test_it_survives_a_round_trip_byte_for_byte():
    assert parse_manifest(MANIFEST.to_bytes()) == MANIFEST
    assert parse_manifest(MANIFEST.to_bytes()).to_bytes() == MANIFEST.to_bytes()


def changed(**values):
    return canonical({**json.loads(MANIFEST.to_bytes()), **values})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        b'{"a":1,"a":2}',
        json.dumps(json.loads(MANIFEST.to_bytes()), indent=1).encode(),
        MANIFEST.to_bytes().replace(b'"private":true', b'"private":true,"private":true'),
        changed(extra=1),
        changed(epsilon=-1),
        changed(epsilon="1"),
        changed(features=[]),
        changed(onnx_sha256="x"),
        changed(private="yes"),
    ],
)
def test_any_other_form_is_refused(data):
    with pytest.raises(BundleChangedError):
        parse_manifest(data)


def test_a_later_format_is_named():
    with pytest.raises(NewerBundleError, match="ppdesk-model-2"):
        parse_manifest(changed(format="ppdesk-model-2"))
