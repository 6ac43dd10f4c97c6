"""The pages of the auditor's window: summary, timeline, lists, and findings to run again."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ppdesk.core.section import Section
from ppdesk.gui.auditor.again_card import AgainCard
from ppdesk.gui.auditor.sum_card import SumCard
from ppdesk.gui.auditor.verdict_rows import JudgedCard
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import GAP, LOW_WINDOW, MARGIN
from ppdesk.gui.pages.history_card import TimelineCard
from ppdesk.gui.pages.history_event import EventPane
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import draw_state
from ppdesk.gui.results import BlockGrid, Render, page_area, scrolled
from ppdesk.gui.timeline import Line
from ppdesk.workbench.auditing.views import Overview
from ppdesk.workbench.remaking.recheck import Offer
from ppdesk.workbench.remaking.views import Remade

Index = QModelIndex | QPersistentModelIndex
_INDENT = 11  # px: what the head of a table keeps free before its words
_SIDE = 348  # px of the column at the right


def _filled(around: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(around)
    column.setContentsMargins(MARGIN, 0, MARGIN, 16)
    column.setSpacing(GAP)
    return column


class SummaryPage(QWidget):
    """Judgements above; timeline, budget and one finding below."""

    def __init__(self) -> None:
        super().__init__()
        self.judged, self.timeline = JudgedCard(), TimelineCard()
        self.sum, self.again = SumCard(), AgainCard(few=True)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 4, 0)  # a card keeps its border beside the scroll bar
        column.setSpacing(GAP)
        column.addWidget(self.sum)
        column.addWidget(self.again)
        column.addStretch(1)
        self._side = scrolled(side, tr("Budget and a finding"))
        body = QHBoxLayout()
        body.setSpacing(GAP)
        body.addWidget(self.timeline, 1)
        body.addWidget(self._side)
        whole = _filled(self)
        whole.addWidget(self.judged)
        whole.addLayout(body, 1)

    def put(self, found: Overview, lines: Sequence[Line]) -> None:
        """Show what was found."""
        self.judged.put(found.judged)
        self.timeline.put(lines)
        self.sum.put(found.budget)
        self.again.put_offer(found.offers[0] if found.offers else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.judged.low(on=self.window().height() < LOW_WINDOW)
        self._side.setFixedWidth(_SIDE + 16 if self.width() > 1060 else 312)


class TimelinePage(QWidget):
    """Every event, and the record of the chosen one."""

    def __init__(self, render: Render) -> None:
        super().__init__()
        self.timeline, self.pane = TimelineCard(), EventPane(render)
        self.timeline.kind.put("all")
        body = QHBoxLayout()
        body.setSpacing(GAP)
        body.addWidget(self.timeline, 1)
        body.addWidget(self.pane)
        _filled(self).addLayout(body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pane.setFixedWidth(360 if self.width() > 1120 else 300)


class ListPage(QWidget):
    """A list of evidence: the blocks of a section."""

    def __init__(self, name: str, render: Render) -> None:
        super().__init__()
        self._name, self._render = name, render
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.shown: Section | None = None

    def put(self, section: Section) -> None:
        """Show `section`."""
        if section == self.shown:
            return
        self.shown = section
        emptied(self._column)
        grid = BlockGrid(section.blocks, self._render)
        self._column.addWidget(page_area(grid, self._name, left=MARGIN))


class _Offers(QAbstractTableModel):
    """What can be made again, and what came of it."""

    HEADS = ("Event", "Step", "Finding", "Result")

    def __init__(self) -> None:
        super().__init__()
        self.offers: Sequence[Offer] = ()
        self.results: dict[tuple[int, str], Remade] = {}

    def put(self, offers: Sequence[Offer]) -> None:
        self.beginResetModel()
        self.offers, self.results = offers, {}
        self.endResetModel()

    def result(self, remade: Remade) -> None:
        self.results[remade.event, remade.what] = remade
        for at, offer in enumerate(self.offers):
            if (offer.event, offer.what) == (remade.event, remade.what):
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.HEADS) - 1))

    def of(self, row: int) -> Remade | None:
        offer = self.offers[row]
        return self.results.get((offer.event, offer.what))

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.offers)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> str | None:
        wanted = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return told(self.HEADS[section]) if wanted else None

    def data(self, index: Index, role: int = 0) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        offer, remade = self.offers[index.row()], self.of(index.row())
        result = told(remade.verdict) if remade is not None else tr("not run again yet")
        return (str(offer.event), offer.of, told(offer.title), result)[index.column()]


class _Cell(QStyledItemDelegate):
    """Words that begin where the head of their column does."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        moved = QStyleOptionViewItem(option)
        moved.rect = option.rect.adjusted(_INDENT if index.column() == 0 else _INDENT - 6, 0, 0, 0)
        super().paint(painter, moved, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(2 * _INDENT, 0)


class _Result(QStyledItemDelegate):
    """The shape before the word of a result."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        moved = QStyleOptionViewItem(option)
        model = index.model()
        remade = model.of(index.row()) if isinstance(model, _Offers) else None
        area = QRectF(option.rect)
        moved.rect = option.rect.adjusted(20, 0, 0, 0)
        super().paint(painter, moved, index)
        shape = (
            "todo" if remade is None else "off" if not remade.made else "done" if remade.same else "failed"
        )
        draw_state(painter, shape, QRectF(area.left() + 6, area.center().y() - 7, 14, 14))


class AgainPage(QWidget):
    """Choose a finding, run it again, or all of them. `asked` says event and kind."""

    asked = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.model, self.table = _Offers(), QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(_Cell(self.table))
        self.table.setItemDelegateForColumn(3, _Result(self.table))
        self.table.setAccessibleName(tr("Findings that can be run again"))
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(28)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for narrow in (0, 1):
            head.setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._chosen(now.row()))
        self.table.activated.connect(lambda index: self._ask(index.row()))
        self.card = AgainCard(few=False)
        self.card.asked.connect(lambda: self._ask(self.table.currentIndex().row()))
        list_ = Card(flush=True)
        list_.add(self.table, 1)
        list_.setAccessibleName(tr("Findings that can be run again"))
        body = QHBoxLayout()
        body.setSpacing(GAP)
        body.addWidget(list_, 1)
        body.addWidget(self.card, 1)
        _filled(self).addLayout(body, 1)

    def put(self, offers: Sequence[Offer]) -> None:
        """Show `offers`, none of them run yet."""
        self.model.put(offers)
        self.card.put_offer(offers[0] if offers else None)
        if offers:
            self.table.selectRow(0)

    def put_result(self, remade: Remade) -> None:
        """Keep a result, and show it where its finding is the chosen one."""
        self.model.result(remade)
        at = self.table.currentIndex().row()
        if at >= 0 and self.model.of(at) is remade:
            self.card.put(remade)

    def choose(self, seq: int, what: str) -> None:
        """Choose a finding."""
        for at, offer in enumerate(self.model.offers):
            if (offer.event, offer.what) == (seq, what):
                self.table.selectRow(at)

    def _chosen(self, row: int) -> None:
        if not 0 <= row < len(self.model.offers):
            return
        remade = self.model.of(row)
        if remade is not None:
            self.card.put(remade)
        else:
            self.card.put_offer(self.model.offers[row])

    def _ask(self, row: int) -> None:
        if 0 <= row < len(self.model.offers):
            offer = self.model.offers[row]
            self.asked.emit(offer.event, offer.what)


TITLES: Mapping[str, tuple[str, str]] = {
    "summary": (
        "Summary",
        "What was done with the data, whether the record is whole, and what is still open.",
    ),
    "timeline": ("Timeline", "Every event in its order: who did what, when, and why."),
    "budget": ("Budget", "Each reservation on record, and the sum after it. No total is stored anywhere."),
    "findings": ("Findings", "What the checks of each step remarked, and whether it still stands."),
    "standard": ("Standard and limits", "The limits that were in force, who chose them, and their sources."),
    "decisions": ("Decisions", "What people decided, and the reasons they gave."),
    "signatures": ("Signatures", "Who vouches for the history, up to where, and with which key."),
    "reports": ("Reports", "What left the project, and the hash of each."),
    "models": ("Models", "What was trained and deployed, and at which cost."),
    "again": ("Run again", "Findings made anew from the record, without a row about a person."),
}
