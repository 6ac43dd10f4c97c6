"""A tree under change: each change can be undone, and what is selected and open stays so."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from ppdesk.anonymize import hierarchy_edits as edits
from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.errors import CodedError
from ppdesk.gui.language import tr
from ppdesk.gui.trees.model import LEVEL, LOSS, NAME, Node, TreesModel
from ppdesk.gui.trees.rows import BAR_WIDE, TreeView

Name = tuple[int, str]  # level and name: what stays when places change


class _Change(QUndoCommand):
    """From one tree to another."""

    def __init__(self, editing: "Editing", words: str, before: Tree | None, after: Tree | None) -> None:
        super().__init__(words)
        self._editing, self._before, self._after = editing, before, after

    def redo(self) -> None:
        self._editing.show_tree(self._after)

    def undo(self) -> None:
        self._editing.show_tree(self._before)


class Editing(QObject):
    """The tree that holds now. `refused` says why a change was not made."""

    changed = Signal()
    refused = Signal(object)  # CodedError

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tree: Tree | None = None
        self.undo = QUndoStack(self)

    def begin(self, tree: Tree | None) -> None:
        """Start anew with `tree`."""
        self.undo.clear()
        self.show_tree(tree)

    def show_tree(self, tree: Tree | None) -> None:
        """Put `tree` there, as undo and redo do."""
        self.tree = tree
        self.changed.emit()

    def put(self, words: str, tree: Tree) -> None:
        """Use another tree; `words` say what was done."""
        if tree != self.tree:
            self.undo.push(_Change(self, words, self.tree, tree))

    def change(self, words: str, edit: Callable[[Tree], Tree]) -> bool:
        """Change the tree; whether it was done."""
        if self.tree is None:
            return False
        try:
            self.put(words, edit(self.tree))
        except CodedError as error:
            self.refused.emit(error)
            return False
        return True

    # what can be done with names that are selected

    def rename(self, node: Node, name: str) -> bool:
        return self.change(tr("Rename"), lambda tree: edits.renamed(tree, node.level, node.place, name))

    def move(self, nodes: Sequence[Node], target: Node) -> bool:
        places = [(one.level, one.place) for one in nodes]
        return self.change(tr("Move"), lambda tree: edits.moved(tree, places, (target.level, target.place)))

    def group(self, nodes: Sequence[Node]) -> str:
        """Make a group of `nodes`; its name, empty where there is none."""
        if self.tree is None or not nodes or nodes[0].level >= self.tree.top:
            return ""
        above = nodes[0].level + 1
        taken = set(self.tree.labels[above]) if above < self.tree.top else set(self.tree.labels[above - 1])
        name, number = tr("New group"), 1
        while name in taken:
            number += 1
            name = tr("New group {number}", number=number)
        places = [(one.level, one.place) for one in nodes]
        made = self.change(tr("New group"), lambda tree: edits.grouped(tree, places, name))
        return name if made else ""

    def remove(self, nodes: Sequence[Node]) -> bool:
        """Remove groups, or values."""
        if self.tree is None or not nodes:
            return False
        if nodes[0].level == 0:
            places = [one.place for one in nodes if one.level == 0]
            return self.change(tr("Remove values"), lambda tree: edits.values_removed(tree, places))
        names = [(one.level, self.tree.labels[one.level][one.place]) for one in nodes]

        def without(tree: Tree) -> Tree:
            for level, name in names:
                if name in tree.labels[level]:
                    tree = edits.dissolved(tree, level, tree.labels[level].index(name))
            return tree

        return self.change(tr("Remove the group"), without)

    def add_level(self, below: int) -> bool:
        return self.change(tr("Add a level"), lambda tree: edits.level_added(tree, below))

    def remove_level(self, level: int) -> bool:
        return self.change(tr("Remove the level"), lambda tree: edits.level_removed(tree, level))


class EditView(TreeView):
    """The tree of one column, to be changed by mouse and keys."""

    menu_asked = Signal(object)  # where, on the screen

    def __init__(self, editing: Editing, name: str, parent: QWidget | None = None) -> None:
        self._model = TreesModel(editable=True)
        super().__init__(self._model, name, parent)
        self._model.setParent(self)
        self._editing = editing
        self._counts: Mapping[str, int] | None = None
        self._model.put([name])
        self.setHeaderHidden(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setAutoExpandDelay(600)
        self.setUniformRowHeights(True)
        head = self.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(LEVEL, QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(LOSS, QHeaderView.ResizeMode.Fixed)
        head.resizeSection(LEVEL, BAR_WIDE + 12)
        head.resizeSection(LOSS, 84)
        self._model.renamed.connect(self._rename)
        self._model.dropped.connect(self._drop)
        editing.changed.connect(self._show)

    # what is selected

    def chosen(self) -> list[Node]:
        """The selected names of the level of the current one, in their order."""
        found = [self._model.node(index) for index in self.selectionModel().selectedRows(NAME)]
        nodes = [one for one in found if one is not None]
        current = self.current()
        level = current.level if current in nodes and current is not None else None
        level = nodes[0].level if level is None and nodes else level
        return sorted((one for one in nodes if one.level == level), key=lambda one: one.place)

    def current(self) -> Node | None:
        return self._model.node(self.currentIndex())

    def select(self, names: Sequence[Name]) -> None:
        """Select names, open what they lie in, and bring the last into sight."""
        tree = self._editing.tree
        if tree is None:
            return
        chosen, last = QItemSelection(), QModelIndex()
        for level, name in names:
            if level <= tree.top and name in tree.labels[level]:
                last = self._model.index_of(Node(0, level, tree.labels[level].index(name)))
                chosen.select(last, last.siblingAtColumn(LOSS))
        if last.isValid():
            self.setCurrentIndex(last)
            self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(last)

    def put_counts(self, counts: Mapping[str, int] | None) -> None:
        """How many records have each value; None where nobody has looked."""
        self._counts = counts
        self._show()

    # showing

    def _show(self) -> None:
        held, opened = self._names(self.chosen()), self._opened()
        self._model.put_tree(0, self._editing.tree, self._counts)
        tree = self._editing.tree
        column = self._model.index(0, 0)
        if self.rootIndex() != column:
            self.setRootIndex(column)
        if tree is None:
            return
        self.expand(self._model.index(0, 0, column))
        if len(tree.labels[-2]) <= 12 and not opened:
            opened = [(tree.top - 1, name) for name in tree.labels[-2][:1]]
        places: dict[int, dict[str, int]] = {}
        for level, name in opened:
            if level > tree.top:
                continue
            at = places.setdefault(level, {one: place for place, one in enumerate(tree.labels[level])})
            if name in at:
                self.expand(self._model.index_of(Node(0, level, at[name])))
        self.select(held)

    def _names(self, nodes: Sequence[Node]) -> list[Name]:
        tree = self._model.branches[0].tree
        return [] if tree is None else [(one.level, tree.labels[one.level][one.place]) for one in nodes]

    def _opened(self) -> list[Name]:
        tree = self._model.branches[0].tree
        if tree is None:
            return []
        found, waiting = [], [Node(0, tree.top, 0)]
        while waiting:
            node = waiting.pop()
            if self.isExpanded(self._model.index_of(node)):
                found.append(node)
                if node.level > 1:
                    below = tree.below(node.level, node.place)
                    waiting += [Node(0, node.level - 1, place) for place in below]
        return self._names(found)

    # changing

    def _rename(self, node: Node, name: str) -> None:
        if self._editing.rename(node, name):
            self.select([(node.level, name.strip())])

    def _drop(self, nodes: Sequence[Node], target: Node) -> None:
        names = self._names(nodes)
        if self._editing.move(nodes, target):
            self.select(names)

    def new_group(self) -> None:
        """Make a group of what is selected, and have it named."""
        nodes = self.chosen()
        name = self._editing.group(nodes)
        if name:
            self.select([(nodes[0].level + 1, name)])
            self.edit(self.currentIndex())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() is not QAbstractItemView.State.EditingState and event.key() in (
            Qt.Key.Key_Delete, Qt.Key.Key_Backspace,
        ):  # fmt: skip
            self._editing.remove(self.chosen())
            return
        super().keyPressEvent(event)
