"""The compiled search loop: which transformation to check next, check it, learn from it; no Python between.

Models on sensitive attributes plug in through `criteria.dense`: `Needs` (arrays only, always of the same
types) and `judge_classes`, called once per check with the classes' dense histograms. See that module's head.

Transformations are numbered in a box of levels, first column most significant. A transformation is also a
`word`: its levels in bit fields, each with a guard bit above, so that one subtraction compares all columns.
Those still open lie side by side in `Open`, which shrinks as they close.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import pricing
from ppdesk.anonymize import tables as table
from ppdesk.anonymize.compiling import compiled
from ppdesk.anonymize.criteria.dense import judge_classes
from ppdesk.anonymize.lattice import BOUNDED, CHECKED, SUPPRESSES

KEEP_BELOW = 0.4  # a class table is kept when it has at most this share of the groups it was made from
HUB_AFTER = 4
HUB_BELOW = 0.8
CLIMB = 2.0  # a chain climbs to so many times the best (a measured choice; any is right)

OPEN_NOW, LENGTH, LOW, HIGH, CHECKS, USABLE, FOUND, TOP_FLOOR = range(8)  # of `Exploration.counts`


class Box(NamedTuple):
    """The transformations that are searched."""

    low: NDArray[np.int64]  # (columns,) lowest level
    shape: NDArray[np.int64]  # (columns,) levels from there
    strides: NDArray[np.int64]  # (columns,) what one level up adds to the number
    shifts: NDArray[np.int64]  # (columns,) where the column's field lies in the word; its guard bit ends it
    guards: int  # the guard bits of all columns
    prefixes: NDArray[np.int64]  # masks of fields: of the largest column, of the two largest, ...


class Exploration(NamedTuple):
    """The state of a search: per node, per open node, and the best found."""

    status: NDArray[np.uint8]  # (nodes,)
    place: NDArray[np.int32]  # (nodes,) index among the open ones, or -1
    nodes: NDArray[np.int32]  # (open,)
    words: NDArray[np.int64]
    least: NDArray[np.float64]  # lower bound of the value
    floors: NDArray[np.int64]  # records that it suppresses at least
    seen: NDArray[np.int64]  # the floor that `least` was computed with
    mixed: NDArray[np.float64]  # entropy: what suppressing adds at least
    chain: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: NDArray[np.float64]  # (top,) of the best so far, in the order of (value, total, node)
    totals: NDArray[np.int64]  # sum of levels
    best: NDArray[np.int64]  # nodes
    suppressed: NDArray[np.int64]
    removed: NDArray[np.int64]  # (top, columns) label weights of suppressed records
    scratch: NDArray[np.int64]  # (2, columns)
    levels: NDArray[np.int64]  # (columns,)


@compiled
def _unravel(node: int, box: Any, levels: Any) -> int:
    """Fill `levels` with the node's; returns their sum."""
    total = np.int64(0)
    for d in range(box.shape.shape[0] - 1, -1, -1):
        above = node // box.shape[d]
        levels[d] = box.low[d] + node - above * box.shape[d]
        total += levels[d]
        node = above
    return total


@compiled
def _word(levels: Any, box: Any) -> int:
    """The levels in bit fields."""
    word = np.int64(0)
    for d in range(levels.shape[0]):
        word |= (levels[d] - box.low[d]) << box.shifts[d]
    return word


@compiled
def _level(word: int, d: int, box: Any) -> int:
    """Levels of column d above its lowest."""
    field = np.int64(0)
    width = box.shape[d] - 1
    while (np.int64(1) << field) <= width:
        field += 1
    return (word >> box.shifts[d]) & ((np.int64(1) << field) - np.int64(1))


@compiled
def begin(box: Any, state: Any, prices: Any) -> None:
    """Open all nodes, with the bounds that hold before anything is checked."""
    pricing.start_bounds(box.low, box.shape, prices, state.least)
    m = box.shape.shape[0]
    at = np.zeros(m, np.int64)
    word = np.int64(0)
    for node in range(state.status.shape[0]):
        state.nodes[node] = node
        state.place[node] = node
        state.words[node] = word
        d = m - 1
        while d >= 0 and at[d] == box.shape[d] - 1:
            word -= at[d] << box.shifts[d]
            at[d] = 0
            d -= 1
        if d >= 0:
            at[d] += 1
            word += np.int64(1) << box.shifts[d]
    state.counts[OPEN_NOW] = state.status.shape[0]
    state.counts[USABLE] = prices.limit
    state.counts[LOW] = 1  # the first chain is the most general node alone
    state.counts[HIGH] = 1
    state.chain[1] = state.status.shape[0] - 1


@compiled
def _drop(j: int, why: int, state: Any) -> None:
    """Close the open node at index j: the last one takes its place."""
    last = state.counts[OPEN_NOW] - 1
    state.counts[OPEN_NOW] = last
    state.status[state.nodes[j]] = why
    state.place[state.nodes[j]] = -1
    if j != last:
        state.nodes[j], state.words[j] = state.nodes[last], state.words[last]
        state.least[j], state.floors[j] = state.least[last], state.floors[last]
        state.seen[j], state.mixed[j] = state.seen[last], state.mixed[last]
        state.place[state.nodes[j]] = j


