"""What a list of events adds up to. Always an upper bound, and always with the name of its method.

Two ways of composing:

- basic composition (Dwork and others 2006; Dwork and Roth 2014, theorem 3.16): epsilons and deltas add up.
  Exact, needs no library, holds for events chosen adaptively, and is what the ledger charges.
- of the mechanisms themselves, by privacy loss distributions (Sommer and others 2019; Koskela and others
  2020; Google's dp-accounting, pessimistic estimate) and what else `ppdesk.privacy.calibration`
  proves: smaller for many events, but it needs a delta above 0. Told beside the other.

Relations: epsilon under add-or-remove-one becomes replace-one by group privacy, since replacing a record is
removing one and adding one: 2 epsilon, and delta (1 + e^epsilon) (Dwork and Roth 2014, theorem 2.2 for pure
epsilon; Vadhan 2017, lemma 2.2). Events under both relations are all brought to replace-one. The other way
round nothing is gained or assumed: a guarantee under replace-one says nothing about adding a record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ppdesk.privacy.accountants.parts import pair_under, relation_of, taken_apart
from ppdesk.privacy.events import (
    Composed,
    DpEvent,
    EpsilonDelta,
    Gaussian,
    ImpossibleCostError,
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
from ppdesk.privacy.exact import exact, total, up

BASIC = "basic composition"
LOSS_DISTRIBUTION = "privacy loss distributions (dp-accounting, pessimistic)"
GAUSSIAN = "exact composition of Gaussian noise (Dong, Roth and Su 2022)"
RENYI = "privacy loss distributions and Renyi divergences (dp-accounting)"
NOTHING = "nothing was spent"
UNSTATED = (Gaussian, Laplace, ZeroConcentrated, PoissonSampled, SelfComposed, RandomTuned)


@dataclass(frozen=True)
class Spent:
    """An upper bound: (epsilon, delta)-DP under `neighbours` (None: nothing was spent), found by `method`."""

    epsilon: float
    delta: float
    neighbours: Neighbours | None
    method: str


@dataclass(frozen=True)
class Exact:
    """The same as fractions. A delta of 1 or more promises nothing."""

    epsilon: Fraction
    delta: Fraction
    neighbours: Neighbours | None


def flat(events: Iterable[DpEvent]) -> list[EpsilonDelta]:
    """What is charged: the stated pairs of the events that cost something, composed ones taken apart.
    UnstatedCostError for an event without a pair, UnknownEventError for any other type."""
    found: list[EpsilonDelta] = []
    for event in events:
        if isinstance(event, Composed):
            found += flat(event.events)
        elif isinstance(event, EpsilonDelta | Stated):
            if exact(event.epsilon, "epsilon") or _delta(event.delta):
                found.append(EpsilonDelta(event.epsilon, event.delta, event.neighbours))
        elif isinstance(event, UNSTATED):
            raise UnstatedCostError(kind=type(event).__name__)
        elif not isinstance(event, NoEvent):
            raise UnknownEventError(kind=type(event).__name__)
    return found


def basic(events: Iterable[DpEvent]) -> Exact:
    """The exact sums under one relation. See the head of this file."""
    costs = flat(events)
    relation = common(costs)
    pairs = [pair_under(cost, relation) for cost in costs if relation is not None]
    return Exact(total(pair[0] for pair in pairs), total(pair[1] for pair in pairs), relation)


def common(costs: Iterable[EpsilonDelta]) -> Neighbours | None:
    """The relation that all costs can be stated under; None where there are none."""
    found = {cost.neighbours for cost in costs}
    if len(found) > 1:
        return Neighbours.REPLACE_ONE
    return next(iter(found), None)


def spent(events: Iterable[DpEvent]) -> Spent:
    """The total by basic composition, rounded up."""
    found = basic(list(events))
    if found.neighbours is None:
        return Spent(0.0, 0.0, None, NOTHING)
    method = BASIC if found.delta < 1 else f"{BASIC}; a delta of 1 promises nothing"
    return Spent(up(found.epsilon), min(1.0, up(found.delta)), found.neighbours, method)


def tighter(events: Iterable[DpEvent], delta: float) -> Spent:
    """The total at `delta` of what was done exactly (of stated events their inner one), by heterogeneous
    composition, where that is valid and says less.

    Otherwise, and for delta 0, the total by basic composition, whose delta may differ from `delta`.
    ImpossibleCostError for a delta outside 0..1. A statement about the mechanisms as they were run: where an
    earlier result decided how much noise a later one got, only basic composition with its fixed limit is
    proved (Rogers and others 2016; Whitehouse and others 2023), and it alone is enforced.
    """
    events = list(events)
    plain, target = spent(events), _delta(delta)
    stated = flat(events)
    alone = len(stated) < 2 and not _has_exact(events)
    if target == 0 or alone or plain.neighbours is None:
        return plain
    if relation_of(events) not in {None, plain.neighbours} and plain.neighbours is Neighbours.ADD_REMOVE:
        return plain
    from ppdesk.privacy.calibration import proved

    parts = taken_apart(events, plain.neighbours)
    epsilon = proved(parts, delta)
    if epsilon >= plain.epsilon:
        return plain
    method = LOSS_DISTRIBUTION if not (parts.rho or parts.tuned) else RENYI
    return Spent(epsilon, delta, plain.neighbours, GAUSSIAN if parts.only_gaussian else method)


def _has_exact(events: Iterable[DpEvent]) -> bool:
    return any(
        isinstance(event, Stated) or (isinstance(event, Composed) and _has_exact(event.events))
        for event in events
    )


def _delta(value: float) -> Fraction:
    found = exact(value, "delta")
    if found >= 1:
        raise ImpossibleCostError(name="delta")
    return found
