"""SPSS, Stata and SAS: numbers, dates before 1900, value labels, missing values."""

import datetime

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.data.errors import DamagedFileError, SameLabelError
from ppdesk.data.readers.formats import FileFormat
from ppdesk.data.readers.stat_dates import writer_of
from ppdesk.data.readers.stat_table import read_stat

SEX = {1.0: "male", 2.0: "female"}


def sav(path, frame, **more):
    pyreadstat.write_sav(frame, path, **more)
    return path


def test_numbers_need_no_point_where_they_are_whole(tmp_path):
    frame = pd.DataFrame({"x": [1.0, 0.1, None], "big": [1234567890.0, -5.0, 9007199254740991.0]})
    table = read_stat(sav(tmp_path / "t.sav", frame), FileFormat.SPSS).table
    assert table.to_pydict() == {"x": ["1", "0.1", None], "big": ["1234567890", "-5", "9007199254740991"]}


@pytest.mark.parametrize(
    ("ending", "form"), [(".sav", FileFormat.SPSS), (".dta", FileFormat.STATA), (".xpt", FileFormat.XPORT)]
)
def test_dates_and_times_before_1900(tmp_path, ending, form):
    frame = pd.DataFrame(
        {
            "born": [datetime.date(1850, 1, 2), datetime.date(2024, 2, 29)],
            "seen": pd.Series(["1850-01-02T03:04:05", "2024-02-29"], dtype="datetime64[us]"),
        }
    )
    write = {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta, ".xpt": pyreadstat.write_xport}[
        ending
    ]
    write(frame, tmp_path / f"t{ending}")
    assert read_stat(tmp_path / f"t{ending}", form).table.to_pydict() == {
        "born": ["1850-01-02", "2024-02-29"],
        "seen": ["1850-01-02T03:04:05", "2024-02-29T00:00:00"],
    }


@pytest.mark.parametrize(
    ("form", "display", "value", "text"),
    [
        (FileFormat.SPSS, "TIME8", 47109.25, "13:05:09.25"),
        (FileFormat.SPSS, "TIME8", 90000.0, "25:00:00"),
        (FileFormat.SPSS, "F8.2", 90000.0, "90000"),
        (FileFormat.SPSS, "EDATE10", 13802313600.0, "2020-02-29"),
        (FileFormat.STATA, "%tdDD/NN/CCYY", 0, "1960-01-01"),
        (FileFormat.STATA, "%tcHH:MM", 1500.0, "1960-01-01T00:00:01.5"),
        (FileFormat.STATA, "%tm", 3.0, "3"),
        (FileFormat.STATA, "%9.0g", 5, "5"),
        (FileFormat.SAS, "DATE", -1.0, "1959-12-31"),
        (FileFormat.SAS, "MMDDYY", 0.5, "1960-01-01T12:00:00"),
        (FileFormat.SAS, "DATETIME", 0.0, "1960-01-01T00:00:00"),
        (FileFormat.SAS, "TIME", 60.0, "00:01:00"),
        (FileFormat.SAS, "BEST", 60.0, "60"),
        (FileFormat.SAS, "", 0.1, "0.1"),
    ],
)
def test_a_display_format_tells_what_a_number_means(form, display, value, text):
    assert writer_of(form, display)(value) == text


def test_a_number_of_32_bits_is_as_short_as_its_precision():
    assert writer_of(FileFormat.STATA, "%9.0g", single=True)(0.10000000149011612) == "0.1"


@pytest.mark.parametrize(("ending", "form"), [(".sav", FileFormat.SPSS), (".dta", FileFormat.STATA)])
def test_value_labels_only_when_asked_for(tmp_path, ending, form):
    frame, path = pd.DataFrame({"sex": [1, 2, 9], "x": [1, 2, 3]}), tmp_path / f"t{ending}"
    write = pyreadstat.write_sav if ending == ".sav" else pyreadstat.write_dta
    labels = {int(code): label for code, label in SEX.items()}
    write(frame, path, variable_value_labels={"sex": labels})
    plain, labelled = read_stat(path, form), read_stat(path, form, labels=True)
    assert (plain.table.to_pydict()["sex"], plain.labelled) == (["1", "2", "9"], 0)
    assert labelled.table.to_pydict() == {"sex": ["male", "female", "9"], "x": ["1", "2", "3"]}
    assert labelled.labelled == 1


def test_two_codes_with_one_label_are_not_thrown_together(tmp_path):
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    path = sav(tmp_path / "t.sav", frame, variable_value_labels={"x": {1.0: "same", 2.0: "same"}})
    with pytest.raises(SameLabelError) as caught:
        read_stat(path, FileFormat.SPSS, labels=True)
    assert caught.value.values == {"column": 1, "name": "x"}
    assert read_stat(path, FileFormat.SPSS).table.num_rows == 2


def test_what_a_user_declared_missing_is_missing(tmp_path):
    path = sav(tmp_path / "t.sav", pd.DataFrame({"x": [1.0, -99.0]}), missing_ranges={"x": [-99]})
    assert read_stat(path, FileFormat.SPSS).table.to_pydict() == {"x": ["1", None]}


def test_a_sas_file_that_is_only_a_head_is_damaged(tmp_path):
    path = tmp_path / "t.sas7bdat"
    path.write_bytes(bytes(12) + b"\xc2\xea\x81\x60" + bytes(2000))
    with pytest.raises(DamagedFileError):
        read_stat(path, FileFormat.SAS)


numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
    lambda text: text.rstrip(" ")
)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(numbers, words), min_size=1, max_size=10))
@pytest.mark.parametrize(("ending", "form"), [(".sav", FileFormat.SPSS), (".dta", FileFormat.STATA)])
def test_a_table_comes_back(tmp_path_factory, ending, form, rows):
    path = tmp_path_factory.mktemp("t") / f"t{ending}"
    frame = pd.DataFrame({"x": pd.Series([x for x, _ in rows], dtype="float64"), "y": [y for _, y in rows]})
    (pyreadstat.write_sav if ending == ".sav" else pyreadstat.write_dta)(frame, path)
    found = read_stat(path, form).table.to_pydict()
    assert [None if text is None else float(text) for text in found["x"]] == [x for x, _ in rows]
    assert [text or "" for text in found["y"]] == [y for _, y in rows]


def test_a_file_that_promises_more_rows_than_it_has_room_for_is_damaged_at_once(tmp_path, monkeypatch):
    path = tmp_path / "t.dta"
    pyreadstat.write_dta(pd.DataFrame({"x": [1.0, 2.0]}), path)
    raw = path.read_bytes()
    assert b"<N>" + (2).to_bytes(8, "little") in raw
    path.write_bytes(raw.replace(b"<N>" + (2).to_bytes(8, "little"), b"<N>" + (10**8).to_bytes(8, "little")))
    read = pyreadstat.read_dta
    monkeypatch.setattr(
        pyreadstat,
        "read_dta",
        lambda *a, **k: read(*a, **k) if k.get("metadataonly") else pytest.fail("read"),
    )
    with pytest.raises(DamagedFileError):
        read_stat(path, FileFormat.STATA)