@compiled
def _beats(value: float, total: int, node: int, state: Any) -> bool:
    """Whether a transformation comes before the last of the best."""
    last = state.values.shape[0] - 1
    if value != state.values[last]:
        return bool(value < state.values[last])
    if total != state.totals[last]:
        return bool(total < state.totals[last])
    return bool(node < state.best[last])


@compiled
def _refresh(j: int, box: Any, state: Any, prices: Any) -> bool:
    """Bring the bound of open node j up to date. False where it cannot beat the best: it is closed then."""
    total = _unravel(state.nodes[j], box, state.levels)
    if state.floors[j] > state.seen[j] or state.mixed[j] > 0:
        value = pricing.least_of(state.levels, state.floors[j], prices) + state.mixed[j]
        state.least[j] = max(state.least[j], value)
        state.seen[j] = state.floors[j]
    value = state.least[j] * prices.slack
    if value >= state.values[-1] and not _beats(value, total, state.nodes[j], state):
        _drop(j, BOUNDED, state)
        return False
    return True


@compiled
def _pick(box: Any, state: Any, prices: Any) -> int:
    """The open node with the smallest bound, or -1. Closes on the way what cannot beat the best."""
    chosen, smallest = np.int64(-1), np.inf
    ceiling = state.values[-1]
    j = np.int64(0)
    while j < state.counts[OPEN_NOW]:
        least = state.least[j]
        if least < smallest or least * prices.slack >= ceiling:
            if not _refresh(j, box, state, prices):
                continue
            if state.least[j] < smallest:
                chosen, smallest = np.int64(state.nodes[j]), state.least[j]
        j += 1
    return chosen


@compiled
def _climb(start: int, ceiling: float, box: Any, state: Any) -> int:
    """Fill the chain with a path of open nodes upward, each next one with the largest bound below `ceiling`: so
    the path ends soon, at a general node near the border of what is worth a check. Returns its length."""
    state.chain[0] = start
    length = np.int64(1)
    m = box.shape.shape[0]
    while True:
        node = state.chain[length - 1]
        following, largest = np.int64(-1), -1.0
        left = node
        for d in range(m - 1, -1, -1):
            above = left // box.shape[d]
            if left - above * box.shape[d] + 1 < box.shape[d]:
                j = state.place[node + box.strides[d]]
                if j >= 0 and largest < state.least[j] < ceiling:
                    following, largest = node + box.strides[d], state.least[j]
            left = above
        if following < 0:
            return length
        state.chain[length] = following
        length += 1


@compiled
def _record(value: float, total: int, node: int, suppressed: int, state: Any) -> int:
    """Put a transformation among the best; returns its rank."""
    i = state.values.shape[0] - 1
    while i > 0:
        better = value < state.values[i - 1]
        if value == state.values[i - 1]:
            better = total < state.totals[i - 1] or (
                total == state.totals[i - 1] and node < state.best[i - 1]
            )
        if not better:
            break
        state.values[i], state.totals[i] = state.values[i - 1], state.totals[i - 1]
        state.best[i], state.suppressed[i] = state.best[i - 1], state.suppressed[i - 1]
        state.removed[i] = state.removed[i - 1]
        i -= 1
    state.values[i], state.totals[i], state.best[i], state.suppressed[i] = value, total, node, suppressed
    if state.counts[FOUND] < state.values.shape[0]:
        state.counts[FOUND] += 1
    return i


@compiled
def _learn(word: int, floor: int, mixed: float, above: float, box: Any, state: Any, limit: int) -> None:
    """What a check says of the nodes below and above it."""
    guards = box.guards
    shut = floor > min(limit, state.counts[USABLE])
    why = SUPPRESSES if floor > limit else BOUNDED
    if shut:
        j = np.int64(0)
        while j < state.counts[OPEN_NOW]:
            if ((word | guards) - state.words[j]) & guards == guards:
                _drop(j, why, state)
            else:
                j += 1
    elif floor > 0:
        for j in range(state.counts[OPEN_NOW]):
            if ((word | guards) - state.words[j]) & guards == guards and state.floors[j] < floor:
                state.floors[j] = floor
    if mixed > 0:
        for j in range(state.counts[OPEN_NOW]):
            if ((word | guards) - state.words[j]) & guards == guards and state.mixed[j] < mixed:
                state.mixed[j] = mixed
    if above > 0:
        for j in range(state.counts[OPEN_NOW]):
            if ((state.words[j] | guards) - word) & guards == guards and state.least[j] < above:
                state.least[j] = above


