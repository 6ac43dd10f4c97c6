"""The claim of a run, with the noise that its event states: what the audit holds the guesses against."""

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

_MOST = 1e3


def claim_of(event: DpEvent, epsilon: float, delta: float, neighbours: Neighbours) -> Claim:
    """`family` where the event states the noise itself; not where it states a guarantee only, or delta is 0:
    a Laplace or exponential mechanism has no less noise that shows as such."""
    exact = _exact(event)
    if delta == 0 or exact is None:
        return Claim(epsilon, delta)
    return Claim(epsilon, delta, _family(exact, delta, neighbours))


def _family(event: DpEvent, delta: float, neighbours: Neighbours) -> Family:
    @cache
    def curve(less: float) -> Curve:
        from ppdesk.privacy.calibration import delta_curve

        made = _with_less(event, less)
        if isinstance(made, Gaussian):
            return curves.gaussian(1 / made.noise_multiplier)
        return curves.of_pairs(delta_curve(made, neighbours=neighbours))

    @cache
    def epsilon(less: float) -> float:
        from ppdesk.privacy.calibration import epsilon_of

        return min(_MOST, epsilon_of(_with_less(event, less), delta, neighbours=neighbours))

    return Family(curve, epsilon)


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
