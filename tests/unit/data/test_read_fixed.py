"""Text of fixed width: columns are ranges of characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.data.errors import (
    BlankRowError,
    DuplicateHeaderError,
    EmptyFileError,
    LineLengthError,
    NoRowsError,
    NulByteError,
    WidthsError,
    WrongEncodingError,
)
from ppdesk.data.readers.csv_table import Encoding
from ppdesk.data.readers.fixed_width import parse_widths, read_fixed

NAMED = parse_widths(["id:4", "town:6"])


def read(tmp_path, text, widths=NAMED, **more):
    path = tmp_path / "t.txt"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_fixed(path, widths, **more).table.to_pydict()


def test_columns_are_cut_by_characters_and_their_padding_dropped(tmp_path):
    assert read(tmp_path, "007 Zürich\r\n  8 Bern\n\n") == {"id": ["007", "8"], "town": ["Zürich", "Bern"]}


def test_names_may_stand_in_the_first_line_or_nowhere(tmp_path):
    widths = parse_widths(["2", " 3 "])
    assert read(tmp_path, "a b\n1 2\n", widths) == {"a": ["1"], "b": ["2"]}
    assert read(tmp_path, "a b\n1 2\n", widths, header=False) == {
        "column 1": ["a", "1"],
        "column 2": ["b", "2"],
    }


@pytest.mark.parametrize(
    ("text", "error", "row"),
    [
        ("007 Bern\n1\n", LineLengthError, 2),
        ("007 Bern  !\n", LineLengthError, 1),
        ("007 Bern\n\n1   Basel\n", BlankRowError, 2),
        ("007 Be\0n\n", NulByteError, 1),
        (b"007 Bern\n1   B\xff\n", WrongEncodingError, 2),
        ("", EmptyFileError, None),
    ],
)
def test_a_line_that_does_not_fit_is_refused_by_row(tmp_path, text, error, row):
    with pytest.raises(error) as caught:
        read(tmp_path, text)
    assert caught.value.values.get("row") == row


def test_only_names_is_no_table(tmp_path):
    with pytest.raises(NoRowsError):
        read(tmp_path, "a b\n", parse_widths(["2", "2"]))


def test_other_encodings(tmp_path):
    text = "007 Zürich\n"
    expected = {"id": ["007"], "town": ["Zürich"]}
    assert read(tmp_path, text.encode("latin-1"), encoding=Encoding.LATIN_1) == expected
    assert read(tmp_path, text.encode("utf-16"), encoding=Encoding.UTF_16) == expected
    assert read(tmp_path, text.encode("utf-8-sig")) == expected
    with pytest.raises(WrongEncodingError):
        read(tmp_path, text, encoding=Encoding.UTF_16)


@pytest.mark.parametrize("texts", [[], ["a:4", "5"], ["a:"], ["a:0"], ["x"], ["-1"], ["a:١"], ["9999999999"]])
def test_widths_that_say_nothing_are_refused(texts):
    with pytest.raises(WidthsError):
        parse_widths(texts)
    with pytest.raises(DuplicateHeaderError):
        parse_widths(["a:1", "a:2"])


words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(words, words, words), min_size=1, max_size=9))
def test_a_table_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "t.txt"
    path.write_text(
        "".join("".join(f"{cell:7}" for cell in row) + "\n" for row in rows), encoding="utf-8", newline=""
    )
    table = read_fixed(path, parse_widths(["a:7", "b:7", "c:7"])).table.to_pydict()
    assert list(zip(*table.values(), strict=True)) == rows
