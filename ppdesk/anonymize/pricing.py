"""Compiled kernels that price a transformation under each quality model, and bound what it can cost.

`kind` numbers the models. The formulas of bounds are proved in `quality`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.compiling import compiled
from ppdesk.anonymize.objective import GEOMETRIC, Costs, bound, column_loss, objective

LOSS, DISCERNIBILITY, AECS, PRECISION, HEIGHT, AMBIGUITY, ENTROPY = range(7)


class Prices(NamedTuple):
    """A quality model with its settings and what it costs per column and level."""

    kind: int
    costs: Costs
    lost: NDArray[np.float64]  # (columns, levels) what generalizing costs in a column; see `quality`
    whole: float  # what a suppressed record costs by precision
    domains: float  # product of the domains
    k: int
    limit: int  # records that may be suppressed
    slack: float  # lowers bounds where their rounding may differ from that of values


@compiled
def start_bounds(low: Any, shape: Any, prices: Any, least: Any) -> None:
    """Fill `least` (nodes,) with the bounds that hold when nothing is suppressed: column by column, in the
    order and with the rounding of `objective`."""
    kind, costs = prices.kind, prices.costs
    if kind in {DISCERNIBILITY, AECS, AMBIGUITY}:
        least[:] = least_of(low, 0, prices)
        return
    product = kind == LOSS and costs.aggregate == GEOMETRIC
    least[0] = 1.0 if product else 0.0
    filled = np.int64(1)
    parts = np.empty(prices.lost.shape[1], np.float64)
    for d in range(low.shape[0]):
        for i in range(shape[d]):
            level = low[d] + i
            if kind == LOSS:
                total = costs.totals[d, level]
                parts[i] = costs.weights[d] * column_loss(total, total, 0, costs.domain[d], costs)
                if product:
                    parts[i] += 1.0
            else:
                parts[i] = prices.lost[d, level]
        width = shape[d]
        for node in range(filled - 1, -1, -1):
            value = least[node]
            for i in range(width):
                least[node * width + i] = value * parts[i] if product else value + parts[i]
        filled *= width
    if kind == PRECISION:
        least *= float(costs.records)


@compiled
def least_of(levels: Any, floor: int, prices: Any) -> float:
    """The least that a transformation costs if it suppresses at least `floor` records; of entropy, what the
    suppressed records cost is not in it."""
    kind, records = prices.kind, float(prices.costs.records)
    if kind == LOSS:
        return bound(levels, floor, prices.costs)
    if kind == DISCERNIBILITY:
        return floor * records + (records - floor) * min(float(prices.k), records)
    if kind == AECS:
        return records / ((prices.costs.records - floor) // prices.k + 1.0)
    if kind == AMBIGUITY:
        return floor * prices.domains + (records - floor)
    lost = 0.0
    for d in range(levels.shape[0]):
        lost += prices.lost[d, levels[d]]
    if kind == PRECISION:
        return (records - floor) * lost + floor * prices.whole
    return lost


@compiled
def _least_when(suppressed: int, prices: Any) -> float:
    """The least that any transformation costs that suppresses so many records."""
    kind, costs = prices.kind, prices.costs
    if kind == LOSS:
        if costs.suppression != 1.0:
            return 0.0
        # kept records cost at least their own leaf, so every column loses at least suppressed / records
        kept = np.full(costs.domain.shape[0], costs.records - suppressed, np.int64)
        return objective(kept, kept, suppressed, costs)
    if kind == PRECISION:
        return suppressed * prices.whole
    if kind in {HEIGHT, ENTROPY}:
        return 0.0
    return least_of(costs.domain, suppressed, prices)


@compiled
def usable(best: float, prices: Any) -> int:
    """No transformation that suppresses more records than this costs `best` or less."""
    low, high = np.int64(-1), np.int64(prices.limit)
    while low < high:
        middle = (low + high + 1) // 2
        if _least_when(middle, prices) * prices.slack <= best:
            low = middle
        else:
            high = middle - 1
    return low


@compiled
def removed(
    flat: Any, stride: int, offset: int, classes: int, records: int, levels: Any, from_: Any, tables: Any,
    out: Any,
) -> None:  # fmt: skip
    """Fill `out` (columns,) int64: the sum of the label weights of all records of the hidden classes, which have
    `records` in all. The classes are those just made. Overwrites `ids` with the hidden classes."""
    chosen, found = tables.ids, np.int64(0)
    for c in range(classes):
        chosen[found] = c
        found += np.int64(tables.hidden[c])
    out[:] = 0
    for b in range(from_.sizes.shape[0]):
        codes = flat[b * stride + offset :]
        for i in range(from_.first[b], from_.first[b + 1]):
            d = from_.columns[i]
            weights = from_.weights[from_.starts[d, levels[d]] :]
            if from_.even[d, levels[d]]:
                out[d] = records * weights[0]
                continue
            total = np.int64(0)
            if from_.at[d] < 0:
                for j in range(found):
                    c = chosen[j]
                    total += tables.sums[c] * weights[codes[tables.first[c]]]
            else:
                leaves = from_.leaves[from_.at[d] :]
                for j in range(found):
                    c = chosen[j]
                    total += tables.sums[c] * weights[leaves[codes[tables.first[c]]]]
            out[d] = total


@compiled
def _ambiguous(
    flat: Any, stride: int, offset: int, classes: int, levels: Any, from_: Any, tables: Any
) -> tuple[float, float]:
    """(sum over kept classes, over all classes) of records * product of the labels' weights."""
    kept, every = 0.0, 0.0
    for c in range(classes):
        spread = float(tables.sums[c])
        for b in range(from_.sizes.shape[0]):
            code = flat[b * stride + offset + np.int64(tables.first[c])]
            for i in range(from_.first[b], from_.first[b + 1]):
                d = from_.columns[i]
                leaf = from_.leaves[from_.at[d] + np.int64(code)] if from_.at[d] >= 0 else code
                spread *= from_.weights[from_.starts[d, levels[d]] + np.int64(leaf)]
        every += spread
        if not tables.hidden[c]:
            kept += spread
    return kept, every


