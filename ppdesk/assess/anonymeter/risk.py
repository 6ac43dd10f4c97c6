"""Success rates of attacks and what they say of a risk, as Anonymeter computes them.

Giomi, Boenisch, Wehmeyer and Tasnadi (2023), A Unified Framework for Quantifying Privacy Risk in Synthetic
Data, PoPETs 2023(2), section 5. A rate is the centre of Wilson's interval (1927), not the plain share:
(s + z^2/2) / (n + z^2). The risk is what the attack on the records that were used gets beyond the attack on
records that were not, as a share of what the latter left: (r - c) / (1 - c), with Gaussian error propagation,
cut to 0..1.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from ppdesk.assess.intervals import estimate
from ppdesk.assess.results import Estimate

POWER = 0.8  # a true risk is found with this chance
_CERTAIN = 1 - 1e-9
_NOTHING = 1e-9  # what rounding makes of an interval that begins at 0


@dataclass(frozen=True)
class Rate:
    """A rate with a symmetric error: half the 95 % interval."""

    value: float
    error: float

    def bound(self) -> Estimate:
        """Cut to 0..1."""
        ends = (self.value, self.value - self.error, self.value + self.error)
        return estimate(*(min(1.0, max(0.0, end)) for end in ends))


def success_rate(attacks: int, successes: float, confidence: float = 0.95) -> Rate:
    """Wilson's centre and half width. `successes` in 0..attacks need not be whole: means of chances lie at
    least as close to their expectation as shares do. ValueError where there is no attack."""
    if attacks < 1 or not 0 <= successes <= attacks or not 0 < confidence < 1:
        raise ValueError("successes are between none and all of at least one attack")
    z = NormalDist().inv_cdf(0.5 * (1 + confidence))
    spread = successes * (attacks - successes) / attacks
    whole = attacks + z * z
    return Rate((successes + 0.5 * z * z) / whole, z / whole * math.sqrt(spread + 0.25 * z * z))


def residual(main: Rate, control: Rate) -> Rate:
    """(main - control) / (1 - control), not cut: below 0 where the control attack does better. A control
    attack that always succeeds leaves nothing to measure: 0, and it may be anything (error 1)."""
    left = 1 - control.value
    if left <= 1 - _CERTAIN:
        return Rate(0.0, 1.0)
    by_main, by_control = 1 / left, (main.value - 1) / left**2
    return Rate(
        (main.value - control.value) / left, math.hypot(main.error * by_main, control.error * by_control)
    )


def share(successes: float, trials: int) -> Estimate | None:
    """The plain share with Wilson's interval; None without trials. `successes` as in `success_rate`."""
    if trials == 0:
        return None
    found, value = success_rate(trials, successes), successes / trials
    low, high = max(0.0, found.value - found.error), min(1.0, found.value + found.error)
    return estimate(value, min(low, value), max(high, value))


def smallest_residual(attacks: int, beside: float, controls: int | None) -> float:
    """The smallest true risk that is found, that is whose interval lies above 0, with a chance of at least
    about four in five; above what succeeds without it, `beside` in 0..1. `controls`: attacks on the control;
    None: the comparison is with a known rate.

    Looked for with the very intervals that attacks are told with: the control succeeds as often as is to be
    expected, the attack as seldom as one time in five (normal approximation). 1 where no risk can be found.
    """
    if attacks < 1 or (controls is not None and controls < 1):
        return 1.0
    up = NormalDist().inv_cdf(POWER)
    base = min(1.0, max(0.0, beside))
    control = None if controls is None else success_rate(controls, base * controls)
    noise = 0.0 if controls is None else base * (1 - base) / controls

    def found(risk: float) -> bool:
        rate = base + risk * (1 - base)
        seldom = attacks * (rate - up * math.sqrt(rate * (1 - rate) / attacks + noise))
        main = success_rate(attacks, min(attacks, max(0, math.floor(seldom + 1e-9))))
        if control is None:
            return main.value - main.error > base + _NOTHING
        told = residual(main, control)
        return told.value - told.error > _NOTHING

    low, high = 0.0, 1.0
    for _ in range(40):
        risk = (low + high) / 2
        low, high = (low, risk) if found(risk) else (risk, high)
    return round(high, 6)


def smallest_share(trials: int) -> float:
    """The smallest true share of which at least one of `trials` shows, with a chance of four in five."""
    return 1.0 if trials < 1 else round(1 - (1 - POWER) ** (1 / trials), 6)
