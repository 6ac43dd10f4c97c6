"""Rows that do not fit are put aside with number, reason and text, and nothing else is lost."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ppdesk.data import errors
from ppdesk.data.readers import csv_blocks, csv_quarantine, csv_table
from ppdesk.data.readers.csv_blocks import row_end
from ppdesk.data.readers.csv_table import BadRows, CsvFormat, Encoding, ReadTable, read_csv


@pytest.fixture
def read(tmp_path: Path):
    def act(data: bytes, **form: Any) -> ReadTable:
        path = tmp_path / "t.csv"
        path.write_bytes(data)
        return read_csv(path, CsvFormat(**{"bad_rows": BadRows.QUARANTINE, **form}))

    return act


def aside(found: ReadTable) -> list[tuple[int, str, str]]:
    rows = found.quarantine.to_pylist() if found.quarantine is not None else []
    return [(one["row"], one["reason"], one["text"]) for one in rows]


GOOD = b"5,6\n7,8\n9,0\n1,1\n"


@pytest.mark.parametrize(
    ("row", "reason", "text"),
    [
        (b"3,4,5", "ragged: 3 values instead of 2", "3,4,5"),
        (b"3", "ragged: 1 values instead of 2", "3"),
        (b"", "blank: nothing in the row", ""),
        (b"3,\x00", "nul: a NUL byte in column 2", "3,\ufffd"),
        (b"3,\xe4", "encoding: column 2 is not utf-8 text", "3,\ufffd"),
        (b'3,5" pipe', "quotes: the quotation marks do not match", '3,5" pipe'),
        (b'"3"x,"4"', "quotes: the quotation marks do not match", '"3"x,"4"'),
        (b'"a\nb","c",d', "ragged: 3 values instead of 2", '"a\nb","c",d'),
    ],
)
def test_each_kind_of_row(read, row: bytes, reason: str, text: str) -> None:
    found = read(b'a,b\n"x\ny",2\n' + row + b"\n" + GOOD)
    assert aside(found) == [(3, reason, text)]
    assert found.table.column("a").to_pylist() == ["x\ny", "5", "7", "9", "1"]


def test_nothing_put_aside_is_no_table(read) -> None:
    assert read(b"a,b\n1,2\n\n\n").quarantine is None


def test_a_row_whose_end_is_not_sure_refuses_the_file(read) -> None:
    with pytest.raises(errors.StrayQuoteError) as caught:
        read(b'a,b\n1,2\n"3"x","4\n' + GOOD)
    assert caught.value.values["row"] == 3
    with pytest.raises(errors.OpenQuoteError) as caught:
        read(b"a,b\n1,2\n" + GOOD + b'3,"4\n5,6\n')
    assert caught.value.values["row"] == 7


def test_a_bad_header_is_never_put_aside(read) -> None:
    with pytest.raises(errors.WrongEncodingError):
        read(b"a,\xff\n" + GOOD)
    with pytest.raises(errors.StrayQuoteError):
        read(b'a,b"x\n' + GOOD)


def test_more_bad_rows_than_good_ones_refuse_the_file(read) -> None:
    with pytest.raises(errors.TooManyBadRowsError) as caught:
        read(b"a,b\n1\n2\n3,4\n")
    assert caught.value.values == {"rejected": 2, "rows": 3}


def test_bytes_that_an_encoding_does_not_know(read) -> None:
    found = read(b"a,b\n\xe4,2\n\x81,3\n" + GOOD, encoding=Encoding.WINDOWS_1252)
    assert aside(found) == [(3, "encoding: column 1 is not windows-1252 text", "\ufffd,3")]
    assert found.table["a"][0].as_py() == "ä"


@pytest.mark.parametrize("piece", [7, 16, 50])
def test_numbers_and_places_are_right_across_blocks(read, monkeypatch, piece: int) -> None:
    monkeypatch.setattr(csv_blocks, "PIECE", piece)
    data = b"a,b\n" + b'"x\ny",2\n' * 30 + b'3,5" pipe\n' + b"1,2\n" * 30 + b"1\n" + b'"x","y\n"\n' * 9
    found = read(data + b"\n\n")
    assert [(row, reason.split(":")[0]) for row, reason, _ in aside(found)] == [
        (32, "quotes"),
        (63, "ragged"),
    ]
    assert found.table.num_rows == 69
    for bad, error, row in ((b"1\n", errors.RaggedRowError, 32), (b"\n", errors.BlankRowError, 32)):
        with pytest.raises(error) as caught:
            read(b"a,b\n" + b'"x\ny",2\n' * 30 + bad + b"1,2\n" * 30, bad_rows=BadRows.REFUSE)
        assert caught.value.values["row"] == row


def test_a_row_beyond_the_bound_is_refused_and_the_rest_not_read(read, monkeypatch) -> None:
    monkeypatch.setattr(csv_blocks, "PIECE", 16)
    for module in (csv_blocks, csv_table, csv_quarantine):
        monkeypatch.setattr(module, "ROW_MOST", 64)
    for form in ({}, {"bad_rows": BadRows.REFUSE}):
        with pytest.raises(errors.RowTooLongError) as caught:
            read(b"a,b\n1,2\n" + b"x" * 500 + b",2\n" + GOOD, **form)
        assert caught.value.values["row"] == 3
        with pytest.raises(errors.RowTooLongError):
            read(b"x" * 500, **form)
        with pytest.raises(errors.BlankRowError):
            read(b"a,b\n1,2\n" + b"\n" * 500 + b"3,4\n", **form)


def test_as_many_columns_as_nobody_has(read) -> None:
    with pytest.raises(errors.TooLargeError):
        read(b"," * 60_000 + b"\n" + b"," * 60_000 + b"\n")


def test_rows_without_any_line_feed_and_wide_characters_across_blocks(read, monkeypatch) -> None:
    monkeypatch.setattr(csv_blocks, "PIECE", 5)
    assert read(b"a,b\r" + b"1,2\r" * 20).table.num_rows == 20
    wide = read(("a,b\r\n" + "ä€,😀\r\n" * 20).encode("utf-16"), encoding=Encoding.UTF_16)
    assert wide.table["b"].to_pylist() == ["😀"] * 20


@given(st.text('a"\n\r,', max_size=40).map(str.encode), st.booleans())
def test_a_block_ends_outside_quotation_marks(data: bytes, quoting: bool) -> None:
    cut = row_end(data, quoting=quoting)
    assert 0 <= cut <= len(data)
    if cut:
        assert data[cut - 1] in b"\r\n"
        assert not quoting or data[:cut].count(b'"') % 2 == 0


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
BAD = st.sampled_from([b"1\n", b"1,2,3,4\n", b"\n", b'x,5" y,z\n', b"\xff,2,3\n", b"a,\x00,c\n"])


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=4, max_size=9),
    bad=st.dictionaries(st.integers(0, 3), BAD, max_size=3),
    piece=st.sampled_from([3, 8, 64, 4 << 20]),
)
@example(rows=[["", "", ""]] * 4, bad={0: b"\n"}, piece=3)
def test_good_rows_come_back_and_bad_ones_are_all_told(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], bad: dict[int, bytes], piece: int
) -> None:
    data, number, told = b"x,y,z\n", 1, []
    for index, row in enumerate(rows):
        if index in bad:
            number += 1
            told.append(number)
            data += bad[index]
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
        data += text.getvalue().encode()
        number += 1
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_blocks, "PIECE", piece)
        form = CsvFormat(delimiter=",", null_tokens=(), bad_rows=BadRows.QUARANTINE)
        found = read_csv(path, form)
    assert [list(row.values()) for row in found.table.to_pylist()] == rows
    assert [row for row, _, _ in aside(found)] == told


@settings(max_examples=100, deadline=None)
@given(
    data=st.binary(max_size=60) | st.text('ab,;\n\r"\t', max_size=40).map(str.encode),
    piece=st.sampled_from([3, 9, 4 << 20]),
)
def test_no_bytes_crash_it(tmp_path_factory: pytest.TempPathFactory, data: bytes, piece: int) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_blocks, "PIECE", piece)
        try:
            found = read_csv(path, CsvFormat(bad_rows=BadRows.QUARANTINE))
        except errors.ReadError:
            return
    assert found.table.num_rows >= 1


@settings(max_examples=60, deadline=None)
@given(data=st.text('ab,\n\r"', max_size=40).map(str.encode), piece=st.sampled_from([3, 9]))
def test_blocks_make_no_difference(tmp_path_factory: pytest.TempPathFactory, data: bytes, piece: int) -> None:
    # where rows end with carriage returns at first and with line feeds later, a piece tells them apart
    lone = data.replace(b"\r\n", b"")
    assume(not (b"\r" in lone and b"\n" in data))
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(data)

    def act(form: CsvFormat) -> object:
        try:
            found = read_csv(path, form)
        except errors.ReadError as error:
            return error.code.startswith("PP-DATA")
        return found.table.to_pydict(), aside(found)

    for bad_rows in BadRows:
        form = CsvFormat(delimiter=",", bad_rows=bad_rows)
        whole = act(form)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(csv_blocks, "PIECE", piece)
            assert act(form) == whole
