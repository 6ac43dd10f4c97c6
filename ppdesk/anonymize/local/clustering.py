"""Clustering: local recoding by bottom-up classes and local improvement.

First, cheap transformations take the records that are classes under them (`regions`). Each class is then
given the lowest labels that its records share, and improved by moving, replacing, dividing and giving
up (`moves`), as in k-member clustering (Byun, Kamra, Bertino, Li, 2007) with local search. Records are
compared with those near them in some random orders, in which records that share costly labels stand together.
The same table and settings give the same classes: the random numbers have a fixed start. No optimum is
claimed; that each class meets k and all models holds by construction, and is checked on the release.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.errors import NoProtectionError, NoSolutionError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.local import classes as made
from ppdesk.anonymize.local import leftovers, moves, regions
from ppdesk.anonymize.local.judge import Judge, judging
from ppdesk.anonymize.local.trees import Trees, trees
from ppdesk.anonymize.local.units import Units
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.said import said

_REACH, _NEAR = 16, 4  # places to each side of a record, and of the other records of its class
_PASSES = 5
_ORDERS, _SCANNED = 4, 20_000_000  # orders to look for a class in, above so many comparisons
_WORTH = 1e-3  # a pass that gains a smaller share of the cost is the last


@dataclass(frozen=True)
class Task:
    """What is to be transformed, and what classes must meet. `usable` names the levels of each column;
    `weights` (columns,) float64; `limit` records may be suppressed."""

    frequencies: FrequencySet
    records: Units
    needs: Requirements
    k: int
    limit: int
    weights: NDArray[np.float64]
    usable: Sequence[Sequence[int]]
    progress: Callable[[float, str], None] = lambda _share, _what: None
    cancelled: Callable[[], bool] = lambda: False

    def trees(self) -> Trees:
        return trees(self.frequencies.maps, self.weights, self.usable)

    def judge(self) -> Judge:
        return judging(self.records, self.needs, self.k)

    def cell_leaves(self) -> NDArray[np.int32]:
        """(cells, columns) int32."""
        maps = self.frequencies.maps
        columns = [self.frequencies.leaves(d)[self.records.group] for d in range(len(maps.shape))]
        return np.ascontiguousarray(np.stack(columns, axis=1))

    def stop(self) -> None:
        """Raises CancelledRunError where that is asked for."""
        if self.cancelled():
            raise CancelledRunError()

    def refuse(self) -> None:
        """Raises why there are no classes at all. Even the whole table as one class does not meet what is
        asked: proved, as the models are closed under union."""
        if self.frequencies.records < self.k:
            raise NoSolutionError(
                k=self.k, limit=self.limit, suppressed=self.frequencies.records,
                records=self.frequencies.records, nearest_k=self.frequencies.records,
            )  # fmt: skip
        names = ", ".join(dict.fromkeys(need.criterion.name for need in self.needs.each))
        raise NoProtectionError(models=names, limit=self.limit, size=1)


def clustering(task: Task, start: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """(units,) int64: the class of each unit, -1 where it is suppressed. `start` (cells,): classes to begin
    with, all of which meet what is asked; -1 for no class.

    Raises NoSolutionError, NoProtectionError, CancelledRunError."""
    rng = np.random.default_rng(0)  # of the method, not of the release: the same classes each time
    tree, judge = task.trees(), task.judge()
    of_cells = task.cell_leaves()
    if start is None:
        task.progress(0.0, said("Make classes"))
        nodes = regions.listed(task.records, of_cells, tree, rng)
        levels = [list(one) for one in task.usable]
        start = regions.take(task.records, task.frequencies, nodes, levels, judge, task.stop)
    leaves = of_cells[task.records.cell]
    s = settled(start[task.records.cell], task, judge, leaves, tree)
    cost = made.total(s)
    for number in range(_PASSES):
        task.stop()
        classes = int(np.count_nonzero(s.head >= 0))
        task.progress(0.4 + 0.6 * number / _PASSES, said("Improve {classes:,} classes", classes=classes))
        order = _order(leaves, tree, rng)
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        gain = moves.split(judge, s, leaves, tree)
        gain += moves.sweep(order, place, _REACH, _NEAR, judge, s, leaves, tree)
        gain += moves.dissolve(order, place, _REACH, judge, s, leaves, tree)
        if gain <= _WORTH * cost:
            break
    return s.of


def settled(
    start: NDArray[np.int64], task: Task, judge: Judge, leaves: NDArray[np.int32], tree: Trees
) -> made.Classes:
    """The classes `start` (units,), and the units without one placed or suppressed."""
    n = len(start)
    room = int(start.max(initial=-1)) + 2 + math.ceil(int(judge.weight.sum()) / judge.k)
    s: made.Classes = made.build(start, min(room, n + int(start.max(initial=-1)) + 2), judge, leaves, tree)
    top = sum(float(tree.cost[tree.starts[d, rungs - 1]]) for d, rungs in enumerate(tree.rungs))
    near = _nearby(start, leaves, tree)
    if not leftovers.place_all(judge, s, near, leaves, tree, task.limit, top):
        task.refuse()
    return s


def _nearby(start: NDArray[np.int64], leaves: NDArray[np.int32], tree: Trees) -> leftovers.Nearby:
    """Orders, where comparing each unit without a class with all classes would take long."""
    n, classes = len(start), int(start.max(initial=-1)) + 1
    inside = start >= 0
    several = _ORDERS if int((~inside).sum()) * classes > _SCANNED else 0
    units = np.empty((several, int(inside.sum())), np.int64)
    place = np.empty((several, n), np.int64)
    rng = np.random.default_rng(0)
    for number in range(several):
        order = _order(leaves, tree, rng)
        units[number] = order[inside[order]]
        place[number, order] = np.cumsum(inside[order]) - inside[order]
    return leftovers.Nearby(units, place)


def _order(leaves: NDArray[np.int32], tree: Trees, rng: np.random.Generator) -> NDArray[np.int64]:
    """(units,) int64: an order of all units, by the labels of one column after the other, coarse before
    fine."""
    m = len(tree.rungs)
    pending = {d: int(tree.rungs[d]) - 2 for d in range(m) if tree.rungs[d] > 1}
    if not pending:
        return np.arange(len(leaves))
    keys = []
    while pending:
        columns = list(pending)
        likely = np.array([_step(tree, leaves, d, pending[d]) for d in columns])
        d = columns[int(rng.choice(len(columns), p=likely / likely.sum()))]
        keys.append(tree.maps[tree.starts[d, pending[d]] + leaves[:, d]])
        pending[d] -= 1
        if pending[d] < 0:
            del pending[d]
    return np.lexsort(keys[::-1])


def _step(tree: Trees, leaves: NDArray[np.int32], d: int, rung: int) -> float:
    """What climbing one rung costs, about."""
    some = leaves[:: max(1, len(leaves) // 1000), d]
    above, below = tree.starts[d, rung + 1] + some, tree.starts[d, rung] + some
    return float((tree.cost[above] - tree.cost[below]).mean()) + 0.02
