"""What policies are worth, from decisions that another one took: off-policy evaluation with noise.

A logged record has a context x, the action a that was taken, its reward r (0..1 between the declared bounds)
and the propensity p >= least of a, so importance weights w = pi(a|x) / p are in 0..W, W = 1 / least. q is the
learnt reward model, cut to 0..1. The mean over the records of

    w r                                   inverse propensity scores, IPS (Horvitz and Thompson 1952)
    w r, over the mean of w               self-normalised, SNIPS (Swaminathan and Joachims 2015)
    sum_b pi(b|x) q(x, b) + w (r - q(x, a))    doubly robust, DR (Dudik, Langford and Li 2011)

estimates what the policy pi would earn. With right propensities IPS and DR are unbiased, whatever q is; pi
and q never saw these records. Asked for: the learnt policy and "always a" for each of the K actions; of the
logged policy the mean reward.

**Sensitivity**, in units in which one record's part of a cell is in -1..1, on whole numbers, rounded towards
zero. Of "always b" the weight is 0 unless b was taken, so of the K constant policies one cell changes:

- counts: 1, whether p was cut, 2 r - 1, and the policy's chances of the actions (which are at least 0 and add
  up to at most 1): 4, squared.
- w / W and w r / W, each: the learnt one and one constant: 2.
- DR, (psi - 1/2) / (W + 1/2): the learnt and one constant policy 1 each, the others a sum of q alone, so at
  most h = (1/2) / (W + 1/2): 2 + (K - 1) h^2, rounded up.
- around the values of the first answer, cut to 0..1, so that |psi - v| <= W + 1 and |r - v| <= 1:
  (psi - v)^2 / (W + 1)^2: 2 + (K - 1) / (W + 1)^4 likewise; w^2 r^2, w^2 (r - v)^2 and w^2, each / W^2: 2.

A record replaced changes them by two such vectors (`Spending`).

**Intervals** are normal, of 95 %, from the sum of: the spread of the terms, whose noisy sum is taken at its
upper end (1.645 standard deviations of its noise), and the known noise of sum and count (delta method for
SNIPS). They are cut to the declared bounds. Overlap is "none" where the sum of weights is below four standard
deviations of its noise, or below half of the number of records (an action that hardly anybody got, or
propensities that are far too large): then the interval is all that is declared. It is "little" where the mean
weight is off 1 by more than a tenth and three standard deviations, or the effective number of records
(sum w)^2 / sum w^2 (Kish 1965) is below 100.
"""

import math
from dataclasses import dataclass

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.moments.mechanism import Spending, Whole
from ppdesk.train.policy.learn import Bools, Codes, across
from ppdesk.train.policy.model import Estimate, Value
from ppdesk.train.policy.sums import Noisy, released, whole
from ppdesk.train.schema import Classes

_COUNTS, _DR, _GAINS, _WEIGHTS = 0.08, 0.42, 0.11, 0.13
_DR_SPREAD, _IPS_SPREAD, _SNIPS_SPREAD, _SQUARES = 0.11, 0.05, 0.05, 0.05
_WIDTH, _SURE = 1.959964, 1.645
_FEW, _OFF, _SEEN, _CLEAR = 100.0, 0.1, 3.0, 4.0
_CHUNK = 2**14


@dataclass(frozen=True)
class Logged:
    """The evaluation side, (n,) each: the action taken, its reward in 0..1, its propensity, and whether this
    was cut to the declared least one."""

    taken: Codes
    gain: Floats
    chance: Floats
    cut: Bools


@dataclass(frozen=True)
class Scored:
    """What the learning side says of the same records, (n, K) each: the chances that the learnt policy gives
    the actions, and the reward model, in 0..1."""

    policy: Floats
    earned: Floats


@dataclass(frozen=True)
class Worth:
    """`values`: the learnt policy, the logged one, then always each action. `shares`, (K,): of people that
    the learnt policy gives each action. `cut`: of records whose propensity was cut. `records`: noisy."""

    values: tuple[Value, ...]
    shares: tuple[float, ...]
    cut: float
    records: float


