"""Excel workbooks: cells end in texts that lose nothing; what is unclear is refused by sheet and place."""

import datetime
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS

from ppdesk.data import bounds
from ppdesk.data.errors import (
    BadCellError,
    BlankSheetRowError,
    DamagedFileError,
    DuplicateHeaderError,
    EmptyHeaderError,
    EmptySheetError,
    ErrorCellError,
    FormulaWithoutValueError,
    MacroFileError,
    ManySheetsError,
    MergedCellsError,
    NoRowsError,
    NoSuchSheetError,
    NotThatFormatError,
    PackedTooTightError,
    ProtectedFileError,
    TooLargeError,
    UnsupportedFormatError,
)
from ppdesk.data.readers import archive as archive_bounds
from ppdesk.data.readers import xlsx_package
from ppdesk.data.readers.xlsx_numbers import Meaning, builtin_kind, kind_of, text_of_number
from ppdesk.data.readers.xlsx_table import read_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def book(path, rows, title="People", formats=()):
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, code in formats:
        sheet[place].number_format = code
    made.save(path)
    return path


def changed(path, part, old, new):
    """The workbook with one part rewritten."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    text = parts[part].decode()
    assert old in text
    parts[part] = text.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def column(path, **more):
    return read_xlsx(path, **more).table.column(0).to_pylist()


def test_each_kind_of_cell_has_its_text(tmp_path):
    moment = datetime.datetime.fromisoformat("2024-02-29T13:05:09")
    expected = {
        "007": "007", 7: "7", 0.1: "0.1", 5.0: "5", -2.5: "-2.5", True: "true", moment.date(): "2024-02-29",
        moment: "2024-02-29T13:05:09", moment.time(): "13:05:09", " x ": " x ", 'a"b\n': 'a"b\n',
        "1850-01-02": "1850-01-02",
    }  # fmt: skip
    path = book(tmp_path / "t.xlsx", [["x"], *([value] for value in expected)])
    assert column(path) == list(expected.values())


def test_whole_numbers_keep_all_digits_of_the_file(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x"], [1]])
    assert column(changed(path, SHEET, "<v>1</v>", "<v>12345678901234567890</v>")) == ["12345678901234567890"]


def test_a_blank_row_of_the_only_column_is_a_missing_value(tmp_path):
    assert column(book(tmp_path / "t.xlsx", [["x"], [1], [], [2]])) == ["1", None, "2"]


def test_an_empty_cell_is_missing(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x", "y"], [1, None], [None, 2], [3, 4]])
    assert read_xlsx(path).table.to_pydict() == {"x": ["1", None, "3"], "y": [None, "2", "4"]}


def test_numbers_shown_with_leading_zeros_keep_them(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x"], [7], [12345]], formats=[("A2", "00000"), ("A3", "000")])
    assert column(path) == ["00007", "12345"]


def test_blank_rows_at_the_end_and_cells_with_only_a_format_are_nothing(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x"], [1]], formats=[("A9", "0.00"), ("C2", "0.00")])
    assert column(path) == ["1"]


def test_without_a_header_columns_are_numbered_and_may_grow(tmp_path):
    path = book(tmp_path / "t.xlsx", [[1], [2, 3]])
    assert read_xlsx(path, header=False).table.to_pydict() == {
        "column 1": ["1", "2"],
        "column 2": [None, "3"],
    }


def test_a_sheet_is_chosen_by_name_never_by_luck(tmp_path):
    made = Workbook()
    made.active.append(["x"])
    made.active.append([1])
    made.create_sheet("Other").append(["y"])
    made["Other"].append([2])
    made.create_sheet("None")
    made.save(tmp_path / "t.xlsx")
    with pytest.raises(ManySheetsError, match="Sheet, Other"):
        read_xlsx(tmp_path / "t.xlsx")
    read = read_xlsx(tmp_path / "t.xlsx", "Other")
    assert (read.sheet, read.table.to_pydict()) == ("Other", {"y": ["2"]})
    with pytest.raises(NoSuchSheetError):
        read_xlsx(tmp_path / "t.xlsx", "other")
    with pytest.raises(EmptySheetError):
        read_xlsx(tmp_path / "t.xlsx", "None")


@pytest.mark.parametrize(
    ("rows", "error", "values"),
    [
        ([["x", "x"], [1, 2]], DuplicateHeaderError, {"first": 1, "second": 2, "name": "x"}),
        ([["x", None, "y"], [1, 2, 3]], EmptyHeaderError, {"column": 2}),
        ([["x", " "], [1, 2]], EmptyHeaderError, {"column": 2}),
        ([["x"], [1, 2]], EmptyHeaderError, {"column": 2}),
        ([["x", "y"], [1, 2], [], [2]], BlankSheetRowError, {"sheet": "People", "row": 3}),
        ([[], ["x"], [1]], BlankSheetRowError, {"sheet": "People", "row": 1}),
        ([["x"]], NoRowsError, {}),
        ([], EmptySheetError, {"what": "Sheet", "name": "People"}),
        ([["x"], [1], ["#N/A"]], ErrorCellError, {"sheet": "People", "row": 3, "column": 1}),
        ([["x"], ["=1+1"]], FormulaWithoutValueError, {"sheet": "People", "row": 2, "column": 1}),
    ],
)
def test_what_is_no_plain_table_is_refused_by_place(tmp_path, rows, error, values):
    with pytest.raises(error) as caught:
        read_xlsx(book(tmp_path / "t.xlsx", rows))
    assert caught.value.values == values


def test_the_stored_result_of_a_formula_is_taken_and_counted(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x"], ["=1+1"], [3]])
    path = changed(
        path,
        SHEET,
        "<v></v>" if "<v></v>" in zipfile.ZipFile(path).read(SHEET).decode() else "<v />",
        "<v>2</v>",
    )
    read = read_xlsx(path)
    assert (read.table.to_pydict(), read.formulas) == ({"x": ["2", "3"]}, 1)


def test_merged_cells_in_the_table_are_refused_and_beside_it_no_matter(tmp_path):
    made = Workbook()
    sheet = made.active
    for row in (["x", "y"], [1, 2], [3, 4]):
        sheet.append(row)
    sheet.merge_cells("D1:F9")
    made.save(tmp_path / "t.xlsx")
    assert read_xlsx(tmp_path / "t.xlsx").table.num_rows == 2
    sheet.merge_cells("A2:A3")
    made.save(tmp_path / "t.xlsx")
    with pytest.raises(MergedCellsError) as caught:
        read_xlsx(tmp_path / "t.xlsx")
    assert caught.value.values == {"sheet": "Sheet", "row": 2, "column": 1}


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("<v>1</v>", "<v>1e999</v>", BadCellError),
        ("<v>1</v>", "<v>1_0.5</v>", BadCellError),
        ("<v>1</v>", "<v>one</v>", BadCellError),
        ('r="A2"', 'r="XFE2"', DamagedFileError),
        ('r="A2"', 'r="B3"', BadCellError),
        ('t="n"><v>1', 't="s"><v>1', BadCellError),
        ('<row r="2"', '<row r="99999999"', BadCellError),
        ('<row r="2"', '<row r="1048576"', BadCellError),
        ('<row r="2"', '<row r="1"', BadCellError),
        ("<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', DamagedFileError),
        ("<sheetData>", "<a>" * 70 + "<sheetData>", DamagedFileError),
        ("</worksheet>", "", DamagedFileError),
    ],
)
def test_a_sheet_that_lies_is_refused(tmp_path, old, new, error):
    path = book(tmp_path / "t.xlsx", [["x"], [1]])
    with pytest.raises(error):
        read_xlsx(changed(path, SHEET, old, new))


def test_a_cell_far_away_costs_nothing(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x"], [1]])
    made = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(BlankSheetRowError) as caught:
        read_xlsx(changed(path, SHEET, "</sheetData>", made))
    assert caught.value.values["row"] == 3


def archive(path, parts, **more):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return path


def test_archives_that_are_no_workbook_are_told_apart(tmp_path):
    path = tmp_path / "t.xlsx"
    with pytest.raises(NotThatFormatError):
        read_xlsx(archive(path, {"a.txt": "x"}))
    with pytest.raises(UnsupportedFormatError):
        read_xlsx(archive(path, {"content.xml": "x"}))
    with pytest.raises(UnsupportedFormatError):
        read_xlsx(archive(path, {"xl/workbook.bin": "x"}))
    with pytest.raises(MacroFileError):
        read_xlsx(archive(path, {"xl/vbaProject.bin": "x"}))
    path = book(tmp_path / "t.xlsm", [["x"], [1]])
    with pytest.raises(MacroFileError):
        read_xlsx(changed(path, "[Content_Types].xml", "sheet.main+xml", "sheet.macroEnabled.main+xml"))


def test_an_encrypted_part_is_a_password(tmp_path):
    path = archive(tmp_path / "t.xlsx", {"a.txt": "x"})
    raw = bytearray(path.read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(sign) + place] |= 1
    path.write_bytes(raw)
    with pytest.raises(ProtectedFileError):
        read_xlsx(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = archive(tmp_path / "t.xlsx", {"[Content_Types].xml": bytes(bounds.FREE_UNPACKED + 1)})
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(xlsx_package, "feed", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(PackedTooTightError):
        read_xlsx(path)
    monkeypatch.setattr(archive_bounds, "MOST_UNPACKED", 1000)
    with pytest.raises(TooLargeError):
        read_xlsx(path)


def test_a_part_that_unpacks_to_more_than_it_says_is_damaged(tmp_path):
    path = book(tmp_path / "t.xlsx", [["x"], *([n] for n in range(2000))])
    with zipfile.ZipFile(path) as opened:
        size = opened.getinfo(SHEET).file_size
    raw = path.read_bytes().replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little"))
    path.write_bytes(raw)
    with pytest.raises(DamagedFileError):
        read_xlsx(path)


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("yyyy-mm-dd", Meaning.DATE), ("d/m/yy h:mm", Meaning.MOMENT), ("hh:mm:ss", Meaning.TIME),
        ("mmm", Meaning.DATE),
        ("[$-409]d\\-mmm\\-yy;@", Meaning.DATE), ("General", Meaning.NUMBER), ('0.0" days"', Meaning.NUMBER),
        ("[Red]0.00", Meaning.NUMBER), ("[h]:mm", Meaning.NUMBER), ("0.00E+00", Meaning.NUMBER),
        ("#,##0\\ h", Meaning.TIME),
    ],
)  # fmt: skip
def test_a_format_tells_what_a_number_means(code, meaning):
    assert kind_of(code).meaning is meaning


def test_the_formats_that_need_no_declaration_mean_the_same_as_if_declared():
    for number, code in BUILTIN_FORMATS.items():
        if number < 50 and not re.search(r"\[h\]", code):
            assert builtin_kind(number) == kind_of(code), code


@pytest.mark.parametrize(
    ("serial", "from_1904", "text"),
    [
        ("1", False, "1900-01-01"), ("59", False, "1900-02-28"), ("60", False, "1900-02-29"),
        ("61", False, "1900-03-01"),
        ("45351", False, "2024-02-29"), ("2958465", False, "9999-12-31"), ("0", True, "1904-01-01"),
        ("43889", True, "2024-02-29"), ("45351.5", False, "2024-02-29T12:00:00"),
    ],
)  # fmt: skip
def test_serial_dates_count_as_the_spreadsheet_does(serial, from_1904, text):
    assert text_of_number(serial, builtin_kind(14), from_1904=from_1904) == text


@pytest.mark.parametrize("serial", ["-1", "2958466", "nan", "0", "x"])
def test_a_serial_that_is_no_date_is_refused(serial):
    with pytest.raises(ValueError):  # noqa: PT011  # the reader names the place
        text_of_number(serial, builtin_kind(14), from_1904=False)


values = (
    st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300)
    | st.booleans()
    | st.dates(datetime.date(1900, 3, 1))
    | st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_=#\ufffe\uffff"), min_size=1
    )
)


def expected_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(values, values), min_size=1, max_size=8))
def test_a_table_comes_back_from_a_workbook(tmp_path_factory, rows):
    path = book(tmp_path_factory.mktemp("t") / "t.xlsx", [["x", "y"], *rows])
    found = read_xlsx(path).table
    back = list(zip(found.column("x").to_pylist(), found.column("y").to_pylist(), strict=True))
    for row, texts in zip(rows, back, strict=True):
        for value, text in zip(row, texts, strict=True):
            if isinstance(value, float):
                assert float(text) == float(f"{value:.16g}")  # openpyxl writes no more digits
            else:
                assert text == expected_text(value)
