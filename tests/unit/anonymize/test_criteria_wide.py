"""Grassberger's estimate, dense and sparse histograms alike, and sensitive columns at their extremes."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma

from ppdesk.anonymize import errors
from ppdesk.anonymize.criteria import diversity, models
from ppdesk.anonymize.criteria.dense import dense, judge_classes
from ppdesk.anonymize.criteria.histograms import Histogram
from ppdesk.anonymize.criteria.judging import Judged, judge_sparse
from ppdesk.anonymize.criteria.make import requirements
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.loss import LossModel
from ppdesk.anonymize.search import search

AGE = validated("age", [["1", "*"], ["2", "*"]])
WANTED = st.lists(
    st.sampled_from(
        [
            ("ill", models.DistinctLDiversity(2)),
            ("ill", models.EntropyLDiversity(2.0)),
            ("pay", models.EntropyLDiversity(2.0, "grassberger")),
            ("pay", models.RecursiveCLDiversity(1.5, 2)),
            ("ill", models.EqualTCloseness(0.2)),
            ("pay", models.OrderedTCloseness(0.2)),
            ("ill", models.DeltaDisclosure(0.5)),
            ("pay", models.BasicBetaLikeness(0.5)),
            ("ill", models.EnhancedBetaLikeness(0.5)),
        ]
    ),
    min_size=1,
    max_size=3,
)


def test_grassbergers_g_is_that_of_the_digamma_function():
    table = diversity.grassberger(300)
    assert table[1] == pytest.approx(-1.2703628454614782, rel=1e-14)
    for f in (2, 3, 4, 17, 100, 101, 298, 299):
        assert table[f] == pytest.approx(digamma(f // 2 + 0.5) + np.log(2), rel=1e-13)
        if f >= 100:
            assert diversity.beyond(f) == pytest.approx(table[f], rel=1e-13)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60
    ),
    wanted=WANTED,
    k=st.integers(1, 4),
)
def test_dense_and_sparse_histograms_are_judged_alike(rows, wanted, k):
    tree = validated("age", [["0", "*"], ["1", "*"], ["2", "*"]])
    data = {name: [str(row[d]) for row in rows] for d, name in enumerate(("age", "ill", "pay"))}
    table = pa.table(data)
    frequencies = frequency_set(table, [tree])
    needs = requirements(table, frequencies, wanted)
    sums = frequencies.counts
    hidden = sums < k
    judged = Judged(sums, hidden.copy(), np.where(hidden, sums, 0))
    most = np.iinfo(np.int64).max
    floor = int(judged.floors.sum())
    expected = floor
    for need in needs.each:
        held: Histogram = needs.attributes[need.attribute].histogram
        expected = judge_sparse(held, judged, need.rule, k, most)
    made = dense(needs, len(sums))
    found = hidden.copy()
    assert judge_classes(made.cells, len(sums), sums, found, floor, most, k, made) == expected
    assert found.tolist() == judged.hidden.tolist()


def _search(ill, criterion, limit=0.0):
    table = pa.table({"age": ["1", "2"] * (len(ill) // 2), "ill": pa.array(ill, pa.string())})
    frequencies = frequency_set(table, [AGE])
    needs = requirements(table, frequencies, [("ill", criterion)])
    assert sum(len(one.histogram.values) for one in needs.attributes) <= len(ill)
    return search(frequencies, 2, limit, LossModel(), ["age"], needs=needs)


def test_many_values_are_held_sparsely():
    ill = [str(i) for i in range(20_000)]
    assert _search(ill, models.DistinctLDiversity(10_000)).levels == (0,)
    assert _search(ill, models.OrderedTCloseness(0.001)).levels == (0,)
    assert _search(ill, models.EqualTCloseness(0.4)).levels == (1,)


@pytest.mark.parametrize(
    ("ill", "criterion", "nearest"),
    [
        ([None] * 8, models.DistinctLDiversity(2), "l = 1 of ill"),
        (["p"] * 8, models.EntropyLDiversity(2.0), "l = 1 of ill"),
        (["p", "q"] * 4, models.EntropyLDiversity(2.5), "l = 2 of ill"),
        (["p"] * 8, models.RecursiveCLDiversity(3, 2), "1 values of ill (l is at most that)"),
        (["p"] * 6 + ["q"] * 2, models.RecursiveCLDiversity(2, 2), "needs c above 3"),
    ],
)
def test_what_the_table_lacks_is_told(ill, criterion, nearest):
    with pytest.raises(errors.UnreachedDiversityError) as caught:
        _search(ill, criterion)
    assert nearest in caught.value.values["nearest"]


def test_shares_of_the_table_are_met_by_the_whole_table():
    for criterion in (
        models.EqualTCloseness(0.0),
        models.BasicBetaLikeness(0.001),
        models.OrderedTCloseness(0),
    ):
        assert _search(["p", "q", "q", "q"] * 2, criterion).levels in {(0,), (1,)}
