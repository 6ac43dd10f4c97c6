"""The test of one mechanism: neighbouring inputs by search, events by learning, a bound by counting.

In the spirit of DP-Auditorium (Kong, Munoz Medina, Ribero, Syed 2024, "DP-Auditorium: a large scale library
for auditing differential privacy") and StatDP (Ding and others 2018).

Attacker: chooses both tables, knows the mechanism, and sees everything that it releases. Success: an event
that is likelier under one table than the claim allows. Statistic: a lower bound on epsilon at the claimed
delta, exact for every number of runs (`bounds`).

Three parts of the runs. The first chooses among pairs of tables (`search`), the second teaches which events
tell them apart (`events`); the third is fresh, and only it is counted: so however much was tried before,
the bound holds. A few events are counted, each at its share of the error (Bonferroni).

What it can't see: a loss that shows in events rarer than about ten in all runs (so a breach of delta alone,
where delta is small); a worse pair of tables than those tried; noise that repeats between runs, low bits of
doubles, how long a run took. `power` says what this number of runs finds if pair and event are the right
ones.
"""

import time
from dataclasses import dataclass

import numpy as np

from ppdesk.assess.auditing import renyi
from ppdesk.assess.auditing.auditable import Auditable, Draws, Pair, aligned
from ppdesk.assess.auditing.bounds import Box, box, power
from ppdesk.assess.auditing.events import Event, few, learn
from ppdesk.assess.auditing.search import cost, searched
from ppdesk.assess.effort import Effort, Progress
from ppdesk.core.entropy import Entropy
from ppdesk.core.generators import generator
from ppdesk.core.said import said

_EVENTS = 4  # that are counted
_FEWEST = 200  # runs of each table that are counted, at least
_LEARNT = 100  # that are learnt from, at least
_SLOW = 4  # pairs of tables that a mechanism is tried on which has no time for more
_SCORES = (said("boosted trees"), said("logistic regression"))


@dataclass(frozen=True)
class Trying:
    """`seconds` of runs for a mechanism, by what a run is said to cost (learning from them comes on top, a
    few seconds); at most `runs` of each table are counted; `pairs` of tables to search among."""

    seconds: float
    runs: int
    pairs: int


TRYING = {
    Effort.QUICK: Trying(3.0, 4_000, 4),
    Effort.STANDARD: Trying(15.0, 20_000, 12),
    Effort.THOROUGH: Trying(300.0, 200_000, 36),
}


@dataclass(frozen=True)
class Counts:
    """How many runs of each table choose among pairs and teach (`learn`), and how many are counted."""

    learn: int
    count: int


@dataclass(frozen=True)
class Tested:
    """What the runs say; see `workflow.evaluation.testing.MechanismTest` for the words of most of it.

    `hockey_stick`: delta at the claimed epsilon is at least this. `as_gaussian`: epsilon at the claimed delta
    if the loss is that of a Gaussian mechanism, as a claim with a curve says; None without one.
    """

    __test__ = False  # not a pytest class

    measured: float
    guess: float
    hockey_stick: float
    as_gaussian: float | None
    over: float
    pair_over: tuple[float, float]
    measured_there: float
    tester: str
    pair: str
    pairs_tried: int
    runs: int
    learnt: int
    renyi: float | None
    power: float

    @property
    def called(self) -> bool:
        """Whether the claim is false, with the confidence of the test."""
        return self.over > 0


def counts_of(auditable: Auditable, trying: Trying) -> Counts:
    """How many runs fit into the effort. No clock takes part, so that a test repeats."""
    whole = _whole(auditable, trying)
    # half of the runs are counted; the other half teaches and searches
    count = int(min(trying.runs, max(_FEWEST, whole / 2)))
    learnt = int(min(count, max(_LEARNT, whole / 2 / cost(pairs_of(auditable, trying)))))
    return Counts(learnt, count)


def pairs_of(auditable: Auditable, trying: Trying) -> int:
    """How many pairs of tables are searched among: few if hardly any run is left for each."""
    enough = _whole(auditable, trying) / 2 >= _LEARNT * cost(trying.pairs)
    return trying.pairs if enough else min(_SLOW, trying.pairs)


def _whole(auditable: Auditable, trying: Trying) -> float:
    """Runs of each table."""
    return trying.seconds * 1000 / max(auditable.cost, 1e-3) / 2


