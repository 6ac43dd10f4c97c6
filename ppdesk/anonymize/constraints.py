"""What a search must keep to: the least and most that a column may be generalized. Light, for forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ppdesk.anonymize.errors import ConstraintError


@dataclass(frozen=True)
class Constraints:
    """`lowest` and `highest` level per column, all levels where not named. A column that must be kept as it
    is has the highest level 0."""

    lowest: Mapping[str, int] = field(default_factory=dict)
    highest: Mapping[str, int] = field(default_factory=dict)

    def box(self, columns: Sequence[str], shape: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """(lowest, highest level) of each column, whose hierarchies have `shape` levels. ConstraintError."""
        for name in (*self.lowest, *self.highest):
            if name not in columns:
                raise ConstraintError(column=name)
        found = []
        for name, levels in zip(columns, shape, strict=True):
            low, high = self.lowest.get(name, 0), self.highest.get(name, levels - 1)
            if not 0 <= low <= high < levels:
                raise ConstraintError(column=name)
            found.append((low, high))
        return tuple(found)
