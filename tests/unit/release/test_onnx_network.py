"""A network of DP-SGD as ONNX agrees with the trained one, for two classes, several and a number."""

import json

import numpy as np
import onnxruntime
import pyarrow as pa
import pytest

from ppdesk.release import exportable, network
from ppdesk.release.errors import UnsupportedModelError
from ppdesk.release.onnx_graph import check_untrusted
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.inputs import cells
from ppdesk.train.sgd.model import SgdModel
from ppdesk.train.sgd.network import Shape

SCHEMA = Schema(
    (
        Numeric("age", 0.0, 100.0),
        Numeric("gain", -5.0, 99_999.0, log=True),
        Categorical("sex", ("F", "M")),
        Numeric("flat", 0.1, 0.7),
    )
)
TWO, THREE = Classes("pay", ("low", "high"), "high"), Classes("kind", ("a", "b", "c"))
NUMBER = Quantity("cost", -2.0, 3e6)


def model(target: Classes | Quantity, bins: int, hidden: tuple[int, ...]) -> SgdModel:
    encoding = Encoding(SCHEMA, bins)
    shape = Shape.of(encoding.one_hot, len(encoding.plain), hidden, target)
    weights = np.random.default_rng(1).normal(0, 0.6, shape.size)
    return SgdModel("sgd-mlp", SCHEMA, target, bins, hidden, weights, {"epsilon": 1.0})


def rows(count: int = 2_000) -> pa.Table:
    rng = np.random.default_rng(2)
    age, gain = rng.uniform(-20, 130, count), np.expm1(rng.uniform(0, 13, count)) - 20
    age[:101] = np.arange(101)  # bounds and edges of bins
    flat = rng.uniform(0, 1, count)
    for column in (age, gain, flat):
        column[rng.integers(0, count, count // 20)] = np.nan
    return pa.table({"age": age, "gain": gain, "sex": rng.choice(["F", "M", "x"], count), "flat": flat})


def scored(data: bytes, table: pa.Table) -> np.ndarray:
    inputs = {
        name: table.column(name).to_numpy().reshape(-1, 1).astype(object if name == "sex" else np.float64)
        for name in table.column_names
    }
    check_untrusted(data)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, inputs)[0])


@pytest.mark.parametrize("target", [TWO, THREE, NUMBER])
@pytest.mark.parametrize(("bins", "hidden"), [(32, ()), (16, (8,)), (0, (6, 5)), (0, ()), (1, (4,))])
def test_it_agrees_with_the_trained_model(
    target: Classes | Quantity, bins: int, hidden: tuple[int, ...]
) -> None:
    made, table = model(target, bins, hidden), rows()
    again = SgdModel.from_json(made.to_json())
    said = exportable.read(made.to_json())
    assert [one.name for one in said.features] == list(SCHEMA.names)
    expected = again.predict(Records.read(table, SCHEMA))
    np.testing.assert_array_equal(expected, made.predict(Records.read(table, SCHEMA)))
    found = scored(said.build(), table)
    if target is TWO:
        expected = expected[:, 1:]
    if target is NUMBER:
        expected = expected.reshape(-1, 1)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    assert said.build() == said.build()


@pytest.mark.parametrize("bins", [1, 2, 7, 32])
def test_edges_say_exactly_where_training_puts_a_number(bins: int) -> None:
    made, rng = model(TWO, bins, ()), np.random.default_rng(3)
    for place, column in enumerate(SCHEMA.columns):
        if not isinstance(column, Numeric):
            continue
        edges = made.inputs[place].edges
        assert edges is not None
        near = [edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)]
        wide = rng.uniform(column.low - 1, column.high + 1, 500)
        values = np.concatenate([*near, wide, [column.low, column.high, np.inf, -np.inf, -0.0]])
        put = np.searchsorted(edges, values, side="right")
        np.testing.assert_array_equal(put, cells(made.encoding, place, values))


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": []},
        {"layers": []},
        {"bins": 15},
        {"target": NUMBER.to_json() | {"type": "numeric"}, "layers": [{"weights": [[1.0]], "biases": [1.0]}]},
        {"format": "other"},
    ],
)
def test_what_does_not_add_up_is_refused(change: dict[str, object]) -> None:
    value = json.loads(model(TWO, 16, (8,)).to_json())
    with pytest.raises(UnsupportedModelError):
        network.read(json.dumps({**value, **change}).encode())
