"""Columns of the table chosen by ticking, with a line to find them in a long list."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.look import RADIUS, color, font
from ppdesk.gui.parts.inputs import LineField, draw_tick_box
from ppdesk.gui.parts.text import restyle, text

Index = QModelIndex | QPersistentModelIndex
_ROW, _MOST, _FIND = 26, 6, 8  # px; rows shown at once; from so many columns on there is a line to find


class _Rows(QStyledItemDelegate):
    """A tick box and the column's name."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        around: Any = option
        area, state, view = QRectF(around.rect), around.state, self.parent()
        assert isinstance(view, QListWidget)  # noqa: S101  its only user
        if state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, color("hover"))
        if state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), RADIUS, RADIUS)
        checked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        on = view.isEnabled()
        draw_tick_box(painter, QPointF(area.x() + 8, area.center().y() - 8), checked=checked, on=on)
        words = area.adjusted(32, 0, -8, 0)
        painter.setPen(color("text" if on else "disabled"))
        painter.setFont(font("body"))
        cut = QFontMetrics(font("body")).elidedText(
            index.data(), Qt.TextElideMode.ElideMiddle, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)


class _Ticks(QListWidget):
    """A click anywhere in a row, or space, ticks it."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Rows(self))
        self.setMouseTracking(True)

    def _turn(self, item: QListWidgetItem) -> None:
        on = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None:
            self._turn(item)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and item is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.setCurrentItem(item)
            self._turn(item)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """The press has done it."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)


class ColumnsField(QWidget):
    """Which columns, in the order in which they were ticked."""

    changed = Signal()

    def __init__(self, name: str, columns: Sequence[str], *, none: str = "") -> None:
        """`none`: what no tick means."""
        super().__init__()
        self._none, self._chosen = none, list[str]()
        self.finder = LineField(tr("{field}: find a column", field=name), small=True)
        self.finder.setPlaceholderText(tr("Find a column"))
        self.finder.textChanged.connect(self._filter)
        self.list = _Ticks()
        self.list.setAccessibleName(name)
        self.list.setProperty("rows", True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.itemChanged.connect(self._ticked)
        for column in columns:
            self._add(column, column)
        self.said = text("", "caption", wrap=True)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(self.finder)
        inside.addWidget(self.list)
        inside.addWidget(self.said)
        self.finder.setVisible(len(columns) >= _FIND)
        self.setFocusProxy(self.list)
        self.setAccessibleName(name)
        self._fit()
        self._tell()

    def _add(self, column: str, words: str) -> None:
        item = QListWidgetItem(words)
        item.setData(Qt.ItemDataRole.UserRole, column)
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
        )
        item.setCheckState(Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _fit(self) -> None:
        self.list.setFixedHeight(min(_MOST, max(1, self.list.count())) * _ROW + 4)

    def _rows(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def value(self) -> list[str]:
        return list(self._chosen)

    def put(self, columns: Sequence[str]) -> None:
        """Tick `columns`; one that the table does not have is listed too, and said to be missing."""
        self.list.blockSignals(True)
        known = {item.data(Qt.ItemDataRole.UserRole) for item in self._rows()}
        for column in columns:
            if column not in known:
                self._add(column, tr("{name} (not in this table)", name=column))
        for item in self._rows():
            on = item.data(Qt.ItemDataRole.UserRole) in columns
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self._chosen = list(columns)
        self._fit()
        self._tell()

    def mark(self, wrong: bool) -> None:
        restyle(self.list, "wrong", wrong)

    def _ticked(self, item: QListWidgetItem) -> None:
        column = str(item.data(Qt.ItemDataRole.UserRole))
        if item.checkState() is Qt.CheckState.Checked:
            self._chosen += [column] if column not in self._chosen else []
        else:
            self._chosen = [one for one in self._chosen if one != column]
        self._tell()
        self.changed.emit()

    def _filter(self, words: str) -> None:
        for item in self._rows():
            item.setHidden(words.strip().casefold() not in item.text().casefold())

    def _tell(self) -> None:
        count = len(self._chosen)
        words = self._none
        if count:
            names = ", ".join(self._chosen)
            words = tr_count("{count} chosen: {names}", "{count} chosen: {names}", count, names=names)
        self.said.setText(words)
        self.said.setVisible(bool(words))
