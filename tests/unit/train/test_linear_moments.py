"""The sums of coded records: exact, and no record can move them by more than is claimed."""

import itertools

import numpy as np
import pytest

from ppdesk.core.entropy import TestEntropy
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Neighbours
from ppdesk.train.errors import UnsuitableGuaranteeError
from ppdesk.train.fitted import Asked
from ppdesk.train.moments.coding import Coding
from ppdesk.train.moments.mechanism import Spending, cost_of, factor
from ppdesk.train.moments.sums import (
    Shares,
    asked_cells,
    exactly,
    release,
    squared_answers,
    squared_inputs,
    sums,
)
from ppdesk.train.records import Records
from ppdesk.train.schema import Categorical, Numeric, Schema

SCHEMA = Schema((Numeric("a", -1.0, 1.0), Categorical("c", ("x", "y")), Numeric("b", 0.0, 9.0, log=True)))


def quiet() -> None:
    """No one stops."""


def every_record() -> Records:
    numbers = (np.nan, -1.0, -0.37, 0.0, 0.5, 1.0)
    rows = list(itertools.product(numbers, (0, 1, 2), (np.nan, 0.0, 0.01, 3.3, 9.0)))
    columns = list(zip(*rows, strict=True))
    return Records(
        SCHEMA,
        (
            np.array(columns[0], dtype=np.float64),
            np.array(columns[1], dtype=np.int32),
            np.array(columns[2], dtype=np.float64),
        ),
    )


@pytest.mark.parametrize("knots", [1, 2, 5])
@pytest.mark.parametrize(("missing", "category"), [(True, 64), (False, 45)])
def test_no_record_moves_the_sums_by_more_than_the_claim_and_one_moves_them_by_nearly_that(
    knots: int, missing: bool, category: int
) -> None:
    coding = Coding(SCHEMA, knots=knots, missing=missing, category=category, grid=64)
    records, asked, worst = every_record(), asked_cells(Coding(SCHEMA, knots=knots, missing=missing)), 0
    largest = 0
    for row in range(records.rows):
        for y in (-64, 1, 64):
            one = sums(records.take(np.array([row])), coding, np.array([y]), quiet)
            inputs = one.count**2 + int((one.first**2).sum()) + int((one.second[asked] ** 2).sum())
            worst = max(worst, inputs)
            largest = max(largest, one.total**2 + int((one.cross**2).sum()))
            assert one.square**2 <= 64**4
    assert worst <= squared_inputs(coding)
    assert largest <= squared_answers(coding)
    if missing:
        # a record of bounds and categories only reaches both
        assert worst == squared_inputs(coding)
        assert largest == squared_answers(coding)


@pytest.mark.parametrize("knots", [1, 3])
def test_what_is_not_asked_is_known(knots: int) -> None:
    coding = Coding(SCHEMA, knots=knots)
    records = every_record()
    y = np.arange(records.rows) - 40
    exact = sums(records, coding, y, quiet)
    rows = coding.rows(records)
    assert np.array_equal(exact.second, rows.T @ rows)
    assert np.array_equal(exact.cross, y @ rows)
    found = exactly(exact, coding)
    np.testing.assert_allclose(found.second, rows.T @ rows / coding.grid**2, atol=1e-12)
    assert found.count == records.rows


def test_shares_beyond_the_whole_are_refused_and_the_cost_is_what_was_asked() -> None:
    asked = Asked(1.0, 1e-5)
    spending = Spending(asked, TestEntropy(1))
    coding = Coding(SCHEMA)
    exact = sums(every_record(), coding, None, quiet)
    release(exact, coding, spending, Shares(0.7))
    with pytest.raises(ValueError, match="whole"):
        release(exact, coding, spending, Shares(0.4))
    found = epsilon_of(cost_of(asked), asked.delta)
    assert 0.9999 <= found <= 1.0


def test_neighbours_and_groups() -> None:
    one, swap = Asked(1.0, 1e-5), Asked(1.0, 1e-5, Neighbours.REPLACE_ONE)
    assert factor(one) == 1
    assert factor(swap) == 4
    assert factor(swap, disjoint=True) == 2
    assert factor(Asked(1.0, 1e-5, group=3)) == 9
    assert factor(Asked(1.0, 1e-5, Neighbours.REPLACE_ONE, 3)) == 36


@pytest.mark.parametrize("asked", [Asked(1.0, 0.0), Asked(1e-6, 1e-5), Asked(1e-3, 1e-5, group=10**6)])
def test_a_guarantee_that_cannot_be_kept_is_refused(asked: Asked) -> None:
    coding = Coding(SCHEMA)
    exact = sums(every_record(), coding, None, quiet)
    with pytest.raises(UnsuitableGuaranteeError):
        release(exact, coding, Spending(asked, TestEntropy(1)), Shares(1.0))


def test_the_noise_has_the_spread_that_is_told() -> None:
    coding = Coding(SCHEMA)
    exact = sums(every_record(), coding, None, quiet)
    plain = exactly(exact, coding)
    seen = []
    for seed in range(60):
        found = release(exact, coding, Spending(Asked(1.0, 1e-5), TestEntropy(seed)), Shares(1.0))
        seen.append((found.first - plain.first) / found.noise_inputs)
    assert 0.85 < np.std(seen) < 1.15
