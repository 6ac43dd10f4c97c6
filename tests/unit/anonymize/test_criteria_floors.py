"""What a violating class says about finer groupings is no more than the definitions allow."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.criteria import models
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.criteria.rules import DELTA, judge
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
    extra = np.zeros((3, max(1, len(rule.parents))), np.int64)
    judged = {}
    for shape in SHAPES:
        counts = np.array(shape, np.int64)
        touched = np.flatnonzero(counts).astype(np.int32)
        judged[shape] = judge(counts, touched, np.int64(counts.sum()), rule, extra)
    met = {
        shape
        for shape, (whole, _) in judged.items()
        if whole
        or (rule.kind == DELTA and all(p < c * sum(shape) for p, c in zip(shape, rule.caps, strict=True)))
    }  # of delta-disclosure only the upper half is closed under union
    assert any(0 < floor < sum(shape) for shape, (_, floor) in judged.items()) or rule.kind == 0
    for shape, (whole, floor) in judged.items():
        parts = (sum(part) for part in met if all(a <= b for a, b in zip(part, shape, strict=True)))
        assert floor <= sum(shape) - max(parts, default=0)
        assert not (whole and floor)
