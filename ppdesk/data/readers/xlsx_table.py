"""Read one sheet of an Excel workbook, cell by cell, without holding the sheet."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.data.bounds import MOST_COLUMNS, MOST_OBJECTS, check_size, check_text
from ppdesk.data.errors import (
    BadCellError,
    BlankSheetRowError,
    DamagedFileError,
    EmptyHeaderError,
    EmptySheetError,
    ErrorCellError,
    FormulaWithoutValueError,
    ManySheetsError,
    MergedCellsError,
    NoRowsError,
    NoSuchSheetError,
)
from ppdesk.data.readers.headers import check_names, numbered
from ppdesk.data.readers.xlsx_numbers import PLAIN, text_of_number
from ppdesk.data.readers.xlsx_package import DAMAGE, WHAT, Package, Sheet
from ppdesk.data.readers.xlsx_workbook import Workbook, read_workbook, unescaped

if TYPE_CHECKING:
    import pyarrow as pa

_AT_ONCE = 20_000  # rows
_MOST_ROWS = 1_048_576  # of a sheet
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class SheetRead:
    """A table of strings, the sheet's name, and how many of its values are results of formulas."""

    table: "pa.Table"
    sheet: str
    formulas: int


def read_xlsx(
    path: Path, sheet: str = "", *, header: bool = True, cancelled: Callable[[], bool] = lambda: False
) -> SheetRead:
    """The sheet called `sheet`, or the only one. Values as in `cell_text`; an empty cell is null.

    The table begins in cell A1. Blank rows at the end and blank columns at the right are not part of it.
    """
    with Package(path) as package:
        try:
            book = read_workbook(package, cancelled)
            chosen = _choose(book, sheet)
            rows = _Rows(chosen.name, header=header)
            cells = _Cells(book, rows)
            package.parse(
                chosen.part,
                start=cells.start,
                end=cells.end,
                text=cells.text,
                cancelled=cancelled,
                whole=False,
            )
        except DAMAGE:
            raise DamagedFileError(what=WHAT) from None
    return SheetRead(rows.table(), chosen.name, cells.formulas)


def _choose(book: Workbook, name: str) -> Sheet:
    names = ", ".join(sheet.name[:60] for sheet in book.sheets[:20]) or "none"
    if name:
        found = [sheet for sheet in book.sheets if sheet.name == name]
        if not found:
            raise NoSuchSheetError(what="sheet", names=names)
        return found[0]
    if not book.sheets:
        raise NoSuchSheetError(what="sheet", names=names)
    if len(book.sheets) > 1:
        raise ManySheetsError(what="sheet", names=names)
    return book.sheets[0]


