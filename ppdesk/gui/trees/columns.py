"""The columns that generalize: level, loss, and below each the tree of its hierarchy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.wording import percent
from ppdesk.gui.language import tr
from ppdesk.gui.parts.pips import LevelPips
from ppdesk.gui.parts.text import text
from ppdesk.gui.trees.model import LEVEL, LOSS, NAME, TreesModel
from ppdesk.gui.trees.rows import BAR_WIDE, COLUMN_ROW, ROW, TreeView

_WORDS, _LOSS_WIDE, _LEAST_NAME, _HEAD = 46, 66, 96, 26  # px
_MOST_ROWS = 18  # column rows that are shown at once; more scroll


@dataclass(frozen=True)
class ColumnLevel:
    """A column, its level in use (None: it differs by class), how many levels it has, counted with the values
    themselves, and its loss in 0..1 (None: not known)."""

    name: str
    level: int | None
    levels: int
    loss: float | None = None


class _Level(QWidget):
    """Pips and words in the cell of a column."""

    def __init__(self, row: ColumnLevel, *, fixed: bool) -> None:
        super().__init__()
        self.pips: LevelPips | None = None
        self.words: QLabel = text("", "caption")
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.setSpacing(6)
        if row.level is not None:
            self.pips = LevelPips(row.name, fixed=fixed)
            inside.addWidget(self.pips)
        inside.addStretch(1)
        self.words.setMinimumWidth(_WORDS)
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(self.words)

    def put(self, row: ColumnLevel) -> None:
        if row.level is None or self.pips is None:
            self.words.setText(tr("mixed"))
            return
        self.pips.put(row.level, row.levels)
        self.words.setText(tr("{level} of {highest}", level=row.level, highest=row.levels - 1))


class HierarchyColumns(QWidget):
    """A table of columns. Rows stay while their columns do, so that a person can go on moving one level."""

    chosen = Signal(object)  # levels by column, after a person moved one
    tree_asked = Signal(str)  # the column whose tree is to be shown: answer with `put_tree` or `say`
    edit_asked = Signal(str)  # a person wants to change the hierarchy of this column
    current_changed = Signal(str)  # the column that is looked at

    def __init__(self, name: str = "", *, fixed: bool = False) -> None:
        """`fixed`: levels are shown and cannot be moved, as in a copy for an auditor."""
        super().__init__()
        self.pips: dict[str, LevelPips] = {}
        self._fixed = fixed
        self._rows: tuple[ColumnLevel, ...] = ()
        self._cells: dict[str, _Level] = {}
        self.model = TreesModel(self)
        self.view = TreeView(self.model, name or tr("Hierarchies"))
        head = self.view.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(40)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for section in (LEVEL, LOSS):
            head.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
        head.setSectionsMovable(False)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(self.view)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.view.opened.connect(self._opened)
        self.view.collapsed.connect(lambda _index: self.updateGeometry())
        self.view.clicked.connect(self._clicked)
        self.view.doubleClicked.connect(self._double)
        self.view.selectionModel().currentChanged.connect(self._moved_to)

    # what is shown

    def put(self, rows: Sequence[ColumnLevel]) -> None:
        """Show `rows`. Trees that are shown stay where the columns are the same."""
        same = [(one.name, one.levels, one.level is None) for one in self._rows]
        if same != [(one.name, one.levels, one.level is None) for one in rows]:
            self._make(rows)
        self._rows = tuple(rows)
        for at, one in enumerate(rows):
            self._cells[one.name].put(one)
            self.model.use(at, one.level, "-" if one.loss is None else percent(one.loss, 0))
        self.view.viewport().update()

    def _make(self, rows: Sequence[ColumnLevel]) -> None:
        self.model.put([one.name for one in rows])
        self._cells, self.pips = {}, {}
        widest = BAR_WIDE
        for at, one in enumerate(rows):
            cell = self._cells[one.name] = _Level(one, fixed=self._fixed)
            cell.put(one)
            if cell.pips is not None:
                self.pips[one.name] = cell.pips
                cell.pips.valueChanged.connect(lambda level, name=one.name: self._moved(name, level))
            self.view.setIndexWidget(self.model.index(at, LEVEL), cell)
            widest = max(widest, cell.sizeHint().width())
        self.view.header().resizeSection(LEVEL, widest + 6)
        self.view.header().resizeSection(LOSS, _LOSS_WIDE)
        self.updateGeometry()

    def put_tree(self, name: str, tree: Tree, counts: Mapping[str, int] | None = None) -> None:
        """Show the tree of the column `name`; `counts`: how many records have each of its values, None where
        nobody has looked."""
        at = self.model.place(name)
        if at < 0:
            return
        self.model.put_tree(at, tree, counts)
        above = self.model.index(at, 0)
        if self.view.isExpanded(above):
            self.view.expand(self.model.index(0, 0, above))
            self.updateGeometry()

    def say(self, name: str, words: str) -> None:
        """There is no tree to show for the column `name`, and why."""
        at = self.model.place(name)
        if at >= 0:
            self.model.put_tree(at, None, None, words)

    def forget_trees(self) -> None:
        """Close all, as after other hierarchies were declared."""
        self.view.collapseAll()
        for at in range(len(self.model.branches)):
            self.model.put_tree(at, None, None)

    def levels(self) -> dict[str, int]:
        """The levels that are shown, by column."""
        return {name: pips.value() for name, pips in self.pips.items()}

    @property
    def current(self) -> str:
        """The column that is looked at; empty for none."""
        index = self.view.currentIndex()
        return self.model.branch(index).name if index.isValid() else ""

    # what a person does

    def _moved(self, name: str, level: int) -> None:
        at = self.model.place(name)
        row = self._rows[at]
        self._cells[name].words.setText(tr("{level} of {highest}", level=level, highest=row.levels - 1))
        self.model.use(at, level, self.model.branches[at].loss)
        self.view.viewport().update()
        self.chosen.emit(self.levels())

    def _opened(self, index: QModelIndex) -> None:
        if self.model.is_column(index):
            branch = self.model.branch(index)
            if branch.tree is None and not branch.note:
                self.tree_asked.emit(branch.name)
            else:
                self.view.expand(self.model.index(0, 0, index))
        self.updateGeometry()

    def _clicked(self, index: QModelIndex) -> None:
        if self.model.is_column(index) and index.column() == NAME:
            self.view.setExpanded(index, not self.view.isExpanded(index))

    def _double(self, index: QModelIndex) -> None:
        if not self._fixed and index.isValid() and not self.model.is_column(index):
            self.edit_asked.emit(self.model.branch(index).name)

    def _moved_to(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.current_changed.emit(self.model.branch(now).name)

    # room

    def sizeHint(self) -> QSize:
        high = _HEAD + 4 + COLUMN_ROW * len(self._rows)
        for at in range(len(self._rows)):
            above = self.model.index(at, 0)
            if self.view.isExpanded(above):
                high += ROW * self._open_rows(above)
        return QSize(_LEAST_NAME + 260, min(high, _HEAD + 4 + COLUMN_ROW * _MOST_ROWS))

    def _open_rows(self, above: QModelIndex) -> int:
        """Rows below `above`, as far as they are open and would be shown."""
        rows = self.model.rowCount(above)
        for row in range(min(rows, 2 * _MOST_ROWS)):
            one = self.model.index(row, 0, above)
            if self.view.isExpanded(one):
                rows += self._open_rows(one)
        return rows

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_NAME + 200, min(self.sizeHint().height(), _HEAD + 4 + 6 * COLUMN_ROW))
