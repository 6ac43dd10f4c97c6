"""Types and profiles of columns, over all rows."""

import pyarrow as pa
import pytest

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.column_types import column_type
from ppdesk.data.declared_values import outside_bounds, outside_categories
from ppdesk.data.profile import profile


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "-20", "0", None], "integer"),
        (["1", "2.5"], "decimal"),
        (["1e5", ".5", "3."], "decimal"),
        (["007", "1"], "string"),
        (["1899-12-31", "2024-02-29"], "date"),
        (["2023-02-30"], "string"),
        (["1,5"], "string"),
        (["1"] * 5000 + ["x"], "string"),
        ([None, None], "string"),
        ([".", "-"], "string"),
    ],
)
def test_type(values, expected):
    assert column_type(pa.array(values, pa.string())).value == expected


def test_profile_counts_and_shows_no_value():
    table = pa.table({"a": ["x", "x", "y", None], "b": pa.array([None] * 4, pa.string())})
    first, second = profile(table)
    assert (first.distinct, first.missing, first.smallest, first.largest, first.rare) == (2, 1, 1, 2, 1)
    assert (second.distinct, second.missing, second.smallest, second.largest) == (0, 4, 0, 0)
    assert "x" not in repr(first).replace("max", "")


def test_profile_stops_when_asked():
    with pytest.raises(CancelledRunError):
        profile(pa.table({"a": ["x"]}), cancelled=lambda: True)


def test_values_that_were_not_declared_are_counted():
    texts = pa.chunked_array([["1", "7", "x"], [None, "nan", "1e999"]])
    assert outside_bounds(texts, 0, 5) == 4
    assert outside_bounds(texts, None, None) == 3
    assert outside_categories(texts, ["1", "x"]) == 3
