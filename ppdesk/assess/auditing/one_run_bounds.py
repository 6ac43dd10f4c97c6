"""What right guesses about canaries prove about (epsilon, delta), from one run.

The game (Steinke, Nasr and Jagielski 2023, "Privacy auditing with one (1) training run"): each of m canaries
is put in, or another way, by a fair coin of its own. Who sees the result guesses r of the m coins and leaves
out the rest; v guesses are right. r is fixed before the run. Nothing is assumed of the guesses, which may all
depend on each other; the other records may be known to who guesses.

Claim. If changing one canary's coin is (epsilon, delta)-DP, P(at least v right) is at most each of

1. P(B >= v), with B binomial of r trials at q = e^epsilon / (1 + e^epsilon), for delta 0 (their theorem 5.2;
   randomized response reaches it);
2. P(B >= v) + m delta (1 - q). Proof: given what is released and the coins before it, a guess is right with
   a chance of at most q + (1 - q) R_i, where R_i has a mean of at most delta ((epsilon, delta)-DP of one coin
   is: the mean of how far its posterior is above q is at most (1 - q) delta). So right guesses are at most
   binomial ones and those where a coin of chance R_i helped out after a wrong one: m delta (1 - q) in all;
3. what `one_run_curves` proves of the curve of the pair.

`published` is their listing as public copies have it (appendix D; also jax_privacy):
P(B >= v) + 2 m delta max over i of P(v > B >= v - i) / i. It is no upper bound as it stands: for m = 2, v = 1
(epsilon 1, delta .02) there is a mechanism with .9345, above its .9335 (in the tests). It would
be one were how often delta helps independent of B, which it need not be. All cases that we found, for m up to
3, are at chances above .9, where nothing is decided; where chances are small it may well hold. It is here for
comparison and decides nothing.
"""

import math

import numpy as np

from ppdesk.assess.auditing import one_run_curves as curves
from ppdesk.assess.auditing.one_run_curves import Guesses

_MOST = 64.0  # no run of fewer than 10^20 canaries shows more


def p_value(found: Guesses, epsilon: float, delta: float) -> float:
    """An upper bound on the chance of so many right guesses, or more, under (epsilon, delta)-DP, 0..1.
    ValueError for an epsilon below 0 or a delta outside 0..1."""
    simple = _simple(found, epsilon, delta)
    if delta == 0 or simple == 1:
        return simple
    return min(simple, curves.p_value(found, curves.of_pairs([(epsilon, delta)])))


def published(found: Guesses, epsilon: float, delta: float) -> float:
    """By the authors' listing: see the head of this file."""
    from scipy.stats import binom

    most = _simple(found, epsilon, 0.0)
    if delta == 0 or found.correct == 0:
        return most
    right = 1 / (1 + math.exp(-epsilon))
    below = np.cumsum(binom.pmf(np.arange(found.correct - 1, -1, -1), found.guesses, right))
    worst = float((below / np.arange(1, found.correct + 1)).max())
    return min(1.0, most + 2 * found.canaries * delta * worst)


def epsilon_at_least(found: Guesses, delta: float, miss: float) -> float:
    """The epsilon (nats) that the mechanism has at least, at `delta`, but for a chance of `miss`, 0..1.
    Rounded down to 1e-6; a smaller one where the search could not tell."""
    if not 0 < miss < 1:
        raise ValueError("a chance to be wrong lies between 0 and 1")
    if not _ruled_out(found, 0.0, delta, miss):
        return 0.0
    low, high = 0.0, 1.0
    while _ruled_out(found, high, delta, miss):
        low, high = high, 2 * high
        if low >= _MOST:
            return _MOST
    while high - low > 1e-7:
        middle = (low + high) / 2
        if _ruled_out(found, middle, delta, miss):
            low = middle
        else:
            high = middle
    return math.floor(low * 1e6) / 1e6


def _simple(found: Guesses, epsilon: float, delta: float) -> float:
    """1 and 2 of the head."""
    from scipy.stats import binom

    if not (epsilon >= 0 and 0 <= delta <= 1):
        raise ValueError("no such guarantee")
    if found.correct == 0 or not math.isfinite(epsilon):
        return 1.0
    right, wrong = 1 / (1 + math.exp(-epsilon)), 1 / (1 + math.exp(min(700.0, epsilon)))
    most = float(binom.sf(found.correct - 1, found.guesses, right))
    return min(1.0, most + found.canaries * delta * wrong)


def _ruled_out(found: Guesses, epsilon: float, delta: float, miss: float) -> bool:
    if _simple(found, epsilon, delta) <= miss:
        return True
    return delta > 0 and curves.impossible(found, curves.of_pairs([(epsilon, delta)]), miss)
