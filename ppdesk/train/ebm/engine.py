"""DP-EBM: an additive model of binned features by cyclic boosting with random splits (Nori, Caruana, Bu,
Shen and Kulkarni, "Accuracy, interpretability, and differential privacy via explainable boosting", ICML
2021).

Claim. `fit` is (epsilon, delta)-DP between tables that differ in `group` records, added or removed, or
replaced. It covers the model; n is no input of it, and no figure of the data is used but these:

1. Counts: one per declared cell and feature (`bins`).
2. Sums: in each of `rounds` rounds, for each feature, the residuals of all records by leaf. A leaf is a set
   of bins; the leaves of a feature are drawn anew each time without looking at the data.

Sensitivity. A record is in one cell of a feature, so all its counts for one feature move by a vector of
length 1; it is in one leaf, and its residual (target less prediction, for K classes a vector) is cut to L2
length `clip` and put on whole numbers of length CLIP at most (`additive.kernel.residual`), so the sums move
by a vector of length CLIP at most. What the residual depends on besides the record is released already. g
records: g times that; g replaced records: 2 g times.

Noise. Discrete Gaussian on whole numbers (`privacy.gaussian`); counts are multiplied by CLIP as well, so
that both lie on a fine grid. What this costs above continuous noise is proved in `privacy.gaussian.slack`
and taken off (epsilon, delta) before the accountant sees them.

Accountant. With standard deviation s times its length a query is mu-GDP for mu = 1 / s, and mu^2 adds up
over adaptive queries (Dong, Roth and Su 2022), so the counts of p features have p / s_1^2 = share mu^2, and
the sums have rounds p / s_2^2 = (1 - share) mu^2, with the largest mu that keeps (epsilon, delta).

What differs from InterpretML 0.7.8 (interpret.privacy), and why this is not a call of that library:

- It reads off the data: n (the exact count decides how bins join), the categories (each value that occurs
  gets a noisy count, so a value of one person shows), the classes, and whether a cell is missing (an
  error). Here all are declared or not used.
- Its regressor starts at 0 and cuts no residual, while the noise is for one of max - min: for a target in
  [1000, 1001] one record moves a sum by 1000 times what the noise is made for. Here the target is put on
  [-1, 1] by its declared bounds, which paid counts narrow (`ppdesk.train.spread`, where the proof of these
  and of the last sums stands), and residuals are cut to 1.
- Its proof is for records added or removed; replace-one it does not offer. It has two classes only. Here
  classes are a vector.
- Its noise is continuous, of doubles, from a generator in its native code that is not told to be a
  cryptographic one, and cannot be replaced.
- A leaf's noisy sum is divided by its noisy count and one standard deviation of the sum's noise, so that a
  leaf with few records moves little; the library divides by the count alone. Post-processing, and the
  better part of why this does better than the library at a small epsilon.

Random splits come from NumPy's generator, seeded by `entropy`: they are published in effect, and protect
nothing.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.calibration import gaussian_mu
from ppdesk.privacy.events import DpEvent, Gaussian, Neighbours
from ppdesk.privacy.gaussian.slack import slack_of
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.train.additive.kernel import CLIP, IDENTITY, LOGISTIC, SOFTMAX
from ppdesk.train.additive.model import AdditiveModel
from ppdesk.train.ebm.bins import Bins, Floats, Whole, cells, cells_of, join
from ppdesk.train.ebm.boosting import cycle
from ppdesk.train.ebm.result import KEY, model_of
from ppdesk.train.errors import UndeclaredTargetError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked, Trained, claim
from ppdesk.train.records import Records
from ppdesk.train.schema import Classes, Quantity, Schema, Target
from ppdesk.train.spread import settle
from ppdesk.train.spread.narrow import MOST_NUMBERS, narrow
from ppdesk.train.spread.paying import LEAST_SCALE, source_answer, source_last

MECHANISM = "explainable boosting with random splits, discrete Gaussian noise (Nori and others 2021)"


@dataclass(frozen=True)
class Options:
    """The rule: what the authors of DP-EBM use, but a learning rate of 0.2 instead of 0.01, which the noise
    does not pay for, and which 300 rounds need. None of it depends on the data.

    `rounds` of boosting over all features; `share` of mu^2 that the counts get."""

    rounds: int = 300
    learning_rate: float = 0.2
    bins: int = 32
    leaves: int = 3
    share: float = 0.1

    def __post_init__(self) -> None:
        if not (
            1 <= self.rounds <= 100_000
            and 0 < self.learning_rate <= 1
            and 2 <= self.bins <= 64
            and 2 <= self.leaves <= 64
            and 0 < self.share < 1
        ):
            raise UnsuitableGuaranteeError(
                estimator=KEY,
                reason="rounds are 1 to 100000, the learning rate is above 0 and at most 1, bins and leaves "
                "are 2 to 64, the share of the counts lies between 0 and 1",
            )


@dataclass(frozen=True)
class Boosted:
    """What was learnt. `tables[j]`, (bins, K): what each bin of feature j adds to the scores; `noise[j]`,
    (bins,): the variance of the noise in it, that later rounds take back in part, so this is an upper
    bound."""

    bins: tuple[Bins, ...]
    tables: tuple[Floats, ...]
    noise: tuple[Floats, ...]
    sd: float  # of the noise on a sum of residuals, in their unit
    learnt: Target  # the target, a quantity with its narrow bounds
    settled: settle.Settled | None  # how much of a quantity's model holds


def cost(asked: Asked, schema: Schema, target: Target, options: Options) -> DpEvent:
    """What a fit will have cost; from declarations alone. UnsuitableGuaranteeError, ImpossibleCostError."""
    return Gaussian(1 / _mu(asked, schema, target, options), asked.neighbours)


def fit(
    records: Records,
    y: npt.NDArray[Any],
    asked: Asked,
    target: Target | None,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Trained:
    """Train on `records` with targets `y`, (n,): int32 codes for Classes, float64 for Quantity. See the head.

    UnsuitableGuaranteeError where delta is 0, UndeclaredTargetError where there is no target.
    """
    if target is None:
        raise UndeclaredTargetError(column="(target)", reason="there is nothing to predict")
    mu = _mu(asked, records.schema, target, options)
    found = boost(records, y, target, mu / factor(asked), options=options, entropy=entropy, tick=tick)
    privacy = claim(asked, MECHANISM, entropy)
    notes = {
        "rounds": options.rounds,
        "learning_rate": options.learning_rate,
        "leaves": options.leaves,
        "bins": {one.column.name: one.count for one in found.bins},
        "mu": mu,
        "noise_sd": found.sd,
    }
    model = replace(model_of(found, found.learnt, privacy), target=target)
    if isinstance(found.learnt, Quantity):
        settled = found.settled
        model = replace(model, learnt=settled.within(found.learnt) if settled else found.learnt)
    return Trained(model, Gaussian(1 / mu, asked.neighbours), notes)


def fit_twin(
    records: Records,
    y: npt.NDArray[Any],
    target: Target | None,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> AdditiveModel:
    """The same without noise, for comparison only; never to be released."""
    if target is None:
        raise UndeclaredTargetError(column="(target)", reason="there is nothing to predict")
    found = boost(records, y, target, math.inf, options=options, entropy=entropy, tick=tick)
    return model_of(
        found, found.learnt, {"private": False, "mechanism": "explainable boosting without noise"}
    )


def factor(asked: Asked) -> int:
    """How many times one record's length the neighbours may differ: replacing one is removing and adding."""
    return asked.group * (2 if asked.neighbours is Neighbours.REPLACE_ONE else 1)


