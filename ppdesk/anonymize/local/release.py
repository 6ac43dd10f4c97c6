"""The released table of a local transformation, and what is true of it, found from its own values.

Classes of the release are records that show the same values in all quasi-identifiers. They are formed anew
from the released values: two classes of the method that show the same are one. Each must have k records and
meet all models; otherwise nothing is released.

Granularity is ARX's (3.9.2, QualityModelColumnOrientedLoss, after Iyengar 2002), as its
`getGranularity().getArithmeticMean()` gives it. The share s of a cell is that of the hierarchy's rows which
its label covers, and 1 for all cells of a suppressed record; mean(s) is over all cells, and mean(1 / rows)
over all columns. Granularity is (1 - mean(s)) / (1 - mean(1 / rows)): 1 for the unchanged table, 0 where
every cell is suppressed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.apply import random_order
from ppdesk.anonymize.arrays import coded, numbers, texts
from ppdesk.anonymize.criteria.histograms import Histogram, tally
from ppdesk.anonymize.criteria.judging import hidden_classes
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.hierarchies import TOP, Hierarchy
from ppdesk.anonymize.local.classes import build
from ppdesk.anonymize.local.clustering import Task
from ppdesk.anonymize.local.errors import UnsafeReleaseError
from ppdesk.anonymize.local.units import codes_of
from ppdesk.core.entropy import Entropy

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Local:
    """Classes with their labels, checked. `of_row` (rows,) int64 is the class of each row, -1 suppressed;
    `levels` (classes, columns) int64 and `leaf` (classes, columns) int32: the label that the class has of a
    column is that of this leaf on this level; `sizes` (classes,) int64 records; `worst` per requirement.
    `losses` (columns,) are scaled to 0..1, as in the Loss quality model; `stars` counts the cells of kept
    records that show the top; `kept_levels` (columns, levels) int64 counts the cells of each level."""

    of_row: NDArray[np.int64]
    levels: NDArray[np.int64]
    leaf: NDArray[np.int32]
    sizes: NDArray[np.int64]
    worst: tuple[float, ...]
    suppressed: int
    losses: tuple[float, ...]
    granularity: float
    stars: int
    kept_levels: NDArray[np.int64]


def checked(task: Task, of: NDArray[np.int64], table: "pa.Table", hierarchies: Sequence[Hierarchy]) -> Local:
    """The classes `of` (units,), made by a method, as they appear in the release. UnsafeReleaseError."""
    _, found = np.unique(of[of >= 0], return_inverse=True)
    of = of.copy()
    of[of >= 0] = found
    count = int(of.max(initial=-1)) + 1
    maps = task.frequencies.maps
    leaves = task.cell_leaves()
    judge = task.judge()
    s = build(of, max(1, count), judge, leaves[task.records.cell], task.trees())
    leaf = leaves[task.records.cell[s.head[:count]]]
    m = len(maps.shape)
    levels = np.stack([np.array(task.usable[d], np.int64)[s.rungs[:count, d]] for d in range(m)], axis=1)
    shown, first = _same(levels, leaf, hierarchies)
    rows = task.records.row_classes(of)
    of_row = np.where(rows >= 0, shown[rows], -1) if count else rows
    levels, leaf = levels[first], leaf[first]
    sizes = np.bincount(of_row[of_row >= 0], minlength=len(first)).astype(np.int64)
    worst = _judged(of_row, sizes, table, task.needs, task.k)
    records = len(of_row)
    suppressed = int((of_row < 0).sum())
    if suppressed > task.limit:
        raise UnsafeReleaseError()
    share, kept = np.zeros(m), np.zeros((m, max(maps.shape)), np.int64)
    domain = maps.domain.astype(np.float64)
    stars = 0
    for d in range(m):
        weight = maps.finest.weights[maps.starts[d, levels[:, d]] + leaf[:, d]]
        share[d] = (float((weight * sizes).sum()) / domain[d] + suppressed) / records
        kept[d] = np.bincount(levels[:, d], weights=sizes, minlength=kept.shape[1]).astype(np.int64)
        stars += int(sizes[weight == domain[d]].sum()) if domain[d] > 1 else 0
    least = 1 / domain
    losses = np.where(domain > 1, (share - least) / np.maximum(1 - least, 1e-300), 0.0).clip(0, 1)
    whole = 1 - least.mean()
    return Local(
        of_row=of_row,
        levels=levels,
        leaf=leaf,
        sizes=sizes,
        worst=worst,
        suppressed=suppressed,
        losses=tuple(losses.tolist()),
        granularity=float((1 - share.mean()) / whole) if whole > 0 else 1.0,
        stars=stars,
        kept_levels=kept,
    )


def _same(
    levels: NDArray[np.int64], leaf: NDArray[np.int32], hierarchies: Sequence[Hierarchy]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """((classes,) number of what a class shows, (distinct,) a class that shows it): by the text of labels."""
    keys = np.zeros(len(levels), np.int64)
    for d, one in enumerate(hierarchies):
        words: dict[str, int] = {}
        number = np.empty(len(levels), np.int64)
        for level, labels in enumerate(one.labels):
            here = levels[:, d] == level
            names = np.array([words.setdefault(label, len(words)) for label in labels], np.int64)
            number[here] = names[one.codes[level][leaf[here, d]]]
        _, keys = np.unique(keys * max(1, len(words)) + number, return_inverse=True)
    _, first, shown = np.unique(keys, return_index=True, return_inverse=True)
    return shown.astype(np.int64), first


def _judged(
    of_row: NDArray[np.int64], sizes: NDArray[np.int64], table: "pa.Table", needs: Requirements, k: int
) -> tuple[float, ...]:
    """The worst per requirement. UnsafeReleaseError where a class does not meet what is asked."""
    kept = len(sizes)
    rows = np.where(of_row < 0, kept, of_row).astype(np.int32)  # the suppressed ones: not judged
    names = {need.attribute: need.column for need in needs.each}
    attributes = tuple(
        replace(one, histogram=_counted(table, names[number], one.labels, rows, kept + 1))
        for number, one in enumerate(needs.attributes)
    )
    each = np.append(sizes, 0)
    hidden, worst = hidden_classes(
        np.arange(kept + 1, dtype=np.int32), each, k, Requirements(attributes, needs.each)
    )
    if hidden[:kept].any() or int(sizes.sum()) + int((of_row < 0).sum()) != len(of_row):
        raise UnsafeReleaseError()
    return worst


def _counted(
    table: "pa.Table", column: str, labels: Sequence[str], rows: NDArray[np.int32], classes: int
) -> Histogram:
    codes = codes_of(table.column(column), labels)
    found: Histogram = tally(rows, codes, classes, len(labels))
    return found


def released(
    table: "pa.Table", local: Local, hierarchies: Sequence[Hierarchy], *, drop: Sequence[str],
    entropy: Entropy, check: Callable[[], None] = lambda: None,
) -> "pa.Table":  # fmt: skip
    """The table of strings, in a random order, without the columns `drop`. Every quasi-identifier of a
    suppressed record is "*"."""
    import pyarrow as pa

    order = random_order(table.num_rows, entropy)
    classes = local.of_row[order]
    rows = numbers(np.ascontiguousarray(order))
    places = {one.column: d for d, one in enumerate(hierarchies)}
    columns = {}
    for name in table.column_names:
        check()
        if name in drop:
            continue
        if name not in places:
            columns[name] = table.column(name).take(rows).cast(pa.string())
            continue
        d = places[name]
        columns[name] = _column(hierarchies[d], local.levels[:, d], local.leaf[:, d], classes)
    return pa.table(columns)


def _column(
    hierarchy: Hierarchy, levels: NDArray[np.int64], leaf: NDArray[np.int32], classes: NDArray[np.int64]
) -> "pa.Array":
    import pyarrow as pa

    words = [label for labels in hierarchy.labels for label in labels]
    starts = np.cumsum([0, *map(len, hierarchy.labels)])
    number = np.empty(len(levels) + 1, np.int32)
    number[-1] = len(words)  # what class -1 shows
    for level in range(hierarchy.levels):
        here = np.flatnonzero(levels == level)
        number[here] = starts[level] + hierarchy.codes[level][leaf[here]]
    return coded(number[classes], texts([*words, TOP])).cast(pa.string())
