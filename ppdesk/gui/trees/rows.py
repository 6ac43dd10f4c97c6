"""The tree view that columns and editor share: chevrons of the set, a bar for counts."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.look import color, font
from ppdesk.gui.trees.model import LEVEL, LOSS, NAME, Node, TreesModel

Index = QModelIndex | QPersistentModelIndex
COLUMN_ROW, ROW = 25, 22  # px
BAR_WIDE, _BAR_HIGH, _SIDE = 84, 6, 12  # px
_STEP, _CHEVRON = 16, 14


class Rows(QStyledItemDelegate):
    """Names, bars and counts. The level in use is bold, and its bars are in the accent colour."""

    def __init__(self, view: "TreeView") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, COLUMN_ROW if self._view.trees.is_column(index) else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place: Any = option.rect
        trees, column = self._view.trees, index.column()
        node, branch = trees.node(index), trees.branch(index)
        in_use = node is not None and node.level == branch.level
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if column == LEVEL:
            if node is not None:
                self._bar(painter, QRectF(place), node, accent=in_use)
            painter.restore()
            return
        words = str(index.data() or "")
        is_column = trees.is_column(index)
        opened = is_column and self._view.isExpanded(index.sibling(index.row(), 0))
        painter.setFont(font("strong" if in_use or (opened and column == NAME) else "body"))
        quiet = not is_column and not in_use and not (node is not None and node.level == 0)
        note = node is None and not is_column
        painter.setPen(color("text3" if note else "text2" if quiet and column == NAME else "text"))
        right = column == LOSS
        rect = place.adjusted(2 if not right else 4, 0, -_SIDE if right else -4, 0)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _bar(self, painter: QPainter, place: QRectF, node: Node, *, accent: bool) -> None:
        branch = self._view.trees.branches[node.column]
        count = branch.count(node)
        if count is None:
            return
        left = max(place.x(), place.right() - BAR_WIDE - 4)
        track = QRectF(left, place.center().y() - _BAR_HIGH / 2, BAR_WIDE, _BAR_HIGH)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(track, 2, 2)
        if count and branch.records:
            track.setWidth(max(1.5, BAR_WIDE * count / branch.records))
            painter.setBrush(color("accent" if accent else "c0"))
            painter.drawRoundedRect(track, min(2, track.width() / 2), 2)


class TreeView(QTreeView):
    """A tree of the model. `opened` says which column's row was opened."""

    opened = Signal(QModelIndex)

    def __init__(self, trees: TreesModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trees, self.by_keys = trees, False
        self.setModel(trees)
        self.setItemDelegate(Rows(self))
        self.setProperty("rows", "true")
        self.setIndentation(_STEP)
        self.setAnimated(False)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)
        self.expanded.connect(self.opened)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown: Any = option
        first = index.sibling(index.row(), 0)
        row = QRect(0, shown.rect.y(), self.viewport().width(), shown.rect.height())
        if self.selectionModel().isSelected(first):
            painter.fillRect(row, color("accent_soft"))
        if self.trees.is_column(index):
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(QPointF(row.left(), row.top() + 0.5), QPointF(row.right(), row.top() + 0.5))
        super().drawRow(painter, option, index)
        if self.hasFocus() and self.by_keys and first == self.currentIndex().siblingAtColumn(0):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(QRectF(row).adjusted(2, 2, -2, -2), 4, 4)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if not self.trees.hasChildren(index):
            return
        name = "chevron-down" if self.isExpanded(index) else "chevron-right"
        left = rect.right() - _CHEVRON
        place = QRectF(left, rect.center().y() - _CHEVRON / 2 + 1, _CHEVRON, _CHEVRON)
        draw_icon(painter, name, place, color("text2"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.by_keys = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.by_keys = True
        current = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and current.isValid():
            self.setExpanded(current.siblingAtColumn(0), not self.isExpanded(current.siblingAtColumn(0)))
            return
        super().keyPressEvent(event)
        self.viewport().update()
