"""Check one transformation under models on the population and on the whole sample, with any quality model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import grouping
from ppdesk.anonymize.criteria.checker import CriteriaChecker
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.model_checker import ModelChecker, plain
from ppdesk.anonymize.populations.errors import NoProtectedReleaseError
from ppdesk.anonymize.populations.judging import Grouped, Populations
from ppdesk.anonymize.quality import QualityChecker
from ppdesk.anonymize.quality_names import Quality
from ppdesk.core.errors import CodedError


class _Judged(CriteriaChecker):
    """As CriteriaChecker, and what it finds is handed on to the models on the population."""

    populations: Populations

    def _grouped(
        self, levels: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], grouping.Classes, NDArray[np.bool_], int]:
        codes, classes, hidden, floor = super()._grouped(levels)
        if floor <= self.limit:  # else not all is marked, and nobody needs more
            found = Grouped(levels, grouping.gather(codes, classes.first), classes.sums)
            hidden, floor = self.populations.judge(found, hidden, self.k, floor)
        return codes, classes, hidden, floor

    def refusal(self, suppressed: int, size: int) -> CodedError:  # noqa: ARG002
        names = dict.fromkeys(need.criterion.name for need in self._needs.each)
        models = ", ".join([f"{self.k}-anonymity", *names, self.populations.names])
        return NoProtectedReleaseError(models=models, limit=self.limit, size=size)


class _LossChecker(_Judged):
    """Loss with models on the population."""


class _QualityChecker(_Judged, QualityChecker):
    """Another quality model with models on the population."""

    _lasting = False  # a part of a suppressed class may be kept when it is finer

    def _price(self, levels: NDArray[np.int64]) -> tuple[int, int, float, float]:
        suppressed, floor, value, above = super()._price(levels)
        if floor > self.limit:  # also where no suppression at all makes it usable
            return max(suppressed, floor), floor, np.inf, above
        return suppressed, floor, value, above


class _ModelChecker(_Judged, ModelChecker):
    """A quality model with settings, with models on the population."""

    def _price(self, levels: NDArray[np.int64]) -> tuple[int, int, Sequence[float] | None, float]:
        suppressed, floor, costs, above = super()._price(levels)
        if floor > self.limit:  # as above
            return max(suppressed, floor), floor, None, above
        return suppressed, floor, costs, above


def checker(
    frequencies: FrequencySet, k: int, limit: int, model: LossModel, columns: Sequence[str],
    *, needs: Requirements, quality: Quality, populations: Populations,
) -> CriteriaChecker:  # fmt: skip
    """The checker for these models: k-anonymity, `needs` on sensitive columns, `populations`."""
    found: _Judged
    if not plain(quality, model):
        found = _ModelChecker(frequencies, k, limit, quality, columns, needs=needs, model=model)
    elif quality is Quality.LOSS:
        found = _LossChecker(frequencies, k, limit, model, columns, needs=needs)
    else:
        found = _QualityChecker(frequencies, k, limit, quality, columns, needs=needs)
    found.populations = populations
    return found
