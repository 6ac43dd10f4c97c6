"""Compiled kernels that price a transformation under each quality model, and bound what it can cost.

Loss is apart from the `Other` models, so that a search by Loss compiles nothing of them: numba leaves out the
branches of an argument that is None. The formulas of bounds are proved in `quality`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import tables as table
from ppdesk.anonymize.objective import GEOMETRIC, Costs, bound, column_loss, objective
from ppdesk.core.compiling import compiled

DISCERNIBILITY, AECS, PRECISION, HEIGHT, AMBIGUITY, ENTROPY = range(6)


class Other(NamedTuple):
    """A quality model other than Loss."""

    kind: int
    lost: NDArray[np.float64]  # (columns, levels) what generalizing costs in a column; see `quality`
    whole: float  # what a suppressed record costs by precision
    domains: float  # product of the domains


class Prices(NamedTuple):
    """What a search minimizes."""

    costs: Costs
    other: Other | None
    k: int
    limit: int  # records that may be suppressed
    slack: float  # lowers bounds where their rounding may differ from that of values


class Made(NamedTuple):
    """Classes just made of a table; their arrays are in `Tables`."""

    held: table.Held
    classes: int
    suppressed: int
    most: int  # with more suppressed records than this the value does not matter
    levels: NDArray[np.int64]


@compiled
def _spread(parts: Any, width: Any, filled: Any, product: Any, least: Any) -> None:
    """Combine the bound of each of the `filled` first nodes with each level of the next column."""
    for node in range(filled - 1, -1, -1):
        value = least[node]
        for i in range(width):
            least[node * width + i] = value * parts[i] if product else value + parts[i]


@compiled
def _start_loss(box: Any, prices: Any, least: Any) -> None:
    costs = prices.costs
    product = costs.aggregate == GEOMETRIC
    least[0] = 1.0 if product else 0.0
    filled = np.int64(1)
    parts = np.empty(box.shape.max(), np.float64)
    for d in range(box.shape.shape[0]):
        for i in range(box.shape[d]):
            total = costs.totals[d, box.low[d] + i]
            parts[i] = costs.weights[d] * column_loss(total, total, 0, costs.domain[d], costs)
            if product:
                parts[i] += 1.0
        _spread(parts, box.shape[d], filled, product, least)
        filled *= box.shape[d]


@compiled
def _start_other(box: Any, prices: Any, other: Any, least: Any) -> None:
    if other.kind in {DISCERNIBILITY, AECS, AMBIGUITY}:
        least[:] = _least_of_other(box.low, 0, prices, other)
        return
    least[0] = 0.0
    filled = np.int64(1)
    parts = np.empty(box.shape.max(), np.float64)
    for d in range(box.shape.shape[0]):
        for i in range(box.shape[d]):
            parts[i] = other.lost[d, box.low[d] + i]
        _spread(parts, box.shape[d], filled, False, least)
        filled *= box.shape[d]
    if other.kind == PRECISION:
        least *= float(prices.costs.records)


@compiled
def start_bounds(box: Any, prices: Any, other: Any, least: Any) -> None:
    """Fill `least` (nodes,) with the bounds that hold when nothing is suppressed: column by column, in the
    order and with the rounding of `objective`."""
    if other is None:
        _start_loss(box, prices, least)
    else:
        _start_other(box, prices, other, least)


@compiled
def _least_of_other(levels: Any, floor: Any, prices: Any, other: Any) -> Any:
    kind, records = other.kind, float(prices.costs.records)
    if kind == DISCERNIBILITY:
        return floor * records + (records - floor) * min(float(prices.k), records)
    if kind == AECS:
        return records / ((prices.costs.records - floor) // prices.k + 1.0)
    if kind == AMBIGUITY:
        return floor * other.domains + (records - floor)
    lost = 0.0
    for d in range(levels.shape[0]):
        lost += other.lost[d, levels[d]]
    if kind == PRECISION:
        return (records - floor) * lost + floor * other.whole
    return lost


@compiled
def least_of(levels: Any, floor: Any, prices: Any, other: Any) -> Any:
    """The least that a transformation costs if it suppresses at least `floor` records; of entropy, what the
    suppressed records cost is not in it."""
    if other is None:
        return bound(levels, floor, prices.costs)
    else:  # noqa: RET505 - numba leaves out one of two branches, not what follows a return
        return _least_of_other(levels, floor, prices, other)


@compiled
def _least_when(suppressed: Any, prices: Any, other: Any) -> Any:
    """The least that any transformation costs that suppresses so many records."""
    costs = prices.costs
    if other is None:
        if costs.suppression != 1.0:
            return 0.0
        # kept records cost at least their own leaf, so every column loses at least suppressed / records
        kept = np.full(costs.domain.shape[0], costs.records - suppressed, np.int64)
        return objective(kept, kept, suppressed, costs)
    else:  # noqa: RET505 - as above
        if other.kind == PRECISION:
            return suppressed * other.whole
        if other.kind in {HEIGHT, ENTROPY}:
            return 0.0
        return _least_of_other(costs.domain, suppressed, prices, other)


@compiled
def usable(best: Any, prices: Any, other: Any) -> Any:
    """No transformation that suppresses more records than this costs `best` or less."""
    low, high = np.int64(-1), np.int64(prices.limit)
    while low < high:
        middle = (low + high + 1) // 2
        if _least_when(middle, prices, other) * prices.slack <= best:
            low = middle
        else:
            high = middle - 1
    return low


@compiled
def list_hidden(classes: Any, tables: Any) -> Any:
    """Write the suppressed classes into `ids`; returns how many."""
    found = np.int64(0)
    for c in range(classes):
        tables.ids[found] = c
        found += np.int64(tables.hidden[c])
    return found


@compiled
def removed(made: Any, from_: Any, tables: Any, out: Any) -> None:
    """Fill `out` (columns,) int64: the sum of the label weights of all suppressed records."""
    hidden = list_hidden(made.classes, tables)
    out[:] = 0
    for b in range(from_.sizes.shape[0]):
        found = np.int64(-1)
        for i in range(from_.first[b], from_.first[b + 1]):
            d = from_.columns[i]
            weights = from_.weights[from_.starts[d, made.levels[d]] :]
            if from_.even[d, made.levels[d]]:
                out[d] = made.suppressed * weights[0]
                continue
            if found < 0:
                found = table.hidden_of_block(b, hidden, made.held, from_, tables)
            total = np.int64(0)
            if from_.at[d] < 0:
                for j in range(found):
                    total += tables.some_counts[j] * weights[tables.some_codes[j]]
            else:
                leaves = from_.leaves[from_.at[d] :]
                for j in range(found):
                    total += tables.some_counts[j] * weights[leaves[tables.some_codes[j]]]
            out[d] = total


@compiled
def _ambiguous(made: Any, from_: Any, tables: Any) -> Any:
    """(sum over kept classes, over all classes) of records * product of the labels' weights."""
    kept, every = 0.0, 0.0
    held, levels = made.held, made.levels
    for c in range(made.classes):
        spread = float(tables.sums[c])
        for b in range(from_.sizes.shape[0]):
            code = held.codes[b * held.stride + held.offset + np.int64(tables.first[c])]
            for i in range(from_.first[b], from_.first[b + 1]):
                d = from_.columns[i]
                leaf = np.int64(code)
                if from_.at[d] >= 0:
                    leaf = np.int64(from_.leaves[from_.at[d] + np.int64(code)])
                spread *= from_.weights[from_.starts[d, levels[d]] + leaf]
        every += spread
        if not tables.hidden[c]:
            kept += spread
    return kept, every