@compiled
def _mixture(
    flat: Any, stride: int, offset: int, classes: int, records: int, levels: Any, from_: Any, tables: Any,
    lost: Any,
) -> tuple[float, float]:  # fmt: skip
    """(entropy, its part that suppressing makes): see `quality_kernels.mixture`."""
    value, mixed = 0.0, 0.0
    held = tables.held
    for b in range(from_.sizes.shape[0]):
        codes = flat[b * stride + offset :]
        for i in range(from_.first[b], from_.first[b + 1]):
            d = from_.columns[i]
            part = 0.0
            width = from_.widths[d, levels[d]]
            if records > 0 and width > 1:
                labels = from_.maps[from_.starts[d, levels[d]] :]
                held[:width] = 0
                for c in range(classes):
                    if tables.hidden[c]:
                        code = codes[tables.first[c]]
                        leaf = from_.leaves[from_.at[d] + np.int64(code)] if from_.at[d] >= 0 else code
                        held[labels[leaf]] += tables.sums[c]
                for v in range(width):
                    if held[v] > 0:
                        part -= held[v] * np.log2(held[v] / records)
            mixed += part
            value += np.floor((lost[d, levels[d]] + part) * 1e10) / 1e10
    return value, mixed


@compiled
def price(
    flat: Any, stride: int, offset: int, classes: int, suppressed: int, most: int, levels: Any, from_: Any,
    tables: Any, prices: Any, scratch: Any,
) -> tuple[float, float, float]:  # fmt: skip
    """(value, infinity where more than `most` records are suppressed; bound of all that are more general; what
    suppressing adds to entropy at least when finer) of the classes just made. `scratch` (2, columns) int64."""
    kind, costs = prices.kind, prices.costs
    records = float(costs.records)
    within = suppressed <= most
    above, mixed, value = 0.0, 0.0, np.inf
    if kind == LOSS:
        if within:
            removed(flat, stride, offset, classes, suppressed, levels, from_, tables, scratch[0])
            for d in range(levels.shape[0]):
                scratch[1, d] = costs.totals[d, levels[d]]
                scratch[0, d] = scratch[1, d] - scratch[0, d]
            value = objective(scratch[0], scratch[1], suppressed, costs)
    elif kind == DISCERNIBILITY:
        kept = 0.0
        for c in range(classes):
            square = float(tables.sums[c]) * float(tables.sums[c])
            above += square
            if not tables.hidden[c]:
                kept += square
        value = kept + records * suppressed
    elif kind == AECS:
        found = np.int64(0)
        for c in range(classes):
            found += np.int64(not tables.hidden[c])
        value = records / max(1, found + np.int64(suppressed > 0))
        above = records / (found + suppressed // prices.k + 1)
    elif kind == AMBIGUITY:
        kept, above = _ambiguous(flat, stride, offset, classes, levels, from_, tables)
        value = kept + suppressed * prices.domains
    elif kind == ENTROPY:
        if within:
            value, mixed = _mixture(
                flat, stride, offset, classes, suppressed, levels, from_, tables, prices.lost
            )
    else:
        value = least_of(levels, suppressed, prices)
    return value if within else np.inf, above, mixed
