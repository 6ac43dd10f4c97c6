"""Tables of worded cells: as high as their rows, columns as wide as their words, long words wrap."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ppdesk.core.section import Table
from ppdesk.gui.language import marked, told, tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.menus import LINE, Entry, press_entry, show_menu
from ppdesk.gui.parts.states import draw_state
from ppdesk.gui.remembering import kind_of, remembering_of
from ppdesk.gui.saving import table_entries

Index = QModelIndex | QPersistentModelIndex
_ROW, _HEAD, _LINE, _BAR = 28, 26, 17, 12  # px
_HEAD_ROOM = 4  # px that the style leaves around a head besides
_MOST_ROWS, _MOST_LINES = 40, 6  # shown at once; the rest scrolls, and stands in the tooltip
_SIDE, _EDGE = 8, 15  # px beside the words, and at the card's edge
_SHAPE = 16 + 8  # px of a state's shape before its word
# what a column of this head says -> the shape before it; the word alone says it, too
_VERDICTS = {
    "In line": "done", "Nothing found": "done", "Over the limit": "look", "Claim is false": "failed",
    "Not run": "off",
}  # fmt: skip
_VERDICT = "Verdict"
_FIRST_NUMBER = re.compile(r"[^\w.,+-]*\s*([-\u2212])?(?:\u03b5 )?(\d[\d,]*(?:\.\d+)?)")
_NARROWEST, _WORD = 72, 200  # px that a column of words keeps when there is no room; for a word, at most


def sorted_rows(table: Table, column: int, *, down: bool) -> Table:
    """The table by one column: numbers as numbers, words by their letters, empty cells last."""
    keyed = [(key, at) for at, row in enumerate(table.rows) if (key := _sort_key(row[column])) is not None]
    filled = [at for _, at in sorted(keyed, key=lambda pair: pair[0], reverse=down)]
    empty = [at for at, row in enumerate(table.rows) if _sort_key(row[column]) is None]
    return replace(table, rows=tuple(table.rows[at] for at in (*filled, *empty)))


def _sort_key(cell: str) -> tuple[int, float, str] | None:
    """Numbers before words; None for an empty cell."""
    words = cell.strip()
    if not words:
        return None
    found = _FIRST_NUMBER.match(words)
    if found is None:
        return 1, 0.0, words.casefold()
    number = float(found[2].replace(",", ""))
    return 0, -number if found[1] else number, words.casefold()


class TableModel(QAbstractTableModel):
    """Worded cells; the columns in `right` hold numbers."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table
        self._order: tuple[int, bool] | None = None

    def put(self, table: Table, order: tuple[int, bool] | None) -> None:
        """The same rows in another order: by which column, and whether downwards."""
        self.beginResetModel()
        self.table, self._order = table, order
        self.endResetModel()

    def mark(self, column: int) -> str:
        """What stands behind the head of the column by which the rows are sorted."""
        if self._order is None or self._order[0] != column:
            return ""
        return " \N{DOWNWARDS ARROW}" if self._order[1] else " \N{UPWARDS ARROW}"

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.table.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.table.header)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self.table.header[section]}{self.mark(section)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.table.header[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(section)
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.table.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.table.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class _Cells(QStyledItemDelegate):
    """First column bold, numbers right, lines between rows, long words over several lines."""

    def __init__(self, view: "TableView", table: Table) -> None:
        super().__init__(view)
        self._view, self._table = view, table
        self._verdicts = _VERDICTS | {told(word): shape for word, shape in _VERDICTS.items()}
        self._laid: dict[tuple[str, str, int], list[str]] = {}  # words, face and px -> lines: dear to find
        self._shapes: dict[int, bool] = {}

    def put(self, table: Table) -> None:
        """The same rows in another order."""
        self._table = table

    def forget(self) -> None:
        """The columns have other widths."""
        self._laid.clear()

    def margins(self, column: int) -> tuple[int, int]:
        last = column == len(self._table.header) - 1
        left = (_EDGE if column == 0 else _SIDE) + (_SHAPE if self.has_shapes(column) else 0)
        return left, (_EDGE if last else _SIDE)

    def has_shapes(self, column: int) -> bool:
        """Whether the words of the column are verdicts, each with its shape."""
        if column not in self._shapes:  # the order of the rows makes no difference
            words = {row[column] for row in self._table.rows}
            named = self._table.header[column] in (_VERDICT, told(_VERDICT))
            self._shapes[column] = named and words <= set(self._verdicts)
        return self._shapes[column]

    def face(self, column: int) -> str:
        return "strong" if column == 0 else "body"

    def height(self, row: int, column: int, width: int) -> int:
        """What a cell needs at `width`."""
        left, right = self.margins(column)
        lines = self._lines(self._table.rows[row][column], column, max(20, width - left - right))
        return max(_ROW, len(lines) * _LINE + 11)

    def _lines(self, words: str, column: int, width: int) -> list[str]:
        """`words` as the lines that fit `width`; what is beyond the last one is elided."""
        words = marked(words) if column in self._table.right else words
        key = (words, self.face(column), width)
        if key not in self._laid:
            self._laid[key] = self._lay(words, column, width)
        return self._laid[key]

    def _lay(self, words: str, column: int, width: int) -> list[str]:
        face = font(self.face(column))
        if "\n" not in words and QFontMetrics(face).horizontalAdvance(words) < width:
            return [words]
        words = words.replace(" %", "\N{NO-BREAK SPACE}%")  # a number keeps its unit
        layout = QTextLayout(words, face)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        lines: list[str] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start = line.textStart()
            if len(lines) == _MOST_LINES - 1:
                rest = QFontMetrics(face).elidedText(words[start:], Qt.TextElideMode.ElideRight, width)
                lines.append(rest)
                break
            lines.append(words[start : start + line.textLength()].rstrip())
        layout.endLayout()
        return lines or [""]

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, self.height(index.row(), index.column(), self._view.columnWidth(index.column())))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        state: Any = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, color("hover"))
        if index.row() < len(self._table.rows) - 1:
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -2))
        left, right = self.margins(index.column())
        plain = index.column() == 0 or index.column() in self._table.right
        painter.setPen(color("text" if plain else "text2"))
        painter.setFont(font(self.face(index.column())))
        flags = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignRight if index.column() in self._table.right else Qt.AlignmentFlag.AlignLeft
        )
        place = area.adjusted(left, 0, -right, -1)
        words = self._table.rows[index.row()][index.column()]
        if self.has_shapes(index.column()):
            spot = QRectF(place.left() - _SHAPE, place.center().y() - 7, 16, 16)
            draw_state(painter, self._verdicts[words], spot)
            painter.setPen(color("text"))
        lines = self._lines(words, index.column(), place.width())
        top = place.top() + (place.height() - len(lines) * _LINE) // 2
        for at, line in enumerate(lines):
            painter.drawText(QRect(place.left(), top + at * _LINE, place.width(), _LINE), flags, line)
        painter.restore()