@compiled
def _mixture(made: Any, from_: Any, tables: Any, lost: Any) -> Any:
    """(entropy, its part that suppressing makes): see `quality_kernels.mixture`."""
    value, mixed = 0.0, 0.0
    tally, records = np.zeros(from_.widths.max(), np.int64), made.suppressed
    hidden = list_hidden(made.classes, tables)
    for b in range(from_.sizes.shape[0]):
        found = np.int64(-1)
        for i in range(from_.first[b], from_.first[b + 1]):
            d = from_.columns[i]
            part = 0.0
            width = from_.widths[d, made.levels[d]]
            if records > 0 and width > 1:
                if found < 0:
                    found = table.hidden_of_block(b, hidden, made.held, from_, tables)
                labels = from_.maps[from_.starts[d, made.levels[d]] :]
                tally[:width] = 0
                for j in range(found):
                    leaf = np.int64(tables.some_codes[j])
                    if from_.at[d] >= 0:
                        leaf = np.int64(from_.leaves[from_.at[d] + leaf])
                    tally[labels[leaf]] += tables.some_counts[j]
                for v in range(width):
                    if tally[v] > 0:
                        part -= tally[v] * np.log2(tally[v] / records)
            mixed += part
            value += np.floor((lost[d, made.levels[d]] + part) * 1e10) / 1e10
    return value, mixed


@compiled
def _price_loss(made: Any, from_: Any, tables: Any, prices: Any, scratch: Any) -> Any:
    costs = prices.costs
    if made.suppressed > made.most:
        return np.inf, 0.0, 0.0
    removed(made, from_, tables, scratch[0])
    for d in range(made.levels.shape[0]):
        scratch[1, d] = costs.totals[d, made.levels[d]]
        scratch[0, d] = scratch[1, d] - scratch[0, d]
    return objective(scratch[0], scratch[1], made.suppressed, costs), 0.0, 0.0


@compiled
def _price_other(made: Any, from_: Any, tables: Any, prices: Any, other: Any) -> Any:
    kind, records, suppressed = other.kind, float(prices.costs.records), made.suppressed
    within = suppressed <= made.most
    above, mixed, value = 0.0, 0.0, np.inf
    if kind == DISCERNIBILITY:
        kept = 0.0
        for c in range(made.classes):
            square = float(tables.sums[c]) * float(tables.sums[c])
            above += square
            if not tables.hidden[c]:
                kept += square
        value = kept + records * suppressed
    elif kind == AECS:
        found = np.int64(0)
        for c in range(made.classes):
            found += np.int64(not tables.hidden[c])
        value = records / max(np.int64(1), found + np.int64(suppressed > 0))
        above = records / (found + suppressed // prices.k + 1)
    elif kind == AMBIGUITY:
        kept, above = _ambiguous(made, from_, tables)
        value = kept + suppressed * other.domains
    elif kind == ENTROPY:
        if within:
            value, mixed = _mixture(made, from_, tables, other.lost)
    else:
        value = _least_of_other(made.levels, suppressed, prices, other)
    return value if within else np.inf, above, mixed


@compiled
def price(made: Any, at: Any, other: Any, scratch: Any) -> Any:
    """(value, infinity where more than `most` records are suppressed; bound of all that are more general;
    what suppressing adds to entropy at least when finer) of classes. `scratch` (2, columns) int64."""
    if other is None:
        return _price_loss(made, at.from_, at.tables, at.prices, scratch)
    else:  # noqa: RET505 - as above
        return _price_other(made, at.from_, at.tables, at.prices, other)
