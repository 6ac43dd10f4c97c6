"""The editor of a hierarchy, by mouse and keys."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ppdesk.gui.look import Look
from ppdesk.gui.trees.asking import MoveDialog, ValuesDialog
from ppdesk.gui.trees.editor import HierarchyEditor
from ppdesk.gui.trees.model import Node

AGE = {"name": "age", "role": "quasi-identifier", "type": "numeric", "min": 0, "max": 19}
TOWN = {
    "name": "town", "role": "quasi-identifier", "type": "categorical",
    "categories": ["Kiel", "Bonn", "Ulm", "Lyon"],
}  # fmt: skip
GROUPS = {
    "column": "town", "kind": "groups",
    "levels": [{"north": ["Kiel", "Bonn"], "south": ["Ulm"], "rhone": ["Lyon"]}],
}  # fmt: skip
INTERVALS = {"column": "age", "kind": "intervals", "widths": [5, 10], "whole": True}


@pytest.fixture
def make(qtbot: QtBot, look: Look) -> Any:
    def made(
        column: Mapping[str, Any], kind: str, rule: Mapping[str, Any] | None, **more: Any
    ) -> HierarchyEditor:
        editor = HierarchyEditor(None, column, kind, rule, **more)
        qtbot.addWidget(editor)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        editor.show()
        return editor

    return made


def test_a_rule_that_is_not_changed_stays_a_rule(make: Any) -> None:
    editor = make(AGE, "integer", INTERVALS)
    told = QSignalSpy(editor.done_with)
    assert editor.editing.tree.labels[2] == ("0 to 9", "10 to 19")
    editor.use.click()
    assert told.at(0)[0].rule == INTERVALS


def test_a_group_is_made_named_and_undone(qtbot: QtBot, make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    editor.view.select([(1, "north"), (1, "south")])
    editor.new_group.click()
    line = editor.view.findChild(QLineEdit)
    line.setText("DE")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "DE" in editor.editing.tree.labels[2])
    tree = editor.editing.tree
    assert tree.rows()[0] == ("Kiel", "north", "DE", "*")
    assert tree.rows()[3] == ("Lyon", "rhone", "rhone", "*")
    rule = editor.result_now().rule
    assert rule["kind"] == "groups"
    assert rule["levels"][1] == {"rhone": ["rhone"], "DE": ["north", "south"]}
    while editor.buttons["undo"].isEnabled():
        editor.buttons["undo"].click()
    assert editor.result_now().rule == GROUPS
    editor.buttons["redo"].click()
    assert editor.editing.tree.top == 3


def test_keys_remove_and_levels_come_and_go(qtbot: QtBot, make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    editor.view.select([(1, "north")])
    qtbot.keyClick(editor.view, Qt.Key.Key_Delete)
    assert [row[1] for row in editor.editing.tree.rows()] == ["Kiel", "Bonn", "south", "rhone"]
    editor.view.select([(1, "Bonn")])
    editor.acts["level"].trigger()
    assert editor.editing.tree.top == 3
    assert any("merges nothing" in one for one in editor.said)
    editor.acts["unlevel"].trigger()
    assert editor.editing.tree.top == 2
    editor.buttons["undo"].click()
    assert editor.editing.tree.top == 3


def test_names_are_dropped_onto_groups_of_the_next_level(make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    model = editor.view.trees
    tree = editor.editing.tree
    ulm = model.index_of(Node(0, 0, tree.values.index("Ulm")))
    lyon = model.index_of(Node(0, 0, tree.values.index("Lyon")))
    data = model.mimeData([ulm])
    move = Qt.DropAction.MoveAction
    top = model.index_of(Node(0, 2, 0))
    assert not model.canDropMimeData(data, move, -1, -1, top)
    assert model.canDropMimeData(data, move, -1, -1, lyon)  # into the group of what it is dropped on
    model.dropMimeData(data, move, -1, -1, lyon)
    assert editor.editing.tree.rows()[2] == ("Ulm", "rhone", "*")
    assert editor.view.current() is not None


def test_a_value_moves_by_a_question(make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    editor.view.select([(0, "Kiel")])
    editor.acts["move"].trigger()
    question = editor.findChild(MoveDialog)
    question.choice.put("2")
    question.accept_button.click()
    assert editor.editing.tree.rows()[0] == ("Kiel", "rhone", "*")


def test_a_change_that_cannot_be_is_refused_in_words(make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    model = editor.view.trees
    north = model.index_of(Node(0, 1, 0))
    model.setData(north, "south", Qt.ItemDataRole.EditRole)
    assert "already" in editor.said[0]
    assert "PP-ANON-060" in editor.said[0]
    assert not editor.editing.undo.canUndo()


def test_proposals_follow_their_settings(make: Any) -> None:
    editor = make(AGE, "integer", INTERVALS)
    editor.proposing.line.setText("10")
    editor.proposing.button.click()
    assert editor.editing.tree.top == 2
    assert editor.result_now().rule["widths"] == [10]
    editor.proposing.line.setText("3; 5")
    editor.proposing.button.click()
    assert editor.editing.tree.top == 2
    assert "multiple" in editor.proposing._help.text()
    order = make(TOWN, "string", None)
    assert order.editing.tree.top == 1
    order.proposing.kind.put("order")
    order.proposing.line.setText("2")
    order.proposing.button.click()
    assert order.editing.tree.labels[1] == ("Kiel to Bonn", "Ulm to Lyon")
    months = make({**TOWN, "categories": ["Jan", "Feb", "Dec"]}, "string", None)
    months.proposing.kind.put("known")
    months.proposing.button.click()
    assert months.editing.tree.labels[1] == ("Quarter 1", "Quarter 4")


def test_files_are_loaded_and_saved(make: Any, tmp_path: Path) -> None:
    path = tmp_path / "town.csv"
    editor = make(TOWN, "string", GROUPS)
    editor.save_file(path)
    assert path.read_text().splitlines()[0] == "Kiel;north;*"
    other = make(TOWN, "string", None)
    other.load_file(path)
    assert other.result_now().file == str(path)
    other.view.select([(1, "south")])
    other.remove.click()
    assert (other.result_now().file, other.result_now().rule["kind"]) == ("", "groups")
    path.write_text("Kiel;a;b\n")
    other.load_file(path)
    assert "PP-ANON" in other.said[0]


def test_open_values_are_looked_at_or_declared(make: Any) -> None:
    zip_ = {"name": "zip", "role": "quasi-identifier", "type": "categorical"}
    rule = {"column": "zip", "kind": "redaction", "length": 3}

    def look(seen: Any, _failed: Any) -> None:
        seen({"123": 4, "129": 1, "": 2})

    editor = make(zip_, "string", rule, look=look)
    assert editor.editing.tree is None
    assert editor.result_now().rule == rule
    editor.look.click()
    assert editor.editing.tree.labels[1] == ("12*",)
    assert editor.result_now().rule == rule
    assert not editor.result_now().from_data
    editor.view.select([(1, "12*")])
    editor.remove.click()
    assert editor.result_now().from_data
    declared = make(zip_, "string", None, look=look)
    assert not declared.use.isEnabled()
    declared.add_values.click()
    question = declared.findChild(ValuesDialog)
    question.lines.setPlainText("123\n\n456")
    question.accept_button.click()
    assert declared.editing.tree.values == ("123", "456")
    assert not declared.result_now().from_data


def test_a_name_is_found(qtbot: QtBot, make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    editor.search.setText("ulm")
    qtbot.keyClick(editor.search, Qt.Key.Key_Return)
    assert editor.view.current() == Node(0, 0, 2)
    assert editor.result_now() is not None
    assert editor.isVisible()


def test_values_without_a_place_cannot_be_used(make: Any) -> None:
    editor = make(TOWN, "string", GROUPS)
    editor.view.select([(0, "Kiel")])
    editor.remove.click()
    assert "PP-ROLES-060" in editor.said[0]
    assert not editor.use.isEnabled()
    assert editor.use.toolTip()
