"""Files that were found to end in an error without a code, in a wrong place, or in too much memory."""

import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ppdesk.data.errors import (
    DamagedFileError,
    LineLengthError,
    NulByteError,
    PackedTooTightError,
    TooLargeError,
    TooManyBadRowsError,
    WrongEncodingError,
)
from ppdesk.data.readers.csv_structure import header_names
from ppdesk.data.readers.csv_table import BadRows, CsvFormat, Encoding
from ppdesk.data.readers.read_table import ReadOptions, read_table

WIDTHS = ("id:3", "town:5", "n:2")


def read(tmp_path, data, name, **more):
    path = tmp_path / name
    path.write_bytes(data)
    return read_table(path, ReadOptions(**more))


def test_a_value_of_the_first_row_may_be_long(tmp_path):
    long = "x" * 200_000
    text = CsvFormat(header=False)
    for mark in ("", '"'):
        found = read(tmp_path, f"a,{mark}{long}{mark}\n".encode(), "t.csv", text=text)
        assert found.table.to_pydict() == {"column 1": ["a"], "column 2": [long]}


def test_names_in_marks_are_taken_apart_in_time_that_grows_with_their_length():
    assert header_names(b'"a""b";"c;d";;e\n', ";", quoting=True) == ['a"b', "c;d", "", "e"]
    assert header_names(b'"a;b\n', ";", quoting=False) == ['"a', "b"]
    assert header_names(b'"' * 2_000_000, ";", quoting=True) == ['"' * 999_999]


@pytest.mark.parametrize("encoding", ["utf-7", "x", "cp037"])
def test_a_workbook_in_an_unknown_encoding_is_damaged(tmp_path, write_as, encoding):
    path = write_as(tmp_path / "t.xlsx")
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                body = (
                    f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
                    + body[body.index(b"<worksheet") :]
                )
            new.writestr(name, body)
    with pytest.raises(DamagedFileError):
        read(tmp_path, made.getvalue(), "t.xlsx")


def test_whatever_the_reader_of_statistics_files_raises_has_a_code(tmp_path, write_as, monkeypatch):
    import pyreadstat

    def broken(*_args, **_more):
        raise TypeError("None + str")

    path = write_as(tmp_path / "t.dta")
    monkeypatch.setattr(pyreadstat, "read_dta", broken)
    with pytest.raises(DamagedFileError):
        read_table(path, ReadOptions())


def few_bytes_much_text(letters=1_000_000, rows=50_000):
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * letters]))


@pytest.mark.parametrize("schema", [True, False])
def test_one_text_again_and_again_is_counted_before_it_is_written_out(tmp_path, schema):
    sink = pa.BufferOutputStream()
    table = pa.table({"a": few_bytes_much_text()})
    pq.write_table(table, sink, compression="zstd", store_schema=schema)
    before = pa.total_allocated_bytes()
    with pytest.raises(PackedTooTightError):
        read(tmp_path, sink.getvalue().to_pybytes(), "t.parquet")
    assert pa.total_allocated_bytes() - before < 64 << 20


def test_runs_and_dictionaries_of_arrow_files_are_counted_too(tmp_path):
    for array in (few_bytes_much_text(), pa.RunEndEncodedArray.from_arrays([50_000], ["x" * 1_000_000])):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, pa.schema([("a", array.type)])) as writer:
            writer.write_table(pa.table({"a": array}))
        with pytest.raises((PackedTooTightError, TooLargeError)):
            read(tmp_path, sink.getvalue().to_pybytes(), "t.arrow")


def test_long_texts_that_repeat_within_reason_are_read(tmp_path):
    words = ["y" * 20_000, "z" * 30_000]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": words * 600, "b": ["1", "2"] * 600}), sink)
    found = read(tmp_path, sink.getvalue().to_pybytes(), "t.parquet").table
    assert found.column("a").to_pylist() == words * 600


def test_a_value_of_a_dictionary_is_named_by_its_row(tmp_path):
    array = pa.DictionaryArray.from_arrays([0, 0, 0, 1], ["a", "b\0"])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, pa.schema([("a", array.type)])) as writer:
        writer.write_table(pa.table({"a": array}))
    with pytest.raises(NulByteError) as caught:
        read(tmp_path, sink.getvalue().to_pybytes(), "t.arrow")
    assert caught.value.values == {"row": 4, "column": 1}


def stream():
    sink = pa.BufferOutputStream()
    table = pa.table({"a": [f"{at:03d}" for at in range(40)]})
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=7)
    return sink.getvalue().to_pybytes()


def test_an_arrow_stream_is_read(tmp_path):
    found = read(tmp_path, stream(), "t.arrow").table
    assert found.column("a").to_pylist() == [f"{at:03d}" for at in range(40)]


def test_a_stream_that_does_not_say_where_it_ends_is_cut_off(tmp_path):
    whole = stream()
    for end in range(9, len(whole), 8):
        with pytest.raises(DamagedFileError):
            read(tmp_path, whole[:end], "t.arrow")


