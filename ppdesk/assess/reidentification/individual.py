"""Individual risk of survey data: the expected 1 / people like a record, given the sample and its weights.

f records of the sample share a combination of values, their weights add up to F. People in the population
with it are taken as negative binomial given f, with p = f / F (Benedetti and Franconi 1998; Franconi and
Polettini 2004, mu-Argus), so that the risk is

    p^f / f * 2F1(f, f; f + 1; 1 - p) = p / f * 2F1(1, 1; f + 1; 1 - p)

which is p / (1 - p) * log(1 / p) for f = 1 and p / (1 - p) - (p / (1 - p))^2 log(1 / p) for f = 2. sdcMicro
says "exact" to it, and takes p / (f - 1 + p) for f >= 3 by default.
"""

import numpy as np

from ppdesk.assess.arrays import Counts, Floats
from ppdesk.assess.reidentification.classes import DIGITS, above
from ppdesk.assess.reidentification.results import WeightedRisk

_SERIES_FROM = 20.0  # records from which the series below has more digits than a double
_TERMS = 64


def individual(records: Floats, people: Floats) -> Floats:
    """(n,) float64 in 0..1: the risk of each record. `records` (n,): f, at least 1; `people` (n,): F, the sum
    of the weights. Where F is not above f, the population is the sample: 1 / f."""
    from scipy.special import hyp2f1

    f = np.asarray(records, np.float64)
    p = np.minimum(1.0, f / np.asarray(people, np.float64))
    many = f >= _SERIES_FROM  # where scipy's function has no value for small p
    sums = np.ones(f.shape)
    sums[~many] = hyp2f1(1.0, 1.0, f[~many] + 1.0, 1.0 - p[~many])
    sums[many] = _series(f[many], 1.0 - p[many])
    risk: Floats = np.minimum(p / f * sums, 1.0 / f)
    return risk


def _series(f: Floats, z: Floats) -> Floats:
    """2F1(1, 1; f + 1; z): the sum of n! z^n / ((f + 1) (f + 2) ... (f + n))."""
    term = np.ones(f.shape)
    found = np.ones(f.shape)
    for n in range(1, _TERMS):
        term = term * z * n / (f + n)
        found += term
    return found


def weighted_risk(
    records: Floats, people: Floats, counts: Counts, limit: float, *, weights: float, unweighable: int = 0
) -> WeightedRisk:
    """Over tuples: `records` f and `people` F of each, `counts` (tuples,) int64 how many records have it;
    `weights` the sum of all weights."""
    risks = individual(records, people)
    total = int(counts.sum())
    expected = float(risks @ counts)
    return WeightedRisk(
        records=total,
        people=round(weights, 3),
        highest=round(float(risks.max()), DIGITS),
        mean=round(expected / total, DIGITS),
        expected=round(expected, 3),
        at_risk=above(risks, counts, limit),
        unweighable=unweighable,
    )
