"""What is never a matter of spelling keeps values apart, whatever the method."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from ppdesk.data.clean.cluster import Method, clusters
from ppdesk.data.clean.suggest import suggest

DAYS = [date(2023, 1, 1) + timedelta(at) for at in range(365)]


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize(
    "values",
    [
        ["<=50K", ">50K", "50K"], ["< 5 mg", "> 5 mg", "5 mg", "≤ 5 mg", "-5 mg", "5 % mg"],
        ["A+", "A-", "A", "0+", "0-", "AB+", "AB-", "AB−x"], ["C", "C++", "C#", "F#"],
        ["Na+", "Na", "Cl-", "Cl"], ["+1", "-1", "1"], ["10", "1.0", "1,0", "1-0", "01"],
        ["1/2 cup", "1.2 cup", "12 cup"], ["5 € fee", "5 $ fee", "5 fee"], ["grade A*", "grade A"],
        ["pneumonia", "pneumonia?"], ["A10", "A11", "E10.9", "E11.9", "I11.9", "E119"],
        ["Type I", "Type II", "Type III"], ["male", "female"], ["1 Jan 2023", "1 Jun 2023", "2 Jan 2023"],
        ["low to high", "high to low"], ["yes", "no", "ja", "jo", "je", "jan", "jun"],
        ["Ward 1 B", "Ward 1 C"],
        [day.isoformat() for day in DAYS], [f"{day:%d %b %Y}" for day in DAYS],
        [f"{day:%d/%m/%y}" for day in DAYS],
    ],
    ids=lambda values: values[0],
)  # fmt: skip
def test_signs_numbers_codes_and_short_words_keep_values_apart(values, method):
    assert clusters(dict.fromkeys(values, 1), method, radius=2) == []


@pytest.mark.parametrize(
    "values",
    [
        ["Smith-Jones", "Smith Jones", "smith - jones", "Jones, Smith"], ["St. John's", "st johns"],
        ["10 Main St", "Main St. 10", "main st 10"], ["18 to 24", "18 To 24"], ["5.5 mg", "5.5 MG"],
        ["18-24", "18–24", "18 - 24"], ["Tom + Jerry", "tom & jerry"], ["C++", "c++"], ["a+", "A+"],
    ],
    ids=lambda values: values[0],
)  # fmt: skip
def test_ways_to_write_one_thing_are_still_found(values):
    found = clusters(dict.fromkeys(values, 1))
    assert [{value for value, _ in one.values} for one in found] == [set(values)]


def test_a_table_of_such_values_gets_no_proposal():
    columns = {
        "salary": ["<=50K", ">50K"], "blood": ["A+", "A-", "0+"], "language": ["C", "C++", "C#"],
        "code": ["E10.9", "E11.9", "I21.0", "I21.1"], "day": [day.isoformat() for day in DAYS],
        "answer": ["Agree", "Disagree", "Strongly agree"],
    }  # fmt: skip
    table = pa.table({name: [some[at % len(some)] for at in range(365)] for name, some in columns.items()})
    assert suggest(table, duplicates=False).items == ()


def proposals(**columns):
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return {one.id: one for one in suggest(table).items}


def test_one_text_among_numbers_may_stand_for_missing_and_takes_no_row_out():
    ages = [str(at) for at in range(20, 80)]
    found = proposals(noc=[*ages, *"NNNNN"], few=[*ages, *"abcde"])
    assert found["mark:noc"].operation == {"op": "missing", "columns": ["noc"], "tokens": ["N"]}
    assert found["mark:noc"].count == 5
    assert '"N"' not in found["mark:noc"].words
    assert "mixed:few" in found


def test_nothing_is_an_answer_among_words_and_missing_among_numbers():
    found = proposals(
        debtor=["none", "guarantor", "co-applicant"] * 30, income=[*map(str, range(10, 99)), "none"]
    )
    assert list(found) == ["missing:income"]


def test_a_scale_from_minus_one_to_one_misses_nothing():
    assert proposals(effect=["-1", "1", "0"] * 20, days=["-1", *map(str, range(5, 64))]).keys() == {
        "missing:days"
    }


def test_equal_rows_are_no_copies_where_they_cannot_but_be_equal():
    assert proposals(sex=["f", "m"] * 10) == {}
    assert "duplicates" in proposals(a=list("abcdefghijj"), b=list("abcdefghijj"))
