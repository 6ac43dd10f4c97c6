"""Which checker a configuration takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.anonymize.checker import Checker
from ppdesk.anonymize.criteria.checker import CriteriaChecker
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.model_checker import ModelChecker, plain
from ppdesk.anonymize.quality import QualityChecker
from ppdesk.anonymize.quality_names import Quality

if TYPE_CHECKING:
    from ppdesk.anonymize.populations.judging import Populations


def checker_of(
    frequencies: FrequencySet,
    k: int,
    limit: int,
    model: LossModel,
    columns: Sequence[str],
    *,
    needs: Requirements | None = None,
    quality: Quality = Quality.LOSS,
    populations: "Populations | None" = None,
) -> Checker:
    """Checks single transformations under `k`, `needs` and a limit in records. A `quality` other than Loss is
    minimized by those settings of `model` that it has. WeightsError, ResponseError."""
    if populations is not None:
        from ppdesk.anonymize.populations.checker import checker

        return checker(
            frequencies, k, limit, model, columns,
            needs=needs or Requirements(), quality=quality, populations=populations,
        )  # fmt: skip
    if not plain(quality, model):
        return ModelChecker(
            frequencies, k, limit, quality, columns, needs=needs or Requirements(), model=model
        )
    if quality is not Quality.LOSS:
        return QualityChecker(frequencies, k, limit, quality, columns, needs=needs or Requirements())
    if needs is None or not needs.each:
        return Checker(frequencies, k, limit, model, columns)
    return CriteriaChecker(frequencies, k, limit, model, columns, needs=needs)
