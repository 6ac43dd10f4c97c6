"""Compiled kernels that judge one class by one model: is it met, and how many records must go at least.

The least number of records that any finer grouping of a class C suppresses is what makes pruning a proof.
Where a violation passes on to every part of C (distinct l-diversity, as k-anonymity), it is all of C: these
are monotone with suppression. All other models here are not: a part of C may meet what C violates. But they
are closed under union: parts that meet the model do so together (delta-disclosure only in its upper half;
Grassberger's entropy only by way of Shannon's). The kept parts of any finer grouping are then a sub-multiset
of C that meets it, so C loses at least what must be removed from it until it does: see `diversity`,
`likeness`, `distances`. And if less than k (or l) records may stay, none may. Nor may all stay, in a class
that violates a model which is closed under union and judged exactly: so at suppression limit 0 these models
are monotone.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria import distances, diversity, likeness
from ppdesk.core.compiling import compiled, inlined

(
    DISTINCT, ENTROPY, GRASSBERGER, RECURSIVE, EQUAL, HIERARCHICAL, ORDERED, DELTA, BASIC_BETA, ENHANCED_BETA,
) = range(10)  # fmt: skip


class Rule(NamedTuple):
    """One model on one attribute, for kernels. Parts that a model does not use are empty."""

    kind: int
    mixture: diversity.Mixture
    shares: likeness.Shares
    row: distances.Row
    tree: distances.Tree


class Room(NamedTuple):
    """Scratch of one attribute: values and counts of a class, and what the models need."""

    values: NDArray[np.int32]
    counts: NDArray[np.int64]
    sorted: diversity.Sorted
    moves: distances.Moves


@compiled
def room(values: int, nodes: int) -> Any:
    """Scratch for rules on an attribute of so many values, and trees of so many nodes."""
    arranged = diversity.Sorted(
        np.empty(values + 1, np.int64), np.empty(values + 1, np.int64), np.empty(values + 1, np.float64)
    )
    moves = distances.Moves(np.zeros(values, np.int64), np.zeros((3, max(1, nodes)), np.int64))
    return Room(np.empty(values, np.int32), np.empty(values, np.int64), arranged, moves)


@inlined
def distance(group: Any, rule: Any, moves: Any) -> Any:
    """(earth mover's distance * n * records * width, width) of a class, (values, counts, n), exactly."""
    if rule.kind == ORDERED:
        return distances.ordered(group, rule.shares.records, rule.row, moves.held)
    return distances.hierarchical(group, rule.shares.records, rule.tree, moves.nodes)


@inlined
def _diverse(group: Any, k: int, kind: int, asked: Any, held: Any) -> Any:
    """(whether l-diversity is met, records that may stay)."""
    values, counts, n = group
    d = counts.shape[0]
    if d < asked.l:
        return False, np.int64(0)
    if kind == RECURSIVE:
        stay = diversity.capped_part(counts, asked, held)
        return stay == n, stay
    if diversity.diverse(values, counts, n, asked, kind == GRASSBERGER):
        return True, n
    if kind == GRASSBERGER:
        asked = diversity.Mixture(1, 0, 1, diversity.less(k, d, asked.real), asked.table[:0])
    return False, diversity.even_part(counts, asked, held)


@inlined
def _near(group: Any, rule: Any, held: Any) -> Any:
    """(whether hierarchical or ordered t-closeness is met, records that may stay)."""
    n, shares = group[2], rule.shares
    moved, width = distance(group, rule, held.moves)
    if likeness.at_most(moved, n * shares.records * width, shares):
        return True, n
    far = moved / (float(n) * shares.records * width)
    t = shares.num / shares.den
    return False, min(distances.near_part(group, far, t, shares, held.moves.held), n - 1)


@inlined
def _within_caps(group: Any, kind: int, shares: Any) -> Any:
    """(whether delta-disclosure, beta-likeness or equal t-closeness is met, records that may stay)."""
    values, counts, n = group
    if kind == EQUAL:
        met = likeness.close(values, counts, n, shares)
    elif kind == DELTA:
        met = likeness.undisclosed(values, counts, n, shares)
    else:
        met = likeness.alike(values, counts, n, shares, kind == ENHANCED_BETA)
    if met:
        return True, n
    stay = likeness.part_within_caps(values, counts, n, shares)
    return False, min(stay, n - 1) if kind in (EQUAL, BASIC_BETA) else stay


@compiled
def judge_all(source: Any, classes: Any, rule: Any, k: int, limit: int) -> Any:
    """Judge classes by one rule. `classes`, (records (int64), whether suppressed (bool), how many records any
    finer grouping suppresses at least (int64)) of each, are to be changed, and hold what is known so far.

    `source` has the histograms: (start, values, counts, cells), sparse as in `Histogram` where `cells`
    (classes, values) int32 has no columns, else those. Marks what to suppress, and raises the floors. Classes
    below `k` are taken as marked already. Stops when the sum of the floors passes `limit`. Returns that sum.
    """
    start, held_values, held_counts, cells = source
    sums, hidden, floors = classes
    width = cells.shape[1]
    held = room(rule.shares.totals.shape[0], rule.tree.parents.shape[0])
    total = np.int64(0)
    for c in range(sums.shape[0]):
        total += floors[c]
    for c in range(sums.shape[0]):
        if total > limit:
            break
        n = sums[c]
        if n < k or floors[c] >= n:
            continue
        if width == 0:
            values, counts = held_values[start[c] : start[c + 1]], held_counts[start[c] : start[c + 1]]
        else:
            d = 0
            for v in range(width):
                held.values[d] = v
                held.counts[d] = cells[c, v]
                d += cells[c, v] > 0
            values, counts = held.values[:d], held.counts[:d]
        group = (values, counts, n)
        if rule.kind == DISTINCT:
            met, stay = counts.shape[0] >= rule.mixture.l, np.int64(0)
        elif rule.kind <= RECURSIVE:
            met, stay = _diverse(group, k, rule.kind, rule.mixture, held.sorted)
        elif rule.kind in (HIERARCHICAL, ORDERED):
            met, stay = _near(group, rule, held)
        else:
            met, stay = _within_caps(group, rule.kind, rule.shares)
        if not met:
            hidden[c] = True
            floor = n if stay < max(k, rule.mixture.l) else n - stay
            total += max(np.int64(0), floor - floors[c])
            floors[c] = max(floors[c], floor)
    return total


@compiled
def measure(group: Any, rule: Any, held: Any) -> Any:
    """What a class, (values, counts, n), has of the model's quantity: distinct values; exp(entropy);
    r_1 / (r_l + ...); distance; largest |log2(p / q)|; largest (p - q) / q. `held` is a `room`."""
    values, counts, n = group
    kind = rule.kind
    if kind == DISTINCT:
        return float(values.shape[0])
    if kind in (ENTROPY, GRASSBERGER):
        most, total = diversity.spread(counts, n, rule.mixture, kind == GRASSBERGER)
        return float(np.exp((most - total) / n + rule.mixture.real))
    if kind == RECURSIVE:
        diversity.arrange(counts, held.sorted)
        rest = held.sorted.tails[min(rule.mixture.l - 1, values.shape[0])]
        return held.sorted.falling[0] / rest if rest > 0 else np.inf
    if kind in (HIERARCHICAL, ORDERED):
        moved, width = distance(group, rule, held.moves)
        return float(moved) / (float(n) * rule.shares.records * width)
    found = 0.0
    for e in range(values.shape[0]):
        p, q = counts[e] / n, rule.shares.totals[values[e]] / rule.shares.records
        if kind == EQUAL:
            found += max(0.0, p - q)
        elif kind == DELTA:
            found = max(found, abs(np.log2(p / q)))
        else:
            found = max(found, (p - q) / q)
    return found