@dataclass(frozen=True)
class _Terms:
    """Each record's parts, (m, 1 + K): of the learnt policy, then of each constant one."""

    weight: Floats
    gain: Floats  # w r
    psi: Floats


def evaluate(
    logged: Logged,
    scored: Scored,
    actions: Classes,
    *,
    bounds: tuple[float, float],
    least: float,
    spending: Spending | None,
) -> Worth:
    """`bounds` of the reward; `least`: of the propensities. All of `spending` is spent."""
    most, many = 1 / least, len(actions.values)
    top = most + 0.5
    exact = [np.zeros(size, np.int64) for size in (3 + many, 1 + many, 1 + many, 1 + many)]
    for part in _chunks(len(logged.taken)):
        one = _terms(logged, scored, part)
        own = [np.ones(len(one.psi)), logged.cut[part], 2 * logged.gain[part] - 1]
        scaled = (np.column_stack([*own, scored.policy[part]]), one.psi / top - 0.5 / top)
        for place, found in enumerate((*scaled, one.gain / most, one.weight / most)):
            exact[place] += whole(found).sum(axis=0)
    counts = released(exact[0], 4, spending, _COUNTS)
    psi = released(exact[1], 2 + math.ceil(many * (0.5 / top) ** 2), spending, _DR)
    gains, weights = released(exact[2], 2, spending, _GAINS), released(exact[3], 2, spending, _WEIGHTS)
    count = max(float(counts.values[0]), 1.0)
    dr = _inside(psi.values * top / count + 0.5)
    ips = _inside(gains.values * most / count)
    snips = _inside(gains.values / np.maximum(weights.values, 1e-9))
    spreads = _spreads(logged, scored, dr, snips, most)
    bottom = (1 + most) ** 2
    squared = (2 + math.ceil(many / bottom**2), 2, 2, 2)
    shares = (_DR_SPREAD, _IPS_SPREAD, _SNIPS_SPREAD, _SQUARES)
    scales = (bottom, most**2, most**2, most**2)
    upper = [
        _upper(released(sums, size, spending, share), scale)
        for sums, size, share, scale in zip(spreads, squared, shares, scales, strict=True)
    ]
    noisy = _Measured(count, counts.noise, upper, top * psi.noise, most * gains.noise, most * weights.noise)
    values = [
        noisy.value(place, float(dr[place]), float(ips[place]), float(weights.values[place]) * most)
        for place in range(1 + many)
    ]
    told = [_told(one, bounds, _named(place, actions)) for place, one in enumerate(values)]
    mean = (float(counts.values[2]) / count + 1) / 2
    told.insert(1, _told(noisy.mean(mean), bounds, ("logged", "")))
    people = np.clip(counts.values[3:] / count, 0, 1)
    return Worth(
        tuple(told),
        tuple(float(one) for one in people),
        float(np.clip(counts.values[1] / count, 0, 1)),
        float(counts.values[0]),
    )


@dataclass(frozen=True)
class _Figures:
    """In shares of the bounds: (value, standard error) each; infinite where nothing can be told."""

    dr: tuple[float, float]
    ips: tuple[float, float]
    snips: tuple[float, float]
    size: float
    weight: float
    overlap: str


