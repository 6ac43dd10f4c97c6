"""A linear model of a quantity, as plain JSON.

Format "ppdesk-linear-1":

    {"format": "ppdesk-linear-1", "estimator": "linear",
     "columns": [...],                    the schema
     "target": {...}, "knots": 1, "grid": 4096,
     "cells": ["age", "age, missing", "job = clerk", ...],
     "intercept": b, "intercept_error": e, "coefficients": [...], "errors": [...],   in the order of cells
     "residual": s, "privacy": {...}}

A record's cells are those of `ppdesk.train.moments.coding` divided by the grid: a numeric column t in -1..1
between its bounds (1 knot) or hat functions; 1 where missing; 1 at its category. The prediction is
intercept + coefficients . cells in units where the target's bounds are -1 and 1, put back between the bounds
and cut to those it learnt between ("learnt", narrower ones; absent: the target's). `errors` are cautious
standard errors that include the noise (`solve` says what was measured, for slopes of straight lines only);
`residual` is the spread of the residuals. All are in those units.
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
from ppdesk.train.rowwise import product
from ppdesk.train.schema import Quantity, Schema, target_from_json
from ppdesk.train.spread.learnt import learnt_from_json

FORMAT = "ppdesk-linear-1"
KEY = "linear"
_CHUNK = 2**14  # records at a time


@dataclass(frozen=True)
class LinearModel:
    """`coefficients` and `errors`, (d,), see the head of this file."""

    schema: Schema
    target: Quantity
    knots: int
    grid: int
    intercept: float
    intercept_error: float
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    residual: float
    privacy: Mapping[str, Json]
    learnt: Quantity | None = None

    def __post_init__(self) -> None:
        if not len(self.coefficients) == len(self.errors) == self.coding.width:
            raise BadModelError(reason="it has not one coefficient for each cell of its columns")
        if not np.isfinite([self.intercept, self.residual, *self.coefficients, *self.errors]).all():
            raise BadModelError(reason="a coefficient is not a number")

    @property
    def estimator(self) -> str:
        return KEY

    @cached_property
    def coding(self) -> Coding:
        """How a record becomes cells."""
        return Coding(self.schema, knots=self.knots, category=self.grid, grid=self.grid)

    def predict(self, records: Records) -> Floats:
        """(n,) float64 in the target's unit, between its declared bounds."""
        weights = np.array(self.coefficients) / self.grid
        found = np.empty(records.rows)
        for start in range(0, records.rows, _CHUNK):
            rows = self.coding.rows(records, start, start + _CHUNK)
            found[start : start + len(rows)] = product(rows, weights[:, None])[:, 0] + self.intercept
        share = (np.clip(found, -1, 1) + 1) / 2
        within = self.learnt or self.target
        values = self.target.low * (1 - share) + self.target.high * share
        return np.asarray(np.clip(values, within.low, within.high))

    def to_json(self) -> bytes:
        learnt: dict[str, Json] = {} if self.learnt is None else {"learnt": self.learnt.to_json()}
        return canonical(
            {
                "format": FORMAT,
                "estimator": KEY,
                "columns": self.schema.to_json(),
                "target": self.target.to_json(),
                "knots": self.knots,
                "grid": self.grid,
                "cells": list(self.coding.names),
                "intercept": self.intercept,
                "intercept_error": self.intercept_error,
                "coefficients": list(self.coefficients),
                "errors": list(self.errors),
                "residual": self.residual,
                "privacy": dict(self.privacy),
                **learnt,
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> "LinearModel":
        """The model that `to_json` wrote. BadModelError."""
        found = opened(data, FORMAT)
        try:
            target = target_from_json(found["target"])
            if not isinstance(target, Quantity):
                raise BadModelError(reason="its target is not a quantity")
            return cls(
                Schema.from_list(found["columns"]),
                target,
                int(found["knots"]),
                int(found["grid"]),
                float(found["intercept"]),
                float(found["intercept_error"]),
                tuple(float(one) for one in found["coefficients"]),
                tuple(float(one) for one in found["errors"]),
                float(found["residual"]),
                dict(found["privacy"]),
                learnt_from_json(target, found.get("learnt")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadModelError(reason=f"a part is missing or wrong ({type(error).__name__})") from None
