"""The kinds of events.

The shape follows Google's dp-accounting (`DpEvent`): an event states a fact, an accountant gives it
a meaning, and an event it does not know is refused, never skipped. `neighbours` is the relation under which
the sensitivity was taken.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit
from ppdesk.privacy.events.numbers import ImpossibleCostError, is_finite, positive, whole
from ppdesk.privacy.events.trials import Trials


class Neighbours(StrEnum):
    """Which two tables a guarantee compares."""

    ADD_REMOVE = "add-or-remove-one"
    REPLACE_ONE = "replace-one"


class UnknownEventError(CodedError):
    """The record holds a privacy event of kind {kind} that this version cannot account for."""

    code = "PP-PRIVACY-001"
    exit = Exit.INTEGRITY
    todo = "Open the project with the version of ppdesk that wrote it."


class UnstatedCostError(CodedError):
    """The privacy event {kind} has no epsilon and delta that a budget can charge."""

    code = "PP-PRIVACY-009"
    exit = Exit.INTEGRITY
    todo = "A step states what it costs before it runs. Nothing was spent."


@dataclass(frozen=True)
class NoEvent:
    """Nothing that a differential privacy budget pays for. Not a statement that nothing was learnt."""


@dataclass(frozen=True)
class EpsilonDelta:
    """A mechanism known only by its guarantee: (epsilon, delta)-DP under `neighbours`."""

    epsilon: float
    delta: float
    neighbours: Neighbours

    def __post_init__(self) -> None:
        _pair(self.epsilon, self.delta)


@dataclass(frozen=True)
class Gaussian:
    """Gaussian noise, continuous or discrete on a grid. `noise_multiplier`: standard deviation divided by
    the L2 sensitivity under `neighbours`, so 1 / mu of Gaussian DP. Inside PoissonSampled see there."""

    noise_multiplier: float
    neighbours: Neighbours

    def __post_init__(self) -> None:
        positive(self.noise_multiplier, "the noise multiplier")


@dataclass(frozen=True)
class Laplace:
    """Laplace noise. `noise_multiplier`: its scale divided by the L1 sensitivity under `neighbours`, so
    1 / epsilon of pure DP. Inside PoissonSampled see there."""

    noise_multiplier: float
    neighbours: Neighbours

    def __post_init__(self) -> None:
        positive(self.noise_multiplier, "the noise multiplier")


@dataclass(frozen=True)
class ZeroConcentrated:
    """A mechanism known only by rho of zero-concentrated DP (Bun and Steinke 2016) under `neighbours`."""

    rho: float
    neighbours: Neighbours

    def __post_init__(self) -> None:
        if not (is_finite(self.rho) and self.rho >= 0):
            raise ImpossibleCostError(name="rho")


@dataclass(frozen=True)
class PoissonSampled:
    """Noise on the sum over a sample: each record takes part by a coin of its own, with chance `rate`.

    Here the noise multiplier is the noise divided by the largest norm of ONE record's part of the sum (the
    clipping norm of DP-SGD), under both relations; and the neighbours differ in `group` records that are
    added or removed, or replaced, each with coins of its own. (So with rate 1 and replace-one the noise
    hides a difference of two norms: PoissonSampled(1, Gaussian(2 s)) says the same as Gaussian(s).)
    """

    rate: float
    event: Gaussian | Laplace
    group: int = 1

    def __post_init__(self) -> None:
        if not (is_finite(self.rate) and 0 < self.rate <= 1):
            raise ImpossibleCostError(name="the sampling rate")
        if not isinstance(self.event, Gaussian | Laplace):
            raise UnknownEventError(kind=f"{type(self.event).__name__} under sampling")
        whole(self.group, "the number of records of one person", most=10**6)


@dataclass(frozen=True)
class SelfComposed:
    """The same kind of event `count` times on the same data."""

    event: "DpEvent"
    count: int

    def __post_init__(self) -> None:
        whole(self.count, "the count of steps")


@dataclass(frozen=True)
class Composed:
    """Several events on the same data, one after the other."""

    events: tuple["DpEvent", ...]


@dataclass(frozen=True)
class RandomTuned:
    """The best of a random number of runs of `event`, each with settings drawn from a fixed, public list; its
    cost is in `ppdesk.privacy.tuning`."""

    event: "DpEvent"
    trials: Trials


@dataclass(frozen=True)
class Stated:
    """A mechanism with the guarantee that was claimed for it before it ran: (epsilon, delta)-DP under
    `neighbours` is charged, `event` is what was done exactly. That the pair is not below what `event`
    proves is checked where the record is verified (`ppdesk.privacy.stated`)."""

    epsilon: float
    delta: float
    neighbours: Neighbours
    event: "DpEvent"

    def __post_init__(self) -> None:
        _pair(self.epsilon, self.delta)


DpEvent: TypeAlias = (
    NoEvent
    | EpsilonDelta
    | Gaussian
    | Laplace
    | ZeroConcentrated
    | PoissonSampled
    | SelfComposed
    | Composed
    | RandomTuned
    | Stated
)


def _pair(epsilon: object, delta: object) -> None:
    if not (is_finite(epsilon) and epsilon >= 0):
        raise ImpossibleCostError(name="epsilon")
    if not (is_finite(delta) and 0 <= delta < 1):
        raise ImpossibleCostError(name="delta")
