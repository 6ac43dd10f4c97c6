"""Additive models with pairs of columns, and models of a number that was learnt between narrower bounds,
agree with their ONNX form."""

import json

import numpy as np
import onnxruntime
import pyarrow as pa
import pytest

from ppdesk.release import exportable
from ppdesk.release.onnx_graph import check_untrusted
from ppdesk.train import formats
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema, Target
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.sgd.network import Shape

SCHEMA = Schema(
    (
        Numeric("age", 0.0, 100.0),
        Categorical("sex", ("F", "M", "D")),
        Numeric("gain", 0.0, 9.0),
        Numeric("x", 0.0, 1.0),
    )
)
EDGES = ((10.0, 20.5, 70.0), (), (0.5, 7.0), ())
GROUPS = {1: [0, 1, 0, 2]}  # of sex: two groups and one for any other value
PAIRS = ((0, 1), (0, 2), (1, 2), (2, 3))
TWO, THREE = Classes("pay", ("low", "high"), "high"), Classes("kind", ("a", "b", "c"))
NUMBER = Quantity("cost", -20.0, 30.0)


def additive(target: Target) -> bytes:
    rng, outputs = np.random.default_rng(1), 3 if target is THREE else 1

    def table(rows: int) -> dict[str, object]:
        values = rng.normal(0, 2, (rows, outputs))
        return {"values": values.tolist(), "sds": np.abs(values).tolist()}

    def groups(place: int) -> int:
        return max(GROUPS[place]) + 1 if place in GROUPS else len(EDGES[place]) + 2

    features = [
        {"edges": list(edges), **table(len(edges) + 2 if isinstance(one, Numeric) else 4)}
        for one, edges in zip(SCHEMA.columns, EDGES, strict=True)
    ]
    pairs = [
        {
            "columns": list(pair),
            "edges": [list(EDGES[place]) for place in pair],
            "groups": [GROUPS.get(place, []) for place in pair],
            **table(groups(pair[0]) * groups(pair[1])),
        }
        for pair in PAIRS
    ]
    told = {
        "format": "ppdesk-additive-1", "estimator": "additive", "columns": SCHEMA.to_json(),
        "target": target.to_json(), "offset": [0.5] * outputs, "features": features, "pairs": pairs,
        "thresholds": {}, "policy": "accuracy", "privacy": {"epsilon": 1.0},
    }  # fmt: skip
    return json.dumps(told).encode()


def narrower(data: bytes) -> bytes:
    learnt = Quantity("cost", -0.75, 2.5).to_json()
    return json.dumps({**json.loads(data), "learnt": learnt}).encode()


def network() -> bytes:
    shape = Shape.of(Encoding(SCHEMA, 8).one_hot, 0, (), NUMBER)
    weights = np.random.default_rng(1).normal(0, 1, shape.size)
    return SgdModel("sgd-logistic", SCHEMA, NUMBER, 8, (), weights, {"epsilon": 1.0}).to_json()


@pytest.mark.parametrize(
    "data",
    [additive(TWO), additive(THREE), additive(NUMBER), narrower(additive(NUMBER)), narrower(network())],
    ids=["two", "three", "number", "narrower", "network"],
)
def test_it_agrees_with_the_trained_model(data: bytes) -> None:
    rng, count = np.random.default_rng(2), 2_000
    age, gain, x = rng.uniform(-20, 130, count), rng.uniform(-1, 10, count), rng.uniform(-1, 2, count)
    age[:3], gain[:2] = [10.0, 20.5, 70.0], [0.5, 7.0]  # on an edge
    for column in (age, gain, x):
        column[rng.integers(0, count, count // 20)] = np.nan
    table = pa.table({"age": age, "sex": rng.choice(["F", "M", "D", "?"], count), "gain": gain, "x": x})
    wanted = formats.read(data).predict(Records.read(table, SCHEMA))
    made = exportable.read(data).build()
    check_untrusted(made)
    inputs = {
        name: table.column(name).to_numpy().reshape(-1, 1).astype(object if name == "sex" else np.float64)
        for name in table.column_names
    }
    session = onnxruntime.InferenceSession(made, providers=["CPUExecutionProvider"])
    found = np.asarray(session.run(None, inputs)[0])
    wanted = wanted[:, 1:] if b"high" in data else wanted.reshape(count, -1)
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
