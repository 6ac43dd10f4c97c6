"""A last paid look at a finished regressor: how much of what it says holds, and where the mean is.

Noise can make a model worse than the mean alone. Four sums over the records, of the model's prediction u and
the target v, both less the centre, over `reach` and cut to -1..1, say how far to believe it: sum u, sum v,
sum u^2, sum u v. What is applied is intercept + slope * prediction with a slope from 0 (the noisy mean) to 1.

**Sensitivity.** In whole numbers U, V in -G..G a record adds (U, 2 V, trunc(U U / G), trunc(U V / G)), each
at most G, one 2 G: squared L2 norm at most SQUARED G^2 = 7 G^2 for one record added or removed, whatever
the model is; the model is published before, or paid for by the same guarantee (adaptive composition). Sums
of int64 are exact.

**Noise and accountant.** The caller's `Answer4`, the exact discrete Gaussian for a share of mu^2. The slope
is the mean of its posterior on 0..1, given the noise and one of two priors; the mean is the one measured here
and the narrowing's, each by its certainty. All that is post-processing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ppdesk.train.fitted import Floats
from ppdesk.train.schema import Quantity
from ppdesk.train.spread.cells import Whole
from ppdesk.train.spread.narrow import Narrow

GRID = 4096
WEIGHTS = (1, 2, 1, 1)  # of the four: where noise is loud, the mean is what counts
SQUARED = sum(one * one for one in WEIGHTS)  # sensitivity, in squared grid units
SIZE = len(WEIGHTS)
_REACH = 3.0  # spreads of the target: what lies beyond is cut, so that a long tail costs no noise
_AIM = 40.0
_LEAST, _MOST = 0.05, 0.5
_SLOPES = np.linspace(0.0, 1.0, 101)
# how likely each slope is before the sums are seen, for a model that has shrunk itself by what it knows of
# its noise, and for one that has not
_SURE: Floats = 0.9 * np.exp(-(((1 - _SLOPES) / 0.1) ** 2) / 2) + 0.1 * 0.12
_DOUBTFUL: Floats = np.exp(-6 * _SLOPES)
_NONE: Floats = (_SLOPES == 0).astype(np.float64)
_HOPELESS = 60.0  # records times mu: fewer tell of the mean, and of nothing else

# given (sums (4,) in grid units, share of mu^2): the sums with noise and its sd, both over the grid
Answer4 = Callable[[Whole, float], tuple[Floats, float]]


@dataclass(frozen=True)
class Settled:
    """What the model's predictions are turned into: intercept + slope * prediction."""

    slope: float
    intercept: float

    def within(self, learnt: Quantity) -> Quantity:
        """The bounds to cut to after the slope. What was looked at are predictions cut to `learnt`; a model
        drowned by noise says far more, and its slope holds for the cut ones only."""
        low = max(self.intercept + self.slope * learnt.low, learnt.low)
        high = min(self.intercept + self.slope * learnt.high, learnt.high)
        return Quantity(learnt.name, low, high) if low < high else learnt


def share_by_rule(rows: float, mu: float) -> float:
    """The share of mu^2 for the four sums: noise of a fortieth of the records' number, from 5 to 50 per
    cent. `mu`: of the whole guarantee for one record; `rows`: declared or noisy."""
    return min(max((_AIM / max(rows * mu, 1e-9)) ** 2, _LEAST), _MOST)


def prior_by_rule(rows: float, mu: float, *, sure: bool) -> Floats:
    """How likely each slope is beforehand. `sure`: of a model that shrinks itself by what it knows of its
    noise. Where records times mu are below 60 the slope is 0: the model is the noisy mean."""
    if rows * mu < _HOPELESS:
        return _NONE
    return _SURE if sure else _DOUBTFUL


def summed(predicted: Floats, y: Floats, narrow: Narrow) -> Whole:
    """The four sums, (4,), in grid units, each times its weight."""
    u, v = (_whole(one, narrow) for one in (predicted, y))
    parts = (u, v, np.abs(u * u) // GRID, np.sign(u * v) * (np.abs(u * v) // GRID))
    return np.array([one.sum() * weight for one, weight in zip(parts, WEIGHTS, strict=True)], dtype=np.int64)


def settle(
    predicted: Floats, y: Floats, narrow: Narrow, answer: Answer4, *, share: float, prior: Floats
) -> Settled:
    """Pay, and decide. `predicted`, `y`, (n,) in the target's unit."""
    return decided(*answer(summed(predicted, y, narrow), share), narrow, prior)


def decided(noisy: Floats, sd: float, narrow: Narrow, prior: Floats) -> Settled:
    """What four noisy sums say."""
    rows, reach = narrow.rows, reach_of(narrow)
    unsure = sd / rows
    u, v, square, product = (float(one) for one in np.clip(noisy / rows / WEIGHTS, -1.0, 1.0))
    spread, together = max(square - u * u, 0.0), product - u * v
    target = (narrow.scale / reach) ** 2
    of_sample = target * max(spread, unsure) / rows
    doubt = unsure**2 * (1 + u * u + v * v) * (1 + _SLOPES**2) + of_sample
    fit = -((together - _SLOPES * spread) ** 2) / (2 * doubt) - 0.5 * np.log(doubt)
    fit = np.where(prior > 0, fit + np.log(np.maximum(prior, 1e-300)), -np.inf)
    chance = np.exp(fit - fit.max())
    slope = float((_SLOPES * chance).sum() / chance.sum())
    before, here = (narrow.unsure / reach) ** 2, (unsure / WEIGHTS[1]) ** 2 + target / rows
    mean = v * before / (before + here)
    intercept = narrow.centre * (1 - slope) + reach * (mean - slope * u)
    return Settled(slope, intercept)


def reach_of(narrow: Narrow) -> float:
    """What stands for one: three spreads, or all there is."""
    widest = max(narrow.quantity.high - narrow.centre, narrow.centre - narrow.quantity.low)
    return min(widest, _REACH * narrow.scale)


def _whole(values: Floats, narrow: Narrow) -> Whole:
    within = np.clip(values, narrow.quantity.low, narrow.quantity.high)
    place = np.nan_to_num((within - narrow.centre) / reach_of(narrow))
    whole: Whole = np.rint(np.clip(place, -1.0, 1.0) * GRID).astype(np.int64)
    return whole
