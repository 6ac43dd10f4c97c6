"""Microaggregation, rank swapping, PRAM, noise, coding: against brute force and their own promises."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.masking import perturbation, recoding
from ppdesk.anonymize.masking.aggregates import By, group_texts
from ppdesk.anonymize.masking.draws import normals, sample, uniforms
from ppdesk.anonymize.masking.errors import MatrixError, NotNumbersError, TreatmentError
from ppdesk.anonymize.masking.microaggregation import mdav, scaled, univariate
from ppdesk.anonymize.masking.numerals import numerals
from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.errors import CancelledRunError

FEW = settings(max_examples=40, deadline=None)
VALUES = st.lists(st.integers(-50, 50), min_size=2, max_size=8)


def within(values, groups):
    return sum(((values[groups == one] - values[groups == one].mean()) ** 2).sum() for one in set(groups))


def partitions(count, size):
    """Every way to cut a sorted row of `count` into groups of at least `size`."""
    for cuts in product((False, True), repeat=count - 1):
        groups = np.concatenate(([0], np.cumsum(cuts)))
        if np.bincount(groups).min() >= size:
            yield groups


def asked(values, mark=DecimalMark.POINT):
    return numerals(pa.chunked_array([pa.array(values, pa.string())]), mark, name="x", technique="t")


@FEW
@given(VALUES, st.integers(2, 4))
def test_univariate_groups_are_the_best_there_are(listed, size):
    values = np.asarray(listed * (1 if len(listed) >= size else 2), float)
    groups = univariate(values, size)
    sizes = np.bincount(groups)
    assert sizes.min() >= size
    assert sizes.max() <= 2 * size - 1
    ordered = np.sort(values)
    best = min(within(ordered, one) for one in partitions(len(values), size))
    assert within(values, groups) == pytest.approx(best, abs=1e-9)


def test_large_offsets_do_not_blur_the_optimum():
    values = np.asarray([1, 2, 3, 101, 102, 103, 104, 205, 206.0])
    assert (univariate(values, 2) == univariate(values + 1e12, 2)).all()


@FEW
@given(st.integers(2, 60), st.integers(2, 6), st.integers(1, 3), st.integers(0, 99))
def test_mdav_groups_have_k_to_2k_minus_1_members(count, size, columns, seed):
    count = max(count, size)
    made = [np.round(normals(count, TestEntropy(seed + place)), 1) for place in range(columns)]
    sizes = np.bincount(mdav(made, size, lambda: False))
    assert sizes.sum() == count
    assert sizes.min() >= size
    assert sizes.max() <= 2 * size - 1


def reference_mdav(points, size):
    """MDAV-generic, written plainly."""
    left, groups = list(range(len(points))), []

    def far(of):
        return max(left, key=lambda one: (((points[one] - of) ** 2).sum(), -one))

    def gather(seed):
        near = sorted(left, key=lambda one: (one != seed, ((points[one] - points[seed]) ** 2).sum(), one))
        groups.append(near[:size])
        for one in near[:size]:
            left.remove(one)

    while len(left) >= 3 * size:
        first = far(points[left].mean(axis=0))
        opposite = far(points[first])
        gather(first)
        gather(opposite if opposite in left else far(points[first]))
    if len(left) >= 2 * size:
        gather(far(points[left].mean(axis=0)))
    return {frozenset(one) for one in [*groups, left]}


@pytest.mark.parametrize("seed", range(5))
def test_mdav_is_the_plain_algorithm(seed):
    columns = [normals(47, TestEntropy(seed)), normals(47, TestEntropy(seed + 50)) * 9]
    groups = mdav(columns, 4, lambda: False)
    found = {frozenset(np.flatnonzero(groups == one).tolist()) for one in set(groups.tolist())}
    assert found == reference_mdav(np.column_stack([scaled(one) for one in columns]), 4)


def test_mdav_stops_when_asked():
    with pytest.raises(CancelledRunError):
        mdav([np.arange(50.0)], 3, lambda: True)


@FEW
@given(st.lists(st.integers(0, 30), min_size=1, max_size=80), st.floats(0, 1), st.integers(0, 9))
def test_swapped_ranks_stay_within_the_window_and_margins_as_they_were(listed, window, seed):
    values = np.asarray(listed, float)
    sources = perturbation.rank_swapped(values, window, TestEntropy(seed))
    assert sorted(sources.tolist()) == list(range(len(values)))
    assert (sources[sources] == np.arange(len(values))).all()
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    assert (abs(rank - rank[sources]) <= int(window * len(values))).all()


def test_most_values_are_swapped():
    sources = perturbation.rank_swapped(np.arange(1000.0), 0.05, TestEntropy(3))
    assert (sources == np.arange(1000)).mean() < 0.05


@FEW
@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.floats(0, 1))
def test_invariant_pram_keeps_expected_counts(counts, stay):
    counts = np.asarray(counts, float)
    matrix = perturbation.invariant_matrix(counts, stay)
    assert matrix.sum(axis=1) == pytest.approx(np.ones(len(counts)))
    assert counts @ matrix == pytest.approx(counts)
    assert perturbation.uniform_matrix(len(counts), stay).sum(axis=1) == pytest.approx(np.ones(len(counts)))


def test_pram_redraws_as_its_matrix_says():
    matrix = np.asarray([[0.7, 0.3, 0.0], [0.1, 0.1, 0.8], [0.0, 0.0, 1.0]])
    codes = np.repeat(np.arange(3), 20_000)
    made = perturbation.redrawn(codes, matrix, TestEntropy(1))
    seen = np.asarray([np.bincount(made[codes == one], minlength=3) for one in range(3)]) / 20_000
    assert abs(seen - matrix).max() < 0.015
    assert (seen[matrix == 0] == 0).all()


@pytest.mark.parametrize(
    "said",
    [
        {"a": {"a": 1.0}},
        {"a": {"a": 0.5, "b": 0.4}, "b": {"b": 1.0}},
        {"a": {"a": 1.5, "b": -0.5}, "b": {"b": 1.0}},
        {"a": {"c": 1.0}, "b": {"b": 1.0}},
    ],
)
def test_a_matrix_that_is_none_is_refused(said):
    with pytest.raises(MatrixError):
        perturbation.declared_matrix(said, ["a", "b"], "x")


def test_noise_has_the_share_of_the_spread_and_the_correlation_that_was_asked_for():
    first = normals(40_000, TestEntropy(1)) * 10 + 100
    second = first / 2 + normals(40_000, TestEntropy(2))
    first[7] = np.nan
    made = perturbation.with_noise([first, second], 0.5, TestEntropy(3))
    assert np.isnan(made[0]).tolist() == np.isnan(first).tolist()
    whole = ~np.isnan(first)
    noise = np.column_stack([made[0] - first, made[1] - second])[whole]
    wanted = 0.25 * np.cov(np.column_stack([first, second])[whole], rowvar=False)
    assert np.cov(noise, rowvar=False) == pytest.approx(wanted, rel=0.05)
    assert abs(noise.mean(axis=0)).max() < 0.1
    (alone,) = perturbation.with_noise([second], 0.1, TestEntropy(4))
    assert (alone - second).std() == pytest.approx(0.1 * second.std(ddof=1), rel=0.02)


def test_uniform_numbers_never_touch_their_ends():
    class Ends:
        private = False

        def take(self, count):
            return b"\x00" * (count // 2) + b"\xff" * (count - count // 2)

        def seed(self):
            return None

    low, high = uniforms(2, Ends())
    assert 0 < low < high < 1


def test_a_sample_has_its_size_and_no_record_twice():
    taken = sample(100, 30, TestEntropy(1))
    assert len(set(taken.tolist())) == 30
    assert (np.diff(taken) > 0).all()


@pytest.mark.parametrize(
    ("by", "texts"),
    [
        (By.MEAN, ["3.0", "3.0", "3.0", "7.0", None, None]),
        (By.MEDIAN, ["2.0", "2.0", "2.0", "7.0", None, None]),
        (By.MODE, ["1.0", "1.0", "1.0", "7.0", None, None]),
        (By.INTERVAL, ["[1.0, 6.0]", "[1.0, 6.0]", "[1.0, 6.0]", "[7.0, 7.0]", None, None]),
        (By.GEOMETRIC_MEAN, ["2.5", "2.5", "2.5", "7.0", None, None]),
    ],
)
def test_aggregates_of_groups(by, texts):
    found = asked(["1.0", "6.0", "2", "7", None, "5"])
    groups = np.asarray([0, 0, 0, 1, 2, -1])
    assert group_texts(found, groups, by, "x").to_pylist() == texts


def test_a_value_that_a_whole_group_has_stays_to_the_last_digit():
    found = asked(["0.1", "0.1", "0.1"])
    assert set(group_texts(found, np.zeros(3, np.int64), By.MEAN, "x").to_pylist()) == {"0.1"}


def test_the_most_frequent_value_is_the_mode():
    found = asked(["5", "5", "1", "2", "2", "9", "9", "9"])
    groups = np.asarray([0, 0, 0, 1, 1, 1, 1, 1])
    assert group_texts(found, groups, By.MODE, "x").to_pylist() == ["5"] * 3 + ["9"] * 5


def test_a_geometric_mean_needs_numbers_above_minus_one():
    with pytest.raises(TreatmentError):
        group_texts(asked(["-1"]), np.zeros(1, np.int64), By.GEOMETRIC_MEAN, "x")


def test_numbers_keep_their_decimals_and_mark():
    found = asked(["1,50", " 2 ", None, "-0,001"], DecimalMark.COMMA)
    assert found.decimals == 3
    assert found.written(found.values).to_pylist() == ["1,500", "2,000", None, "-0,001"]
    assert found.written(np.asarray([-0.0001]), 2).to_pylist() == ["0,00"]
    with pytest.raises(NotNumbersError) as error:
        asked(["1", "secret", "x"])
    assert error.value.values["cells"] == 2
    assert "secret" not in error.value.message


def test_declared_coding():
    assert recoding.rounded(np.asarray([12.5, 17.5, 14.0]), 5).tolist() == [10.0, 20.0, 15.0]
    assert recoding.interval_labels([10, 20.5], asked(["1"])) == ["below 10", "[10, 20.5)", "20.5 or more"]
    assert [recoding.decimals_of(one) for one in (10, 0.25, 1e-3)] == [0, 2, 3]


@pytest.mark.parametrize(
    ("value", "first", "last", "length", "shown"),
    [
        ("Anderson", 2, 0, None, "An******"),
        ("Anderson", 0, 3, None, "*****son"),
        ("Anderson", 1, 1, 3, "A***n"),
        ("Al", 1, 1, None, "**"),
        ("Al", 2, 1, 4, "****"),
    ],
)
def test_masked_signs(value, first, last, length, shown):
    assert recoding.masked(value, first, last, "*", length) == shown
