"""A CSV file is taken in exactly as it is, or refused with the place where it is not right."""

import csv
import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.core.errors import CancelledRunError
from ppdesk.data import errors
from ppdesk.data.readers.csv_table import CsvFormat, Encoding, read_csv


@pytest.fixture
def read(tmp_path):
    def act(data, **form):
        path = tmp_path / "t.csv"
        path.write_bytes(data)
        return read_csv(path, CsvFormat(**form))

    return act


def test_every_value_stays_the_text_of_the_file(read):
    found = read(b"id,big,when\n007,123456789012345678901234567890,1899-12-31\n042,1e5, x \n")
    assert found.table.to_pydict() == {
        "id": ["007", "042"],
        "big": ["123456789012345678901234567890", "1e5"],
        "when": ["1899-12-31", " x "],
    }


def test_the_file_is_hashed_and_measured(read):
    data = b"a;b\r\n1;2\r\n"
    found = read(data)
    assert (found.sha256, found.size, found.delimiter) == (hashlib.sha256(data).hexdigest(), len(data), ";")


def test_only_null_tokens_are_missing(read):
    found = read(b"a,b\nNA,\n?,x\n", null_tokens=("?", "NA"))
    assert found.table.to_pydict() == {"a": [None, None], "b": ["", "x"]}


@pytest.mark.parametrize(
    ("data", "form", "names"),
    [
        (b"\xef\xbb\xbfa,b\n1,2\n", {}, ["a", "b"]),
        ("ä,b\nö,2\n".encode("windows-1252"), {"encoding": Encoding.WINDOWS_1252}, ["ä", "b"]),
        ("ä,b\nö,2\n".encode("utf-16"), {"encoding": Encoding.UTF_16}, ["ä", "b"]),
        (b"1,2\n3,4\n", {"header": False}, ["column 1", "column 2"]),
        (b'"a ""x""","b\nc"\n1,2\n', {}, ['a "x"', "b\nc"]),
        (b"a,b\r1,2\r", {}, ["a", "b"]),
        (b"a,b\n1,2\n\n\n", {}, ["a", "b"]),
    ],
)
def test_forms_of_csv(read, data, form, names):
    found = read(data, **form).table
    assert found.column_names == names
    assert found.num_rows == (2 if form.get("header") is False else 1)


def test_a_blank_line_in_a_file_of_one_column_is_a_missing_value(read):
    assert read(b"a\n1\n\n3\n").table.to_pydict() == {"a": ["1", None, "3"]}


def test_without_quoting_a_quotation_mark_is_a_character(read):
    assert read(b'a;b\n5" pipe;"x\n', quoting=False).table.to_pydict() == {"a": ['5" pipe'], "b": ['"x']}


@pytest.mark.parametrize(
    ("data", "form", "error", "where"),
    [
        (b"", {}, errors.EmptyFileError, {}),
        (b"\n\n", {}, errors.EmptyFileError, {}),
        (b"a,b\n", {}, errors.NoRowsError, {}),
        (b"a,b\n1,2\n3,4,5\n", {}, errors.RaggedRowError, {"row": 3, "actual": 3, "expected": 2}),
        (b"a,b\n1,2\n3\n", {}, errors.RaggedRowError, {"row": 3, "actual": 1, "expected": 2}),
        (b"a,b\n1,2\n\n3,4\n", {}, errors.BlankRowError, {"row": 3}),
        (b"a,b\r\n1,2\r\n\r\n3,4\r\n", {}, errors.BlankRowError, {"row": 3}),
        (b"a,b\n1,2\n3,\x00\n", {}, errors.NulByteError, {"row": 3, "column": 2}),
        (b"a,b\n1,2\n3,\xe4\n", {}, errors.WrongEncodingError, {"row": 3, "column": 2}),
        (b"a,\xe4\n1,2\n", {}, errors.WrongEncodingError, {"row": 1, "column": 2}),
        (b"a,b\n1,\x81\n", {"encoding": Encoding.WINDOWS_1252}, errors.WrongEncodingError, {"row": 2}),
        (b"a,b\n1,2\n", {"encoding": Encoding.UTF_16}, errors.WrongEncodingError, {"row": 1}),
        (b"a,,c\n1,2,3\n", {}, errors.EmptyHeaderError, {"column": 2}),
        (b"a,b,a\n1,2,3\n", {}, errors.DuplicateHeaderError, {"first": 1, "second": 3}),
        (b'a,b\n1,2\n3,"4\n5,6\n', {}, errors.OpenQuoteError, {"row": 3, "column": 2}),
        (b'a,b\n1,"2"x\n', {}, errors.StrayQuoteError, {"row": 2, "column": 2}),
        (b'a,b\n1,5" pipe\n', {}, errors.StrayQuoteError, {"row": 2, "column": 2}),
        (b"a,b;c\n1,2;3\n", {}, errors.UnclearDelimiterError, {}),
    ],
)
def test_what_is_not_right_is_refused_with_its_place(read, data, form, error, where):
    with pytest.raises(error) as caught:
        read(data, **form)
    assert {name: caught.value.values[name] for name in where} == where
    assert caught.value.code.startswith("PP-DATA-")


def test_messages_never_quote_a_value(read):
    with pytest.raises(errors.RaggedRowError) as caught:
        read(b"name,b\nAda Lovelace,2,3\n")
    assert "Ada" not in str(caught.value.to_json())


def test_a_missing_file_is_named_without_its_folder(tmp_path):
    with pytest.raises(errors.FileUnreadableError) as caught:
        read_csv(tmp_path / "none.csv", CsvFormat())
    assert "none.csv" in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_reading_stops_when_asked(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a\n1\n")
    with pytest.raises(CancelledRunError):
        read_csv(tmp_path / "t.csv", CsvFormat(), cancelled=lambda: True)


_cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(_cell, min_size=3, max_size=3), min_size=1, max_size=6),
    mark=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_csv_writer_writes_comes_back(tmp_path_factory, rows, mark, end):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["x", "y", "z"], *rows])
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    found = read_csv(path, CsvFormat(null_tokens=()))
    assert [list(row.values()) for row in found.table.to_pylist()] == rows
    assert found.delimiter == mark


def test_a_row_of_wrong_length_and_wrong_encoding_is_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,2\n\xff,3,4\n5,6\n")
    with pytest.raises(errors.WrongEncodingError, match="Row 3, column 1"):
        read_csv(path, CsvFormat())


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=60) | st.text('ab,;\n\r"\t', max_size=40).map(str.encode))
def test_no_bytes_crash_it(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(data)
    try:
        found = read_csv(path, CsvFormat())
    except errors.ReadError:
        return
    assert found.table.num_rows >= 1
