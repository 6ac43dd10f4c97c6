"""Distinction and separation, held against counting by hand."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.discovery import discover, measure, sample
from ppdesk.data.pii.encoded import Encoded, encode

CELLS = st.sampled_from(["a", "b", "c", None])


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows, columns = draw(st.integers(2, 25)), draw(st.integers(1, 4))
    return pa.table(
        {f"c{at}": pa.array([draw(CELLS) for _ in range(rows)], pa.string()) for at in range(columns)}
    )


def encoded(table: pa.Table) -> list[Encoded]:
    return [encode(name, table.column(name)) for name in table.column_names]


def by_hand(table: pa.Table, names: tuple[str, ...]) -> tuple[float, float]:
    tuples = [tuple(row[name] for name in names) for row in table.to_pylist()]
    pairs = list(combinations(tuples, 2))
    return len(set(tuples)) / len(tuples), sum(one != other for one, other in pairs) / len(pairs)


@settings(max_examples=40, deadline=None)
@given(tables())
def test_measures_are_what_counting_pairs_gives(table: pa.Table) -> None:
    found = discover(encoded(table), None)
    for one in (*found.singles, *found.sets, found.whole):
        assert (one.distinction, one.separation) == pytest.approx(by_hand(table, one.columns))


@settings(max_examples=40, deadline=None)
@given(tables())
def test_the_sets_are_all_minimal_ones_up_to_three_columns(table: pa.Table) -> None:
    found = {frozenset(one.columns) for one in discover(encoded(table), None).sets if len(one.columns) <= 3}
    strong = [
        frozenset(names)
        for size in (1, 2, 3)
        for names in combinations(table.column_names, size)
        if by_hand(table, names)[1] >= 0.99 or by_hand(table, names)[0] >= 0.5
    ]
    minimal = {one for one in strong if not any(other < one for other in strong)}
    assert found == minimal


def test_one_number_for_all_and_one_for_each() -> None:
    assert measure(np.zeros(10, dtype=int)) == (0.1, 0.0)
    assert measure(np.arange(10)) == (1.0, 1.0)
    assert measure(np.arange(0)) == (0.0, 0.0)


def test_a_larger_set_is_grown_where_three_columns_are_too_few() -> None:
    bits = {f"b{at}": [str(row >> at & 1) for row in range(256)] for at in range(8)}
    found = discover(encoded(pa.table(bits)), None)
    assert [len(one.columns) for one in found.sets] == [6]
    assert found.whole.separation == 1.0


def test_a_sample_is_drawn_once_for_a_seed_and_is_close() -> None:
    rows = 5_000
    table = pa.table(
        {"a": [str(row % 7) for row in range(rows)], "b": [str(row % 11) for row in range(rows)]}
    )
    places, again, other = (sample(rows, seed, bound=1_000) for seed in (3, 3, 4))
    assert places is not None
    assert np.array_equal(places, again)
    assert not np.array_equal(places, other)
    assert sample(rows, 3) is None
    found = discover(encoded(table), places)
    assert found.rows == 1_000
    assert found.whole.separation == pytest.approx(1 - 1 / 77, abs=0.005)


def test_it_can_be_cancelled_and_takes_no_columns() -> None:
    table = pa.table({"a": ["x", "y"] * 4, "b": ["x", "x", "y", "y"] * 2})
    with pytest.raises(CancelledRunError):
        discover(encoded(table), None, cancelled=lambda: True)
    assert discover([], None).sets == ()
