"""What is searched for, in one piece."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.checkers import checker_of
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.quality_names import Quality

if TYPE_CHECKING:
    from ppdesk.anonymize.populations.judging import Populations


@dataclass(frozen=True)
class Problem:
    """Privacy models, limit and quality model on a frequency set. `columns` in the hierarchies' order."""

    frequencies: FrequencySet
    k: int
    suppression_limit: float  # share of the records
    model: LossModel
    columns: Sequence[str]
    needs: Requirements | None = None
    quality: Quality = Quality.LOSS
    populations: "Populations | None" = None

    @property
    def records(self) -> int:
        return self.frequencies.records

    @property
    def limit(self) -> int:
        """Records that may be suppressed."""
        return math.floor(self.suppression_limit * self.records)

    @property
    def shape(self) -> tuple[int, ...]:
        """Levels of each column."""
        return self.frequencies.maps.shape

    @property
    def names(self) -> str:
        """The privacy models, in words."""
        sensitive = [need.criterion.name for need in (self.needs.each if self.needs else ())]
        populations = [self.populations.names] if self.populations is not None else []
        return ", ".join(dict.fromkeys([f"{self.k}-anonymity", *sensitive, *populations]))

    @property
    def monotone(self) -> bool:
        """Whether a more general transformation never suppresses more records: k-anonymity alone."""
        return self.populations is None and not (self.needs and self.needs.each)

    def checker(self, *, k: int | None = None, limit: int | None = None) -> Checker:
        """A fresh checker, also for another k or limit in records. WeightsError."""
        return checker_of(
            self.frequencies, k or self.k, self.limit if limit is None else limit, self.model, self.columns,
            needs=self.needs, quality=self.quality, populations=self.populations,
        )  # fmt: skip
