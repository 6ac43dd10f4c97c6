"""What a list of events adds up to. Always an upper bound, and always with the name of its method.

Two ways of composing:

- basic composition (Dwork and others 2006; Dwork and Roth 2014, theorem 3.16): epsilons and deltas add up.
  Exact, needs no library, holds for events chosen adaptively, and is what the ledger charges.
- privacy loss distributions (Sommer and others 2019; Koskela and others 2020; Google's dp-accounting,
  pessimistic estimate): never larger up to its grid, and smaller for many events, but it needs a delta
  above 0. Told beside the other.

Relations: epsilon under add-or-remove-one becomes replace-one by group privacy, since replacing a record is
removing one and adding one: 2 epsilon, and delta (1 + e^epsilon) (Dwork and Roth 2014, theorem 2.2 for pure
epsilon; Vadhan 2017, lemma 2.2). Events under both relations are all brought to replace-one. The other way
round nothing is gained or assumed: a guarantee under replace-one says nothing about adding a record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

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
from ppdesk.privacy.exact import exact, exp_up, total, up

BASIC = "basic composition"
LOSS_DISTRIBUTION = "privacy loss distributions (dp-accounting, pessimistic)"
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
    pairs = [under(cost, relation) for cost in costs if relation is not None]
    return Exact(total(pair[0] for pair in pairs), total(pair[1] for pair in pairs), relation)


def common(costs: Iterable[EpsilonDelta]) -> Neighbours | None:
    """The relation that all costs can be stated under; None where there are none."""
    found = {cost.neighbours for cost in costs}
    if len(found) > 1:
        return Neighbours.REPLACE_ONE
    return next(iter(found), None)


def under(cost: EpsilonDelta, relation: Neighbours) -> tuple[Fraction, Fraction]:
    """(epsilon, delta) of `cost` stated under `relation`, never less than it is."""
    epsilon, delta = exact(cost.epsilon, "epsilon"), _delta(cost.delta)
    if cost.neighbours is relation:
        return epsilon, delta
    if relation is not Neighbours.REPLACE_ONE:
        raise UnknownEventError(kind=f"{cost.neighbours} stated as {relation}")
    if delta == 0:
        return 2 * epsilon, delta
    growth = exp_up(epsilon)
    return 2 * epsilon, Fraction(1) if growth is None else min(Fraction(1), delta * (1 + growth))


def spent(events: Iterable[DpEvent]) -> Spent:
    """The total by basic composition, rounded up."""
    found = basic(list(events))
    if found.neighbours is None:
        return Spent(0.0, 0.0, None, NOTHING)
    method = BASIC if found.delta < 1 else f"{BASIC}; a delta of 1 promises nothing"
    return Spent(up(found.epsilon), min(1.0, up(found.delta)), found.neighbours, method)


def tighter(events: Iterable[DpEvent], delta: float) -> Spent:
    """The total at `delta` by privacy loss distributions where they are valid and say less.

    Otherwise, and for delta 0, the total by basic composition, whose delta may differ from `delta`.
    ImpossibleCostError for a delta outside 0..1.
    """
    events = list(events)
    plain, target = spent(events), _delta(delta)
    costs = flat(events)
    if target == 0 or len(costs) < 2 or plain.neighbours is None:
        return plain
    if target <= total(under(cost, plain.neighbours)[1] for cost in costs):
        return plain
    epsilon = _by_loss_distribution([under(cost, plain.neighbours) for cost in costs], delta)
    if epsilon >= plain.epsilon:
        return plain
    return Spent(epsilon, delta, plain.neighbours, LOSS_DISTRIBUTION)


def _by_loss_distribution(costs: list[tuple[Fraction, Fraction]], delta: float) -> float:
    """Epsilon at `delta` of the composition of mechanisms that are known only by their guarantees."""
    from dp_accounting.pld.common import DifferentialPrivacyParameters
    from dp_accounting.pld.privacy_loss_distribution import from_privacy_parameters

    parts = [
        from_privacy_parameters(
            DifferentialPrivacyParameters(up(epsilon), up(each)),
            value_discretization_interval=1e-4,
        )
        for epsilon, each in costs
    ]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole.compose(part)
    # the grid is pessimistic; the last digits of its Fourier transforms are not, so some are given back
    return float(whole.get_epsilon_for_delta(delta)) * (1 + 1e-9)


def _delta(value: float) -> Fraction:
    found = exact(value, "delta")
    if found >= 1:
        raise ImpossibleCostError(name="delta")
    return found
