"""The audit by one run: m canaries, each put in (or another way) by a fair coin; guess the coins from what
the run released; what the guesses prove.

Attacker: chose all records of the run; has the final model ("black box"), or every noisy sum on the way
("white box"); knows nothing of the coins. Success: more coins guessed rightly than the claim allows.

Statistic: of the scores of all canaries the k highest are guessed one way, the k lowest the other, the rest
is left out. k follows from the claim and the number of canaries (`one_run_power.chosen`), before the run. Two
lower bounds on epsilon, each at its share of the chance to be wrong (weighted Bonferroni over bounds and
attackers):
from the claimed pair alone (`one_run_bounds`), and from the trade-off curve of the noise that the record
states (`one_run_curves`): how much less of that noise would still explain the guesses. BROKEN only where one
of them is above the claim. Both hold whatever the guesses rest on: a poor attack finds less, never too much.

Relation: a coin decides what neighbouring tables differ in. Add-or-remove-one: the canary, all its copies
where the unit is several records, is in or out. Replace-one: it, or one with another target, is in. So the
claim is tested as it was made, and no relation is turned into another.

Power: `one_run_power`, for canaries that leave traces at right angles. Records of few columns overlap, and a
final model tells less than the sums, so less is found than that.

Not seen: what the canaries do not touch (other records, other settings, the runtime, the device), a defect
that shows on one record among millions only, and anything below the power. A run finds no more than about
ln(m) nats.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.arrays import Bools, Floats
from ppdesk.assess.auditing import one_run_bounds as bounds
from ppdesk.assess.auditing import one_run_curves as curves
from ppdesk.assess.auditing.one_run_curves import Curve, Guesses
from ppdesk.assess.auditing.one_run_results import Measured
from ppdesk.assess.effort import Effort

CANARIES = {Effort.QUICK: 500, Effort.STANDARD: 2_000, Effort.THOROUGH: 6_000}
RUNS = {Effort.QUICK: 2, Effort.STANDARD: 8, Effort.THOROUGH: 24}  # that they are spread over, at most
_FINER = 1.02  # between two noises that are tried


@dataclass(frozen=True)
class Family:
    """The mechanism that a record states, with its noise divided by s > 0: `curve(s)`, and `epsilon(s)` at
    the claim's delta, which rises with s. The record's own is s = 1."""

    curve: Callable[[float], Curve]
    epsilon: Callable[[float], float]


@dataclass(frozen=True)
class Claim:
    """(epsilon, delta)-DP; `family` where more is stated than that."""

    epsilon: float
    delta: float
    family: Family | None = None

    @property
    def shares(self) -> tuple[float, float]:
        """Of the chance to be wrong: for the bound of the pair, and of the curve, which shows more."""
        return (1.0, 0.0) if self.family is None else (0.2, 0.8)


def guess(scores: Floats, coins: Bools, guesses: int) -> Guesses:
    """Scores and coins of the canaries, (m,) each: the highest `guesses` // 2 are guessed true, as many of
    the lowest false. Ties, and scores that are no number, go by the order of the canaries, which says
    nothing."""
    half = guesses // 2
    order = np.argsort(np.nan_to_num(scores, nan=0.0, posinf=np.inf, neginf=-np.inf), kind="stable")
    right = int(coins[order[order.size - half :]].sum() + (~coins[order[:half]]).sum())
    return Guesses(int(scores.size), 2 * half, right)


def judged(found: Guesses, claim: Claim, miss: float) -> Measured:
    """What the guesses prove. `miss`: the chance to be wrong that this attacker has, 0..1."""
    of_pair, of_curve = claim.shares
    by_pair = bounds.epsilon_at_least(found, claim.delta, miss * of_pair)
    p_value = bounds.p_value(found, claim.epsilon, claim.delta) / of_pair
    by_curve = noise = None
    if claim.family is not None:
        less = weakest(found, claim.family, miss * of_curve)
        by_curve = claim.family.epsilon(less) if less > 0 else 0.0
        noise = 1 / less if less > 0 else None
        p_value = min(p_value, curves.p_value(found, claim.family.curve(1.0)) / of_curve)
    return Measured(
        found.canaries,
        found.guesses,
        found.correct,
        round(by_pair, 6),
        None if by_curve is None else round(by_curve, 6),
        float(f"{min(1.0, p_value):.4g}"),
        None if noise is None else round(noise, 4),
        max(by_pair, by_curve or 0.0) > claim.epsilon,
    )


def weakest(found: Guesses, family: Family, miss: float) -> float:
    """The largest s of 1.02^i, i = -230..100, whose curve is impossible but for a chance of `miss`; 0 where
    none is. s = 1 is one of them."""
    if found.correct * 2 <= found.guesses:
        return 0.0

    def ruled_out(place: int) -> bool:
        return curves.impossible(found, family.curve(_FINER**place), miss)

    low, high = -230, 100
    if not ruled_out(low):
        return 0.0
    if ruled_out(0):
        low = 0
    else:
        high = 0
    if high > 0 and ruled_out(high):
        return _FINER**high
    while high - low > 1:
        middle = (low + high) // 2
        if ruled_out(middle):
            low = middle
        else:
            high = middle
    return _FINER**low


def largest(canaries: int) -> float:
    """About the largest epsilon that so many canaries can show, in nats."""
    return math.log(max(2, canaries))
