"""How well anybody can tell from the result which of two neighbouring tables it came from.

A test says "it was in the data" rightly with its true-positive rate, wrongly with its false-positive rate.

- (epsilon, delta)-DP: tpr <= e^epsilon fpr + delta, and tpr <= 1 - e^-epsilon (1 - delta - fpr)
  (Wasserman and Zhou 2010; Kairouz, Oh and Viswanath 2015, theorem 2.1).
- mu-Gaussian DP: tpr <= P(P^-1(fpr) + mu) (Dong, Roth and Su 2022, definition 2.6).
- Many pairs of one mechanism (its loss distribution): the least of them, which is its trade-off curve as
  closely as the pairs lie (Dong, Roth and Su 2022, proposition 2.13).

The advantage is the largest tpr - fpr. What an attacker guesses by knowing the world, without this person's
record, is not limited by any of this: differential privacy compares the two tables, nothing else.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from ppdesk.privacy.events import DpEvent, ImpossibleCostError, is_finite

RATES = (0.001, 0.01)  # the false-positive rates that are told (Carlini and others 2022)
Pair = tuple[float, float]  # (epsilon, delta)
_UP = 1 + 1e-12


@dataclass(frozen=True)
class Attacker:
    """Upper bounds on the true-positive rate at each of `RATES`, and on the advantage."""

    rates: tuple[float, ...]
    advantage: float


def of_pairs(pairs: Sequence[Pair]) -> Attacker:
    """The bounds from every (epsilon, delta) that holds for one mechanism."""
    advantage = min(((math.expm1(e) + 2 * d) / (math.exp(e) + 1) if e < 700 else 1.0 for e, d in pairs))
    rates = tuple(min(true_positive(rate, e, d) for e, d in pairs) for rate in RATES)
    return Attacker(rates, min(1.0, advantage * _UP))


def of_mu(mu: float) -> Attacker:
    """The bounds from mu-Gaussian DP, which are reached."""
    if not (is_finite(mu) and mu >= 0):
        raise ImpossibleCostError(name="mu")
    normal = NormalDist()
    rates = tuple(min(1.0, normal.cdf(normal.inv_cdf(rate) + mu) * _UP) for rate in RATES)
    return Attacker(rates, math.erf(mu / (2 * math.sqrt(2))))


def of_event(event: DpEvent) -> Attacker:
    """The bounds from what was done exactly, by its loss distribution. Loads dp-accounting."""
    from ppdesk.privacy.calibration import delta_curve

    return of_pairs(delta_curve(event))


def true_positive(rate: float, epsilon: float, delta: float) -> float:
    """The largest true-positive rate at the false-positive `rate`, 0..1, of (epsilon, delta)-DP."""
    if not 0 <= rate <= 1:
        raise ImpossibleCostError(name="the false-positive rate")
    first = math.exp(min(700.0, epsilon)) * rate + delta
    second = 1 - math.exp(-epsilon) * (1 - delta - rate)
    return min(1.0, max(rate, min(first, second) * _UP))
