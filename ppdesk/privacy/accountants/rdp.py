"""Renyi differential privacy (Mironov 2017) by dp-accounting, told as (epsilon, delta) by Canonne, Kamath and
Steinke 2020, proposition 12. For comparison, for very small deltas, and for what has no loss distribution.

Groups under Poisson sampling: the sum moves by Binomial(g, q) norms at most, which never exceeds g norms with
chance 1 - (1 - q)^g: sampled Gaussian noise with that rate and 1 / g of the noise is an upper bound
(Choquette-Choo and others 2024, corollary 4.7).
"""

import math
from typing import Any

from ppdesk.privacy.accountants.parts import Parts, taken_apart
from ppdesk.privacy.events import EpsilonDelta, Laplace, Neighbours, PoissonSampled

# dp-accounting's own, and some more; whole numbers where the library's sum for others does not converge
ORDERS = (
    *(1 + x / 10.0 for x in range(1, 100)),
    *(float(x) for x in range(11, 64)),
    *(float(round(64 * 1.12**x)) for x in range(37)),
)


def epsilon(parts: Parts, delta: float) -> float:
    """An upper bound on epsilon at `delta`; infinity where a part has no Renyi divergence that is known:
    a pair with a delta."""
    from dp_accounting.rdp.rdp_privacy_accountant import compute_epsilon

    curve = divergences(parts)
    if any(math.isnan(value) for value in curve):
        return math.inf
    found = compute_epsilon(ORDERS, curve, delta)[0]
    return float(found) * (1 + 1e-12)


def divergences(parts: Parts) -> list[float]:
    """An upper bound on the Renyi divergence at each of `ORDERS`; infinity where none is known."""
    total = [order * (parts.squared / 2 + parts.rho) for order in ORDERS]
    for event, count in parts.sampled.items():
        _add(total, _sampled(event), count)
    for scale, count in parts.laplace.items():
        _add(total, [_pure_laplace(1 / scale, order) for order in ORDERS], count)
    for pair, count in parts.pairs.items():
        _add(total, _pair(pair), count)
    for tuned, count in parts.tuned.items():
        from ppdesk.privacy.tuning import tuned_divergences

        inner = divergences(taken_apart((tuned.event,), parts.relation))
        _add(total, tuned_divergences(ORDERS, inner, tuned.trials), count)
    return total


def _add(total: list[float], each: list[float], count: int) -> None:
    for place, value in enumerate(each):
        total[place] += count * value


def _pair(pair: EpsilonDelta) -> list[float]:
    """Of randomized response, which dominates pure epsilon (Kairouz, Oh and Viswanath 2015)."""
    if pair.delta > 0:
        return [math.inf] * len(ORDERS)
    return [_response(pair.epsilon, order) for order in ORDERS]


def _response(e: float, order: float) -> float:
    """ln(p^a r^(1-a) + r^a p^(1-a)) / (a - 1) with p = e^e / (1 + e^e), r = 1 - p, without overflow."""
    if e == 0:
        return 0.0
    first, second = (order - 1) * e, -order * e
    log = first + math.log1p(math.exp(second - first)) - math.log1p(math.exp(-e))
    return min(e, log / (order - 1))


def _pure_laplace(e: float, order: float) -> float:
    """Mironov 2017, proposition 6."""
    share = order / (2 * order - 1)
    first, second = (order - 1) * e, -order * e
    log = first + math.log(share + (1 - share) * math.exp(second - first))
    return min(e, max(0.0, log / (order - 1)) * (1 + 1e-12) + 1e-16)


def _sampled(event: PoissonSampled) -> list[float]:
    import dp_accounting
    from dp_accounting.rdp import RdpAccountant

    inner, group = event.event, event.group
    replacing = inner.neighbours is Neighbours.REPLACE_ONE
    if isinstance(inner, Laplace):
        once = (2 if replacing else 1) / inner.noise_multiplier
        pure = group * math.log1p(event.rate * math.expm1(once))
        return _pair(EpsilonDelta(pure, 0.0, inner.neighbours))
    rate = event.rate if group == 1 else -math.expm1(group * math.log1p(-event.rate))
    noise = dp_accounting.GaussianDpEvent(inner.noise_multiplier / group)
    sampled = dp_accounting.PoissonSampledDpEvent(min(1.0, rate), noise)

    def at(orders: list[float]) -> list[float]:
        accountant: Any = RdpAccountant(orders=orders)
        accountant.compose(sampled)
        return [float(value) if value >= 0 else math.inf for value in accountant.rdp]

    if not replacing:
        return at(list(ORDERS))
    # by way of the table that has neither record (Mironov 2017, proposition 11)
    first, second = at([2 * order for order in ORDERS]), at([2 * order - 1 for order in ORDERS])
    return [
        (order - 0.5) / (order - 1) * one + other
        for order, one, other in zip(ORDERS, first, second, strict=True)
    ]
