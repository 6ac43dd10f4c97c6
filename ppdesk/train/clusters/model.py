"""Cluster centres, as plain JSON.

Format "ppdesk-clusters-1": {"columns": [...], "grid", "category", "cells": [...], "centres": [[d], ...],
"sizes": [noisy numbers of records], "privacy": {...}}. A record's cells are those of
`ppdesk.train.moments.coding` (1 knot, a missing number in the middle of its bounds) divided by the grid; it
belongs to the nearest centre, the first of equally near ones.
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

FORMAT = "ppdesk-clusters-1"
KEY = "k-means"
_CHUNK = 2**14  # records at a time


@dataclass(frozen=True)
class ClustersModel:
    """`centres` (k, d) in units; `sizes` (k,): the noisy number of records of each."""

    schema: Schema
    grid: int
    category: int
    centres: tuple[tuple[float, ...], ...]
    sizes: tuple[float, ...]
    privacy: Mapping[str, Json]

    def __post_init__(self) -> None:
        if not self.centres or {len(one) for one in self.centres} != {self.coding.width}:
            raise BadModelError(reason="a centre has not one number for each cell of its columns")
        if len(self.sizes) != len(self.centres):
            raise BadModelError(reason="there is not one size for each centre")
        if not np.isfinite([*self.sizes, *(x for one in self.centres for x in one)]).all():
            raise BadModelError(reason="a centre is not a number")

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

    def distances(self, records: Records) -> Floats:
        """From each record to each centre, (n, k) float64, in units (a numeric column is 2 wide)."""
        centres, found = np.array(self.centres), np.empty((records.rows, len(self.centres)))
        for start in range(0, records.rows, _CHUNK):
            rows = self.coding.rows(records, start, start + _CHUNK) / self.grid
            squared = (rows**2).sum(1)[:, None] - 2 * rows @ centres.T + (centres**2).sum(1)
            found[start : start + _CHUNK] = np.sqrt(np.maximum(squared, 0))
        return found

    def predict(self, records: Records) -> Floats:
        """The code of each record's cluster, 0..k - 1, (n,) float64 of whole numbers."""
        found: Floats = self.distances(records).argmin(axis=1).astype(np.float64)
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
                "centres": [list(one) for one in self.centres],
                "sizes": list(self.sizes),
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> "ClustersModel":
        """The model that `to_json` wrote. BadModelError."""
        found = opened(data, FORMAT)
        try:
            return cls(
                Schema.from_list(found["columns"]),
                int(found["grid"]),
                int(found["category"]),
                tuple(tuple(float(x) for x in one) for one in found["centres"]),
                tuple(float(one) for one in found["sizes"]),
                dict(found["privacy"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadModelError(reason=f"a part is missing or wrong ({type(error).__name__})") from None
