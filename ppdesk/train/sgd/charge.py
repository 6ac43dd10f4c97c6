"""What a training costs: the noise for a guarantee, and the event for an accountant, from declared values.

Where the number of records is not declared, 5 % of epsilon buys a count with discrete Laplace noise; its
sensitivity is `asked.group` under both relations (a replaced record may be one without a target, which does
not count). The rest is for the steps: basic composition, since their rate depends on the noisy count.

Where a threshold is chosen from a noisy histogram (`scoring`), that is one more Gaussian: its noise is set
before, so that it takes 4 % of the squared mu of a Gaussian mechanism with the same guarantee. The noise of
the steps is then found for about what is left and proved with the histogram, by loss distributions of both.

A quantity's narrow bounds and last sums (`beside`) are one more Gaussian in the same way, at a share that
follows from the number of records.

Of the steps' share the accountant's continuous Gaussian gets all but the slack of the discrete one (see
`ppdesk.privacy.gaussian.slack`).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.calibration import epsilon_of, sampled_noise
from ppdesk.privacy.events import (
    Composed,
    DpEvent,
    EpsilonDelta,
    Gaussian,
    Laplace,
    PoissonSampled,
    SelfComposed,
    Stated,
)
from ppdesk.privacy.gaussian.slack import slack_of
from ppdesk.privacy.gaussian_dp import epsilon_of_mu, gaussian_mu
from ppdesk.privacy.noise import noise_of
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.release import LEAST_SCALE
from ppdesk.train.sgd.rule import LINEAR, NETWORK, Plan, plan
from ppdesk.train.sgd.scoring import PLACES, paid
from ppdesk.train.spread.paying import MOST_NUMBERS, shares_beside

COUNT_SHARE = 0.05  # of epsilon, for the number of records where it is not declared
SCORE_SHARE = 0.04  # of squared mu, for the histogram of scores
_CLOSE, _TRIES = 0.995, 3  # of epsilon: near enough


@dataclass(frozen=True)
class Charge:
    """`sigma`: noise over one unit's part of a sum. `event`: what is charged, and what was done. `scores`:
    noise of the histogram of scores over its sensitivity; None where there is none."""

    sigma: float
    event: DpEvent
    scores: float | None = None
    beside: float | None = None  # the same of what a quantity pays beside the steps


@lru_cache(maxsize=32)  # a function of its arguments alone; many fits of one setting, as an audit's, ask it
def charge(
    asked: Asked, settings: Plan, *, by_person: bool, counted: bool, scored: bool, beside: float = 0.0
) -> Charge:
    """The noise of `settings` at the guarantee `asked`. by_person: persons are sampled, so the unit is one of
    them; counted: a noisy count was paid for; scored: so is a histogram of scores; beside: the share of
    squared mu that a quantity pays beside the steps. UnsuitableGuaranteeError."""
    spent = COUNT_SHARE * asked.epsilon if counted else 0.0
    epsilon, delta = room(asked, settings, counted=counted, scored=scored, beside=beside)
    unit = 1 if by_person else asked.group
    scores = None
    share = SCORE_SHARE if scored else beside
    if share:
        sigma, scores = _beside_steps(epsilon, delta, settings, asked, unit, share)
    else:
        sigma = sampled_noise(epsilon, delta, settings.rate, settings.steps, asked.neighbours, unit)
    parts = _done(sigma, scores, settings, asked, unit)
    if spent:
        parts = (Laplace(1 / spent, asked.neighbours), *parts)
    done = parts[0] if len(parts) == 1 else Composed(parts)
    stated = Stated(asked.epsilon, asked.delta, asked.neighbours, done)
    return Charge(sigma, stated, scores) if scored else Charge(sigma, stated, beside=scores)


def room(
    asked: Asked, settings: Plan, *, counted: bool, scored: bool, beside: float = 0.0
) -> tuple[float, float]:
    """(epsilon, delta) that continuous noise has to keep: what count and slack of discrete noise leave.
    UnsuitableGuaranteeError."""
    spent = COUNT_SHARE * asked.epsilon if counted else 0.0
    numbers = (
        settings.shape.size * settings.steps + (PLACES if scored else 0) + (MOST_NUMBERS if beside else 0)
    )
    try:
        return slack_of(LEAST_SCALE, numbers, 1).target(asked.epsilon - spent, asked.delta)
    except ValueError:
        raise UnsuitableGuaranteeError(
            estimator="DP-SGD", reason="so many noisy numbers have no room in it; fewer steps would do"
        ) from None


def _done(sigma: float, scores: float | None, settings: Plan, asked: Asked, unit: int) -> tuple[DpEvent, ...]:
    sampled = PoissonSampled(settings.rate, Gaussian(sigma, asked.neighbours), unit)
    steps = SelfComposed(sampled, settings.steps)
    return (steps,) if scores is None else (steps, Gaussian(scores, asked.neighbours))


def _beside_steps(  # noqa: PLR0917 - a formula's quantities
    epsilon: float, delta: float, settings: Plan, asked: Asked, unit: int, share: float
) -> tuple[float, float]:
    """(noise of the steps, noise of what is beside them), together (epsilon, delta)-DP: proved at the end."""
    mu = gaussian_mu(epsilon, delta)
    scores = 1 / (math.sqrt(share) * mu)
    aim = epsilon_of_mu(mu * math.sqrt(1 - share), delta)
    sigma = sampled_noise(aim, delta, settings.rate, settings.steps, asked.neighbours, unit)
    proved, tries = math.inf, 0
    # ends: with ever more noise on the steps, what is left is the histogram's, far below epsilon
    while proved == math.inf or tries < _TRIES:
        found = epsilon_of(Composed(_done(sigma, scores, settings, asked, unit)), delta)
        if found <= epsilon:
            proved = min(proved, sigma)
            if found >= _CLOSE * epsilon:
                break
        # epsilon falls about as noise rises; a little more noise than that
        sigma = min(proved, sigma * max(0.5, found / epsilon) * (1 + (1 - _CLOSE) / 2))
        tries += 1
    return proved, scores


def cost(
    asked: Asked, schema: Schema, target: Target, options: Options, *, key: str, by_person: bool = False
) -> DpEvent:
    """What a fit will have cost. The exact event stands in it where the number of records is declared.
    UnsuitableGuaranteeError for delta 0."""
    possible(asked, key)
    if options.rows is None:
        return EpsilonDelta(asked.epsilon, asked.delta, asked.neighbours)
    settings = plan(schema, target, options, options.rows, asked, network=key == NETWORK)
    scored, beside = paid(target, options), sum(shares_beside(target, asked, options.rows))
    return charge(asked, settings, by_person=by_person, counted=False, scored=scored, beside=beside).event


def possible(asked: Asked, key: str = LINEAR) -> None:
    """UnsuitableGuaranteeError for delta 0."""
    if asked.delta == 0:
        raise UnsuitableGuaranteeError(estimator=key, reason="its δ must be above 0")


def noisy_count(rows: int, asked: Asked, entropy: Entropy) -> int:
    """About how many records there are, at least 1; pure DP at COUNT_SHARE of epsilon."""
    counted = noise_of(entropy).laplace(np.array([rows], np.int64), asked.group, COUNT_SHARE * asked.epsilon)
    return max(1, int(counted[0]))
