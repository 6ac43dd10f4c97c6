"""What tuning costs: trying settings on the private data and keeping the best run.

A fixed, known number k of runs costs k times (or as a composition, see `ppdesk.privacy.accountants`). A
random number of runs, drawn before and not told, each with settings drawn from a public list, of which only
the best is released, costs little more than one run (Liu and Talwar 2019; Papernot and Steinke 2022, arXiv
2110.03620). The score that picks the best must be part of what one run is accounted for: a score read off
private held-out data without noise is not covered.

Let one run be (a, e)-RDP, for every order a > 1 with its own e(a); A the order asked, K the number of runs.

- Truncated negative binomial K with eta, gamma (their theorem 2), for any order b > 1:
  e(A) + (1 + eta) (1 - 1/b) e(b) + (1 + eta) ln(1/gamma) / b + ln(E[K]) / (A - 1).
- Poisson K with mean m (their theorem 6), for (c, d) that one run is (c, d)-DP with e^c <= 1 + 1 / (A - 1):
  e(A) + m d + ln(m) / (A - 1).
- For pure epsilon, both orders to infinity: (2 + eta) epsilon, so 3 epsilon for the geometric and 2 epsilon
  for the logarithmic distribution, whatever the mean.
"""

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import (
    DpEvent,
    ImpossibleCostError,
    NegativeBinomialTrials,
    PoissonTrials,
    RandomTuned,
    Trials,
)


def mean_of(trials: Trials) -> float:
    """The expected number of runs (Papernot and Steinke 2022, definition 1)."""
    if isinstance(trials, PoissonTrials):
        return trials.mean
    eta, gamma = trials.eta, trials.gamma
    log = math.log(gamma)
    if abs(eta * log) < 1e-12:
        return (1 - gamma) / gamma / -log
    return eta * (1 - gamma) / (gamma * -math.expm1(eta * log))


def with_mean(mean: float, eta: float = 1.0) -> NegativeBinomialTrials:
    """The distribution with this eta whose mean is `mean` (above 1), to 1e-9. ImpossibleCostError else."""
    if not (math.isfinite(mean) and mean > 1):
        raise ImpossibleCostError(name="the mean number of trials")
    low, high = -690.0, -1e-12  # of ln gamma; the mean falls in gamma
    for _ in range(200):
        middle = (low + high) / 2
        if mean_of(NegativeBinomialTrials(eta, math.exp(middle))) > mean:
            low = middle
        else:
            high = middle
    return NegativeBinomialTrials(eta, math.exp(high))


def tuned_epsilon(event: DpEvent, trials: Trials, delta: float) -> float:
    """Epsilon at `delta` of the best of a random number of runs of `event`; infinity where none is proved."""
    from ppdesk.privacy.calibration import epsilon_of

    return epsilon_of(RandomTuned(event, trials), delta)


def tuned_pure(epsilon: float, trials: NegativeBinomialTrials) -> float:
    """The same for one run of pure epsilon: (2 + eta) epsilon, at delta 0."""
    return (2 + trials.eta) * epsilon * (1 + 1e-15)


def tuned_divergences(orders: Sequence[float], one: Sequence[float], trials: Trials) -> list[float]:
    """The Renyi divergences of the best run at `orders`, ascending, from those of one run."""
    if isinstance(trials, PoissonTrials):
        return _poisson(orders, one, trials.mean)
    more = 1 + trials.eta
    rest = min(
        (
            more * ((1 - 1 / order) * value - math.log(trials.gamma) / order)
            for order, value in zip(orders, one, strict=True)
            if math.isfinite(value)
        ),
        default=math.inf,
    )
    runs = math.log(mean_of(trials))
    found = [
        max(0.0, value + rest + runs / (order - 1)) + 1e-12 * (1 + runs)
        for order, value in zip(orders, one, strict=True)
    ]
    # a divergence does not fall in its order
    for place in range(len(found) - 2, -1, -1):
        found[place] = min(found[place], found[place + 1])
    return found


def _poisson(orders: Sequence[float], one: Sequence[float], mean: float) -> list[float]:
    from dp_accounting.rdp.rdp_privacy_accountant import compute_delta

    found = []
    for order, value in zip(orders, one, strict=True):
        small = math.log1p(1 / (order - 1)) * (1 - 1e-12)
        lost = float(compute_delta(orders, one, small)[0])
        found.append(max(0.0, value + mean * lost + math.log(mean) / (order - 1)) * (1 + 1e-12))
    return found


def draw(trials: Trials, entropy: Entropy) -> int:
    """How many runs to make: one draw by inversion from 128 random bits at 60 digits, off by less than
    1e-36 in total variation. Never told outside the run, and never 0 but for Poisson."""
    with localcontext() as context:
        context.prec = 60
        at = Decimal(int.from_bytes(entropy.take(16), "big")) / Decimal(2**128)
        if isinstance(trials, PoissonTrials):
            mean, runs = Decimal(trials.mean), 0
            chance = (-mean).exp()
        else:
            eta, gamma, runs = Decimal(trials.eta), Decimal(trials.gamma), 1
            if trials.eta == 0:
                chance = (1 - gamma) / -gamma.ln()
            else:
                # P(1) = eta (1 - gamma) / (gamma^-eta - 1)
                chance = eta * (1 - gamma) / ((-eta * gamma.ln()).exp() - 1)
        total = chance
        while at >= total:
            runs += 1
            if isinstance(trials, PoissonTrials):
                chance *= mean / runs
            else:
                chance *= (1 - gamma) * (runs - 1 + eta) / runs
            total += chance
        return runs
