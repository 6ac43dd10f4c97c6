"""K-means with differential privacy: a noisy sketch to start from, then a few noisy Lloyd iterations.

**Claim.** (epsilon, delta)-DP for the neighbours asked. Three kinds of noisy answers are released, each
proved in its module: one-way counts (`start`, a tenth of mu^2), a sketch (`start` by `steps`, three tenths)
and T iterations (`steps`, the rest in equal parts). Every answer is a whole-number sum with exact discrete
Gaussian noise, chosen by earlier noisy answers only; mu^2 adds up (Dong, Roth and Su 2022) to the mu^2 that
(epsilon, delta) allows. All else is post-processing. Random numbers that only choose reference points and
restarts protect nothing.

The rules, from the noisy number of records n (or the declared `rows`) and the noise only: with c the records
of a cluster per standard deviation of the noise on its sum, n / (k s sqrt(d)), T = 1 + log2(c), rounded,
1 to 6; the sketch has as many points as hold three times the noise on a count each, at least 4 k, at most
24 k.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ppdesk.core.canonical import Json
from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent
from ppdesk.train.clusters.model import ClustersModel
from ppdesk.train.clusters.start import Marginals, cluster, marginals, references, sketch
from ppdesk.train.clusters.steps import COUNTS, UNIT, look, radii_of
from ppdesk.train.fitted import Asked, Floats, Trained
from ppdesk.train.moments.claim import TWIN, claim
from ppdesk.train.moments.coding import GRID, Coding
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending, cost_of
from ppdesk.train.records import Records
from ppdesk.train.schema import Schema

CATEGORY = round(GRID / math.sqrt(2))  # two categories are one unit apart, half the width of a number
_COUNTS_SHARE, _SKETCH_SHARE = 0.1, 0.3
_MOST_STEPS = 6


@dataclass(frozen=True)
class Options:
    """`clusters`: k, at least 1. `steps`: iterations, 1 to 100, None by the rule. `rows`: the public,
    approximate number of records; None: the noisy one that is paid for anyway."""

    clusters: int = 8
    steps: int | None = None
    rows: int | None = None

    def __post_init__(self) -> None:
        if self.clusters < 1 or not (self.steps is None or 1 <= self.steps <= 100):
            raise ValueError("clusters must be at least 1, and steps from 1 to 100")


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
    spending = Spending(asked, entropy)
    notes, centres, sizes = _run(records, options, spending, entropy, tick)
    model = _model(records.schema, centres, sizes, claim(asked, entropy, spending.mu))
    return Trained(model, cost_of(asked), notes)


def fit_twin(
    records: Records, *, options: Options, entropy: Entropy, tick: Callable[[], None]
) -> ClustersModel:
    """The same without noise, with 30 iterations: for comparison, never to be released."""
    options = Options(options.clusters, options.steps or 30, options.rows)
    _, centres, sizes = _run(records, options, None, entropy, tick)
    return _model(records.schema, centres, sizes, TWIN)


def _run(
    records: Records,
    options: Options,
    spending: Spending | None,
    entropy: Entropy,
    tick: Callable[[], None],
) -> tuple[dict[str, int | float], Floats, Floats]:
    many = options.clusters
    coding = Coding(records.schema, missing=False, category=CATEGORY)
    generator = np.random.default_rng(int.from_bytes(entropy.take(16), "big"))
    found = marginals(records, spending, _COUNTS_SHARE)
    rows = found.rows if options.rows is None else float(options.rows)
    points = references(coding, found, _points(rows, many, spending), generator)
    points, weights = sketch(records, coding, points, spending=spending, share=_SKETCH_SHARE, tick=tick)
    centres = _inside(cluster(points, weights, many, generator), coding)
    steps = options.steps or _steps(rows, many, coding, spending)
    share = (1 - _COUNTS_SHARE - _SKETCH_SHARE) / steps
    sizes = np.zeros(many)
    for _ in range(steps):
        seen = look(
            records,
            coding,
            centres,
            radii_of(centres, coding.squared**0.5),
            spending=spending,
            share=share,
            tick=tick,
        )
        centres, sizes = _inside(centres + seen.shifts, coding), np.maximum(seen.counts, 0)
    notes = {"clusters": many, "steps": steps, "points": len(points), "records_noisy": _rounded(found)}
    return notes, centres / coding.grid, sizes


def _points(rows: float, many: int, spending: Spending | None) -> int:
    noise = (
        1.0
        if spending is None
        else spending.scale(COUNT_UNIT**2, _SKETCH_SHARE * COUNTS, disjoint=True) / COUNT_UNIT
    )
    return round(min(max(rows / (3 * noise), 4 * many), 24 * many))


def _steps(rows: float, many: int, coding: Coding, spending: Spending | None) -> int:
    if spending is None:
        return _MOST_STEPS
    share = 1 - _COUNTS_SHARE - _SKETCH_SHARE
    noise = spending.scale(UNIT**2, share) / UNIT * math.sqrt(coding.width)
    clear = max(rows, 1.0) / (many * noise)
    return min(max(1 + round(math.log2(clear)), 1), _MOST_STEPS) if clear > 0 else 1


def _inside(centres: Floats, coding: Coding) -> Floats:
    """Cut to where records can be, in whole units: distances are then exact, and a record half way between
    two centres goes the same way whatever other records there are."""
    low = np.empty(coding.width)
    high = np.empty(coding.width)
    for block in coding.blocks:
        low[block.cells] = -coding.grid if block.numeric else 0
        high[block.cells] = coding.grid if block.numeric else coding.category
    found: Floats = np.rint(np.clip(centres, low, high))
    return found


def _rounded(found: Marginals) -> float:
    return round(found.rows, 1)


def _model(schema: Schema, centres: Floats, sizes: Floats, privacy: Mapping[str, Json]) -> ClustersModel:
    return ClustersModel(
        schema,
        GRID,
        CATEGORY,
        tuple(tuple(float(x) for x in one) for one in centres),
        tuple(float(one) for one in sizes),
        dict(privacy),
    )
