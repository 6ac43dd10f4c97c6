"""Transform a table locally: the one entry for steps, scripts and benchmarks."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.anonymize.constraints import Constraints
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.hierarchies import Hierarchy
from ppdesk.anonymize.local.clustering import Task, clustering
from ppdesk.anonymize.local.mondrian import mondrian
from ppdesk.anonymize.local.multi_pass import Passes, multi_pass
from ppdesk.anonymize.local.names import Method
from ppdesk.anonymize.local.release import Local, checked
from ppdesk.anonymize.local.trees import cells_only, from_lowest
from ppdesk.anonymize.local.units import units
from ppdesk.anonymize.loss import LossModel

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Options:
    """`relaxed` is Mondrian's, `passes` of multi-pass. `lowest`: the lowest level that a column may take."""

    relaxed: bool = False
    passes: Passes = field(default_factory=Passes)
    lowest: Mapping[str, int] = field(default_factory=dict)


def transform(
    table: "pa.Table", hierarchies: Sequence[Hierarchy], frequencies: FrequencySet, k: int, method: Method,
    *, suppression_limit: float = 0.0, model: LossModel | None = None, needs: Requirements | None = None,
    options: Options | None = None, progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Task, Local]:  # fmt: skip
    """A local transformation, checked on what it releases. `frequencies` must be the frequency set of `table`
    under `hierarchies`, and `needs` made from both. Column weights are those of `model`.

    Raises NoSolutionError, NoProtectionError, UnsafeReleaseError, CancelledRunError, WeightsError."""
    columns = [one.column for one in hierarchies]
    options, model, needs = options or Options(), model or LossModel(), needs or Requirements()
    task = Task(
        frequencies=frequencies,
        records=units(table, frequencies, needs, k),
        needs=needs,
        k=k,
        limit=math.floor(suppression_limit * frequencies.records),
        weights=model.column_weights(columns),
        usable=from_lowest(frequencies.maps, columns, options.lowest),
        progress=progress,
        cancelled=cancelled,
    )
    if method is Method.MULTI_PASS:
        found = multi_pass(task, model, columns, options.passes, Constraints(options.lowest))
    elif method is Method.MONDRIAN:
        found = mondrian(task, options.relaxed)
    else:
        found = clustering(task)
    return task, checked(task, found, table, hierarchies)


def suppress_cells(
    table: "pa.Table", hierarchies: Sequence[Hierarchy], frequencies: FrequencySet, k: int,
    levels: Sequence[int], *, suppression_limit: float = 0.0, model: LossModel | None = None,
    needs: Requirements | None = None, progress: Callable[[float, str], None] = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Task, Local]:  # fmt: skip
    """A global transformation whose rare records lose single cells instead of all: each cell shows the label
    of its column's level, or "*". Classes that meet what is asked are kept whole; the others are made classes
    by as few and as cheap suppressed cells as `clustering` finds (cell suppression, no optimum claimed).

    Raises as `transform`."""
    from ppdesk.anonymize.apply import classes

    columns = [one.column for one in hierarchies]
    model, needs = model or LossModel(), needs or Requirements()
    task = Task(
        frequencies=frequencies,
        records=units(table, frequencies, needs, k),
        needs=needs,
        k=k,
        limit=math.floor(suppression_limit * frequencies.records),
        weights=model.column_weights(columns),
        usable=cells_only(list(levels), frequencies.maps),
        progress=progress,
        cancelled=cancelled,
    )
    whole = classes(frequencies, levels, k, needs)
    start = np.where(whole.hidden[whole.of], -1, whole.of)[task.records.group].astype(np.int64)
    found = clustering(task, start if (start >= 0).any() else None)
    return task, checked(task, found, table, hierarchies)
