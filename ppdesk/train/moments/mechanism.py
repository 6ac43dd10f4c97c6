"""Gaussian noise on whole-number sums: how much for a share of the guarantee, and what it cost.

Accounting is by Gaussian differential privacy (Dong, Roth and Su 2022): noise of standard deviation s on a
vector whose L2 sensitivity is D is (D/s)-GDP, and queries one after the other, each chosen by the noisy
answers before it, add up as mu^2 = sum (D_i / s_i)^2, exactly. `gaussian_mu` (Balle and Wang 2018) says which
mu the asked (epsilon, delta) allows. Shares of mu^2 that add up to one therefore spend it exactly once.

The noise is the exact discrete Gaussian on whole numbers (Canonne, Kamath and Steinke 2020), never narrower
than LEAST_SCALE units and on no more than MOST_NUMBERS numbers in one fit. What it may cost above the
continuous one is then at most `_SLACK` (proved in `ppdesk.privacy.gaussian.slack`), about 1e-5 of epsilon,
and is taken off (epsilon, delta) before mu is computed.

Neighbours: with one record added or removed a sum changes by one record's vector, D^2 at most. g records:
g^2 D^2. Replaced: by two vectors, (2g)^2 D^2; or 2 g^2 D^2 where the vectors of any two records are either
equal or at right angles and all have a norm of at most D (counts in disjoint cells).
"""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ppdesk.core.entropy import Entropy
from ppdesk.privacy.events import DpEvent, Gaussian, Neighbours
from ppdesk.privacy.gaussian.slack import slack_of
from ppdesk.privacy.gaussian.source import GaussianSource
from ppdesk.privacy.gaussian_dp import gaussian_mu
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked

Whole = npt.NDArray[np.int64]

MECHANISM = "exact discrete Gaussian noise on whole-number sums"
COUNT_UNIT = 2**20  # one record in a count: so fine a grid that noise is many units
LEAST_SCALE, MOST_SCALE = 2.0**18, 2.0**40
MOST_NUMBERS = 2**24
_SLACK = slack_of(LEAST_SCALE, MOST_NUMBERS, 1)
_UP = 1 + 1e-9  # noise is rounded up by more than the arithmetic here rounds


def factor(asked: Asked, *, disjoint: bool = False) -> int:
    """What one record's squared sensitivity is multiplied with for the neighbours asked."""
    replaced = asked.neighbours is Neighbours.REPLACE_ONE
    return asked.group**2 * ((2 if disjoint else 4) if replaced else 1)


def cost_of(asked: Asked) -> DpEvent:
    """The event of everything together, known before any data is."""
    return Gaussian(1 / _mu(asked), asked.neighbours)


def _mu(asked: Asked) -> float:
    try:
        epsilon, delta = _SLACK.target(asked.epsilon, asked.delta)
        # a little less than is allowed, so that 1 / (1 / mu) is allowed too
        return gaussian_mu(epsilon, delta) * (1 - 1e-11)
    except ValueError:
        raise UnsuitableGuaranteeError(
            estimator="Gaussian noise", reason="epsilon or delta is too small, or delta is 0"
        ) from None


@dataclass
class Spending:
    """Noise for one fit. `noisy` refuses to spend more than the whole."""

    asked: Asked
    entropy: Entropy
    mu: float = field(init=False)
    spent: float = field(init=False, default=0.0)  # share of mu^2
    numbers: int = field(init=False, default=0)  # that got noise

    def __post_init__(self) -> None:
        self.mu = _mu(self.asked)
        self._source = GaussianSource(self.entropy)

    def scale(self, squared: int, share: float, *, disjoint: bool = False) -> float:
        """The standard deviation, in units, for a sum whose one-record squared sensitivity is `squared`, at
        this share of mu^2."""
        found = math.sqrt(squared * factor(self.asked, disjoint=disjoint) / share) / self.mu * _UP
        return max(found, LEAST_SCALE)

    def noisy(self, sums: Whole, squared: int, share: float, *, disjoint: bool = False) -> Whole:
        """`sums`, any shape int64, with noise."""
        if not (share > 0 and self.spent + share <= 1 + 1e-9):
            raise ValueError("more than the whole guarantee would be spent")
        scale = self.scale(squared, share, disjoint=disjoint)
        self.numbers += sums.size
        if scale > MOST_SCALE:
            raise UnsuitableGuaranteeError(
                estimator="Gaussian noise",
                reason="the noise would be more than can be drawn; no model would be of use",
            )
        if self.numbers > MOST_NUMBERS:
            raise UnsuitableGuaranteeError(
                estimator="Gaussian noise", reason="the columns have too many categories for these sums"
            )
        self.spent += share
        drawn: Whole = self._source.draw(scale, sums.size).reshape(sums.shape)
        return sums + drawn


def noisy_rows(rows: int, spending: Spending, share: float) -> float:
    """The number of records with noise; one record changes it by one."""
    counted = np.array([rows * COUNT_UNIT], np.int64)
    return float(spending.noisy(counted, COUNT_UNIT**2, share, disjoint=True)[0]) / COUNT_UNIT
