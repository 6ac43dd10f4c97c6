"""The release: generalized, suppressed, without direct identifiers, in an order of its own."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.anonymize.apply import apply, random_order
from ppdesk.anonymize.frequency import frequency_set
from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.risk import LABELS, risk
from ppdesk.core.entropy import SystemEntropy, TestEntropy

AGE = validated("age", [["1", "low", "*"], ["2", "low", "*"], ["3", "high", "*"]])
SEX = validated("sex", [["f", "*"], ["m", "*"]])
TABLE = pa.table(
    {
        "name": ["A", "B", "C", "D", "E"],
        "age": ["1", "2", "1", "3", "2"],
        "sex": ["f", "f", "f", "m", "m"],
        "ill": ["p", "q", "r", "s", None],
    }
)


def release(levels, k, seed=1):
    frequencies = frequency_set(TABLE, [AGE, SEX])
    return apply(TABLE, [AGE, SEX], frequencies, levels, k, drop=["name"], entropy=TestEntropy(seed))


def test_values_are_mapped_and_small_classes_suppressed():
    found = release((1, 0), 2)
    assert found.table.column_names == ["age", "sex", "ill"]
    assert Counter(tuple(row.values()) for row in found.table.to_pylist()) == Counter(
        [("low", "f", "p"), ("low", "f", "q"), ("low", "f", "r"), ("*", "*", "s"), ("*", "*", None)]
    )
    assert (found.suppressed, found.after.tolist(), sorted(found.before.tolist())) == (2, [3], [1, 1, 1, 2])
    assert all(kind == pa.string() for kind in found.table.schema.types)


def test_a_value_named_star_is_not_taken_for_suppression():
    assert Counter(release((2, 1), 2).table.column("age").to_pylist()) == Counter({"*": 5})
    assert release((2, 1), 2).suppressed == 0


def test_the_order_is_random_and_repeats_only_in_test_mode():
    first, again, other = (release((0, 0), 1, seed).table for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
    orders = [random_order(50, SystemEntropy()).tolist() for _ in range(2)]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == list(range(50))


def test_risk_of_known_class_sizes():
    found = risk([1, 1, 2, 4, 12], 3)
    assert (found.records, found.classes, found.smallest, found.largest, found.uniques) == (20, 5, 1, 12, 2)
    assert (found.prosecutor, found.marketer, found.at_risk) == (1.0, 0.25, 0.2)
    assert dict(zip(LABELS, found.histogram, strict=True)) == {
        "1": 2, "2": 2, "3-4": 4, "5-9": 0, "10-19": 12, "20-49": 0, "50-99": 0, "100-999": 0, "1,000+": 0
    }  # fmt: skip


def test_risk_where_nobody_is_left():
    found = risk(np.array([], np.int64), 5)
    assert (found.records, found.prosecutor, found.marketer) == (0, 0.0, 0.0)


@pytest.mark.parametrize("k", [2, 5, 50])
def test_the_written_table_is_k_anonymous(adult, adult_frequencies, k):
    table, hierarchies = adult
    levels = (0, 3, 0, 2, 2, 1, 1, 2, 0)
    found = apply(table, hierarchies, adult_frequencies, levels, k, drop=[], entropy=TestEntropy(3)).table
    classes = Counter(zip(*(found.column(name).to_pylist() for name in found.column_names), strict=True))
    stars = classes.pop(("*",) * 9, 0)
    assert min(classes.values()) >= k
    assert sum(classes.values()) + stars == 30162
