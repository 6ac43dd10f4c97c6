"""The noise itself, measured: what one who audits sees of DP-SGD and no attacker does.

In a run on made-up records the noise of every sum can be looked at by itself. n numbers of a standard
deviation sd have a sum of squares of sd^2 times a chi-square variable of n degrees (of the discrete Gaussian
on a fine grid as of the continuous one; Canonne, Kamath and Steinke 2020). So the upper end of a one-sided
confidence interval below what the charge says proves too little noise; per coordinate too, with a Bonferroni
correction over them. And the part of each canary in a sum, worked out by the code of training, must not be
longer than the clip, but for the margin of float32 that the proof allows. Noise divided by that length is the
noise multiplier that the run had at most.

Success: less noise, or a longer part, than the charge says. Power: n is steps times parameters, so a lack of
1 % is found almost always. Not seen: how noise depends on what was drawn before, wrong sampling, records
other than the canaries.
"""

import math

from ppdesk.assess.auditing.one_run import Family
from ppdesk.assess.auditing.one_run_results import NoiseMeasured

_MOST = 16.0  # how many times too little noise is told
_LONGER = 1.01  # the proof of DP-SGD allows float32 0.41 %, and pays for it with noise


def interval(deviation: float, values: int, miss: float) -> tuple[float, float]:
    """Of a standard deviation estimated from `values` normal numbers of mean 0, wrong with chance `miss`."""
    from scipy.stats import chi2

    squares = deviation**2 * values
    low = math.sqrt(squares / float(chi2.ppf(1 - miss / 2, values)))
    below = float(chi2.ppf(miss / 2, values))
    return low, math.sqrt(squares / below) if below > 0 else math.inf


def judged(  # noqa: PLR0917 - what was seen, one by one
    deviation: float, least: float, values: int, each: int, norm: float, miss: float, family: Family | None
) -> NoiseMeasured:
    """`deviation` of all `values` numbers, `least` of the coordinate with the least, of `each` numbers, both
    over what is charged; `norm`: the longest part, over the clip. `miss`: the chance to be wrong, half of it
    for all numbers, half for the coordinates."""
    low, high = interval(deviation, values, miss / 2)
    at_most = interval(least, each, miss / 2 * each / values)[1]
    ratio = min(high, at_most) / (norm if norm > _LONGER else 1.0)
    over = ratio < 1
    epsilon = None
    if over and family is not None:
        epsilon = family.epsilon(min(_MOST, 1 / ratio if ratio > 0 else _MOST))
    return NoiseMeasured(
        round(deviation, 6),
        round(low, 6),
        round(high, 6),
        round(at_most, 6),
        round(norm, 6),
        values,
        None if epsilon is None else round(epsilon, 4),
        over,
    )
