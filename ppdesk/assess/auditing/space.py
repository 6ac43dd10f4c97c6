"""Neighbouring tables of a few records, from what is declared about their columns.

A table is a matrix (n, columns) float64: codes of categories, numbers, NaN for a missing cell. The differing
record stands last. What the proofs say is the worst comes first: a record at the bounds, in an empty table or
beside records that are all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from ppdesk.assess.auditing.auditable import Pair

Floats = npt.NDArray[np.float64]
_MOST = 12  # corners that are proposed


@dataclass(frozen=True)
class Between:
    """What a pair of tables is made of: `base`, (n, columns), the records that both have; `out` the records
    of the first alone, `into` those of the second alone."""

    base: Floats
    out: Floats
    into: Floats

    @property
    def pair(self) -> Pair:
        words = f"beside {_records(len(self.base))}"
        if len(self.out):
            title = f"{_records(len(self.out))} {_told(self.out)} replaced by {_told(self.into)}, {words}"
        else:
            title = f"{_records(len(self.into))} {_told(self.into)} added, {words}"
        return Pair(title, np.concatenate([self.base, self.out]), np.concatenate([self.base, self.into]))


@dataclass(frozen=True)
class Space:
    """`columns`: for each the values to try, all declared; the bounds first. `sizes`: how many records both
    tables have. `replace`: neighbours by replacing, else by adding. `group`: records that differ."""

    columns: tuple[tuple[float, ...], ...]
    sizes: tuple[int, ...] = (0, 8)
    replace: bool = False
    group: int = 1

    def pairs(self) -> tuple[Pair, ...]:
        """Corners of what is declared, and beside them the last values to try, as they lie beyond it: alone,
        beside others that are all the same, and beside others that cancel out."""
        corners = list(product(*((one[0], one[1]) for one in self.columns)))
        corners = [corners[-1], tuple(one[-1] for one in self.columns), corners[0], *corners[1:-1]][:_MOST]
        found = []
        for corner in corners:
            other = self._opposite(corner)
            for base in self._bases(corner, other):
                found.append(self._between(base, corner, other))
        alone = 1 + (len(found) // len(corners) if corners else 0)
        # the first two corners alone, then all as they come
        first = [found[0], found[alone - 1]]
        rest = [one for one in found if all(one is not other for other in first)]
        # records that differ in the last column, the label, alone: gradients that are opposite
        corner = corners[0]
        turned = (*corner[:-1], self._opposite(corner)[-1])
        label = self._between(np.tile(corner, (self.sizes[0], 1)), corner, turned)
        return (*first, *rest[:1], label, *rest[1:])

    def _bases(self, corner: Sequence[float], other: Sequence[float]) -> list[Floats]:
        found = []
        for size in self.sizes:
            found.append(np.tile(other, (size, 1)))
            if size > 1:  # half of them with the other label, which stands last
                halves = np.tile((corner, other), (size // 2, 1))
                halves[:, :-1] = corner[:-1]
                found.insert(1, halves)
        return found

    def propose(self, source: np.random.Generator) -> Pair:
        """Records with any of the values to try."""
        size = int(source.choice(self.sizes))
        base = (
            self._any(source) * np.ones((size, 1)) if source.random() < 0.5 else self._several(source, size)
        )
        return self._between(base, tuple(self._any(source)), tuple(self._any(source)))

    def move(self, pair: Pair, source: np.random.Generator) -> Pair:
        """One cell of what differs, or of the others, has another value."""
        first, second = pair.first.copy(), pair.second.copy()
        both = len(first) - self.group if len(first) == len(second) else min(len(first), len(second))
        place = int(source.integers(len(self.columns)))
        value = float(source.choice(self.columns[place]))
        if both and source.random() < 0.5:
            row = int(source.integers(both))
            first[row, place] = second[row, place] = value
        else:
            second[both:, place] = value
        base, out, into = second[:both], first[both:], second[both:]
        return Between(base, out, into).pair

    def _between(self, base: Floats, record: Sequence[float], other: Sequence[float]) -> Pair:
        into = np.tile(np.array(record, dtype=np.float64), (self.group, 1))
        out = np.tile(np.array(other, dtype=np.float64), (self.group if self.replace else 0, 1))
        return Between(np.asarray(base, dtype=np.float64).reshape(-1, len(self.columns)), out, into).pair

    def _opposite(self, corner: Sequence[float]) -> tuple[float, ...]:
        return tuple(
            one[1] if value == one[0] else one[0] for value, one in zip(corner, self.columns, strict=True)
        )

    def _any(self, source: np.random.Generator) -> Floats:
        return np.array([float(source.choice(one)) for one in self.columns])

    def _several(self, source: np.random.Generator, size: int) -> Floats:
        return np.array([self._any(source) for _ in range(size)]).reshape(size, len(self.columns))


def _records(count: int) -> str:
    return "no record" if count == 0 else "1 record" if count == 1 else f"{count} records"


def _told(rows: Floats) -> str:
    """The values of the first of `rows`: all made up, nobody's."""
    cells = ("missing" if np.isnan(one) else f"{one:g}" for one in rows[0])
    return f"({', '.join(cells)})"
