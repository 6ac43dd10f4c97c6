"""The trained model: one function for each column, added up. All of it can be looked at."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json, canonical
from ppdesk.train.additive.interaction import Pair, pair_from_json
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.records import Records, Values
from ppdesk.train.schema import Categorical, Classes, Numeric, Quantity, Schema, Target, target_from_json
from ppdesk.train.spread.learnt import learnt_from_json

FORMAT = "ppdesk-additive-1"
KEY = "additive"


@dataclass(frozen=True)
class Shape:
    """One column's function. `edges`: the inner edges between the bins of a numeric column, a value v is in
    bin number #{edges <= v}; empty for categories. `values` and `sds`, (bins, K): what is added to each
    score, and its standard deviation, from the known noise and what is believed of such columns; the last
    bin is that of missing or other cells."""

    column: Numeric | Categorical
    edges: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    sds: tuple[tuple[float, ...], ...]

    def places(self, values: Values) -> npt.NDArray[np.int64]:
        """The bin of each cell, (n,)."""
        if not isinstance(self.column, Numeric):
            return np.asarray(values, dtype=np.int64)
        found = np.searchsorted(np.array(self.edges), values, side="right").astype(np.int64)
        found[np.isnan(values)] = len(self.edges) + 1
        return found

    @property
    def bins(self) -> int:
        return len(self.edges) + 2 if isinstance(self.column, Numeric) else len(self.column.categories) + 1


@dataclass(frozen=True)
class AdditiveModel:
    """score_k = offset_k + sum over columns of shape[bin of the cell, k] + the same over pairs of columns.

    Two classes: one score, probability 1 / (1 + e^-score). K classes: K scores, softmax. Quantity: one score,
    in the target's unit, cut to its bounds. `thresholds`: policy -> the probability from which on the
    positive class is said; `policy`: which of them holds.
    """

    schema: Schema
    target: Target
    offset: tuple[float, ...]
    features: tuple[Shape, ...]
    privacy: Mapping[str, Json]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    policy: str = "accuracy"
    estimator: str = KEY  # another one makes models of this form too
    learnt: Quantity | None = None  # the narrower bounds a quantity was learnt between
    pairs: tuple[Pair, ...] = ()  # of columns that act together

    @property
    def threshold(self) -> float:
        """The probability from which on the positive one of two classes is said."""
        return self.thresholds.get(self.policy, 0.5)

    def scores(self, records: Records) -> Floats:
        """(n, K)."""
        out = np.tile(np.array(self.offset), (records.rows, 1))
        for values, shape in zip(records.values, self.features, strict=True):
            out += np.array(shape.values)[shape.places(values)]
        for pair in self.pairs:
            out += pair.added(records.values)
        return out

    def predict(self, records: Records) -> Floats:
        """Classes: (n, classes) probabilities in the target's order. Quantity: (n,) in its unit."""
        scores = self.scores(records)
        if isinstance(self.target, Quantity):
            within = self.learnt or self.target
            return np.asarray(np.clip(scores[:, 0], within.low, within.high))
        if self.target.binary:
            positive = np.exp(-np.logaddexp(0.0, -scores[:, 0]))
            return np.stack([1.0 - positive, positive], axis=1)
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def settled(self, slope: float, intercept: float) -> "AdditiveModel":
        """slope * score + intercept of a quantity's model; what its functions say shrinks with it."""

        def less(rows: "tuple[tuple[float, ...], ...]") -> tuple[tuple[float, ...], ...]:
            return tuple(tuple(slope * one for one in row) for row in rows)

        return replace(
            self,
            offset=tuple(intercept + slope * one for one in self.offset),
            features=tuple(replace(one, values=less(one.values), sds=less(one.sds)) for one in self.features),
            pairs=tuple(replace(one, values=less(one.values), sds=less(one.sds)) for one in self.pairs),
        )

    def shapes(self) -> tuple[Shape, ...]:
        """The function of each column, in the schema's order, with its uncertainty."""
        return self.features

    def interactions(self) -> tuple[Pair, ...]:
        """The functions of pairs of columns, with their uncertainty; places of columns in the schema."""
        return self.pairs

    def to_json(self) -> bytes:
        """Canonical JSON."""
        told: dict[str, Json] = {
            "format": FORMAT,
            "estimator": self.estimator,
            "columns": self.schema.to_json(),
            "target": self.target.to_json(),
            "offset": list(self.offset),
            "features": [
                {
                    "edges": list(one.edges),
                    "values": [list(row) for row in one.values],
                    "sds": [list(row) for row in one.sds],
                }
                for one in self.features
            ],
            "pairs": [one.to_json() for one in self.pairs],
            "thresholds": dict(self.thresholds),
            "policy": self.policy,
            "privacy": dict(self.privacy),
        }
        return canonical(told | ({"learnt": self.learnt.to_json()} if self.learnt else {}))

    @classmethod
    def from_json(cls, untrusted: bytes) -> "AdditiveModel":
        """The model that `to_json` wrote. BadModelError for anything else."""
        try:
            value = json.loads(untrusted)
            if value["format"] != FORMAT:
                raise BadModelError(reason="its format is not that of an additive model")
            return cls._read(value)
        except (KeyError, TypeError, ValueError, RecursionError, AttributeError) as error:
            raise BadModelError(reason="something in it is missing or of another kind") from error

    @classmethod
    def _read(cls, value: Mapping[str, Any]) -> "AdditiveModel":
        schema = Schema.from_list(value["columns"])
        target = target_from_json(value["target"])
        outputs = len(target.values) if isinstance(target, Classes) and not target.binary else 1
        offset = _numbers(value["offset"])
        features = tuple(
            Shape(column, _numbers(one["edges"]), _table(one["values"]), _table(one["sds"]))
            for column, one in zip(schema.columns, value["features"], strict=True)
        )
        for shape in features:
            rows = (*shape.values, *shape.sds)
            if len(rows) != 2 * shape.bins or any(len(row) != outputs for row in rows):
                raise BadModelError(reason="a column's function has the wrong size")
            if list(shape.edges) != sorted(shape.edges):
                raise BadModelError(reason="a column's edges are not in order")
        if len(offset) != outputs:
            raise BadModelError(reason="it has the wrong number of scores")
        thresholds = {str(name): _numbers([one])[0] for name, one in value["thresholds"].items()}
        policy, estimator = str(value["policy"]), str(value["estimator"])
        learnt = learnt_from_json(target, value.get("learnt"))
        privacy = dict(value["privacy"])
        pairs = tuple(pair_from_json(one, schema.columns, outputs) for one in value.get("pairs", ()))
        return cls(schema, target, offset, features, privacy, thresholds, policy, estimator, learnt, pairs)


def _numbers(untrusted: Any) -> tuple[float, ...]:
    found = tuple(float(one) for one in untrusted)
    if not np.isfinite(found).all():
        raise ValueError("not finite")
    return found


def _table(untrusted: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(_numbers(row) for row in untrusted)
