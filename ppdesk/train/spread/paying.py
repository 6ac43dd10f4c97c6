"""How the counts of a target are paid for where noise is bought by shares of mu^2, or from a source."""

import math

from ppdesk.privacy.events import Neighbours
from ppdesk.privacy.gaussian.source import MOST_SCALE, GaussianSource
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked, Floats
from ppdesk.train.moments.mechanism import COUNT_UNIT, Spending
from ppdesk.train.schema import Quantity, Target
from ppdesk.train.spread import settle
from ppdesk.train.spread.cells import LENGTH, SQUARED, Whole
from ppdesk.train.spread.narrow import CLEAR, Answer
from ppdesk.train.spread.narrow import MOST_NUMBERS as NARROWING
from ppdesk.train.spread.settle import Answer4

MOST_NUMBERS = NARROWING + settle.SIZE
_LEAST, _MOST = 0.05, 0.25  # of mu^2 for narrowing in one go
_FINE = 24  # a count's noise is from 2^24 to 2^25 steps wide
LEAST_SCALE = 2.0**_FINE  # of `source_answer`: what the slack of the discrete Gaussian is proved for


def spending_answer(spending: Spending) -> Answer:
    """Counts with noise from a `Spending`, which books them."""

    def answer(counts: Whole, share: float) -> tuple[Floats, float]:
        squared = SQUARED * COUNT_UNIT**2
        noisy = spending.noisy(counts * COUNT_UNIT, squared, share, disjoint=True)
        return noisy / COUNT_UNIT, spending.scale(squared, share, disjoint=True) / COUNT_UNIT

    return answer


def spending_last(spending: Spending) -> Answer4:
    """The same for the last sums."""
    unit = COUNT_UNIT // settle.GRID

    def answer(sums: Whole, share: float) -> tuple[Floats, float]:
        squared = settle.SQUARED * COUNT_UNIT**2
        return (
            spending.noisy(sums * unit, squared, share) / COUNT_UNIT,
            spending.scale(squared, share) / COUNT_UNIT,
        )

    return answer


def source_last(source: GaussianSource, mu: float, factor: float) -> Answer4:
    """The same for the last sums."""
    return source_answer(source, mu, factor, length=math.sqrt(settle.SQUARED), grid=settle.GRID)


def source_answer(
    source: GaussianSource, mu: float, factor: float, *, length: float = LENGTH, grid: int = 1
) -> Answer:
    """Whole numbers in which one record's vector is `length` grid units long, with noise that is sqrt(share)
    mu of Gaussian DP for neighbours that differ by at most `factor` times one record's vector; noise of sd at
    least 2^24 steps of a power of two. mu infinite: no noise. The answer is divided by `grid`."""

    def answer(counts: Whole, share: float) -> tuple[Floats, float]:
        if math.isinf(mu):
            return counts / grid, 1e-3
        sd = length * factor / (mu * math.sqrt(share)) * (1 + 1e-12)
        unit = 1 << max(0, _FINE + 1 - math.frexp(sd * grid)[1])
        scale = sd * grid * unit
        if scale > MOST_SCALE:
            raise UnsuitableGuaranteeError(
                estimator="Gaussian noise",
                reason="the noise would be more than can be drawn; no model would be of use",
            )
        return (counts * unit + source.draw(scale, counts.size)) / (unit * grid), sd

    return answer


def many(asked: Asked) -> int:
    """How many times one record's vector neighbours may differ: replacing is removing and adding."""
    return asked.group * (2 if asked.neighbours is Neighbours.REPLACE_ONE else 1)


def shares_beside(target: Target, asked: Asked, rows: float) -> tuple[float, float]:
    """The shares of mu^2 for narrowing and for the last sums where they must be known beforehand, from the
    declared or noisy number of records; 0 for classes."""
    if not isinstance(target, Quantity):
        return 0.0, 0.0
    mu = gaussian_mu(asked.epsilon, asked.delta) / many(asked)
    first = min(max((LENGTH * CLEAR / max(rows * mu, 1e-9)) ** 2, _LEAST), _MOST)
    return first, settle.share_by_rule(rows, mu)
