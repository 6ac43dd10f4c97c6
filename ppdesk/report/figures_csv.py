"""figures.csv: every number of the document's tables and figures, one a line, for spreadsheets.

RFC 4180 in UTF-8: the label as paper has it, title, row, column, the text as printed. A table or figure
begins with a line of its own that says where its values come from (events, pointers): to repeat it on each
line would make a long table's file grow with its square. Of a figure each value that it draws is a line. A
cell that a spreadsheet would read as a formula begins with an apostrophe.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from ppdesk.core.canonical import Json, canonical
from ppdesk.core.section import Block, Figures, Plot, Table
from ppdesk.report.cited import BUDGET, Source
from ppdesk.report.document import Attachment, Document
from ppdesk.report.items import blocks_of

NAME = "figures.csv"
HEADER = ("label", "title", "row", "column", "text", "events", "pointers")
_FORMULA = re.compile(
    r"'*[\x00-\x20\x7f\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]"
)  # see release.table


def figures_csv(document: Document) -> Attachment:
    """The attachment for `document`. The same document gives the same bytes."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for _, block, label, sources in blocks_of(document):
        events = " ".join(dict.fromkeys(_event(one) for one in sources))
        pointers = " ".join(f"{_event(one)}:{one.pointer}" for one in sources)
        cells = list(_cells(block))
        if cells and sources:
            writer.writerow([*map(_safe, (label, cells[0][0], "", "", "")), events, pointers])
        for title, row, column, text in cells:
            writer.writerow([*map(_safe, (label, title, row, column, text)), "", ""])
    return Attachment(NAME, "text/csv", out.getvalue().encode(), "Every number of the tables and figures")


def _cells(block: Block) -> Iterator[tuple[str, str, str, str]]:
    """(title, row, column, text) of each number."""
    if isinstance(block, Table):
        for number, row in enumerate(block.rows, 1):
            for column, text in enumerate(row):
                header = block.header[column] if column < len(block.header) else ""
                yield block.title, str(number), header, text
    elif isinstance(block, Figures):
        for number, item in enumerate(block.items, 1):
            yield item.label, str(number), "", item.value
            if item.note:
                yield item.label, str(number), "note", item.note
    elif isinstance(block, Plot):
        for pointer, value in _leaves(block.values, ""):
            yield block.title, pointer, "", value


def _leaves(value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of each plain value inside `value`."""
    if isinstance(value, Mapping):
        for name, one in sorted(value.items()):  # evidence has its members in another order
            yield from _leaves(one, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, one in enumerate(value):
            yield from _leaves(one, f"{pointer}/{number}")
    else:
        yield pointer, value if isinstance(value, str) else canonical(value).decode()


def _event(source: Source) -> str:
    return "budget" if source.event == BUDGET else str(source.event)


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
