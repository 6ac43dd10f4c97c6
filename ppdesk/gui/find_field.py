"""The field at the top that finds: steps, settings, menu entries, passages of the help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import tr
from ppdesk.gui.look import color, font, look
from ppdesk.gui.parts.buttons import draw_key_cap, shown_keys
from ppdesk.gui.parts.inputs import LineField

Index = QModelIndex | QPersistentModelIndex
What = Literal["step", "setting", "action", "help"]
_ICONS: dict[What, str] = {
    "step": "list-checks", "setting": "settings", "action": "chevron-right", "help": "circle-help",
}  # fmt: skip
_TARGET = Qt.ItemDataRole.UserRole + 1
_WIDE, _ROW, _POPUP = 272, 30, 460  # px


@dataclass(frozen=True)
class Target:
    """What can be gone to: a step, a setting of it (`place`), a menu entry, or a page of the help and
    the heading in it (`place`). `note` says where it belongs."""

    what: What
    words: str
    note: str
    key: str
    place: str = ""


class _Rows(QStyledItemDelegate):
    """Icon, words, and at the right where it belongs."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(_POPUP - 20, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        target: Target = index.data(_TARGET)
        area: Any = option.rect
        state: Any = option.state
        rect = QRectF(area)
        painter.save()
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.fillRect(rect, color("hover"))
        draw_icon(
            painter, _ICONS[target.what], QRectF(rect.x() + 8, rect.center().y() - 8, 16, 16), color("text2")
        )
        note = QFontMetrics(font("caption")).elidedText(
            target.note, Qt.TextElideMode.ElideRight, _POPUP // 2 - 30
        )
        width = QFontMetrics(font("caption")).horizontalAdvance(note)
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect.adjusted(0, 0, -10, 0), middle | Qt.AlignmentFlag.AlignRight, note)
        painter.setFont(font("label" if target.what == "step" else "body"))
        painter.setPen(color("text"))
        room = int(rect.width() - 34 - width - 22)
        words = QFontMetrics(painter.font()).elidedText(target.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect.adjusted(34, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()


class FindField(LineField):
    """Type, choose, Enter. `wanted` says that somebody is about to look for something."""

    found = Signal(object)  # a Target
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Find a step, setting or help"), small=True)
        self.search: Callable[[str], Sequence[Target]] = lambda _words: ()
        self.setPlaceholderText(tr("Find a step, setting or help"))
        self.setFixedWidth(_WIDE)
        self.setTextMargins(26, 0, 46, 0)
        self._rows = QStandardItemModel(self)
        finder = QCompleter(self)
        finder.setModel(self._rows)
        finder.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        finder.setMaxVisibleItems(14)
        popup = QListView()
        popup.setAccessibleName(tr("What was found"))
        popup.setItemDelegate(_Rows(popup))
        popup.setMinimumWidth(_POPUP)
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look().dress(popup)
        finder.setPopup(popup)
        self._popup = popup
        popup.setItemDelegate(_Rows(popup))  # the completer gave it its own
        chosen = finder.activated[QModelIndex]  # type: ignore[index]  # so Qt tells its two forms apart
        chosen.connect(lambda index: self._go(index.data(_TARGET)))
        self.setCompleter(finder)
        self.textEdited.connect(self._look)
        self.returnPressed.connect(self._first)

    def targets(self) -> list[Target]:
        """What is listed now, the best first."""
        return [self._rows.item(row).data(_TARGET) for row in range(self._rows.rowCount())]

    def _look(self, words: str) -> None:
        self._rows.clear()
        for target in self.search(words):
            item = QStandardItem(target.words)
            item.setData(target, _TARGET)
            item.setData(f"{target.words}, {target.note}", Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(f"{target.words}\n{target.note}")
            self._rows.appendRow(item)
        if self._rows.rowCount():
            self.completer().complete()
        else:
            self._popup.hide()

    def _first(self) -> None:
        if self.text() and self._rows.rowCount():
            self._go(self._rows.item(0).data(_TARGET))

    def _go(self, target: Target | None) -> None:
        if target is not None:
            self._rows.clear()
            self.found.emit(target)
            self.clear()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        draw_icon(painter, "search", QRectF(10, self.height() / 2 - 8, 16, 16), color("text2"))
        if not self.hasFocus():
            at = QPointF(self.width() - 7, self.height() / 2)
            draw_key_cap(painter, shown_keys("Ctrl K"), at, color("text3"), color("line"))
