"""A trained network as plain JSON: all that is needed to apply it, and nothing of the data.

Canonical JSON, format "ppdesk-network-1":

    {"format": "ppdesk-network-1", "estimator": "sgd-mlp",
     "schema": [columns, see ppdesk.train.schema], "target": {...}, "bins": 32,
     "inputs": [{"edges": [...]} for a binned number, {"middle": 0.5, "slope": 2.0} for another, {} for
                categories],    see `inputs`
     "layers": [{"weights": [[outputs] for each input], "biases": [outputs]}, ...],
     "threshold": 0.5,          two classes: from this probability on a record counts as positive
     "privacy": {...}}

The inputs of the first layer: for each coded column, in the schema's order, one per category or bin and one
for other or missing; then each numeric column that is not binned, -1..1 between its bounds (0 where missing).
Between layers max(0, x). One output: its logistic function is the chance of the second class, or for a
quantity, low + (output + 1) / 2 (high - low), cut to the bounds: those of "learnt" where it stands, which lie
within the target's. Several: softmax.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json, canonical, parse
from ppdesk.train.errors import BadModelError
from ppdesk.train.records import Records
from ppdesk.train.rowwise import product
from ppdesk.train.schema import Classes, Numeric, Quantity, Schema, Target, target_from_json
from ppdesk.train.sgd.encoding import Encoding
from ppdesk.train.sgd.inputs import Input, from_json, inputs_of, read
from ppdesk.train.sgd.network import Shape
from ppdesk.train.spread.learnt import learnt_from_json

FORMAT = "ppdesk-network-1"
_MOST = 5_000_000  # parameters
_ROWS = 8192  # at a time
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SgdModel:
    """`weights`, (d,): the flat vector of `shape` (see `network`)."""

    estimator: str
    schema: Schema
    target: Target
    bins: int
    hidden: tuple[int, ...]
    weights: Floats = field(repr=False)
    privacy: Mapping[str, Json]
    threshold: float = 0.5
    inputs: tuple[Input, ...] = field(default=(), repr=False)  # empty: as training encodes
    learnt: Quantity | None = None  # the narrower bounds a quantity was learnt between

    def __post_init__(self) -> None:
        if not self.inputs:
            object.__setattr__(self, "inputs", inputs_of(self.encoding))  # frozen
        if self.weights.shape != (self.shape.size,) or not np.isfinite(self.weights).all():
            raise BadModelError(reason="its layers do not fit its columns")

    @property
    def encoding(self) -> Encoding:
        return Encoding(self.schema, self.bins)

    @property
    def shape(self) -> Shape:
        encoding = self.encoding
        return Shape.of(encoding.one_hot, len(encoding.plain), self.hidden, self.target)

    def predict(self, records: Records) -> Floats:
        """Probabilities (n, classes) float64, or quantities (n,) float64 in the target's unit."""
        parts = [
            self._outputs(records.take(np.arange(start, min(start + _ROWS, records.rows))))
            for start in range(0, records.rows, _ROWS)
        ]
        outputs = np.concatenate(parts) if parts else np.zeros((0, self.shape.outputs))
        if not isinstance(self.target, Classes):
            within = self.learnt or self.target
            low, high = within.low, within.high
            share = (np.clip(outputs[:, 0], -1.0, 1.0) + 1) / 2
            return np.asarray(low * (1 - share) + high * share)
        if self.target.binary:
            second = 0.5 * (1.0 + np.tanh(0.5 * outputs[:, 0]))
            return np.stack([1.0 - second, second], axis=1)
        powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def _outputs(self, records: Records) -> Floats:
        encoding, layers = self.encoding, self.shape.views(self.weights)
        codes, numbers = read(records, encoding, self.inputs)
        first, bias = layers[0]
        values, start = bias + product(numbers, first[encoding.one_hot :]), 0
        for column, size in enumerate(encoding.sizes):
            values = values + first[start + codes[:, column]]
            start += size
        for matrix, biases in layers[1:]:
            values = product(np.maximum(values, 0.0), matrix) + biases
        return np.asarray(values)

    def within(self, learnt: Quantity) -> "SgdModel":
        """The same with the bounds it learnt between."""
        return replace(self, learnt=learnt)

    def settled(self, slope: float, intercept: float, cut: Quantity) -> "SgdModel":
        """slope * prediction + intercept of a quantity's model, through its last layer, within `cut`."""
        within = self.learnt or self.target
        if isinstance(within, Classes):
            return self
        middle, half = within.low / 2 + within.high / 2, within.high / 2 - within.low / 2
        weights = self.weights.copy()
        matrix, bias = self.shape.views(weights)[-1]
        centre, reach = cut.low / 2 + cut.high / 2, cut.high / 2 - cut.low / 2
        matrix *= slope * (half / reach)
        bias[:] = slope * (half / reach) * bias + (intercept + (slope * middle - centre)) / reach
        return replace(self, weights=weights, learnt=cut)

    def to_json(self) -> bytes:
        """Canonical JSON: see the head of this file."""
        layers: list[Json] = [
            {"weights": matrix.tolist(), "biases": bias.tolist()}
            for matrix, bias in self.shape.views(self.weights)
        ]
        learnt: dict[str, Json] = {} if self.learnt is None else {"learnt": self.learnt.to_json()}
        return canonical(
            {
                "format": FORMAT,
                "estimator": self.estimator,
                "schema": self.schema.to_json(),
                "target": self.target.to_json(),
                "bins": self.bins,
                "inputs": [
                    one.to_json(binned=self.bins > 0) if isinstance(column, Numeric) else {}
                    for column, one in zip(self.schema.columns, self.inputs, strict=True)
                ],
                "layers": layers,
                "threshold": self.threshold,
                "privacy": dict(self.privacy),
                **learnt,
            }
        )

    @classmethod
    def from_json(cls, untrusted: bytes) -> "SgdModel":
        """The model that `to_json` wrote. BadModelError for anything else."""
        try:
            value = parse(untrusted)
        except (ValueError, RecursionError):
            raise BadModelError(reason="it is no JSON") from None
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise BadModelError(reason=f"its format is not {FORMAT}")
        try:
            return _model(value)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadModelError(reason="parts of it are missing or no good") from None


def _model(value: Mapping[str, Any]) -> SgdModel:
    parts = []
    for layer in value["layers"]:
        matrix, bias = np.asarray(layer["weights"], np.float64), np.asarray(layer["biases"], np.float64)
        if matrix.ndim != 2 or bias.shape != matrix.shape[1:]:
            raise BadModelError(reason="a layer has no rectangle of weights")
        parts.append((matrix, bias))
    if not parts or sum(matrix.size for matrix, _ in parts) > _MOST:
        raise BadModelError(reason="it has no layers, or too many weights")
    threshold, bins = float(value["threshold"]), int(value["bins"])
    if not (0 <= threshold <= 1 and bins >= 0):
        raise BadModelError(reason="its threshold or its bins are no good")
    schema = Schema.from_list(value["schema"])
    target = target_from_json(value["target"])
    return SgdModel(
        str(value["estimator"]),
        schema,
        target,
        bins,
        tuple(matrix.shape[1] for matrix, _ in parts[:-1]),
        np.concatenate([np.concatenate([matrix.ravel(), bias]) for matrix, bias in parts]),
        dict(value["privacy"]),
        threshold,
        from_json(value["inputs"], Encoding(schema, bins)),
        learnt_from_json(target, value.get("learnt")),
    )
