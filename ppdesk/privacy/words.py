"""Epsilon in plain words: how much surer an attacker can become.

Somebody who holds a statement about one person for true with probability p, and then sees the result of an
(epsilon, 0)-DP mechanism, holds it for true with probability at most

    p' = p e^epsilon / (1 - p + p e^epsilon)      (Bayes' rule, likelihood ratio at most e^epsilon)

With a delta that holds but for a small chance: see `failure`.
See Wood and others 2018, "Differential Privacy: A Primer for a Non-Technical Audience", section IV. The two
cases compared are the two neighbours of the guarantee: under replace-one, that the person's record is the
one or another; under add-or-remove-one, that it is in the table or not.
"""

import math

from ppdesk.core.wording import chance, percent, upward
from ppdesk.privacy.accountant import Spent
from ppdesk.privacy.attacker import RATES, Attacker
from ppdesk.privacy.events import ImpossibleCostError, Neighbours

PRIORS = (0.01, 0.1, 0.5)  # hardly, somewhat, as sure as a coin


def posterior(prior: float, epsilon: float) -> float:
    """The largest probability after, 0..1, of `prior`, 0..1. ImpossibleCostError for other values."""
    if not (math.isfinite(epsilon) and epsilon >= 0):
        raise ImpossibleCostError(name="epsilon")
    if not 0 <= prior <= 1:
        raise ImpossibleCostError(name="the probability before")
    if prior in (0.0, 1.0):
        return prior
    # divided by e^epsilon, which does not overflow
    return prior / (prior + (1 - prior) * math.exp(-epsilon))


def sureness(probability: float) -> str:
    """`74 %` for 0.731: up to the next whole percent, since it is a bound; but never up to 100."""
    told = upward(probability, 2)
    return percent(told, 0) if told < 1 or probability == 1 else "more than 99 %"


def sentence(epsilon: float, delta: float, neighbours: Neighbours, *, person: bool = False) -> str:
    """What epsilon means, in one or two sentences; for a `person` with several records, or for one record."""
    after = sureness(posterior(0.5, epsilon))
    what = (
        f"that a person's {'records say' if person else 'record says'} one thing and not another"
        if neighbours is Neighbours.REPLACE_ONE
        else "that a person is in the data"
    )
    text = f"An attacker who was 50 % sure {what} can become at most {after} sure from this result."
    if after.startswith("more"):
        text = (
            f"An attacker who was 50 % sure {what} can become {after} sure: epsilon {epsilon:g} hides little."
        )
    if 0 < delta < 0.25:
        rarely, extra = failure(delta)
        surer = sureness(posterior(0.5, epsilon + extra))
        text += (
            f" That is up to delta = {chance(delta)}: with a chance of at most {chance(rarely)} they get "
            f"surer than {surer}."
        )
    elif delta > 0:
        text += f" With a chance of {chance(delta)} (delta) nothing is promised."
    return text


def failure(delta: float) -> tuple[float, float]:
    """(chance, extra): under (epsilon, delta)-DP the posterior odds grow by more than e^(epsilon + extra)
    with at most this chance. For extra = ln 2 the chance is 2 delta.

    Proof: with L the privacy loss, delta >= E[(1 - e^(epsilon - L))+], which is at least
    (1 - e^-extra) P(L > epsilon + extra).
    """
    return min(1.0, 2 * delta), math.log(2)


def attacker_sentence(attacker: Attacker, *, person: bool = False) -> str:
    """What an attacker can find out of membership at most, whatever else they know; of a `person`, or of one
    record."""
    whom = "people" if person else "records"
    told = " and ".join(
        f"{_share(found)} of the {whom} that are in the data when wrong about {_share(rate)} of those that "
        "are not"
        for rate, found in zip(RATES, attacker.rates, strict=True)
    )
    return (
        f"An attacker who tells members from others finds at most {told}. Their advantage over guessing is "
        f"at most {_share(attacker.advantage)}."
    )


def proved_sentence(spent: Spent) -> str:
    """What is proved for the runs as they were made, where that is less than what the budget charges."""
    # rounded up: a bound
    shown = math.ceil(spent.epsilon * 1000) / 1000
    return (
        f"What was run is proved to lose less than was charged: epsilon {shown:g} at delta "
        f"{chance(spent.delta)}, by {spent.method}. This tells of the mechanisms as they ran; where "
        "earlier results decided how later ones were set, only the sum that is charged is proved, "
        "and it alone counts against the limit."
    )


def _share(value: float) -> str:
    """A bound as percent with two figures, rounded up."""
    if value <= 0:
        return "0 %"
    hundred = 100 * value
    unit = 10.0 ** (math.floor(math.log10(hundred)) - 1)
    return f"{min(100.0, math.ceil(hundred / unit - 1e-9) * unit):.6g} %"
