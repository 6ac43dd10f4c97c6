"""Which classes are suppressed where sensitive attributes must be protected too."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.criteria.histograms import Histogram, merge
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.criteria.rules import DISTINCT, ENTROPY, GRASSBERGER, Rule, judge_all, measure, room
from ppdesk.core.compiling import compiled


class Judged(NamedTuple):
    """Per class: its records (int64), whether it is suppressed (bool), and how many of its records any finer
    grouping suppresses at least (int64)."""

    sums: NDArray[np.int64]
    hidden: NDArray[np.bool_]
    floors: NDArray[np.int64]


def judge_sparse(held: Histogram, judged: Judged, rule: Rule, k: int, limit: int) -> int:
    """`rules.judge_all` of classes with these histograms."""
    return int(judge_all((*held, np.empty((0, 0), np.int32)), tuple(judged), rule, k, limit))


@compiled
def measure_all(held: Any, sums: Any, hidden: Any, rule: Any) -> Any:
    """(classes,) float64: the quantity of the rule's model in each class that is not hidden, else NaN."""
    held_room = room(rule.shares.totals.shape[0], rule.tree.parents.shape[0])
    out = np.full(sums.shape[0], np.nan)
    for c in range(sums.shape[0]):
        if not hidden[c]:
            begin, end = held.start[c], held.start[c + 1]
            group = (held.values[begin:end], held.counts[begin:end], sums[c])
            out[c] = measure(group, rule, held_room)
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
        judge_sparse(merged[need.attribute], judged, need.rule, k, np.iinfo(np.int64).max)
    worst = []
    for need in needs.each:
        kept = measure_all(merged[need.attribute], sizes, hidden, need.rule)[~hidden]
        least = need.rule.kind in (DISTINCT, ENTROPY, GRASSBERGER)
        worst.append(float(kept.min() if least else kept.max()) if len(kept) else math.nan)
    return hidden, tuple(worst)
