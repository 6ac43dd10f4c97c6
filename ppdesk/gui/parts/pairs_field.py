"""Values and what they become: two columns to type or to paste into, with always one empty row more."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from ppdesk.gui.parts.text import restyle

_ROW, _HEAD, _MOST = 28, 26, 7  # px; rows shown at once


class PairsField(QTableWidget):
    """(value, what it becomes) in the order of the rows. Empty rows count for nothing."""

    edited = Signal()

    def __init__(self, name: str, left: str, right: str, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels([left, right])
        self.setProperty("boxed", True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setFixedHeight(_HEAD)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.itemChanged.connect(self._changed)
        self.put({})

    def put(self, pairs: Mapping[str, str]) -> None:
        self.blockSignals(True)
        self.setRowCount(0)
        for row, (old, new) in enumerate(pairs.items()):
            self._row(row, old, new)
        self._row(len(pairs), "", "")
        self.blockSignals(False)
        self._fit()

    def pairs(self) -> list[tuple[str, str]]:
        """What stands in the rows, without the empty ones."""
        both = [(self._words(row, 0), self._words(row, 1)) for row in range(self.rowCount())]
        return [pair for pair in both if any(pair)]

    def mark(self, wrong: bool) -> None:
        restyle(self, "wrong", wrong)

    def _words(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text() if item is not None else ""

    def _row(self, row: int, old: str, new: str) -> None:
        self.insertRow(row)
        for column, words in enumerate((old, new)):
            self.setItem(row, column, QTableWidgetItem(words))

    def _fit(self) -> None:
        self.setFixedHeight(_HEAD + min(_MOST, max(3, self.rowCount())) * _ROW + 3)

    def _changed(self) -> None:
        last = self.rowCount() - 1
        if last < 0 or self._words(last, 0) or self._words(last, 1):
            self.blockSignals(True)
            self._row(last + 1, "", "")
            self.blockSignals(False)
            self._fit()
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() == Qt.Key.Key_Delete and self.rowCount() > 1:
            self._remove()
        else:
            super().keyPressEvent(event)

    def _remove(self) -> None:
        for row in sorted({at.row() for at in self.selectedIndexes()}, reverse=True):
            if row < self.rowCount() - 1:
                self.removeRow(row)
        self._fit()
        self.edited.emit()

    def _paste(self) -> None:
        """Two columns from a table of another program; one column fills the one that is current."""
        row, column = max(0, self.currentRow()), max(0, self.currentColumn())
        self.blockSignals(True)
        for line in QGuiApplication.clipboard().text().splitlines():
            cells = line.split("\t")[:2]
            while row >= self.rowCount():
                self._row(self.rowCount(), "", "")
            for place, words in enumerate(cells if len(cells) > 1 else [""] * column + cells):
                if len(cells) > 1 or place == column:
                    self.setItem(row, place, QTableWidgetItem(words))
            row += 1
        self.blockSignals(False)
        self._changed()
