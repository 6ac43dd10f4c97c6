"""Whether a coded hierarchy is a tree with one top; if not, the first row that is not right is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.errors import (
    BranchingHierarchyError,
    CyclicHierarchyError,
    DuplicateLeafError,
    HierarchyError,
    OpenTopError,
    ReturnedFromTopError,
)

if TYPE_CHECKING:
    from ppdesk.anonymize.hierarchies import Hierarchy

_TOP = "*"


def check(hierarchy: "Hierarchy", places: Sequence[int] | None = None) -> None:
    """Raises a HierarchyError that names the first row that is wrong, counted from 1 or as `places` says."""
    checks = _Checks(hierarchy, places)
    wrong = [checks.top(), checks.leaves()]
    for level in range(hierarchy.levels - 1):
        wrong += [checks.branching(level), checks.returned(level)]
    found = [one for one in wrong if one is not None]
    if not found:  # only where equal values generalize equally there is one way up
        found = [one for one in map(checks.cycle, range(hierarchy.levels - 2)) if one is not None]
    if found:
        raise min(found, key=lambda one: one[0])[1]  # of one row, the first by kind


@dataclass(frozen=True)
class _Checks:
    """Each tells the first wrong row, from 0, with the error; or None."""

    of: "Hierarchy"
    places: Sequence[int] | None

    def top(self) -> tuple[int, HierarchyError] | None:
        labels, codes = self.of.labels[-1], self.of.codes[-1]
        row = _first(codes != (labels.index(_TOP) if _TOP in labels else -1))
        if row is None:
            return None
        return row, OpenTopError(column=self.of.column, row=self._place(row), value=self._value(0, row))

    def leaves(self) -> tuple[int, HierarchyError] | None:
        codes = self.of.codes[0]
        row = _first(codes != np.arange(len(codes)))  # numbered as they first come
        if row is None:
            return None
        return row, DuplicateLeafError(
            column=self.of.column, row=self._place(row), value=self._value(0, row),
            first=self._place(int(codes[row])),
        )  # fmt: skip

    def branching(self, level: int) -> tuple[int, HierarchyError] | None:
        since = self._since(level)[self.of.codes[level]]
        above = self.of.codes[level + 1]
        row = _first(above != above[since])
        if row is None:
            return None
        first = int(since[row])
        return row, BranchingHierarchyError(
            column=self.of.column, row=self._place(row), level=level, value=self._value(level, row),
            other=self._value(level + 1, row), parent=self._value(level + 1, first), first=self._place(first),
        )  # fmt: skip

    def returned(self, level: int) -> tuple[int, HierarchyError] | None:
        if level == 0 or _TOP not in self.of.labels[level]:  # a leaf may be written "*"
            return None
        above = self.of.labels[level + 1]
        top = above.index(_TOP) if _TOP in above else -1
        at_top = self.of.codes[level] == self.of.labels[level].index(_TOP)
        row = _first(at_top & (self.of.codes[level + 1] != top))
        if row is None:
            return None
        return row, ReturnedFromTopError(
            column=self.of.column, row=self._place(row), level=level + 1, value=self._value(level + 1, row)
        )

    def cycle(self, level: int) -> tuple[int, HierarchyError] | None:
        """A value of `level` that returns on a level above after another value. "*" is its own matter."""
        labels = self.of.labels
        since = self._since(level)
        left = np.zeros(len(labels[level]), np.bool_)
        for above in range(level + 1, self.of.levels):
            number = {label: code for code, label in enumerate(labels[above]) if label != _TOP}
            same = np.fromiter((number.get(label, -1) for label in labels[level]), np.int32, len(since))
            equal = same == self.of.codes[above][since]
            node = _first(left & equal)
            if node is not None:
                row = int(since[left & equal].min())
                return row, CyclicHierarchyError(
                    column=self.of.column, row=self._place(row), level=above, value=self._value(level, row)
                )
            left |= ~equal
        return None

    def _since(self, level: int) -> NDArray[np.int64]:
        """(labels,) int64: the first row that has each label of the level."""
        codes = self.of.codes[level]
        since = np.empty(len(self.of.labels[level]), np.int64)
        since[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # of equal places, the last write stays
        return since

    def _place(self, row: int) -> int:
        return self.places[row] if self.places else row + 1

    def _value(self, level: int, row: int) -> str:
        return self.of.labels[level][int(self.of.codes[level][row])]


def _first(wrong: NDArray[np.bool_]) -> int | None:
    row = int(wrong.argmax()) if len(wrong) else 0
    return row if len(wrong) and wrong[row] else None
