"""Principal components, as plain JSON.

Format "ppdesk-components-1": {"columns": [...], "grid", "category", "cells": [...], "mean": [d],
"components": [[d], ...] largest variance first, "variance": [...], "variance_ratio": [...], "edge": e,
"privacy": {...}}. A record's cells are those of `ppdesk.train.moments.coding` (1 knot, a missing number in
the middle of its bounds) divided by the grid. A component's variance that is not above `edge` cannot be told
from noise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ppdesk.core.canonical import Json, canonical
from ppdesk.train.errors import BadModelError
from ppdesk.train.fitted import Floats
from ppdesk.train.moments.claim import opened
from ppdesk.train.moments.coding import Coding
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema, Target

FORMAT = "ppdesk-components-1"
KEY = "pca"
_CHUNK = 2**14  # records at a time


@dataclass(frozen=True)
class ComponentsModel:
    """`mean` (d,), `components` (k, d), `variance` and `variance_ratio` (k,)."""

    schema: Schema
    grid: int
    category: int
    mean: tuple[float, ...]
    components: tuple[tuple[float, ...], ...]
    variance: tuple[float, ...]
    variance_ratio: tuple[float, ...]
    edge: float
    privacy: Mapping[str, Json]

    def __post_init__(self) -> None:
        if {len(one) for one in (self.mean, *self.components)} != {self.coding.width}:
            raise BadModelError(reason="a component has not one number for each cell of its columns")
        if not len(self.components) == len(self.variance) == len(self.variance_ratio):
            raise BadModelError(reason="there is not one variance for each component")
        if not np.isfinite([*self.mean, *self.variance, *(x for one in self.components for x in one)]).all():
            raise BadModelError(reason="a component is not a number")

    @property
    def estimator(self) -> str:
        return KEY

    @property
    def target(self) -> Target | None:
        return None

    @cached_property
    def coding(self) -> Coding:
        """How a record becomes cells."""
        return Coding(self.schema, missing=False, category=self.category, grid=self.grid)

    @property
    def above_noise(self) -> int:
        """How many components stand out from the noise."""
        return sum(one > self.edge for one in self.variance)

    def predict(self, records: Records) -> Floats:
        """Where each record stands on each component, (n, k) float64: its cells less the mean, projected."""
        directions, found = np.array(self.components).T, np.empty((records.rows, len(self.components)))
        for start in range(0, records.rows, _CHUNK):
            rows = self.coding.rows(records, start, start + _CHUNK) / self.grid
            found[start : start + _CHUNK] = (rows - np.array(self.mean)) @ directions
        return found

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": KEY,
                "columns": self.schema.to_json(),
                "grid": self.grid,
                "category": self.category,
                "cells": list(self.coding.names),
                "mean": list(self.mean),
                "components": [list(one) for one in self.components],
                "variance": list(self.variance),
                "variance_ratio": list(self.variance_ratio),
                "edge": self.edge,
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> "ComponentsModel":
        """The model that `to_json` wrote. BadModelError."""
        found = opened(data, FORMAT)
        try:
            return cls(
                Schema.from_list(found["columns"]),
                int(found["grid"]),
                int(found["category"]),
                tuple(float(one) for one in found["mean"]),
                tuple(tuple(float(x) for x in one) for one in found["components"]),
                tuple(float(one) for one in found["variance"]),
                tuple(float(one) for one in found["variance_ratio"]),
                float(found["edge"]),
                dict(found["privacy"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadModelError(reason=f"a part is missing or wrong ({type(error).__name__})") from None
