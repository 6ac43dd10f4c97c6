"""Principal components from a noisy covariance matrix (Dwork, Talwar, Thakurta and Zhang 2014, "Analyze
Gauss: optimal bounds for privacy-preserving principal component analysis").

**Claim.** (epsilon, delta)-DP for the neighbours asked. Released are the noisy number of records, sums and
second moments of `ppdesk.train.moments.sums`, whose joint sensitivity is proved there in whole numbers, with
exact discrete Gaussian noise that is mu-GDP for the mu that (epsilon, delta) allows (Balle and Wang 2018).
Mean, covariance, eigenvectors and variances are computed from these alone.

Post-processing: the covariance is C = S/n - m m^T, with E/n its symmetric noise of known spread s = sigma/n.
Noise of d cells lifts eigenvalues: alone it reaches 2 s sqrt(d) (Wigner's semicircle), and an eigenvalue l
above half of that is seen at l + s^2 d / l (Benaych-Georges and Nadakuditi 2011). `edge` is 2 s sqrt(d); a
seen value v above it is told as l = (v + sqrt(v^2 - edge^2)) / 2, one below it as 0. The ratio is to the
noisy trace, whose noise is small.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent
from ppdesk.train.components.model import ComponentsModel
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.moments.claim import TWIN, claim
from ppdesk.train.moments.coding import GRID, Coding
from ppdesk.train.moments.mechanism import Spending, cost_of
from ppdesk.train.moments.sums import Moments, Shares, exactly, release, sums
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema

# two categories are then as far apart as the middle of a numeric column is from a bound
CATEGORY = round(GRID / math.sqrt(2))


@dataclass(frozen=True)
class Options:
    """`components`: how many, at least 1; more than there are cells means all."""

    components: int = 2

    def __post_init__(self) -> None:
        if self.components < 1:
            raise ValueError("components must be at least 1")


def cost(asked: Asked, schema: Schema, target: None = None, options: Options | None = None) -> DpEvent:
    """What a fit will cost: known from what is asked alone. The others are what every estimator is given."""
    del schema, target, options
    return cost_of(asked)


def fit(
    records: Records,
    y: object,
    asked: Asked,
    target: None,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Train. `y` and `target` are not looked at."""
    del y, target
    coding = Coding(records.schema, missing=False, category=CATEGORY)
    spending = Spending(asked, entropy)
    moments = release(sums(records, coding, None, tick), coding, spending, Shares(1.0))
    tick()
    model = _model(moments, coding, options, claim(asked, entropy, spending.mu))
    notes = {
        "components": len(model.components),
        "cells": coding.width,
        "noise": moments.noise_inputs,
        "records_noisy": float(moments.count),
        "edge": model.edge,
        "above_noise": model.above_noise,
    }
    return Trained(model, cost_of(asked), notes)


def fit_twin(records: Records, *, options: Options, tick: Callable[[], None]) -> ComponentsModel:
    """The same without noise: for comparison, never to be released."""
    coding = Coding(records.schema, missing=False, category=CATEGORY)
    return _model(exactly(sums(records, coding, None, tick), coding), coding, options, TWIN)


def _model(
    moments: Moments, coding: Coding, options: Options, privacy: Mapping[str, Json]
) -> ComponentsModel:
    count = max(moments.count, 1.0)
    mean = np.clip(moments.first / count, -1, 1)
    covariance = moments.second / count - np.outer(mean, mean)
    edge = 2 * moments.noise_inputs / count * math.sqrt(coding.width)
    seen, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    order = np.argsort(-seen)[: options.components]
    seen, vectors = seen[order], vectors[:, order]
    root = np.sqrt(np.maximum(seen**2 - edge**2, 0))
    variance = np.where(seen > edge, (seen + root) / 2, 0.0)
    whole = max(float(np.trace(covariance)), float(variance.sum()))
    return ComponentsModel(
        coding.schema,
        coding.grid,
        coding.category,
        _plain(mean),
        tuple(_plain(one) for one in _signed(vectors.T)),
        _plain(variance),
        _plain(variance / whole if whole > 0 else variance),
        float(edge),
        dict(privacy),
    )


def _signed(components: Floats) -> Floats:
    """Each with its largest entry positive, so that a direction has one name."""
    at = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(len(components)), at])
    found: Floats = components * np.where(signs == 0, 1, signs)[:, None]
    return found


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(one) for one in values)
