"""Compiled kernels of the Loss quality model: what a transformation costs, and the least it can cost."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.core.compiling import compiled

GEOMETRIC, ARITHMETIC = 0, 1


class Costs(NamedTuple):
    """The data and settings that costs depend on, in a form that kernels take.

    Per column and level, from the counts of single values alone: `totals` (columns, levels) int64, the sum
    over all records of their label's weight (hierarchy rows that share the label); `runs` (columns, levels,
    2) int64, a stretch of `values` (label weights, falling) and `counts` (records), int64.
    """

    totals: NDArray[np.int64]
    runs: NDArray[np.int64]
    values: NDArray[np.int64]
    counts: NDArray[np.int64]
    records: int
    domain: NDArray[np.int64]  # (columns,) rows of each hierarchy
    weights: NDArray[np.float64]  # (columns,) in 0..1
    generalization: float  # factor of what generalizing costs
    suppression: float  # factor of what suppressing costs beyond that
    aggregate: int


@compiled
def column_loss(kept: int, total: int, suppressed: int, domain: int, costs: Any) -> Any:
    """Loss of one column in 0..1, rounded down to ten decimals as ARX does.

    `kept` and `total` are sums of label weights over the kept and over all records: whole numbers of at
    most records * domain, so that nothing is rounded before the division.
    """
    if costs.suppression == 1.0:
        cost = costs.generalization * float(kept) + float(suppressed * domain)
    else:
        hidden = costs.suppression * float(kept + suppressed * domain)
        cost = (1.0 - costs.suppression) * float(total) + hidden
    least, most = costs.generalization * float(costs.records), float(costs.records * domain)
    if most <= least:
        return 0.0  # a domain of one value has nothing to lose
    return max(0.0, np.floor((cost - least) / (most - least) * 1e10) / 1e10)


@compiled
def objective(kept: Any, total: Any, suppressed: int, costs: Any) -> float:
    """What the search minimizes: grows with each column's loss exactly as the score does.

    Geometric mean: product of (weight * loss + 1). Arithmetic mean and sum: sum of weight * loss. Without the
    root or the division, floating point keeps the order: a bound is never above the value it bounds.
    """
    value = 1.0 if costs.aggregate == GEOMETRIC else 0.0
    for d in range(kept.shape[0]):
        loss = column_loss(kept[d], total[d], suppressed, costs.domain[d], costs)
        if costs.aggregate == GEOMETRIC:
            value *= costs.weights[d] * loss + 1.0
        else:
            value += costs.weights[d] * loss
    return value


@compiled
def bound(levels: Any, floor: int, costs: Any) -> float:
    """The least `objective` of the transformation `levels` if it suppresses at least `floor` records.

    In each column the suppressed records are taken to be those that are cheapest to suppress: the ones
    with the widest labels.
    """
    m = levels.shape[0]
    kept = np.empty(m, np.int64)
    total = np.empty(m, np.int64)
    for d in range(m):
        level = levels[d]
        total[d] = costs.totals[d, level]
        removed = np.int64(0)
        left = floor
        for run in range(costs.runs[d, level, 0], costs.runs[d, level, 1]):
            take = min(left, costs.counts[run])
            removed += take * costs.values[run]
            left -= take
            if left == 0:
                break
        kept[d] = total[d] - removed
    return objective(kept, total, floor, costs)
