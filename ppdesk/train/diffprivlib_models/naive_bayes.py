"""Naive Bayes: Gaussian for numbers by diffprivlib, by counts for categories.

Claim. (epsilon, 0)-DP under add-or-remove for one record; under replace-one the mechanism runs at half of
epsilon, for `group` records at epsilon / group (`source.one_record`).

What the library's model (diffprivlib 0.6.6, models.GaussianNB, after Vaidya and others 2013) reads off the
data, or does not prove, and what is done here instead:

- It goes through the classes that occur (np.unique(y)), so a class without records shows. Here all declared
  classes are gone through; a class without records gets noise around nothing.
- It forces the noisy class counts to add up to n, exactly, which add-or-remove has to hide; under
  replace-one a record that changes its class changes two counts, which it pays once. Here one count per
  declared class gets exact discrete Laplace noise, and n is not used.
- Its sum of a feature has the sensitivity max - min, but a record that is added moves a sum by up to
  max(|min|, |max|), which is more where 0 lies outside the bounds. Here values are moved and scaled to [-1,
  1] by their declared bounds, so that a record moves a sum by 1 at most, and the library's noise is for 2.
- Handed a seed it makes NumPy's Mersenne Twister of it. Here its mechanisms get the operating system's
  generator.

Its two mechanisms for the mean (Laplace, cut to what n noisy records can sum to) and for the variance
around the noisy mean (Laplace on a bounded domain, Holohan and others 2020) are used as they are, through
its own `_update_mean_variance`. Each squared distance from the released mean lies between 0 and the square
that the library takes as sensitivity.

Composition. With d numeric columns and c categorical ones there are 1 + 2 d + c figures of each record:
class count, mean and variance of each number, one count (class and category) for each categorical column.
Each gets epsilon / (1 + 2 d + c). Classes are disjoint: a record is in one of them (parallel composition).

Not covered: doubles instead of real numbers in the library's Laplace noise (Mironov 2012); it sums four
uniforms against the worst of it (Holohan and Braghin 2021). Counts are exact. A missing number counts as
the middle of its bounds in training, and is left out of a prediction. A variance below its own noise is
lifted to it: this looks at released figures only."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.canonical import Json, canonical
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import EpsilonDelta
from ppdesk.privacy.noise import noise_of
from ppdesk.train.additive.layout import warp
from ppdesk.train.diffprivlib_models.source import (
    claim,
    leaks_are_errors,
    one_record,
    pure_cost,
    random_of,
)
from ppdesk.train.errors import BadModelError, UndeclaredTargetError
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.records import Records, Values
from ppdesk.train.schema import Classes, Numeric, Schema, Target, target_from_json

KEY = "diffprivlib-naive-bayes"
FORMAT = "ppdesk-naive-bayes-1"
MECHANISM = "naive Bayes, Laplace noise (Vaidya and others 2013)"
LEAST_VARIANCE = 1e-4  # on [-1, 1]: a standard deviation of a two-hundredth of the declared range


@dataclass(frozen=True)
class NaiveBayes:
    """`priors`, (K,), add up to one. For each column in order: a numeric one's (means (K,), variances (K,))
    on [-1, 1] of its declared range, or a categorical one's probabilities, (K, categories + 1)."""

    schema: Schema
    target: Classes
    priors: Floats
    columns: tuple[tuple[Floats, Floats] | Floats, ...]
    privacy: Mapping[str, Json]
    estimator: str = KEY

    def predict(self, records: Records) -> Floats:
        """Probabilities, (n, classes)."""
        odds = np.repeat(np.log(self.priors)[None, :], records.rows, axis=0)
        for declared, values, learnt in zip(self.schema.columns, records.values, self.columns, strict=True):
            if isinstance(learnt, tuple) and isinstance(declared, Numeric):
                means, variances = learnt
                where = unit(values, declared)
                known = ~np.isnan(where)
                away = (where[known, None] - means) ** 2 / variances
                odds[known] -= 0.5 * (away + np.log(variances))
            else:
                odds += np.log(np.asarray(learnt))[:, values.astype(np.intp)].T
        odds -= odds.max(axis=1, keepdims=True)
        chances = np.exp(odds)
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))

    def to_json(self) -> bytes:
        return canonical(
            {
                "format": FORMAT,
                "estimator": self.estimator,
                "schema": self.schema.to_json(),
                "target": self.target.to_json(),
                "priors": self.priors.tolist(),
                "columns": [
                    {"means": one[0].tolist(), "variances": one[1].tolist()}
                    if isinstance(one, tuple)
                    else {"probabilities": one.tolist()}
                    for one in self.columns
                ],
                "privacy": dict(self.privacy),
            }
        )

    @classmethod
    def from_json(cls, untrusted: bytes) -> "NaiveBayes":
        """The model that `to_json` wrote. BadModelError for anything else."""
        try:
            value = json.loads(untrusted)
            target = target_from_json(value["target"])
            if value["format"] != FORMAT or not isinstance(target, Classes):
                raise BadModelError(reason="its format is unknown")
            schema, classes = Schema.from_list(value["schema"]), len(target.values)
            columns: list[tuple[Floats, Floats] | Floats] = []
            for declared, one in zip(schema.columns, value["columns"], strict=True):
                if isinstance(declared, Numeric):
                    columns.append(
                        (
                            _array(one["means"], (classes,)),
                            _array(one["variances"], (classes,), least=LEAST_VARIANCE),
                        )
                    )
                else:
                    shape = (classes, len(declared.categories) + 1)
                    columns.append(_array(one["probabilities"], shape, least=1e-300))
            return cls(
                schema,
                target,
                _array(value["priors"], (classes,), least=1e-300),
                tuple(columns),
                dict(value["privacy"]),
                str(value["estimator"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadModelError(reason="a field is missing or of the wrong type") from error


def _array(found: Any, shape: tuple[int, ...], least: float = -math.inf) -> Floats:
    value = np.asarray(found, dtype=np.float64)
    if value.shape != shape or not np.isfinite(value).all() or (value < least).any():
        raise BadModelError(reason="an array has the wrong shape or values out of range")
    return value


def unit(values: Values, column: Numeric) -> Floats:
    """The column on [-1, 1] by its declared bounds, (n,), NaN where there is none."""
    low, high = warp(np.array([column.low, column.high]), log=column.log).tolist()
    half = high / 2 - low / 2
    return np.asarray(
        np.clip((warp(values.astype(np.float64), log=column.log) - (low / 2 + high / 2)) / half, -1.0, 1.0)
    )


def cost(asked: Asked) -> EpsilonDelta:
    """What a fit will have cost."""
    return pure_cost(asked)


def fit(
    records: Records,
    y: npt.NDArray[np.int32],
    asked: Asked,
    target: Target | None,
    *,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Fit on `records` with class codes `y`, (n,). UndeclaredTargetError without declared classes."""
    if not isinstance(target, Classes):
        raise UndeclaredTargetError(column="(target)", reason="this estimator needs declared categories")
    classes, columns = len(target.values), records.schema.columns
    numeric = [place for place, one in enumerate(columns) if isinstance(one, Numeric)]
    figures = 1 + 2 * len(numeric) + (len(columns) - len(numeric))
    each = one_record(asked) / figures * (1 - 1e-12)
    noise = noise_of(entropy)
    found = noise.laplace(np.bincount(y, minlength=classes).astype(np.int64), 1, each)
    counts = np.maximum(found, 1)
    tick()
    learnt: dict[int, tuple[Floats, Floats] | Floats] = {}
    if numeric:
        moments = _moments(records, y, numeric=numeric, counts=counts, each=each, entropy=entropy, tick=tick)
        learnt.update(zip(numeric, moments, strict=True))
    for place, column in enumerate(columns):
        if not isinstance(column, Numeric):
            tick()
            width = len(column.categories) + 1
            cells = np.bincount(y.astype(np.int64) * width + records.values[place], minlength=classes * width)
            noisy = noise.laplace(cells.astype(np.int64), 1, each).reshape(classes, width)
            smooth = np.maximum(noisy, 0) + 1.0
            learnt[place] = smooth / smooth.sum(axis=1, keepdims=True)
    model = NaiveBayes(
        records.schema,
        target,
        counts / counts.sum(),
        tuple(learnt[place] for place in range(len(columns))),
        claim(asked, MECHANISM, entropy),
    )
    return Trained(model, cost(asked), {"figures": figures, "figure_epsilon": each})


def _moments(
    records: Records,
    y: npt.NDArray[np.int32],
    *,
    numeric: list[int],
    counts: npt.NDArray[np.int64],
    each: float,
    entropy: Entropy,
    tick: Callable[[], None],
) -> list[tuple[Floats, Floats]]:
    """(means, variances), (K,) each, of every numeric column, by the library."""
    from diffprivlib import BudgetAccountant
    from diffprivlib.models import GaussianNB

    matrix = np.empty((records.rows, len(numeric)))
    for j, place in enumerate(numeric):
        column = records.schema.columns[place]
        if isinstance(column, Numeric):
            matrix[:, j] = np.nan_to_num(unit(records.values[place], column), nan=0.0)
    ones = np.ones(len(numeric))
    means, variances = np.empty((counts.size, len(numeric))), np.empty((counts.size, len(numeric)))
    with leaks_are_errors():
        # the library gives a mean or a variance a third of its epsilon, divided by the number of features;
        # an accountant of its own, because the default one is shared by the process
        library = GaussianNB(
            epsilon=3 * len(numeric) * each, bounds=(-ones, ones), accountant=BudgetAccountant()
        )
        for code, count in enumerate(counts):
            tick()
            means[code], variances[code] = library._update_mean_variance(
                0, None, None, matrix[y == code], random_state=random_of(entropy), n_noisy=int(count)
            )
    # a variance is not told from zero below the standard deviation of its own noise
    blur = math.sqrt(2.0) * (1.0 + np.abs(means)) ** 2 / (each * counts[:, None])
    variances = np.clip(variances, np.maximum(blur, LEAST_VARIANCE), np.inf)
    return [(means[:, j].copy(), variances[:, j].copy()) for j in range(len(numeric))]
