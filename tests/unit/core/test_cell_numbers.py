"""The text of a cell as a number, with the declared decimal mark."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark, is_number, numbers

POINT, COMMA = DecimalMark.POINT, DecimalMark.COMMA
MARKS = [POINT, COMMA]


def number(text, mark):
    return float(numbers(pa.chunked_array([[text]], pa.string()), mark)[0])


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1.5", 1.5, None),
        ("1,5", None, 1.5),
        ("1.500", 1.5, None),  # never a thousand and a half
        ("1,500", None, 1.5),
        ("1.234,5", None, None),
        ("1,234.5", None, None),
        ("1,234,567", None, None),
        (" +07 ", 7.0, 7.0),
        ("-,5", None, -0.5),
        ("5.", 5.0, None),
        ("-2,5e-3", None, -0.0025),
        ("1e999", math.inf, math.inf),
        ("", None, None),
        (",", None, None),
        (".", None, None),
        ("?", None, None),
        ("nan", None, None),
        ("inf", None, None),
        ("1_000", None, None),
        ("0x10", None, None),
        ("١", None, None),
        ("1\n2", None, None),
        (None, None, None),
    ],
)
def test_a_text_is_a_number_or_not(text, point, comma):
    for mark, expected in ((POINT, point), (COMMA, comma)):
        found = number(text, mark)
        assert math.isnan(found) if expected is None else found == expected


@given(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(MARKS), st.sampled_from(["", " ", "\t"])
)
def test_every_double_comes_back_from_its_text(value, mark, space):
    text = repr(value).replace(".", mark.sign)
    assert number(f"{space}{text}{space}", mark) == value


@given(st.text(alphabet="0123456789.,eE+- x", max_size=12))
def test_a_text_means_the_same_with_its_marks_exchanged(text):
    exchanged = text.translate(str.maketrans(".,", ",."))
    assert number(text, POINT) == pytest.approx(number(exchanged, COMMA), rel=0, abs=0, nan_ok=True)


@given(st.text(max_size=8), st.sampled_from(MARKS))
def test_what_is_a_number_and_what_is_read_agree(text, mark):
    column = pa.array([text], pa.string())
    assert bool(is_number(column, mark)[0].as_py()) == (not math.isnan(number(text, mark)))


def test_an_array_and_a_chunked_array_read_alike():
    cells = ["1,5", None, "x"]
    found = numbers(pa.array(cells), COMMA)
    assert np.array_equal(found, numbers(pa.chunked_array([cells[:1], cells[1:]]), COMMA), equal_nan=True)
    assert numbers(pa.chunked_array([[None]], pa.null()), POINT).shape == (1,)
