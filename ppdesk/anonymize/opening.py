"""Compiled kernels of the transformations that are still open: bounds, which comes next, what closes them.

Transformations are numbered in a box of levels, first column most significant. A transformation is also a
`word`: its levels in bit fields, each with a guard bit above, so that one subtraction compares all columns.
Those still open lie side by side, and the arrays shrink as they close. A heap orders them by a lower bound
that may be stale; it is brought up to date when its turn comes.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize import pricing
from ppdesk.anonymize.lattice import BOUNDED, SUPPRESSES
from ppdesk.core.compiling import compiled

OPEN_NOW, LENGTH, LOW, HIGH, CHECKS, USABLE, FOUND, TOP_FLOOR, HEAPED = range(9)  # of `Exploration.counts`


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
    heap: NDArray[np.int32]  # nodes, the smallest key first; some of them are closed
    keys: NDArray[np.float64]  # of the heap: bounds as they were
    chain: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: NDArray[np.float64]  # (top,) of the best so far, in the order of (value, total, node)
    totals: NDArray[np.int64]  # sum of levels
    best: NDArray[np.int64]  # nodes
    suppressed: NDArray[np.int64]
    removed: NDArray[np.int64]  # (top, columns) label weights of suppressed records
    scratch: NDArray[np.int64]  # (2, columns)
    levels: NDArray[np.int64]  # (columns,)


class Lesson(NamedTuple):
    """What a check says of other nodes."""

    word: int
    floor: int  # it and all below it suppress at least so many records
    mixed: float  # and that costs them at least so much entropy
    above: float  # all above it cost at least this


@compiled
def unravel(node: Any, box: Any, levels: Any) -> Any:
    """Fill `levels` with the node's; returns their sum."""
    total = np.int64(0)
    for d in range(box.shape.shape[0] - 1, -1, -1):
        above = node // box.shape[d]
        levels[d] = box.low[d] + node - above * box.shape[d]
        total += levels[d]
        node = above
    return total


@compiled
def word_of(levels: Any, box: Any) -> Any:
    """The levels in bit fields."""
    word = np.int64(0)
    for d in range(levels.shape[0]):
        word |= (levels[d] - box.low[d]) << box.shifts[d]
    return word


@compiled
def spell(word: Any, box: Any, levels: Any) -> None:
    """Fill `levels` with those of a word."""
    for d in range(levels.shape[0]):
        field = np.int64(0)
        while (np.int64(1) << field) < box.shape[d]:
            field += 1
        levels[d] = box.low[d] + ((word >> box.shifts[d]) & ((np.int64(1) << field) - 1))


@compiled
def _sink(at: Any, node: Any, key: Any, state: Any) -> None:
    """Put a node into the heap at a free place, or below."""
    heap, keys, n = state.heap, state.keys, state.counts[HEAPED]
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        if child + 1 < n and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        heap[at], keys[at] = heap[child], keys[child]
        at = child
    heap[at], keys[at] = node, key