def _at(place: str) -> tuple[int, int]:
    """(row, column) of a cell such as AB12. ValueError where it is none."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    row = int(found.group(2))
    if row > _MOST_ROWS or column > MOST_COLUMNS:
        raise ValueError
    return row, column


class _Rows:
    """Rows of texts become columns of Arrow, a batch at a time."""

    def __init__(self, sheet: str, *, header: bool) -> None:
        self.sheet, self._header = sheet, header
        self._names: list[str] | None = None
        self._pending: list[dict[int, str]] = []
        self._batches: list[tuple[int, list[pa.Array]]] = []
        self._width = self._done = self._size = 0
        self.last = 0  # the last row that is not blank

    @property
    def width(self) -> int:
        return self._width

    def add(self, row: int, cells: dict[int, str]) -> None:
        """`cells` of `row` by column, from 1. Rows come in order."""
        if not cells:
            return
        if self._width == 1 and max(cells) == 1:  # a blank row is a missing value, as in CSV
            self._pending.extend({} for _ in range(self.last + 1, row))
        elif row != self.last + 1:
            raise BlankSheetRowError(sheet=self.sheet, row=self.last + 1)
        self.last = row
        widest = max(cells)
        if self._header and self._names is None:
            names = [cells.get(column, "") for column in range(1, widest + 1)]
            check_names(names)
            self._names, self._width = names, widest
            return
        if self._header and widest > self._width:
            raise EmptyHeaderError(column=widest)
        self._width = max(self._width, widest)
        self._pending.append(cells)
        if len(self._pending) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        some, self._pending = self._pending, []
        self._done += len(some)
        check_size(self._done, self._width, most_cells=MOST_OBJECTS)
        columns = [
            pa.array([cells.get(column) for cells in some], pa.string())
            for column in range(1, self._width + 1)
        ]
        self._size += sum(column.nbytes for column in columns)
        check_text(self._size)
        self._batches.append((len(some), columns))

    def table(self) -> "pa.Table":
        import pyarrow as pa

        if self.last == 0:
            raise EmptySheetError(what="Sheet", name=self.sheet)
        self._flush()
        if self._done == 0:
            raise NoRowsError()
        columns = [
            pa.chunked_array(
                [
                    batch[at] if at < len(batch) else pa.nulls(rows, pa.string())
                    for rows, batch in self._batches
                ],
                pa.string(),
            )
            for at in range(self._width)
        ]
        return pa.table(columns, names=self._names or numbered(self._width))


class _Cells:
    """The elements of a sheet: sheetData > row > c > (f, v, is > t), and mergeCell after them."""

    def __init__(self, book: Workbook, rows: _Rows) -> None:
        self._book, self._rows = book, rows
        self._sheet = rows.sheet
        self._row = self._column = 0
        self._cells: dict[int, str] = {}
        self._inside: list[str] = []
        self._style = self._type = ""
        self._has_formula = False
        self._value: list[str] | None = None
        self._inline: list[str] | None = None
        self.formulas = 0

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self._inside.append(element)
        if element == "c":
            self._open_cell(attributes)
        elif element == "v":
            self._value = []
        elif element == "t" and "is" in self._inside:
            self._inline = self._inline if self._inline is not None else []
        elif element == "f":
            self._has_formula = "c" in self._inside
        elif element == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            if not self._rows.last < self._row <= _MOST_ROWS:
                raise self._bad()
            self._column, self._cells = 0, {}
        elif element == "mergeCell":
            self._merged(attributes["ref"])

    def text(self, piece: str) -> None:
        inside = self._inside
        if inside[-1] == "v" and self._value is not None:
            self._value.append(piece)
        elif inside[-1] == "t" and self._inline is not None and "rPh" not in inside:
            self._inline.append(piece)

    def end(self, element: str) -> None:
        self._inside.pop()
        if element == "c":
            self._close_cell()
        elif element == "row":
            self._rows.add(self._row, self._cells)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        previous = self._column
        if place is None:
            row, self._column = self._row, previous + 1
        else:
            row, self._column = _at(place)
        if row != self._row or not previous < self._column <= MOST_COLUMNS:
            raise self._bad()
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._has_formula, self._value, self._inline = False, None, None

    def _close_cell(self) -> None:
        place: dict[str, str | int] = {"sheet": self._sheet, "row": self._row, "column": self._column}
        if self._type == "e":
            raise ErrorCellError(**place)
        raw = "".join(self._value) if self._value is not None else None
        if self._has_formula:
            if raw is None or (not raw and self._type != "str"):
                raise FormulaWithoutValueError(**place)
            self.formulas += 1
        if self._type == "inlineStr":
            raw = "".join(self._inline) if self._inline is not None else None
        if raw is None or (not raw and self._type not in ("str", "inlineStr")):
            return
        try:
            text = self._text_of(raw)
        except (ValueError, IndexError):
            raise self._bad() from None
        if "\0" in text:
            raise self._bad()
        self._cells[self._column] = text

    def _text_of(self, raw: str) -> str:
        if self._type == "n":
            kind = self._book.kinds[int(self._style)] if self._style and self._book.kinds else PLAIN
            return text_of_number(raw, kind, from_1904=self._book.from_1904)
        if self._type == "s":
            number = int(raw)
            if number < 0:
                raise ValueError
            return self._book.texts[number]
        if self._type == "b":
            return {"0": "false", "1": "true", "false": "false", "true": "true"}.get(
                raw.strip()
            ) or _refused()
        if self._type == "d":
            return raw.strip()
        return unescaped(raw) if self._type in ("str", "inlineStr") else _refused()

    def _merged(self, ref: str) -> None:
        first, _, last = ref.replace("$", "").partition(":")
        (top, left), (bottom, right) = _at(first), _at(last or first)
        if (top, left) != (bottom, right) and top <= self._rows.last and left <= self._rows.width:
            raise MergedCellsError(sheet=self._sheet, row=top, column=left)

    def _bad(self) -> BadCellError:
        return BadCellError(sheet=self._sheet, row=self._row, column=self._column)


def _refused() -> str:
    raise ValueError
