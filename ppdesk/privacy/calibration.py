"""How much noise a guarantee asks for, and what events prove: sigma from (epsilon, delta), and back.

`gaussian_mu`, `epsilon_of_mu` and `delta_of_mu` are light. The rest loads dp-accounting when it is called.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from ppdesk.privacy.accountants.parts import Parts, relation_of, taken_apart
from ppdesk.privacy.events import (
    DpEvent,
    Gaussian,
    ImpossibleCostError,
    NegativeBinomialTrials,
    Neighbours,
    PoissonSampled,
    SelfComposed,
    is_finite,
)
from ppdesk.privacy.exact import exact, total, up
from ppdesk.privacy.gaussian_dp import delta_of_mu, epsilon_of_mu, gaussian_mu

__all__ = [
    "delta_curve",
    "delta_of_mu",
    "epsilon_of",
    "epsilon_of_mu",
    "gaussian_mu",
    "proved",
    "sampled_noise",
]

By = Literal["pld", "rdp", "prv"]
_LEAST_SIGMA, _MOST_SIGMA = 0.2, 1e9
_LARGEST_PURE = 700.0


def epsilon_of(
    event: DpEvent, delta: float, by: By = "pld", *, neighbours: Neighbours | None = None
) -> float:
    """An upper bound on epsilon at `delta` of all that `event` holds, of stated ones the exact event.

    by: "pld" (the smallest of loss distributions and Renyi divergences that is proved, the default), "rdp",
    or "prv" (for comparison only: see its module). neighbours: the relation; None for the events' own.
    Infinity where nothing is proved at this delta. ImpossibleCostError for a delta outside 0..1,
    UnknownEventError for a relation that the events cannot be stated under.
    """
    if not (is_finite(delta) and 0 <= delta < 1):
        raise ImpossibleCostError(name="delta")
    relation = neighbours or relation_of((event,))
    if relation is None:
        return 0.0
    parts = taken_apart((event,), relation)
    if by == "rdp":
        return _by_rdp(parts, delta)
    if by == "prv":
        from ppdesk.privacy.accountants import prv

        return prv.epsilon(parts, delta)
    return proved(parts, delta)


def delta_curve(
    event: DpEvent, *, neighbours: Neighbours | None = None, coarser: float = 1.0
) -> list[tuple[float, float]]:
    """Pairs (epsilon, delta) that hold for `event`, for epsilons from 0 up: its trade-off curve from above.
    Where it has no loss distribution, epsilons at deltas from 1e-12 to 0.5. `coarser`: a quick look, which
    holds as well."""
    relation = neighbours or relation_of((event,))
    if relation is None:
        return [(0.0, 0.0)]
    parts = taken_apart((event,), relation)
    if parts.only_gaussian:
        mu = math.sqrt(parts.squared)
        far = epsilon_of_mu(mu, 1e-12)
        return [(far * i / 200, delta_of_mu(mu, far * i / 200)) for i in range(201)]
    from ppdesk.privacy.accountants import pld

    grouped = relation is Neighbours.REPLACE_ONE and any(each.group > 1 for each in parts.sampled)
    if parts.rho or parts.tuned or grouped:
        deltas = [10 ** (-i / 2) for i in range(1, 25)] + [0.5]
        pairs = ((proved(parts, delta), delta) for delta in deltas)
        return [(epsilon, delta) for epsilon, delta in pairs if math.isfinite(epsilon)] or [(0.0, 1.0)]
    return pld.pairs(parts, coarser=coarser)


def sampled_noise(  # noqa: PLR0917  # a formula's six quantities, in the order of the papers
    epsilon: float,
    delta: float,
    rate: float,
    steps: int,
    neighbours: Neighbours = Neighbours.ADD_REMOVE,
    group: int = 1,
) -> float:
    """The least noise multiplier found (standard deviation / norm of one record's part) so that `steps` sums
    over Poisson samples of chance `rate` are (epsilon, delta)-DP by loss distributions, under `neighbours`
    that differ in `group` records. At most 1e-3 above the least (relative), never below it; at least 0.2.

    ImpossibleCostError for an impossible pair, rate or count, and where no noise is enough.
    """
    mu = gaussian_mu(epsilon, delta)
    if epsilon == 0:
        raise ImpossibleCostError(name="epsilon (sampled noise needs one above 0)")
    unit = SelfComposed(PoissonSampled(rate, Gaussian(1.0, neighbours), group), steps)
    norms = group * (2 if neighbours is Neighbours.REPLACE_ONE else 1)
    if rate == 1:
        return max(_LEAST_SIGMA, math.sqrt(steps) * norms / mu * (1 + 1e-9))

    def slack(log_sigma: float, coarser: float) -> float:
        """ln of asked over found epsilon; at least 0 where the noise is enough."""
        noise = Gaussian(math.exp(log_sigma), neighbours)
        event = SelfComposed(PoissonSampled(rate, noise, group), unit.count)
        found = proved(taken_apart((event,), neighbours), delta, coarser)
        return math.log(epsilon / max(found, epsilon * 1e-3)) if math.isfinite(found) else -10.0

    # the central limit (Bu and others 2020) is no bound, but a place to start
    central = norms / math.sqrt(math.log1p(mu * mu / (steps * rate * rate)))
    return _search(slack, math.log(max(_LEAST_SIGMA, central)))


def _search(slack: Callable[[float, float], float], start: float) -> float:
    """exp of the least x, up to 8e-4 above, with slack(x, 1) >= 0; slack rises with x. Steps by the slope of
    ln epsilon over ln sigma: first on a coarse grid, then confirmed on the usual one."""
    low, high = -math.inf, math.inf
    x, slope, last = start, 2.0, None
    coarser, least = 8.0, 1.0  # the slope to count on before one is measured
    for _ in range(60):
        here = slack(x, coarser)
        if coarser == 1 and (0 <= here <= 8e-4 * least or (here >= 0 and x <= math.log(_LEAST_SIGMA))):
            return math.exp(x)
        if here >= 0:
            high = min(high, x)
        else:
            low = max(low, x)
        if last is not None and abs(x - last[0]) > 1e-6:
            found = (here - last[1]) / (x - last[0])
            if found > 0:
                slope = least = min(50.0, max(0.3, found))
        last = (x, here)
        if coarser == 1 and high - low <= 8e-4:
            return math.exp(high)
        if coarser > 1 and abs(here) <= 0.02 * slope:
            coarser, low, high, last = 1.0, -math.inf, math.inf, None
        aim = x - here / slope + (4e-4 if coarser == 1 else 0.0)
        if not low < aim < high:
            aim = (low + high) / 2
        x = max(math.log(_LEAST_SIGMA), min(aim, x + 2, math.log(_MOST_SIGMA)))
    raise ImpossibleCostError(name="delta: so small a one")


def _by_rdp(parts: Parts, delta: float) -> float:
    from ppdesk.privacy.accountants import rdp

    return rdp.epsilon(parts, delta) if delta > 0 else _pure(parts)


def _pure(parts: Parts) -> float:
    """Epsilon at delta 0: the sum of the pure ones; infinity where one is not."""
    if parts.squared or parts.rho or parts.sampled or any(pair.delta for pair in parts.pairs):
        return math.inf
    # sums are exact: what was asked for as one sum is not told a digit larger
    found = total(count / Fraction(scale) for scale, count in parts.laplace.items())
    found += total(count * exact(pair.epsilon, "epsilon") for pair, count in parts.pairs.items())
    for event, count in parts.tuned.items():
        if not isinstance(event.trials, NegativeBinomialTrials):
            return math.inf
        one = _pure(taken_apart((event.event,), parts.relation))
        if not math.isfinite(one):
            return math.inf
        # see ppdesk.privacy.tuning
        found += count * (2 + Fraction(event.trials.eta)) * exact(one, "epsilon")
    return up(found)


def proved(parts: Parts, delta: float, coarser: float = 1.0) -> float:
    """An upper bound on epsilon at `delta`, infinity where none is proved. Blocks that compose in different
    ways share delta and add up (basic composition). `coarser`: a quick look, still a bound."""
    from ppdesk.privacy.accountants import pld, rdp

    pure = _pure(parts)
    largest = max([pair.epsilon for pair in parts.pairs] + [1 / scale for scale in parts.laplace], default=0)
    # e to the largest is beyond doubles, and delta saves next to nothing there
    if delta == 0 or (math.isfinite(pure) and largest > _LARGEST_PURE):
        return pure
    hopping = Parts(parts.relation)
    whole = parts.without_rest()
    if parts.relation is Neighbours.REPLACE_ONE:
        hopping, whole = _apart(whole)
    rest = parts.only_rest()
    blocks: list[tuple[Callable[[float], float], bool]] = [
        (lambda d: pld.epsilon(whole, d, coarser=coarser), whole.steps > 1 or whole.squared > 0),
        (lambda d: pld.hops(pld.curve(hopping, d * 1e-3, coarser=coarser), d), hopping.steps > 1),
        (lambda d: rdp.epsilon(rest, d), bool(rest.rho or rest.tuned)),
    ]
    used = [block for block, there in blocks if there]
    if not used:
        return 0.0
    found = min(pure, math.fsum(block(delta / len(used)) for block in used))
    if len(used) > 1 or not math.isfinite(found):
        found = min(found, rdp.epsilon(parts, delta))
    return found


def _apart(parts: Parts) -> tuple[Parts, Parts]:
    """Sampled groups, as added or removed, and what remains."""
    hopping, whole = Parts(Neighbours.ADD_REMOVE), parts.without_rest()
    whole.sampled = parts.sampled.copy()
    for event, count in parts.sampled.items():
        if event.group > 1 and isinstance(event.event, Gaussian):
            del whole.sampled[event]
            inner = replace(event.event, neighbours=Neighbours.ADD_REMOVE)
            hopping.sampled[replace(event, event=inner)] = count
    return hopping, whole
