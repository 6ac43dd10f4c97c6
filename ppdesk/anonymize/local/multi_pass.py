"""Multi-pass local recoding, as in ARX (ARXResult.optimizeIterative, 3.9.2).

The optimal global transformation suppresses records; those alone are anonymized again, by their own optimum,
and so on until none is left, no pass keeps a record, or there were enough passes. A pass that keeps none
raises the gs-factor by `adaption` for the next one, up to 1. With a gs-factor of 0 the search prefers to
suppress, so that many records keep much detail early. Models on sensitive columns compare with the whole
table in each pass. Here each class is then given the lowest labels that its records share, and the records
that no pass kept join the classes where that costs least, unless suppressing them is allowed and costs less.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.constraints import Constraints
from ppdesk.anonymize.criteria.histograms import Histogram
from ppdesk.anonymize.criteria.judging import hidden_classes
from ppdesk.anonymize.criteria.make import Requirements
from ppdesk.anonymize.errors import NoProtectionError, NoSolutionError
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.local.clustering import Task, settled
from ppdesk.anonymize.loss import LossModel
from ppdesk.core.said import said


@dataclass(frozen=True)
class Passes:
    """`share` of the records that a pass may leave to the next one; `most` passes."""

    gs_factor: float = 0.0
    adaption: float = 0.05
    share: float = 0.95
    most: int = 100


def multi_pass(task: Task, model: LossModel, columns: Sequence[str], passes: Passes,
    constraints: Constraints | None = None,
) -> NDArray[np.int64]:  # fmt: skip
    """(units,) int64: the class of each unit, -1 where it is suppressed.

    Raises NoSolutionError, NoProtectionError, CancelledRunError, LatticeTooLargeError."""
    found = first_classes(task, model, columns, passes, constraints)
    judge, tree = task.judge(), task.trees()
    leaves = task.cell_leaves()[task.records.cell]
    return settled(found[task.records.group][task.records.cell], task, judge, leaves, tree).of


def first_classes(
    task: Task, model: LossModel, columns: Sequence[str], passes: Passes,
    constraints: Constraints | None = None,
) -> NDArray[np.int64]:  # fmt: skip
    """(groups,) int64: a class per group of the frequency set, -1 where no pass kept it."""
    from ppdesk.anonymize.grouping import classify
    from ppdesk.anonymize.search import search

    found = np.full(len(task.frequencies.counts), -1, np.int64)
    left, used, gs = np.arange(len(found)), 0, passes.gs_factor
    for number in range(passes.most):
        task.stop()
        told = said("Pass {number}: {left:,} distinct records left", number=number + 1, left=len(left))
        task.progress(1 - len(left) / len(found), told)
        some, needs = part(task.frequencies, task.needs, left)
        try:
            solution = search(
                some, task.k, passes.share, replace(model, gs_factor=min(1.0, gs)), columns, needs=needs,
                constraints=constraints, cancelled=task.cancelled,
            )  # fmt: skip
        except (NoSolutionError, NoProtectionError):
            break
        levels = np.array(solution.levels, np.int64)
        ids, classes = classify(some.codes, some.counts, some.maps.at(levels))
        hidden, _ = hidden_classes(ids, classes.sums, task.k, needs)
        kept = ~hidden[ids]
        found[left[kept]] = used + ids[kept]
        used += len(hidden)
        left = left[~kept]
        if not len(left):
            break
        if not kept.any():
            gs += passes.adaption
            if passes.adaption == 0 or gs > 1:
                break
    return found


def part(
    frequencies: FrequencySet, needs: Requirements, groups: NDArray[np.int64]
) -> tuple[FrequencySet, Requirements]:
    """Some groups alone, with rules that still compare with the whole table."""
    counts = frequencies.counts[groups]
    rows = np.repeat(np.arange(len(groups), dtype=np.int32), counts)
    some = FrequencySet(np.ascontiguousarray(frequencies.codes[:, groups]), counts, rows, frequencies.maps)
    attributes = tuple(replace(one, histogram=_rows(one.histogram, groups)) for one in needs.attributes)
    return some, Requirements(attributes, needs.each)


def _rows(held: Histogram, groups: NDArray[np.int64]) -> Histogram:
    lengths = held.start[groups + 1] - held.start[groups]
    start = np.append(0, np.cumsum(lengths)).astype(np.int64)
    entries = np.arange(start[-1]) - np.repeat(start[:-1] - held.start[groups], lengths)
    return Histogram(start, held.values[entries], held.counts[entries])
