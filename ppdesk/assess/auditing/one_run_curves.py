"""What right guesses about canaries prove about a trade-off curve, from one run.

The game of `one_run_bounds`, against a mechanism with a whole curve, which says more than one pair
(Mahloujifar, Melis and Chaudhuri 2024, "Auditing f-differential privacy in one run").

A curve is told as F: an event of chance x under one coin has at least chance F(x) under the other. F is
convex and rising, F(0) = 0 (F(x) = f(1 - x) of Dong, Roth and Su). mu-GDP: F(x) = P(P^-1(x) - mu).
Pairs (epsilon, delta): F(x) = max(0, e^-epsilon (x - delta), 1 - delta - e^epsilon (1 - x)), the most of
them.

Proof. p_j: the chance of exactly j right of r guesses, all else fixed. Look at one canary. "j or more right,
this guess among them" becomes, under the other coin, "j - 1 or more right, this guess not among them": the
same outputs. So the chance of the second is at least F of the first; F is convex, so that holds for means
over the m canaries and all coins too (Jensen):

    sum over i >= j - 1 of (r - i) / m p_i  >=  F( sum over i >= j of i / m p_i ),   j = 1..r.

Given P(v or more right) = t, the p_i with the least sum have all of t at v, and below v each p_i no larger
than its constraint asks: where one is larger, or stands above v, the excess can move one place down; that
raises the left sides and lowers the right ones. t is possible only where this least sum is at most 1. The
possible t are an interval from 0, as the constraints are convex.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Curve = Callable[[float], float]  # F
_ROOM = 1e-9  # sums of at most some 10^5 floats are good to that


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


def gaussian(mu: float) -> Curve:
    """F of mu-GDP, mu at least 0."""
    from scipy.special import ndtr, ndtri

    def least(share: float) -> float:
        return float(ndtr(ndtri(share) - mu)) if 0 < share < 1 else float(share >= 1)

    return least


def of_pairs(pairs: Sequence[tuple[float, float]]) -> Curve:
    """F of all pairs (epsilon, delta) that hold for one mechanism."""
    kept = [(e, d) for e, d in pairs if math.isfinite(e) and e < 300 and d < 1]
    slopes = [math.exp(-e) for e, _ in kept] + [math.exp(e) for e, _ in kept]
    starts = [-d * math.exp(-e) for e, d in kept] + [1 - d - math.exp(e) for e, d in kept]
    rise, start = np.array([0.0, *slopes]), np.array([0.0, *starts])

    def least(share: float) -> float:
        return float((rise * share + start).max())

    return least


def impossible(found: Guesses, curve: Curve, chance: float) -> bool:
    """Whether no mechanism with this curve has so many right guesses, or more, with `chance`, 0..1."""
    canaries, guesses = found.canaries, found.guesses
    right = chance * found.correct / canaries  # sum of i / m p_i from the present i up
    wrong = chance * (guesses - found.correct) / canaries
    most = guesses / canaries * (1 + _ROOM)
    for place in range(found.correct - 1, -1, -1):
        more = curve(right) - wrong
        if more > 0:
            wrong += more
            right += more * place / (guesses - place)
            if right + wrong > most:
                return True
    return right + wrong > most


def p_value(found: Guesses, curve: Curve) -> float:
    """An upper bound on the chance of so many right guesses, or more, 0..1."""
    if not impossible(found, curve, 1.0):
        return 1.0
    low, high = 1e-12, 1.0
    if impossible(found, curve, low):
        return low
    while high / low > 1 + 1e-6:
        middle = math.sqrt(low * high)
        if impossible(found, curve, middle):
            high = middle
        else:
            low = middle
    return high


def weakest(found: Guesses, family: Callable[[float], Curve], miss: float, *, most: float) -> float:
    """The largest s in 0..`most`, to a thousandth, so that `family(s)` is impossible but for a chance of
    `miss`; 0 where none is. A larger s is less private; family(0) hides all."""
    if found.correct <= found.guesses / 2 or not impossible(found, family(0.0), miss):
        return 0.0
    low, high = 0.0, most
    if impossible(found, family(most), miss):
        return most
    while high - low > 1e-3 * high and high > 1e-6:
        middle = (low + high) / 2
        if impossible(found, family(middle), miss):
            low = middle
        else:
            high = middle
    return low
