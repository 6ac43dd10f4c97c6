"""A trained logistic regression as plain JSON: all that is needed to apply it, and nothing of the data.

The JSON (part "model" of a MODEL artifact, canonical, format "ppdesk-logistic-1"):

    {"format": "ppdesk-logistic-1",
     "estimator": "dp-logistic-regression",     "logistic-regression" for the twin without privacy
     "target": "salary-class", "positive": ">50K", "classes": ["<=50K", ">50K"], the second is the positive
     "threshold": 0.5,                          from this probability on a record counts as positive
     "features": [                              in the order of the matrix
        {"name": "age", "kind": "numeric", "min": 0.0, "max": 120.0, "knots": [0.0, 20.0, ..., 120.0],
         "weights": [w at each knot], "missing": w},
        {"name": "sex", "kind": "categorical", "categories": ["Female", "Male"],
         "weights": [w of each category, same order], "other": w}],
     "intercept": b,
     "row_scale": s,                            to go back to the scaled matrix; not needed to score
     "privacy": {"epsilon": 1.0, "delta": 0.0, "neighbours": "replace-one", "regularization": a,
                 "unit": "record", "mechanism": "...", "private": true, "stamp": ""}}

"unit" is "record", or {"column": ..., "most_rows": m} for one person with at most m records; "stability" and
"mechanism_epsilon" stand beside it where the mechanism ran at a share of epsilon (see `contribution`).

To score a record:  log-odds = intercept + sum of the features' terms;
probability = 1/(1 + exp(-log-odds)).

- numeric: cut the value to min..max; its term is the linear interpolation of `weights` over `knots`
  (numpy.interp). As a sum of clips, for a graph without interpolation:
  weights[0] + sum over j of slope_j * (clip(x, knots[j], knots[j+1]) - knots[j]),
  slope_j = (weights[j+1] - weights[j]) / (knots[j+1] - knots[j]).
  A missing cell, or one that holds no number, has the term `missing`.
- categorical: the weight of the category that equals the cell, else (other value, or missing) `other`.

The weights are already multiplied by the row scale, so they apply to the raw values. The scaled coefficient
vector that was trained, in the order of the encoding's columns, is
[*weights, missing-or-other, ... for each feature, intercept] / row_scale.

The privacy claim covers these parameters. It does not cover the number of rows, figures measured on
held-out records, or the twin without privacy.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ppdesk.core.canonical import Json, canonical
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.train.encoding import Categorical, Encoding, Feature, Numeric
from ppdesk.train.errors import BadModelError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

FORMAT = "ppdesk-logistic-1"


@dataclass(frozen=True)
class LogisticModel:
    """`coef` are the d scaled coefficients in the order of the encoding, the intercept's last."""

    estimator: str
    encoding: Encoding
    coef: tuple[float, ...]
    target: str
    positive: str
    negative: str
    privacy: Mapping[str, Json]
    threshold: float = 0.5

    def __post_init__(self) -> None:
        if len(self.coef) != self.encoding.width:
            raise BadModelError(reason="it has not one coefficient for each column of its encoding")

    def predict_proba(
        self, table: "pa.Table", decimal: DecimalMark = DecimalMark.POINT
    ) -> "npt.NDArray[np.float64]":
        """Probability of the positive class, (n,) float64. Cells are strings, null is missing; `decimal` is
        the table's declared mark."""
        return self.probability(self.encoding.encode(table, decimal))

    def probability(self, matrix: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
        """The same for encoded records, (n, d)."""
        import numpy as np

        from ppdesk.train.rowwise import product

        odds = product(matrix, np.asarray(self.coef)[:, None])[:, 0]
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * odds)))  # 1/(1+exp(-x)) without overflow

    def to_json(self) -> bytes:
        """Canonical JSON in the format above."""
        scale = self.encoding.row_scale
        features = []
        for feature, place in self.encoding.blocks():
            *weights, last = [value * scale for value in self.coef[place]]
            rest = "missing" if isinstance(feature, Numeric) else "other"
            features.append({**feature.to_json(), "weights": weights, rest: last})
        return canonical(
            {
                "format": FORMAT,
                "estimator": self.estimator,
                "target": self.target,
                "positive": self.positive,
                "classes": [self.negative, self.positive],
                "threshold": self.threshold,
                "features": features,
                "intercept": self.coef[-1] * scale,
                "row_scale": scale,
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, untrusted: bytes) -> "LogisticModel":
        """The model that `to_json` wrote. BadModelError for anything else."""
        try:
            value = json.loads(untrusted)
            if value["format"] != FORMAT:
                raise BadModelError(reason="its format is unknown")
            encoding = Encoding(tuple(_feature(one) for one in value["features"]))
            weights = [number for one in value["features"] for number in _weights(one)]
            scale = encoding.row_scale
            return cls(
                estimator=str(value["estimator"]),
                encoding=encoding,
                coef=tuple(number / scale for number in [*weights, float(value["intercept"])]),
                target=str(value["target"]),
                positive=str(value["positive"]),
                negative=str(value["classes"][0]),
                privacy=dict(value["privacy"]),
                threshold=float(value["threshold"]),
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BadModelError(reason="a field is missing or of the wrong type") from error


def _feature(value: Mapping[str, Any]) -> Feature:
    if value["kind"] == "numeric":
        knots = [float(place) for place in value["knots"]]
        feature = Numeric(str(value["name"]), float(value["min"]), float(value["max"]), len(knots))
        if len(knots) < 2 or not feature.low < feature.high or knots != feature.places():
            raise BadModelError(reason="its knots are not evenly spaced over its bounds")
        return feature
    if value["kind"] == "categorical":
        return Categorical(str(value["name"]), tuple(str(one) for one in value["categories"]))
    raise BadModelError(reason="it has a feature of an unknown kind")


def _weights(value: Mapping[str, Any]) -> list[float]:
    rest = "missing" if value["kind"] == "numeric" else "other"
    return [*(float(one) for one in value["weights"]), float(value[rest])]
