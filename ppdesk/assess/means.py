"""Means with their normal interval."""

import math

import numpy as np

from ppdesk.assess.arrays import Floats
from ppdesk.assess.intervals import Z95, estimate
from ppdesk.assess.results import Estimate

LEAST = float(np.finfo(np.float64).eps)  # a probability below counts as this one in a log loss


def mean(values: Floats, *, least: float = -math.inf) -> Estimate:
    """The mean of `values`, (n,) with n above 0, cut below at `least`."""
    middle, half = float(values.mean()), Z95 * deviation(values)
    return estimate(middle, max(least, middle - half), middle + half)


def deviation(values: Floats) -> float:
    """The standard error of the mean of `values`; 0 where there is one alone."""
    return float(values.std(ddof=1)) / float(np.sqrt(values.size)) if values.size > 1 else 0.0
