"""A genetic search.

Source: Wan, Vorobeychik, Xia, Clayton, Kantarcioglu and Malin, Expanding access to large-scale genomic data
while promoting privacy: a game theoretic approach, American Journal of Human Genetics 100(2), 2017, in the
form that ARX 3.9 gave it: two populations, of which the fittest fifth stays, a fifth are children of two fit
parents (each column's level from either), and the rest are mutants. Every ten generations the fittest fifth
of each goes over to the other (in ARX a cast makes that zero).

ARX ranks by information loss alone. Here what meets the privacy models comes first, and all others by the
least that they would cost. Random numbers pick what to look at: nothing of privacy rests on them.
"""

import math

import numpy as np

from ppdesk.anonymize.heuristics.explorer import Explorer, Levels
from ppdesk.core.entropy import Entropy

_SIZE = 60  # members of a population beside the first ones, ARX has 100
_SHARE = 0.2  # elite, children, fit parents, travellers, columns that a mutation changes
_TRAVEL_EVERY = 10
_IDLE = 50  # generations without a better one, after which it ends


def genetic(explorer: Explorer, low: Levels, entropy: Entropy) -> None:
    """Search between `low` and the explorer's top until nothing has got better for long, or
    StopSearchError."""
    _Genetic(explorer, low, entropy).run()


class _Genetic:
    def __init__(self, explorer: Explorer, low: Levels, entropy: Entropy) -> None:
        self._explorer, self._low, self._high = explorer, low, explorer.high
        self._random = np.random.Generator(np.random.PCG64(int.from_bytes(entropy.take(16), "big")))

    def run(self) -> None:
        # a "triangle": the first columns at the top, the rest at the bottom, so that both ends are covered
        first = [(*self._high[: i + 1], *self._low[i + 1 :]) for i in range(len(self._low))]
        size = len(first) + _SIZE
        populations = [
            first + [self._any() for _ in range(_SIZE)],
            [self._any() for _ in range(size)],
        ]
        best, idle, generation = math.inf, 0, 0
        while idle < _IDLE:
            populations = [sorted(one, key=self._rank) for one in populations]
            if generation % _TRAVEL_EVERY == 0:
                some = math.ceil(_SHARE * size)
                left, right = populations
                populations = [
                    sorted([*left[: size - some], *right[:some]], key=self._rank),
                    sorted([*right[: size - some], *left[:some]], key=self._rank),
                ]
            populations = [self._next(one) for one in populations]
            generation += 1
            idle = 0 if self._explorer.value < best else idle + 1
            best = self._explorer.value
            self._explorer.pulse()

    def _next(self, members: list[Levels]) -> list[Levels]:
        """The next generation of a sorted population."""
        some = math.ceil(_SHARE * len(members))
        fit = self._draw(some, 2 * some)
        children = [
            self._child(members[one], members[other])
            for one, other in zip(fit[:some], fit[some:], strict=True)
        ]
        mutants = [
            self._mutant(members[int(self._random.integers(len(members)))])
            for _ in range(len(members) - 2 * some)
        ]
        return [*members[:some], *mutants, *children]

    def _draw(self, among: int, many: int) -> list[int]:
        """Places among the fittest, the better the likelier."""
        weight = np.arange(among, 0, -1, dtype=np.float64)
        return [int(one) for one in self._random.choice(among, size=many, p=weight / weight.sum())]

    def _child(self, one: Levels, other: Levels) -> Levels:
        pick = self._random.random(len(one)) < 0.5
        return tuple(a if first else b for a, b, first in zip(one, other, pick.tolist(), strict=True))

    def _mutant(self, levels: Levels) -> Levels:
        changed = list(levels)
        most = math.ceil(_SHARE * len(levels))
        for column in self._random.permutation(len(levels))[: int(self._random.integers(most + 1))].tolist():
            changed[column] = self._level(column)
        return tuple(changed)

    def _any(self) -> Levels:
        return tuple(self._level(column) for column in range(len(self._low)))

    def _level(self, column: int) -> int:
        return int(self._random.integers(self._low[column], self._high[column] + 1))

    def _rank(self, levels: Levels) -> tuple[bool, float, int, Levels]:
        """The smaller is the fitter."""
        explorer = self._explorer
        if levels not in explorer.seen and explorer.fails(levels):
            return True, math.inf, -sum(levels), levels
        seen = explorer.look(levels)
        fine = math.isfinite(seen.value)
        value = seen.value if fine else explorer.least(levels, seen.floor)
        return not fine, value, sum(levels), levels
