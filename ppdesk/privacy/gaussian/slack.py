r"""What the discrete Gaussian may cost above the continuous one that accountants know.

Accountants bound mechanisms with continuous noise N(0, s^2): privacy loss distributions of the subsampled
Gaussian, Gaussian DP. Let x be whole numbers and Q = x + rint(N(0, s^2)) = rint(x + N(0, s^2)): rounding is
post-processing, so Q is as private as the accountant says. We draw P = x + N_Z(0, s^2) instead.

**Inequality.** Let s >= 1 and p(k), q(k) be the probabilities of noise k under P and under Q. Then for each k

    -b <= ln(q(k) / p(k)) <= k^2 / (24 s^4) + b',    b = 1 / (24 s^2),  b' = 3 exp(-2 pi^2 s^2).

Proof. With f(t) = exp(-t^2 / (2 s^2)): q(k) = (1 / (s sqrt(2 pi))) integral of f over k -+ 1/2 = f(k) A(k) /
(s sqrt(2 pi)), where A(k) = 2 * integral over 0 <= t <= 1/2 of f(t) cosh(k t / s^2). And p(k) = f(k) / Z,
where s sqrt(2 pi) <= Z <= s sqrt(2 pi) (1 + 3 exp(-2 pi^2 s^2)) by Poisson summation: Z = s sqrt(2 pi) (1 + 2
sum_j exp(-2 pi^2 s^2 j^2)). So q / p = A(k) Z / (s sqrt(2 pi)). Above: f <= 1, so A(k) <= sinh(a) / a with a
= k / (2 s^2), and sinh(a) / a <= exp(a^2 / 6), term by term: (2n + 1)! >= 6^n n!. Below: cosh >= 1 and, by
Jensen, 2 * integral of f over 0..1/2 >= exp(-mean of t^2 / (2 s^2)) = exp(-1 / (24 s^2)), as t^2 has the mean
1/12. QED.

**Many numbers, many releases.** Let N = coordinates * releases be all the noisy numbers that are given out,
with releases chosen one after another by what was seen (and each on a fresh random sample of the rows, or on
all). For fixed data, let P and Q be the laws of everything seen. The noise is independent of all other
chance, so for each fixed outcome of the other chance, P and Q differ by the product of N factors p / q.

    P(E) <= exp(up) Q(E),              up = N b
    Q(E) <= exp(down) P(E) + missed,   down = r / (24 s^2) + N b',   r = (sqrt(t) + sqrt(N) / 2 / s)^2

for all events E. The second holds on the event that the squares of all rounded noises sum to at most r s^2;
by the triangle inequality that is so where those of the Gaussians sum to at most t s^2. With t = N + 2 sqrt(N
L) + 2 L, L = ln(1 / missed), it fails with probability at most `missed` (Laurent and Massart 2000, Lemma 1).

**Consequence.** Where Q is (epsilon, delta)-DP for a pair of neighbours,
P(E) <= e^up Q(E) <= e^up (e^epsilon Q'(E) + delta) <= e^up (e^epsilon (e^down P'(E) + missed) + delta):

    P is (epsilon + up + down, e^up (delta + e^epsilon missed))-DP.

Sampling stays inside Q and P: nothing is claimed about single steps. For whole-number mechanisms on all rows
rho = D^2 / (2 s^2) holds for the discrete Gaussian itself, without slack.
"""

import math
from dataclasses import dataclass

_MISSED = 2.0**-110
_UP = 1 + 2.0**-40  # above all roundings of the few operations below


@dataclass(frozen=True)
class Slack:
    """The three numbers of the proof."""

    up: float
    down: float
    missed: float

    @property
    def epsilon(self) -> float:
        """Added to epsilon."""
        return (self.up + self.down) * _UP

    def spent(self, epsilon: float, delta: float) -> tuple[float, float]:
        """What discrete noise spends, where an accountant found (epsilon, delta) for continuous noise."""
        # epsilon + ln(missed): no overflow for a large epsilon
        failing = math.exp(min(0.0, epsilon + math.log(self.missed))) if self.missed else 0.0
        return (epsilon + self.epsilon) * _UP, min(1.0, math.exp(self.up) * (delta + failing) * _UP)

    def target(self, epsilon: float, delta: float) -> tuple[float, float]:
        """What to ask of an accountant, so that discrete noise spends at most (epsilon, delta). ValueError
        where the slack alone is more."""
        inner = (epsilon / _UP - self.epsilon) * (1 - 2.0**-40)
        if self.missed and delta > 0:  # a smaller epsilon keeps a large one: e^epsilon missed <= delta / 2
            inner = min(inner, math.log(delta) - math.log(2 * self.missed) - self.up)
        failing = math.exp(min(0.0, inner + math.log(self.missed))) if self.missed else 0.0
        left = (delta / _UP * math.exp(-self.up) - failing) * (1 - 2.0**-40)
        if not (inner > 0 and left > 0):
            raise ValueError("the grid is too coarse for this many noisy numbers")
        return inner, left


def slack_of(scale: float, coordinates: int, releases: int) -> Slack:
    """For noise of `scale` >= 1 steps on each of `coordinates` numbers, given out `releases` times."""
    if not (scale >= 1 and coordinates >= 1 and releases >= 1):
        raise ValueError("the proof needs a scale of at least one step, and something that is given out")
    numbers = coordinates * releases
    cell = 1 / (24 * scale * scale)
    outside = -math.log(_MISSED)
    inside = numbers + 2 * math.sqrt(numbers * outside) + 2 * outside
    radius = (math.sqrt(inside) + math.sqrt(numbers) / (2 * scale)) ** 2
    sums = 3 * math.exp(-2 * math.pi**2 * scale * scale)
    return Slack(numbers * cell * _UP, (radius * cell + numbers * sums) * _UP, _MISSED)


def slack(scale: float, coordinates: int, releases: int) -> tuple[float, float]:
    """(epsilon_extra, delta_extra) to add to an accountant's epsilon <= 20 and delta <= 1e-2.

    Sums of what `Slack.spent` says, for those who want two numbers; `Slack.target` is sharper.
    """
    found = slack_of(scale, coordinates, releases)
    return found.epsilon, (math.expm1(found.up) * 1e-2 + math.exp(found.up + 20) * found.missed) * _UP
