"""What happened to the data, in terms an accountant understands: the kinds of events, and how they are
written down and read back."""

from ppdesk.privacy.events.kinds import (
    Composed,
    DpEvent,
    EpsilonDelta,
    Gaussian,
    Laplace,
    Neighbours,
    NoEvent,
    PoissonSampled,
    RandomTuned,
    SelfComposed,
    Stated,
    UnknownEventError,
    UnstatedCostError,
    ZeroConcentrated,
)
from ppdesk.privacy.events.numbers import ImpossibleCostError, is_finite
from ppdesk.privacy.events.trials import NegativeBinomialTrials, PoissonTrials, Trials
from ppdesk.privacy.events.written import from_json, to_json

__all__ = [
    "Composed",
    "DpEvent",
    "EpsilonDelta",
    "Gaussian",
    "ImpossibleCostError",
    "Laplace",
    "NegativeBinomialTrials",
    "Neighbours",
    "NoEvent",
    "PoissonSampled",
    "PoissonTrials",
    "RandomTuned",
    "SelfComposed",
    "Stated",
    "Trials",
    "UnknownEventError",
    "UnstatedCostError",
    "ZeroConcentrated",
    "from_json",
    "is_finite",
    "to_json",
]
