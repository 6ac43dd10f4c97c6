"""The recipe on the page of Clean: operations as rows, a menu to add one, undo and redo."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ppdesk.core.params import FieldSpec
from ppdesk.gui.dialogs.mapping import MappingDialog
from ppdesk.gui.dialogs.operation import OperationDialog
from ppdesk.gui.editors import Editor
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.pages.clean_recipe import Edits, Recipe, normal
from ppdesk.gui.pages.clean_words import BY_OP, GROUPS, came_of_it, note, said
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.item_list import Item, ItemList
from ppdesk.gui.parts.text import restyle, text

Values = dict[str, Any]


class RecipeView(QWidget):
    """Adds, edits, removes, moves; each by mouse and by keyboard."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.edits = Edits()
        self._columns: tuple[str, ...] = ()
        self._ran: Sequence[Mapping[str, Any]] = ()
        self._facts: Sequence[Mapping[str, Any]] = ()
        self.list = ItemList(
            tr("Operations"), tr("No operation yet. Add one, or take a suggestion."), most=400
        )
        self.add = Button(tr("Add an operation"), "secondary", icon="plus", height=28)
        self.menu = self._menu()
        self.add.clicked.connect(lambda: self.menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height()))))
        self.edit = IconButton("pen-line", tr("Edit"), "Enter")
        self.up = IconButton("chevron-up", tr("Move up"), "Alt+Up")
        self.down = IconButton("chevron-down", tr("Move down"), "Alt+Down")
        self.remove = IconButton("trash-2", tr("Remove"), "Delete")
        self.undo = IconButton("undo-2", tr("Undo"), "Ctrl+Z")
        self.redo = IconButton("redo-2", tr("Redo"), "Ctrl+Shift+Z")
        self.unmapped = text("", "caption", wrap=True)
        restyle(self.unmapped, "tone", "risk")
        self.map = Button(tr("Choose columns"), "link", height=20)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(2)
        self.add.may_shrink()
        tools.addWidget(self.add)
        tools.addStretch(1)
        for button in (self.edit, self.up, self.down, self.remove, self.undo, self.redo):
            tools.addWidget(button)
        missing = QHBoxLayout()
        missing.setSpacing(8)
        missing.addWidget(self.unmapped, 1)
        missing.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(tools)
        column.addWidget(self.list)
        column.addLayout(missing)
        self.setFocusProxy(self.list)

    def _connect(self) -> None:
        self.list.edit_asked.connect(self.ask_edit)
        self.list.remove_asked.connect(self._remove)
        self.list.move_asked.connect(self._move)
        self.list.chosen.connect(lambda _row: self._show_tools())
        self.edit.clicked.connect(lambda: self.ask_edit(self.list.row))
        self.remove.clicked.connect(lambda: self._remove(self.list.row))
        self.up.clicked.connect(lambda: self._move(self.list.row, -1))
        self.down.clicked.connect(lambda: self._move(self.list.row, 1))
        self.undo.clicked.connect(self._undo)
        self.redo.clicked.connect(self._redo)
        self.map.clicked.connect(self.ask_mapping)
        # a field that is typed into keeps Ctrl+Z for its own words
        QShortcut(QKeySequence("Ctrl+Z"), self, self._undo)
        QShortcut(QKeySequence("Ctrl+Shift+Z"), self, self._redo)

    def _menu(self) -> QMenu:
        self.actions_by_op: dict[str, QAction] = {}
        menu = QMenu(self)
        for group, ops in GROUPS:
            part = menu.addMenu(told(group))
            for op in ops:
                action = part.addAction(told(BY_OP[op].title))
                self.actions_by_op[op] = action
                action.setToolTip(told(BY_OP[op].help))
                action.triggered.connect(lambda _on=False, op=op: self.ask_add(op))
            part.setToolTipsVisible(True)
        return menu

    # asking

    def ask_add(self, op: str) -> None:
        """Let a person fill in a new operation."""
        columns = self.edits.now.columns_at(len(self.edits.now.operations), self._columns)
        self.dialog = OperationDialog(self, BY_OP[op], columns, None, self.put_in)
        self.dialog.open()

    def ask_edit(self, row: int) -> None:
        """Let a person change the operation in `row`."""
        if not 0 <= row < len(self.edits.now.operations):
            return
        values = self.edits.now.operations[row]
        kind = BY_OP.get(str(values.get("op", "")))
        if kind is not None:
            columns = self.edits.now.columns_at(row, self._columns)
            self.dialog = OperationDialog(self, kind, columns, values, lambda new: self._change(row, new))
            self.dialog.open()

    def ask_mapping(self) -> None:
        """Let a person say which columns of this table are meant."""
        missing, mapping = self._missing(), self.edits.now.mapping
        names = list(dict.fromkeys([*mapping, *missing]))
        self.mapping_dialog = MappingDialog(self, names, self._columns, mapping, self._map)
        self.mapping_dialog.open()

    # editing

    def put_in(self, values: Mapping[str, Any]) -> None:
        """Add an operation at the end, and stand on it."""
        self.edits.add(values)
        self._after(len(self.edits.now.operations) - 1)

    def _change(self, row: int, values: Mapping[str, Any]) -> None:
        self.edits.change(row, values)
        self._after(row)

    def _map(self, chosen: Mapping[str, str]) -> None:
        self.edits.map(chosen)
        self._after()

    def _remove(self, row: int) -> None:
        if row >= 0:
            self.edits.remove(row)
            self._after(row)

    def _move(self, row: int, by: int) -> None:
        if row >= 0:
            self._after(self.edits.move(row, by))

    def _undo(self) -> None:
        if self.isEnabled() and self.edits.undo():
            self._after()

    def _redo(self) -> None:
        if self.isEnabled() and self.edits.redo():
            self._after()

    def _after(self, row: int | None = None) -> None:
        self._show(row)
        self.changed.emit()

    # showing

    def start(self, recipe: Recipe) -> None:
        """Show a recipe as it was run or offered."""
        if recipe != self.edits.now:
            self.edits.start(recipe)
            self._show()

    def show_run(
        self, columns: Sequence[str], ran: Sequence[Mapping[str, Any]], facts: Sequence[Mapping[str, Any]]
    ) -> None:
        """The table's columns; what the last run was made with, and what each operation did."""
        self._columns, self._facts = tuple(columns), facts
        self._ran = [normal(one) for one in ran]
        self._show()

    def _missing(self) -> list[str]:
        if not self._columns:
            return []
        unfit = self.edits.now.unfit(self._columns)
        return list(dict.fromkeys(name for one in unfit.values() for name in one.missing))

    def _show(self, row: int | None = None) -> None:
        now = self.edits.now
        unfit = now.unfit(self._columns) if self._columns else {}
        same = True  # counts hold as long as everything before is as it was run
        wide, items = len(self._columns), []
        for at, values in enumerate(now.operations):
            same = same and at < len(self._ran) and at < len(self._facts) and self._ran[at] == values
            came, shape = came_of_it(self._facts[at], wide) if same else (tr("Not run yet"), "todo")
            if same and not self._facts[at].get("skipped"):
                wide = int(self._facts[at].get("columns_after") or 0)
            if at in unfit:
                came, shape = tr("Does not fit: {reason}", reason=told(unfit[at].reason)), "failed"
            items.append(Item(said(values), note(values), came, shape))
        self.list.put(items, row)
        missing = self._missing()
        words = tr_count(
            "{count} column not in this table: {names}.",
            "{count} columns not in this table: {names}.",
            len(missing),
            names=", ".join(missing),
        )
        if not missing and now.mapping:
            pairs = ", ".join(tr("{name} is {theirs}", name=a, theirs=b) for a, b in now.mapping.items())
            words = tr("Columns of another name: {pairs}", pairs=pairs)
        restyle(self.unmapped, "tone", "risk" if missing else "")
        self.unmapped.setText(words)
        self.unmapped.setVisible(bool(missing or now.mapping))
        self.map.setVisible(bool(missing or now.mapping))
        self._show_tools()

    def _show_tools(self) -> None:
        row, count = self.list.row, len(self.edits.now.operations)
        for button in (self.edit, self.remove):
            button.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
        for button, word, words in (
            (self.undo, tr("Undo"), self.edits.undoes),
            (self.redo, tr("Redo"), self.edits.redoes),
        ):
            button.setEnabled(bool(words))
            button.say(f"{word}: {words}" if words else word)


class OperationsEditor(Editor):
    """The recipe as a field of the form. The mapping is edited here too, and asked of `mapping`."""

    widget: RecipeView

    def __init__(self, _spec: FieldSpec) -> None:
        self.help = tr(
            "One after the other. The import is never changed: take one out and run again, and it is undone."
        )
        self.widget = RecipeView()

    def value(self) -> list[Values]:
        return [dict(one) for one in self.widget.edits.now.operations]

    def put(self, value: Any) -> None:
        self.widget.start(Recipe.of(value or (), self.widget.edits.now.mapping))

    def on_change(self, call: Callable[[], None]) -> None:
        self.widget.changed.connect(call)


class MappingEditor(Editor):
    """Which column is meant, as the recipe's view holds it: its row in the form is not shown."""

    help = ""

    def __init__(self, view: RecipeView) -> None:
        self._view = view
        self.widget = QWidget()

    def value(self) -> dict[str, str]:
        return dict(self._view.edits.now.mapping)

    def put(self, value: Any) -> None:
        self._view.start(Recipe(self._view.edits.now.operations, dict(value or {})))

    def on_change(self, call: Callable[[], None]) -> None:
        """The recipe's view tells it already."""
