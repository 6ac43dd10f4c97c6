"""Pages on the screen: small ones at the left, the one that is read at the right, in the size one likes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ppdesk.gui.language import tr
from ppdesk.gui.look import color
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.text import text

if TYPE_CHECKING:
    from ppdesk.workbench.worker.jobs import Page

_STRIP = 84  # px: the column of small pages
_SMALL = QSize(54, 76)  # px of a small page
_STEPS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)  # pixels a point
_EDGE = 12  # px around the page
_PAUSE = 120  # ms after the last change of size


class Sheet(QWidget):
    """One page, as a picture with a thin border."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def put(self, picture: QPixmap | None, size: QSize, words: str) -> None:
        """Show `picture` in `size`, px; `words` for those who cannot see it."""
        self._picture = picture
        self.setFixedSize(size)
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._picture is not None:
            painter.drawPixmap(self.rect(), self._picture)
        painter.setPen(QPen(color("edge"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


def _small(picture: QPixmap, ratio: float) -> QIcon:
    """A small page with a thin border, the same whether it is chosen or not."""
    small = picture.scaled(
        _SMALL * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    small.setDevicePixelRatio(ratio)
    painter = QPainter(small)
    painter.setPen(QPen(color("edge"), 1))
    width, height = small.width() / ratio, small.height() / ratio
    painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 1))
    painter.end()
    icon = QIcon(small)
    icon.addPixmap(small, QIcon.Mode.Selected)
    return icon


class PaperView(QWidget):
    """Pages come by `take`, in any order and size; which is missing in the wanted size is asked for."""

    wanted = Signal(int, float)  # page, pixels a point
    print_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[int, Page] = {}
        self._asked: dict[int, float] = {}
        self._at, self._scale = 1, 0.0  # a scale of 0: as wide as there is room
        self._whole: int | None = None  # how many pages there are, once that is known
        self.strip = QListWidget()
        self.strip.setFixedWidth(_STRIP)
        self.strip.setIconSize(_SMALL)
        self.strip.setViewMode(QListWidget.ViewMode.IconMode)
        self.strip.setFlow(QListWidget.Flow.TopToBottom)
        self.strip.setWrapping(False)
        self.strip.setMovement(QListWidget.Movement.Static)
        self.strip.setGridSize(QSize(_STRIP - 22, 100))
        self.strip.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.strip.setAccessibleName(tr("Pages"))
        self.strip.currentRowChanged.connect(lambda row: self.go(row + 1))
        self.sheet = Sheet()
        self._area = QScrollArea()
        self._area.setWidget(self.sheet)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area.setAccessibleName(tr("Page"))
        self._area.viewport().installEventFilter(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._show)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addWidget(self._area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        self._make_tools()

    def _make_tools(self) -> None:
        self.tools = QWidget()
        self.back = IconButton("chevron-left", tr("Page before"), tr("Page up"))
        self.on = IconButton("chevron-right", tr("Next page"), tr("Page down"))
        self.smaller = IconButton("zoom-out", tr("Smaller"), "-")
        self.larger = IconButton("zoom-in", tr("Larger"), "+")
        self.fit = Button(tr("Fit"), "ghost", height=28)
        self.fit.setToolTip(tr("As wide as there is room (0)"))
        self.printer = IconButton("printer", tr("Print these pages"))
        self.printer.clicked.connect(self.print_asked)
        self.count = text("", "body")
        self.back.clicked.connect(lambda: self.go(self._at - 1))
        self.on.clicked.connect(lambda: self.go(self._at + 1))
        self.smaller.clicked.connect(lambda: self.zoom(-1))
        self.larger.clicked.connect(lambda: self.zoom(1))
        self.fit.clicked.connect(lambda: self.zoom(0))
        self.count.setMinimumWidth(
            self.count.fontMetrics().horizontalAdvance(tr("{page} of {pages}", page=88, pages="188…"))
        )
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for one in (self.back, self.count, self.on, self.smaller, self.fit, self.larger, self.printer):
            row.addWidget(one)
        self._tell()

    # what comes

    def clear(self) -> None:
        """No page; what comes next is another document."""
        self._pages.clear()
        self._asked.clear()
        self._whole = None
        self._at = 1
        self.strip.blockSignals(True)
        self.strip.clear()
        self.strip.blockSignals(False)
        self.sheet.put(None, QSize(0, 0), "")
        self._tell()

    @property
    def pages(self) -> int:
        """How many pages have come."""
        return len(self._pages)

    def first_scale(self) -> float:
        """Pixels a point in which pages should come, for the room that there is."""
        return min(2.0, max(0.5, round(self._fitting(595.0), 2)))  # pt: the width of A4

    def take(self, page: "Page") -> None:
        """A page has come."""
        fresh = page.number not in self._pages
        self._pages[page.number] = page
        if fresh:
            self._add_small(page)
        if page.number == self._at:
            self._show()
        self._tell()

    def end(self, count: int) -> None:
        """There are `count` pages."""
        self._whole = count
        self._tell()

    def _add_small(self, page: "Page") -> None:
        picture = QPixmap()
        picture.loadFromData(page.image)
        item = QListWidgetItem(_small(picture, self.devicePixelRatioF()), str(page.number))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, tr("Page {page}", page=page.number))
        self.strip.addItem(item)
        if self.strip.count() == 1:
            self.strip.setCurrentRow(0)

    # what is shown

    def go(self, number: int) -> None:
        """Read page `number`."""
        if number not in self._pages or number == self._at:
            return
        self._at = number
        self.strip.setCurrentRow(number - 1)
        self._area.verticalScrollBar().setValue(0)
        self._show()
        self._tell()

    def zoom(self, step: int) -> None:
        """A step larger or smaller; 0: as wide as there is room."""
        if not step:
            self._scale = 0.0
        else:
            now = self._now()
            there = [one for one in _STEPS if (one - now) * step > 0.01]
            self._scale = (min(there) if step > 0 else max(there)) if there else now
        self._show()
        self._tell()

    def _now(self) -> float:
        page = self._pages.get(self._at)
        return self._scale or self._fitting(page.width if page is not None else 595.0)

    def _fitting(self, width: float) -> float:
        room = self._area.viewport().width() - 2 * _EDGE
        return max(0.3, room / width)

    def _show(self) -> None:
        page = self._pages.get(self._at)
        if page is None:
            return
        scale = self._now()
        picture = QPixmap()
        picture.loadFromData(page.image)
        size = QSize(round(page.width * scale), round(page.height * scale))
        here = tr("Page {page}", page=self._at)
        if self._whole:
            here = tr("Page {page} of {pages}", page=self._at, pages=self._whole)
        self.sheet.put(picture, size, here)
        needed = scale * self.devicePixelRatioF()
        there = picture.width() / page.width
        if abs(needed - there) > 0.02 and abs(self._asked.get(self._at, 0.0) - needed) > 0.01:
            self._asked[self._at] = needed
            self.wanted.emit(self._at, needed)

    def _tell(self) -> None:
        count = len(self._pages)
        of = f"{self._whole}" if self._whole else f"{count}…" if count else ""
        self.count.setText(tr("{page} of {pages}", page=self._at, pages=of) if count else "")
        self.back.setEnabled(count > 0 and self._at > 1)
        self.on.setEnabled(self._at < count)
        for one in (self.smaller, self.larger, self.fit):
            one.setEnabled(count > 0)
        self.printer.setEnabled(self._whole is not None and count > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_PageDown:
                self.go(self._at + 1)
            case Qt.Key.Key_PageUp:
                self.go(self._at - 1)
            case Qt.Key.Key_Plus:
                self.zoom(1)
            case Qt.Key.Key_Minus:
                self.zoom(-1)
            case Qt.Key.Key_0:
                self.zoom(0)
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._soon.start()
        return super().eventFilter(watched, event)
