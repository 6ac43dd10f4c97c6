"""What right guesses about canaries prove about (epsilon, delta), from one run.

The game (Steinke, Nasr and Jagielski 2023, "Privacy auditing with one (1) training run"): each of m canaries
is put in, or another way, by a fair coin of its own. Who sees the result guesses r of the m coins and leaves
out the rest; v guesses are right. r is fixed before the run.

Claim (their theorem 5.2 and appendix D). If changing one canary's coin is (epsilon, delta)-DP, then

    P(at least v right) <= P(B >= v) + 2 m delta max over i of P(v > B >= v - i) / i

with B binomial of r trials at e^epsilon / (1 + e^epsilon). Nothing is assumed of the guesses, which may all
depend on each other; the other records may be known to who guesses. delta 0: reached by randomized response.
"""

import math
from dataclasses import dataclass

import numpy as np

_MOST = 64.0  # no run of fewer than 10^20 canaries shows more


@dataclass(frozen=True)
class Guesses:
    """`guesses` of `canaries` coins were guessed, `correct` of them rightly; 0 <= correct <= guesses <=
    canaries, else ValueError."""

    canaries: int
    guesses: int
    correct: int

    def __post_init__(self) -> None:
        if not 0 <= self.correct <= self.guesses <= self.canaries:
            raise ValueError("right guesses are guesses, and guesses are about canaries")

    @property
    def share(self) -> float:
        """Of the guesses that were right; one half where there was none."""
        return self.correct / self.guesses if self.guesses else 0.5


def p_value(found: Guesses, epsilon: float, delta: float) -> float:
    """An upper bound on the chance of so many right guesses, or more, under (epsilon, delta)-DP, 0..1.
    ValueError for an epsilon below 0 or a delta outside 0..1."""
    from scipy.stats import binom

    if not (epsilon >= 0 and 0 <= delta <= 1):
        raise ValueError("no such guarantee")
    if found.correct == 0 or not math.isfinite(epsilon):
        return 1.0
    right = 1 / (1 + math.exp(-epsilon))
    most = float(binom.sf(found.correct - 1, found.guesses, right))
    if delta > 0:
        below = np.cumsum(binom.pmf(np.arange(found.correct - 1, -1, -1), found.guesses, right))
        worst = float((below / np.arange(1, found.correct + 1)).max())
        most += 2 * found.canaries * delta * worst
    return min(1.0, most)


def epsilon_at_least(found: Guesses, delta: float, miss: float) -> float:
    """The epsilon (nats) that the mechanism has at least, at `delta`, but for a chance of `miss`, 0..1.

    Where the mechanism is (e, delta)-DP it is so for all larger epsilons, so each p-value at or above e
    bounds the chance: one at or below `miss` anywhere rules out all below it. Rounded down to 1e-6.
    """
    if not 0 < miss < 1:
        raise ValueError("a chance to be wrong lies between 0 and 1")
    if p_value(found, 0.0, delta) > miss:
        return 0.0
    low, high = 0.0, 1.0
    while p_value(found, high, delta) <= miss:
        low, high = high, 2 * high
        if low >= _MOST:
            return _MOST
    while high - low > 1e-7:
        middle = (low + high) / 2
        if p_value(found, middle, delta) <= miss:
            low = middle
        else:
            high = middle
    return math.floor(low * 1e6) / 1e6
