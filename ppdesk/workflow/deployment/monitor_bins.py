"""The counts that the drift was computed from, kept so that it can be computed again without a row.

Exact counts, outside every privacy claim. A column is kept whole or not at all: where one cell of it holds
fewer records than the floor, on either side, all its counts are held back, since one that is left out follows
from the others and the number of records.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json, canonical

if TYPE_CHECKING:
    from ppdesk.assess.arrays import Counts
    from ppdesk.assess.cells import Domain

BINS = "bins"  # the part of MONITORING that holds them


@dataclass
class Bins:
    """Collects the counts of one comparison, column by column."""

    floor: int
    _held: "dict[str, tuple[Domain, Counts, Counts]]" = field(default_factory=dict)
    _twice: set[str] = field(default_factory=set)  # a column that is called as the scores are

    def add(self, domain: "Domain", reference: "Counts", batch: "Counts") -> None:
        """The counts of one column, (domain.cells,) each."""
        if domain.name in self._held:
            self._twice.add(domain.name)
        self._held[domain.name] = domain, reference, batch

    def part(self) -> bytes:
        """As JSON: counts of reference and batch by column, names of the cells, and what is held back."""
        columns: dict[str, Json] = {}
        labels: dict[str, Json] = {}
        back: list[Json] = []
        for name, (domain, reference, batch) in self._held.items():
            if name in self._twice or self._few(reference) or self._few(batch):
                back.append(name)
                continue
            columns[name] = [[int(one) for one in side] for side in (reference, batch)]
            labels[name] = list(domain.labels())
        return canonical({"columns": columns, "labels": labels, "held_back": back, "floor": self.floor})

    def _few(self, counts: "Counts") -> bool:
        return bool(((counts > 0) & (counts < self.floor)).any())