@dataclass(frozen=True)
class _Measured:
    """`spreads`: upper ends of the four sums of squares, (1 + K,) each; then the noise on the sums."""

    count: float
    count_noise: float
    spreads: list[Floats]
    psi_noise: float
    gain_noise: float
    weight_noise: float

    def value(self, place: int, dr: float, ips: float, weight: float) -> _Figures:
        psi, square, residual, weights = (float(one[place]) for one in self.spreads)
        own = self.count_noise
        dr_error = math.sqrt(psi + self.psi_noise**2 + (dr - 0.5) ** 2 * own**2) / self.count
        square = max(square - self.count * ips**2, 0.0)
        ips_error = math.sqrt(square + self.gain_noise**2 + ips**2 * own**2) / self.count
        mean, clear = weight / self.count, max(weight, 1e-9)
        snips = min(max(ips * self.count / clear, 0.0), 1.0)
        noise = self.gain_noise**2 + snips**2 * self.weight_noise**2
        snips_error = math.sqrt(residual + noise) / clear
        mean_error = math.sqrt(max(weights - self.count * mean**2, 0.0) + self.weight_noise**2) / self.count
        size = min(max(weight, 0.0) ** 2 / max(weights, 1e-9), self.count)
        lost = weight <= _CLEAR * self.weight_noise or mean < 0.5 or self.count <= _CLEAR * own
        off = abs(mean - 1) > _OFF and abs(mean - 1) > _SEEN * mean_error
        overlap = "none" if lost else "little" if off or size < _FEW else "enough"
        if lost:
            dr_error = ips_error = snips_error = math.inf
        return _Figures((dr, dr_error), (ips, ips_error), (snips, snips_error), size, mean, overlap)

    def mean(self, value: float) -> _Figures:
        """Of the logged policy: the spread of numbers in 0..1 is at most v (1 - v)."""
        value = min(max(value, 0.0), 1.0)
        lost = self.count <= _CLEAR * self.count_noise
        noise = self.count_noise**2 * (0.25 + (value - 0.5) ** 2)
        error = math.inf if lost else math.sqrt(value * (1 - value) * self.count + noise) / self.count
        one = (value, error)
        overlap = "none" if lost else "little" if self.count < _FEW else "enough"
        return _Figures(one, one, one, self.count, 1.0, overlap)


def _chunks(rows: int) -> list[slice]:
    return [slice(start, start + _CHUNK) for start in range(0, rows, _CHUNK)]


def _terms(logged: Logged, scored: Scored, part: slice) -> _Terms:
    policy, model = scored.policy[part], scored.earned[part]
    taken, chance = logged.taken[part], logged.chance[part]
    at = np.arange(len(taken))
    chances = np.zeros((len(taken), 1 + policy.shape[1]))  # of the action taken
    chances[:, 0] = policy[at, taken]
    chances[at, 1 + taken] = 1.0
    weight = chances / chance[:, None]
    direct = np.column_stack([across(policy * model), model])
    left = logged.gain[part] - model[at, taken]
    return _Terms(weight, weight * logged.gain[part][:, None], direct + weight * left[:, None])


def _spreads(logged: Logged, scored: Scored, dr: Floats, snips: Floats, most: float) -> list[Whole]:
    sums = [np.zeros(len(dr), np.int64) for _ in range(4)]
    for part in _chunks(len(logged.taken)):
        one = _terms(logged, scored, part)
        residual = one.weight * (logged.gain[part][:, None] - snips)
        terms = (
            ((one.psi - dr) / (1 + most)) ** 2,
            (one.gain / most) ** 2,
            (residual / most) ** 2,
            (one.weight / most) ** 2,
        )
        for place, found in enumerate(terms):
            sums[place] += whole(found).sum(axis=0)
    return sums


def _upper(found: Noisy, scale: float) -> Floats:
    upper: Floats = (np.maximum(found.values, 0.0) + _SURE * found.noise) * scale
    return upper


def _inside(values: Floats) -> Floats:
    cut: Floats = np.clip(np.nan_to_num(values), 0.0, 1.0)
    return cut


def _named(place: int, actions: Classes) -> tuple[str, str]:
    return ("always", actions.values[place - 1]) if place else ("learnt", "")


def _told(one: _Figures, bounds: tuple[float, float], name: tuple[str, str]) -> Value:
    dr, ips, snips = (_estimate(*pair, bounds) for pair in (one.dr, one.ips, one.snips))
    return Value(*name, dr, ips, snips, one.size, one.weight, one.overlap)


def _estimate(value: float, error: float, bounds: tuple[float, float]) -> Estimate:
    low, high = max(0.0, value - _WIDTH * error), min(1.0, value + _WIDTH * error)
    return Estimate(*(bounds[0] * (1 - one) + bounds[1] * one for one in (value, low, high)))
