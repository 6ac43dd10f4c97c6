"""A table that is shown, as a file for a spreadsheet: CSV, or a workbook of one sheet (XLSX).

Both are guarded against formulas as a release is (see `release.table`). The CSV begins with a byte order
mark, since spreadsheets read signs such as the epsilon wrongly without one. The workbook (ECMA-376, part 1)
holds texts as texts, which no program runs, and numbers as numbers; it has no macro, no link and no author.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ppdesk.release.errors import TooManyRowsError
from ppdesk.release.table import Delimiter, csv_lines, guarded

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 1_048_575  # of a sheet, besides its head
_CHUNK = 10_000  # rows turned into text at once
_NUMBER = re.compile(r"[-\u2212]?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d{0,14})(\.\d{1,14})?")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same table gives the same bytes
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPENXML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_OPENXML}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OPENXML}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
}


def of_cells(header: Sequence[str], rows: Sequence[Sequence[str]]) -> "pa.Table":
    """Worded cells as a table of texts. Heads may be empty or alike."""
    import pyarrow as pa

    columns = [pa.array([str(row[at]) for row in rows], pa.string()) for at in range(len(header))]
    return pa.Table.from_arrays(columns, names=[str(one) for one in header])


def csv_sheet(table: "pa.Table") -> bytes:
    """The table as CSV in the order in which it is shown, parted by commas (RFC 4180)."""
    lines = csv_lines(table, Delimiter.COMMA)
    return b"\xef\xbb\xbf" + ("\r\n".join(lines) + "\r\n").encode()


def xlsx_sheet(table: "pa.Table", name: str, numbers: Collection[int] = ()) -> bytes:
    """The table as a workbook with one sheet, `name`. Cells of the columns `numbers` that are plain numbers
    are written as such. TooManyRowsError."""
    if table.num_rows > MOST_ROWS:
        raise TooManyRowsError(rows=table.num_rows, most=MOST_ROWS)
    out = BytesIO()
    title = escape(_SHEET_NAME.sub(" ", _NO_XML.sub("", name))[:31].strip() or "Table", {'"': "&quot;"})
    workbook = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
        f'<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for part, text in {**_PARTS, "xl/workbook.xml": workbook}.items():
            archive.writestr(_part(part), _XML + text)
        with archive.open(_part("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for line in _lines(table, frozenset(numbers)):
                sheet.write(line.encode())
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _part(name: str) -> ZipInfo:
    made = ZipInfo(name, _WHEN)
    made.compress_type = ZIP_DEFLATED
    return made


def _lines(table: "pa.Table", numbers: Collection[int]) -> Iterator[str]:
    """The rows of the sheet as XML, the head first."""
    import pyarrow as pa

    head, _ = guarded(pa.chunked_array([pa.array(table.column_names, pa.string())]))
    yield _row(head.to_pylist(), ())
    for start in range(0, table.num_rows, _CHUNK):
        part = table.slice(start, _CHUNK)
        columns = [guarded(column)[0].to_pylist() for column in part.columns]
        for cells in zip(*columns, strict=True):
            yield _row(cells, numbers)


def _row(cells: Sequence[str], numbers: Collection[int]) -> str:
    written = []
    for at, cell in enumerate(cells):
        if at in numbers and _NUMBER.fullmatch(cell):
            number = cell.replace(",", "").replace("\N{MINUS SIGN}", "-")
            written.append(f"<c><v>{number}</v></c>")
        else:
            text = escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", cell))
            written.append(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
    return f"<row>{''.join(written)}</row>"
