"""Before and after: two tables with one scroll position and the same rows."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ppdesk.gui.icons import Icon
from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.states import draw_state
from ppdesk.gui.parts.text import Elided, text
from ppdesk.workflow.data.before_after import Compared, Pair

Index = QModelIndex | QPersistentModelIndex
_ROW, _HEAD, _SIDE, _CLASS, _NUMBER, _MOST = 25, 26, 6, 56, 36, 124  # px
_SHAPE = 14
_SAMPLE = 60  # rows by which a column's width is chosen


class _Rows(QAbstractTableModel):
    """One side. Columns: the number (before only), the quasi-identifiers, the size of the class."""

    def __init__(self, found: Compared, *, after: bool) -> None:
        super().__init__()
        self.found, self.is_after = found, after
        self.first = 0 if after else 1  # of the quasi-identifiers

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.found.pairs)

    def columnCount(self, _parent: Index | None = None) -> int:
        return self.first + len(self.found.columns) + 1

    def pair(self, row: int) -> Pair:
        return self.found.pairs[row]

    def hidden(self, row: int) -> bool:
        """Whether the row is suppressed."""
        return self.is_after and self.pair(row).becomes < self.found.k

    def changed(self, row: int, column: int) -> bool:
        at = column - self.first
        pair = self.pair(row)
        return self.is_after and 0 <= at < len(pair.after) and pair.after[at] != pair.before[at]

    def is_number(self, column: int) -> bool:
        return column in (self.first - 1, self.columnCount() - 1)

    def words(self, row: int, column: int) -> str:
        pair = self.pair(row)
        if column == self.columnCount() - 1:
            return tr("{count:,}", count=pair.becomes if self.is_after else pair.was)
        if column < self.first:
            return f"{pair.row}"
        return (pair.after if self.is_after else pair.before)[column - self.first]

    def suppressed_words(self, row: int) -> str:
        return tr_count(
            "Suppressed: its class has only {count:,} record",
            "Suppressed: its class has only {count:,} records",
            self.pair(row).becomes,
        )

    def data(self, index: Index, role: int = 0) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if self.hidden(index.row()):
                return self.suppressed_words(index.row())
            return self.words(index.row(), index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if section < self.first:
                return "#"
            if section == self.columnCount() - 1:
                return tr("class")
            return self.found.columns[section - self.first]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number(section) else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class _Cells(QStyledItemDelegate):
    """Changed cells are tinted; a class that is too small has its shape."""

    def __init__(self, view: "_Side") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        rows, row, column = self._view.rows, index.row(), index.column()
        painter.save()
        if rows.hidden(row):
            self._say(painter, area, rows.suppressed_words(row), "caption", "text3")
        else:
            if rows.changed(row, column):
                painter.fillRect(area, color("accent_soft"))
            number = rows.is_number(column)
            small = number and column > 0 and rows.pair(row).was < rows.found.k and not rows.is_after
            face, ink = ("caption", "text3") if column < rows.first else ("body", "text")
            self._say(painter, area, rows.words(row, column), face, ink, right=number)
            if small:
                place = QRectF(area.left() + _SIDE, area.center().y() - _SHAPE / 2, _SHAPE, _SHAPE)
                draw_state(painter, "look", place)
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()

    def _say(
        self, painter: QPainter, area: QRect, words: str, face: str, ink: str, *, right: bool = False
    ) -> None:  # fmt: skip
        painter.setFont(font(face))
        painter.setPen(color(ink))
        place = area.adjusted(_SIDE, 0, -_SIDE, -1)
        cut = QFontMetrics(font(face)).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, cut)


class _Side(QTableView):
    """One of the two tables."""

    resized = Signal()

    def __init__(self, rows: _Rows, name: str) -> None:
        super().__init__()
        self.rows = rows
        self.setModel(rows)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if not rows.is_after:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setFixedHeight(_HEAD)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(24)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for row in range(rows.rowCount()):
            if rows.hidden(row):
                self.setSpan(row, 0, 1, rows.columnCount())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.resized.emit()

    def wanted(self, column: int) -> int:
        """Width of a column in px."""
        if self.rows.is_number(column):
            return _NUMBER if column < self.rows.first else _CLASS
        face, head = QFontMetrics(font("body")), QFontMetrics(font("head"))
        count = min(_SAMPLE, self.rows.rowCount())
        cells = [self.rows.words(row, column) for row in range(count) if not self.rows.hidden(row)]
        longest = max((face.horizontalAdvance(one) for one in cells), default=0)
        name = str(self.rows.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))
        return min(_MOST, max(longest, head.horizontalAdvance(name) + 8) + 2 * _SIDE + 2)

    def fit(self, columns: Sequence[int]) -> None:
        """Show these of the quasi-identifiers, which share what room is left."""
        first, last = self.rows.first, self.rows.columnCount() - 1
        shown = [*range(first), *(first + one for one in columns), last]
        widths = {one: self.wanted(one) for one in shown}
        spare = max(0, self.viewport().width() - sum(widths.values()))
        for one in range(last + 1):
            self.setColumnHidden(one, one not in widths)
        for one in columns:
            widths[first + one] += spare // max(1, len(columns))
        for one, wide in widths.items():
            self.setColumnWidth(one, wide)


class PairsView(QWidget):
    """Counts only until a person asks for rows; then both tables."""

    look_asked = Signal()
    rows_asked = Signal()
    left = Signal()  # nobody sees the rows any more

    def __init__(self) -> None:
        super().__init__()
        self._sides: tuple[_Side, _Side] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fit)
        self._order: Sequence[int] = ()
        self._ranks: Sequence[int] = ()
        self.look = Button(tr("Look at the rows"), "secondary", icon="eye", height=28)
        self.look.clicked.connect(self.look_asked)
        self.said = text("", "caption", wrap=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._question())
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._stack)

    def _question(self) -> QWidget:
        asked = QWidget()
        column = QVBoxLayout(asked)
        column.setSpacing(8)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Icon("eye-off", 22, "text3"), 0, middle)
        column.addWidget(text(tr("Counts only."), "strong"), 0, middle)
        column.addWidget(self.said)
        column.addWidget(self.look, 0, middle)
        column.addStretch(2)
        self.ask("")
        return asked

    def ask(self, why_not: str) -> None:
        """Rows are not shown; `why_not` says why they cannot be, empty where a person may ask."""
        told = tr(
            "A look at rows is recorded. Choices made after it are not covered by a differential privacy"
            " guarantee."
        )
        self.said.setText(why_not or told)
        self.look.setVisible(not why_not)
        self._stack.setCurrentIndex(0)

    @property
    def shows(self) -> bool:
        """Whether rows are in sight."""
        return self._stack.currentIndex() == 1

    def put(
        self, found: Compared, ranks: Sequence[int], before: str, after: str, foot: tuple[str, str]
    ) -> None:
        """Show `found`; the least of `ranks` have the columns that tell most. `before` and `after` are said
        beside the names of the sides, `foot` below."""
        at = self._sides[0].verticalScrollBar().value() if self._sides is not None else 0
        gone = self._stack.widget(1)
        if gone is not None:
            self._stack.removeWidget(gone)
            gone.deleteLater()
        self._ranks, self._order = list(ranks), range(len(ranks))
        first = _Side(_Rows(found, after=False), tr("Before"))
        second = _Side(_Rows(found, after=True), tr("After"))
        self._sides = (first, second)
        _together(first, second)
        for side in self._sides:
            side.resized.connect(self._soon.start)
        both = QHBoxLayout()
        both.setSpacing(16)
        for side, name, words in ((first, tr("Before"), before), (second, tr("After"), after)):
            column = QVBoxLayout()
            column.setSpacing(4)
            head = QHBoxLayout()
            head.addWidget(text(name, "strong"))
            head.addStretch(1)
            head.addWidget(text(words, "caption"))
            column.addLayout(head)
            column.addWidget(side, 1)
            both.addLayout(column, 1)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(both, 1)
        self._columns = text("", "caption")
        rows = Button(tr("All rows of the release"), "link", height=20)
        rows.clicked.connect(self.rows_asked)
        last = QHBoxLayout()
        last.setSpacing(16)
        last.addWidget(self._columns)
        last.addWidget(Elided(foot[0]), 1)
        if foot[1]:
            last.addWidget(rows)
        whole.addLayout(last)
        self._stack.addWidget(inside)
        self._stack.setCurrentIndex(1)
        self._fit()
        first.verticalScrollBar().setValue(at)

    def _fit(self) -> None:
        if self._sides is None:
            return
        first = self._sides[0]
        rooms = [side.viewport().width() - _CLASS for side in self._sides]
        rooms[0] -= _NUMBER
        shown: list[int] = []
        for one in sorted(self._order, key=lambda at: (self._ranks[at], self._wide(at))):
            wide = [side.wanted(side.rows.first + one) for side in self._sides]
            if all(need <= room for need, room in zip(wide, rooms, strict=True)) or not shown:
                shown.append(one)
                rooms = [room - need for need, room in zip(wide, rooms, strict=True)]
        shown.sort()
        for side in self._sides:
            side.fit(shown)
        count = len(first.rows.found.columns)
        self._columns.setText(tr("{shown} of {count} columns shown", shown=len(shown), count=count))

    def _wide(self, column: int) -> int:
        """px that a column takes on both sides."""
        return sum(side.wanted(side.rows.first + column) for side in self._sides or ())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.left.emit()


def _together(first: QTableView, second: QTableView) -> None:
    """One scroll position for both."""
    bars = (first.verticalScrollBar(), second.verticalScrollBar())
    for one, other in (bars, bars[::-1]):
        one.valueChanged.connect(other.setValue)
