"""The pages of the preview on paper. They say themselves that they are a draft and not signed."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPagedPaintDevice, QPainter
from PySide6.QtWidgets import QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.project import Project

if TYPE_CHECKING:
    from ppdesk.core.errors import CodedError
    from ppdesk.workbench.session import Session

_SCALE = 3.0  # pixels a point: 216 dots an inch


def print_pages(owner: QWidget, project: Project, count: int, failed: "Callable[[CodedError], None]") -> None:
    """Draw the `count` pages of the last preview finely, ask for a printer, and print."""

    def work(session: "Session") -> list[bytes]:
        return [session.page(number, _SCALE).image for number in range(1, count + 1)]

    def done(pages: list[bytes]) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # loads the system's printing

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(tr("Report, not signed"))
        dialog = QPrintDialog(printer, owner)
        dialog.setWindowTitle(tr("Print"))
        if dialog.exec():
            put_on(printer, pages)

    project.ask(work, done, failed)


def put_on(device: QPagedPaintDevice, pages: Sequence[bytes]) -> bool:
    """Paint each page (PNG) as large as the paper has room; whether the device could be begun with."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    for at, page in enumerate(pages):
        if at:
            device.newPage()
        image = QImage.fromData(page)
        room = painter.viewport()
        scale = min(room.width() / image.width(), room.height() / image.height())
        wide, high = image.width() * scale, image.height() * scale
        painter.drawImage(QRectF((room.width() - wide) / 2, 0, wide, high), image)
    painter.end()
    return True
