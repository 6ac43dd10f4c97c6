"""Check one transformation where classes must also meet models on sensitive attributes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import grouping
from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.criteria.histograms import merge
from ppdesk.anonymize.criteria.judging import Judged, judge_sparse
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.criteria.reached import reached
from ppdesk.anonymize.errors import NoProtectionError, UnreachedDiversityError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel
from ppdesk.core.errors import CodedError


class CriteriaChecker(Checker):
    """As Checker, with requirements. Class tables carry the histograms of the sensitive attributes."""

    def __init__(
        self, frequencies: FrequencySet, k: int, limit: int, model: LossModel, columns: Sequence[str],
        *, needs: Requirements,
    ) -> None:  # fmt: skip
        super().__init__(frequencies, k, limit, model, columns)
        self._needs = needs
        self._held = [tuple(one.histogram for one in needs.attributes)]

    def refusal(self, suppressed: int, size: int) -> CodedError:
        if self.frequencies.records < self.k:
            return super().refusal(suppressed, size)
        names = ", ".join(dict.fromkeys(need.criterion.name for need in self._needs.each))
        nearest = "; ".join(filter(None, map(reached, self._needs.each)))
        if nearest:
            return UnreachedDiversityError(models=names, limit=self.limit, size=size, nearest=nearest)
        return NoProtectionError(models=names, limit=self.limit, size=size)

    def _weigh(self, levels: NDArray[np.int64]) -> tuple[int, int, NDArray[np.int64], NDArray[np.int64]]:
        total = self._totals(levels)
        codes, classes, hidden, floor = self._grouped(levels)
        if floor > self.limit:
            return floor, floor, total, total
        chosen = np.flatnonzero(hidden).astype(np.int32)
        suppressed = int(classes.sums[chosen].sum())
        removed = np.zeros_like(total)
        if suppressed <= self.limit:
            to = self.frequencies.maps.at(levels)
            removed = grouping.weigh_all(codes, classes, chosen, suppressed, to)
        return suppressed, floor, total - removed, total

    def _grouped(
        self, levels: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], grouping.Classes, NDArray[np.bool_], int]:
        """(codes of the source groups, classes, which are suppressed, records that any finer transformation
        suppresses at least). Judging stops where the last passes the limit: not all is marked then."""
        source = self._nearest(levels)
        codes, counts = self._tables[source]
        ids, classes = grouping.classify(codes, counts, self.frequencies.maps.at(levels))
        hidden = classes.sums < self.k
        judged = Judged(classes.sums, hidden, np.where(hidden, classes.sums, 0))
        floor = int(judged.floors.sum())
        worth = self._worth(len(classes.first), codes.shape[1])
        if worth or floor <= self.limit:
            merged = tuple(
                merge(held, ids, len(classes.first), len(one.labels))
                for held, one in zip(self._held[source], self._needs.attributes, strict=True)
            )
            if worth:
                self._keep(levels, codes, classes)
                self._held.append(merged)
                self._room -= sum(len(one.values) for one in merged)
            for need in self._needs.each:
                if floor <= self.limit:
                    floor = judge_sparse(merged[need.attribute], judged, need.rule, self.k, self.limit)
        return codes, classes, hidden, floor
