"""What a run will cost, before it: the event for an accountant, the noise, and about how long it takes."""

from dataclasses import dataclass

from ppdesk.privacy.events import DpEvent, EpsilonDelta, Gaussian
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.schema import Schema

# seconds at least, and for a million records times columns; one core, 4,000 and 40,000 records of 14 columns
_SECONDS = {
    "additive": (1.0, 2.0),  # less for millions of records, where its rule takes fewer steps
    "ebm": (0.6, 2.2),
    "sgd-logistic": (1.8, 4.0),
    "sgd-mlp": (1.0, 6.0),
    "linear": (0.2, 0.2),
    "objective-perturbation": (0.1, 1.2),
}
_OTHER = (0.5, 3.0)  # a guess
GAUSSIAN = ("additive", "ebm", "linear")  # one Gaussian mechanism in all, exactly


@dataclass(frozen=True)
class Price:
    """`event`: what the run will have done, as exactly as is known before it; `noise`: the noise multiplier
    of all of it, None where it is none of one Gaussian. `seconds`: roughly, one core; None where the number
    of records is not declared."""

    event: DpEvent
    noise: float | None
    seconds: float | None


def price(key: str, cost: EpsilonDelta, schema: Schema, rows: int | None) -> Price:
    """Of a fit of the estimator `key` at the guarantee `cost`. ImpossibleCostError. Light: no library."""
    seconds = None
    if rows is not None:
        least, each = _SECONDS.get(key, _OTHER)
        seconds = least + each * rows * len(schema.columns) / 1e6
    if key in GAUSSIAN and cost.delta > 0:
        noise = 1 / gaussian_mu(cost.epsilon, cost.delta)
        return Price(Gaussian(noise, cost.neighbours), noise, seconds)
    return Price(cost, None, seconds)
