"""A forest as plain arrays, and its JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json, canonical
from ppdesk.train.additive.layout import warp
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Column, Numeric, Schema, target_from_json

KEY = "diffprivlib-forest"
FORMAT = "ppdesk-forest-1"
LEAF = -1
MISSING = -0.1  # where a missing number stands, when its column's declared range is 0 to 1
_MOST_NODES = 1 << 20


@dataclass(frozen=True)
class Tree:
    """`feature`, (nodes,): which column a node asks, LEAF for a leaf; a record goes to `left` where its value
    is at most `threshold`, else to `right`; `chances`, (nodes, classes): of a leaf; rows add up to one."""

    feature: npt.NDArray[np.int32]
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    chances: Floats

    def leaves(self, matrix: Floats) -> npt.NDArray[np.int64]:
        """The leaf of each row of `matrix`, (n, columns), as `positions` lays them."""
        at = np.zeros(matrix.shape[0], dtype=np.int64)
        rows = np.arange(matrix.shape[0])
        while rows.size:
            asked = self.feature[at[rows]]
            rows = rows[asked != LEAF]
            node = at[rows]
            left = matrix[rows, self.feature[node]] <= self.threshold[node]
            at[rows] = np.where(left, self.left[node], self.right[node])
        return at


def positions(records: Records) -> Floats:
    """(n, columns): numbers on 0..1 of their declared range, MISSING where there is none; codes of categories
    on 0..1 in their declared order, the last for any other value."""
    matrix = np.empty((records.rows, len(records.schema.columns)))
    for place, (column, values) in enumerate(zip(records.schema.columns, records.values, strict=True)):
        if isinstance(column, Numeric):
            low, high = warp(np.array([column.low, column.high]), log=column.log).tolist()
            where = (warp(values.astype(np.float64), log=column.log) / 2 - low / 2) / (high / 2 - low / 2)
            matrix[:, place] = np.nan_to_num(np.clip(where, 0.0, 1.0), nan=MISSING)
        else:
            matrix[:, place] = values / len(column.categories)
    return matrix


def bounds(columns: tuple[Column, ...]) -> tuple[Floats, Floats]:
    """(lowest, highest) position of each column, from its declaration."""
    return np.array([MISSING if isinstance(one, Numeric) else 0.0 for one in columns]), np.ones(len(columns))


@dataclass(frozen=True)
class Forest:
    """Trees whose chances are averaged. `threshold`: from this chance of the second class on, of two."""

    schema: Schema
    target: Classes
    trees: tuple[Tree, ...]
    privacy: Mapping[str, Json]
    threshold: float | None = None
    estimator: str = KEY

    def predict(self, records: Records) -> Floats:
        """Probabilities, (n, classes): the mean over the trees."""
        matrix = positions(records)
        total = np.zeros((records.rows, len(self.target.values)))
        for tree in self.trees:
            total += tree.chances[tree.leaves(matrix)]
        return np.asarray(total / total.sum(axis=1, keepdims=True))

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": self.estimator,
                "schema": self.schema.to_json(),
                "target": self.target.to_json(),
                "trees": [
                    {
                        "feature": one.feature.tolist(),
                        "threshold": one.threshold.tolist(),
                        "left": one.left.tolist(),
                        "right": one.right.tolist(),
                        "chances": one.chances.tolist(),
                    }
                    for one in self.trees
                ],
                "threshold": self.threshold,
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, untrusted: bytes) -> "Forest":
        """The model that `to_json` wrote. BadModelError for anything else."""
        try:
            value = json.loads(untrusted)
            target = target_from_json(value["target"])
            if value["format"] != FORMAT or not isinstance(target, Classes):
                raise BadModelError(reason="its format is unknown")
            schema = Schema.from_list(value["schema"])
            trees = tuple(_tree(one, len(schema.columns), len(target.values)) for one in value["trees"])
            if not trees:
                raise BadModelError(reason="it has no tree")
            cut = value["threshold"]
            if cut is not None and not 0 <= float(cut) <= 1:
                raise BadModelError(reason="its threshold is no probability")
            cut = None if cut is None else float(cut)
            return cls(schema, target, trees, dict(value["privacy"]), cut, str(value["estimator"]))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BadModelError(reason="a field is missing or of the wrong type") from error


def _tree(value: Mapping[str, Any], columns: int, classes: int) -> Tree:
    feature, left, right = (np.asarray(value[name], dtype=np.int32) for name in ("feature", "left", "right"))
    threshold, chances = (np.asarray(value[name], dtype=np.float64) for name in ("threshold", "chances"))
    nodes = feature.size
    places, inner = np.arange(nodes), feature != LEAF
    sound = (
        0 < nodes <= _MOST_NODES
        and all(one.shape == (nodes,) for one in (feature, left, right, threshold))
        and chances.shape == (nodes, classes)
        and bool(((feature >= LEAF) & (feature < columns)).all())
        # children stand after their parent, so that no walk is endless
        and all(bool(((one > places) & (one < nodes))[inner].all()) for one in (left, right))
        and bool(np.isfinite(threshold).all())
        and bool((chances >= 0).all())
        and bool((np.abs(chances[~inner].sum(axis=1) - 1) < 1e-6).all())
    )
    if not sound:
        raise BadModelError(reason="a tree has the wrong shape or points outside of itself")
    return Tree(feature, threshold, left, right, chances)