def test_a_portable_file_of_spss_is_read_and_not_taken_for_text(tmp_path):
    import pandas as pd
    import pyreadstat

    pyreadstat.write_por(pd.DataFrame({"A": [1.0, 2.5], "B": ["007", "y"]}), tmp_path / "t.por")
    for name in ("t.por", "t.txt"):
        found = read(tmp_path, (tmp_path / "t.por").read_bytes(), name)
        assert found.table.to_pydict() == {"A": ["1", "2.5"], "B": ["007", "y"]}


def fixed(*lines, end=b"\n"):
    return end.join(lines) + end


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_place_in_text_of_fixed_width_is_a_row_and_a_column(tmp_path, end):
    for line, error, column in [
        (b"2  Z\xffg  1", WrongEncodingError, 2),
        (b"2  \xc3\xbcg   \0", NulByteError, 3),
        (b"\xff  Zug  1", WrongEncodingError, 1),
    ]:
        with pytest.raises(error) as caught:
            read(tmp_path, fixed(b"1  Ulm  1", line, end=end), "t.fwf", widths=WIDTHS)
        assert caught.value.values["row"] == 2
        assert caught.value.values["column"] == column


def test_lines_that_do_not_fit_can_be_put_aside(tmp_path):
    text = CsvFormat(bad_rows=BadRows.QUARANTINE)
    lines = [b"1  Ulm  1", b"", b"2  \xff", b"3  Zug  99x", b"4  B\0rn 1", *[b"5  Bern 1"] * 5, b"", b"  "]
    found = read(tmp_path, fixed(*lines), "t.fwf", widths=WIDTHS, text=text)
    assert found.table.column("id").to_pylist() == ["1", *["5"] * 5]
    assert found.quarantine.to_pydict()["row"] == [2, 3, 4, 5]
    assert [one.partition(":")[0] for one in found.quarantine.to_pydict()["reason"]] == [
        "blank", "encoding", "length", "nul",
    ]  # fmt: skip
    with pytest.raises(TooManyBadRowsError):
        read(tmp_path, fixed(b"1  Ulm  1", *[b"x"] * 3), "t.fwf", widths=WIDTHS, text=text)
    with pytest.raises(LineLengthError):  # the row of names
        read(tmp_path, fixed(b"i", *[b"5  Bern 1"] * 5), "t.fwf", widths=("3", "5", "2"), text=text)


def test_a_line_of_fixed_width_without_end_is_not_held(tmp_path, monkeypatch):
    from ppdesk.data.readers import csv_blocks, fixed_width

    monkeypatch.setattr(csv_blocks, "ROW_MOST", 1 << 20)
    monkeypatch.setattr(csv_blocks, "PIECE", 1 << 19)
    monkeypatch.setattr(fixed_width, "ROW_MOST", 1 << 20)
    with pytest.raises(fixed_width.RowTooLongError) as caught:
        read(tmp_path, b"1  Ulm  1\n" + b"x" * (5 << 20), "t.fwf", widths=WIDTHS)
    assert caught.value.values["row"] == 2


def test_utf_16_of_fixed_width_is_placed_too(tmp_path):
    text = CsvFormat(encoding=Encoding.UTF_16)
    raw = "1  Ulm  1\n2  Zug  1\n".encode("utf-16")
    with pytest.raises(WrongEncodingError) as caught:
        read(tmp_path, raw[:-1], "t.fwf", widths=WIDTHS, text=text)
    assert caught.value.values["row"] >= 2


def test_a_database_that_ends_within_a_page_is_cut_off(tmp_path):
    import sqlite3

    connection = sqlite3.connect(tmp_path / "whole.sqlite")
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b) WITHOUT ROWID")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [(at, at * 1_000_003) for at in range(2000)])
    connection.commit()
    connection.close()
    whole = (tmp_path / "whole.sqlite").read_bytes()
    for lacking in (1, 3, 100, 4095):
        with pytest.raises(DamagedFileError):
            read(tmp_path, whole[:-lacking], "t.sqlite")


def test_millions_of_columns_are_counted_before_they_get_names(tmp_path, monkeypatch):
    from ppdesk.data.readers import csv_structure

    monkeypatch.setattr(csv_structure, "header_names", lambda *_, **__: pytest.fail("names were made"))
    for line in (b"a," * 3_000_000, b'"a",' * 200_000):
        with pytest.raises(TooLargeError):
            read(tmp_path, line + b"\n1\n", "t.csv", text=CsvFormat(delimiter=","))


def test_the_first_row_ends_at_the_first_line_end_outside_of_marks():
    from ppdesk.data.readers.csv_structure import first_record

    long = b'"' + b"x\n" * 700_000 + b'",b'
    assert first_record(long + b"\r\n1,2", quoting=True) == long
    assert first_record(long + b"\r\n1,2", quoting=False) == b'"x'
    assert first_record(b"no end", quoting=True) == b"no end"
    assert first_record(b"", quoting=True) == b""
