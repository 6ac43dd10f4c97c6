"""Drift of a column, and the cells it is counted in."""

import math

import numpy as np
import pyarrow as pa
import pytest

from ppdesk.assess.cells import Domain, codes, counts
from ppdesk.assess.drift import column_drift, jensen_shannon, noise, psi, total_variation
from ppdesk.assess.errors import NothingToCompareError
from ppdesk.core.cell_numbers import DecimalMark, numbers

SEX = Domain("sex", categories=("Female", "Male"))
AGE = Domain("age", low=0, high=100)


def column(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


def test_categories_go_to_their_cells_and_the_rest_is_counted_apart():
    assert counts(column("Male", "Female", "male", None, "Male"), SEX).tolist() == [1, 2, 1, 1]


def test_numbers_go_to_bins_and_bounds_belong_to_the_outer_bins():
    assert codes(column("0", "9.9", "10", "100", "-1", "101", "x", None), AGE).tolist() == [
        1, 1, 2, 10, 0, 11, 12, 13,
    ]  # fmt: skip


def test_cells_have_a_public_name_each():
    assert len(AGE.labels()) == AGE.cells == 14
    assert SEX.labels() == ["Female", "Male", "other", "missing"]


@pytest.mark.parametrize("text", ["nan", "inf", "0x10", "1e9999", "1,5", "", "--1", "１"])
def test_what_is_no_plain_number_is_not_read_as_one(text):
    assert np.isnan(numbers(column(text), DecimalMark.POINT))[0]


@pytest.mark.parametrize(("text", "value"), [(" 5 ", 5), ("+5", 5), ("-.5", -0.5), ("1e2", 100)])
def test_plain_numbers_are_read(text, value):
    assert numbers(column(text), DecimalMark.POINT)[0] == value


def test_psi_of_a_worked_example():
    # 50/50 against 80/20 with half a record added to each cell of 1000
    p, q = np.array([500.5, 500.5]) / 1001, np.array([800.5, 200.5]) / 1001
    expected = sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))
    assert psi(np.array([500, 500]), np.array([800, 200])) == pytest.approx(expected)
    assert expected == pytest.approx(0.4146, abs=1e-3)


def test_distances_are_0_for_the_same_and_1_for_disjoint():
    one, other = np.array([10, 0]), np.array([0, 10])
    assert total_variation(one, one) == 0
    assert jensen_shannon(one, one) == 0
    assert total_variation(one, other) == 1
    assert jensen_shannon(one, other) == pytest.approx(1)


def test_psi_without_drift_stays_under_the_noise_99_times_in_100():
    rng, over = np.random.default_rng(11), 0
    p = np.array([0.4, 0.3, 0.2, 0.1])
    for _ in range(400):
        reference, batch = rng.multinomial(3_000, p), rng.multinomial(500, p)
        over += psi(reference, batch) > noise(reference, batch)
    assert over <= 12


def test_a_moved_column_has_drifted():
    found = column_drift(SEX, np.array([500, 500, 0, 0]), np.array([850, 150, 0, 0]))
    assert found.verdict == "drifted"
    assert found.psi > 0.25 > found.noise


def test_a_small_batch_is_not_called_drift():
    # 9 of 12 where 6 were expected: the index is over 0.25, and so is chance
    found = column_drift(SEX, np.array([500, 500, 0, 0]), np.array([9, 3, 0, 0]))
    assert found.psi > 0.1
    assert found.noise > found.psi
    assert found.verdict == "unclear"


def test_unseen_and_missing_values_are_counted_not_named():
    found = column_drift(SEX, np.array([50, 50, 0, 0]), np.array([40, 40, 15, 5]))
    assert (found.unseen, found.missing) == (15, 0.05)


def test_numbers_outside_their_bounds_are_counted():
    reference = counts(column(*["50"] * 200), AGE)
    batch = counts(column(*["50"] * 190, *["120"] * 7, *["-3"] * 3), AGE)
    assert column_drift(AGE, reference, batch).outside == 10


def test_an_empty_batch_is_refused():
    with pytest.raises(NothingToCompareError, match="The batch"):
        column_drift(SEX, np.array([1, 1, 0, 0]), np.zeros(4, dtype=np.int64))