@compiled
def begin(box: Any, state: Any, prices: Any) -> None:
    """Open all nodes, with the bounds that hold before anything is checked."""
    pricing.start_bounds(box, prices, prices.other, state.least)
    m, size = box.shape.shape[0], state.status.shape[0]
    at = np.zeros(m, np.int64)
    word = np.int64(0)
    for node in range(size):
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
    state.heap[:] = state.nodes
    state.keys[:] = state.least
    state.counts[HEAPED] = size
    for i in range(size // 2 - 1, -1, -1):
        _sink(i, state.heap[i], state.keys[i], state)
    state.counts[OPEN_NOW] = size
    state.counts[USABLE] = prices.limit
    state.counts[LOW] = 1  # the first chain is the most general node alone
    state.counts[HIGH] = 1
    state.chain[1] = size - 1


@compiled
def drop(j: Any, why: Any, state: Any) -> None:
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
def beats(value: Any, total: Any, node: Any, state: Any) -> Any:
    """Whether a transformation comes before the last of the best."""
    last = state.values.shape[0] - 1
    if value != state.values[last]:
        return value < state.values[last]
    if total != state.totals[last]:
        return total < state.totals[last]
    return node < state.best[last]


@compiled
def refresh(j: Any, box: Any, state: Any, prices: Any) -> Any:
    """Bring the bound of open node j up to date. False where it cannot beat the best: it is closed then."""
    total = unravel(state.nodes[j], box, state.levels)
    if state.floors[j] > state.seen[j] or state.mixed[j] > 0:
        value = pricing.least_of(state.levels, state.floors[j], prices, prices.other) + state.mixed[j]
        state.least[j] = max(state.least[j], value)
        state.seen[j] = state.floors[j]
    value = state.least[j] * prices.slack
    if value >= state.values[-1] and not beats(value, total, state.nodes[j], state):
        drop(j, BOUNDED, state)
        return False
    return True


@compiled
def pick(box: Any, state: Any, prices: Any) -> Any:
    """The open node with the smallest bound, or -1."""
    counts, heap, keys = state.counts, state.heap, state.keys
    while counts[HEAPED] > 0:
        node = np.int64(heap[0])
        if state.place[node] < 0 or not refresh(state.place[node], box, state, prices):
            counts[HEAPED] -= 1
            last = counts[HEAPED]
            _sink(0, heap[last], keys[last], state)
        elif state.least[state.place[node]] > keys[0]:
            _sink(0, node, state.least[state.place[node]], state)
        else:
            return node
    return np.int64(-1)


@compiled
def sweep(box: Any, state: Any, slack: Any) -> None:
    """Close what cannot beat the best by its bound, as it is."""
    ceiling = state.values[-1]
    j = np.int64(0)
    while j < state.counts[OPEN_NOW]:
        value = state.least[j] * slack
        if value >= ceiling:
            total = unravel(state.nodes[j], box, state.scratch[0])
            if not beats(value, total, state.nodes[j], state):
                drop(j, BOUNDED, state)
                continue
        j += 1


@compiled
def climb(start: Any, ceiling: Any, box: Any, state: Any) -> Any:
    """Fill the chain with a path of open nodes upward, each next one with the largest bound below `ceiling`:
    so the path ends soon, at a general node near the border of what is worth a check. Returns its length."""
    state.chain[0] = start
    length, m = 1, box.shape.shape[0]
    while True:
        node = state.chain[length - 1]
        following, largest = node, -1.0
        left = node
        for d in range(m - 1, -1, -1):
            above = left // box.shape[d]
            if left - above * box.shape[d] + 1 < box.shape[d]:
                j = state.place[node + box.strides[d]]
                if j >= 0 and largest < state.least[j] < ceiling:
                    following, largest = node + box.strides[d], state.least[j]
            left = above
        if following == node:
            return length
        state.chain[length] = following
        length += 1


@compiled
def record(value: Any, total: Any, node: Any, suppressed: Any, state: Any) -> Any:
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
def learn(lesson: Any, guards: Any, state: Any, limit: Any) -> None:
    """What a check says of the nodes below and above it."""
    word, floor = lesson.word, lesson.floor
    if floor > min(limit, state.counts[USABLE]):
        why = SUPPRESSES if floor > limit else BOUNDED
        j = np.int64(0)
        while j < state.counts[OPEN_NOW]:
            if ((word | guards) - state.words[j]) & guards == guards:
                drop(j, why, state)
            else:
                j += 1
    elif floor > 0:
        for i in range(state.counts[OPEN_NOW]):
            below = ((word | guards) - state.words[i]) & guards == guards
            state.floors[i] = max(state.floors[i], floor if below else np.int64(0))
    if lesson.mixed > 0:
        for i in range(state.counts[OPEN_NOW]):
            below = ((word | guards) - state.words[i]) & guards == guards
            state.mixed[i] = max(state.mixed[i], lesson.mixed if below else 0.0)
    if lesson.above > 0:
        for i in range(state.counts[OPEN_NOW]):
            higher = ((state.words[i] | guards) - word) & guards == guards
            state.least[i] = max(state.least[i], lesson.above if higher else 0.0)
