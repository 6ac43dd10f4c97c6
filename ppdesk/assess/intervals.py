"""Confidence intervals, all two-sided at 95 %.

Shares: Wilson's score interval (Wilson 1927; recommended by Brown, Cai and DasGupta 2001, Statistical
Science 16). Differences of two independent shares: Newcombe's method 10 (1998, Statistics in Medicine 17),
which combines two Wilson intervals; the same rule for a mean of two shares (MOVER, Zou and Donner 2008).
"""

import math

from ppdesk.assess.results import Estimate

Z95 = 1.959963984540054  # 97.5 % point of the standard normal
_DIGITS = 6  # facts need no more, and a rounded number repeats on every machine


def estimate(value: float, low: float, high: float) -> Estimate:
    """An Estimate, rounded to six digits."""
    return Estimate(round(value, _DIGITS), round(low, _DIGITS), round(high, _DIGITS))


def wilson(successes: int, trials: int, z: float = Z95) -> Estimate | None:
    """The share successes / trials with Wilson's interval, of `z` deviations to each side. None where trials
    is zero."""
    if trials == 0:
        return None
    share = successes / trials
    scale = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / scale
    half = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / scale
    # at 0 and 1 the formula gives exactly the share, up to rounding
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return estimate(share, low, high)


def difference(first: Estimate, second: Estimate) -> Estimate:
    """first - second, both independent shares with Wilson intervals (Newcombe's method 10)."""
    value = first.value - second.value
    low = value - math.hypot(first.value - first.low, second.high - second.value)
    high = value + math.hypot(first.high - first.value, second.value - second.low)
    return estimate(value, max(-1.0, low), min(1.0, high))


def mean_of_two(first: Estimate, second: Estimate) -> Estimate:
    """(first + second) / 2 of two independent shares (MOVER over Wilson intervals)."""
    value = (first.value + second.value) / 2
    low = value - math.hypot(first.value - first.low, second.value - second.low) / 2
    high = value + math.hypot(first.high - first.value, second.high - second.value) / 2
    return estimate(value, max(0.0, low), min(1.0, high))


def f_measure(tp: int, fp: int, fn: int) -> Estimate | None:
    """F1 with an interval; None where there is neither a positive nor a predicted positive.

    F1 = 2F* / (1 + F*) rises with F* = tp / (tp + fp + fn), which is a plain share (Hand, Christen and
    Kirielle 2021, Machine Learning 110), so the ends of F*'s Wilson interval map to F1's.
    """
    share = wilson(tp, tp + fp + fn)
    if share is None:
        return None
    return estimate(*(2 * part / (1 + part) for part in (share.value, share.low, share.high)))
