"""A step's result: key figures, words, tables and figures as cards, in one or two columns or as tabs."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ppdesk.core.section import Answer, Block, Figures, Plot, Section, Table, Words
from ppdesk.gui import arrangement
from ppdesk.gui.arrangement import Spot
from ppdesk.gui.gradual import Gradual
from ppdesk.gui.language import language, tr
from ppdesk.gui.look import GAP, MARGIN, color, look
from ppdesk.gui.parts.cards import Banner, Card, FigureStrip, ListCard
from ppdesk.gui.parts.menus import LINE, Entry, press_entry, show_menu
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.saving import figure_entries
from ppdesk.gui.snapshot import Wish
from ppdesk.gui.spoken_blocks import spoken

Render = Callable[[Plot, Wish, Callable[[bytes], None]], None]
Special = Callable[[Block], QWidget | None]  # what stands on the screen in place of a block, if anything
_ROWS = (
    "column_loss", "noisy_counts", "drift", "utility", "budget", "epsilon_words", "fairness", "associations",
    "risk_bars", "drift_over_time",
)  # fmt: skip


class PlotView(QWidget):
    """A figure, drawn in the worker at the screen's resolution, with words for those who cannot see it."""

    def __init__(self, plot: Plot, render: Render) -> None:
        super().__init__()
        self._plot, self._render = plot, render
        self._picture: QPixmap | None = None
        self._asked: Wish | None = None
        self._shown: Wish | None = None
        self.setFixedHeight(plot_height(plot))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Chart: {title}", title=plot.title))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleDescription(plot.caption)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(60)
        self._soon.timeout.connect(self._ask)
        look().changed.connect(self._soon.start)

    def put(self, plot: Plot) -> None:
        """Show other values of the same figure; what is shown stays until they are drawn."""
        if plot != self._plot:
            self._plot, self._asked, self._shown = plot, None, None
            self.setAccessibleDescription(plot.caption)
            self._soon.start()

    @property
    def current(self) -> bool:
        """Whether the figure is shown as the window and the theme are now."""
        return self._picture is not None and self._shown == self._wish()

    def _wish(self) -> Wish:
        size = (self.width(), self.height(), self.devicePixelRatioF())
        return Wish(look().palette.name, *size, language().value)

    def sizeHint(self) -> QSize:
        return QSize(360, plot_height(self._plot))

    def entries(self) -> list[Entry]:
        """What the context menu over the chart says."""
        wait = "" if self._picture is not None else tr("The chart is being drawn")
        return [
            Entry(tr("Copy picture"), self._copy, "Ctrl+C", wait),
            LINE,
            *figure_entries(self, self._plot),
        ]

    def _copy(self) -> None:
        if self._picture is not None:
            QGuiApplication.clipboard().setPixmap(self._picture)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        show_menu(self, self.entries(), tr("Chart"), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_entry(event, self.entries()):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon.start()

    def _ask(self) -> None:
        wish = self._wish()
        if wish == self._asked or not self.isVisible() or self.width() < 120:
            return
        self._asked = wish
        plot = self._plot
        self._render(plot, wish, lambda png: self._put(png, wish, plot))

    def _put(self, png: bytes, wish: Wish, plot: Plot) -> None:
        from shiboken6 import isValid

        if not isValid(self) or plot is not self._plot:
            return  # the page moved on while the worker drew
        picture = QPixmap()
        picture.loadFromData(png, "PNG")
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture, self._shown = picture, wish
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture is None:
            painter.setPen(color("text3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Drawing the chart"))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(0, 0, self._picture)


def plot_height(plot: Plot) -> int:
    """Height in px: charts with one row per item grow with the longest list among their values.

    (`ppdesk.report.figures.natural_height` knows better, but would bring matplotlib into this process.)
    """
    rows = max((len(one) for one in plot.values.values() if isinstance(one, list | tuple)), default=1)
    if plot.name in _ROWS:
        return min(560, 26 * rows + 74)
    if plot.name == "claimed_measured":  # stands beside charts of fixed shape
        return min(560, max(290, 40 * rows + 122))
    return 290


class BlockGrid(QWidget):
    """Blocks one below the other; narrow ones side by side where there is room."""

    def __init__(
        self,
        blocks: Sequence[Block],
        render: Render,
        *,
        figures: int = 5,
        special: Special | None = None,
        gradual: bool = False,
    ) -> None:
        """`figures`: how many key figures stand side by side. `special` has the whole width. `gradual`: what
        does not fit into one turn of the event loop is made in the next ones, from the top."""
        super().__init__()
        self._figures = figures
        made = [special(block) if special is not None else None for block in blocks]
        self._blocks, self._own = blocks, [own is not None for own in made]
        cell = _room if gradual else partial(self._cell, render=render)
        self._cells = [own or cell(block) for block, own in zip(blocks, made, strict=True)]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        for column in range(arrangement.WHOLE):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, 1)  # all alike, so that thirds are thirds
        self._rows: list[list[Spot]] = []
        self._arrange(arrangement.NARROW)
        if gradual:
            left = [at for at, own in enumerate(self._own) if not own]
            Gradual(self).put([partial(self._make, at, render) for at in left])

    def _make(self, at: int, render: Render) -> None:
        """Put block number `at` where its room was kept."""
        room, cell = self._cells[at], self._cell(self._blocks[at], render)
        self._cells[at] = cell
        self._grid.replaceWidget(room, cell)
        room.hide()
        room.deleteLater()

    def _cell(self, block: Block, render: Render) -> QWidget:
        lists = arrangement.is_list(block) if isinstance(block, Table) else False
        block = spoken(block)
        if isinstance(block, Words):
            return _words(block)
        if isinstance(block, Figures):
            return FigureStrip(block.items, self._figures)
        if isinstance(block, Table):
            return ListCard(block) if lists else _table(block)
        if isinstance(block, Answer):
            card = Card(block.question)
            card.add(
                text(
                    block.text or tr("Nobody has answered yet."),
                    "text" if block.text else "caption",
                    wrap=True,
                )
            )
            card.add(text(block.by, "caption", wrap=True))
            return card
        card = Card(block.title)
        card.add(PlotView(block, render))
        if block.caption:
            card.add(text(block.caption, "caption", wrap=True))
        card.add(QWidget(), 1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange(self.width())

    def _arrange(self, width: int) -> None:
        rows = arrangement.rows(self._blocks, self._own, width)
        if rows == self._rows:
            return
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._rows = rows
        for cell in self._cells:
            self._grid.removeWidget(cell)
        for row, spots in enumerate(rows):
            column = 0
            for spot in spots:
                self._grid.addWidget(self._cells[spot.at], row, column, 1, spot.span)
                column += spot.span
        self._grid.setRowStretch(len(rows), 1)


def _room(block: Block) -> QWidget:
    """What keeps the room of a block that is not made yet."""
    room = QWidget()
    room.setMinimumHeight(round(arrangement.height(block)))
    return room


def _words(block: Words) -> QWidget:
    """A paragraph, or a remark whose first sentence is bold."""
    if block.tone == "plain":
        return Flow(block.text)
    first, dot, rest = block.text.partition(". ")
    if block.tone == "info" and not rest:
        return Banner("info", "", first)
    return Banner(block.tone, first + dot.strip(), rest)


def _table(block: Table) -> Card:
    card = Card(block.title, flush=True)
    card.add(TableView(block))
    if block.caption:
        note = text(block.caption, "caption", wrap=True)
        note.setContentsMargins(15, 7, 15, 8)
        card.add(note)
    card.add(QWidget(), 1)
    return card


def scrolled(inside: QWidget, name: str) -> QScrollArea:
    """`inside` in an area that scrolls up and down."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setWidget(inside)
    return area


def section_view(
    section: Section,
    render: Render,
    *,
    low: bool,
    special: Special | None = None,
    apart: Mapping[str, str] | None = None,
    gradual: bool = False,
) -> QWidget:
    """The result. In a low window charts and tables stand under tabs, one click away. `apart`: titles of
    blocks that have a tab of their own there, and its name. `gradual`: see `BlockGrid`."""
    own = apart or {}
    rest = [block for block in section.blocks if getattr(block, "title", "") not in own]
    kinds: list[tuple[str, list[Block]]] = [
        (tr("Summary"), [b for b in rest if isinstance(b, Words | Figures)]),
        *((name, [b for b in section.blocks if getattr(b, "title", "") == of]) for of, name in own.items()),
        (tr("Answers"), [b for b in rest if isinstance(b, Answer)]),
        (tr("Charts"), [b for b in rest if isinstance(b, Plot)]),
        (tr("Tables"), [b for b in rest if isinstance(b, Table)]),
    ]
    filled = [(name, blocks) for name, blocks in kinds if blocks]
    if not low or len(filled) < 2:
        grid = BlockGrid(section.blocks, render, special=special, gradual=gradual)
        return page_area(grid, tr("Result of {title}", title=section.title))
    tabs = QTabWidget()
    tabs.setAccessibleName(tr("Result of {title}", title=section.title))
    tabs.tabBar().setAccessibleName(tr("Parts of the result of {title}", title=section.title))
    for name, blocks in filled:
        grid = BlockGrid(blocks, render, special=special, gradual=gradual)
        tabs.addTab(page_area(grid, f"{section.title}: {name}", top=12), name)
    return tabs


def page_area(inside: QWidget, name: str, *, left: int = 0, top: int = 0, right: int = MARGIN) -> QScrollArea:
    """`inside` in an area that scrolls. The scroll bar takes its room from the right margin, so that nothing
    moves when it comes."""
    around = QWidget()
    column = QVBoxLayout(around)
    column.addWidget(inside)
    area = scrolled(around, name)

    def fit() -> None:
        bar = area.verticalScrollBar()
        column.setContentsMargins(left, top, right - (12 if bar.maximum() > 0 else 0), 12)

    area.verticalScrollBar().rangeChanged.connect(fit)
    fit()
    return area
