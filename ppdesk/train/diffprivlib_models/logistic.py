"""Logistic regression with diffprivlib's Vector mechanism, for two classes or more.

The library's own model (diffprivlib 0.6.6, models.LogisticRegression) is not called, because its proof
fails in five places, two of which the head of `train.logistic` explains: the curvature bound is 0.25 R
instead of 0.25 R^2, and the intercept is outside the regularization. Besides, it reads the classes off the
labels and fails where it finds only one; its minimum is stopped at a gradient of 1e-4 of the mean loss,
which the proof does not cover; and a row that is longer than `data_norm` is shortened without a word. So
the mechanism is used as `train.logistic` uses it: rows of length 1 at most by their declaration, the
intercept as one of their columns, labels by declaration.

Claim. One binary fit is (e, 0)-DP under replace-one (`train.logistic`). Under add-or-remove it costs less:
the gradient of one record is at most 1 long instead of 2 for two, and the Hessian changes by rank one
instead of two, so the share e_1 = 0.99 e counts half; the share e_2 = 0.01 e for the inexact minimum counts
in full. A fit at e is thus (0.505 e, 0)-DP there. K > 2 classes: one fit for each, one against the rest, on
the same records: e is divided by K (sequential composition). `group` records: divided by that (group
privacy of pure mechanisms).

Not covered: doubles instead of real numbers; see `train.logistic`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json, canonical
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import EpsilonDelta, Neighbours
from ppdesk.train import logistic
from ppdesk.train.diffprivlib_models.source import claim, leaks_are_errors, pure_cost
from ppdesk.train.errors import BadModelError, UndeclaredTargetError
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.group_privacy import mechanism_epsilon
from ppdesk.train.objective import encoding_of
from ppdesk.train.records import Records
from ppdesk.train.regularization import default_regularization
from ppdesk.train.rowwise import product
from ppdesk.train.schema import Classes, Schema, Target, target_from_json

KEY = "diffprivlib-logistic"
FORMAT = "ppdesk-one-against-rest-1"
MECHANISM = "objective perturbation, one class against the rest (Chaudhuri, Monteleoni, Sarwate 2011)"
# what a fit costs under add-or-remove, as a share of what it costs under replace-one
ADD_REMOVE_SHARE = (1 - logistic.EXACTNESS_SHARE) / 2 + logistic.EXACTNESS_SHARE


@dataclass(frozen=True)
class LinearClassifier:
    """`coef`, (fits, d): for two classes one row, for the second class; for more one row each. Columns as the
    encoding lays them, the intercept's last; rows of the encoding are scaled to length 1 at most."""

    schema: Schema
    target: Classes
    coef: tuple[tuple[float, ...], ...]
    privacy: Mapping[str, Json]
    estimator: str = KEY

    def __post_init__(self) -> None:
        width = encoding_of(self.schema).width
        fits = 1 if self.target.binary else len(self.target.values)
        if len(self.coef) != fits or any(len(row) != width for row in self.coef):
            raise BadModelError(reason="it has not one coefficient for each column of its encoding")

    def scores(self, records: Records) -> Floats:
        """Log-odds, (n, fits): of the second class, or of each class against the rest."""
        matrix = encoding_of(self.schema).encode_read(records.values, records.rows)
        return product(matrix, np.asarray(self.coef).T)

    def predict(self, records: Records) -> Floats:
        """Probabilities, (n, classes). For more than two classes each one's own probability, divided by their
        sum."""
        chance = 0.5 * (1.0 + np.tanh(0.5 * self.scores(records)))
        if self.target.binary:
            return np.concatenate([1.0 - chance, chance], axis=1)
        chance = np.maximum(chance, 1e-300)
        return np.asarray(chance / chance.sum(axis=1, keepdims=True))

    def terms(self) -> list[tuple[str, tuple[float, ...]]]:
        """(what, log-odds in each fit) of every column of the encoding, the intercept's last."""
        encoding = encoding_of(self.schema)
        scaled = np.asarray(self.coef) * encoding.row_scale
        return [(name, tuple(scaled[:, place])) for place, name in enumerate(encoding.names)]

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": self.estimator,
                "schema": self.schema.to_json(),
                "target": self.target.to_json(),
                "coef": [list(row) for row in self.coef],
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, untrusted: bytes) -> "LinearClassifier":
        """The model that `to_json` wrote. BadModelError for anything else."""
        try:
            value = json.loads(untrusted)
            target = target_from_json(value["target"])
            if value["format"] != FORMAT or not isinstance(target, Classes):
                raise BadModelError(reason="its format is unknown")
            coef = tuple(tuple(float(one) for one in row) for row in value["coef"])
            if not np.isfinite(np.asarray(coef, dtype=np.float64)).all():
                raise BadModelError(reason="a coefficient is no number")
            return cls(
                Schema.from_list(value["schema"]),
                target,
                coef,
                dict(value["privacy"]),
                str(value["estimator"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadModelError(reason="a field is missing or of the wrong type") from error


def cost(asked: Asked) -> EpsilonDelta:
    """What a fit will have cost."""
    return pure_cost(asked)


def fit_epsilon(asked: Asked, classes: int) -> float:
    """The epsilon under replace-one of each binary fit; rounded down."""
    fits = 1 if classes == 2 else classes
    each = mechanism_epsilon(asked.epsilon, asked.group * fits)
    if asked.neighbours is Neighbours.REPLACE_ONE:
        return each
    return each / ADD_REMOVE_SHARE * (1 - 1e-12)


def fit(
    records: Records,
    y: npt.NDArray[np.int32],
    asked: Asked,
    target: Target | None,
    *,
    regularization: float | None,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Fit on `records` with class codes `y`, (n,). `regularization` None: by the rule of `regularization`.

    UndeclaredTargetError without classes; NotConvergedError, RegularizationTooWeakError.
    """
    if not isinstance(target, Classes):
        raise UndeclaredTargetError(column="(target)", reason="this estimator needs declared categories")
    encoding = encoding_of(records.schema)
    epsilon = fit_epsilon(asked, len(target.values))
    weight = regularization or default_regularization(epsilon, encoding.width, len(encoding.features))
    matrix = encoding.encode_read(records.values, records.rows)
    with leaks_are_errors():
        coef = tuple(
            tuple(
                float(value)
                for value in logistic.fit(
                    matrix,
                    (y == code).astype(np.float64),
                    epsilon=epsilon,
                    regularization=weight,
                    seed=entropy.seed(),
                    tick=tick,
                ).coef
            )
            for code in ([1] if target.binary else range(len(target.values)))
        )
    model = LinearClassifier(records.schema, target, coef, claim(asked, MECHANISM, entropy))
    notes: dict[str, Any] = {"regularization": weight, "fit_epsilon": epsilon, "coefficients": encoding.width}
    return Trained(model, cost(asked), notes)
