"""The best of a random number of trials, within a guarantee. Proof: the package's docstring."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import Composed, DpEvent, Gaussian, NegativeBinomialTrials, RandomTuned, Stated
from ppdesk.privacy.gaussian.source import MOST_SCALE, GaussianSource
from ppdesk.privacy.gaussian_dp import epsilon_of_mu, gaussian_mu
from ppdesk.privacy.tuning import draw, tuned_epsilon, with_mean
from ppdesk.train.errors import UnprovedTrialError, UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.schema import Quantity, Target
from ppdesk.train.tuning.candidates import Candidate

Floats = npt.NDArray[np.float64]

GAUSSIAN = ("additive", "ebm", "linear")  # whose event is one Gaussian mechanism: the only ones tuned so
ETA = 0.0  # of the distribution of the number of trials: logarithmic, the cheapest with a mean bounded well
SCORE_SHARE = 0.1  # of a trial's mu^2, for its score
UNIT = 1 << 20  # a record's score is 0 to this, a whole number


@dataclass(frozen=True)
class Plan:
    """`training`: what each trial's training is asked for; `mu`, `score_mu`: of training and of the score;
    `event`: all of it, for an accountant."""

    training: Asked
    mu: float
    score_mu: float
    trials: NegativeBinomialTrials
    event: DpEvent


def planned(asked: Asked, mean: float) -> Plan:
    """The largest noise budget of one trial found so that the best of about `mean` trials (above 1) keeps
    `asked`: by bisection on mu, rounded down. UnsuitableGuaranteeError where there is none."""
    if asked.delta == 0:
        raise UnsuitableGuaranteeError(estimator="Private tuning", reason="its δ must be above 0")
    trials = with_mean(mean, ETA)

    def fits(mu: float) -> bool:
        return tuned_epsilon(_event(mu, asked), trials, asked.delta) <= asked.epsilon

    low, high = 0.0, gaussian_mu(asked.epsilon, asked.delta)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
        if high - low < 1e-6 * high:
            break
    if low <= 0:
        raise UnsuitableGuaranteeError(estimator="Private tuning", reason="no trial fits into it")
    mu, score_mu = _parts(low)
    epsilon = epsilon_of_mu(mu, asked.delta) * (1 - 1e-9)
    training = Asked(epsilon, asked.delta, asked.neighbours, asked.group)
    return Plan(training, mu, score_mu, trials, RandomTuned(_event(low, asked), trials))


def _parts(mu: float) -> tuple[float, float]:
    """(training's, the score's)."""
    return mu * math.sqrt(1 - SCORE_SHARE), mu * math.sqrt(SCORE_SHARE)


def _event(mu: float, asked: Asked) -> DpEvent:
    """One trial."""
    return Composed(tuple(Gaussian(1 / one, asked.neighbours) for one in _parts(mu)))


@dataclass(frozen=True)
class Best:
    """What is given out: the trial with the highest noisy score. `score`: the mean score, 0 to 1, with
    noise, over the validation records; how many these are is outside the claim."""

    candidate: Candidate
    estimator: Any
    score: float


def best(
    candidates: Sequence[Candidate],
    plan: Plan,
    train: Callable[[Candidate, Asked], Any],
    validate: Callable[[Any], tuple[Floats, Floats | npt.NDArray[np.int32]]],
    target: Target,
    *,
    entropy: Entropy,
    tick: Callable[[], None],
) -> Best:
    """Run the trials. `train` gives a fitted estimator with `event_`; `validate` what it predicts for the
    validation records, and what they hold. UnprovedTrialError where a training cost more than planned."""
    source = GaussianSource(entropy)
    scale = UNIT * plan.training.group / plan.score_mu
    if scale > MOST_SCALE:
        raise UnsuitableGuaranteeError(
            estimator="Private tuning", reason="so much noise does not fit into whole numbers"
        )
    found: Best | None = None
    highest = 0
    for _ in range(draw(plan.trials, entropy)):
        tick()
        chosen = candidates[int.from_bytes(entropy.take(16), "big") % len(candidates)]
        made = train(chosen, plan.training)
        _within(made.event_, plan)
        predicted, actual = validate(made)
        whole = scores(predicted, actual, target)
        noisy = int(whole.sum()) + int(source.draw(scale, 1)[0])
        if found is None or noisy > highest:
            # the number of records is told as everywhere: outside the claim
            found, highest = Best(chosen, made, noisy / UNIT / max(1, whole.size)), noisy
    assert found is not None  # noqa: S101 - this distribution never draws 0
    return found


def _within(event: DpEvent, plan: Plan) -> None:
    """UnprovedTrialError unless `event` is Gaussian noise of at most the planned mu."""
    done = event.event if isinstance(event, Stated) else event
    if (
        not isinstance(done, Gaussian)
        or done.neighbours is not plan.training.neighbours
        or 1 / done.noise_multiplier > plan.mu * (1 + 1e-12)
    ):
        raise UnprovedTrialError


def scores(predicted: Floats, actual: Any, target: Target) -> "npt.NDArray[np.int64]":
    """One less the Brier score of each record (halved, so from 0 to 1), or one less the squared error in
    units of the declared range; times UNIT, rounded down, (n,) from 0 to UNIT. A record's score is its own
    affair: adding, removing or replacing one moves the sum by at most UNIT."""
    if isinstance(target, Quantity):
        error = (predicted - np.asarray(actual, dtype=np.float64)) / (target.high - target.low)
        lost = error**2
    else:
        wanted = np.zeros_like(predicted)
        wanted[np.arange(predicted.shape[0]), np.asarray(actual, dtype=np.int64)] = 1.0
        lost = ((predicted - wanted) ** 2).sum(axis=1) / 2
    good = 1 - np.clip(np.nan_to_num(lost, nan=1.0), 0.0, 1.0)
    return np.asarray(np.floor(good * UNIT), dtype=np.int64)
