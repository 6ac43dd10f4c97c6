"""Privacy loss distributions by Google's dp-accounting, pessimistic (Doroshenko and others 2022).

- Full Gaussian noise is composed exactly before the library sees it; alone it needs no library.
- Poisson-sampled Gaussian noise, add-or-remove-one: the pair (1 - q) N(0) + q N(1) against N(0), in both
  directions (Zhu, Dong and Wang 2022, theorem 11). Replace-one: (1 - q) N(0) + q N(1) against
  (1 - q) N(0) + q N(-1). For records u, v of norm at most 1, advanced joint convexity (Balle, Barthe and
  Gaboardi 2018, theorem 2) leaves N(u) against a mixture of N(0) and N(v); moved by -u that is N(0) against
  a mixture at distances at most 1 and 2, which those at exactly 1 and 2 dominate (Choquette-Choo and
  others 2024, corollary 4.7).
- Groups of g records: each has its own coin, so the sum moves by Binomial(g, q) norms at most: a mixture of
  Gaussians (Ganesh 2024, "Tight group-level DP guarantees for DP-SGD with sampling via mixture of Gaussians
  mechanisms"). Under replace-one two hops of that, over the group that is left out of both.
- Sampled Laplace noise: the library's pair under add-or-remove-one; else epsilon = g ln(1 + q (e^e - 1)) with
  e the epsilon of replacing one record in a sample (Balle, Barthe and Gaboardi 2018), g-fold for groups.

The library's grid is pessimistic, but its Fourier transforms are not: after T compositions a tail is off by
some 1e-16 T (measured against exact Gaussians: 3e-12 at T = 100,000, downwards too). So much, with room, is
taken from delta before it is asked (`_lost`), and where that would eat a hundredth of delta the Renyi
divergences speak.
"""

import math
from collections.abc import Callable
from typing import Any

from ppdesk.privacy.accountants.parts import Parts
from ppdesk.privacy.events import Laplace, Neighbours, PoissonSampled
from ppdesk.privacy.gaussian_dp import epsilon_of_mu

_GRID = 1e-4  # the library's own default
_POINTS = 60_000  # of one distribution at most: it then takes some 0.2 s


def epsilon(parts: Parts, delta: float, *, coarser: float = 1.0) -> float:
    """An upper bound on epsilon at `delta` of parts that have a loss distribution; infinity where none is
    found. `coarser`: so many times the usual grid for a quick look, which is an upper bound as well."""
    return curve(parts, delta, coarser=coarser)(delta)


def curve(parts: Parts, least: float, *, coarser: float = 1.0) -> Callable[[float], float]:
    """`epsilon` as a function of delta, for deltas from about `least` up, from one distribution."""
    if parts.only_gaussian:
        mu = math.sqrt(parts.squared)
        return lambda delta: epsilon_of_mu(mu, delta)
    lost = _lost(parts.steps)
    if lost > 0.01 * least:
        return lambda _: math.inf
    whole = distribution(parts, least, coarser=coarser)

    def at(delta: float) -> float:
        # the last digits of sums of floats are given back
        return float(whole.get_epsilon_for_delta(delta - lost)) * (1 + 1e-9) if delta > lost else math.inf

    return at


def pairs(parts: Parts, *, coarser: float = 1.0) -> list[tuple[float, float]]:
    """(epsilon, delta) that hold for the parts, 201 of them from epsilon 0 to where delta is near 1e-8."""
    lost, least = _lost(parts.steps), 1e-8
    whole = distribution(parts, least, coarser=coarser)
    far = float(whole.get_epsilon_for_delta(max(least, 2 * lost)))
    epsilons = [(far if math.isfinite(far) else 20.0) * i / 200 for i in range(201)]
    found = whole.get_delta_for_epsilon(epsilons)
    return [
        (epsilon, min(1.0, float(delta) * (1 + 1e-9) + lost))
        for epsilon, delta in zip(epsilons, found, strict=True)
    ]


