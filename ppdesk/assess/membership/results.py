"""What membership inference gives, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

from ppdesk.assess.results import Curve, Estimate


@dataclass(frozen=True)
class AtRate:
    """True positives at a false-positive rate. `allowed`: the most that the claim allows; None without."""

    rate: float
    found: Estimate
    allowed: float | None


@dataclass(frozen=True)
class Bound:
    """A lower bound on epsilon: with `guesses` guesses of which `right` were right, no smaller epsilon fits
    but with the chance 1 - `confidence`. 0: nothing is proved. `reach`: what it would be if every guess had
    been right."""

    epsilon: float
    delta: float
    guesses: int
    right: int
    confidence: float
    reach: float


@dataclass(frozen=True)
class MembershipAttack:
    """One attack on one model. Intervals are 95 %; `widened` is for whoever picks the best of the attacks."""

    key: str  # "loss", "calibrated", "lira-online", "lira-offline", "rmia"
    title: str
    knows: str  # what the attacker has, in words
    auc: Estimate
    advantage: Estimate  # true- minus false-positive rate at a threshold chosen on other records
    widened: Estimate  # the same, for the best of all attacks
    found: bool  # whether `widened`, or the area with an interval as wide, says that it beats guessing
    rates: Sequence[AtRate]
    bound: Bound | None
    curve: Curve  # with points down to the smallest false-positive rate that the records show


@dataclass(frozen=True)
class Attacked:
    """The attacks on one model. `members`, `others`: units (records, or persons) it was and was not trained
    on that were told apart."""

    members: int
    others: int
    shadows: int  # models that were trained to learn what the model does with and without a record
    attacks: Sequence[MembershipAttack]
    power: float  # the smallest advantage that is found with a chance of four in five
    best: str  # key of the attack with the largest lower end of `widened`, of those that found something
    found: bool  # whether any attack did; of models that tell nothing, 5 in 100 at most
