"""What one record holds never changes how another is read, also where a column holds several types."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.train.additive.estimator import AdditiveRegressor
from ppdesk.train.base import _read, _shaped
from ppdesk.train.records import read_classes, read_column
from ppdesk.train.schema import Categorical, Classes, Numeric, Schema

STRANGE: list[Any] = [
    "x", b"\xff", "\ud800", 2**70, -(2**63) - 1, 2**60, 2.5, True, None, float("nan"), Decimal("1.50"),
    Decimal("sNaN"), date(2020, 1, 1), [3], {"a": 1}, {3}, 1j, pd.NaT, pd.NA, np.int8(1),
    np.float32(0.1), np.bool_(True), 10**5000, "1,5", object(),
]  # fmt: skip
PLAIN: list[list[Any]] = [[1, 2], [1.0, 2.0, 0.1], [True, False], ["1", "2"], [1, 2.0], [b"1"], ["1,5"], []]
CODES = Categorical("c", ("1", "2", "true", "false", "0.1", "1e+300", "1,5"))
NUMBER = Numeric("n", -1e6, 1e6)


def held(cells: list[Any]) -> np.ndarray:
    out = np.empty(len(cells), dtype=object)
    out[:] = cells
    return out


@pytest.mark.parametrize("strange", STRANGE, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("plain", PLAIN, ids=str)
def test_a_record_more_leaves_the_reading_of_the_others(plain: list[Any], strange: Any) -> None:
    for column, mark in (
        (CODES, DecimalMark.POINT),
        (NUMBER, DecimalMark.POINT),
        (NUMBER, DecimalMark.COMMA),
    ):
        for made in (held, list, lambda cells: pd.Series(cells, dtype=object)):
            alone = read_column(made(plain), column, mark)
            together = read_column(made([*plain, strange]), column, mark)
            assert together.size == len(plain) + 1
            np.testing.assert_array_equal(together[:-1], alone)
            np.testing.assert_array_equal(together[-1:], read_column(made([strange]), column, mark))


def test_cells_mean_the_same_in_every_type() -> None:
    for cells in ([1, 2], [1.0, 2.0], ["1", "2"], [b"1", Decimal(2)], [np.int32(1), "2"]):
        assert read_column(held(cells), CODES).tolist() == [0, 1]
        assert read_column(held(cells), NUMBER).tolist() == [1.0, 2.0]
    assert read_column(held([0.5, "0,5"]), NUMBER, DecimalMark.COMMA).tolist() == [0.5, 0.5]


def test_bytes_that_are_no_text_are_one_missing_cell() -> None:
    cells = pa.array([b"1", b"\xff", b"2"])
    assert read_column(cells, CODES).tolist() == [0, len(CODES.categories), 1]
    assert read_column(cells, NUMBER)[[0, 2]].tolist() == [1.0, 2.0]


def test_a_missing_cell_does_not_rewrite_long_codes() -> None:
    target = Classes("y", ("123456789012", "123456789013"), "123456789013")
    whole = pa.array([123456789012, 123456789013])
    broken = pa.array([123456789012.0, 123456789013.0, None])
    assert read_classes(whole, target)[0].tolist() == [0, 1]
    assert read_classes(broken, target)[0].tolist() == [0, 1, 0]
    assert read_classes(broken, target)[1].tolist() == [True, True, False]


def test_lists_are_not_turned_into_text_together() -> None:
    model = AdditiveRegressor(schema=([0.0, 0.0], [1.0, 1.0]), target=(0.0, 1.0))
    schema = Schema((Categorical("a", ("0", "1")), Numeric("b", 0.0, 1.0)))
    for extra in ([0.5, 0.5], ["x", "y"]):
        matrix, _ = _shaped(model, [[0.0, 0.25], [1.0, 0.75], extra])
        records, labels, _ = _read(model, matrix, [0.0, 1.0, extra[0]], schema, model._target(), persons=None)
        assert records.values[0][:2].tolist() == [0, 1]
        assert labels is not None
        assert labels[:2].tolist() == [0.0, 1.0]
