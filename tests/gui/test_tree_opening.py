"""Where trees come from in a project, and where an edited one goes."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ppdesk.anonymize.hierarchies import to_json, validated
from ppdesk.core.artifacts import Kind
from ppdesk.gui.look import Look
from ppdesk.gui.trees.columns import ColumnLevel, HierarchyColumns
from ppdesk.gui.trees.editor import HierarchyEditor
from ppdesk.gui.trees.opening import ProjectTrees

TOWN = [("Kiel", "north", "*"), ("Ulm", "south", "*")]
ROLES = {
    "columns": [
        {"name": "town", "role": "quasi-identifier", "type": "categorical", "categories": ["Kiel", "Ulm"]},
        {"name": "zip", "role": "quasi-identifier", "type": "categorical"},
    ],
    "hierarchies": {"town": {"name": "town.csv", "sha256": "00"}},
    "generalize": [{"column": "zip", "kind": "redaction", "length": 3}],
    "level_names": {"town": ["town", "region"]},
}


class Session:
    """Answers as a session does."""

    asked = 0

    def told(self, _seq: int, _kind: Kind, _part: str) -> bytes:
        self.asked += 1
        return to_json({"town": validated("town", TOWN)})

    def look(self, _kind: Kind, _part: str, _what: str) -> Any:
        import pyarrow as pa

        return pa.table({"zip": ["123", "123", None, "456"]})


class Bench:
    """A project whose answers come at once."""

    def __init__(self) -> None:
        event = SimpleNamespace(seq=4, outcome="ok", outputs={Kind.HIERARCHIES: "d"})
        columns = [("town", "string"), ("zip", "string")]
        self.snapshot = SimpleNamespace(events=(event,), columns=columns, read_only=False)
        self.session = Session()
        self.offered: dict[str, Any] = {}

    def ask(self, work: Callable[[Any], Any], done: Callable[[Any], None], _failed: Any) -> None:
        done(work(self.session))

    def change(self, work: Callable[[Any], Any], done: Callable[[], None], _failed: Any) -> None:
        work(self.session)
        done()

    def filled(self, _key: str) -> dict[str, Any]:
        return ROLES

    def offer(self, key: str, settings: dict[str, Any]) -> None:
        self.offered[key] = settings


@pytest.fixture
def parent(qtbot: QtBot, look: Look) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_trees_on_record_are_read_once(qtbot: QtBot, look: Look) -> None:
    project: Any = Bench()
    trees, columns = ProjectTrees(project), HierarchyColumns()
    qtbot.addWidget(columns)
    columns.put([ColumnLevel("town", 1, 3), ColumnLevel("zip", 1, 3)])
    columns.tree_asked.connect(lambda name: trees.show(columns, name))
    for at in range(2):
        columns.view.expand(columns.model.index(at, 0))
    town, zip_ = columns.model.branches
    assert town.tree is not None
    assert town.tree.rows() == TOWN
    assert "values of people" in zip_.note
    assert project.session.asked == 1


def test_an_edited_tree_fills_the_page_of_roles_in(parent: QWidget) -> None:
    project: Any = Bench()
    done = []
    ProjectTrees(project, parent).edit_declared(parent, "town", lambda: done.append(True))
    editor = parent.findChild(HierarchyEditor)
    assert editor.editing.tree.rows() == TOWN
    editor.view.select([(1, "north")])
    editor.editing.rename(editor.view.current(), "N")
    editor.use.click()
    found = project.offered["roles"]
    assert done == [True]
    assert found["hierarchies"] == {}
    assert found["level_names"] == {}
    assert found["generalize"][1] == {
        "column": "town", "kind": "groups", "levels": [{"N": ["Kiel"], "south": ["Ulm"]}],
    }  # fmt: skip


def test_values_of_the_table_say_where_they_are_from(parent: QWidget) -> None:
    project: Any = Bench()
    trees = ProjectTrees(project, parent)
    trees.edit_declared(parent, "zip", lambda: None)
    editor = parent.findChild(HierarchyEditor)
    editor.look.click()
    assert editor.editing.tree.values == ("123", "456")
    editor.view.select([(0, "123"), (0, "456")])
    assert editor.editing.group(editor.view.chosen())
    editor.go()
    found = project.offered["roles"]
    assert found["columns"][1]["origin"] == "data"
    rules = {rule["column"]: rule for rule in found["generalize"]}
    assert rules["zip"]["levels"] == [{"New group": ["123", "456"]}, {"1**": ["New group"]}]


def test_files_that_are_gone_are_declared_as_they_are_on_record(parent: QWidget) -> None:
    project: Any = Bench()
    ProjectTrees(project, parent).edit_declared(parent, "zip", lambda: None)
    parent.findChild(HierarchyEditor).go()
    found = project.offered["roles"]
    assert found["hierarchies"] == {}
    assert found["generalize"] == [
        ROLES["generalize"][0],
        {"column": "town", "kind": "groups", "levels": [{"north": ["Kiel"], "south": ["Ulm"]}]},
    ]
