"""The compiled search loop: which transformation to check next, check it, learn from it; no Python between.

Models on sensitive attributes plug in through `criteria.dense`: `Needs` (arrays only, always of the same
types) and `judge_classes`, called once per check with the classes' dense histograms. See that module's head.
Where there are none, `needs` is None, and numba compiles nothing of them.
"""

from typing import Any, NamedTuple

import numpy as np

from ppdesk.anonymize import opening, pricing
from ppdesk.anonymize import tables as table
from ppdesk.anonymize.criteria.dense import Needs, judge_classes
from ppdesk.anonymize.lattice import CHECKED, SUPPRESSES
from ppdesk.anonymize.objective import GEOMETRIC
from ppdesk.anonymize.opening import CHECKS, FOUND, HIGH, LOW, TOP_FLOOR, USABLE
from ppdesk.core.compiling import compiled

KEEP_BELOW = 0.4  # a class table is kept when it has at most this share of the groups it was made from
HUB_AFTER = 2
HUB_BELOW = 0.8
CLIMB = 2.0  # a chain climbs to so many times the best (a measured choice; any is right)


class Setting(NamedTuple):
    """What a search works on."""

    box: opening.Box
    prices: pricing.Prices
    from_: table.Source
    tables: table.Tables
    needs: Needs | None


@compiled
def _near(word: Any, at: Any, needs: Any, state: Any) -> Any:
    """The smallest table to group `word` from. Makes tables on the way (hubs) that many have missed."""
    box, tables = at.box, at.tables
    near = table.nearest(word, box.guards, False, tables)
    for mask in box.prefixes:
        head = word & mask
        if head == word:
            break
        if ((tables.words[near] | box.guards) - head) & box.guards == box.guards:
            continue  # the table at hand is more general
        hub = table.hub(head, tables)
        if hub < 0 or tables.hub_reads[hub] < 0:
            continue
        n = tables.sizes[near]
        tables.hub_reads[hub] += n
        if tables.hub_reads[hub] <= HUB_AFTER * n:
            continue
        tables.hub_reads[hub] = -1
        levels = state.scratch[0]
        opening.spell(head, box, levels)
        base = table.nearest(head, box.guards, True, tables)
        classes, held = table.read(base, levels, at.from_, tables)
        if classes <= HUB_BELOW * tables.sizes[base]:
            if needs is not None:
                table.merge(base, classes, needs.cells, tables)
            if table.keep(head, classes, held, True, tables):
                near = table.nearest(word, box.guards, False, tables)
    return near


@compiled
def _hide(classes: Any, k: Any, tables: Any) -> Any:
    """Mark the classes below k; returns their records."""
    suppressed = np.int64(0)
    for c in range(classes):
        small = tables.sums[c] < k
        tables.hidden[c] = small
        suppressed += tables.sums[c] if small else np.int64(0)
    return suppressed


@compiled
def _judge(near: Any, word: Any, at: Any, needs: Any, state: Any) -> Any:
    """Mark what violates a model on a sensitive attribute too. Returns (the table that was read in the end,
    records that it and any finer one suppresses at least, suppressed records, classes, the table's codes)."""
    tables, box, k = at.tables, at.box, at.prices.k
    most = min(at.prices.limit, state.counts[USABLE])
    if not tables.rowed[near]:
        near = table.nearest(word, box.guards, True, tables)
    classes, held = table.read(near, state.levels, at.from_, tables)
    floor = _hide(classes, k, tables)
    table.merge(near, classes, needs.cells, tables)
    floor = judge_classes(tables.merged, classes, tables.sums, tables.hidden, floor, most, k, needs)
    suppressed = np.int64(0)
    for c in range(classes):
        suppressed += tables.sums[c] if tables.hidden[c] else np.int64(0)
    return near, floor, max(suppressed, floor), classes, held


@compiled
def _check(node: Any, at: Any, needs: Any, state: Any) -> Any:
    """Check one node and learn from it. False where it, and all below it, suppress too much to win."""
    box, prices, from_, tables, counts = at.box, at.prices, at.from_, at.tables, state.counts
    total = opening.unravel(node, box, state.levels)
    word = opening.word_of(state.levels, box)
    counts[CHECKS] += 1
    opening.drop(state.place[node], CHECKED, state)
    near = _near(word, at, needs, state)
    classes, held = table.read(near, state.levels, from_, tables)
    suppressed = _hide(classes, prices.k, tables)
    floor = suppressed
    most = min(prices.limit, counts[USABLE])
    complete, rowed, lasting = True, True, True
    if needs is not None:
        complete, rowed, lasting = suppressed <= most, False, needs.lasting
        if complete:
            near, floor, suppressed, classes, held = _judge(near, word, at, needs, state)
            complete, rowed = floor <= most, True
    if classes <= KEEP_BELOW * tables.sizes[near]:
        table.keep(word, classes, held, rowed, tables)
    value, above, mixed = np.inf, 0.0, 0.0
    if complete:
        least = pricing.least_of(state.levels, suppressed, prices, prices.other) * prices.slack
        if not opening.beats(least, total, node, state):
            most = -1
        made = pricing.Made(held, classes, suppressed, most, state.levels)
        value, above, mixed = pricing.price(made, at, prices.other, state.scratch)
        if value < np.inf and opening.beats(value, total, node, state):
            rank = opening.record(value, total, node, suppressed, state)
            pricing.removed(made, from_, tables, state.removed[rank])
            if counts[FOUND] == state.values.shape[0]:
                counts[USABLE] = pricing.usable(state.values[-1], prices, prices.other)
                opening.sweep(box, state, prices.slack)
    if node == state.status.shape[0] - 1:
        counts[TOP_FLOOR] = floor
    lesson = opening.Lesson(word, floor, mixed if lasting else 0.0, above)
    opening.learn(lesson, box.guards, state, prices.limit)
    return suppressed <= counts[USABLE]


@compiled
def _ceiling(best: Any, prices: Any, other: Any) -> Any:
    """Up to which bound a chain climbs."""
    if other is None and prices.costs.aggregate == GEOMETRIC:
        return (best - 1.0) * CLIMB + 1.0
    return best * CLIMB


@compiled
def run(at: Any, state: Any, checks: Any, work: Any) -> Any:
    """Go on with the search for so many checks, or until so many groups were read. False when all is decided.

    Along a chain, bisect for the border between too much suppressed and not.
    """
    counts, read = state.counts, at.tables.used
    last_check, last_read = counts[CHECKS] + checks, read[table.READ] + work
    while counts[CHECKS] < last_check and read[table.READ] < last_read:
        if counts[LOW] > counts[HIGH]:
            start = opening.pick(at.box, state, at.prices)
            if start < 0:
                return False
            ceiling = _ceiling(state.values[-1], at.prices, at.prices.other)
            counts[LOW] = 0
            counts[HIGH] = opening.climb(start, ceiling, at.box, state) - 1
        node = state.chain[counts[HIGH]]
        up = state.place[node] < 0 and state.status[node] == SUPPRESSES
        if state.place[node] >= 0 and opening.refresh(state.place[node], at.box, state, at.prices):
            up = not _check(node, at, at.needs, state)
        if up:
            counts[LOW] = counts[HIGH] + 1
        else:
            counts[HIGH] -= 1
    return True
