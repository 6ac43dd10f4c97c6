"""The anonymized table as a file."""

import csv
import io
import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.canonical import sha256_hex
from ppdesk.release.errors import NoRecordsError
from ppdesk.release.table import Delimiter, write_csv


def read(data, delimiter=Delimiter.SEMICOLON):
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter.sign))


def test_a_table_is_written_with_header_and_lf():
    found = write_csv(pa.table({"age": ["30-39", "20-29"], "sex": ["F", None]}))
    assert found.data == b"age;sex\n20-29;\n30-39;F\n"
    assert found.sha256 == sha256_hex(found.data)
    assert (found.rows, found.columns, found.guarded) == (2, ("age", "sex"), 0)


def test_the_order_of_the_source_does_not_leave():
    table = pa.table({"a": ["2", "1", "3"], "b": ["x", "y", "z"]})
    assert write_csv(table).data == write_csv(table.take([2, 0, 1])).data


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=HYPERLINK("x";"y")']
)
def test_a_formula_is_disarmed(cell):
    found = write_csv(pa.table({"a": [cell]}))
    assert read(found.data)[1] == ["'" + cell]
    assert found.guarded == 1


@pytest.mark.parametrize("cell", ["-5", "+5.5", "-1e-3", "<=50K", "30-39", "*", "a=b"])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    found = write_csv(pa.table({"a": [cell]}))
    assert read(found.data)[1] == [cell]
    assert found.guarded == 0


def test_a_columns_name_is_guarded_too():
    assert write_csv(pa.table({"=a": ["1"]})).data == b"'=a\n1\n"


@pytest.mark.parametrize("delimiter", list(Delimiter))
def test_each_delimiter_is_quoted_where_it_occurs(delimiter):
    cells = [f'a{delimiter.sign}"b"', "c\nd"]
    found = read(write_csv(pa.table({"x": [cells[0]], "y": [cells[1]]}), delimiter).data, delimiter)
    assert found[1] == cells


def test_an_empty_release_is_refused():
    with pytest.raises(NoRecordsError):
        write_csv(pa.table({"a": pa.array([], pa.string())}))


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.text(
    "'=-+@5 \t", max_size=5
)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from(list(Delimiter)))
@settings(max_examples=80, deadline=None)
def test_what_is_written_reads_back_but_for_the_guard(rows, delimiter):
    table = pa.table({"a": [row[0] for row in rows], "b": [row[1] for row in rows]})
    back = read(write_csv(table, delimiter).data, delimiter)[1:]

    def unguarded(cell):
        guarded = re.match(r"'('*\s*[=+\-@＝＋－＠]|'*[\t\r\n])", cell)
        return cell[1:] if guarded else cell

    assert sorted([unguarded(cell) for cell in row] for row in back) == sorted(map(list, rows))
    for row in back:
        assert not any(cell[:1] in "=@＝" and cell for cell in row)
