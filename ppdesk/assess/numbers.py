"""More of a model of a number: medians, bias, and how wide an interval around its predictions has to be.

Interval: split conformal prediction (Lei et al. 2018, JASA 113). One half of the records, drawn at random,
says how far off nine in ten predictions are at most; the other half says how many of its own are so.
"""

import math

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.intervals import Z95, estimate, wilson
from ppdesk.assess.means import deviation, mean
from ppdesk.assess.model_results import ManyStudy
from ppdesk.assess.results import CalibrationBin, Estimate, Measure
from ppdesk.core.said import said

WANTED = 0.9
_FEWEST = 20  # records below which no median is told, and
_LEAST = 200  # below which no interval is tried: an end would be the error of one of the few furthest off
_BINS = 10
_FLOOR = 50  # records of a bin


def study(
    found: Floats, predicted: Floats, source: np.random.Generator
) -> tuple[tuple[Measure, ...], ManyStudy]:
    """`predicted` beside the true `found`, (n,) float64 both, n above 0, in the target's unit."""
    errors = predicted - found
    width, covered = coverage(errors, source)
    measures = (
        Measure("medae", said("Median absolute error"), median(np.abs(errors)), lower=True),
        Measure("explained_variance", said("Explained variance"), explained_variance(found, predicted)),
        Measure("bias", said("Mean error (predicted less actual)"), mean(errors)),
        Measure("width_90", said("Half width of a 90 % prediction interval"), width, lower=True),
        Measure("coverage_90", said("Share of other records within it"), covered),
    )
    return measures, _bins(found, predicted)


def median(values: Floats) -> Estimate | None:
    """The median with the interval of order statistics: their ranks follow a binomial distribution, so no
    shape is assumed (Conover 1999, section 3.2). None on few records."""
    if values.size < _FEWEST:
        return None
    from scipy.stats import binom

    ranked, n = np.sort(values), values.size
    low = max(0, int(binom.ppf(0.025, n, 0.5)) - 1)
    return estimate(float(np.median(ranked)), float(ranked[low]), float(ranked[n - 1 - low]))


def explained_variance(found: Floats, said: Floats) -> Estimate | None:
    """1 - var(found - said) / var(found), with the delta method's interval; None where all are the same."""
    below = float(found.var())
    if below == 0:
        return None
    errors = found - said
    spread, plain = (errors - errors.mean()) ** 2, (found - found.mean()) ** 2
    ratio = float(spread.mean()) / below
    half = Z95 * deviation((spread - ratio * plain) / below)
    return estimate(1 - ratio, 1 - ratio - half, min(1.0, 1 - ratio + half))


def coverage(errors: Floats, source: np.random.Generator) -> tuple[Estimate | None, Estimate | None]:
    """(half width of a 90 % interval, share of the other half's errors within it with Wilson's interval);
    None both on few records. The width's interval is that of order statistics."""
    if errors.size < _LEAST:
        return None, None
    from scipy.stats import binom

    order: Counts = source.permutation(errors.size)
    ranked = np.sort(np.abs(errors[order[: errors.size // 2]]))
    others = np.abs(errors[order[errors.size // 2 :]])
    m = ranked.size
    rank = min(m, math.ceil(WANTED * (m + 1))) - 1
    low = max(0, int(binom.ppf(0.025, m, WANTED)) - 1)
    high = min(m - 1, int(binom.ppf(0.975, m, WANTED)))
    width = float(ranked[rank])
    told = estimate(width, min(width, float(ranked[low])), max(width, float(ranked[high])))
    return told, wilson(int((others <= width).sum()), others.size)


def _bins(found: Floats, said: Floats) -> ManyStudy:
    """Mean predicted and mean actual in up to ten groups of like prediction, equally many records each; equal
    predictions stay together."""
    if found.size < 2 * _FLOOR:
        return ManyStudy()
    count = min(_BINS, found.size // _FLOOR)
    edges = np.unique(np.quantile(said, np.linspace(0, 1, count + 1)[1:-1]))
    place = np.searchsorted(edges, said, side="right")
    told = [
        (float(said[own].mean()), float(found[own].mean()), int(own.sum()))
        for own in (np.asarray(place == one) for one in range(edges.size + 1))
        if own.sum() >= _FLOOR
    ]
    if not told:
        return ManyStudy()
    ends = [value for one in told for value in one[:2]]
    low, high = min(ends), max(ends)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    return ManyStudy(
        bins=[
            CalibrationBin(round((p - low) / (high - low), 6), round((seen - low) / (high - low), 6), n)
            for p, seen, n in told
        ],
        low=round(low, 6),
        high=round(high, 6),
    )
