"""The delimiter is found over all rows, or asked for."""

import pytest

from ppdesk.data.errors import UnclearDelimiterError
from ppdesk.data.readers import csv_structure
from ppdesk.data.readers.csv_structure import delimiter_marks


def found(data: bytes) -> str:
    return delimiter_marks(data, quoting=True).chosen()


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (b"a;b\n1,5;2,5\n", ";"),
        (b"a,b\n1;1,2\n", ","),
        (b"a\tb\n1\t2\n", "\t"),
        (b"a|b\n1|2", "|"),
        (b'a;b\n"x;y";2\n', ";"),
        (b'a,b\n"x\n,y",2\n', ","),
        (b"a\n1\n2\n", ","),
        (b"a,b\n1,2\n1,2,3\n", ","),  # a ragged row is named when the file is read
    ],
)
def test_found(data, mark):
    assert found(data) == mark


@pytest.mark.parametrize("data", [b"a,b;c\n1,2;3\n", b"a,b;c\n1,2;3;4,5\n", b"a\n1,2\n"])
def test_not_guessed(data):
    with pytest.raises(UnclearDelimiterError):
        found(data)


def test_rows_beyond_the_first_block_count(monkeypatch):
    monkeypatch.setattr(csv_structure, "_BLOCK", 16)
    assert found(b"a,b;c\n" + b"1,2;3\n" * 20 + b"1,2;3;4\n") == ","
    with pytest.raises(UnclearDelimiterError):
        found(b"a,b;c\n" + b"1,2;3\n" * 20)
    assert found(b'a;b\n"' + b"x,\n" * 30 + b'";2\n') == ";"
