"""From models with their parameters to what the search and the release ask."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ppdesk.anonymize.frequency import FrequencySet, frequency_set
from ppdesk.anonymize.hierarchies import Hierarchy
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.populations.errors import (
    PopulationColumnsError,
    PopulationNeededError,
    PopulationTooSmallError,
)
from ppdesk.anonymize.populations.judging import Populations, estimates
from ppdesk.anonymize.populations.models import Model, counts_population
from ppdesk.anonymize.populations.people import People
from ppdesk.anonymize.quality_names import Quality

if TYPE_CHECKING:
    import pyarrow as pa


def populations(
    frequencies: FrequencySet,
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    *,
    people: "pa.Table | None" = None,
    quality: Quality = Quality.LOSS,
    loss: LossModel | None = None,
) -> Populations:
    """`models` on the table whose frequency set is given, with the `people` of its population where they
    count classes in it: a table with the same quasi-identifiers, as strings, that holds the records of the
    table, too.

    Raises PopulationNeededError, PopulationColumnsError, PopulationLacksError, PopulationTooSmallError,
    OutsideHierarchyError, CriterionError.
    """
    for size in estimates(models):
        if size < frequencies.records:
            raise PopulationTooSmallError(population=size, records=frequencies.records)
    held = None
    if people is not None:
        missing = [one.column for one in hierarchies if one.column not in people.column_names]
        if missing:
            raise PopulationColumnsError(columns=", ".join(missing))
        held = People(frequency_set(people, hierarchies), frequencies)
    else:
        lacking = [one.name for one in models if counts_population(one)]
        if lacking:
            raise PopulationNeededError(model=lacking[0])
    return Populations(frequencies, hierarchies, models, people=held, quality=quality, loss=loss)
