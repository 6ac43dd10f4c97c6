"""A step's result: key figures, words, tables and figures as cards, in one or two columns or as tabs."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ppdesk.core.section import Block, Figures, Plot, Section, Table, Words
from ppdesk.gui.look import GAP, color, font, look
from ppdesk.gui.parts.cards import Banner, Card, FigureStrip
from ppdesk.gui.parts.text import Flow, text

Index = QModelIndex | QPersistentModelIndex
Render = Callable[[Plot, str, int, int, float, Callable[[bytes], None]], None]
_NARROW = 640  # px; below this width everything stands in one column
_ROW, _HEAD, _MOST_ROWS = 28, 26, 16


class TableModel(QAbstractTableModel):
    """Worded cells; the columns in `right` hold numbers."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.table.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.table.header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.header[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        words = self.table.rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.FontRole and index.column() == 0:
            return _bold()
        if (
            role == Qt.ItemDataRole.ForegroundRole
            and index.column() > 0
            and index.column() not in self.table.right
        ):
            return QColor(color("text2"))
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.table.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def _bold() -> QFont:
    return font("strong")


class TableView(QTableView):
    """A table that is as high as its rows, up to a number of them. Ctrl C copies the chosen cells."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.setModel(TableModel(table))
        self.setAccessibleName(table.title)
        self.setAccessibleDescription(table.caption)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(_HEAD)
        head.setVisible(any(table.header))
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        head.setMaximumSectionSize(420)
        shown = min(len(table.rows), _MOST_ROWS)
        self._whole = shown * _ROW + (_HEAD if any(table.header) else 0) + 1
        self.setFixedHeight(self._whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.horizontalScrollBar()
        self.setFixedHeight(self._whole + (12 if bar.maximum() > 0 else 0))

    def keyPressEvent(self, event: Any) -> None:
        if event.matches(event_copy()):
            self._copy()
            return
        super().keyPressEvent(event)

    def _copy(self) -> None:
        chosen = sorted(self.selectedIndexes(), key=lambda at: (at.row(), at.column()))
        lines: dict[int, list[str]] = {}
        for at in chosen:
            lines.setdefault(at.row(), []).append(str(at.data()))
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))


def event_copy() -> Any:
    from PySide6.QtGui import QKeySequence

    return QKeySequence.StandardKey.Copy


class PlotView(QWidget):
    """A figure, drawn in the worker at the screen's resolution, with words for those who cannot see it."""

    def __init__(self, plot: Plot, render: Render) -> None:
        super().__init__()
        self._plot, self._render = plot, render
        self._picture: QPixmap | None = None
        self._asked = self._shown = (0, "", 0.0)
        self.setFixedHeight(plot_height(plot))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Chart: {plot.title}")
        self.setAccessibleDescription(plot.caption)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(60)
        self._soon.timeout.connect(self._ask)
        look().changed.connect(self._soon.start)

    @property
    def current(self) -> bool:
        """Whether the figure is shown as the window and the theme are now."""
        return self._picture is not None and self._shown == self._wish()

    def _wish(self) -> tuple[int, str, float]:
        return self.width(), look().palette.name, self.devicePixelRatioF()

    def sizeHint(self) -> QSize:
        return QSize(360, plot_height(self._plot))

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
        self._render(self._plot, wish[1], wish[0], self.height(), wish[2], lambda png: self._put(png, wish))

    def _put(self, png: bytes, wish: tuple[int, str, float]) -> None:
        from shiboken6 import isValid

        if not isValid(self):
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
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drawing the chart")
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(0, 0, self._picture)


def plot_height(plot: Plot) -> int:
    """Height in px: charts with one row per item grow with the longest list among their values.

    (`ppdesk.report.figures.natural_height` knows better, but would bring matplotlib into this process.)
    """
    if plot.name in ("column_loss", "drift", "utility", "budget", "epsilon_words", "fairness"):
        rows = max((len(one) for one in plot.values.values() if isinstance(one, list | tuple)), default=1)
        return min(560, 26 * rows + 74)
    return 290


def _half(block: Block) -> bool:
    """Whether two such blocks fit side by side."""
    return isinstance(block, Plot) or (isinstance(block, Table) and len(block.header) <= 3 and _short(block))


def _short(table: Table) -> bool:
    longest = [max((len(row[at]) for row in table.rows), default=0) for at in range(len(table.header))]
    return sum(longest) <= 46


class BlockGrid(QWidget):
    """Blocks one below the other; two narrow ones side by side where there is room."""

    def __init__(self, blocks: Sequence[Block], render: Render) -> None:
        super().__init__()
        self._halves = [_half(block) for block in blocks]
        self._cells = [self._cell(block, render) for block in blocks]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._columns = 0
        self._arrange(2)

    def _cell(self, block: Block, render: Render) -> QWidget:
        if isinstance(block, Words):
            if block.tone == "plain":
                return Flow(block.text)
            first, dot, rest = block.text.partition(". ")
            return Banner(block.tone, first + dot.strip(), rest)
        if isinstance(block, Figures):
            return FigureStrip(block.items)
        if isinstance(block, Table):
            card = Card(block.title, flush=True)
            card.add(TableView(block))
            if block.caption:
                note = text(block.caption, "caption", wrap=True)
                note.setContentsMargins(15, 7, 15, 8)
                card.add(note)
            return card
        card = Card(block.title)
        card.add(PlotView(block, render))
        if block.caption:
            card.add(text(block.caption, "caption", wrap=True))
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= _NARROW else 1)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for cell in self._cells:
            self._grid.removeWidget(cell)
        row = at = 0
        while at < len(self._cells):
            pair = columns == 2 and self._halves[at] and at + 1 < len(self._cells) and self._halves[at + 1]
            if pair:
                self._grid.addWidget(self._cells[at], row, 0, Qt.AlignmentFlag(0))
                self._grid.addWidget(self._cells[at + 1], row, 1, Qt.AlignmentFlag(0))
            else:
                self._grid.addWidget(self._cells[at], row, 0, 1, 2)
            at += 2 if pair else 1
            row += 1
        self._grid.setRowStretch(row, 1)


def scrolled(inside: QWidget, name: str) -> QScrollArea:
    """`inside` in an area that scrolls up and down."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setWidget(inside)
    return area


def section_view(section: Section, render: Render, *, low: bool) -> QWidget:
    """The result. In a low window charts and tables stand under tabs, one click away."""
    kinds: list[tuple[str, list[Block]]] = [
        ("Summary", [b for b in section.blocks if isinstance(b, Words | Figures)]),
        ("Charts", [b for b in section.blocks if isinstance(b, Plot)]),
        ("Tables", [b for b in section.blocks if isinstance(b, Table)]),
    ]
    filled = [(name, blocks) for name, blocks in kinds if blocks]
    if not low or len(filled) < 2:
        return scrolled(padded(BlockGrid(section.blocks, render)), f"Result of {section.title}")
    tabs = QTabWidget()
    tabs.setDocumentMode(True)
    tabs.setAccessibleName(f"Result of {section.title}")
    tabs.tabBar().setAccessibleName(f"Parts of the result of {section.title}")
    for name, blocks in filled:
        inside = padded(BlockGrid(blocks, render), top=12)
        tabs.addTab(scrolled(inside, f"{section.title}: {name}"), name)
    return tabs


def padded(inside: QWidget, top: int = 0) -> QWidget:
    """`inside` with room at the right for the scroll bar."""
    around = QWidget()
    column = QVBoxLayout(around)
    column.setContentsMargins(0, top, 24, 12)
    column.addWidget(inside)
    return around
