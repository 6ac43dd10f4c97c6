"""Values that may be ways to write one thing, and what is proposed for a table."""

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from rapidfuzz.distance import Levenshtein

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data.clean.cluster import Method, clusters, fingerprint, ngram_fingerprint
from ppdesk.data.clean.near import levenshtein_pairs, within_share
from ppdesk.data.clean.operations import AnyOperation
from ppdesk.data.clean.phonetic import cologne, soundex
from ppdesk.data.clean.replay import replay
from ppdesk.data.clean.suggest import suggest

CITIES = {
    "New York": 10,
    "new york": 3,
    "York, New": 1,
    "NewYork": 1,
    "New Yorck": 1,
    "Boston": 5,
    "Bostonn": 1,
}


@pytest.mark.parametrize(
    ("word", "key"),
    [("Robert", "R163"), ("Rupert", "R163"), ("Rubin", "R150"), ("Ashcraft", "A261"), ("Tymczak", "T522"),
     ("Pfister", "P236"), ("Honeyman", "H555"), ("123", "")],
)  # fmt: skip
def test_soundex_as_the_national_archives_give_it(word, key):
    assert soundex(word) == key


@pytest.mark.parametrize(
    ("word", "key"),
    [("Müller-Lüdenscheidt", "65752682"), ("Breschnew", "17863"), ("Wikipedia", "3412"), ("Meyer", "67"),
     ("Maier", "67"), ("Philip", "351"), ("Xaver", "4837"), ("", "")],
)  # fmt: skip
def test_cologne_phonetics(word, key):
    assert cologne(word) == key


def test_keys_of_openrefine():
    assert fingerprint(" Gödel, yes; Yes ") == "godel yes"
    assert ngram_fingerprint("Paris") == "arispari"
    assert ngram_fingerprint("N.Y.", 3) == "ny"


@pytest.mark.parametrize(
    ("method", "merged"),
    [
        (Method.FINGERPRINT, {"new york", "York, New"}),
        (Method.NGRAM, {"new york", "NewYork"}),
        (Method.SOUNDEX, {"new york", "York, New", "New Yorck", "Bostonn"}),
        (Method.LEVENSHTEIN, {"new york", "NewYork", "New Yorck", "Bostonn"}),
    ],
)
def test_the_most_common_value_survives(method, merged):
    found = clusters(CITIES, method)
    assert {one.survivor for one in found} <= {"New York", "Boston"}
    assert {old for one in found for old in one.merge()} == merged
    assert found[0].survivor == "New York"


@given(st.lists(st.text("ab ", max_size=9), max_size=25, unique=True), st.sampled_from([0.5, 0.7, 0.8, 0.95]))
@settings(max_examples=60, deadline=None)
def test_no_pair_is_lost_by_comparing_only_candidates(texts, share):
    allowed = within_share(share)
    found = sorted(tuple(sorted(pair)) for pair in levenshtein_pairs(texts, allowed))
    assert found == [
        (one, two)
        for one in range(len(texts))
        for two in range(one + 1, len(texts))
        if Levenshtein.distance(texts[one], texts[two]) <= allowed(max(len(texts[one]), len(texts[two])))
    ]


def untidy(rows=120):
    numbers = [str(20 + at % 60) for at in range(rows)]
    return pa.table(
        {
            "id": pa.array([str(at) for at in range(rows)]),
            "age": pa.array([*numbers[:-3], "-999", "N/A", "?"]),
            "city": pa.array(["Berlin", "berlin", "Köln", "Hamburg "] * (rows // 4)),
            "euro": pa.array([f"{1 + at % 9}.{at:03d},50 €" for at in range(rows)]),
            "born": pa.array([f"{1 + at % 28:02d}/{1 + at % 12:02d}/1990" for at in range(rows)]),
            "seen": pa.array([f"{1 + at % 9:02d}/{1 + at % 7:02d}/2020" for at in range(rows)]),
            "none": pa.nulls(rows, pa.string()),
            "same": pa.array(["x"] * rows),
            "far": pa.array([*[str(at % 10) for at in range(rows - 1)], "1000"]),
            "mixed": pa.array([*[str(at % 10) for at in range(rows - 1)], "many"]),
        }
    )


def test_what_is_worth_a_look_is_found_and_counted():
    found = {one.id: one for one in suggest(untidy()).items}
    assert {name: one.count for name, one in found.items()} == {
        "missing:age": 3, "spaces:city": 30, "case:city": 30, "numbers:euro": 120, "dates:born": 120,
        "dates:seen": 120, "empty:none": 120, "constant:same": 120, "far:far": 1, "mixed:mixed": 1,
    }  # fmt: skip
    assert found["missing:age"].operation["tokens"] == ["-999", "?", "N/A"]
    assert found["dates:born"].operation["formats"] == ["%d/%m/%Y"]
    assert found["dates:born"].words == "Dates of born are written as day/month/year (%d/%m/%Y)"
    assert found["dates:seen"].operation is None  # a person has to say which is the month
    assert found["numbers:euro"].operation["unit"] == "€"


def test_the_words_hold_no_value_and_the_operations_are_ready():
    table = untidy()
    found = suggest(table)
    told = json.dumps(found.safe(), ensure_ascii=False)
    for value in ("Berlin", "berlin", "Köln", "Hamburg", "€", "1000", "many"):
        assert value not in told
    read = TypeAdapter(tuple[AnyOperation, ...])
    ready = [one.operation for one in found.items if one.operation is not None]
    clean = replay(table, read.validate_python(ready)).table
    assert not {one.id for one in suggest(clean).items} & {one.id for one in found.items if one.operation}
    part = found.table()
    assert part.num_rows == len(found.items)
    assert json.loads(part["operation"][0].as_py()) == dict(found.items[0].operation)


def test_equal_rows_are_proposed_once_for_the_table():
    table = pa.table({"a": ["1", "1", "2", None, None], "b": ["x", "x", "x", None, None]})
    assert [(one.id, one.count) for one in suggest(table).items] == [("duplicates", 2)]
    assert suggest(table, duplicates=False).items == ()


def test_a_number_that_could_be_meant_either_way_is_not_proposed():
    table = pa.table({"a": [f"{at},{100 + at}" for at in range(1, 60)]})
    for mark in DecimalMark:
        assert not [one for one in suggest(table, mark).items if one.id.startswith("numbers")]


def test_a_column_of_many_values_is_judged_by_a_sample_and_counted_over_all():
    rows = 30_000
    values = [str(at) for at in range(rows)]
    values[17] = "N/A"
    found = {one.id: one.count for one in suggest(pa.table({"a": values})).items}
    assert found == {"missing:a": 1}


def test_clean_and_empty_tables_have_nothing():
    assert suggest(pa.table({"a": pa.array([], pa.string())})).items[0].id == "empty:a"
    assert suggest(pa.table({"a": ["1", "2"]})).items == ()


def test_it_stops_when_asked():
    with pytest.raises(CancelledRunError):
        suggest(untidy(), cancelled=lambda: True)
