"""Which classes are suppressed where sensitive attributes must be protected too."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.compiling import compiled
from ppdesk.anonymize.criteria.histograms import merge
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.criteria.rules import DISTINCT, ENTROPY, judge, measure


class Judged(NamedTuple):
    """Per class: its records (int64), whether it is suppressed (bool), and how many of its records any finer
    grouping suppresses at least (int64)."""

    sums: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    floors: NDArray[np.int64]


@compiled
def judge_all(held: Any, classes: Any, rule: Any, k: int, limit: int) -> Any:
    """Judge each class of `held` by one rule. `classes` are to be changed, and hold what is known so far.

    Marks what to suppress, and raises the floors. Classes below `k` are taken as marked already. Stops when
    the sum of the floors passes `limit`. Returns that sum.
    """
    sums, hidden, floors = classes
    counts = np.zeros(rule.totals.shape[0], np.int64)
    extra = np.zeros((3, max(1, rule.parents.shape[0])), np.int64)
    total = np.int64(0)
    for c in range(sums.shape[0]):
        total += floors[c]
    for c in range(sums.shape[0]):
        if total > limit:
            break
        if sums[c] < k:
            continue
        begin, end = held.start[c], held.start[c + 1]
        for entry in range(begin, end):
            counts[held.values[entry]] = held.counts[entry]
        met, floor = judge(counts, held.values[begin:end], sums[c], rule, extra)
        for entry in range(begin, end):
            counts[held.values[entry]] = 0
        if not met:
            hidden[c] = True
            if floor > floors[c]:
                total += floor - floors[c]
                floors[c] = floor
    return total


@compiled
def measure_all(held: Any, sums: Any, hidden: Any, rule: Any) -> Any:
    """(classes,) float64: the quantity of the rule's model in each class that is not hidden, else NaN."""
    counts = np.zeros(rule.totals.shape[0], np.int64)
    extra = np.zeros((3, max(1, rule.parents.shape[0])), np.int64)
    out = np.full(sums.shape[0], np.nan)
    for c in range(sums.shape[0]):
        if hidden[c]:
            continue
        begin, end = held.start[c], held.start[c + 1]
        for entry in range(begin, end):
            counts[held.values[entry]] = held.counts[entry]
        out[c] = measure(counts, held.values[begin:end], sums[c], rule, extra)
        for entry in range(begin, end):
            counts[held.values[entry]] = 0
    return out


def hidden_classes(
    classes: NDArray[np.int32], sizes: NDArray[np.int64], k: int, needs: Requirements
) -> tuple[NDArray[np.bool_], tuple[float, ...]]:
    """((classes,) bool: below `k` or against a model; per model, the worst of its quantity in a kept class).

    The worst is the least for distinct and entropy l-diversity, the largest for all others, and NaN where no
    class is kept.

    `classes` (groups,) int32 is the class of each group of the frequency set, `sizes` (classes,) its records.
    """
    hidden = sizes < k
    judged = Judged(sizes, hidden, np.zeros(len(sizes), np.int64))
    merged = [merge(one.histogram, classes, len(sizes), len(one.labels)) for one in needs.attributes]
    for need in needs.each:
        judge_all(merged[need.attribute], judged, need.rule, k, np.iinfo(np.int64).max)
    worst = []
    for need in needs.each:
        kept = measure_all(merged[need.attribute], sizes, hidden, need.rule)[~hidden]
        least = need.rule.kind in (DISTINCT, ENTROPY)
        worst.append(float(kept.min() if least else kept.max()) if len(kept) else math.nan)
    return hidden, tuple(worst)