class TableView(QTableView):
    """A table that scrolls with its page, and sideways where it has no room. Ctrl C copies chosen cells; a
    click on a head sorts; widths that a person sets and the order come back with tables of its kind."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = self._given = table
        self._kind = kind_of(table.title, table.header)
        self._order: tuple[int, bool] | None = None
        self._own: list[int] = []  # widths that a person set
        self._widths: list[int] = []  # those that the columns have
        self._fitting = self._known = False
        self._rows = TableModel(table)
        self.setModel(self._rows)
        self._cells = _Cells(self, table)
        self.setItemDelegate(self._cells)
        self.setAccessibleName(table.title or tr("Table"))
        self.setAccessibleDescription(table.caption)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(_ROW)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setFixedHeight(_HEAD)
        head.setMinimumSectionSize(24)
        head.setVisible(any(table.header))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionsClickable(len(table.rows) > 1)
        head.sectionClicked.connect(self._clicked)
        head.sectionResized.connect(self._resized)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(
            lambda at: self._open_menu(head.mapToGlobal(at), head.logicalIndexAt(at))
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._measure()
        self._fit(480)

    def _measure(self) -> None:
        """The widths that the columns want."""
        columns = range(len(self._table.header))
        self._least = [self._wanted(column, by_word=True) for column in columns]
        self._natural = [self._wanted(column) for column in columns]

    def _wanted(self, column: int, *, by_word: bool = False) -> int:
        """The width at which nothing in a column wraps, or no word of it."""
        by_word = by_word and not self._cells.has_shapes(column)  # a verdict stands in one line
        face = QFontMetrics(font(self._cells.face(column)))
        cells = [row[column] for row in self._table.rows]
        pieces = [word for cell in cells for word in cell.split()] if by_word else cells
        longest = max((face.horizontalAdvance(one) for one in pieces), default=0)
        words = f"{self._table.header[column]}{self._rows.mark(column)}"
        head = QFontMetrics(font("head")).horizontalAdvance(words) + _HEAD_ROOM
        if by_word:  # a long head ends in an ellipsis instead
            longest, head = min(longest, _WORD), min(head, _NARROWEST)
        return max(longest, head) + sum(self._cells.margins(column)) + 2

    def _fit(self, room: int) -> None:
        """Share `room` px among the columns, then give each row the height that its words need."""
        widths, right = list(self._natural), self._table.right
        spare = room - sum(widths)
        last = len(widths) - 1
        if len(self._own) == len(widths):
            widths = list(self._own)
        elif spare >= 0 and last >= 0:
            if last in right or last == 0:
                for column in range(len(widths)):
                    widths[column] += spare // len(widths)
            widths[last] += room - sum(widths)
        else:
            words = [at for at in range(len(widths)) if at not in right]
            self._share(widths, words, room - sum(widths[at] for at in right))
        if widths != self._widths:
            self._cells.forget()
        self._fitting, self._widths = True, widths
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._fitting = False
        whole = 0
        for row in range(len(self._table.rows)):
            tall = max(self._cells.height(row, column, width) for column, width in enumerate(widths))
            self.setRowHeight(row, tall)
            whole += tall if row < _MOST_ROWS else 0
        over = sum(widths) > room + 1  # more numbers than fit: they scroll sideways
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAlwaysOn if over else policy.ScrollBarAlwaysOff)
        self.setFixedHeight(whole + (_HEAD if any(self._table.header) else 0) + 1 + (_BAR if over else 0))

    def _share(self, widths: list[int], words: Sequence[int], room: int) -> None:
        """Columns of words share `room` px: the short ones stay as they are, the long ones wrap, each in
        proportion to its length and none within a word."""
        long = sorted(words, key=lambda at: widths[at])
        while long and widths[long[0]] * len(long) <= room:
            room -= widths[long.pop(0)]
        whole = sum(widths[at] for at in long)
        given = {at: max(self._least[at], room * widths[at] // max(1, whole)) for at in long}
        over = sum(given.values()) - room
        for at in sorted(long, key=lambda at: self._least[at] - given[at]):  # the ones with room give it back
            taken = min(max(0, over), given[at] - self._least[at])
            widths[at] = given[at] - taken
            over -= taken

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit(self.viewport().width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        kept = None if self._known else remembering_of(self)
        self._known = True
        if kept is not None:
            widths, order = kept.widths(self._kind), kept.order(self._kind)
            self._own = widths if len(widths) == len(self._table.header) else []
            if order is not None and order[0] < len(self._table.header):
                self._sort(order)
        self._fit(self.viewport().width())

    def _resized(self) -> None:
        """A person drags the edge of a head."""
        if self._fitting or not self.isVisible():
            return
        self._own = [max(24, self.columnWidth(at)) for at in range(len(self._table.header))]
        self._fit(self.viewport().width())
        kept = remembering_of(self)
        if kept is not None:
            kept.keep_widths(self._kind, self._own)

    def _clicked(self, column: int) -> None:
        """Upwards, downwards, as it came."""
        now = self._order
        following = (
            (column, True) if now == (column, False) else None if now == (column, True) else (column, False)
        )
        self.sort_by(following)

    def sort_by(self, order: tuple[int, bool] | None) -> None:
        """Sort by (column, whether downwards), or as it came; kept for tables of this kind."""
        self._sort(order)
        kept = remembering_of(self)
        if kept is not None:
            kept.keep_order(self._kind, order)

    def _sort(self, order: tuple[int, bool] | None) -> None:
        self._order = order
        given = self._given
        self._table = given if order is None else sorted_rows(given, order[0], down=order[1])
        self._cells.put(self._table)
        self._rows.put(self._table, order)
        self._measure()
        self._fit(self.viewport().width())

    @property
    def table(self) -> Table:
        """What is shown, in the order in which it is shown."""
        return self._table

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if press_entry(event, table_entries(self, lambda: self._table)):
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu(event.globalPos(), self.columnAt(event.pos().x()))

    def _open_menu(self, at: QPoint, column: int) -> None:
        show_menu(self, self.entries(column), tr("Table"), at)

    def entries(self, column: int) -> list[Entry]:
        """What the context menu over `column` says."""
        nothing = "" if self.selectedIndexes() else tr("Choose cells first")
        entries = [
            Entry(tr("Copy"), self.copy, "Ctrl+C", nothing),
            Entry(tr("Copy with heads"), lambda: self.copy(heads=True), "", nothing),
            Entry(tr("Select all"), self.selectAll, "Ctrl+A"),
        ]
        if len(self._table.rows) > 1 and 0 <= column < len(self._table.header):
            entries += [
                LINE,
                Entry(tr("Sort upwards"), lambda: self.sort_by((column, False))),
                Entry(tr("Sort downwards"), lambda: self.sort_by((column, True))),
                Entry(
                    tr("As it came"),
                    lambda: self.sort_by(None),
                    "",
                    "" if self._order else tr("It is not sorted"),
                ),
            ]
        if self._own:
            entries.append(Entry(tr("Widths as the window finds best"), self._forget_widths))
        return [*entries, LINE, *table_entries(self, lambda: self._table)]

    def _forget_widths(self) -> None:
        self._own = []
        kept = remembering_of(self)
        if kept is not None:
            kept.keep_widths(self._kind, ())
        self._fit(self.viewport().width())

    def copy(self, *, heads: bool = False) -> None:
        """Put the chosen cells on the clipboard, parted by tabs, below their columns' heads if asked."""
        chosen = sorted(self.selectedIndexes(), key=lambda at: (at.row(), at.column()))
        lines: dict[int, list[str]] = {}
        for at in chosen:
            lines.setdefault(at.row(), []).append(str(at.data()))
        said = ["\t".join(cells) for cells in lines.values()]
        if heads:
            columns = dict.fromkeys(at.column() for at in chosen)
            said.insert(0, "\t".join(str(self._table.header[column]) for column in columns))
        if said:
            QGuiApplication.clipboard().setText("\n".join(said))