@compiled
def _near(word: int, box: Any, state: Any, from_: Any, tables: Any, needs: Any) -> int:
    """The smallest table to group `word` from. Makes tables on the way (hubs) that many have missed."""
    near = table.nearest(word, box.guards, False, tables)
    for mask in box.prefixes:
        head = word & mask
        if head == word:
            break
        if ((tables.words[near] | box.guards) - head) & box.guards == box.guards:
            continue  # the table at hand is more general
        at = table.hub(head, tables)
        if at < 0 or tables.hub_reads[at] < 0:
            continue
        n = tables.sizes[near]
        tables.hub_reads[at] += n
        if tables.hub_reads[at] <= HUB_AFTER * n:
            continue
        tables.hub_reads[at] = -1
        levels = state.scratch[0]
        for d in range(levels.shape[0]):
            levels[d] = box.low[d] + _level(head, d, box)
        base = table.nearest(head, box.guards, True, tables)
        classes, flat, stride, offset, rows = table.read(base, levels, from_, needs.cells, tables)
        if classes <= HUB_BELOW * tables.sizes[base]:
            table.merge(rows, classes, tables)
            if table.keep(head, classes, flat, stride, offset, from_.sizes.shape[0], True, tables):
                near = table.nearest(word, box.guards, False, tables)
    return near


@compiled
def _check(node: int, box: Any, state: Any, prices: Any, from_: Any, tables: Any, needs: Any) -> bool:
    """Check one node and learn from it. False where it, and all below it, suppress too much to win."""
    total = _unravel(node, box, state.levels)
    word = _word(state.levels, box)
    state.counts[CHECKS] += 1
    _drop(state.place[node], CHECKED, state)
    near = _near(word, box, state, from_, tables, needs)
    classes, flat, stride, offset, rows = table.read(near, state.levels, from_, needs.cells, tables)
    suppressed = np.int64(0)
    for c in range(classes):
        small = tables.sums[c] < prices.k
        tables.hidden[c] = small
        suppressed += tables.sums[c] if small else np.int64(0)
    floor = suppressed
    most = min(prices.limit, state.counts[USABLE])
    rowed, complete = needs.cells.shape[1] == 0, True
    if needs.cells.shape[1] > 0:
        complete = suppressed <= most
        if complete:
            if not tables.rowed[near]:
                near = table.nearest(word, box.guards, True, tables)
                classes, flat, stride, offset, rows = table.read(
                    near, state.levels, from_, needs.cells, tables
                )
                for c in range(classes):
                    tables.hidden[c] = tables.sums[c] < prices.k
            rowed = True
            table.merge(rows, classes, tables)
            floor = judge_classes(
                tables.merged, classes, tables.sums, tables.hidden, suppressed, most, prices.k, needs
            )
            complete = floor <= most
            suppressed = np.int64(0)
            for c in range(classes):
                suppressed += tables.sums[c] if tables.hidden[c] else np.int64(0)
            suppressed = max(suppressed, floor)
    if classes <= KEEP_BELOW * tables.sizes[near]:
        table.keep(word, classes, flat, stride, offset, from_.sizes.shape[0], rowed, tables)
    value, above, mixed = np.inf, 0.0, 0.0
    if complete:
        least = pricing.least_of(state.levels, suppressed, prices) * prices.slack
        value, above, mixed = pricing.price(
            flat, stride, offset, classes, suppressed,
            most if _beats(least, total, node, state) else np.int64(-1),
            state.levels, from_, tables, prices, state.scratch,
        )  # fmt: skip
    if value < np.inf and _beats(value, total, node, state):
        rank = _record(value, total, node, suppressed, state)
        pricing.removed(
            flat, stride, offset, classes, suppressed, state.levels, from_, tables, state.removed[rank]
        )
        if state.counts[FOUND] == state.values.shape[0]:
            state.counts[USABLE] = pricing.usable(state.values[-1], prices)
    if not needs.lasting:
        mixed = 0.0
    if node == state.status.shape[0] - 1:
        state.counts[TOP_FLOOR] = floor
    _learn(word, floor, mixed, above, box, state, prices.limit)
    return suppressed <= state.counts[USABLE]


@compiled
def run(
    box: Any, state: Any, prices: Any, from_: Any, tables: Any, needs: Any, checks: int, work: int
) -> bool:
    """Go on with the search for so many checks, or until so many groups were read. False when all is decided.

    Along a chain, bisect for the border between too much suppressed and not.
    """
    counts = state.counts
    last_check, last_read = counts[CHECKS] + checks, tables.used[3] + work
    while counts[CHECKS] < last_check and tables.used[3] < last_read:
        if counts[LOW] > counts[HIGH]:
            start = _pick(box, state, prices)
            if start < 0:
                return False
            best = state.values[-1]
            ceiling = best * CLIMB
            if prices.kind == pricing.LOSS and prices.costs.aggregate == pricing.GEOMETRIC:
                ceiling = (best - 1.0) * CLIMB + 1.0
            counts[LOW] = 0
            counts[HIGH] = _climb(start, ceiling, box, state) - 1
        middle = counts[HIGH]
        node = state.chain[middle]
        up = False
        if state.place[node] >= 0:
            if _refresh(state.place[node], box, state, prices):
                up = not _check(node, box, state, prices, from_, tables, needs)
            else:
                up = False
        else:
            up = state.status[node] == SUPPRESSES
        if up:
            counts[LOW] = middle + 1
        else:
            counts[HIGH] = middle - 1
    return True
