"""Tables on paper: under a number and a title, the head on every page, above caption and sources."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from ppdesk.core.section import Table
from ppdesk.report.cited import Source
from ppdesk.report.layout.columns import is_short_hash, widths
from ppdesk.report.layout.marks import OneLine
from ppdesk.report.layout.origins import source_line
from ppdesk.report.layout.setting import Setting
from ppdesk.report.layout.styles import PAD, bound, colour, is_plain, markup, mono
from ppdesk.report.typeface import printable

_LONG_TEXT = 700  # letters: a cell of that many may break over two pages
_ONE_LINE = 120  # letters
_KEPT = 0.22  # of the page's height: a table up to this is not torn
_LONE = 2  # rows that are never left alone at either side of a break


def table(block: Table, label: str, sources: Sequence[Source], setting: Setting) -> Iterator[Any]:
    """A table. The head is repeated on each page; a row that is too tall breaks."""
    from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph, Spacer

    heading = Paragraph(markup(titled(label, block.title, setting)), setting.styles.label)
    grid = _grid(block, setting)
    caption = [Paragraph(markup(block.caption), setting.styles.caption)] if block.caption else []
    tail = [*caption, *source_line(sources, setting), Spacer(1, 8 * setting.styles.scale)]
    if len(block.rows) <= 60 and grid.wrap(setting.width, setting.height)[1] < _KEPT * setting.height:
        yield KeepTogether([heading, grid, *tail])
        return
    grid.below = sum(one.wrap(setting.width, setting.height)[1] + one.getSpaceBefore() for one in tail[:-1])
    yield CondPageBreak(110)  # number, title, head and some rows; a long table starts where it stands
    yield heading
    yield grid
    yield from tail


def titled(label: str, title: str, setting: Setting) -> str:
    """``Table 1: Limits``; what is missing of both is left out."""
    if label and title:
        return setting.say("{label}: {title}", label=label, title=title)
    return label or title


@cache
def _rows() -> type[Any]:
    """ReportLab's table, whose last rows go to the next page with what stands below it, and that is torn once
    on a page, not inside its next row a second time, under another head."""
    from reportlab.platypus import Table as Grid

    class Rows(Grid):  # type: ignore[misc]  # ReportLab has no types
        below = 0.0  # pt: the height of caption and sources
        left = -1.0  # pt: what was left of a page when this part of a table was torn off
        _least = 2 * _LONE + 1  # rows that a table has which is torn for them

        def wrap(self, width: float, height: float) -> tuple[float, float]:
            across, high = super().wrap(width, height)
            torn = self._lonely(high, height) or self._torn_here(height)
            return across, (height + 1 if torn else high)

        def split(self, width: float, height: float) -> list[Any]:
            if self._torn_here(height):
                return []
            high = super().wrap(width, height)[1]
            room = height
            if self._lonely(high, height):
                height = high - sum(self._rowHeights[-_LONE:])
            parts: list[Any] = super().split(width, height)
            if parts:
                parts[-1].below = self.below
                parts[-1].left = room - parts[0].wrap(width, room)[1]
            return parts

        def _torn_here(self, room: float) -> bool:
            """Whether `room` is what was left of the page on which this part was torn off."""
            return abs(room - self.left) < 1

        def _lonely(self, high: float, room: float) -> bool:
            """Whether the table fits, but not with what stands below it."""
            return high <= room < high + self.below and self._nrows > self._least + self.repeatRows

    return Rows


def _grid(block: Table, setting: Setting) -> Any:
    from reportlab.platypus import Paragraph

    styles, right, count = setting.styles, set(block.right), max(1, len(block.header))
    headed = any(text.strip() for text in block.header)
    header = [
        Paragraph(markup(text), styles.head_right if place in right else styles.head)
        for place, text in enumerate(block.header)
    ]
    across = widths(block.header or [""], block.rows, setting.width, PAD, right, scale=styles.scale)
    looks = [styles.cell_right if place in right else styles.cell for place in range(count)]
    rows = [
        [
            _set(text, looks[place], across[place] - 2 * PAD) if text else ""
            for place, text in enumerate([*row, *([""] * count)][:count])
        ]
        for row in block.rows
    ]
    first = int(headed)
    whole = [header, *rows] if headed else rows or [[""] * count]
    lone = len(whole) > first + 2 * _LONE
    return _rows()(
        whole,
        colWidths=across,
        repeatRows=first,
        splitInRow=int(any(len(text) > _LONG_TEXT for row in block.rows for text in row)),
        hAlign="LEFT",
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), colour("sunken"))
            if headed
            else ("LINEABOVE", (0, 0), (-1, 0), 0.6, colour("line")),
            ("LINEBELOW", (0, first), (-1, -1), 0.6, colour("line")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5 * styles.scale),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5 * styles.scale),
            *([("NOSPLIT", (0, -_LONE), (-1, -1))] if lone else []),
        ],
    )


def _set(text: str, style: Any, room: float) -> Any:
    """A cell's words: plain ones that fit on a line go the short way."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.platypus import Paragraph

    if len(text) <= _ONE_LINE and is_plain(text):
        plain = bound(printable(text)).strip()
        if stringWidth(plain, style.fontName, style.fontSize) <= room:
            return OneLine(plain, style)
    return Paragraph(cell(text), style)


def cell(text: str) -> str:
    """A cell's markup: short hashes, which the document writes in groups of 4, are set in mono."""
    if is_short_hash(text):
        return mono(text)
    return "<br/>".join(markup(line) for line in text.splitlines())
