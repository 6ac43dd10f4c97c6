"""Compiled: whether records may stand together as a class."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ppdesk.anonymize.arrays import texts
from ppdesk.anonymize.compiling import compiled
from ppdesk.anonymize.criteria.make import Requirements, requirements
from ppdesk.anonymize.criteria.models import DistinctLDiversity
from ppdesk.anonymize.criteria.rules import Rule, judge_all
from ppdesk.anonymize.frequency import FrequencySet
from ppdesk.anonymize.local.units import Units

_RULES = 8
_ALL = 1 << 62


class Judge(NamedTuple):
    """k, and the rules of the sensitive attributes where `judged`; else one rule that is never asked."""

    k: int
    judged: bool
    cell: NDArray[np.int32]  # (units,)
    weight: NDArray[np.int64]  # (units,)
    sensitive: NDArray[np.int32]  # (attributes, cells) codes
    attribute: NDArray[np.int64]  # (rules,)
    rules: tuple[Rule, ...]  # filled up, so that kernels are compiled for one length only
    tally: NDArray[np.int64]  # (most values,) zero between calls
    values: NDArray[np.int32]  # (most values,) scratch
    counts: NDArray[np.int64]  # (most values,) scratch


def judging(records: Units, frequencies: FrequencySet, needs: Requirements, k: int) -> Judge:
    """What a class of these units must meet."""
    rules = tuple(need.rule for need in needs.each)
    most = max((len(one.labels) for one in needs.attributes), default=1)
    return Judge(
        k=k,
        judged=bool(rules),
        cell=records.cell,
        weight=records.weight,
        sensitive=records.sensitive if rules else np.zeros((1, 1), np.int32),
        attribute=np.array([need.attribute for need in needs.each], np.int64),
        rules=rules + (rules[0] if rules else _always(frequencies),) * (_RULES - len(rules) % _RULES),
        tally=np.zeros(most, np.int64),
        values=np.empty(most, np.int32),
        counts=np.empty(most, np.int64),
    )


def _always(frequencies: FrequencySet) -> Rule:
    """A rule that every class meets: kernels are typed by it where there is none."""
    import pyarrow as pa

    one = FrequencySet(
        frequencies.codes[:, :1], np.ones(1, np.int64), np.zeros(1, np.int32), frequencies.maps
    )
    found = requirements(pa.table({"": texts([""])}), one, [("", DistinctLDiversity(1))])
    return found.each[0].rule


@compiled
def fits(members: Any, records: Any, j: Any) -> bool:
    """Whether the units `members`, of so many `records`, meet k and all rules."""
    if records < j.k:
        return False
    if not j.judged:
        return True
    start, none = np.zeros(2, np.int64), np.empty((0, 0), np.int32)
    classes = (np.full(1, records, np.int64), np.zeros(1, np.bool_), np.zeros(1, np.int64))
    for r in range(j.attribute.shape[0]):
        codes = j.sensitive[j.attribute[r]]
        used = 0
        for unit in members:
            value = codes[j.cell[unit]]
            if j.tally[value] == 0:
                j.values[used] = value
                used += 1
            j.tally[value] += j.weight[unit]
        for at in range(used):
            j.counts[at] = j.tally[j.values[at]]
            j.tally[j.values[at]] = 0
        start[1] = used
        judge_all((start, j.values, j.counts, none), classes, j.rules[r], j.k, _ALL)
        if classes[1][0]:
            return False
    return True
