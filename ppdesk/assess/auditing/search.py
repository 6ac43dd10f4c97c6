"""Which neighbouring inputs tell the most: a search by few runs each, that keeps the better ones.

Nothing that is tried here counts for the bound, so nothing is paid for trying: the runs that count are fresh.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ppdesk.assess.auditing.auditable import Auditable, Draws, Pair, aligned
from ppdesk.assess.auditing.events import Floats, learn

Drawn = Callable[[Pair, int], tuple[Draws, Draws]]
_KEPT = 3  # one of so many pairs goes on
_FEWEST = 20  # runs of each table of a pair, at least


@dataclass(eq=False)  # each is itself
class Tried:
    """A pair with all its runs so far."""

    pair: Pair
    names: tuple[str, ...] = ()
    first: Floats = field(default_factory=lambda: np.empty((0, 0)))
    second: Floats = field(default_factory=lambda: np.empty((0, 0)))
    promise: float = -np.inf

    @property
    def runs(self) -> int:
        return int(self.first.shape[0])

    def add(self, first: Draws, second: Draws) -> None:
        """More runs; what was never released before was missing then."""
        before = self.names
        self.names = tuple(dict.fromkeys((*before, *first.names, *second.names)))
        for name, more in (("first", first), ("second", second)):
            old = aligned(Draws(before, getattr(self, name)), self.names) if before else None
            new = aligned(more, self.names)
            setattr(self, name, new if old is None else np.concatenate([old, new]))


def searched(
    auditable: Auditable, pairs: int, runs: int, draw: Drawn, source: np.random.Generator
) -> tuple[Tried, int]:
    """The pair that promises the most, with about `runs` runs of each of its inputs, and how many were tried.

    First the proposed ones and random ones, `pairs` in all, with few runs; the best third goes on with three
    times as many, and so on. Beside the best of a round a step away from it is tried. The first proposal
    stays to the end: it is what the proof says is the worst. Only the one that is found gets all `runs`.
    """
    tried = [Tried(one) for one in auditable.pairs[:pairs]]
    while auditable.propose is not None and len(tried) < pairs:
        tried.append(Tried(auditable.propose(source)))
    first, count, rounds = tried[0], len(tried), _rounds(len(tried))
    for left in range(rounds, 0, -1):
        wanted = min(runs, max(_FEWEST, runs // _KEPT**left))
        for one in tried:
            if one.runs < wanted:
                one.add(*draw(one.pair, wanted - one.runs))
            one.promise = _promise(auditable, one)
        tried.sort(key=lambda one: -one.promise)
        if left <= 1:
            break
        kept = tried[: max(1, len(tried) // _KEPT)]
        if first not in kept:
            kept.append(first)
        if auditable.move is not None:
            kept.append(Tried(auditable.move(kept[0].pair, source)))
            count += 1
        tried = kept
    best = tried[0]
    if best.runs < runs:
        best.add(*draw(best.pair, runs - best.runs))
    return best, count


def _rounds(pairs: int) -> int:
    return 0 if pairs == 1 else 1 + int(np.ceil(np.log(pairs) / np.log(_KEPT))) - 1


def cost(pairs: int) -> float:
    """Runs that a search of so many pairs makes, in units of those of the pair that is found, about."""
    rounds = _rounds(pairs)
    total, there = 0.0, float(pairs)
    for left in range(rounds, 0, -1):
        total += there / _KEPT**left
        there = max(1.0, there // _KEPT) + 2
    return total + (1 - 1 / _KEPT if rounds else 1)


def _promise(auditable: Auditable, one: Tried) -> float:
    found = learn(one.first, one.second, auditable.claim.pairs, 0, thorough=False)
    return found[0].promise if found else -np.inf
