"""A table that is shown, as a file: what a spreadsheet reads is what was shown, and nothing of it is run."""

import os
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest

from ppdesk.core.section import Table
from ppdesk.release import sheets
from ppdesk.release.errors import TooManyRowsError
from ppdesk.release.table import guarded
from ppdesk.workbench.saving import file_name, table_file, write_file

TABLE = Table(
    "Loss: by column", ("", "=Name ε", "Rows"), (("age", "=1+1", "1,234"), ("b,c", "01234", "-2")), (2,)
)


def test_csv_keeps_order_and_guards_formulas() -> None:
    text = table_file(TABLE, "csv").decode("utf-8-sig")
    assert text == ',\'=Name ε,Rows\r\nage,\'=1+1,"1,234"\r\n"b,c",01234,-2\r\n'


@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\x0b", "\x00", "\ufeff", "\u00a0", "\u200b", "'"])
@pytest.mark.parametrize("sign", ["=", "+", "@", "-", "\uff1d"])
def test_what_a_spreadsheet_drops_in_front_of_a_formula_does_not_hide_it(before: str, sign: str) -> None:
    found, count = guarded(pa.chunked_array([pa.array([f"{before}{sign}cmd|x", "-1.5", f"a{sign}b"])]))
    assert (found[0].as_py(), count) == (f"'{before}{sign}cmd|x", 1)


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(BytesIO(table_file(TABLE, "xlsx"))).active
    assert sheet.title == "Loss  by column"
    cells = [[cell.value for cell in row] for row in sheet.rows]
    assert cells == [["", "'=Name ε", "Rows"], ["age", "'=1+1", 1234], ["b,c", "01234", -2]]
    assert all(cell.data_type != "f" for row in sheet.rows for cell in row)


def test_the_same_table_gives_the_same_workbook() -> None:
    assert table_file(TABLE, "xlsx") == table_file(TABLE, "xlsx")


def test_signs_that_xml_lacks_do_not_break_a_workbook() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rows = pa.table({"a": ["x\x00<y", None]})
    sheet = openpyxl.load_workbook(BytesIO(sheets.xlsx_sheet(rows, ""))).active
    assert [cell.value for cell in sheet["A"]] == ["a", "x\N{REPLACEMENT CHARACTER}<y", None] or sheet[
        "A3"
    ].value == ""


def test_a_table_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    with pytest.raises(TooManyRowsError):
        sheets.xlsx_sheet(pa.table({"a": ["1", "2"]}), "a")


def test_a_title_makes_a_name_for_a_file() -> None:
    assert file_name("Loss: by column", "csv") == "loss-by-column.csv"
    assert file_name("../", "svg") == "table.svg"


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX systems")
def test_others_on_the_computer_cannot_read_what_was_saved(tmp_path: Path) -> None:
    place = tmp_path / "rows.csv"
    place.write_bytes(b"old")
    write_file(place, b"rows")
    assert (place.read_bytes(), place.stat().st_mode & 0o077) == (b"rows", 0)
    assert list(tmp_path.iterdir()) == [place]
