"""How many times a training is tried when its settings are tuned: a random number, so that the count itself
tells nothing (Liu and Talwar 2019; Papernot and Steinke 2022, arXiv 2110.03620)."""

from dataclasses import dataclass
from typing import TypeAlias

from ppdesk.privacy.events.numbers import ImpossibleCostError, is_finite, positive


@dataclass(frozen=True)
class NegativeBinomialTrials:
    """The truncated negative binomial distribution on 1, 2, 3... of Papernot and Steinke, definition 1.

    eta > -1; 0 < gamma < 1. eta = 1 is the geometric distribution with mean 1 / gamma, eta = 0 the
    logarithmic one.
    """

    eta: float
    gamma: float

    def __post_init__(self) -> None:
        if not (is_finite(self.eta) and self.eta > -1):
            raise ImpossibleCostError(name="eta of the number of trials")
        if not (is_finite(self.gamma) and 0 < self.gamma < 1):
            raise ImpossibleCostError(name="gamma of the number of trials")


@dataclass(frozen=True)
class PoissonTrials:
    """A Poisson number of trials, 0 included: then the first candidate is released untrained, or nothing."""

    mean: float

    def __post_init__(self) -> None:
        positive(self.mean, "the mean number of trials")


Trials: TypeAlias = NegativeBinomialTrials | PoissonTrials
