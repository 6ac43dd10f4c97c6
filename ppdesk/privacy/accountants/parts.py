"""A project's events taken apart into what composes the same way, under one neighbouring relation.

Add-or-remove-one becomes replace-one by removing one record and adding one:

- noise on a sum: the distance doubles (triangle inequality), so the noise multiplier halves;
- a Poisson-sampled sum: its noise multiplier counts one record's norm, whatever the relation; the accountant
  takes the pair of distributions of the relation;
- zero-concentrated: rho becomes 4 rho (Bun and Steinke 2016, proposition 1.9);
- a pair: 2 epsilon and delta (1 + e^epsilon) (Vadhan 2017, lemma 2.2).

The other way round nothing is valid: UnknownEventError.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ppdesk.privacy.events import (
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
    ZeroConcentrated,
)
from ppdesk.privacy.exact import exact, exp_up, up

Relation = Neighbours | None


@dataclass
class Parts:
    """The leaves with their counts. `squared`: mu^2 of all full Gaussian noise, which is one Gaussian
    (Dong, Roth and Su 2022, corollary 3.3). `rho` adds up too (Bun and Steinke 2016, lemma 1.7)."""

    relation: Neighbours
    squared: float = 0.0
    rho: float = 0.0
    sampled: Counter[PoissonSampled] = field(default_factory=Counter)
    laplace: Counter[float] = field(default_factory=Counter)
    pairs: Counter[EpsilonDelta] = field(default_factory=Counter)
    tuned: Counter[RandomTuned] = field(default_factory=Counter)

    @property
    def only_gaussian(self) -> bool:
        """Whether all of it is one Gaussian mechanism."""
        return not (self.rho or self.sampled or self.laplace or self.pairs or self.tuned)

    @property
    def steps(self) -> int:
        """How many mechanisms are composed."""
        return 1 + sum(sum(kind.values()) for kind in (self.sampled, self.laplace, self.pairs))

    def without_rest(self) -> "Parts":
        """What has a privacy loss distribution: all but zero-concentrated and tuned mechanisms."""
        return replace(self, rho=0.0, tuned=Counter())

    def only_rest(self) -> "Parts":
        """What is known only by its Renyi divergences."""
        return Parts(self.relation, rho=self.rho, tuned=self.tuned)


def relation_of(events: Iterable[DpEvent]) -> Relation:
    """The relation that all events can be stated under; None where there are none."""
    found = set(_relations(events))
    if len(found) > 1:
        return Neighbours.REPLACE_ONE
    return next(iter(found), None)


def taken_apart(events: Iterable[DpEvent], relation: Neighbours) -> Parts:
    """All events under `relation`. The exact event of a stated one counts, not its pair."""
    found = Parts(relation)
    for event in events:
        _add(found, event, 1)
    return found


def _relations(events: Iterable[DpEvent]) -> Iterable[Neighbours]:
    for event in events:
        if isinstance(event, Composed):
            yield from _relations(event.events)
        elif isinstance(event, SelfComposed | PoissonSampled | RandomTuned | Stated):
            yield from _relations((event.event,))
        elif not isinstance(event, NoEvent):
            yield event.neighbours


def _add(found: Parts, event: DpEvent, count: int) -> None:
    if isinstance(event, Composed):
        for inner in event.events:
            _add(found, inner, count)
    elif isinstance(event, SelfComposed):
        _add(found, event.event, count * event.count)
    elif isinstance(event, Stated):
        _add(found, event.event, count)
    elif isinstance(event, RandomTuned):
        found.tuned[event] += count
    elif isinstance(event, PoissonSampled):
        _add_sampled(found, event, count)
    elif not isinstance(event, NoEvent):
        twice = _hops(event.neighbours, found.relation)
        if isinstance(event, Gaussian):
            found.squared += count * (twice / event.noise_multiplier) ** 2 * (1 + 1e-15)
        elif isinstance(event, Laplace):
            found.laplace[event.noise_multiplier / twice] += count
        elif isinstance(event, ZeroConcentrated):
            found.rho += count * twice**2 * event.rho
        else:
            found.pairs[under(event, found.relation)] += count


def _add_sampled(found: Parts, event: PoissonSampled, count: int) -> None:
    _hops(event.event.neighbours, found.relation)
    if event.rate == 1 and isinstance(event.event, Gaussian):
        norms = event.group * (2 if found.relation is Neighbours.REPLACE_ONE else 1)
        found.squared += count * (norms / event.event.noise_multiplier) ** 2 * (1 + 1e-15)
    else:
        stated = replace(event, event=replace(event.event, neighbours=found.relation))
        found.sampled[stated] += count


def _hops(own: Neighbours, relation: Neighbours) -> int:
    if own is relation:
        return 1
    if relation is not Neighbours.REPLACE_ONE:
        raise UnknownEventError(kind=f"{own} stated as {relation}")
    return 2


def under(cost: EpsilonDelta, relation: Neighbours) -> EpsilonDelta:
    """The pair stated under `relation`, rounded up; a delta of 1 or more promises nothing: the largest
    float below 1 then stands for it."""
    epsilon, delta = pair_under(cost, relation)
    return EpsilonDelta(up(epsilon), min(up(delta), 1 - 2**-53), relation)


def pair_under(cost: EpsilonDelta, relation: Neighbours) -> tuple[Fraction, Fraction]:
    """(epsilon, delta) of `cost` stated under `relation`, never less than it is."""
    epsilon, delta = exact(cost.epsilon, "epsilon"), exact(cost.delta, "delta")
    if _hops(cost.neighbours, relation) == 1:
        return epsilon, delta
    if delta == 0:
        return 2 * epsilon, delta
    growth = exp_up(epsilon)
    return 2 * epsilon, Fraction(1) if growth is None else min(Fraction(1), delta * (1 + growth))
