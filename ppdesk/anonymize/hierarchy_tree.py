"""A hierarchy as a tree that can be looked through: what lies below each value, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ppdesk.anonymize.hierarchies import TOP, Hierarchy


@dataclass(frozen=True)
class Tree:
    """Level 0 are the values, the last level is the top alone. All branches are equally deep, and a name
    stands once on a level: by construction.

    `labels`: the names on each level. `parents`: for each level but the top, the place on the next level of
    what each of its names generalizes to.
    """

    labels: tuple[tuple[str, ...], ...]
    parents: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, hierarchy: Hierarchy) -> "Tree":
        """The tree of a checked hierarchy."""
        parents = []
        for names, here, above in zip(
            hierarchy.labels, hierarchy.codes[:-1], hierarchy.codes[1:], strict=False
        ):
            to = [0] * len(names)
            for place, parent in zip(here.tolist(), above.tolist(), strict=True):
                to[place] = parent
            parents.append(tuple(to))
        return cls(hierarchy.labels, tuple(parents))

    @classmethod
    def flat(cls, values: Sequence[str]) -> "Tree":
        """Values under the top, and nothing between."""
        names = tuple(dict.fromkeys(values))
        return cls((names, (TOP,)), ((0,) * len(names),))

    @property
    def top(self) -> int:
        """The number of the highest level."""
        return len(self.labels) - 1

    @property
    def values(self) -> tuple[str, ...]:
        """The names on level 0."""
        return self.labels[0]

    @cached_property
    def _below(self) -> dict[int, tuple[tuple[int, ...], ...]]:
        return {}

    @cached_property
    def _rows(self) -> dict[int, tuple[int, ...]]:
        return {}

    def below(self, level: int, place: int) -> tuple[int, ...]:
        """The places on `level` - 1 of what generalizes to this name."""
        if level == 0:
            return ()
        if level not in self._below:
            found: list[list[int]] = [[] for _ in self.labels[level]]
            for child, parent in enumerate(self.parents[level - 1]):
                found[parent].append(child)
            self._below[level] = tuple(map(tuple, found))
        return self._below[level][place]

    def row(self, level: int, place: int) -> int:
        """Which of the names below the same parent it is, from 0."""
        if level == self.top:
            return 0
        if level not in self._rows:
            rows = [0] * len(self.labels[level])
            for parent in range(len(self.labels[level + 1])):
                for row, child in enumerate(self.below(level + 1, parent)):
                    rows[child] = row
            self._rows[level] = tuple(rows)
        return self._rows[level][place]

    def rows(self) -> list[tuple[str, ...]]:
        """One per value: the value first, then what it generalizes to, up to the top."""
        found = []
        for place, value in enumerate(self.values):
            row, at = [value], place
            for level, parents in enumerate(self.parents, start=1):
                at = parents[at]
                row.append(self.labels[level][at])
            found.append(tuple(row))
        return found

    def summed(self, counts: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
        """Counts of values, added up for each name of each level."""
        levels = [tuple(counts.get(value, 0) for value in self.values)]
        for level, parents in enumerate(self.parents, start=1):
            sums = [0] * len(self.labels[level])
            for count, parent in zip(levels[-1], parents, strict=True):
                sums[parent] += count
            levels.append(tuple(sums))
        return tuple(levels)
