"""Columns and, below each, the tree of its hierarchy, for a view. Rows are made as they are seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.gui.language import number, tr, tr_count

Index = QModelIndex | QPersistentModelIndex
NAME, LEVEL, LOSS = range(3)
_COLUMN, _NOTE = 63, 62  # instead of a level: the row of a column, and the words where there is no tree
_PLACES, _KINDS = 1 << 21, 64
_NODES = "application/x-ppdesk-names"  # what is dragged: names of one level


@dataclass(frozen=True)
class Node:
    """What a row stands for: a name of a level of the tree of `column`."""

    column: int
    level: int
    place: int


@dataclass
class Branch:
    """A column, its tree as far as it is known, and how often each name occurs."""

    name: str
    tree: Tree | None = None
    level: int | None = None  # in use
    loss: str = ""
    note: str = ""
    sums: tuple[tuple[int, ...], ...] = field(default=())

    def count(self, node: Node) -> int | None:
        """How many records have this name; None where nobody may know."""
        return self.sums[node.level][node.place] if self.sums else None

    @property
    def records(self) -> int:
        """All of them."""
        return self.sums[-1][0] if self.sums else 0


class TreesModel(QAbstractItemModel):
    """Three columns: name, level (drawn), loss or count. Where it is `editable`, names can be written and
    dragged: `renamed` and `dropped` ask for it, and nothing has changed yet."""

    renamed = Signal(object, str)  # Node, what a person wrote
    dropped = Signal(object, object)  # Nodes, the Node that they were dropped on

    def __init__(self, parent: QObject | None = None, *, editable: bool = False) -> None:
        super().__init__(parent)
        self.branches: list[Branch] = []
        self._editable = editable
        self._dragged: list[Node] = []

    # filling

    def put(self, names: Sequence[str]) -> None:
        """Show these columns, without trees."""
        self.beginResetModel()
        self.branches = [Branch(name) for name in names]
        self.endResetModel()

    def place(self, name: str) -> int:
        """Where the column `name` stands; -1 where it does not."""
        return next((at for at, one in enumerate(self.branches) if one.name == name), -1)

    def put_tree(self, at: int, tree: Tree | None, counts: Mapping[str, int] | None, note: str = "") -> None:
        """Show `tree` below its column, or the words `note` where there is none."""
        branch, above = self.branches[at], self.index(at, 0)
        if branch.tree is not None or branch.note:
            self.beginRemoveRows(above, 0, 0)
            branch.tree, branch.note, branch.sums = None, "", ()
            self.endRemoveRows()
        if tree is None and not note:
            return
        self.beginInsertRows(above, 0, 0)
        branch.tree, branch.note = tree, note
        branch.sums = tree.summed(counts) if tree is not None and counts is not None else ()
        self.endInsertRows()

    def use(self, at: int, level: int | None, loss: str) -> None:
        """The level in use, and what it costs, in words."""
        branch = self.branches[at]
        if (branch.level, branch.loss) == (level, loss):
            return
        branch.level, branch.loss = level, loss
        self.dataChanged.emit(self.index(at, 0), self.index(at, LOSS))

    # what stands where

    def node(self, index: Index) -> Node | None:
        """The name that `index` stands for; None for a column and for words."""
        if not index.isValid():
            return None
        rest, place = divmod(index.internalId(), _PLACES)
        column, level = divmod(rest, _KINDS)
        return None if level in (_COLUMN, _NOTE) else Node(column, level, place)

    def branch(self, index: Index) -> Branch:
        """The column that `index` belongs to."""
        return self.branches[index.internalId() // (_PLACES * _KINDS)]

    def index_of(self, node: Node, column: int = 0) -> QModelIndex:
        tree = self.branches[node.column].tree
        assert tree is not None  # noqa: S101  it has nodes
        row = tree.row(node.level, node.place)
        return self._index(row, column, node.column, node.level, node.place)

    def _index(self, row: int, column: int, at: int, kind: int, place: int) -> QModelIndex:
        return self.createIndex(row, column, (at * _KINDS + kind) * _PLACES + place)

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        if parent is None or not parent.isValid():
            return (
                self._index(row, column, row, _COLUMN, 0) if 0 <= row < len(self.branches) else QModelIndex()
            )
        node, branch = self.node(parent), self.branch(parent)
        at = parent.internalId() // (_PLACES * _KINDS)
        if node is None:
            if branch.tree is not None:
                return self._index(row, column, at, branch.tree.top, 0)
            return self._index(row, column, at, _NOTE, 0) if branch.note else QModelIndex()
        assert branch.tree is not None  # noqa: S101  it has nodes
        below = branch.tree.below(node.level, node.place)
        if not 0 <= row < len(below):
            return QModelIndex()
        return self._index(row, column, at, node.level - 1, below[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # QObject has a parent too
        if not index.isValid():
            return QModelIndex()
        rest, place = divmod(index.internalId(), _PLACES)
        at, kind = divmod(rest, _KINDS)
        if kind == _COLUMN:
            return QModelIndex()
        tree = self.branches[at].tree
        if kind == _NOTE or tree is None or kind >= tree.top:
            return self._index(at, 0, at, _COLUMN, 0)
        return self.index_of(Node(at, kind + 1, tree.parents[kind][place]))

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is None or not parent.isValid():
            return len(self.branches)
        if parent.column() != 0 or parent.internalId() // _PLACES % _KINDS == _NOTE:
            return 0
        node, branch = self.node(parent), self.branch(parent)
        if node is None:
            return int(branch.tree is not None or bool(branch.note))
        return len(branch.tree.below(node.level, node.place)) if branch.tree is not None else 0

    def columnCount(self, _parent: Index | None = None) -> int:
        return 3

    def hasChildren(self, parent: Index | None = None) -> bool:
        if parent is not None and self.is_column(parent):
            return parent.column() == 0  # its tree is asked for when it is opened
        return self.rowCount(parent) > 0

    def is_column(self, index: Index) -> bool:
        return index.isValid() and index.internalId() // _PLACES % _KINDS == _COLUMN

    # what a person does

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        node = self.node(index)
        if not self._editable or node is None:
            return found
        found |= Qt.ItemFlag.ItemIsDropEnabled
        tree = self.branches[node.column].tree
        if tree is not None and node.level < tree.top:
            found |= Qt.ItemFlag.ItemIsDragEnabled
            if index.column() == NAME:
                found |= Qt.ItemFlag.ItemIsEditable
        return found

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node = self.node(index)
        if role != Qt.ItemDataRole.EditRole or node is None or str(value) == self.name(node):
            return False
        self.renamed.emit(node, str(value))
        return True

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_NODES]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        nodes = [self.node(index) for index in indexes if index.column() == NAME]
        self._dragged = [node for node in nodes if node is not None]
        found = QMimeData()
        found.setData(_NODES, b"names")
        return found

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        target = self._onto(self.node(parent))
        return super().canDropMimeData(data, action, row, column, parent) and target is not None

    def dropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index
    ) -> bool:
        target = self._onto(self.node(parent)) if data.hasFormat(_NODES) else None
        if target is not None:
            self.dropped.emit(list(self._dragged), target)
        return False  # the editor moves them; the view must not take rows away

    def _onto(self, node: Node | None) -> Node | None:
        """The group that what is dragged would come into, dropped on `node`: itself, or what it lies in."""
        tree = self.branches[node.column].tree if node is not None else None
        if node is None or tree is None or not self._dragged:
            return None
        wanted = self._dragged[0].level + 1
        if any(one.level + 1 != wanted for one in self._dragged):
            return None
        while node.level < wanted:
            node = Node(node.column, node.level + 1, tree.parents[node.level][node.place])
        return node if node.level == wanted else None

    # what is shown

    def data(self, index: Index, role: int = 0) -> Any:
        shown = (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.EditRole,
        )  # fmt: skip
        if not index.isValid() or role not in shown:
            return None
        node, branch = self.node(index), self.branch(index)
        if node is None:
            cells = (branch.name, None, branch.loss) if self.is_column(index) else (branch.note, None, None)
            return cells[index.column()]
        name, count = self.name(node), branch.count(node)
        if index.column() != NAME or role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            many = "" if count is None else number(count)
            return (name, None, many)[index.column()]
        said = tr("{name}, level {level}", name=name, level=node.level)
        return (
            said if count is None else f"{said}, {tr_count('{count:,} record', '{count:,} records', count)}"
        )

    def name(self, node: Node) -> str:
        """A name in words: missing values have none of their own."""
        tree = self.branches[node.column].tree
        assert tree is not None  # noqa: S101  it has nodes
        return tree.labels[node.level][node.place] or tr("(missing)")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("Column"), tr("Level"), tr("Loss"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == LOSS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
