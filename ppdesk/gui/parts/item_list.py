"""A list of things in order, each in two or three lines; Enter, Delete and Alt with arrows work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ppdesk.gui.look import RADIUS, color, font
from ppdesk.gui.parts.states import ROLES, draw_state

Index = QModelIndex | QPersistentModelIndex
_TITLE, _LINE, _ABOVE = 20, 16, 6  # px: the first line, the others, and above and below them
_NUMBER, _EDGE = 26, 10  # px for the number, and at the right
_SHAPE = 14
_FRAME = 4  # px: border and padding, above and below


@dataclass(frozen=True)
class Item:
    """One row. `note` says more of it; `told` what came of it, after `shape` where there is one."""

    title: str
    note: str = ""
    told: str = ""
    shape: str = ""

    @property
    def spoken(self) -> str:
        return ". ".join(part for part in (self.title, self.note, self.told) if part)


class _Items(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()

    def put(self, items: Sequence[Item]) -> None:
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = 0) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (item.title, item.note, item.told) if part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{index.row() + 1}. {item.spoken}"
        return None


class _Rows(QStyledItemDelegate):
    def __init__(self, view: "ItemList") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        item = self._view.items[index.row()]
        wide = self._view.viewport().width() - _NUMBER - 8 - _EDGE
        lines = len(_wrapped(item.title, wide))
        return QSize(120, 2 * _ABOVE + _TITLE * lines + _LINE * (bool(item.note) + bool(item.told)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area, state = QRectF(_area(option)), _state(option)
        item = self._view.items[index.row()]
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, color("accent_soft" if chosen else "hover"))
        if index.row() < len(self._view.items) - 1:
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -3), RADIUS, RADIUS)
        on = self._view.isEnabled()
        top, left = area.top() + _ABOVE, area.left() + _NUMBER + 8
        wide = area.right() - _EDGE - left
        number = QRectF(area.left(), top, _NUMBER, _TITLE)
        painter.setPen(color("text3" if on else "disabled"))
        painter.setFont(font("caption"))
        painter.drawText(
            number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{index.row() + 1}"
        )
        painter.setPen(color("text" if on else "disabled"))
        for words in _wrapped(item.title, int(wide)):
            _line(painter, QRectF(left, top, wide, _TITLE), words, "label")
            top += _TITLE
        painter.setPen(color("text2" if on else "disabled"))
        if item.note:
            _line(painter, QRectF(left, top, wide, _LINE), item.note, "caption")
            top += _LINE
        if item.told:
            if item.shape:
                place = QRectF(left, top + 1, _SHAPE, _SHAPE)
                draw_state(painter, item.shape, place, paper=color("accent_soft" if chosen else "surface"))
                left, wide = left + _SHAPE + 6, wide - _SHAPE - 6
            painter.setPen(color(ROLES[item.shape][0] if item.shape and on else "text3"))
            _line(painter, QRectF(left, top, wide, _LINE), item.told, "caption")
        painter.restore()


def _area(option: Any) -> Any:
    return option.rect


def _state(option: Any) -> Any:
    return option.state


def _wrapped(words: str, wide: int) -> list[str]:
    """One line or two; the rest is cut."""
    face = QFontMetrics(font("label"))
    if face.horizontalAdvance(words) <= wide or " " not in words:
        return [words]
    first, rest = "", words.split(" ")
    while rest and face.horizontalAdvance(f"{first} {rest[0]}".strip()) <= wide:
        first = f"{first} {rest.pop(0)}".strip()
    return [first, " ".join(rest)] if first and rest else [words]


def _line(painter: QPainter, place: QRectF, words: str, style: str) -> None:
    face = font(style)
    painter.setFont(face)
    cut = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)


class ItemList(QListView):
    """As high as its rows, up to a limit; then it scrolls. With nothing in it, it says so."""

    edit_asked = Signal(int)
    remove_asked = Signal(int)
    move_asked = Signal(int, int)  # the row, and by how many places
    chosen = Signal(int)  # the row that is current now; -1 for none

    def __init__(self, name: str, empty: str, *, most: int = 360) -> None:
        """`most`: how high it becomes, in px."""
        super().__init__()
        self._empty, self._most = empty, most
        self._rows = _Items()
        self.setModel(self._rows)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(name)
        self.setProperty("rows", True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.doubleClicked.connect(lambda at: self.edit_asked.emit(at.row()))
        self.selectionModel().currentChanged.connect(lambda now, _old: self.chosen.emit(now.row()))
        self._fit()

    @property
    def items(self) -> tuple[Item, ...]:
        return self._rows.items

    @property
    def row(self) -> int:
        """The current row; -1 for none."""
        return self.currentIndex().row()

    def put(self, items: Sequence[Item], row: int | None = None) -> None:
        """Show `items`, and stand on `row`, or where it stood."""
        at = self.row if row is None else row
        self._rows.put(items)
        self._fit()
        self.go(min(at, len(items) - 1))

    def go(self, row: int) -> None:
        """Stand on `row`; -1 for none."""
        self.setCurrentIndex(self._rows.index(row, 0) if row >= 0 else QModelIndex())
        self.chosen.emit(self.row)
        if row >= 0:
            QTimer.singleShot(0, self, lambda: self.scrollTo(self.currentIndex()))

    def _fit(self) -> None:
        rows = sum(self.sizeHintForRow(at) for at in range(len(self.items)))
        self.setFixedHeight(min(self._most, rows + _FRAME) if self.items else 64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.row, event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.edit_asked.emit(row)
        elif row >= 0 and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit(row)
        elif row >= 0 and alt and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(row, -1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():  # titles may need another line
            self._rows.layoutChanged.emit()
            QTimer.singleShot(0, self, self._fit)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.items:
            painter.setPen(color("text3"))
            painter.setFont(font("caption"))
            words = self.viewport().rect().adjusted(12, 0, -12, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        painter.end()
        super().paintEvent(event)
