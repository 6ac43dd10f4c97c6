"""What a violating class says about finer groupings is no more than the definitions allow."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.histograms import Histogram
from ppdesk.anonymize.criteria.judging import Judged, judge_sparse
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.criteria.rules import DELTA
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated

VALUES = ["p"] * 5 + ["q"] * 4 + ["r"] * 3
TREE = validated("ill", [["p", "x", "*"], ["q", "x", "*"], ["r", "y", "*"]])
SHAPES = list(itertools.product(range(6), range(5), range(4)))[1:]


@pytest.mark.parametrize(
    "criterion",
    [
        models.DistinctLDiversity(2),
        models.EntropyLDiversity(2.0),
        models.RecursiveCLDiversity(1.5, 2),
        models.EqualTCloseness(0.2),
        models.HierarchicalTCloseness(0.2, TREE),
        models.OrderedTCloseness(0.2),
        models.DeltaDisclosure(0.5),
        models.BasicBetaLikeness(0.5),
        models.EnhancedBetaLikeness(0.5),
    ],
    ids=lambda one: one.name,
)
def test_no_part_of_a_class_that_meets_the_model_is_larger_than_what_may_stay(criterion):
    table = pa.table({"age": ["1"] * len(VALUES), "ill": VALUES})
    frequencies = frequency_set(table, [validated("age", [["1", "*"]])])
    rule = requirements(table, frequencies, [("ill", criterion)]).each[0].rule
    judged, caps = {}, rule.shares.caps
    for shape in SHAPES:
        counts = np.array(shape, np.int64)
        values = np.flatnonzero(counts).astype(np.int32)
        held = Histogram(np.array([0, len(values)]), values, counts[values])
        one = Judged(counts.sum(keepdims=True), np.zeros(1, np.bool_), np.zeros(1, np.int64))
        judge_sparse(held, one, rule, 1, np.iinfo(np.int64).max)
        judged[shape] = not one.hidden[0], int(one.floors[0])
    met = {
        shape
        for shape, (whole, _) in judged.items()
        if whole or (rule.kind == DELTA and all(p < c * sum(shape) for p, c in zip(shape, caps, strict=True)))
    }  # of delta-disclosure only the upper half is closed under union
    assert any(0 < floor < sum(shape) for shape, (_, floor) in judged.items()) or rule.kind == 0
    for shape, (whole, floor) in judged.items():
        parts = (sum(part) for part in met if all(a <= b for a, b in zip(part, shape, strict=True)))
        assert floor <= sum(shape) - max(parts, default=0)
        assert not (whole and floor)
