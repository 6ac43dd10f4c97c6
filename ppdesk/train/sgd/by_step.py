"""What a training has spent after each of its noisy steps: upper bounds, from declared values alone.

After n steps: n sampled sums by privacy loss distributions, and all else that is paid for beside the steps,
at the delta that continuous noise has to keep. What the discrete noise costs above the continuous one over
the whole training is in every one of them, so each is at least what was spent; the last is what was asked.
"""

import math
from dataclasses import dataclass

from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Composed, DpEvent, Gaussian, PoissonSampled, SelfComposed
from ppdesk.train.fitted import Asked
from ppdesk.train.schema import Schema, Target
from ppdesk.train.sgd.charge import charge, possible, room
from ppdesk.train.sgd.options import Options
from ppdesk.train.sgd.rule import NETWORK, plan
from ppdesk.train.sgd.scoring import paid
from ppdesk.train.spread.paying import shares_beside

_POINTS = 24  # that a line needs


@dataclass(frozen=True)
class BySteps:
    """`points`: (step, epsilon spent up to it), ascending, from the first step to the last."""

    steps: int
    points: tuple[tuple[int, float], ...]
    noise: float  # standard deviation over one unit's part of a sum
    batch: float  # expected number of records in a step
    rows: int


def by_step(
    asked: Asked, schema: Schema, target: Target, options: Options, *, key: str, by_person: bool = False
) -> BySteps | None:
    """None where the number of records is not declared: the steps' rate then follows from a noisy count.
    UnsuitableGuaranteeError."""
    possible(asked, key)
    if options.rows is None:
        return None
    settings = plan(schema, target, options, options.rows, asked, network=key == NETWORK)
    scored, share = paid(target, options), sum(shares_beside(target, asked, options.rows))
    found = charge(asked, settings, by_person=by_person, counted=False, scored=scored, beside=share)
    delta = room(asked, settings, counted=False, scored=scored, beside=share)[1]
    beside = found.scores or found.beside
    apart = () if beside is None else (Gaussian(beside, asked.neighbours),)
    sampled = PoissonSampled(
        settings.rate, Gaussian(found.sigma, asked.neighbours), 1 if by_person else asked.group
    )

    def after(steps: int) -> float:
        done: DpEvent = SelfComposed(sampled, steps)
        return epsilon_of(Composed((done, *apart)) if apart else done, delta)

    held = [(step, after(step)) for step in _marks(settings.steps)]
    rest = max(0.0, asked.epsilon - held[-1][1])  # of the discrete noise, and what the search left
    points, last = [], 0.0
    for step, epsilon in held:
        last = max(last, min(asked.epsilon, epsilon + rest))  # what was spent does not fall
        points.append((step, last))
    return BySteps(settings.steps, tuple(points), found.sigma, settings.divisor, settings.rows)


def _marks(steps: int) -> list[int]:
    """Steps from the first to the last, closer at the start, where the line bends."""
    marks = {max(1, math.ceil(steps * (at / _POINTS) ** 2)) for at in range(1, _POINTS + 1)}
    return sorted({1, *marks})
