"""The view of an Arrow table: row numbers, names with their types, cells painted as they come into sight."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.arrow_cells import MOST_COPIED
from ppdesk.gui.parts.arrow_model import MARK, ArrowModel, Index
from ppdesk.gui.parts.menus import LINE, Entry, press_entry, show_menu
from ppdesk.gui.remembering import kind_of, remembering_of

ROW = 25  # px: dense
_HEAD = 44
_SIDE, _EDGE = 8, 15  # px beside the words, and at the card's edge
_NARROW, _WIDE = 82, 320  # px of a column; the least has room for a mark


class _Head(QHeaderView):
    """Name, and below it what the column holds."""

    def __init__(self, view: "ArrowView") -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.setFixedHeight(_HEAD)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(_NARROW)
        self.setAccessibleName(tr("Columns"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(color("line"), 1))
        edge = self.viewport().rect()
        painter.drawLine(edge.bottomLeft(), edge.bottomRight())

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        model = self._view.rows
        painter.save()
        painter.fillRect(area, color("sunken"))
        side = Qt.AlignmentFlag.AlignRight if model.is_number(section) else Qt.AlignmentFlag.AlignLeft
        place = area.adjusted(_SIDE, 5, -_SIDE, -5)
        half = place.height() // 2
        name = str(model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))
        for at, (words, face, ink) in enumerate(
            ((name, "label", "text"), (model.type_words(section), "caption", "text3"))
        ):
            painter.setFont(font(face))
            painter.setPen(color(ink))
            line = QRect(place.left(), place.top() + at * half, place.width(), half)
            cut = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, cut)
        painter.restore()


class _Numbers(QHeaderView):
    """The rows' numbers."""

    def __init__(self, view: "ArrowView") -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(ROW)
        self.setDefaultSectionSize(ROW)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setAccessibleName(tr("Row numbers"))

    def sizeHint(self) -> QSize:
        last = f"{max(1, self._view.rows.rowCount()):,}"
        return QSize(QFontMetrics(font("mono")).horizontalAdvance(last) + _EDGE + _SIDE + 2, ROW)

    def paintSection(self, painter: QPainter, area: QRect, section: int) -> None:
        painter.save()
        current = self._view.currentIndex().row() == section
        painter.fillRect(area, color("sunken"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(area.topRight(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(font("mono"))
        painter.setPen(color("accent" if current else "text3"))
        place = area.adjusted(4, 0, -_SIDE, -1)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{section + 1:,}"
        )
        painter.restore()


class _Cells(QStyledItemDelegate):
    """Numbers right and in letters of one width; a mark where there is no text."""

    def __init__(self, view: "ArrowView") -> None:
        super().__init__(view)
        self._view = view
        self._faces = {name: (font(name), QFontMetrics(font(name))) for name in ("body", "mono", "caption")}

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._view.wanted(index.column()), ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area, state, view = option.rect, option.state, self._view
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color("accent_soft"))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        column = index.column()
        right = view.rows.is_number(column)
        mark = index.data(MARK)
        place = area.adjusted(_SIDE, 0, -_SIDE, -1)
        if mark:
            self._mark(painter, place, str(mark), right=right)
        else:
            face, metrics = self._faces["mono" if view.rows.is_fixed(column) else "body"]
            painter.setFont(face)
            painter.setPen(color("text"))
            words = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, place.width())
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, words)
        if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -2))
        painter.restore()

    def _mark(self, painter: QPainter, place: QRect, word: str, *, right: bool) -> None:
        """A word in a frame: no value of the data looks so."""
        face, metrics = self._faces["caption"]
        wide = min(place.width(), metrics.horizontalAdvance(word) + 12)
        left = place.right() - wide + 1 if right else place.left()
        frame = QRectF(left + 0.5, place.center().y() - 8.5, wide - 1, 18)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 3, 3)
        painter.setFont(face)
        painter.setPen(color("text3"))
        words = metrics.elidedText(word, Qt.TextElideMode.ElideRight, wide - 8)
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)


