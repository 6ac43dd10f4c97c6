"""The encoding comes from declarations, and its rows are never longer than 1."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.train.encoding import Categorical, Encoding, Numeric
from ppdesk.train.errors import MissingColumnError, UndeclaredFeatureError

HEAD = {
    "unit": "record",
    "target": "pay",
    "columns": [
        {"name": "id", "role": "direct-identifier", "type": "categorical", "categories": ["1"]},
        {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 60},
        {"name": "sex", "role": "quasi-identifier", "type": "categorical", "categories": ["F", "M"]},
        {"name": "open", "role": "insensitive", "type": "categorical", "categories": None},
        {"name": "free", "role": "insensitive", "type": "numeric", "min": 0, "max": None},
        {"name": "pay", "role": "sensitive", "type": "categorical", "categories": ["low", "high"]},
    ],
}
ENCODING = Encoding.from_roles(HEAD, ["age", "sex"], "pay")

cells = st.one_of(st.none(), st.text(max_size=6), st.floats().map(str), st.integers().map(str))


def table(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def test_numbers_are_shared_between_the_two_nearest_knots() -> None:
    rows = ENCODING.encode(table(age=["0", "15", "60"], sex=["F", "F", "M"])) / ENCODING.row_scale
    assert rows[:, :8] == pytest.approx(
        np.array([[1, 0, 0, 0, 0, 0, 0, 0], [0, 0.5, 0.5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0]])
    )


def test_values_outside_the_bounds_count_as_the_nearer_bound() -> None:
    rows = ENCODING.encode(table(age=["-5", "0", "1e300", "60"], sex=["F"] * 4))
    assert (rows[0] == rows[1]).all()
    assert (rows[2] == rows[3]).all()


@pytest.mark.parametrize("cell", [None, "", "?", "nan", "inf", "12 years", "0x10", "١٢"])
def test_what_is_no_number_has_a_place_of_its_own(cell: str | None) -> None:
    rows = ENCODING.encode(table(age=[cell], sex=["F"]))
    assert np.flatnonzero(rows[0][:8]).tolist() == [7]


@pytest.mark.parametrize("cell", [None, "", "other", "f"])
def test_other_and_missing_categories_share_a_place(cell: str | None) -> None:
    rows = ENCODING.encode(table(age=["1"], sex=[cell]))
    assert np.flatnonzero(rows[0][8:11]).tolist() == [2]


@given(st.lists(st.tuples(cells, cells), max_size=20), st.integers(2, 30))
def test_no_row_is_longer_than_one_whatever_the_cells(
    rows: list[tuple[str | None, str | None]], knots: int
) -> None:
    encoding = Encoding((Numeric("age", -1e308, 1e308, knots), Categorical("sex", ("F", "M"))))
    matrix = encoding.encode(table(age=[row[0] for row in rows], sex=[row[1] for row in rows]))
    assert matrix.shape == (len(rows), knots + 1 + 3 + 1)
    assert (np.linalg.norm(matrix, axis=1) <= 1.0).all()
    assert np.isfinite(matrix).all()


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_block_sums_to_one(low: float, value: float) -> None:
    feature = Numeric("x", low, low + 1.5)
    out = np.zeros((1, feature.width))
    feature.fill(pa.chunked_array([[str(value)]], pa.string()), out, DecimalMark.POINT)
    assert out.sum() == pytest.approx(1.0)
    assert (out >= 0).all()


def test_the_encoding_does_not_depend_on_the_rows() -> None:
    """A row is encoded the same alone and among others: nothing is fitted."""
    many = table(age=["1", "99", None], sex=["F", "x", "M"])
    together = ENCODING.encode(many)
    for place in range(3):
        assert (ENCODING.encode(many.slice(place, 1))[0] == together[place]).all()


@pytest.mark.parametrize("name", ["open", "free", "pay", "id", "nowhere"])
def test_what_is_not_declared_is_a_question_not_a_look(name: str) -> None:
    with pytest.raises(UndeclaredFeatureError) as asked:
        Encoding.from_roles(HEAD, [name], "pay")
    assert name in asked.value.message


@pytest.mark.parametrize("features", [[], ["sex", "sex"]])
def test_no_feature_or_one_twice(features: list[str]) -> None:
    with pytest.raises(UndeclaredFeatureError):
        Encoding.from_roles(HEAD, features, "pay")


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(MissingColumnError):
        ENCODING.encode(table(age=["1"]))


def test_names_and_widths_agree() -> None:
    assert len(ENCODING.names) == ENCODING.width == 8 + 3 + 1
    assert ENCODING.row_scale < 1 / math.sqrt(3)
