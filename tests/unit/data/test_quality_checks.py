"""Checks: as sentences, as plain values, and held against a table."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.data.quality.checks import Check, Dimension, Rule, parse
from ppdesk.data.quality.dates import days
from ppdesk.data.quality.errors import CheckUnreadableError, PatternRefusedError
from ppdesk.data.quality.held import Table, hold

TODAY = date(2026, 3, 1)
SENTENCES = [
    ("id is unique", Rule.UNIQUE, ("id",)),
    ("patient, [visit no] are unique", Rule.UNIQUE, ("patient", "visit no")),
    ("name is not missing", Rule.PRESENT, ("name",)),
    ("age is a number", Rule.NUMBER, ("age",)),
    ("age is an integer", Rule.INTEGER, ("age",)),
    ("visit is a date", Rule.DATE, ("visit",)),
    ("age is between 0 and 120", Rule.BOUNDS, ("age",)),
    ("marital-status is one of a; b", Rule.CATEGORIES, ("marital-status",)),
    ("postcode matches [0-9]{5}", Rule.PATTERN, ("postcode",)),
    ("start <= end", Rule.HOLDS, ("start", "end")),
    ("postcode, street determines city", Rule.DETERMINES, ("postcode", "street", "city")),
    ("visit is at most 30 days old", Rule.RECENT, ("visit",)),
]


@pytest.mark.parametrize(("sentence", "rule", "columns"), SENTENCES)
def test_a_sentence_is_a_check_and_back(sentence: str, rule: Rule, columns: tuple[str, ...]) -> None:
    check = parse(sentence)
    assert (check.rule, check.columns, check.words()) == (rule, columns, sentence)
    assert Check.of(check.plain()) == check


_NAMES = st.text(min_size=1, max_size=8).filter(lambda text: text.strip() == text and "\n" not in text)
_REALS = st.floats(-1e9, 1e9)


@given(
    st.one_of(
        st.builds(Check, st.just(Rule.PRESENT), st.tuples(_NAMES)),
        st.builds(Check, st.just(Rule.UNIQUE), st.lists(_NAMES, min_size=1, unique=True).map(tuple)),
        st.builds(Check, st.just(Rule.BOUNDS), st.tuples(_NAMES), low=_REALS, high=st.none()),
        st.builds(
            Check, st.just(Rule.CATEGORIES), st.tuples(_NAMES),
            values=st.lists(st.text(max_size=6), min_size=1, max_size=4, unique=True).map(tuple),
        ),
    )
)  # fmt: skip
def test_the_words_of_any_check_are_read_as_that_check(check: Check) -> None:
    assert parse(check.words()) == check
    assert Check.of(check.plain()) == check


@pytest.mark.parametrize(
    "sentence",
    [
        "", "age", "age is nice", "age is between 5 and 1", "a, a are unique", "sex is one of m; m",
        "code matches [", "start <=", "age is at most -3 days old", "age is at least 1e999",
    ],
)  # fmt: skip
def test_what_is_no_check_is_refused(sentence: str) -> None:
    with pytest.raises(CheckUnreadableError):
        parse(sentence)


def failing(
    sentence: str, decimal: DecimalMark = DecimalMark.POINT, **columns: list[str | None]
) -> list[int]:
    table = Table(
        pa.table({name: pa.array(one, pa.string()) for name, one in columns.items()}), decimal, TODAY
    )
    return np.flatnonzero(hold(parse(sentence), table).failing).tolist()


def test_values_of_a_column() -> None:
    ages = ["30", None, "x", "121", " 5 ", "-1", "1e400", "nan"]
    assert failing("a is between 0 and 120", a=ages) == [2, 3, 5, 6, 7]
    assert failing("a is a number", a=ages) == [2, 6, 7]
    assert failing("a is at least 0", DecimalMark.COMMA, a=["1,5", "1.5", "-0,1"]) == [1, 2]
    assert failing("a is an integer", a=["1", "007", "1.0", "+3", ""]) == [2, 4]
    assert failing("a is not missing", a=["", None]) == [1]
    assert failing("a is one of m; f", a=["m", "M", None, "f "]) == [1, 3]
    assert failing("a matches [0-9]{2}", a=["12", "123", "12\n", None]) == [1, 2]


def test_dates() -> None:
    values = [
        "2024-02-29",
        "2023-02-29",
        "2026-03-02",
        "2026-03-01T09:30:00",
        "01.03.2026",
        None,
        "0001-01-01",
    ]
    assert failing("a is a date", a=values) == [1, 4]
    assert failing("a is at most 400 days old", a=values) == [0, 1, 2, 4, 6]
    assert days(pa.array(["1970-01-02", "2000-03-01", "1969-12-31"])).tolist() == [1, 11017, -1]


@given(st.dates())
def test_a_date_is_the_day_the_calendar_says(day: date) -> None:
    assert days(pa.array([day.isoformat()]))[0] == (day - date(1970, 1, 1)).days


def test_keys_and_columns_that_go_together() -> None:
    assert failing("a is unique", a=["1", "2", "1", None, None, "1"]) == [2, 4, 5]
    assert failing("a, b are unique", a=["1", "1", "1"], b=["x", "y", "x"]) == [2]
    city = ["X", "X", "Y", "Z", None, "Q", "R"]
    assert failing("zip determines city", zip=["1", "1", "1", "2", "1", "3", "3"], city=city) == [2, 5, 6]
    assert failing("a <= b", a=["9", "10", "b", "9", None], b=["10", "9", "a", "x", "1"]) == [1, 2]
    assert parse("a <= b").dimension is Dimension.CONSISTENCY
    assert parse("a > 3").dimension is Dimension.VALIDITY


def test_a_pattern_that_the_engine_cannot_hold_is_refused() -> None:
    with pytest.raises(PatternRefusedError):
        failing("a matches (?=x)x", a=["x"])


def test_an_empty_table_fails_nothing() -> None:
    for sentence, _, columns in SENTENCES:
        assert failing(sentence, **{name: [] for name in columns}) == []


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "2", "30", "x", None]), st.sampled_from(["p", "q", None])),
        max_size=30,
    ),
    st.randoms(),
)
def test_the_order_of_the_rows_changes_no_count(rows: list[tuple[str | None, str | None]], rng) -> None:
    mixed = rows.copy()
    rng.shuffle(mixed)

    def counts(some: list[tuple[str | None, str | None]]) -> list[int]:
        columns = {"a": [one for one, _ in some], "b": [other for _, other in some]}
        sentences = ("a is unique", "a determines b", "a is between 1 and 2", "a, b are unique", "a < b")
        return [len(failing(sentence, **columns)) for sentence in sentences]

    assert counts(rows) == counts(mixed)
