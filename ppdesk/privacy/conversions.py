"""From one kind of guarantee to another. Each names its formula; what is not here is not valid.

| from | to | how |
| --- | --- | --- |
| epsilon | rho | epsilon^2 / 2 (Bun and Steinke 2016, proposition 1.4) |
| rho | (epsilon, delta), closed | rho + 2 sqrt(-rho ln delta) (Bun and Steinke 2016, proposition 1.3) |
| rho | (epsilon, delta), best known | Canonne, Kamath and Steinke 2020 v4, prop. 12 (`delta_of_rho`) |
| Renyi (a, e) | (epsilon, delta) | e + ln(1 - 1/a) - ln(a delta) / (a - 1) (Balle and others 2020, th. 21) |
| mu | (epsilon, delta) | Balle and Wang 2018, theorem 8 (`gaussian_dp`) |
| mu | rho | mu^2 / 2 (Bun and Steinke 2016, proposition 1.6) |

Groups of k records, each differing as the relation says: epsilon becomes k epsilon, rho k^2 rho (Bun and
Steinke 2016, proposition 1.9), mu k mu (Dong, Roth and Su 2022, theorem 2.14), (epsilon, delta) becomes
(k epsilon, delta (e^(k epsilon) - 1) / (e^epsilon - 1)) (Vadhan 2017, lemma 2.2). Replacing one is a group of
two under adding and removing.

Not valid: from replace-one to add-or-remove-one (nothing is said of tables of other sizes); from (epsilon,
delta) with a delta to rho or mu; from rho to mu (zCDP bounds divergences, not the whole trade-off curve).
"""

import math
from functools import lru_cache

from ppdesk.privacy.events import EpsilonDelta, ImpossibleCostError, is_finite


def rho_of_pure(epsilon: float) -> float:
    """The rho of pure epsilon, rounded up."""
    return _checked(epsilon, "epsilon") ** 2 / 2 * (1 + 1e-15)


def rho_of_mu(mu: float) -> float:
    """The rho of mu-Gaussian DP, rounded up."""
    return _checked(mu, "mu") ** 2 / 2 * (1 + 1e-15)


def epsilon_of_rho_closed(rho: float, delta: float) -> float:
    """Epsilon of rho-zCDP at `delta` in closed form; `epsilon_of_rho` is smaller."""
    _checked(rho, "rho")
    return (rho + 2 * math.sqrt(rho * math.log(1 / _between(delta)))) * (1 + 1e-14)


def epsilon_of_rho(rho: float, delta: float) -> float:
    """Epsilon of rho-zCDP at `delta`, the least found, rounded up."""
    low, high = 0.0, epsilon_of_rho_closed(rho, delta)
    for _ in range(60):
        middle = (low + high) / 2
        if delta_of_rho(rho, middle) <= delta:
            high = middle
        else:
            low = middle
    return high


def delta_of_rho(rho: float, epsilon: float) -> float:
    """A delta for which rho-zCDP is (epsilon, delta)-DP: the least over a grid of orders a > 1 of
    e^((a - 1)(a rho - epsilon)) / (a - 1) * (1 - 1/a)^a (Canonne, Kamath and Steinke 2020 v4, prop. 12).
    Each order proves its own figure, so the grid costs a little and never the proof."""
    best = 1.0
    for place in range(1, 401):
        # from 1.001 to some 10^5; the best order is near (epsilon + rho) / (2 rho)
        order = 1 + 10 ** (-3 + 8 * place / 400)
        log = (order - 1) * (order * rho - epsilon) - math.log(order - 1) + order * math.log1p(-1 / order)
        if log < 0:
            best = min(best, math.exp(log))
    return best


@lru_cache(maxsize=64)
def rho_of(epsilon: float, delta: float) -> float:
    """The largest rho found, rounded down, so that rho-zCDP is (epsilon, delta)-DP; 0 < delta < 1."""
    low, high = 0.0, epsilon + 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if middle > 0 and delta_of_rho(middle, epsilon) <= delta:
            low = middle
        else:
            high = middle
    return low * (1 - 1e-9)


def epsilon_of_renyi(order: float, divergence: float, delta: float) -> float:
    """Epsilon at `delta` of (order, divergence)-Renyi DP, order above 1."""
    if not (is_finite(order) and order > 1):
        raise ImpossibleCostError(name="the order")
    _checked(divergence, "the divergence")
    log = math.log(_between(delta)) + math.log(order)
    return max(0.0, divergence + math.log1p(-1 / order) - log / (order - 1)) * (1 + 1e-14)


def group_pair(pair: EpsilonDelta, size: int) -> EpsilonDelta:
    """(epsilon, delta) for tables that differ in `size` records, under the same relation, rounded up; a delta
    that promises nothing is the largest below 1."""
    epsilon = size * pair.epsilon * (1 + 1e-15)
    if pair.delta == 0 or pair.epsilon == 0:
        delta = size * pair.delta * (1 + 1e-15)
    elif epsilon > 700:
        delta = 1.0
    else:
        delta = pair.delta * math.expm1(size * pair.epsilon) / math.expm1(pair.epsilon) * (1 + 1e-12)
    return EpsilonDelta(epsilon, min(delta, 1 - 2**-53), pair.neighbours)


def group_rho(rho: float, size: int) -> float:
    """rho for tables that differ in `size` records, under the same relation, rounded up."""
    return size**2 * _checked(rho, "rho") * (1 + 1e-15)


def group_mu(mu: float, size: int) -> float:
    """mu for tables that differ in `size` records, under the same relation, rounded up."""
    return size * _checked(mu, "mu") * (1 + 1e-15)


def _checked(value: float, name: str) -> float:
    if not (is_finite(value) and value >= 0):
        raise ImpossibleCostError(name=name)
    return value


def _between(delta: float) -> float:
    if not (is_finite(delta) and 0 < delta < 1):
        raise ImpossibleCostError(name="delta")
    return delta
