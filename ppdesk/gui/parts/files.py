"""A field for several files in an order: typed, chosen or dropped, moved and removed by mouse or keyboard."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ppdesk.gui.language import tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.arrow_model import Index
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.inputs import LineField

_ROW = 28  # px
_MOST = 6  # rows in sight; more scroll
_PATH = Qt.ItemDataRole.UserRole


class _Names(QStyledItemDelegate):
    """Number and name of each file; the folder stands in the tooltip."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area, state = option.rect, option.state
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, color("accent_soft" if chosen else "surface"))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(area.left(), area.top(), 3, area.height(), color("focus"))
        if index.row() < index.model().rowCount() - 1:
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        off = not state & QStyle.StateFlag.State_Enabled
        painter.setFont(font("caption"))
        painter.setPen(color("disabled" if off else "text3"))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        # the file named before this field is the first
        painter.drawText(area.adjusted(10, 0, 0, 0), side, str(index.row() + 2))
        painter.setFont(font("body"))
        painter.setPen(color("disabled" if off else "text"))
        place = area.adjusted(32, 0, -8, 0)
        words = QFontMetrics(painter.font()).elidedText(
            index.data(), Qt.TextElideMode.ElideMiddle, place.width()
        )
        painter.drawText(place, side, words)
        painter.restore()


class FilesField(QWidget):
    """The list, a line to type or choose further files, and what can be done with the chosen one.

    Keys in the list: Delete removes, Alt with Up or Down moves.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, name: str, *, suffixes: Sequence[str] = ()) -> None:
        super().__init__()
        self._name, self._suffixes = name, tuple(suffixes)
        self.line = LineField(name)
        self.line.setPlaceholderText(tr("Type a file name and press Enter"))
        self.line.returnPressed.connect(self.take_typed)
        self.line.textChanged.connect(self.changed)
        self.line.left.connect(self._left)
        choose = Button(tr("Choose"), "secondary")
        choose.setAccessibleName(tr("{name}: choose files", name=name))
        choose.clicked.connect(self._ask)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("{name}: files in their order", name=name))
        self.list.setProperty("field", True)
        self.list.setItemDelegate(_Names(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTabKeyNavigation(False)
        self.list.installEventFilter(self)
        self.list.currentRowChanged.connect(self._fit)
        self.up, self.down, self.remove = (
            Button(words, "ghost", icon=icon, height=28)
            for words, icon in (("Up", "chevron-up"), ("Down", "chevron-down"), ("Remove", "x"))
        )
        self.up.clicked.connect(lambda: self.move_by(-1))
        self.down.clicked.connect(lambda: self.move_by(1))
        self.remove.clicked.connect(self.remove_chosen)
        for button, keys in ((self.up, "Alt Up"), (self.down, "Alt Down"), (self.remove, "Delete")):
            button.setAccessibleName(f"{name}: {button.text().lower()}")
            button.setToolTip(keys)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.line, 1)
        line.addWidget(choose)
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(4)
        for button in (self.up, self.down, self.remove):
            tools.addWidget(button)
        tools.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.list)
        column.addWidget(self._tools)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.line)
        self.setAccessibleName(name)
        self._fit()

    # values

    def value(self) -> list[str]:
        """The paths in their order, with what is typed and not yet added."""
        listed = [str(self.list.item(at).data(_PATH)) for at in range(self.list.count())]
        typed = self.line.text().strip()
        return [*listed, typed] if typed else listed

    def put(self, paths: Sequence[str]) -> None:
        """Show `paths`."""
        self.list.clear()
        self.line.clear()
        self._append(paths)

    def mark(self, wrong: bool) -> None:
        self.line.mark(wrong)

    def _append(self, paths: Sequence[str]) -> None:
        for path in paths:
            item = QListWidgetItem(Path(path).name or path)
            item.setData(_PATH, path)
            item.setToolTip(path)
            self.list.addItem(item)
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        self._fit()

    def add(self, paths: Sequence[str]) -> None:
        """Put `paths` at the end; those that are there already stay where they are."""
        known = self.value()
        self._append([path for path in dict.fromkeys(paths) if path and path not in known])
        self.changed.emit()

    def take_typed(self) -> None:
        """Put what is typed at the end of the list."""
        typed = self.line.text().strip()
        if typed:
            self.line.clear()
            self.add([typed])

    def move_by(self, step: int) -> None:
        """Move the chosen file up (-1) or down (1)."""
        at = self.list.currentRow()
        if 0 <= at < self.list.count() and 0 <= at + step < self.list.count():
            self.list.insertItem(at + step, self.list.takeItem(at))
            self.list.setCurrentRow(at + step)
            self._fit()
            self.changed.emit()

    def remove_chosen(self) -> None:
        """Take the chosen file out of the list; the file itself stays."""
        at = self.list.currentRow()
        if at >= 0:
            self.list.takeItem(at)
            if not self.list.count():
                self.line.setFocus()
            self._fit()
            self.changed.emit()

    # showing

    def _fit(self) -> None:
        count, at = self.list.count(), self.list.currentRow()
        self.list.setVisible(bool(count))
        self._tools.setVisible(bool(count))
        self.list.setFixedHeight(min(count, _MOST) * _ROW + 2)
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < count - 1)
        self.remove.setEnabled(at >= 0)

    # ways in

    def _left(self) -> None:
        self.take_typed()
        self.left.emit()

    def _ask(self) -> None:
        pattern = " ".join(f"*{end}" for end in self._suffixes)
        everything = tr("All files (*)")
        kinds = f"{self._name} ({pattern});;{everything}" if pattern else everything
        paths, _ = QFileDialog.getOpenFileNames(self, self._name, "", kinds)
        if paths:
            self.add(paths)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_by(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_chosen()
            return True
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
