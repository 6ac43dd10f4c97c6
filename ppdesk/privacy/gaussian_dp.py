"""Gaussian differential privacy and (epsilon, delta), exactly. Light: no library.

mu-Gaussian DP (Dong, Roth and Su 2022): no harder to tell apart than N(0, 1) and N(mu, 1). Gaussian noise of
standard deviation sigma on a result of L2 sensitivity s has mu = s / sigma, and mechanisms run one after the
other, also adaptively, have mu^2 = mu_1^2 + mu_2^2 + ... (corollary 3.3). It is (epsilon, delta)-DP exactly
for delta at least

    delta(epsilon, mu) = P(-a) - e^epsilon P(-b),   a = epsilon / mu - mu / 2,   b = epsilon / mu + mu / 2

with P the normal distribution function (Balle and Wang 2018, theorem 8). As e^epsilon p(b) = p(a) for the
density p, this is p(a) (R(a) - R(b)) with R(x) = P(-x) / p(x), the ratio of Mills: nothing overflows, and
deltas down to 1e-300 keep their digits. R is completely monotone (R(x) = integral of e^(-x t - t^2 / 2) over
t > 0), so for b near a the trapezoid on -R' = 1 - x R is an upper bound where the difference loses digits.

Every figure is rounded to the safe side: `delta_of_mu` and `epsilon_of_mu` up, `gaussian_mu` down, by more
than the arithmetic here can be off (`_SLACK`, and the error of a in the exponent).
"""

import math

from ppdesk.privacy.events.numbers import ImpossibleCostError, is_finite, positive

_SLACK = 1e-13  # relative error of R and of the density, with room: each is good to some 2e-14
_ULP = 2.3e-16
_BACK = 1 - 1e-11  # so that the epsilon found for 1 / (1 / mu) is not above the one that mu was made for
_LEAST = 1e-300  # what lies below is said to be this: floats lose their digits there
_ROOT = math.sqrt(2)


def delta_of_mu(mu: float, epsilon: float) -> float:
    """An upper bound on the least delta so that mu-GDP is (epsilon, delta)-DP, good to 1e-7 where that is
    above 1e-300. mu and epsilon at least 0; ImpossibleCostError for others."""
    _at_least_zero(mu, "mu")
    _at_least_zero(epsilon, "epsilon")
    return _delta_up(mu, epsilon)


def epsilon_of_mu(mu: float, delta: float) -> float:
    """An upper bound on the least epsilon so that mu-GDP is (epsilon, delta)-DP, good to 1e-9. 0 where
    delta allows. ImpossibleCostError for a mu below 0 or a delta that is not above 0 and below 1."""
    _at_least_zero(mu, "mu")
    _delta(delta)
    if _delta_up(mu, 0.0) <= delta:
        return 0.0
    low, high = 0.0, max(1e-300, mu)
    while _delta_up(mu, high) > delta:
        low, high = high, 2 * high
        if not math.isfinite(high):
            raise ImpossibleCostError(name="mu")
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if _delta_up(mu, middle) <= delta:
            high = middle
        else:
            low = middle
    return high


def gaussian_mu(epsilon: float, delta: float) -> float:
    """The largest mu, rounded down, so that mu-GDP is (epsilon, delta)-DP: noise of standard deviation
    sensitivity / mu keeps the pair (Balle and Wang 2018, algorithm 1).

    Several results of sensitivities s_i with noises sigma_i share it as mu^2 >= sum of (s_i / sigma_i)^2.
    ImpossibleCostError for an epsilon below 0 or a delta that is not above 0 and below 1: no Gaussian noise
    gives pure epsilon.
    """
    _at_least_zero(epsilon, "epsilon")
    _delta(delta)
    high = 1.0
    while _delta_up(high, epsilon) <= delta:
        high *= 2
    low = high / 2
    while low > 0 and _delta_up(low, epsilon) > delta:
        high, low = low, low / 2
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if _delta_up(middle, epsilon) <= delta:
            low = middle
        else:
            high = middle
    if low <= 0:
        raise ImpossibleCostError(name="delta: so small a one")
    return low * _BACK


def _delta_up(mu: float, epsilon: float) -> float:
    """delta(epsilon, mu), never below it."""
    if mu == 0:
        return 0.0
    quotient = epsilon / mu
    a, b = quotient - mu / 2, quotient + mu / 2
    if not math.isfinite(b):
        return 0.0 if mu < 1 else 1.0
    # a is off by at most one ulp of b, and the density in a by |a| times that
    loose = _SLACK + 4 * _ULP * (1 + abs(a)) * (1 + b)
    density = math.exp(-a * a / 2) / math.sqrt(2 * math.pi) if abs(a) < 40 else 0.0
    if a < 0:
        # P(-a) itself is near 1/2 or more; R(a) would overflow
        plain, scale = _tail(a) - density * _mills(b), _tail(a)
    elif density == 0.0:
        return _LEAST if loose * abs(a) < 1 else 1.0  # else a is not known well enough
    else:
        plain, scale = density * (_mills(a) - _mills(b)), density * _mills(a)
    found = plain + 2 * loose * scale
    if a > -1 and mu < 0.1:
        slopes = _slope(a) + _slope(b)
        found = min(found, density * (mu / 2) * slopes * (1 + 2 * loose))
    return min(1.0, max(found, _LEAST))


def _tail(x: float) -> float:
    """P(-x)."""
    return math.erfc(x / _ROOT) / 2


def _mills(x: float) -> float:
    """R(x) = P(-x) / p(x) for x > -1.5 or so."""
    if x < 12:
        return math.sqrt(math.pi / 2) * math.exp(x * x / 2) * math.erfc(x / _ROOT)
    return (1 - _rest(x)) / x


def _slope(x: float) -> float:
    """An upper bound on 1 - x R(x) > 0, good to 1e-11."""
    return _rest(x) * (1 + 1e-13) if x >= 12 else 1 - x * _mills(x) + _SLACK * (1 + abs(x) * _mills(x))


def _rest(x: float) -> float:
    """1 - x R(x) for x >= 12 by its asymptotic series 1/x^2 - 3/x^4 + 15/x^6 ..., whose error is below the
    first term left out, here 1e-17 of the sum (Abramowitz and Stegun, 26.2.12)."""
    square = 1 / (x * x)
    term, total = square, 0.0
    for odd in range(3, 41, 2):
        total += term
        term *= -odd * square
    return total


def _at_least_zero(value: float, name: str) -> None:
    if not (is_finite(value) and value >= 0):
        raise ImpossibleCostError(name=name)


def _delta(value: float) -> None:
    positive(value, "delta (Gaussian noise needs one above 0)")
    if value >= 1:
        raise ImpossibleCostError(name="delta")
