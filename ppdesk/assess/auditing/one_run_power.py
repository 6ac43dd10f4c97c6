"""What the audit by one run can find, from theory: the Gaussian mechanism with m canaries at right angles.

A canary's score is then N(mu / 2, 1) or N(-mu / 2, 1) by its coin, each by itself. Of guesses on the share
s of the canaries with the highest and the lowest scores, P(mu / 2 - t) / s are right, where t is the score
above which s / 2 of all scores lie. mu of a claim: the one of a Gaussian mechanism with the same epsilon and
delta; half the noise is twice the mu. For delta 0, which no Gaussian noise has: each canary's coin is told
by randomized response, and half the noise is twice the epsilon.

A real run has less power: traces overlap, and the attacker sees less.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from ppdesk.assess.auditing import one_run_bounds as bounds
from ppdesk.assess.auditing import one_run_curves as curves
from ppdesk.assess.auditing.one_run import CANARIES
from ppdesk.assess.auditing.one_run_curves import Guesses
from ppdesk.assess.auditing.one_run_results import PowerPoint
from ppdesk.assess.effort import Effort
from ppdesk.privacy.gaussian_dp import epsilon_of_mu, gaussian_mu

SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.06, 0.04, 0.025)
_PURE = 0.25  # of the canaries, for delta 0: most mechanisms blur the others
_FOUR_IN_FIVE = 0.8416  # deviations of a normal below which one in five lies
_FACTORS = tuple(1.05**i for i in range(1, 48))  # of the noise: down to a tenth
_MOST_MU = 12.0
Tick = Callable[[], None]


def _nobody() -> None:
    """Nobody is told."""


def strength(epsilon: float, delta: float) -> float:
    """mu, or epsilon itself for delta 0: see the head of this file."""
    return min(_MOST_MU, gaussian_mu(epsilon, delta)) if delta > 0 else epsilon


def accuracy(mu: float, share: float, delta: float) -> float:
    """Of the guesses that are right, 0.5..1, at this strength."""
    if delta == 0:
        return 1 / (1 + math.exp(-mu))
    from scipy.special import ndtr

    low, high = 0.0, mu / 2 + 9
    for _ in range(60):
        middle = (low + high) / 2
        if float(ndtr(mu / 2 - middle) + ndtr(-mu / 2 - middle)) / 2 > share / 2:
            low = middle
        else:
            high = middle
    return min(1.0, float(ndtr(mu / 2 - low)) / share)


@lru_cache(maxsize=4096)
def proved(found: Guesses, delta: float, miss: float) -> float:
    """The lower bound where the mechanism is Gaussian, from its curve; for delta 0 from the pair."""
    if delta == 0:
        return bounds.epsilon_at_least(found, delta, miss)
    mu = curves.weakest(found, curves.gaussian, miss, most=_MOST_MU)
    return epsilon_of_mu(mu, delta) if mu > 0 else 0.0


def expected(canaries: int, share: float, mu: float, delta: float, deviations: float = 0.0) -> Guesses:
    """The guesses of such a mechanism, so many standard deviations below their mean."""
    guesses = 2 * max(1, round(canaries * share / 2))
    right = accuracy(mu, share, delta)
    count = guesses * right - deviations * math.sqrt(guesses * right * (1 - right))
    return Guesses(canaries, guesses, max(0, min(guesses, math.floor(count + 0.5))))


def chosen(canaries: int, epsilon: float, delta: float, miss: float, tick: Tick = _nobody) -> int:
    """How many of the canaries to guess: what shows most, in four of five runs, of a mechanism with half of
    the noise that the claim needs. From the claim alone, so that no run has a say in it. `tick`: called
    between pieces of work of less than a second; may raise to stop."""
    if delta == 0:
        return expected(canaries, _PURE, epsilon, delta).guesses
    mu = strength(epsilon, delta)

    def shown(share: float) -> tuple[float, float]:
        tick()
        often = expected(canaries, share, 2 * mu, delta, _FOUR_IN_FIVE)
        usual = expected(canaries, share, 2 * mu, delta)
        return proved(often, delta, miss), proved(usual, delta, miss)

    best = max(SHARES, key=shown)
    return expected(canaries, best, mu, delta).guesses


def overlapping(mu: float, canaries: int, parameters: int) -> float:
    """About the mu of one canary where m share d parameters at random, by the best linear guess: the coins of
    the others are noise of m / 4 d of its square (multi-user detection; Tse and Hanly 1999)."""
    return mu / math.sqrt(1 + canaries * mu**2 / (4 * parameters))


def apart(  # noqa: PLR0917 - a formula's quantities
    canaries: int, parameters: int, epsilon: float, delta: float, miss: float, tick: Tick = _nobody
) -> bool:
    """Whether canaries with a parameter of their own, `parameters` at most, show more of a mechanism with
    half the noise than so many records whose gradients overlap. From the claim and the shape alone."""
    few = min(canaries, parameters)
    if few == canaries or delta == 0:
        return True
    mu = 2 * strength(epsilon, delta)
    both = (few, mu), (canaries, overlapping(mu, canaries, parameters))

    def shown(count: int, each: float, share: float) -> float:
        tick()
        return proved(expected(count, share, each, delta), delta, miss)

    own, shared = (max(shown(count, each, share) for share in SHARES) for count, each in both)
    return own > shared


def table(
    epsilon: float,
    delta: float,
    miss: float,
    *,
    canaries: Callable[[Effort], int] = CANARIES.__getitem__,
    efforts: Sequence[Effort] = tuple(Effort),
    tick: Tick = _nobody,
) -> list[PowerPoint]:
    """One point for each effort. `canaries`: how many there are then. `tick`: see `chosen`."""
    found: list[PowerPoint] = []
    for effort in efforts:
        count = canaries(effort)
        if found and found[-1].canaries == count:
            found.append(replace(found[-1], effort=effort.value))
            continue
        guesses = chosen(count, epsilon, delta, miss, tick)
        found.append(point(effort, count, guesses, epsilon, delta, miss, tick))
    return found


def point(  # noqa: PLR0917 - a formula's quantities
    effort: Effort,
    canaries: int,
    guesses: int,
    epsilon: float,
    delta: float,
    miss: float,
    tick: Tick = _nobody,
) -> PowerPoint:
    """What so many guesses show. `tick`: see `chosen`."""
    mu, share = strength(epsilon, delta), guesses / canaries

    def shows(factor: float, deviations: float) -> float:
        tick()
        return proved(expected(canaries, share, factor * mu, delta, deviations), delta, miss)

    low, high = -1, len(_FACTORS)  # less noise shows more
    while high - low > 1:
        middle = (low + high) // 2
        if shows(_FACTORS[middle], _FOUR_IN_FIVE) > epsilon:
            high = middle
        else:
            low = middle
    called = _FACTORS[high] if high < len(_FACTORS) else None
    return PowerPoint(
        effort.value,
        canaries,
        guesses,
        round(shows(1.0, 0.0), 4),
        round(shows(2.0, 0.0), 4),
        None if called is None else round(epsilon_of_mu(called * mu, delta) if delta > 0 else called * mu, 4),
    )
