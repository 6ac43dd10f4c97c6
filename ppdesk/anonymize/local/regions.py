"""First classes: transformations from cheap to costly, each takes what is a class by then.

As in ARX's local recoding, records that no class was found for are generalized further; but the next
transformation is the next cheapest one of a list, not the optimum of a search.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.local.judge import Judge, fits
from ppdesk.anonymize.local.trees import Trees
from ppdesk.anonymize.local.units import Units
from ppdesk.core.compiling import compiled

_STEPS = 60_000_000  # records looked at in all: so many transformations are listed
_FEWEST, _MOST = 200, 3000  # transformations
_TURN = 0.3  # how often a chain changes its preferences
_HAIR = 1e-3  # what a rung costs at least, in the order of a chain


def listed(
    records: Units, leaves: NDArray[np.int32], trees: Trees, rng: np.random.Generator
) -> NDArray[np.int64]:
    """(transformations, columns) int64 of rungs, from cheap to costly, the cheapest first and the top last.

    All of a small lattice; else those on random chains from the bottom to the top, on which cheap steps tend
    to come first."""
    m = len(trees.rungs)
    mean = np.full((m, int(trees.rungs.max()) + 1), np.inf)
    of_group = np.bincount(records.cell, weights=records.weight, minlength=len(records.counts))
    for d in range(m):
        for rung in range(int(trees.rungs[d])):
            start = trees.starts[d, rung]
            mean[d, rung] = (trees.cost[start + leaves[:, d]] * of_group).sum() / of_group.sum()
    wanted = int(np.clip(_STEPS // len(records.counts), _FEWEST, _MOST))
    if np.prod(trees.rungs.astype(np.float64)) <= wanted:
        found = np.indices(tuple(trees.rungs.tolist())).reshape(m, -1).T
    else:
        found = np.array(sorted(_chains(mean, trees.rungs, wanted, rng)), np.int64)
    order = np.argsort(mean[np.arange(m), found].sum(axis=1), kind="stable")
    listed_so: NDArray[np.int64] = found[order]
    return listed_so


def _chains(
    mean: NDArray[np.float64], rungs: NDArray[np.int64], wanted: int, rng: np.random.Generator
) -> set[tuple[int, ...]]:
    m, found = len(rungs), set()
    columns = np.arange(m)
    for _ in range(wanted):
        at, taste = np.zeros(m, np.int64), rng.exponential(size=m)
        while True:
            found.add(tuple(at.tolist()))
            step = (mean[columns, at + 1] - mean[columns, at] + _HAIR) * taste
            step[at + 1 >= rungs] = np.inf
            column = int(np.argmin(step))
            if step[column] == np.inf:
                break
            at[column] += 1
            if rng.random() < _TURN:
                taste = rng.exponential(size=m)
        if len(found) >= wanted:
            break
    return found


def take(  # noqa: PLR0917 - a kernel
    records: Units,
    frequencies: FrequencySet,
    nodes: NDArray[np.int64],
    levels: list[list[int]],
    judge: Judge,
    cancelled: Callable[[], None],
) -> NDArray[np.int64]:
    """(cells,) int64: a class of each cell, numbered in the order of their making, or -1 where none was
    found. `levels` are those of the rungs of `nodes`."""
    from ppdesk.anonymize.grouping import classify

    found = np.full(len(records.counts), -1, np.int64)
    left = np.arange(len(records.counts))
    codes = np.ascontiguousarray(frequencies.codes[:, records.group])
    counts, used = records.counts, 0
    first_unit = np.searchsorted(records.cell, np.arange(len(records.counts) + 1)).astype(np.int64)
    for number, node in enumerate(nodes):
        if number % 16 == 0:
            cancelled()
        to = frequencies.maps.at(np.array([levels[d][rung] for d, rung in enumerate(node)], np.int64))
        ids, classes = classify(codes, counts, to)
        met = classes.sums >= judge.k
        if judge.judged and met.any():
            _judge(ids, classes.sums, met, left, first_unit, judge)
        if not met.any():
            continue
        inside = met[ids]
        found[left[inside]] = used + ids[inside]
        used += len(met)
        left, counts = left[~inside], counts[~inside]
        codes = np.ascontiguousarray(codes[:, ~inside])
        if not len(left):
            break
    return _renumbered(found)


def _renumbered(found: NDArray[np.int64]) -> NDArray[np.int64]:
    distinct, numbers = np.unique(found[found >= 0], return_inverse=True)  # rising, so the order is kept
    found[found >= 0] = numbers if len(distinct) else found[found >= 0]
    return found


@compiled
def _judge(ids: Any, sums: Any, met: Any, left: Any, first_unit: Any, j: Any) -> None:  # noqa: PLR0917 - a kernel
    """Of the classes `met`, leave only those that meet all rules."""
    ends = np.zeros(sums.shape[0] + 1, np.int64)
    for at in range(ids.shape[0]):
        ends[ids[at] + 1] += 1
    for c in range(sums.shape[0]):
        ends[c + 1] += ends[c]
    cells = np.empty(ids.shape[0], np.int64)
    put = ends[:-1].copy()
    for at in range(ids.shape[0]):
        cells[put[ids[at]]] = left[at]
        put[ids[at]] += 1
    for c in range(sums.shape[0]):
        if not met[c]:
            continue
        units = 0
        for at in range(ends[c], ends[c + 1]):
            units += first_unit[cells[at] + 1] - first_unit[cells[at]]
        members = np.empty(units, np.int64)
        used = 0
        for at in range(ends[c], ends[c + 1]):
            for unit in range(first_unit[cells[at]], first_unit[cells[at] + 1]):
                members[used] = unit
                used += 1
        met[c] = fits(members, sums[c], j)
