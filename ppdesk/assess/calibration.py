"""Whether a probability of 0.3 happens three times in ten.

Expected and largest calibration error: ten bins of equal width (Guo et al. 2017, ICML). Parts of the Brier
score: Murphy 1973 (Journal of Applied Meteorology 12). Slope and intercept: logistic recalibration (Cox 1958;
Van Calster et al. 2019, BMC Medicine 17): the intercept is that of the model with the slope held at 1. Both
with Wald intervals.
"""

import math

import numpy as np

from ppdesk.assess import bootstrap
from ppdesk.assess.arrays import Bools, Counts, Floats
from ppdesk.assess.intervals import Z95, estimate
from ppdesk.assess.means import mean
from ppdesk.assess.model_results import CalibrationNumbers
from ppdesk.assess.results import Estimate

BINS = 10
FLOOR = 50  # records of a bin whose error is told alone
_EDGE = 1e-6  # probabilities are taken this far from 0 and 1 before their log odds
_STEPS = 50
_FLAT = 1e-9  # a slope's information below this share of the records says nothing


def calibrated(
    labels: Bools,
    scores: Floats,
    source: np.random.Generator,
    *,
    tick: bootstrap.Tick = lambda: None,
    rounds: int | None = None,
) -> CalibrationNumbers:
    """All of it. labels: (n,) bool, n above 0; scores: (n,) probabilities."""
    held = labels.astype(np.float64)
    count, said, seen = _bins(_places(scores), scores, held, np.ones(labels.size))
    filled = count > 0
    share, mean_said, mean_seen = (
        count[filled] / labels.size,
        said[filled] / count[filled],
        seen[filled] / count[filled],
    )
    base = float(held.mean())
    reliability = float((share * (mean_said - mean_seen) ** 2).sum())
    resolution = float((share * (mean_seen - base) ** 2).sum())
    uncertainty = base * (1 - base)
    brier = float(((scores - held) ** 2).mean())
    told = np.abs(mean_said - mean_seen)[count[filled] >= FLOOR]
    return CalibrationNumbers(
        expected_error=with_ends(labels, scores, source, tick=tick, rounds=rounds),
        largest_error=round(float(told.max()), 6) if told.size else None,
        slope=slope(labels, scores),
        intercept=intercept(labels, scores),
        mean_gap=mean(scores - held),
        reliability=round(reliability, 6),
        resolution=round(resolution, 6),
        uncertainty=round(uncertainty, 6),
        within=round(brier - (reliability - resolution + uncertainty), 6),
    )


def with_ends(
    labels: Bools,
    scores: Floats,
    source: np.random.Generator,
    *,
    tick: bootstrap.Tick = lambda: None,
    rounds: int | None = None,
) -> Estimate:
    """The expected calibration error. On few records it is too large, and in samples of them larger still by
    about as much, so the ends are mirrored at the value (basic bootstrap). The low end is 0 where outcomes
    drawn with the very probabilities would have as large an error in more than 2.5 % of the draws (Bröcker
    and Smith 2007)."""
    place, gaps, even = _places(scores), scores - labels, np.ones(labels.size)

    def of(weights: Counts) -> Floats:
        right = scores - (source.random(labels.size) < scores)
        return np.array([_expected(place, gaps, weights.astype(np.float64)), _expected(place, right, even)])

    value = _expected(place, gaps, even)
    low, high = bootstrap.ends(bootstrap.replicates(of, labels.size, source, rounds=rounds, tick=tick))
    least = 0.0 if value <= high[1] else max(0.0, 2 * value - float(high[0]))
    return estimate(value, min(value, least), min(1.0, max(value, 2 * value - float(low[0]))))


def expected_error(labels: Bools, scores: Floats) -> float:
    """The expected calibration error alone."""
    return _expected(_places(scores), scores - labels, np.ones(labels.size))


def _places(scores: Floats) -> Counts:
    return np.minimum((scores * BINS).astype(np.int64), BINS - 1)


def slope(labels: Bools, scores: Floats) -> Estimate | None:
    """Slope of the outcome on the log odds; None where the log odds separate the outcomes, or are all the
    same, or there is one outcome."""
    odds = log_odds(scores)
    if labels.all() or not labels.any() or float(np.ptp(odds)) < _FLAT:
        return None
    centre = float(odds.mean())
    found = _newton(np.column_stack([np.ones(odds.size), odds - centre]), labels, np.zeros(odds.size))
    return None if found is None else _wald(*found, place=1)


def intercept(labels: Bools, scores: Floats) -> Estimate | None:
    """What must be added to all log odds so that the mean is right; None with one outcome alone."""
    if labels.all() or not labels.any():
        return None
    odds = log_odds(scores)
    found = _newton(np.ones((odds.size, 1)), labels, odds)
    return None if found is None else _wald(*found, place=0)


def log_odds(scores: Floats) -> Floats:
    """log(p / (1 - p)), with p kept off 0 and 1."""
    inner = np.clip(scores, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(inner) - np.log1p(-inner))


def _bins(place: Counts, scores: Floats, held: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """(records, sum of probabilities, positives) of each bin, (BINS,) each."""
    first, second, third = (
        np.bincount(place, one, BINS) for one in (weights, weights * scores, weights * held)
    )
    return np.asarray(first, np.float64), np.asarray(second, np.float64), np.asarray(third, np.float64)


def _expected(place: Counts, gaps: Floats, weights: Floats) -> float:
    return float(np.abs(np.bincount(place, weights * gaps, BINS)).sum() / weights.sum())


def _newton(columns: Floats, labels: Bools, offset: Floats) -> tuple[Floats, Floats] | None:
    """(coefficients, their covariance) of the logistic model; None where it has no finite optimum, or was
    not found. A step that would lose likelihood is halved."""
    beta, held = np.zeros(columns.shape[1]), labels.astype(np.float64)
    best = _likelihood(columns @ beta + offset, held)
    for _ in range(_STEPS):
        chance = _logistic(columns @ beta + offset)
        information = (columns * (chance * (1 - chance))[:, None]).T @ columns
        if float(np.linalg.eigvalsh(information)[0]) <= _FLAT * held.size:
            return None
        gradient = columns.T @ (held - chance)
        step = np.linalg.solve(information, gradient)
        if float(gradient @ step) < 1e-16 * held.size:
            return beta, np.asarray(np.linalg.inv(information), np.float64)
        for _ in range(_STEPS):
            reached = _likelihood(columns @ (beta + step) + offset, held)
            if reached >= best:
                break
            step = step / 2
        else:
            return beta, np.asarray(
                np.linalg.inv(information), np.float64
            )  # no step gains: rounding is all that is left
        beta, best = beta + step, reached
    return None


def _likelihood(eta: Floats, held: Floats) -> float:
    return float((held * eta - np.logaddexp(0, eta)).sum())


def _logistic(eta: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(eta))


def _wald(beta: Floats, covariance: Floats, place: int) -> Estimate:
    value, half = float(beta[place]), Z95 * math.sqrt(float(covariance[place, place]))
    return estimate(value, value - half, value + half)
