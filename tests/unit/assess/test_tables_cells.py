"""What released labels stand for, against sets written out by hand and by brute force."""

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.tables.columns import Declared, column
from ppdesk.assess.tables.labels import intervals, listed
from ppdesk.core.cell_numbers import DecimalMark

AGES = [
    [str(age), f"{age // 10 * 10} to {age // 10 * 10 + 9}", f"{age // 20 * 20}-{age // 20 * 20 + 19}", "*"]
    for age in range(40)
]


def text(values):
    return pa.chunked_array([pa.array(values, pa.string())])


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("[20, 30[", (20, 30, True, False)),
        ("[20,30)", (20, 30, True, False)),
        ("]20; 30]", (20, 30, False, True)),
        ("(20, 30)", (20, 30, False, False)),
        ("20 to 29", (20, 29, True, True)),
        ("20-29", (20, 29, True, True)),
        ("-5--1", (-5, -1, True, True)),
        ("below 20", (-np.inf, 20, True, False)),
        ("<= 20", (-np.inf, 20, True, True)),
        ("65 or more", (65, np.inf, True, True)),
        (">65", (65, np.inf, False, True)),
        ("1.5-2.5", (1.5, 2.5, True, True)),
    ],
)
def test_intervals_are_read(label, expected):
    low, high, low_in, high_in = intervals([label], DecimalMark.POINT)
    assert (low[0], high[0], low_in[0], high_in[0]) == expected


@pytest.mark.parametrize("label", ["*", "Married", "30-20", "[a, b]", "2020-01-02", "", "20 30"])
def test_other_texts_are_no_interval(label):
    assert np.isnan(intervals([label], DecimalMark.POINT)[0][0])


def test_the_decimal_comma_is_not_the_one_between_bounds():
    low, high, *_ = intervals(["[1,5, 2,5)", "[1,5;2,5]", "1,5-2,5", "[1,2]"], DecimalMark.COMMA)
    assert low[:3].tolist() == [1.5] * 3
    assert high[:3].tolist() == [2.5] * 3
    assert np.isnan(low[3])


def test_sets_are_listed():
    assert listed("{a, b}") == ["a", "b"]
    assert listed("{a; b, c}") == ["a", "b, c"]
    assert listed("a, b") is None


def stands_for(made, labels):
    """Cells of each label, the slow way: what a record of it alone spreads over."""
    found = {}
    for label in labels:
        one = column(made, text(BEFORE), text([label]))
        counts = one.after_counts
        cells = np.flatnonzero(counts > 1e-12)
        assert counts.sum() == pytest.approx(1)
        assert np.ptp(counts[cells]) < 1e-12
        found[label] = one.numbers[cells].tolist() if one.numbers is not None else cells.tolist()
    return found


BEFORE = ["3", "17", "17", "25", None]


def test_labels_of_mixed_levels_spread_over_the_leaves_under_them():
    found = stands_for(Declared("age", True, AGES), ["3", "10 to 19", "20-39", "*", "17.5", "[5, 8)"])
    assert found["3"] == [3]
    assert found["10 to 19"] == list(range(10, 20))
    assert found["20-39"] == list(range(20, 40))
    assert found["*"] == list(range(40))
    assert found["17.5"] == [17.5]
    assert found["[5, 8)"] == [5, 6, 7]


def test_without_a_hierarchy_intervals_hold_the_known_numbers():
    found = stands_for(Declared("age", True), ["[10, 26)", "*", "4-9", "below 4"])
    assert found["[10, 26)"] == [17, 25]
    assert found["4-9"] == [17]  # none inside: the next one
    assert found["below 4"] == [3]
    assert np.isnan(found["*"][-1])  # a suppressed cell may have been missing, too
    assert found["*"][:-1] == [3, 17, 25]


def test_a_missing_cell_is_the_leaf_that_is_empty():
    rows = [["a", "*"], ["b", "*"], ["", "*"]]
    one = column(Declared("x", False, rows), text(["a", None, "b"]), text(["*", None, ""]))
    assert one.before.tolist() == [0, one.cells - 1, 1]
    assert one.after_counts.tolist() == pytest.approx([1 / 3, 1 / 3, 0, 2 + 1 / 3])


def test_a_star_that_the_original_has_is_a_value():
    one = column(Declared("x", False), text(["*", "a"]), text(["*", "*"]))
    assert one.told.all()
    assert one.after_counts[:2].tolist() == [2, 0]


def test_unknown_values_are_a_cell_of_their_own():
    one = column(Declared("x", False), text(["a", "b"]), text(["c", "d", "a"]))
    assert one.after_counts.tolist() == [1, 0, 2, 0]


def test_generalized_cells_are_the_finest_that_no_label_splits():
    after = text(["3", "10 to 19", "20-39", "*", "30 to 39"])
    one = column(Declared("age", True, AGES), text(["3", "12", "21", "38", "5"]), after)
    old, new, parts = one.generalized
    assert parts == 10 + 1 + 1
    assert old[1] == new[1]
    assert old[2] == old[3] == new[2] == new[4]
    assert new[3] == -1
    assert len({old[0], old[4], old[1], old[2]}) == 4


def test_overlapping_intervals_are_one_part():
    one = column(Declared("x", True), text([str(n) for n in range(10)]), text(["[0, 4)", "[3, 6]", "[8, 9]"]))
    old, _, parts = one.generalized
    assert old.tolist() == [0] * 7 + [1] + [2] * 2
    assert parts == 3


def test_random_releases_spread_as_brute_force_does():
    source = np.random.default_rng(3)
    labels = ["*", "[2, 5)", "4-8", "7", "2.5", "9 or more", None]
    weight = {"*": list(range(10)), "[2, 5)": [2, 3, 4], "4-8": [4, 5, 6, 7, 8], "7": [7], "2.5": [2.5],
              "9 or more": [9]}  # fmt: skip
    for _ in range(30):
        before = [str(n) for n in range(10)] + [str(n) for n in source.integers(0, 10, 20)]
        after = source.choice(np.array(labels, dtype=object), 25).tolist()
        one = column(Declared("x", True), text(before), text(after))
        expected = dict.fromkeys(one.numbers[:-2].tolist(), 0.0)
        for label in after:
            for cell in weight.get(label, ()):
                expected[cell] += 1 / len(weight[label])
        assert one.after_counts[:-2] == pytest.approx(list(expected.values()))
        assert one.after_counts[-1] == after.count(None)
        row, spread = one.coarse_after
        coarse, width = one.coarse
        assert np.bincount(row, minlength=len(spread)) @ spread == pytest.approx(
            np.bincount(coarse, one.after_counts, width)
        )


def test_many_different_sets_are_joined_and_keep_the_columns_shares():
    source = np.random.default_rng(5)
    low = source.integers(0, 5000, 4000)
    after = text([f"[{a}, {a + b}]" for a, b in zip(low, source.integers(1, 5000, 4000), strict=True)])
    one = column(Declared("x", True), text([str(n) for n in range(10_000)]), after)
    exact = np.bincount(one.coarse[0], one.after_counts, one.coarse[1])
    for (row, spread), most in ((one.coarse_after, 1_524), (one.few_after, 124)):
        assert len(spread) <= most
        assert spread.sum(axis=1) == pytest.approx(np.ones(len(spread)))
        assert np.bincount(row, minlength=len(spread)) @ spread == pytest.approx(exact)
