"""What a training costs: the noise for a guarantee, and the event for an accountant, from declared values.

Where the number of records is not declared, 5 % of epsilon buys a count with discrete Laplace noise; its
sensitivity is `asked.group` under both relations (a replaced record may be one without a target, which does
not count). The rest is for the steps: basic composition, since their rate depends on the noisy count.

Of the steps' share the accountant's continuous Gaussian gets all but the slack of the discrete one (see
`ppdesk.privacy.gaussian.slack`).
"""

from dataclasses import dataclass

import numpy as np

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.calibration import sampled_noise
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
from ppdesk.privacy.noise import noise_of
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.release import LEAST_SCALE
from ppdesk.train.sgd.rule import LINEAR, NETWORK, Plan, plan

COUNT_SHARE = 0.05  # of epsilon, for the number of records where it is not declared


@dataclass(frozen=True)
class Charge:
    """`sigma`: noise over one unit's part of a sum. `event`: what is charged, and what was done."""

    sigma: float
    event: DpEvent


def charge(asked: Asked, settings: Plan, *, by_person: bool, counted: bool) -> Charge:
    """The noise of `settings` at the guarantee `asked`. by_person: persons are sampled, so the unit is one of
    them; counted: a noisy count was paid for."""
    spent = COUNT_SHARE * asked.epsilon if counted else 0.0
    group = 1 if by_person else asked.group
    slack = slack_of(LEAST_SCALE, settings.shape.size, settings.steps)
    epsilon, delta = slack.target(asked.epsilon - spent, asked.delta)
    sigma = sampled_noise(epsilon, delta, settings.rate, settings.steps, asked.neighbours, group)
    sampled = PoissonSampled(settings.rate, Gaussian(sigma, asked.neighbours), group)
    done: DpEvent = SelfComposed(sampled, settings.steps)
    if spent:
        done = Composed((Laplace(1 / spent, asked.neighbours), done))
    return Charge(sigma, Stated(asked.epsilon, asked.delta, asked.neighbours, done))


def cost(
    asked: Asked, schema: Schema, target: Target, options: Options, *, key: str, by_person: bool = False
) -> DpEvent:
    """What a fit will have cost. The exact event stands in it where the number of records is declared.
    UnsuitableGuaranteeError for delta 0."""
    possible(asked, key)
    if options.rows is None:
        return EpsilonDelta(asked.epsilon, asked.delta, asked.neighbours)
    settings = plan(schema, target, options, options.rows, asked, network=key == NETWORK)
    return charge(asked, settings, by_person=by_person, counted=False).event


def possible(asked: Asked, key: str = LINEAR) -> None:
    """UnsuitableGuaranteeError for delta 0."""
    if asked.delta == 0:
        raise UnsuitableGuaranteeError(estimator=key, reason="its δ must be above 0")


def noisy_count(rows: int, asked: Asked, entropy: Entropy) -> int:
    """About how many records there are, at least 1; pure DP at COUNT_SHARE of epsilon."""
    counted = noise_of(entropy).laplace(np.array([rows], np.int64), asked.group, COUNT_SHARE * asked.epsilon)
    return max(1, int(counted[0]))