def examined(
    auditable: Auditable,
    *,
    trying: Trying,
    alpha: float,
    entropy: Entropy,
    progress: Progress,
    counts: Counts | None = None,
) -> Tested:
    """Test it, at an error of `alpha`: a sound mechanism is called with at most this chance. `progress` may
    raise to stop."""
    sizes = counts or counts_of(auditable, trying)
    pairs = trying.pairs if counts else pairs_of(auditable, trying)
    clock = _Clock(progress, 2 * (sizes.count + sizes.learn * cost(pairs)))

    def draw(pair: Pair, runs: int) -> tuple[Draws, Draws]:
        return tuple(_in_parts(auditable, one, runs, entropy, clock) for one in (pair.first, pair.second))  # type: ignore[return-value]  # a pair

    source = generator(entropy)
    best, tried = searched(auditable, pairs, sizes.learn, draw, source)
    clock.now(said("Learning what tells the tables apart"))
    seed = int(source.integers(2**31))
    events = learn(best.first, best.second, auditable.claim.pairs, seed)
    clock.now(said("Counting"))
    fresh = [aligned(one, best.names) for one in draw(best.pair, sizes.count)]
    return _judged(auditable, events, fresh, best.pair.title, tried, sizes, alpha)


def _judged(  # noqa: PLR0917  # the parts of one test
    auditable: Auditable,
    events: list[Event],
    fresh: list[np.ndarray],
    title: str,
    tried: int,
    sizes: Counts,
    alpha: float,
) -> Tested:
    claim, kept = auditable.claim, few(events, _EVENTS)
    each = alpha / _EVENTS
    found: list[tuple[Event | None, Box, Box]] = [(None, Box(0, 1, 0, 1), Box(0, 1, 0, 1))]
    for event in kept:
        hits = [event.count(one) for one in fresh]
        p, q = (one / sizes.count for one in hits)
        found.append((event, box(hits[0], hits[1], sizes.count, each), Box(p, p, q, q)))
    overs = [one.over(claim.pairs) for _, one, _ in found]
    top = max(range(len(found)), key=lambda place: overs[place][0])
    told = max(range(len(found)), key=lambda place: found[place][1].epsilon(claim.delta))
    most = max(1 / sizes.count, 1e-12)
    plain = found[told][2]
    guess = Box(plain.p_low, max(plain.p_high, most), plain.q_low, max(plain.q_high, most)).epsilon(
        claim.delta
    )
    over, place = overs[top]
    there = claim.pairs[place]
    named = found[top][0] or found[told][0]
    gaussian = None
    if claim.curve and claim.delta > 0:
        from ppdesk.privacy.gaussian_dp import epsilon_of_mu

        mu = max(one.mu for _, one, _ in found)
        gaussian = float(epsilon_of_mu(mu, claim.delta)) if mu > 0 else 0.0
    return Tested(
        measured=found[told][1].epsilon(claim.delta),
        guess=guess,
        hockey_stick=max(
            0.0, *(p - np.exp(min(claim.epsilon, 500.0)) * q for _, one, _ in found for p, q in one.ways)
        ),
        as_gaussian=gaussian,
        over=over,
        pair_over=there,
        measured_there=found[top][1].epsilon(there[1]),
        tester=named.tester if named is not None else said("nothing told the tables apart"),
        pair=title,
        pairs_tried=tried,
        runs=sizes.count,
        learnt=sizes.learn,
        renyi=_renyi(events, fresh, claim.delta),
        power=power(claim, sizes.count, each),
    )


def _renyi(events: list[Event], fresh: list[np.ndarray], delta: float) -> float | None:
    score = next((one.score for name in _SCORES for one in events if one.tester == name), None)
    return None if score is None else renyi.epsilon(score(fresh[0]), score(fresh[1]), delta)


class _Clock:
    """Tells how far it is, not more often than a person can see."""

    def __init__(self, progress: Progress, whole: float) -> None:
        self._progress, self._whole, self._done, self._last = progress, max(1.0, whole), 0, 0.0
        self._doing: str = said("Looking for the worst tables")

    def tick(self) -> None:
        """One run more."""
        self._done += 1
        if time.monotonic() - self._last > 0.2:
            self.now(self._doing)

    def now(self, doing: str) -> None:
        self._doing, self._last = doing, time.monotonic()
        self._progress(min(1.0, self._done / self._whole), doing)

    def add(self, runs: int) -> None:
        self._done += runs


def _in_parts(auditable: Auditable, given: object, runs: int, entropy: Entropy, clock: _Clock) -> Draws:
    """All runs, in pieces between which the work can be stopped."""
    ticked = clock._done
    found = auditable.draw(given, runs, entropy, clock.tick)
    if clock._done == ticked:  # a mechanism that runs many at once does not tick
        clock.add(runs)
        clock.tick()
    return found
