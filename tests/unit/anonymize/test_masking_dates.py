"""Dates shifted by one number of days per person."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.anonymize.masking.dates import shifted, shifts
from ppdesk.anonymize.masking.errors import NotDatesError, OutsideCalendarError

KEY = bytes(range(32))


def moved(texts, days):
    return shifted(pa.chunked_array([pa.array(texts, pa.string())]), np.asarray(days), "seen").to_pylist()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.dates(date(2, 1, 1), date(9990, 1, 1)), min_size=2, max_size=8),
    st.text(max_size=5),
    st.integers(1, 300),
)
def test_distances_within_a_person_stay(days, person, within):
    (shift,) = shifts([person], KEY, within)
    assert -within <= shift <= within
    made = [date.fromisoformat(one) for one in moved([one.isoformat() for one in days], [shift] * len(days))]
    assert [(b - a).days for a, b in zip(days, made, strict=True)] == [shift] * len(days)


def test_shifts_are_uniform_and_keyed():
    people = [str(number) for number in range(7000)]
    counts = np.bincount(shifts(people, KEY, 3) + 3, minlength=7)
    assert (abs(counts - 1000) < 150).all()
    assert (shifts(people, KEY, 3) != shifts(people, KEY[::-1], 3)).mean() > 0.8


def test_before_1900_leap_days_times_and_missing():
    texts = ["1899-12-31", "2024-02-29", None, "0001-01-02", "2023-12-31T23:59:59", "1582-10-15"]
    assert moved(texts, [1, 366, 5, -1, 1, -1]) == [
        "1900-01-01", "2025-03-01", None, "0001-01-01", "2024-01-01T23:59:59", "1582-10-14",
    ]  # fmt: skip
    assert moved([None, None], [1, 1]) == [None, None]


@pytest.mark.parametrize("text", ["2023-02-29", "20230228", "28.02.2023", "2023-W01-1", "x", "2023-2-8", ""])
def test_what_is_no_date_is_counted_not_told(text):
    with pytest.raises(NotDatesError) as error:
        moved(["2023-01-01", text, text], [0, 0, 0])
    assert error.value.values["cells"] == 2


def test_the_calendar_ends():
    with pytest.raises(OutsideCalendarError):
        moved(["9999-12-31", "2000-01-01"], [1, 1])