def boost(
    records: Records,
    y: npt.NDArray[Any],
    target: Target,
    mu: float,
    *,
    options: Options,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Boosted:
    """Boost with mu of Gaussian DP for one record added or removed; infinite: without noise."""
    splits = np.random.default_rng(int.from_bytes(entropy.take(32), "big"))
    features = len(records.schema.columns)
    kind, outputs, clip = link(target)
    noise = GaussianSource(entropy)
    if isinstance(target, Quantity):
        found = narrow(np.asarray(y, dtype=np.float64), target, source_answer(noise, mu, 1.0))
        share = settle.share_by_rule(found.rows, mu)
        target, whole, mu = found.quantity, mu, mu * math.sqrt(1 - found.share - share)
    bins, codes = _binned(records, mu * math.sqrt(options.share), options.bins, noise)
    steps = options.rounds * features
    sd = math.sqrt(steps) / (mu * math.sqrt(1 - options.share))  # in lengths of one record
    widest = max(one.count for one in bins)
    table = np.zeros((features, widest, outputs))
    score, waiting, last = np.zeros((records.rows, outputs)), np.zeros((widest, outputs)), -1
    values, spread = _scaled(y, target), np.zeros((features, widest))
    for _ in range(options.rounds):
        tick()
        leaves, weights = _leaves(bins, widest, options.leaves, splits)
        rates = options.learning_rate / (np.maximum(weights, 1.0) + sd * clip)
        drawn = _draw(noise, sd * CLIP, (features, options.leaves, outputs))
        for place in range(features):
            spread[place] += (rates[place] * sd * clip)[leaves[place]] ** 2
        last = cycle(kind, codes, values, clip, leaves, drawn, rates, score, waiting, last, table)
    settled = None
    if isinstance(target, Quantity):
        score += waiting[codes[last]]
        middle, half = target.high / 2 + target.low / 2, target.high / 2 - target.low / 2
        answer = source_last(noise, whole, 1.0)
        prior = settle.prior_by_rule(found.rows, whole, sure=False)
        predicted = score[:, 0] * half + middle
        settled = settle.settle(predicted, np.asarray(y, np.float64), found, answer, share=share, prior=prior)
    tables = tuple(table[place, : one.count].copy() for place, one in enumerate(bins))
    noise_of = tuple(spread[place, : one.count].copy() for place, one in enumerate(bins))
    return Boosted(bins, tables, noise_of, sd * clip, target, settled)


def link(target: Target) -> tuple[int, int, float]:
    """(kind of residual, outputs, the length that residuals are cut to). Probability less outcome is at
    most 1 long for two classes, and at most sqrt(2) for a vector, so there nothing is ever cut."""
    if isinstance(target, Quantity):
        return IDENTITY, 1, 1.0
    return (LOGISTIC, 1, 1.0) if target.binary else (SOFTMAX, len(target.values), math.sqrt(2.0))


def _mu(asked: Asked, schema: Schema, target: Target, options: Options) -> float:
    """The mu of all that is released, for the neighbours that were asked for."""
    features = len(schema.columns)
    rounds = options.rounds * features
    counts = sum(cells_of(one) for one in schema.columns) + MOST_NUMBERS + settle.SIZE
    sums = rounds * options.leaves * link(target)[1]
    most = gaussian_mu(asked.epsilon, asked.delta)
    least_sd = min(math.sqrt(features / options.share), math.sqrt(rounds / (1 - options.share))) / most
    least = min(least_sd * factor(asked) * CLIP, LEAST_SCALE)  # a quantity's counts have a grid of their own
    try:
        inner = slack_of(least, counts + sums, 1).target(asked.epsilon, asked.delta)
    except ValueError:
        raise UnsuitableGuaranteeError(
            estimator=KEY, reason="so many noisy sums have no room in it; fewer rounds would do"
        ) from None
    return gaussian_mu(*inner)


def _binned(
    records: Records, mu: float, most: int, noise: GaussianSource
) -> tuple[tuple[Bins, ...], npt.NDArray[np.uint16]]:
    """The bins of each feature, and the bin of each record in each, (p, n)."""
    columns = records.schema.columns
    sd = math.sqrt(len(columns)) / mu
    codes = np.empty((len(columns), records.rows), dtype=np.uint16)
    found = []
    for place, (column, values) in enumerate(zip(columns, records.values, strict=True)):
        where = cells(values, column)
        width = cells_of(column)
        counts = np.bincount(where, minlength=width) * CLIP + _draw(noise, sd * CLIP, (width,))
        bins = join(column, counts / CLIP, sd, most)
        codes[place] = bins.of_cell[where]
        found.append(bins)
    return tuple(found), codes


def _leaves(
    bins: tuple[Bins, ...], widest: int, most: int, splits: np.random.Generator
) -> tuple[Whole, Floats]:
    """A random leaf for each bin, (p, widest), and the leaves' noisy counts, (p, most). Leaves of an ordered
    feature are intervals; its bin of missing cells falls into any of them."""
    leaves = np.zeros((len(bins), widest), dtype=np.int64)
    weights = np.zeros((len(bins), most))
    for place, one in enumerate(bins):
        parts = min(most, one.count)
        cuts = np.sort(splits.choice(one.count - 1, parts - 1, replace=False)) + 1
        found = np.searchsorted(cuts, np.arange(one.count), side="right")
        if one.ordered:
            found[-1] = splits.integers(parts)
        else:
            found = found[splits.permutation(one.count)]
        leaves[place, : one.count] = found
        weights[place] = np.bincount(found, weights=one.weights, minlength=most)
    return leaves, weights


def _draw(noise: GaussianSource, scale: float, shape: tuple[int, ...]) -> Whole:
    return (
        np.zeros(shape, dtype=np.int64) if scale == 0 else noise.draw(scale, math.prod(shape)).reshape(shape)
    )


def _scaled(y: npt.NDArray[Any], target: Target) -> Floats:
    """Targets as the kernel takes them: codes of classes, or numbers on [-1, 1]."""
    if isinstance(target, Classes):
        return np.asarray(y, dtype=np.float64)
    middle, half = target.low / 2 + target.high / 2, target.high / 2 - target.low / 2
    return np.clip((np.asarray(y, dtype=np.float64) - middle) / half, -1.0, 1.0)