def distribution(parts: Parts, least: float, *, coarser: float = 1.0) -> Any:
    """dp-accounting's PrivacyLossDistribution of the parts, for deltas from about `least` up. Groups under
    replace-one have none: see `hops`."""
    from dp_accounting.pld import privacy_loss_distribution as library
    from dp_accounting.pld.common import DifferentialPrivacyParameters

    step = coarser * min((_fine(each) for each in parts.sampled), default=_GRID)
    kinds: list[tuple[Any, int]] = []
    if parts.squared:
        sigma = 1 / math.sqrt(parts.squared)
        kinds.append((library.from_gaussian_mechanism(sigma, value_discretization_interval=step), 1))
    for event, count in parts.sampled.items():
        kinds.append((_sampled(event, step), count))
    for scale, count in parts.laplace.items():
        kinds.append((library.from_laplace_mechanism(scale, value_discretization_interval=step), count))
    for pair, count in parts.pairs.items():
        known = DifferentialPrivacyParameters(pair.epsilon, pair.delta)
        kinds.append((library.from_privacy_parameters(known, value_discretization_interval=step), count))
    tail = min(1e-15, least * 1e-6)
    whole = None
    for kind, count in kinds:
        each = kind if count == 1 else kind.self_compose(count, tail)
        whole = each if whole is None else whole.compose(each)
    return whole if whole is not None else library.identity(value_discretization_interval=step)


def hops(at: Callable[[float], float], delta: float) -> float:
    """Epsilon at `delta` between tables two hops apart, where `at(d)` bounds it for one hop: 2 e at
    delta (1 + e^e) (Vadhan 2017, lemma 2.2), with d the largest found that keeps `delta`."""
    inner = delta / 2
    for _ in range(60):
        one = at(inner)
        if not math.isfinite(one) or one > 300:
            return math.inf
        if inner * (1 + math.exp(one)) <= delta:
            return 2 * one
        inner = min(inner * 0.7, delta / (1 + math.exp(one)) * 0.98)
    return math.inf


def _lost(steps: int) -> float:
    return 1e-13 + 1e-15 * steps


def _fine(event: PoissonSampled) -> float:
    """A grid of a sixteenth of the standard deviation of one step's loss, so that the grid's own spread adds
    less than 1 in 500 to the variance, and not above the default; but not more points than `_POINTS`."""
    if isinstance(event.event, Laplace) or event.group > 1:
        return _GRID
    sigma, rate = event.event.noise_multiplier, event.rate
    spread = rate * math.sqrt(math.expm1(min(600.0, 1 / sigma**2)))
    far = min(600.0, 9.8 / sigma + 0.5 / sigma**2)  # the log-likelihood ratio at the library's last point
    reach = math.log1p(rate * math.expm1(far)) - math.log1p(rate * math.expm1(-far))
    return max(min(_GRID, spread / 16), reach / _POINTS)


def _sampled(event: PoissonSampled, step: float) -> Any:
    from dp_accounting.pld import privacy_loss_distribution as library
    from dp_accounting.pld.common import DifferentialPrivacyParameters

    inner = event.event
    replacing = inner.neighbours is Neighbours.REPLACE_ONE
    if isinstance(inner, Laplace):
        if not replacing and event.group == 1:
            return library.from_laplace_mechanism(
                inner.noise_multiplier, value_discretization_interval=step, sampling_prob=event.rate
            )
        pure = event.group * math.log1p(
            event.rate * math.expm1((2 if replacing else 1) / inner.noise_multiplier)
        )
        return library.from_privacy_parameters(
            DifferentialPrivacyParameters(pure * (1 + 1e-14), 0.0), value_discretization_interval=step
        )
    from ppdesk.privacy.accountants import sampled

    if event.group == 1:
        return sampled.distribution(inner.noise_multiplier, event.rate, step, replacing=replacing)
    distances, chances = binomial(event.group, event.rate)
    return sampled.mixture(inner.noise_multiplier, distances, chances, step)


def binomial(group: int, rate: float) -> tuple[list[float], list[float]]:
    """Binomial(group, rate) as distances and chances. What is rarer than 1e-25 in all is left out: that moves
    any delta by less than 1e-25 e^epsilon a step, which `_lost` covers."""
    logs = [
        math.lgamma(group + 1)
        - math.lgamma(k + 1)
        - math.lgamma(group - k + 1)
        + (k * math.log(rate) if k else 0.0)
        + ((group - k) * math.log1p(-rate) if k < group else 0.0)
        for k in range(group + 1)
    ]
    least = math.log(1e-25 / (group + 1))
    chances = {float(k): math.exp(log) for k, log in enumerate(logs) if log > least}
    whole = math.fsum(chances.values())
    return list(chances), [chance / whole for chance in chances.values()]