class ArrowView(QTableView):
    """Scrolls over any number of rows. Ctrl C copies what is chosen; `said` tells what came of it."""

    said = Signal(str)

    def __init__(self, model: ArrowModel, name: str) -> None:
        super().__init__()
        self.more: Callable[[], Sequence[Entry]] = tuple  # entries of the context menu that the page adds
        self._kind = kind_of("rows", model.cells.names)
        self.rows = model
        self.setHorizontalHeader(_Head(self))
        self.setVerticalHeader(_Numbers(self))
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        count = tr("{rows:,} rows, {columns:,} columns", rows=model.rowCount(), columns=model.columnCount())
        self.setAccessibleName(f"{name}: {count}")
        self.setProperty("rows", True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setDragEnabled(False)
        self._natural = [self._longest(column) for column in range(model.columnCount())]
        self._own = self._fitting = False  # whether a person has set a width; whether `_fit` does
        self._fit(0)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.verticalHeader().viewport().update())
        if model.rowCount():
            self.setCurrentIndex(model.index(0, 0))

    def _longest(self, column: int) -> int:
        """The width at which nothing in a bounded sample of a column is cut."""
        face = QFontMetrics(font("mono" if self.rows.is_fixed(column) else "body"))
        longest = max((face.horizontalAdvance(one) for one in self.rows.cells.sample(column)), default=0)
        name = QFontMetrics(font("label")).horizontalAdvance(self.rows.cells.names[column])
        kind = QFontMetrics(font("caption")).horizontalAdvance(self.rows.type_words(column))
        return max(_NARROW, max(longest, name, kind) + 2 * _SIDE + 4)

    def wanted(self, column: int) -> int:
        """The width of a column where room is scarce."""
        return min(_WIDE, self._natural[column])

    def _fit(self, room: int) -> None:
        """Long texts get what the other columns leave of `room` px; a width that a person set stays."""
        if self._own:
            return
        widths = [self.wanted(column) for column in range(len(self._natural))]
        spare = room - sum(widths)
        for column, natural in enumerate(self._natural):
            more = max(0, min(spare, natural - widths[column]))
            widths[column] += more
            spare -= more
        self._fitting = True
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._fitting = False

    def _resized(self) -> None:
        if self._fitting:
            return
        self._own = True
        kept = remembering_of(self)
        if kept is not None:
            kept.keep_widths(self._kind, [self.columnWidth(at) for at in range(len(self._natural))])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        kept = remembering_of(self)
        widths = kept.widths(self._kind) if kept is not None else []
        if len(widths) == len(self._natural) and not self._own:
            self._own = self._fitting = True
            for column, width in enumerate(widths):
                self.setColumnWidth(column, width)
            self._fitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit(self.viewport().width())

    def go_to(self, row: int) -> bool:
        """Choose the row `row` (from 1) and bring it into the middle; whether there is such a row."""
        if not 1 <= row <= self.rows.rowCount():
            return False
        at = self.rows.index(row - 1, max(0, self.currentIndex().column()))
        self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(at, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def seen(self) -> tuple[int, int]:
        """The first and the last row in sight, from 1; (0, 0) for none."""
        if not self.rows.rowCount():
            return 0, 0
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        return first + 1, (last if last >= 0 else self.rows.rowCount() - 1) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        right, room = self.horizontalHeader().length(), self.viewport().rect()
        left = right - self.horizontalHeader().offset()
        first, last = self.seen()
        if left >= room.width() or not last:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(color("line"), 1))
        for row in range(first - 1, last):  # the rows' lines go on to the edge
            bottom = self.rowViewportPosition(row) + ROW - 1
            painter.drawLine(left, bottom, room.right(), bottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if not press_entry(event, self.more()):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        show_menu(self, self.entries(), tr("Rows"), event.globalPos())

    def entries(self) -> list[Entry]:
        """What the context menu says."""
        nothing = tr("Choose cells first") if self.selectionModel().selection().isEmpty() else ""
        return [
            Entry(tr("Copy"), self.copy, "Ctrl+C", nothing),
            Entry(tr("Select all"), self.selectAll, "Ctrl+A"),
            LINE,
            *self.more(),
        ]

    def copy(self) -> None:
        """Put the chosen cells on the clipboard, as lines of values parted by tabs."""
        chosen = self.selectionModel().selection()
        if chosen.isEmpty():
            self.said.emit(tr("Nothing is chosen."))
            return
        area = chosen.first()
        rows, columns = range(area.top(), area.bottom() + 1), range(area.left(), area.right() + 1)
        head = self.horizontalHeader()
        visible = sorted((one for one in columns if not head.isSectionHidden(one)), key=head.visualIndex)
        try:
            copied = self.rows.cells.copied(rows, visible)
        except ValueError:
            self.said.emit(
                tr(
                    "Too much for the clipboard: choose at most {MOST_COPIED:,} cells.",
                    MOST_COPIED=MOST_COPIED,
                )
            )
            return
        QGuiApplication.clipboard().setText(copied)
        cells = len(rows) * len(visible)
        what = tr_count("1 cell", "{count:,} cells", cells)
        self.said.emit(tr("Copied {what}. Other programs can read the clipboard.", what=what))
