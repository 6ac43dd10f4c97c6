"""Every noisy figure of a fit goes through one purse, which knows the sensitivity and adds up the cost.

A release is a list of parts: tables of whole numbers, each the sum over records of a vector that is zero but
in the one row where the record falls, and there has L2 length at most `length`, a whole number. Part p is
multiplied by a whole number m_p, its weight. Tables that differ by one record added or removed then differ,
in all parts together, by at most length sqrt(sum of m_p^2), exactly, in whole numbers. Discrete Gaussian
noise of one scale sigma on every entry costs mu^2 = length^2 sum m_p^2 / sigma^2 of Gaussian DP (Dong, Roth
and Su 2022, corollary 3.3; what the discrete noise costs above the continuous one: privacy.gaussian.slack). A
group of g records: g times the length. Replace-one: twice that, or sqrt(2) times where no record's vector has
a negative entry (`counted`): then |u - v|^2 = |u|^2 + |v|^2 - 2 uv is at most |u|^2 + |v|^2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import UnboundedRowsError
from ppdesk.train.fitted import Asked

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class Source(Protocol):
    """Where the noise comes from: privacy.gaussian's GaussianSource, or what draws zeros for the twin."""

    def draw(self, scale: float, size: int) -> Whole:
        """(size,) int64 draws of the discrete Gaussian with this scale."""
        ...


def factor(asked: Asked, *, counted: bool) -> float:
    """How many lengths of one record neighbouring tables can differ by in each part."""
    if asked.neighbours is Neighbours.ADD_REMOVE:
        return float(asked.group)
    return asked.group * (math.sqrt(2) * (1 + 1e-15) if counted else 2.0)


@dataclass
class Purse:
    """`squared`: the mu^2 that may be spent in all; `spent`: what was."""

    asked: Asked
    squared: float
    source: Source
    spent: float = field(default=0.0, init=False)

    def scale(self, length: int, weights: Sequence[int], cost: float, *, counted: bool = False) -> float:
        """The noise at which a release costs mu^2 = `cost`."""
        reach = factor(self.asked, counted=counted) * length
        return reach * math.sqrt(sum(one * one for one in weights) / cost)

    def release(
        self,
        parts: Sequence[Whole],
        length: int,
        weights: Sequence[int],
        scale: float,
        *,
        counted: bool = False,
    ) -> list[Whole]:
        """Each part times its weight, with noise. UnboundedRowsError where it would cost more than is
        left."""
        reach = factor(self.asked, counted=counted) * length
        cost = reach * reach * sum(one * one for one in weights) / (scale * scale)
        # the slack is of float rounding alone; `squared` was rounded down by more
        if not self.spent + cost <= self.squared * (1 + 1e-10):
            raise UnboundedRowsError(reason="a release would cost more than the budget pays")
        self.spent += cost
        noise = self.source.draw(scale, sum(part.size for part in parts))
        cuts = np.cumsum([part.size for part in parts])[:-1]
        return [
            part * weight + own.reshape(part.shape)
            for part, weight, own in zip(parts, weights, np.split(noise, cuts), strict=True)
        ]
