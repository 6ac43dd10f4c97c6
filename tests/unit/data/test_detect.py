"""What is found out about a text file, over all its rows, and what stays a doubt."""

from pathlib import Path

import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.errors import CancelledRunError
from ppdesk.data import errors
from ppdesk.data.detection.detect import detect
from ppdesk.data.detection.detected import Detected, Given
from ppdesk.data.readers.csv_table import Encoding, read_csv


@pytest.fixture
def found(tmp_path: Path):
    def act(data: bytes, **given) -> Detected:
        path = tmp_path / "t.csv"
        path.write_bytes(data)
        return detect(path, Given(**given))

    return act


def codes(detected: Detected) -> set[str]:
    return {one.code for one in detected.doubts}


def test_a_plain_file(found) -> None:
    told = found(b"id,name,born\n1,Bo,2001-02-03\n2,Al,1999-12-31\n3,,\n")
    assert (told.encoding, told.delimiter, told.header, told.quoting) == (Encoding.UTF_8, ",", True, True)
    assert (told.decimal, told.null_tokens, told.rows, told.doubts) == (DecimalMark.POINT, ("",), 3, ())
    assert [(one.name, one.type.value, one.missing, one.distinct) for one in told.columns] == [
        ("id", "integer", 0, 3), ("name", "string", 1, 2), ("born", "date", 1, 2),
    ]  # fmt: skip


def test_a_german_file(found) -> None:
    told = found("id;größe;Text\n1;1,75;–\n2;1,8;x\n".encode("windows-1252"))
    assert (told.encoding, told.delimiter, told.decimal) == (Encoding.WINDOWS_1252, ";", DecimalMark.COMMA)
    assert [one.type.value for one in told.columns] == ["integer", "decimal", "string"]
    assert codes(told) == {"PP-DETECT-001"}


@pytest.mark.parametrize(
    ("data", "encoding", "doubt"),
    [
        ("a,b\nä,1\n".encode(), Encoding.UTF_8, False),
        ("a,b\nä,1\n".encode("utf-8-sig"), Encoding.UTF_8, False),
        ("a,b\nä,1\n".encode("utf-16"), Encoding.UTF_16, False),
        ("a,b\nä,1\n".encode("iso-8859-1"), Encoding.WINDOWS_1252, True),
        ("a,b\n€,1\n".encode("iso-8859-15"), Encoding.WINDOWS_1252, True),
        (b"a,b\n\x81\xe4,1\n", Encoding.LATIN_1, True),
        (b"a,b\n" + "ä,1\n".encode() * 500 + b"\xff,2\n", Encoding.UTF_8, True),
    ],
)
def test_encoding(found, data: bytes, encoding: Encoding, doubt: bool) -> None:
    told = found(data)
    assert told.encoding is encoding
    assert ("PP-DETECT-001" in codes(told)) is doubt


def test_utf_16_without_its_mark_is_refused(found) -> None:
    with pytest.raises(errors.WrongEncodingError):
        found("a,b\n1,2\n".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("data", "header", "code"),
    [
        (b"a,b\n1,2\n3,4\n", True, None),
        (b"1,x\n2,y\n3,z\n", False, None),
        (b"x,y\nu,v\n", True, "PP-DETECT-030"),
        (b"north,y\nsouth,v\nnorth,w\n", False, None),
        (b"a,2\n1,3\n3,4\n4,9\n", False, "PP-DETECT-031"),
        (b"2001-01-01\n2002-02-02\n", False, None),
        (b"a,a,b\n1,2,3\n4,5,6\n", True, "PP-DETECT-034"),
    ],
)
def test_header(found, data: bytes, header: bool, code: str | None) -> None:
    told = found(data)
    assert told.header is header
    assert (code is None and not codes(told)) or code in codes(told)


def test_missing_tokens_are_proposed_where_the_column_shows_it(found) -> None:
    told = found(b"age,town,note\n30,NA,NULL\n-999,Bonn,-\n?,Ulm,x\n999,Bonn,x\n")
    assert told.null_tokens == ("", "NULL", "?", "-999")
    assert {one.token: (one.cells, one.columns, one.proposed) for one in told.tokens} == {
        "NULL": (1, (3,), True), "NA": (1, (2,), False), "?": (1, (1,), True), "-": (1, (3,), False),
        "-999": (1, (1,), True), "999": (1, (1,), False),
    }  # fmt: skip
    assert codes(told) == {"PP-DETECT-020"}
    assert told.columns[0].type.value == "integer"
    assert told.columns[0].missing == 2


def test_a_code_beside_other_numbers_below_zero_is_a_doubt(found) -> None:
    told = found(b"change\n-999\n-3\n4\n")
    assert told.null_tokens == ("",)
    assert "PP-DETECT-020" in codes(told)


@pytest.mark.parametrize("cell", [b"1.234,56", b"1,234.56", b"1.234"])
def test_thousands_marks_are_never_guessed(found, cell: bytes) -> None:
    told = found(b"a;b\n1;" + cell + b"\n2;" + cell.replace(b"1", b"7", 1) + b"\n", delimiter=";")
    assert "PP-DETECT-011" in codes(told)


def test_both_decimal_marks_in_one_file(found) -> None:
    told = found(b"a;b;c\n1,5;2.25;3.25\n2,5;3.5;4.5\n")
    assert told.decimal is DecimalMark.POINT
    assert [one.columns for one in told.doubts if one.code == "PP-DETECT-010"] == [(1,)]


def test_quotation_marks_that_are_characters(found) -> None:
    told = found(b'size;n\n5";1\n6";2\n')
    assert (told.quoting, told.rows) == (False, 2)
    assert found(b'size;n\n"5;""x";1\n').quoting is True


def test_more_than_one_delimiter_is_a_doubt(found) -> None:
    told = found(b"a,b;c\n1,2;3\n4,5;6\n")
    assert "PP-DETECT-002" in codes(told)
    assert told.delimiter == ","


def test_rows_that_do_not_fit_are_counted(found) -> None:
    told = found(b"a,b\n1,2\n3\n4,5\n6,7,8\n9,1\n")
    assert [one.text for one in told.doubts] == ["2 rows do not fit (ragged 2), the first is row 3."]


def test_what_is_given_is_kept(found) -> None:
    told = found(b"1,2\n3,4\n", header=True, decimal=DecimalMark.COMMA, null_tokens=("x",), delimiter=";")
    assert (told.header, told.decimal, told.null_tokens, told.delimiter) == (
        True,
        DecimalMark.COMMA,
        ("x",),
        ";",
    )
    assert "PP-DETECT-033" in codes(told)


def test_the_last_row_counts_too(found) -> None:
    assert found(b"n\n" + b"1\n" * 5000 + b"1.5\n").columns[0].type.value == "decimal"


def test_no_value_of_a_person_is_told(found) -> None:
    told = found(b"name,n\nAda Lovelace,1\nBo,x\n")
    assert "Ada" not in repr(told)


def test_it_stops_when_asked(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a\n1\n")
    with pytest.raises(CancelledRunError):
        detect(tmp_path / "t.csv", cancelled=lambda: True)


@settings(max_examples=60, deadline=None)
@cases(data=st.binary(max_size=60) | st.text('ab1.,;-\n"\t', max_size=40).map(str.encode))
def test_no_bytes_crash_it_and_what_it_proposes_can_be_read(tmp_path_factory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(data)
    try:
        told = detect(path)
    except errors.ReadError:
        return
    if told.format.value == "csv" and not told.doubts and told.rows:
        assert read_csv(path, told.text()).table.num_rows == told.rows
