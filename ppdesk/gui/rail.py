"""The rail: seven stages and their steps, each with shape, word and colour. Keys work as in a tree."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPen,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from ppdesk.core.wording import percent
from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.menus import LINE, Entry, show_menu
from ppdesk.gui.parts.states import ROLES, draw_state
from ppdesk.gui.rail_marks import Mark, plain, rolled_up
from ppdesk.gui.words import title
from ppdesk.workflow.navigation import Place
from ppdesk.workflow.stages import Stage

Index = QModelIndex | QPersistentModelIndex
_KEY = Qt.ItemDataRole.UserRole + 1  # step key; empty for a stage
_STAGE = Qt.ItemDataRole.UserRole + 2  # number of the stage
_SHAPE = Qt.ItemDataRole.UserRole + 3
_WORD = Qt.ItemDataRole.UserRole + 4
_SHARE = Qt.ItemDataRole.UserRole + 5
_STAGE_ROW, _STEP_ROW, _LAST_ROW = 36, 30, 34
_WIDEST_WORD = 110  # px of the word at the right; the tooltip says it all
_RIGHT = 15  # px from the right edge to the word


class _Rows(QStyledItemDelegate):
    """Draws stage rows and step rows."""

    def __init__(self, rail: "Rail") -> None:
        super().__init__(rail)
        self._rail = rail

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        if not index.data(_KEY):
            return QSize(240, _STAGE_ROW)
        last = index.row() == index.model().rowCount(index.parent()) - 1
        return QSize(240, _LAST_ROW if last else _STEP_ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: Any = option.rect
        rect = QRectF(0, area.y(), self._rail.viewport().width(), area.height())
        state: Any = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus) and self._rail.hasFocus()
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if index.data(_KEY):
            rect.setHeight(_STEP_ROW)
            self._step(painter, rect, index, hovered=hovered)
        else:
            self._stage(painter, rect, index, hovered=hovered)
        if focused and self._rail.by_keys:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(rect.adjusted(5, 2, -5, -2), 4, 4)
        painter.restore()

    def _step(self, painter: QPainter, rect: QRectF, index: Index, *, hovered: bool) -> None:
        here = index.data(_KEY) == self._rail.page
        paper = "accent_soft" if here else "hover" if hovered else "sunken"
        if paper != "sunken":
            painter.fillRect(rect, color(paper))
        if here:
            painter.fillRect(QRectF(0, rect.y(), 3, rect.height()), color("accent"))
        self._thread(painter, rect, index)
        shape = index.data(_SHAPE)
        drawn = "current" if here and shape == "todo" else shape
        place = QRectF(16, rect.y() + 7, 16, 16)
        painter.fillRect(place.adjusted(0, -1, 0, 1), color(paper))
        draw_state(painter, drawn, place, share=index.data(_SHARE) or 0.0, paper=color(paper))
        metrics = QFontMetrics(font("caption"))
        word = metrics.elidedText(index.data(_WORD) or "", Qt.TextElideMode.ElideMiddle, _WIDEST_WORD)
        width = metrics.horizontalAdvance(word)
        words = QRectF(41, rect.y(), rect.width() - 41 - _RIGHT - width - 8, rect.height())
        painter.setFont(font("strong" if here else "body"))
        painter.setPen(color("text" if here else "text2"))
        name = QFontMetrics(painter.font()).elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideMiddle, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        self._word(painter, rect, word, color(ROLES[shape][0]) if shape != "todo" else color("text3"), _RIGHT)

    def _thread(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """The line that chains the steps of a stage."""
        painter.setPen(QPen(color("line"), 1))
        top = rect.y() if index.row() > 0 else rect.center().y()
        last = index.row() == index.model().rowCount(index.parent()) - 1
        bottom = rect.center().y() if last else rect.bottom()
        painter.drawLine(QPointF(24, top), QPointF(24, bottom))

    def _stage(self, painter: QPainter, rect: QRectF, index: Index, *, hovered: bool) -> None:
        if hovered:
            painter.fillRect(rect, color("hover"))
        number, middle = index.data(_STAGE), rect.center().y()
        current = number == self._rail.page_stage
        disc = QRectF(14.5, middle - 9.5, 19, 19)
        painter.setPen(QPen(color("accent" if current else "edge"), 1))
        painter.setBrush(color("accent") if current else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc)
        painter.setFont(font("head"))
        painter.setPen(color("on_accent" if current else "text2"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        name = rect.adjusted(44, 0, -40, 0)
        rolled = 0 if self._rail.isExpanded(index) else self._rolled_width(index)
        words = QFontMetrics(painter.font()).elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideMiddle, int(name.width() - rolled)
        )
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        is_open = self._rail.isExpanded(index)
        chevron = QRectF(rect.width() - 28, middle - 8, 16, 16)
        draw_icon(painter, "chevron-down" if is_open else "chevron-right", chevron, color("text2"))
        if not is_open:
            self._roll_up(painter, rect, index)

    def _rolled_width(self, index: Index) -> int:
        word = index.data(_WORD) or ""
        shape = 22 if index.data(_SHAPE) else 0
        return shape + (QFontMetrics(font("caption")).horizontalAdvance(word) + 6 if word else 0)

    def _roll_up(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        shape, word = index.data(_SHAPE), index.data(_WORD) or ""
        right = 36.0
        if word:
            tint = color(ROLES[shape][0]) if shape else color("text3")
            right += self._word(painter, rect, word, tint, right) + 6
        if shape:
            place = QRectF(rect.width() - right - 16, rect.center().y() - 8, 16, 16)
            draw_state(painter, shape, place, paper=color("sunken"))

    def _word(self, painter: QPainter, rect: QRectF, word: str, tint: QColor, right: float) -> float:
        painter.setFont(font("caption"))
        painter.setPen(tint)
        place = rect.adjusted(0, 0, -right, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, word)
        return QFontMetrics(font("caption")).horizontalAdvance(word)


class Rail(QTreeView):
    """The seven stages. `asked` says which step a person wants to see."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page, self.page_stage, self.by_keys = "", 0, False
        self._items: dict[str, QStandardItem] = {}
        self._stages: dict[Stage, QStandardItem] = {}
        self._marks: dict[str, Mark] = {}
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Rows(self))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAnimated(False)
        self.setAccessibleName(tr("Stages and steps"))
        self.clicked.connect(self._clicked)

    def show_places(self, places: Sequence[Place], marks: Mapping[str, Mark] | None = None) -> None:
        """Show how the steps stand: as `marks` say, else as their places alone do. The tree is made at the
        first call and changed in place after that."""
        if not self._items:
            self._build(places)
        self._marks = dict(marks or plain(places))
        for key, mark in self._marks.items():
            item = self._items[key]
            item.setData(mark.shape, _SHAPE)
            item.setData(mark.word, _WORD)
            item.setData(mark.spoken, Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(mark.why or mark.spoken)
        for stage in self._stages:
            shape, word, said = rolled_up([self._marks[p.key] for p in places if p.stage is stage])
            self._roll(stage, shape, word, said)

    def _roll(self, stage: Stage, shape: str, word: str, said: str) -> None:
        item = self._stages[stage]
        item.setData(shape, _SHAPE)
        item.setData(word, _WORD)
        name = tr("Stage {number}, {stage}, {state}", number=int(stage), stage=told(stage.title), state=said)
        item.setData(name, Qt.ItemDataRole.AccessibleTextRole)
        item.setToolTip(name)

    def _build(self, places: Sequence[Place]) -> None:
        for stage in Stage:
            parent = QStandardItem(told(stage.title))
            parent.setData(int(stage), _STAGE)
            parent.setData("", _KEY)
            self._rows.appendRow(parent)
            self._stages[stage] = parent
            for place in places:
                if place.stage is stage:
                    child = QStandardItem(title(place.key))
                    child.setData(place.key, _KEY)
                    child.setData(int(stage), _STAGE)
                    parent.appendRow(child)
                    self._items[place.key] = child

    def show_page(self, key: str) -> None:
        """Mark the step whose page is shown, and open its stage."""
        item = self._items[key]
        self.page, self.page_stage = key, item.data(_STAGE)
        self.expand(item.parent().index())
        self.setCurrentIndex(item.index())
        self.scrollTo(item.index())
        self.viewport().update()

    def show_none(self) -> None:
        """No step's page is shown."""
        self.page, self.page_stage = "", 0
        self.viewport().update()

    def show_running(self, key: str, share: float) -> None:
        """Show the progress of the step that runs."""
        item = self._items[key]
        item.setData("running", _SHAPE)
        item.setData(percent(share, 0), _WORD)
        item.setData(share, _SHARE)

    def stages_open(self) -> frozenset[int]:
        """The numbers of the stages whose steps are shown."""
        return frozenset(int(one) for one, item in self._stages.items() if self.isExpanded(item.index()))

    def open_stages(self, numbers: Collection[int]) -> None:
        """Show the steps of these stages, besides those that are shown."""
        for stage, item in self._stages.items():
            if int(stage) in numbers:
                self.expand(item.index())

    def place_of(self, key: str) -> QRectF:
        """Where the row of `key` is, in the viewport."""
        return QRectF(self.visualRect(self._items[key].index()))

    def open_stage_of(self, key: str) -> None:
        """Show the steps of its stage, and the row of `key` itself."""
        self.expand(self._items[key].parent().index())
        self.scrollTo(self._items[key].index())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.currentIndex() if by_keys else self.indexAt(event.pos())
        place = (
            self.viewport().mapToGlobal(self.visualRect(at).bottomLeft()) if by_keys else event.globalPos()
        )
        show_menu(self, self.entries(at), tr("Step"), place)

    def entries(self, index: QModelIndex) -> list[Entry]:
        """What the context menu over a step or a stage says."""
        entries = []
        if index.isValid():
            key, shown = index.data(_KEY), self.isExpanded(index)
            words = (
                tr("Open the page") if key else tr("Put the steps away") if shown else tr("Show the steps")
            )
            entries = [Entry(words, lambda: self._go(index)), LINE]
        return [
            *entries,
            Entry(tr("Show all steps"), self.expandAll),
            Entry(tr("Put all steps away"), self.collapseAll),
        ]

    def _clicked(self, index: QModelIndex) -> None:
        self.by_keys = False
        self._go(index)

    def _go(self, index: QModelIndex) -> None:
        key = index.data(_KEY)
        if key:
            self.asked.emit(key)
        elif index.isValid():
            self.setExpanded(index, not self.isExpanded(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.by_keys = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._go(self.currentIndex())
            return
        super().keyPressEvent(event)
        self.viewport().update()
