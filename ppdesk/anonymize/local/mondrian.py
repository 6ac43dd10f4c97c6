"""Mondrian: top-down division, on hierarchies (LeFevre, DeWitt, Ramakrishnan, Mondrian multidimensional
k-anonymity, 2006).

A part of the table is divided by the column whose label is widest, into the labels of the next lower level,
and its parts in turn, as long as each meets k and all models. Labels that are too rare on their own stay
together, with the smallest others where need be (strict: a value is on one side only). Relaxed, records of
the largest part fill them up instead, so that records of one value may be on two sides. The paper divides at
the median of ordered values; here the labels of the hierarchy decide, so that every label of the release is
one that was declared. The same table and settings give the same classes. No optimum is claimed.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.local.classes import FIRST, climb
from ppdesk.anonymize.local.clustering import Task
from ppdesk.anonymize.local.judge import fits
from ppdesk.core.compiling import compiled
from ppdesk.core.said import said

_AT_ONCE = 256  # parts between two looks at whether to stop


def mondrian(task: Task, relaxed: bool) -> NDArray[np.int64]:
    """(units,) int64: the class of each unit. Nobody is suppressed.

    Raises NoSolutionError, NoProtectionError, CancelledRunError."""
    tree, judge = task.trees(), task.judge()
    leaves = task.cell_leaves()[task.records.cell]
    n = len(leaves)
    order = np.arange(n)
    if not fits(order, int(judge.weight.sum()), judge):
        task.refuse()
    of = np.full(n, -1, np.int64)
    widest = int(tree.maps.max()) + 1
    pending = [(0, n)]
    classes = done = 0
    while pending:
        task.stop()
        task.progress(done / n, said("{classes:,} classes", classes=classes))
        some, pending = pending[-_AT_ONCE:], pending[:-_AT_ONCE]
        for low, high in some:
            ends = divide(order[low:high], leaves, tree, judge, widest, relaxed)
            if len(ends) == 1:
                of[order[low:high]] = classes
                classes += 1
                done += high - low
                continue
            starts = np.append(0, ends[:-1])
            pending += [(low + int(a), low + int(b)) for a, b in zip(starts, ends, strict=True)]
    return of


@compiled
def divide(part: Any, leaves: Any, tree: Any, j: Any, widest: int, relaxed: bool) -> Any:  # noqa: PLR0917 - a kernel
    """Order the units `part` anew, part by part. Returns (parts,) int64, where each ends."""
    n, m = part.shape[0], leaves.shape[1]
    at = np.zeros(m, np.int64)
    for i in range(1, n):
        climb(at, part[0], part[i], leaves, tree)
    width = np.empty(m)
    for d in range(m):
        width[d] = tree.cost[tree.starts[d, at[d]] + leaves[part[0], d]] if at[d] > 0 else -1.0
    whole = np.full(1, n, np.int64)
    for _ in range(m):
        d = int(np.argmax(width))
        if width[d] < 0:
            return whole
        width[d] = -1.0
        ends = _by_label(part, d, tree.starts[d, at[d] - 1], leaves, tree, j, widest, relaxed)
        if ends.shape[0] > 1:
            return ends
    return whole


@compiled
def _sorted(part: Any, d: int, start: int, leaves: Any, tree: Any, widest: int) -> Any:  # noqa: PLR0917 - a kernel
    """(the units by their label, first place of each label, the place after its last)."""
    ends = np.zeros(widest + 1, np.int64)
    for unit in part:
        ends[tree.maps[start + leaves[unit, d]] + 1] += 1
    low, high = np.empty(widest, np.int64), np.empty(widest, np.int64)
    found = 0
    for label in range(widest):
        ends[label + 1] += ends[label]
        if ends[label + 1] > ends[label]:
            low[found], high[found] = ends[label], ends[label + 1]
            found += 1
    by_label = np.empty(part.shape[0], np.int64)
    for unit in part:
        label = tree.maps[start + leaves[unit, d]]
        by_label[ends[label]] = unit
        ends[label] += 1
    return by_label, low[:found].copy(), high[:found].copy()


@compiled
def _added(by_label: Any, low: int, high: int, rest: Any, count: int) -> int:
    """Put units behind the first `count` of `rest`. Returns how many there are then."""
    for i in range(low, high):
        rest[count] = by_label[i]
        count += 1
    return count


@compiled
def _filled(by_label: Any, low: Any, high: Any, records: Any, alone: Any, rest: Any, count: int, size: int,  # noqa: PLR0917 - a kernel
            j: Any) -> tuple[int, int]:  # fmt: skip
    """Move records of the largest part into the rest, where both can stand alone then. Returns (units of the
    rest, records of it)."""
    donor = -1
    for child in range(low.shape[0]):
        if alone[child] and (donor < 0 or records[child] > records[donor]):
            donor = child
    if donor < 0:
        return count, size
    taken, more, larger = high[donor], count, size
    while taken > low[donor] and larger < j.k and j.weight[by_label[taken - 1]] == 1:
        taken -= 1
        rest[more] = by_label[taken]
        more += 1
        larger += 1
    kept = records[donor] - (high[donor] - taken)
    if fits(rest[:more], larger, j) and fits(by_label[low[donor] : taken], kept, j):
        high[donor], records[donor] = taken, kept
        return more, larger
    return count, size


@compiled
def _by_label(  # noqa: PLR0917 - a kernel
    part: Any, d: int, start: int, leaves: Any, tree: Any, j: Any, widest: int, relaxed: bool
) -> Any:
    """Divide by the labels of one column, the rare ones together. Where it cannot be, one part."""
    n = part.shape[0]
    by_label, low, high = _sorted(part, d, start, leaves, tree, widest)
    found = low.shape[0]
    records, alone = np.zeros(found, np.int64), np.zeros(found, np.bool_)
    rest, count, size = np.empty(n, np.int64), FIRST, FIRST
    for child in range(found):
        for i in range(low[child], high[child]):
            records[child] += j.weight[by_label[i]]
        alone[child] = fits(by_label[low[child] : high[child]], records[child], j)
        if not alone[child]:
            count = _added(by_label, low[child], high[child], rest, count)
            size += records[child]
    if count > 0 and relaxed and not fits(rest[:count], size, j):
        count, size = _filled(by_label, low, high, records, alone, rest, count, size, j)
    while count > 0 and not fits(rest[:count], size, j):
        smallest = -1
        for child in range(found):
            if alone[child] and (smallest < 0 or records[child] < records[smallest]):
                smallest = child
        if smallest < 0:
            return np.full(1, n, np.int64)
        alone[smallest] = False
        count = _added(by_label, low[smallest], high[smallest], rest, count)
        size += records[smallest]
    bounds = np.empty(found + 1, np.int64)
    parts, at = 0, FIRST
    for child in range(found):
        if alone[child]:
            at = _added(by_label, low[child], high[child], part, at)
            bounds[parts] = at
            parts += 1
    if count > 0:
        bounds[parts] = _added(rest, FIRST, count, part, at)
        parts += 1
    return bounds[:parts].copy()
