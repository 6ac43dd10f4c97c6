"""Where trees come from in a project, and where an edited one goes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.language import told, tr
from ppdesk.gui.project import Project
from ppdesk.gui.trees.columns import HierarchyColumns
from ppdesk.gui.trees.edited import Edited
from ppdesk.gui.trees.editor import HierarchyEditor

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session

Counts = Mapping[str, int]
_MAKER = "roles"


class ProjectTrees(QObject):
    """The hierarchies that hold in a project, and, once somebody has looked, how often their values occur."""

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._of = -1  # the event whose trees are held
        self._trees: dict[str, Tree] = {}
        self._counts: dict[str, Counts] = {}

    # the trees that are on record

    def show(self, columns: HierarchyColumns, name: str) -> None:
        """Show the tree of the column `name` there, or say why it cannot be shown."""

        def there(tree: Tree | None) -> None:
            if not isValid(columns):
                return
            if tree is None:
                columns.say(name, tr("Its values are values of people. Edit it to look at them."))
            else:
                columns.put_tree(name, tree, self._counts.get(name))

        def failed(error: CodedError) -> None:
            if isValid(columns):
                columns.say(name, told(error.message))

        self.ask(name, there, failed)

    def ask(
        self, name: str, done: Callable[[Tree | None], None], failed: Callable[[CodedError], None]
    ) -> None:
        """The tree of the column `name` as it is on record; None where there is none that may be shown."""
        seq = self._made_by()
        if seq is None:
            done(None)
            return
        if seq == self._of:
            done(self._trees.get(name))
            return

        def work(session: "Session") -> dict[str, Tree]:
            from ppdesk.anonymize.hierarchies import from_json

            data = session.told(seq, Kind.HIERARCHIES, "hierarchies")
            read = {} if data is None else from_json(data)
            return {one: Tree.of(hierarchy) for one, hierarchy in read.items()}

        def known(trees: dict[str, Tree]) -> None:
            if not isValid(self):
                return
            if self._of != -1:
                self._counts.clear()
            self._of, self._trees = seq, trees
            done(trees.get(name))

        self._project.ask(work, known, failed)

    def _made_by(self) -> int | None:
        snapshot = self._project.snapshot
        events = snapshot.events if snapshot is not None else ()
        made = [one.seq for one in events if one.outcome == "ok" and Kind.HIERARCHIES in one.outputs]
        return made[-1] if made else None

    def look(self, name: str, done: Callable[[Counts], None], failed: Callable[[CodedError], None]) -> None:
        """How many records have each value of the column `name`. The look is on record before anybody sees
        it."""
        found: dict[str, int] = {}

        def work(session: "Session") -> None:
            import pyarrow.compute as pc

            rows = session.look(Kind.TABLE, "rows", "values")
            for one in pc.value_counts(rows.column(name).combine_chunks()).to_pylist():
                found[one["values"] or ""] = int(one["counts"])

        def seen() -> None:
            if isValid(self):
                self._counts[name] = found
            done(found)

        self._project.change(work, seen, failed)

    # editing

    def edit(
        self,
        parent: QWidget,
        column: Mapping[str, Any],
        rule: Mapping[str, Any] | None,
        done: Callable[[Edited], None],
        *,
        file: str = "",
        kind: str = "",
    ) -> None:
        """Open the editor for a column that is declared as `column`, with its `rule` or its `file`; `done` is
        given what a person made of it. `kind`: what the inspection took it for."""
        name = str(column["name"])
        snapshot = self._project.snapshot
        types = dict(snapshot.columns) if snapshot is not None else {}
        may_look = snapshot is not None and not snapshot.read_only and name in types

        editor: HierarchyEditor | None = None

        def look(seen: Callable[[Counts], None], failed: Callable[[CodedError], None]) -> None:
            def safe(counts: Counts) -> None:
                if isValid(editor):
                    seen(counts)

            def not_seen(error: CodedError) -> None:
                if isValid(editor):
                    failed(error)

            self.look(name, safe, not_seen)

        def show(tree: Tree | None) -> None:
            nonlocal editor
            if not isValid(parent):
                return
            editor = HierarchyEditor(
                parent, column, types.get(name, ""), rule, kind=kind, tree=tree,
                file=file if tree is not None else "", look=look if may_look else None,
                counts=self._counts.get(name),
            )  # fmt: skip
            editor.done_with.connect(done)
            editor.open()

        if rule is not None:
            show(None)
        elif file and Path(file).is_file():
            show(None)
            if editor is not None:
                editor.begin_with_file(Path(file))
        else:
            self.ask(name, show, lambda _error: show(None))

    def edit_declared(self, parent: QWidget, name: str, done: Callable[[], None]) -> None:
        """Edit the hierarchy of a column as it is declared on the page of Roles, and fill that page in with
        what came of it; then `done`. Nothing is declared before Roles runs again."""
        values = self._project.filled(_MAKER)
        entry = next((one for one in values.get("columns") or () if one["name"] == name), None)
        if entry is None:
            done()
            return
        rules = list(values.get("generalize") or ())
        rule = next((one for one in rules if one["column"] == name), None)
        files = dict(values.get("hierarchies") or {})
        file = files.get(name, "")
        path = str(file.get("name", "") if isinstance(file, Mapping) else file)

        def edited(found: Edited) -> None:
            others = [one for one in rules if one["column"] != name]
            now = [*others, dict(found.rule)] if found.rule is not None else others
            kept = {one: it for one, it in files.items() if one != name}
            kept |= {name: found.file} if found.file else {}
            columns = [
                {**one, "origin": "data"} if one["name"] == name and found.from_data else one
                for one in values["columns"]
            ]
            names = {one: it for one, it in (values.get("level_names") or {}).items() if one != name}
            settings = {"columns": columns, "generalize": now, "hierarchies": kept, "level_names": names}
            self._project.offer(_MAKER, settings)
            done()

        self.edit(parent, entry, rule, edited, file=path)
