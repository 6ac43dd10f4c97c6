"""The model's JSON is all that is needed to score."""

import json
import math

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.train.encoding import Categorical, Encoding, Numeric
from ppdesk.train.errors import BadModelError
from ppdesk.train.model import LogisticModel

ENCODING = Encoding((Numeric("age", 0.0, 60.0), Categorical("sex", ("F", "M"))))
MODEL = LogisticModel(
    estimator="dp-logistic-regression",
    encoding=ENCODING,
    coef=tuple(float(value) for value in np.random.default_rng(1).normal(size=ENCODING.width)),
    target="pay",
    positive="high",
    negative="low",
    privacy={"epsilon": 1.0, "delta": 0.0},
)
ROWS = pa.table(
    {
        "age": pa.array(["0", "7.5", "33", "60", "90", None, "?"], pa.string()),
        "sex": pa.array(["F", "M", "x", None, "F", "M", "F"], pa.string()),
    }
)


def by_hand(model: dict, age: str | None, sex: str | None) -> float:
    """The rule of the format, word for word, without any code of the program."""
    numeric, category = model["features"]
    odds = model["intercept"]
    if age is None or age == "?":
        odds += numeric["missing"]
    else:
        value, knots, weights = float(age), numeric["knots"], numeric["weights"]
        odds += weights[0]
        for j in range(len(knots) - 1):
            slope = (weights[j + 1] - weights[j]) / (knots[j + 1] - knots[j])
            odds += slope * (min(max(value, knots[j]), knots[j + 1]) - knots[j])
    known = sex in category["categories"]
    odds += category["weights"][category["categories"].index(sex)] if known else category["other"]
    return 1 / (1 + math.exp(-odds))


def test_the_json_alone_gives_the_same_probabilities() -> None:
    told = json.loads(MODEL.to_json())
    expected = [by_hand(told, row["age"], row["sex"]) for row in ROWS.to_pylist()]
    assert MODEL.predict_proba(ROWS) == pytest.approx(expected, abs=1e-12)


def test_there_and_back() -> None:
    back = LogisticModel.from_json(MODEL.to_json())
    assert back.predict_proba(ROWS) == pytest.approx(MODEL.predict_proba(ROWS), abs=1e-13)
    assert (back.target, back.positive, back.negative, back.threshold) == ("pay", "high", "low", 0.5)


@pytest.mark.parametrize("name", ["format", "features", "intercept", "privacy", "classes", "threshold"])
def test_a_missing_field_is_refused(name: str) -> None:
    told = json.loads(MODEL.to_json())
    del told[name]
    with pytest.raises(BadModelError):
        LogisticModel.from_json(json.dumps(told).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"format": "other"}', b"null"])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadModelError):
        LogisticModel.from_json(data)


def test_uneven_knots_and_unknown_kinds_are_refused() -> None:
    told = json.loads(MODEL.to_json())
    told["features"][0]["knots"][1] = 11.0
    with pytest.raises(BadModelError):
        LogisticModel.from_json(json.dumps(told).encode())
    told["features"][0]["kind"] = "image"
    with pytest.raises(BadModelError):
        LogisticModel.from_json(json.dumps(told).encode())


def test_too_few_weights_are_refused() -> None:
    told = json.loads(MODEL.to_json())
    told["features"][1]["weights"].pop()
    with pytest.raises(BadModelError):
        LogisticModel.from_json(json.dumps(told).encode())
