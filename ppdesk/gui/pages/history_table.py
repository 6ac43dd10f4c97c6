"""The timeline as rows: number, dot on the thread, when, who, step, what, marks, hash."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.menus import LINE, Entry, press_entry, show_menu
from ppdesk.gui.parts.states import draw_state
from ppdesk.gui.saving import table_entries, worded
from ppdesk.gui.timeline import Line

Index = QModelIndex | QPersistentModelIndex
_HEADS = ("#", "", "When", "Who", "Step", "What", "Why", "Hash")
_NUMBER, _DOT, _WHEN, _WHO, _STEP, _WHAT, _MARKS, _HASH = range(8)
_FIXED = {_NUMBER: 44, _DOT: 26, _HASH: 98}
_MOST = {_WHEN: 130, _WHO: 128, _STEP: 150, _MARKS: 150}  # px; as wide as what is in them, up to this
_SIDE = 8  # px beside the words, as in the head
_ROW = 28
_LINE = Qt.ItemDataRole.UserRole + 1


class _Lines(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def put(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.lines)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return told(_HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == _NUMBER else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        line = self.lines[index.row()]
        if role == _LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _cell(line, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None


def _cell(line: Line, column: int) -> str:
    return (
        str(line.seq),
        "",
        line.when,
        line.who,
        line.step,
        told(line.what),
        ", ".join(told(mark.word) for mark in line.marks),
        line.hash,
    )[column]


class _Rows(QStyledItemDelegate):
    def __init__(self, view: "Timeline") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area, state = QRectF(option.rect), option.state
        line: Line = index.data(_LINE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        paper = "accent_soft" if chosen else "surface"
        painter.fillRect(area, color(paper))
        quiet = line.thread == "quiet"
        if index.column() == _DOT:
            self._dot(painter, area, line, index, paper)
        elif index.column() == _MARKS:
            self._marks(painter, area, line)
        else:
            face = {_STEP: "strong", _HASH: "mono", _NUMBER: "body"}.get(index.column(), "body")
            ink = "text3" if quiet else "text2" if index.column() in (_WHEN, _HASH, _NUMBER) else "text"
            painter.setFont(font(face))
            painter.setPen(color(ink))
            side = Qt.AlignmentFlag.AlignRight if index.column() == _NUMBER else Qt.AlignmentFlag.AlignLeft
            place = area.adjusted(_SIDE, 0, -_SIDE, 0)
            words = QFontMetrics(painter.font()).elidedText(
                _cell(line, index.column()), Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, words)
        if chosen and self._view.hasFocus() and index.column() == _NUMBER:
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), color("focus"))
        painter.restore()

    def _dot(self, painter: QPainter, area: QRectF, line: Line, index: Index, paper: str) -> None:
        """A dot on the thread that chains all events; a triangle where something is wrong."""
        middle, x = area.center().y(), area.center().x()
        painter.setPen(QPen(color("edge"), 1))
        top = middle if index.row() == 0 else area.top()
        bottom = middle if index.row() == index.model().rowCount() - 1 else area.bottom() + 1
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        if line.thread == "bad":
            place = QRectF(x - 7, middle - 7, 14, 14)
            painter.fillRect(place, color(paper))
            draw_state(painter, "failed", place, paper=color(paper))
            return
        painter.setBrush(color(paper))
        painter.setPen(QPen(color("edge" if line.thread == "quiet" else "accent"), 2))
        painter.drawEllipse(QPointF(x, middle), 3, 3)

    def _marks(self, painter: QPainter, area: QRectF, line: Line) -> None:
        left = area.left() + _SIDE
        painter.setFont(font("caption"))
        for mark in line.marks:
            alert = mark.icon == "triangle-alert"
            ink = color("caution" if alert else "text2")
            room = area.right() - left - 20
            if room < 16:
                return
            draw_icon(painter, mark.icon, QRectF(left, area.center().y() - 7, 14, 14), ink)
            painter.setPen(ink)
            words = QFontMetrics(painter.font()).elidedText(
                told(mark.word), Qt.TextElideMode.ElideRight, int(room)
            )
            painter.drawText(
                QRectF(left + 19, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, words
            )
            left += 19 + QFontMetrics(painter.font()).horizontalAdvance(words) + 12


class Timeline(QTableView):
    """Rows that can be chosen; `chosen` says the event's number."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lines = _Lines()
        self.setModel(self._lines)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(tr("Timeline"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(_ROW)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(26)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._current)

    @property
    def lines(self) -> list[Line]:
        """What is shown."""
        return self._lines.lines

    def put(self, lines: Sequence[Line]) -> None:
        """Show `lines`; the chosen event stays chosen where it is among them."""
        kept = self.current()
        self._lines.put(lines)
        self._fit()
        self.choose(kept)

    def current(self) -> int | None:
        """The number of the chosen event."""
        at = self.currentIndex().row()
        return self._lines.lines[at].seq if 0 <= at < len(self._lines.lines) else None

    def choose(self, seq: int | None) -> None:
        """Choose the event `seq`, if it is shown."""
        for at, line in enumerate(self._lines.lines):
            if line.seq == seq:
                self.selectRow(at)
                self.scrollTo(self._lines.index(at, 0))

    def _current(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._lines.lines[now.row()].seq)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if press_entry(event, self.entries()):
            return
        super().keyPressEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        show_menu(self, self.entries(), tr("Timeline"), event.globalPos())

    def spoken(self, row: int) -> str:
        """A row as one line, parted by tabs."""
        return "\t".join(_cell(self.lines[row], column) for column in range(len(_HEADS)))

    def entries(self) -> list[Entry]:
        """What the context menu says."""
        at = self.currentIndex().row()
        nothing = "" if 0 <= at < len(self.lines) else tr("Choose an event first")
        clipboard = QGuiApplication.clipboard()
        return [
            Entry(tr("Copy event"), lambda: clipboard.setText(self.spoken(at)), "Ctrl+C", nothing),
            Entry(tr("Copy hash"), lambda: clipboard.setText(self.lines[at].hash), "", nothing),
            LINE,
            *table_entries(self, lambda: worded(self._lines, tr("Timeline"))),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns as wide as their words; what is left is for what happened."""
        room = self.viewport().width()
        self.setColumnHidden(_HASH, room < 680)
        widths = {**_FIXED, **{column: self._wanted(column, most) for column, most in _MOST.items()}}
        spent = sum(width for column, width in widths.items() if not self.isColumnHidden(column))
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        self.setColumnWidth(_WHAT, max(120, room - spent))

    def _wanted(self, column: int, most: int) -> int:
        face = QFontMetrics(font({_STEP: "strong", _MARKS: "caption"}.get(column, "body")))
        longest = max(
            (face.horizontalAdvance(one) for one in {_cell(x, column) for x in self.lines}), default=0
        )
        icons = max((len(line.marks) for line in self.lines), default=0) * 24 if column == _MARKS else 0
        head = QFontMetrics(font("head")).horizontalAdvance(told(_HEADS[column]))
        return min(most, max(longest + icons, head) + 2 * _SIDE + 2)
