"""The result of the page that is shown, on paper or as a PDF: words, key figures, tables, charts.

It is a working copy for a person's own use: unsigned, with the project's name, the event and the day in its
foot. What is handed on is the signed report.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QWidget

from ppdesk.core.palette import LIGHT
from ppdesk.core.section import Answer, Block, Figures, Plot, Section, Table, Words
from ppdesk.gui.dialogs.base import ErrorDialog
from ppdesk.gui.errors import NotWrittenError
from ppdesk.gui.language import tr
from ppdesk.gui.look import font
from ppdesk.gui.saving import Saver
from ppdesk.gui.spoken_blocks import spoken

if TYPE_CHECKING:
    from ppdesk.gui.project import Project
    from ppdesk.workbench.session import Session

_WIDE = 640  # px of the text on paper, at 96 dots an inch
_FOOT = 28  # px
_DOTS = 96  # an inch
_HEADING = 2  # level of the heads of blocks


class Printing(QObject):
    """Puts the last result of a step on paper. `said` tells what came of it."""

    said = Signal(str)

    def __init__(
        self, window: QWidget, project: "Project", saver: Saver, shown: Callable[[], tuple[str, int] | None]
    ) -> None:
        """`shown`: title and event of the result that is on the screen; None where there is none."""
        super().__init__(window)
        self._window, self._project, self._saver, self._shown = window, project, saver, shown

    def print_out(self) -> None:
        """Ask for a printer, and print."""
        self._compose(self._ask_printer)

    def save(self) -> None:
        """Ask for a file, and write a PDF."""
        self._compose(self._ask_file)

    def _compose(self, then: Callable[[str, QTextDocument, str], None]) -> None:
        """Make the document on the way there and back, then do `then` with title, document and foot."""
        shown, snapshot = self._shown(), self._project.snapshot
        if shown is None or snapshot is None:
            self.said.emit(tr("There is no result to print on this page"))
            return
        self.said.emit(tr("Making the document"))
        title, seq = shown
        foot = tr(
            "{project}, event {event}. Printed {day}, not signed.",
            project=snapshot.name,
            event=seq,
            day=f"{datetime.now(UTC):%Y-%m-%d}",
        )

        def work(session: "Session") -> tuple[Section, list[bytes]]:
            from ppdesk.workbench.saving import figure_file

            section = session.section(seq)
            charts = [figure_file(session, one, "png") for one in section.blocks if isinstance(one, Plot)]
            return section, charts

        def done(found: tuple[Section, list[bytes]]) -> None:
            then(title, document(title, found[0].blocks, found[1]), foot)

        self._project.ask(work, done, lambda error: ErrorDialog(self._window, error).open())

    def _ask_printer(self, title: str, made: QTextDocument, foot: str) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # loads the system's printing

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(title)
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle(tr("Print"))
        if dialog.exec():
            put_on(printer, made, foot)
            self.said.emit(tr("Sent to the printer"))

    def _ask_file(self, title: str, made: QTextDocument, foot: str) -> None:
        path = self._saver.ask_path(title, "pdf")
        if path is None:
            return
        if write_pdf(path, title, made, foot):
            self.said.emit(tr("Saved {file}", file=path.name))
        else:
            error = NotWrittenError(file=path.name, reason="the file cannot be written")
            ErrorDialog(self._window, error).open()


def document(title: str, blocks: Sequence[Block], charts: Sequence[bytes]) -> QTextDocument:
    """The blocks one below the other; `charts`: a PNG for each plot, in their order."""
    made = QTextDocument()
    made.setDefaultFont(font("body"))
    pictures = iter(charts)
    body = [f"<h1>{escape(title)}</h1>"]
    for at, block in enumerate(blocks):
        said = spoken(block)
        if isinstance(said, Plot):
            image = QImage.fromData(next(pictures))
            made.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"chart:{at}"), image)
            body.append(f"<h2>{escape(said.title)}</h2><img src='chart:{at}' width='{_WIDE}'>")
            body.append(f"<p class='note'>{escape(said.caption)}</p>")
        else:
            body.append(_html(said))
    made.setDefaultStyleSheet(
        f"h1 {{ font-size: 20px; }} h2 {{ font-size: 14px; margin-top: 14px; }}"
        f" .note {{ color: {LIGHT.text3}; }} th {{ background: {LIGHT.sunken}; text-align: left; }}"
    )
    made.setHtml("".join(body))
    return made


def _html(block: Block) -> str:
    """Everything a block says, as plain text in markup of our own."""
    if isinstance(block, Words):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Figures):
        rows = [(one.label, one.value, one.note) for one in block.items]
        return _rows((), rows, right=(1,))
    if isinstance(block, Table):
        note = f"<p class='note'>{escape(block.caption)}</p>" if block.caption else ""
        return f"<h2>{escape(block.title)}</h2>{_rows(block.header, block.rows, block.right)}{note}"
    assert isinstance(block, Answer)  # noqa: S101  charts are made elsewhere
    said = escape(block.text or tr("Nobody has answered yet."))
    return f"<h2>{escape(block.question)}</h2><p>{said}</p><p class='note'>{escape(block.by)}</p>"


def _rows(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    def cell(tag: str, at: int, words: str) -> str:
        return f"<{tag} align='{'right' if at in right else 'left'}'>{escape(words)}</{tag}>"

    heads = "".join(cell("th", at, words) for at, words in enumerate(header))
    lines = "".join(
        f"<tr>{''.join(cell('td', at, words) for at, words in enumerate(row))}</tr>" for row in rows
    )
    head = f"<thead><tr>{heads}</tr></thead>" if any(header) else ""
    return f"<table width='100%' cellpadding='4' cellspacing='0' border='0'>{head}{lines}</table>"


def write_pdf(path: Path, title: str, made: QTextDocument, foot: str) -> bool:
    """Write the document as a PDF on A4; whether that worked."""
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setCreator("ppdesk")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(15, 15, 15, 15),
            QPageLayout.Unit.Millimeter,
        )
    )
    return put_on(writer, made, foot)


def _keep_headings(made: QTextDocument, high: float) -> None:
    """A heading goes to the page of what stands below it."""
    cursor = QTextCursor(made)
    block = made.begin()
    while block.isValid():
        below = block.next()
        if block.blockFormat().headingLevel() == _HEADING and below.isValid():
            layout = made.documentLayout()
            ends = [int((layout.blockBoundingRect(one).bottom() - 1) // high) for one in (block, below)]
            tall = layout.blockBoundingRect(below).height()
            if ends[0] != ends[1] and tall < high:
                cursor.setPosition(block.position())
                form = QTextBlockFormat()
                form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                cursor.mergeBlockFormat(form)
        block = below


def put_on(device: QPagedPaintDevice, made: QTextDocument, foot: str) -> bool:
    """Paint the pages of a document with a foot on each; whether the device could be begun with."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    scale = device.logicalDpiX() / _DOTS
    area = device.pageLayout().paintRectPixels(device.logicalDpiX())
    wide, high = area.width() / scale, area.height() / scale - _FOOT
    made.setPageSize(QSizeF(wide, high))
    _keep_headings(made, high)
    pages = made.pageCount()
    for page in range(pages):
        if page:
            device.newPage()
        painter.save()
        painter.scale(scale, scale)
        painter.setFont(font("caption"))
        number = tr("Page {page} of {pages}", page=page + 1, pages=pages)
        place = QRectF(0, high + 6, wide, _FOOT - 6)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft, foot)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, number)
        painter.translate(0, -page * high)
        made.drawContents(painter, QRectF(0, page * high, wide, high))
        painter.restore()
    painter.end()
    return True
