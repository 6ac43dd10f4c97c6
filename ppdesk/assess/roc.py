"""The ROC curve, its area, and the area's interval.

Area and standard error follow DeLong, DeLong and Clarke-Pearson (1988, Biometrics 44) in the fast form of
Sun and Xu (2014, IEEE Signal Processing Letters 21): midranks, O(n log n). The interval is the normal one,
cut at 0 and 1. Where one outcome has all the highest scores nothing varies, and it is Wilson's for as many
successes as the rarer outcome has records.
"""

import math

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.errors import LengthMismatchError, OneClassError
from ppdesk.assess.intervals import Z95, estimate
from ppdesk.assess.results import Curve, Estimate

MAX_POINTS = 200  # a curve in the record stays small; the area is computed from all records


def midranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing their mean rank. values: (n,) float64."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(counts)
    return ((upto - counts + 1 + upto) / 2.0)[inverse]


def _split(labels: Bools, scores: Floats) -> tuple[Floats, Floats]:
    if labels.shape != scores.shape:
        raise LengthMismatchError(what="Outcomes and scores", left=labels.size, right=scores.size)
    positive, negative = scores[labels], scores[~labels]
    if positive.size == 0 or negative.size == 0:
        raise OneClassError(rows=int(labels.size))
    return positive, negative


def placements(labels: Bools, scores: Floats) -> tuple[float, Floats, Floats]:
    """(area, placement of each positive, of each negative): DeLong's V10 and V01."""
    positive, negative = _split(labels, scores)
    m, n = positive.size, negative.size
    together = midranks(np.concatenate([positive, negative]))
    v10 = (together[:m] - midranks(positive)) / n
    v01 = 1.0 - (together[m:] - midranks(negative)) / m
    return float(v10.mean()), v10, v01


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) / values.size if values.size > 1 else 0.25 / values.size


def auroc(labels: Bools, scores: Floats) -> tuple[Estimate, float]:
    """(area with its 95 % interval, standard error). labels: (n,) bool; scores: (n,) float64.

    Raises OneClassError where all labels are the same.
    """
    area, v10, v01 = placements(labels, scores)
    error = math.sqrt(_variance(v10) + _variance(v01))
    if area in (0.0, 1.0):  # nothing varies, which is no certainty: the smaller outcome's share of ranks
        error = max(error, (1 - _least_share(min(v10.size, v01.size))) / Z95)
    low, high = max(0.0, area - Z95 * error), min(1.0, area + Z95 * error)
    return estimate(area, low, high), round(error, 8)


def _least_share(trials: int) -> float:
    """The low end of Wilson's interval where all of `trials` succeed."""
    return trials / (trials + Z95**2)


def auroc_difference(labels: Bools, first: Floats, second: Floats) -> Estimate:
    """Area of `first` minus area of `second` on the same records, with DeLong's paired interval."""
    area_1, v10_1, v01_1 = placements(labels, first)
    area_2, v10_2, v01_2 = placements(labels, second)
    error = math.sqrt(_variance(v10_1 - v10_2) + _variance(v01_1 - v01_2))
    value = area_1 - area_2
    return estimate(value, max(-1.0, value - Z95 * error), min(1.0, value + Z95 * error))


def roc_curve(labels: Bools, scores: Floats) -> Curve:
    """At most MAX_POINTS points of the curve, evenly along its length, both ends kept."""
    positive, negative = _split(labels, scores)
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.append(ranked[1:] != ranked[:-1], True)  # one point for each distinct score
    tpr = np.append(0.0, np.cumsum(labels[order])[last] / positive.size)
    fpr = np.append(0.0, np.cumsum(~labels[order])[last] / negative.size)
    if tpr.size > MAX_POINTS:
        wanted = np.linspace(0.0, 2.0, MAX_POINTS)
        keep = np.unique(np.searchsorted(tpr + fpr, wanted).clip(0, tpr.size - 1))
        keep[0], keep[-1] = 0, tpr.size - 1
        tpr, fpr = tpr[keep], fpr[keep]
    return Curve(fpr=np.round(fpr, 4).tolist(), tpr=np.round(tpr, 4).tolist())
