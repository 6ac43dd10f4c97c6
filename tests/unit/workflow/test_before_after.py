"""Rows before and after, and the transformations that are spread over a lattice."""

import json

import pyarrow as pa

from ppdesk.workflow.data.anonymize_space import spread
from ppdesk.workflow.data.before_after import compare

ROWS = pa.table({"sex": ["m", "m", "f", None], "note": ["x"] * 4, "age": ["31", "32", "31", "31"]})
HIERARCHIES = json.dumps(
    {
        "sex": [["m", "*"], ["f", "*"], ["", "*"]],
        "age": [["31", "30-39", "*"], ["32", "30-39", "*"]],
    }
).encode()


def test_each_row_has_what_became_of_it_and_how_many_are_like_it() -> None:
    found = compare(ROWS, HIERARCHIES, {"sex": 0, "age": 1}, k=2)
    assert found.columns == ("sex", "age")
    assert [one.before for one in found.pairs] == [("m", "31"), ("m", "32"), ("f", "31"), ("", "31")]
    assert [one.after for one in found.pairs][:2] == [("m", "30-39"), ("m", "30-39")]
    assert [(one.was, one.becomes) for one in found.pairs] == [(1, 2), (1, 2), (1, 1), (1, 1)]


def test_classes_are_of_all_rows_where_only_some_are_shown() -> None:
    found = compare(ROWS, HIERARCHIES, {"sex": 1, "age": 1}, k=2, most=1)
    assert [(one.row, one.becomes) for one in found.pairs] == [(1, 4)]


def test_transformations_are_spread_without_a_repetition() -> None:
    bounds = [(0, 4), (1, 2), (0, 0), (0, 3)]
    every = list(spread(bounds, 40))
    assert len(set(every)) == 40
    assert all(low <= level <= high for one in every for level, (low, high) in zip(one, bounds, strict=True))
    some = list(spread(bounds, 8))
    assert len({one[0] for one in some}) > 2
    assert some == every[:8]
