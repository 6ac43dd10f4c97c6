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
from ppdesk.core.findings import Level
from ppdesk.gui.language import told, tr
from ppdesk.gui.project import Project
from ppdesk.gui.trees.columns import HierarchyColumns
from ppdesk.gui.trees.edited import Edited
from ppdesk.gui.trees.editor import HierarchyEditor
from ppdesk.workflow.data.roles_trees import remarks, rule_of_tree, without_missing

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
            plain = None if tree is None else without_missing(tree)
            editor = HierarchyEditor(
                parent, column, types.get(name, ""), rule, kind=kind, tree=plain,
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
        entries = {str(one["name"]): one for one in values.get("columns") or ()}
        entry = entries.get(name)
        if entry is None:
            done()
            return
        rules = list(values.get("generalize") or ())
        rule = next((one for one in rules if one["column"] == name), None)
        files = dict(values.get("hierarchies") or {})

        def edited(found: Edited) -> None:
            now = [one for one in rules if one["column"] != name]
            now += [dict(found.rule)] if found.rule is not None else []
            others, declared = self._kept({one: it for one, it in files.items() if one != name}, entries)
            others |= {name: found.file} if found.file else {}
            columns = [
                {**one, "origin": "data"} if one["name"] == name and found.from_data else one
                for one in values["columns"]
            ]
            names = {one: it for one, it in (values.get("level_names") or {}).items() if one != name}
            settings = {
                "columns": columns, "generalize": [*now, *declared], "hierarchies": others,
                "level_names": names,
            }  # fmt: skip
            self._project.offer(_MAKER, settings)
            done()

        def known(found: Edited) -> None:
            self.ask(name, lambda _tree: edited(found), lambda _error: edited(found))

        self.edit(parent, entry, rule, known, file=_path(files.get(name, "")))

    def _kept(
        self, files: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The files of other columns. The record has their bare names only: where there is no such file now,
        the same hierarchy is declared by its groups, as it is on record."""
        kept: dict[str, Any] = {}
        declared = []
        for name, file in files.items():
            tree, entry = self._trees.get(name), entries.get(name)
            if tree is None or entry is None or Path(_path(file)).is_file():
                kept[name] = file
                continue
            plain = without_missing(tree)
            if any(one.level is Level.BLOCKING for one in remarks(entry, plain)):
                kept[name] = file
            else:
                declared.append(rule_of_tree(name, plain))
        return kept, declared


def _path(file: Any) -> str:
    """Of a file as a page holds it, or as the record names it."""
    return str(file.get("name", "") if isinstance(file, Mapping) else file)
