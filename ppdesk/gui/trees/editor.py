"""The hierarchy of one column as a tree: proposed, changed, checked, loaded and saved."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.gui.language import number, told, tr, tr_count
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.focus import FocusRing
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.inputs import LineField
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text
from ppdesk.gui.trees.asking import MoveDialog, ValuesDialog
from ppdesk.gui.trees.edited import Edited
from ppdesk.gui.trees.editing import Editing, EditView
from ppdesk.gui.trees.proposing import Proposing
from ppdesk.workflow.data.roles_trees import remarks, rule_of_tree, tree_of, without_missing

Look = Callable[[Callable[[Mapping[str, int]], None], Callable[[CodedError], None]], None]
_MOST_REMARKS, _LEFT = 3, 268
_SHAPES = {Level.BLOCKING: "failed", Level.CAUTION: "look", Level.INFO: "info"}


class HierarchyEditor(QDialog):
    """`done_with` is given what is to be declared once a person uses it."""

    done_with = Signal(object)  # Edited

    def __init__(
        self,
        parent: QWidget | None,
        column: Mapping[str, Any],
        type_in_file: str,
        rule: Mapping[str, Any] | None,
        *,
        kind: str = "",
        tree: Tree | None = None,
        file: str = "",
        look: Look | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """`column` and `rule` as step `roles` takes them; `tree`: what holds, where it is no rule, as from
        the `file`. `look` shows the values of the table with counts, and puts that on record; `counts` are
        those of a look that was made before."""
        super().__init__(parent)
        name = str(column["name"])
        self._name, self._column, self._look = name, dict(column), look
        self._values: Sequence[str] | None = None
        self._made: tuple[Tree | None, Mapping[str, Any] | None, str] = (None, None, "")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = tr("Hierarchy of {column}", column=name)
        self.setWindowTitle(tr("{title} - ppdesk", title=title))
        self.setAccessibleName(title)
        self.editing = Editing(self)
        self.view = EditView(self.editing, title)
        self.proposing = Proposing(column, type_in_file, kind)
        self._build(title)
        self._actions()
        self.editing.changed.connect(self._show)
        self.editing.refused.connect(self._refused)
        self.proposing.proposed.connect(self._propose)
        if rule is not None:
            self.proposing.put(rule)
        self._begin(rule, tree, file)
        if counts is not None:
            self._seen(counts)
        self.resize(940, 640)
        self.view.setFocus()

    # what it is made of

    def _build(self, title: str) -> None:
        self.search = LineField(tr("Find a name"), small=True)
        self.search.setPlaceholderText(tr("Find a name"))
        self.search.returnPressed.connect(self._find)
        self.buttons = {
            "undo": IconButton("undo-2", tr("Undo"), "Ctrl+Z"),
            "redo": IconButton("redo-2", tr("Redo"), "Ctrl+Y"),
        }
        self._facts = text("", "caption", wrap=True)
        self._remarks = QVBoxLayout()
        self._remarks.setSpacing(4)
        self.use = Button(tr("Use this hierarchy"), "primary")
        self.use.clicked.connect(self.go)
        cancel = Button(tr("Cancel"), "secondary")
        cancel.clicked.connect(self.reject)
        for button in (self.use, cancel):
            button.setAutoDefault(False)
        self.new_group = Button(tr("New group"), "ghost", icon="plus", height=28)
        self.remove = Button(tr("Remove"), "ghost", icon="trash-2", height=28)
        self.more = Button(tr("More"), "ghost", icon="chevron-down", height=28)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        for part in (*self.buttons.values(), self.new_group, self.remove, self.more):
            bar.addWidget(part)
        bar.addStretch(1)
        bar.addWidget(self.search)
        self.search.setFixedWidth(180)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addLayout(bar)
        right.addWidget(self.view, 1)
        right.addWidget(self._facts)
        right.addLayout(self._remarks)
        both = QHBoxLayout()
        both.setSpacing(20)
        both.addWidget(self._left())
        both.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.use)
        around = QVBoxLayout(self)
        around.setContentsMargins(24, 20, 24, 20)
        around.setSpacing(12)
        around.addWidget(text(title, "dialog"))
        around.addLayout(both, 1)
        around.addLayout(foot)
        self._ring = FocusRing(self)
        order = [
            self.proposing.kind, self.proposing.line, self.proposing.button, self.load, self.save,
            self.add_values, self.look, *self.buttons.values(), self.new_group, self.remove, self.more,
            self.search, self.view, cancel, self.use,
        ]  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(_LEFT)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.proposing)
        column.addSpacing(8)
        column.addWidget(text(tr("File"), "section"))
        self.load = Button(tr("Load a file"), "secondary", icon="folder-open", height=28)
        self.save = Button(tr("Save as a file"), "secondary", icon="download", height=28)
        column.addWidget(self.load)
        column.addWidget(self.save)
        column.addWidget(text(tr("One row per value, as ARX writes and reads it."), "caption", wrap=True))
        column.addSpacing(8)
        column.addWidget(text(tr("Values"), "section"))
        self.add_values = Button(tr("Add values"), "secondary", icon="plus", height=28)
        self.look = Button(tr("Look at the values"), "secondary", icon="eye", height=28)
        self.look.setVisible(self._look is not None)
        column.addWidget(self.add_values)
        column.addWidget(self.look)
        self._seen_words = text(
            tr("Values from a codebook are public. To look at those of the table goes on record."),
            "caption",
            wrap=True,
        )
        column.addWidget(self._seen_words)
        column.addStretch(1)
        self.load.clicked.connect(self._load)
        self.save.clicked.connect(self._save)
        self.add_values.clicked.connect(self._ask_values)
        self.look.clicked.connect(self._ask_look)
        for button in (self.load, self.save, self.add_values, self.look, self.proposing.button):
            button.setAutoDefault(False)
        return left

    def _actions(self) -> None:
        def action(words: str, keys: str, call: Callable[[], object]) -> QAction:
            made = QAction(words, self)
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.triggered.connect(lambda _on=False: call())
            self.view.addAction(made)
            return made

        self.acts: dict[str, QAction] = {}
        self.acts["rename"] = action(tr("Rename"), "F2", lambda: self.view.edit(self.view.currentIndex()))
        self.acts["group"] = action(tr("New group of these"), "Ctrl+G", self.view.new_group)
        self.acts["move"] = action(tr("Move to a group"), "Ctrl+M", self._ask_move)
        self.acts["remove"] = action(tr("Remove"), "Del", lambda: self.editing.remove(self.view.chosen()))
        self.acts["level"] = action(tr("Add a level above"), "Ctrl+L", self._add_level)
        self.acts["unlevel"] = action(tr("Remove this level"), "Ctrl+Shift+L", self._remove_level)
        for keys, call in (("Ctrl+Z", self.editing.undo.undo), ("Ctrl+Y", self.editing.undo.redo)):
            action("", keys, call)
        undo = self.editing.undo  # it tells after a change what can be undone, not while it is made
        for name, call, can in (
            ("undo", undo.undo, undo.canUndoChanged),
            ("redo", undo.redo, undo.canRedoChanged),
        ):
            self.buttons[name].setEnabled(False)
            self.buttons[name].clicked.connect(call)
            can.connect(self.buttons[name].setEnabled)
        self.new_group.clicked.connect(self.view.new_group)
        self.remove.clicked.connect(lambda: self.editing.remove(self.view.chosen()))
        self.menu = QMenu(self)
        self.menu.addActions(
            [self.acts["rename"], self.acts["group"], self.acts["move"], self.acts["remove"]]
        )
        self.menu.addSeparator()
        self.menu.addActions([self.acts["level"], self.acts["unlevel"]])
        self.more.clicked.connect(
            lambda: self.menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
        )
        self.view.menu_asked.connect(self.menu.popup)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        for button in (self.new_group, self.remove, self.more):
            button.setAutoDefault(False)

    # what is shown

    def _begin(self, rule: Mapping[str, Any] | None, tree: Tree | None, file: str) -> None:
        if tree is None:
            tree = tree_of(self._column, rule, self._values).tree
        self._made = (tree, rule, file)
        self.editing.begin(tree)

    def _propose(self, tree: Tree | None, rule: Mapping[str, Any] | None) -> None:
        self._made = (tree, rule, "")
        if tree is None:
            self.editing.begin(None)
        else:
            self.editing.put(tr("Proposal"), tree)
            self.editing.changed.emit()

    def _show(self) -> None:
        tree = self.editing.tree
        order = tree.values if tree is not None else self._known()
        self.proposing.put_values(self._values, order)
        self._facts.setText(self._told(tree))
        emptied(self._remarks)
        file = bool(self._made[2]) and tree == self._made[0]
        found = remarks(self._column, tree, file=file) if tree is not None else []
        for one in sorted(found, key=lambda one: list(_SHAPES).index(one.level))[:_MOST_REMARKS]:
            self._remark(_SHAPES[one.level], one)
        self._wrong = any(one.level is Level.BLOCKING for one in found)
        self._enable()

    def _known(self) -> Sequence[str]:
        return self._values or self._column.get("categories") or ()

    def _told(self, tree: Tree | None) -> str:
        if tree is None:
            rule = self._made[1]
            why = tr("There are no values to show: none are declared.")
            uses = tr("Its rule is used for the values as they come.") if rule is not None else ""
            return f"{why} {uses}".strip()
        counts = ", ".join(number(len(names)) for names in tree.labels[1:-1])
        values = tr_count("{count:,} value", "{count:,} values", len(tree.values))
        if not counts:
            return tr("{values}, no groups, then *.", values=values)
        levels = tr_count("{count} level between", "{count} levels between", tree.top - 1)
        return tr(
            "{values}, {levels} ({counts} groups), then *.", values=values, levels=levels, counts=counts
        )

    def _remark(self, shape: str, one: Finding) -> None:
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(Shape(shape), 0, Qt.AlignmentFlag.AlignTop)
        words = f"{told(one.title)} ({one.code})"
        inside.addWidget(text(words, "caption", wrap=True, tone="risk" if shape == "failed" else ""), 1)
        row.setAccessibleName(words)
        self._remarks.addWidget(row)

    def _refused(self, error: CodedError) -> None:
        emptied(self._remarks)
        words = f"{told(error.message)} {told(error.advice)}"
        self._remark("look", Finding(Level.CAUTION, words, code=error.error_code))

    @property
    def said(self) -> list[str]:
        """The remarks that are shown."""
        shown = [self._remarks.itemAt(at) for at in range(self._remarks.count())]
        inside = [one.widget() for one in shown if one is not None]
        return [one.accessibleName() for one in inside if one is not None]

    def _enable(self) -> None:
        tree, nodes = self.editing.tree, self.view.chosen()
        level = nodes[0].level if nodes and tree is not None else -1
        top = tree.top if tree is not None else 0
        named = 0 <= level < top
        for one in (self.acts["rename"], self.acts["group"], self.acts["remove"]):
            one.setEnabled(named)
        self.acts["move"].setEnabled(named and level + 1 < top)
        self.acts["level"].setEnabled(named)
        self.acts["unlevel"].setEnabled(0 < level < top)
        self.new_group.setEnabled(named)
        self.remove.setEnabled(named)
        self.more.setEnabled(tree is not None)
        self.save.setEnabled(tree is not None)
        usable = tree is not None or self._made[1] is not None
        self.use.setEnabled(usable and not self._wrong)
        why = tr("Mend first what is remarked below the tree.") if self._wrong else ""
        self.use.setToolTip(why if usable else tr("Choose a proposal, load a file, or add values."))

    # what a person does

    def _find(self) -> None:
        """The next name that has these signs in it, after the one that is selected."""
        tree, words = self.editing.tree, self.search.text().strip().casefold()
        if tree is None or not words:
            return
        names = [(level, name) for level, line in enumerate(tree.labels) for name in line]
        now = self.view.current()
        at = names.index((now.level, tree.labels[now.level][now.place])) + 1 if now is not None else 0
        found = next((one for one in names[at:] + names[:at] if words in one[1].casefold()), None)
        self.search.mark(found is None)
        if found is not None:
            self.view.select([found])

    def _ask_move(self) -> None:
        tree, nodes = self.editing.tree, self.view.chosen()
        if tree is None or not nodes or nodes[0].level + 1 >= tree.top:
            return
        names = [(one.level, tree.labels[one.level][one.place]) for one in nodes]

        def go(place: int) -> None:
            from ppdesk.gui.trees.model import Node

            if self.editing.move(nodes, Node(0, nodes[0].level + 1, place)):
                self.view.select(names)

        MoveDialog(self, [name for _, name in names], tree.labels[nodes[0].level + 1], go).open()

    def _add_level(self) -> None:
        nodes = self.view.chosen()
        if nodes:
            self.editing.add_level(nodes[0].level)

    def _remove_level(self) -> None:
        nodes = self.view.chosen()
        if nodes:
            self.editing.remove_level(nodes[0].level)

    # values and files

    def _ask_values(self) -> None:
        ValuesDialog(self, self.add).open()

    def add(self, values: Sequence[str]) -> None:
        """Take further values, which a person declares."""
        from ppdesk.anonymize import hierarchy_edits as edits

        if self.editing.tree is None:
            self.editing.put(tr("Add values"), Tree.flat(values))
        else:
            self.editing.change(tr("Add values"), lambda tree: edits.values_added(tree, values))

    def _ask_look(self) -> None:
        if self._look is not None:
            self.look.setEnabled(False)
            self._look(self._seen, self._not_seen)

    def _seen(self, counts: Mapping[str, int]) -> None:
        self._values = [value for value in counts if value]
        self.look.hide()
        self._seen_words.setText(tr("The values of the table were looked at: that is on record."))
        self.view.put_counts(counts)
        if self.editing.tree is None:
            self._begin(self._made[1], None, "")
        else:
            self._show()

    def _not_seen(self, error: CodedError) -> None:
        self.look.setEnabled(True)
        self._refused(error)

    def begin_with_file(self, path: Path) -> None:
        """Start with the hierarchy of a file."""
        self.load_file(path)
        self.editing.begin(self.editing.tree)

    def _load(self) -> None:
        kinds = f"{tr('Hierarchy')} (*.csv);;{tr('All files')} (*)"
        path, _ = QFileDialog.getOpenFileName(self, tr("Load a file"), "", kinds)
        if path:
            self.load_file(Path(path))

    def load_file(self, path: Path) -> None:
        """Take the hierarchy of a file, which then is declared by the file."""
        from ppdesk.anonymize.hierarchies import from_csv

        try:
            tree = without_missing(Tree.of(from_csv(self._name, path.read_bytes())))
        except CodedError as error:
            self._refused(error)
            return
        except OSError as error:
            words = tr("The file cannot be read: {reason}.", reason=error.strerror or "")
            emptied(self._remarks)
            self._remark("failed", Finding(Level.BLOCKING, words, code="PP-ROLES-010"))
            return
        self._made = (tree, None, str(path))
        self.editing.put(tr("Load a file"), tree)

    def _save(self) -> None:
        start = f"{self._name}.csv"
        path, _ = QFileDialog.getSaveFileName(self, tr("Save as a file"), start, f"{tr('Hierarchy')} (*.csv)")
        if path:
            self.save_file(Path(path))

    def save_file(self, path: Path) -> None:
        """Write the tree as ARX reads it."""
        from ppdesk.anonymize.hierarchies import to_csv, validated

        if self.editing.tree is None:
            return
        try:
            path.write_bytes(to_csv(validated(self._name, self.editing.tree.rows())))
        except CodedError as error:
            self._refused(error)
        except OSError as error:
            words = tr("The file cannot be written: {reason}.", reason=error.strerror or "")
            emptied(self._remarks)
            self._remark("failed", Finding(Level.BLOCKING, words, code="PP-ROLES-010"))

    # the end

    def result_now(self) -> Edited | None:
        """What would be declared; None where there is nothing."""
        tree, (made, rule, file) = self.editing.tree, self._made
        if tree == made and (rule is not None or file):
            return Edited(rule, file)
        if tree is None:
            return None
        found = rule_of_tree(self._name, tree)
        known = set(self._column.get("categories") or ())
        numeric = self._column.get("type") == "numeric"
        seen = self._values is not None and not known and not numeric and found["kind"] == "groups"
        return Edited(found, "", from_data=seen and bool(set(self._values or ()) & set(tree.values)))

    def go(self) -> None:
        """Declare it, and close."""
        found = self.result_now()
        if found is not None:
            self.accept()
            self.done_with.emit(found)
