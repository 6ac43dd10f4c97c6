"""The additive model as ONNX agrees with the trained one, for two classes, several and a number."""

import json

import numpy as np
import onnxruntime
import pyarrow as pa
import pytest

from ppdesk.release import binned, exportable
from ppdesk.release.errors import UnsupportedModelError
from ppdesk.release.onnx_graph import check_untrusted
from ppdesk.train.additive.model import AdditiveModel, Shape
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema

SCHEMA = Schema(
    (
        Numeric("age", 0.0, 100.0),
        Numeric("gain", 0.0, 99_999.0, log=True),
        Categorical("sex", ("F", "M")),
        Numeric("flat", 0.0, 1.0),
    )
)
EDGES = ((10.0, 20.5, 70.0), (0.5, 7.0, 1_000.0, 50_000.0), (), ())
TWO, THREE = Classes("pay", ("low", "high"), "high"), Classes("kind", ("a", "b", "c"))
NUMBER = Quantity("cost", -2.0, 3.0)


def model(target: Classes | Quantity, seed: int = 1) -> AdditiveModel:
    outputs = 3 if target is THREE else 1
    rng = np.random.default_rng(seed)
    shapes = []
    for column, edges in zip(SCHEMA.columns, EDGES, strict=True):
        bins = len(edges) + 2 if isinstance(column, Numeric) else len(column.categories) + 1
        values = rng.normal(0, 2, (bins, outputs))
        shapes.append(Shape(column, edges, tuple(map(tuple, values)), tuple(map(tuple, abs(values)))))
    offset = tuple(rng.normal(size=outputs))
    privacy = {"epsilon": 1.0, "private": True}
    return AdditiveModel(SCHEMA, target, offset, tuple(shapes), privacy, {"accuracy": 0.4})


def rows(count: int = 3_000) -> pa.Table:
    rng = np.random.default_rng(2)
    age = [f"{value:.2f}" for value in rng.uniform(-20, 130, count)]
    gain = [f"{value:.2f}" for value in np.expm1(rng.uniform(0, 13, count))]
    sex = rng.choice(["F", "M", "x"], count).tolist()
    flat = [f"{value:.2f}" for value in rng.uniform(0, 1, count)]
    for column in (age, gain, sex, flat):
        for place in rng.integers(0, count, count // 20):
            column[place] = None
    age[:3], gain[0] = ["10", "20.5", "70"], "0.5"  # on an edge
    return pa.table({"age": age, "gain": gain, "sex": sex, "flat": flat})


def scored(data: bytes, table: pa.Table) -> np.ndarray:
    records = Records.read(table, SCHEMA)
    inputs = {
        column.name: np.asarray(values, dtype=np.float64).reshape(-1, 1)
        if isinstance(column, Numeric)
        else np.array([one or "\0" for one in table.column(column.name).to_pylist()], object).reshape(-1, 1)
        for column, values in zip(SCHEMA.columns, records.values, strict=True)
    }
    return np.asarray(onnxruntime.InferenceSession(data).run(None, inputs)[0])


@pytest.mark.parametrize("target", [TWO, THREE, NUMBER])
def test_the_bundle_agrees_with_the_trained_model(target: Classes | Quantity) -> None:
    trained = model(target)
    made = exportable.read(trained.to_json())
    data = made.build()
    check_untrusted(data)
    assert data == exportable.read(trained.to_json()).build(), "the same model, the same bytes"
    found, table = scored(data, rows()), rows()
    wanted = trained.predict(Records.read(table, SCHEMA))
    wanted = wanted[:, 1] if target is TWO else wanted
    assert np.abs(found.reshape(wanted.shape) - wanted).max() < 1e-9


def test_what_the_manifest_needs_is_told() -> None:
    two, three, number = (exportable.read(model(one).to_json()) for one in (TWO, THREE, NUMBER))
    assert (two.output, two.positive, two.threshold) == ("probability", "high", 0.4)
    assert (three.output, three.classes, three.threshold) == ("probabilities", ("a", "b", "c"), None)
    assert (number.output, number.classes, number.positive) == ("value", (), "")
    assert [one.name for one in two.features] == list(SCHEMA.names)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(format="other"),
        lambda told: told.update(offset=[0.0, 1.0]),
        lambda told: told.update(pairs=[1]),
        lambda told: told["features"][0]["values"].pop(),
        lambda told: told["features"][0].update(edges=[3.0, 2.0, 1.0]),
        lambda told: told["features"][2].update(edges=[1.0]),
        lambda told: told["features"][0]["values"][0].__setitem__(0, 1e400),
        lambda told: told["columns"][0].update(name="gain"),
        lambda told: told["columns"][2].update(categories=["F", "F"]),
        lambda told: told.pop("target"),
    ],
)
def test_what_does_not_add_up_is_refused(change: object) -> None:
    told = json.loads(model(TWO).to_json())
    change(told)  # type: ignore[operator]  # a function that changes it
    with pytest.raises(UnsupportedModelError):
        exportable.read(json.dumps(told).encode())


def test_a_column_named_as_the_output_is_refused() -> None:
    told = json.loads(model(TWO).to_json())
    told["columns"][0]["name"] = "probability"
    with pytest.raises(UnsupportedModelError):
        binned.build(binned.read(json.dumps(told).encode()))
