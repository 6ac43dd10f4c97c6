"""The claim of a run, with the noise that its event states: what the audit holds the guesses against."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from ppdesk.assess.auditing import one_run_curves as curves
from ppdesk.assess.auditing.one_run import Claim, Family
from ppdesk.assess.auditing.one_run_curves import Curve
from ppdesk.privacy.events import (
    Composed,
    DpEvent,
    Gaussian,
    Laplace,
    Neighbours,
    PoissonSampled,
    SelfComposed,
    Stated,
)
from ppdesk.privacy.gaussian_dp import epsilon_of_mu
from ppdesk.train.fitted import Asked

_MOST = 1e3
_COARSER = 4.0  # grids of loss distributions: they hold too, and move a noise by 2 % or less


def multiplier_of(event: DpEvent) -> float | None:
    """The noise multiplier that the event states for sampled sums; None where it states none."""
    if isinstance(event, PoissonSampled):
        return event.event.noise_multiplier
    if isinstance(event, Stated | SelfComposed):
        return multiplier_of(event.event)
    if isinstance(event, Composed):
        return next((one for one in map(multiplier_of, event.events) if one is not None), None)
    return None


def claim_of(event: DpEvent, asked: Asked, tick: Callable[[], None]) -> Claim:
    """`family` where the event states the noise itself; not where it states a guarantee only, or delta is 0:
    a Laplace or exponential mechanism has no less noise that shows as such; and not for groups that are
    replaced in sampled sums. `tick`: before each piece of
    work; may raise to stop."""
    exact = _exact(event)
    if asked.delta == 0 or exact is None:
        return Claim(asked.epsilon, asked.delta)
    if asked.neighbours is Neighbours.REPLACE_ONE and asked.group > 1 and multiplier_of(exact) is not None:
        return Claim(asked.epsilon, asked.delta)  # a curve has no loss distribution there, and takes minutes
    return Claim(asked.epsilon, asked.delta, _family(exact, asked, tick))


def _family(event: DpEvent, asked: Asked, tick: Callable[[], None]) -> Family:
    """Its epsilons are read off its curves, which holds up nobody, and is good to some 2 %; that of the noise
    as stated is not above what is asked."""

    @cache
    def pairs(less: float) -> list[tuple[float, float]]:
        tick()
        from ppdesk.privacy.calibration import delta_curve

        return delta_curve(_with_less(event, less), neighbours=asked.neighbours, coarser=_COARSER)

    @cache
    def curve(less: float) -> Curve:
        made = _with_less(event, less)
        if isinstance(made, Gaussian):
            return curves.gaussian(1 / made.noise_multiplier)
        return curves.of_pairs(pairs(less))

    @cache
    def epsilon(less: float) -> float:
        made = _with_less(event, less)
        if isinstance(made, Gaussian):
            return min(_MOST, epsilon_of_mu(1 / made.noise_multiplier, asked.delta))
        own = read_off(pairs(1.0), asked.delta)
        return min(_MOST, read_off(pairs(less), asked.delta) * min(1.0, asked.epsilon / max(own, 1e-9)))

    return Family(curve, epsilon)


def read_off(pairs: Sequence[tuple[float, float]], delta: float) -> float:
    """The epsilon at `delta` on a curve of (epsilon, delta), straight between two points in the logarithm of
    delta; its last epsilon where all its deltas are larger."""
    listed = sorted(pairs)
    for place, (epsilon, here) in enumerate(listed):
        if here <= delta:
            if place == 0 or here <= 0:
                return epsilon
            before, above = listed[place - 1]
            share = math.log(above / delta) / math.log(above / here)
            return before + share * (epsilon - before)
    return listed[-1][0]


def _exact(event: DpEvent) -> DpEvent | None:
    """What was done, without what was stated of it; None where a part is known by its guarantee alone."""
    if isinstance(event, Stated):
        return _exact(event.event)
    if isinstance(event, Gaussian | Laplace | PoissonSampled):
        return event
    if isinstance(event, SelfComposed):
        inner = _exact(event.event)
        return None if inner is None else replace(event, event=inner)
    if isinstance(event, Composed):
        parts = [_exact(one) for one in event.events]
        known = tuple(one for one in parts if one is not None)
        return replace(event, events=known) if len(known) == len(parts) else None
    return None


def _with_less(event: DpEvent, less: float) -> DpEvent:
    """All noise divided by `less`."""
    if isinstance(event, Gaussian | Laplace):
        return replace(event, noise_multiplier=event.noise_multiplier / less)
    if isinstance(event, PoissonSampled):
        inner = replace(event.event, noise_multiplier=event.event.noise_multiplier / less)
        return replace(event, event=inner)
    if isinstance(event, SelfComposed):
        return replace(event, event=_with_less(event.event, less))
    if isinstance(event, Composed):
        return replace(event, events=tuple(_with_less(one, less) for one in event.events))
    return event
