"""What counts of an event say about (epsilon, delta), with confidence.

Let p and q be the chances of an event under two neighbouring inputs. (epsilon, delta)-DP says, for the event
and for its complement, and with the inputs exchanged: p <= e^epsilon q + delta. So with certainty below p and
above q (Clopper and Pearson 1934, exact for every n)

    epsilon >= ln((p_low - delta) / q_high).

An event that came in all of n runs under one and in none under the other still has q_high above 0: the bound
is finite, about ln(n / ln(1 / alpha)). One whose chance is no more than delta can say nothing.

One box [p_low, p_high] x [q_low, q_high] bounds all four, and all pairs (epsilon, delta) of a curve at once:
if it holds the true (p, q), no true claim is contradicted by it. It misses with chance alpha at most.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ppdesk.assess.auditing.auditable import Claim, Curve

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Box:
    """Where the chances of an event under the first and the second input are."""

    p_low: float
    p_high: float
    q_low: float
    q_high: float

    @property
    def ways(self) -> tuple[tuple[float, float], ...]:
        """(p_low, q_high) of the event and its complement, both ways round."""
        return (
            (self.p_low, self.q_high),
            (self.q_low, self.p_high),
            (1 - self.p_high, 1 - self.q_low),
            (1 - self.q_high, 1 - self.p_low),
        )

    def epsilon(self, delta: float) -> float:
        """The bound at `delta`, at least 0."""
        return max(0.0, *(_bound(p, q, delta) for p, q in self.ways))

    def over(self, pairs: Curve) -> tuple[float, int]:
        """By how much the bound is over the epsilon of a pair, the most of `pairs`, and which one it is;
        below 0 where the event agrees with all. A bound that is not above 0 counts as its logarithm all the
        same, so that the closest can be told."""
        found = [max(_bound(p, q, delta) for p, q in self.ways) - epsilon for epsilon, delta in pairs]
        place = int(np.argmax(found))
        return found[place], place

    @property
    def mu(self) -> float:
        """The loss of a Gaussian mechanism that the box leaves no less than: mu of Gaussian DP, at least 0
        (Dong, Roth and Su 2022; Nasr and others 2023)."""
        from scipy.special import ndtri

        found = max(float(ndtri(p) - ndtri(q)) if p > 0 and q < 1 else -math.inf for p, q in self.ways)
        return max(0.0, found)


def _bound(p_low: float, q_high: float, delta: float) -> float:
    if p_low <= delta:
        return -math.inf
    return math.log((p_low - delta) / q_high) if q_high > 0 else math.inf


def box(first: int, second: int, runs: int, alpha: float) -> Box:
    """From an event that came `first` times in `runs` runs under one input, `second` times under the other.
    It misses the true chances with a chance of `alpha` at most."""
    p_low, p_high = interval(first, runs, alpha / 2)
    q_low, q_high = interval(second, runs, alpha / 2)
    return Box(p_low, p_high, q_low, q_high)


def interval(hits: int, runs: int, alpha: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share, missed with chance `alpha` at most."""
    from scipy.special import betaincinv

    low = float(betaincinv(hits, runs - hits + 1, alpha / 2)) if hits else 0.0
    high = float(betaincinv(hits + 1, runs - hits, 1 - alpha / 2)) if hits < runs else 1.0
    return low, high


def promising(first: Counts, second: Counts, sizes: tuple[int, int], pairs: Curve) -> Floats:
    """How large a bound events of any shape promise, over the epsilon of a pair: `Box.over` with intervals of
    two standard errors (Wilson 1927), of `sizes` runs under each input. To choose among many of them."""
    low_p, high_p = _near(first, sizes[0])
    low_q, high_q = _near(second, sizes[1])
    epsilon, delta = np.array(pairs).T[:, :, None]
    best: Floats = np.full(first.shape, -np.inf)
    for p, q in (low_p, high_q), (low_q, high_p), (1 - high_p, 1 - low_q), (1 - high_q, 1 - low_p):
        # no more than delta: as good as nothing, but the best of nothing is found too
        over = np.log(np.maximum(p - delta, 1e-9) / q) - epsilon
        best = np.maximum(best, over.max(axis=0))
    return best


def surprising(first: Counts, second: Counts, sizes: tuple[int, int], pairs: Curve) -> Floats:
    """How surely events of any shape contradict a pair, the most of `pairs`: p - e^epsilon q - delta in
    standard errors. Where the contradiction is small but sure this finds an event that `promising`
    doesn't."""
    p, q = ((hits + 0.5) / (runs + 1) for hits, runs in zip((first, second), sizes, strict=True))
    vp, vq = (share * (1 - share) / runs for share, runs in zip((p, q), sizes, strict=True))
    epsilon, delta = np.array(pairs).T[:, :, None]
    more = np.exp(np.minimum(epsilon, 100.0))
    best: Floats = np.full(first.shape, -np.inf)
    for a, va, b, vb in (p, vp, q, vq), (q, vq, p, vp), (1 - p, vp, 1 - q, vq), (1 - q, vq, 1 - p, vp):
        found = (a - more * b - delta) / np.sqrt(va + more**2 * vb)
        best = np.maximum(best, found.max(axis=0))
    return best


def _near(hits: Counts, runs: int) -> tuple[Floats, Floats]:
    z = 2.0
    share, scale = hits / runs, 1 + z**2 / runs
    middle = (share + z**2 / (2 * runs)) / scale
    half = z * np.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2)) / scale
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def power(claim: Claim, runs: int, alpha: float) -> float:
    """The smallest true epsilon, at the claim's delta, that is called in four of five tests, if the search
    finds the worst pair and event.

    Of a claim with a curve the mechanism is taken as a Gaussian one with too little noise; of a single pair
    as one whose worst event has about one half on one side. Infinity where no epsilon below 50 is called.
    """
    from ppdesk.privacy.gaussian_dp import epsilon_of_mu

    if claim.curve and claim.delta > 0:
        mu = _least(lambda one: _called_gaussian(claim, one, runs, alpha))
        return math.inf if math.isinf(mu) else float(epsilon_of_mu(mu, claim.delta))
    return _least(lambda epsilon: _called(claim, _half(claim, epsilon), runs, alpha))


def _half(claim: Claim, epsilon: float) -> tuple[float, float]:
    return 0.5 + claim.delta / 2, (0.5 - claim.delta / 2) * math.exp(-epsilon)


def _called_gaussian(claim: Claim, mu: float, runs: int, alpha: float) -> bool:
    from scipy.special import ndtr

    cuts = np.linspace(mu / 2, mu / 2 + 2.5, 11)
    return any(_called(claim, (float(ndtr(mu - cut)), float(ndtr(-cut))), runs, alpha) for cut in cuts)


def _called(claim: Claim, chances: tuple[float, float], runs: int, alpha: float) -> bool:
    """Whether an event of these chances is over the claim in four of five tests: counts that p does not fall
    under, and q not exceed, with a chance of sqrt(0.8) each."""
    each = math.sqrt(0.8)
    first, second = _quantile(1 - each, runs, chances[0]), _quantile(each, runs, chances[1])
    return box(first, second, runs, alpha).over(claim.pairs)[0] > 0


def _quantile(share: float, runs: int, chance: float) -> int:
    """The smallest count that a binomial number does not exceed with chance `share`."""
    from scipy.special import bdtr

    low, high = -1, runs
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if bdtr(middle, runs, chance) >= share else (middle, high)
    return high


def _least(called: Callable[[float], bool]) -> float:
    low, high = 0.0, 50.0
    if not called(high):
        return math.inf
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if called(middle) else (middle, high)
    return high
