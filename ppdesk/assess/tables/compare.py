"""A table beside the original one: columns, pairs, associations, k-marginals, propensity, models.

All figures are exact figures of private records, and no privacy budget covers them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ppdesk.assess.arrays import Bools
from ppdesk.assess.effort import Progress, no_progress, within
from ppdesk.assess.errors import NothingToCompareError
from ppdesk.assess.rebuild import SUPPRESSED, suppressed_rows
from ppdesk.assess.tables import information
from ppdesk.assess.tables.associations import associations
from ppdesk.assess.tables.columns import Column, Declared, column
from ppdesk.assess.tables.downstream import downstream
from ppdesk.assess.tables.marginals import marginals, pairs
from ppdesk.assess.tables.propensity import propensity
from ppdesk.assess.tables.results import PairKept, TableKept
from ppdesk.assess.tables.univariate import kept
from ppdesk.core.cell_numbers import DecimalMark

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 10
WIDEST = 25  # columns up to which pairs are compared; of wider tables the first so many


@dataclass(frozen=True)
class Compared:
    """`table` for the record; `quality`: ARX's measures that need no more than the released cells."""

    table: TableKept
    quality: list[information.Kept]


def compare(
    original: "pa.Table",
    other: "pa.Table",
    declared: Sequence[Declared],
    source: np.random.Generator,
    *,
    generalized: Sequence[str] = (),
    levels: Mapping[str, int] | None = None,
    target: str = "",
    twin: bool = False,
    decimal: DecimalMark = DecimalMark.POINT,
    progress: Progress = no_progress,
) -> Compared:
    """`other` beside `original` in the columns `declared`, which both have, as strings. `generalized`:
    the columns that a suppressed record shows as "*"; `levels`: where each has one, theirs. `twin`: record i
    is the same one in both. Raises NothingToCompareError where a table has no records."""
    for table, what in ((original, "The table"), (other, "The table compared with it")):
        if not table.num_rows or not declared:
            raise NothingToCompareError(what=what)
    columns = []
    for at, it in enumerate(declared):
        progress(0.25 * at / len(declared), f"Reading {it.name}")
        columns.append(column(it, original.column(it.name), other.column(it.name), decimal))
    whole = _whole(other, generalized, declared, levels)
    singles = []
    for at, one in enumerate(columns):
        progress(0.25 + 0.1 * at / len(columns), f"Comparing {one.name}")
        singles.append(kept(one, whole))
    several, notes = columns[:WIDEST], []
    if len(columns) > WIDEST:
        notes.append(f"Pairs and more columns at once: of the first {WIDEST} columns of {len(columns)}.")

    def tick() -> None:
        share[0] += 1
        told(min(1.0, share[0] / 250), doing)

    share, told, doing = [0], within(progress, 0.35, 0.6), "Comparing pairs of columns"
    both = pairs(several, whole, tick)
    hanging = associations(several, tick)
    share, told, doing = [0], within(progress, 0.6, 0.75), "Comparing several columns at once"
    orders = [marginals(several, order, whole, source, tick) for order in (2, 3)]
    share, told, doing = [0], within(progress, 0.75, 0.85), "Telling the tables apart"
    apart = propensity(several, whole, source, tick)
    if not apart:
        notes.append("No classifier tried to tell the tables apart: one of them has fewer than 100 records.")
    share, told, doing = [0], within(progress, 0.85, 1.0), "Training models on it"
    learnt = None
    if target:
        learnt, why_not = downstream(_with(several, columns, target), target, whole, source, tick, twin=twin)
        notes += [why_not] if why_not else []
    differences = [
        abs(one.after - one.before) for one in hanging if one.before is not None and one.after is not None
    ]
    table = TableKept(
        rows_before=original.num_rows,
        rows_after=other.num_rows,
        suppressed=int((~whole).sum()),
        columns=tuple(singles),
        pairs=tuple(_worst(both)),
        pair_mean=round(float(np.mean([one.spread for one in both])), 6) if both else None,
        pair_count=len(both),
        associations=tuple(hanging),
        association_mean=round(float(np.mean(differences)), 6) if differences else None,
        marginals=tuple(one for one in orders if one is not None),
        propensity=tuple(apart),
        downstream=learnt,
        notes=tuple(notes),
    )
    return Compared(table, information.measures(columns, declared, whole))


def _whole(
    other: "pa.Table",
    generalized: Sequence[str],
    declared: Sequence[Declared],
    levels: Mapping[str, int] | None,
) -> Bools:
    """(m,) whether a record is not suppressed. Where all columns were generalized to "*", "*" is no mark."""
    names = [name for name in generalized if name in other.column_names]
    gone = suppressed_rows(other, names)
    trees = {one.name: one.rows for one in declared}
    if levels and all(
        name in levels and all(row[levels[name]] == SUPPRESSED for row in trees.get(name) or ())
        for name in names
    ):
        gone[:] = False
    return np.asarray(~gone)


def _worst(pairs: Sequence[PairKept]) -> list[PairKept]:
    return sorted(pairs, key=lambda pair: (-pair.spread, pair.columns))[:SHOWN]


def _with(some: Sequence[Column], columns: Sequence[Column], target: str) -> list[Column]:
    """`some` and the target."""
    return [*some, *(one for one in columns[len(some) :] if one.name == target)]
