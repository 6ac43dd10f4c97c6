"""The page of Clean: the recipe by mouse and keys, suggestions, and columns of another name."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from ppdesk.data.clean.suggest import suggest
from ppdesk.data.clean.suggestion import without_values
from ppdesk.gui.column_editors import ColumnsEditor, ValuesEditor
from ppdesk.gui.dialogs.clusters import ClustersDialog
from ppdesk.gui.dialogs.operation import OperationDialog
from ppdesk.gui.look import Look
from ppdesk.gui.pages.clean import CleanStep
from ppdesk.gui.pages.clean_editor import RecipeView
from ppdesk.gui.pages.clean_recipe import Recipe
from ppdesk.gui.pages.clean_suggestions import looked_at
from ppdesk.gui.pages.clean_words import BY_OP, GROUPS, said
from ppdesk.gui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
COLUMNS = ("name", "age", "town")
TRIM = {"op": "trim", "columns": ["name"]}
UPPER = {"op": "case", "columns": ["town"], "to": "upper"}


@pytest.fixture
def recipe(qtbot: QtBot, look: Look) -> RecipeView:
    made = RecipeView()
    qtbot.addWidget(made)
    made.resize(360, 600)
    made.show()
    made.show_run(COLUMNS, (), ())
    return made


def ops(recipe: RecipeView) -> list[str]:
    return [str(one["op"]) for one in recipe.edits.now.operations]


def accept(bot: QtBot, dialog: QDialog) -> None:
    bot.mouseClick(dialog.accept_button, LEFT)  # type: ignore[attr-defined]  # every Dialog has one


def test_every_operation_is_offered_and_has_a_form(qtbot: QtBot, recipe: RecipeView) -> None:
    offered = [op for _, some in GROUPS for op in some]
    assert sorted(offered) == sorted(BY_OP)
    assert set(recipe.actions_by_op) == set(BY_OP)
    for op, kind in BY_OP.items():
        dialog = OperationDialog(recipe, kind, COLUMNS, None, lambda _values: None)
        qtbot.addWidget(dialog)
        assert set(dialog.form.rows) == set(kind.model_fields) - {"op"}, op


def test_an_operation_is_added_with_ticked_columns(qtbot: QtBot, recipe: RecipeView) -> None:
    recipe.actions_by_op["range"].trigger()
    dialog = recipe.dialog
    columns = dialog.form.rows["columns"].editor
    assert isinstance(columns, ColumnsEditor)
    accept(qtbot, dialog)
    assert "Tick at least one column" in dialog.form.rows["columns"].said
    ticks = columns.widget.list
    qtbot.mouseClick(ticks.viewport(), LEFT, pos=ticks.visualItemRect(ticks.item(1)).center())
    qtbot.keyClicks(dialog.form.rows["max"].editor.widget, "120")
    with qtbot.waitSignal(recipe.changed):
        accept(qtbot, dialog)
    (made,) = recipe.edits.now.operations
    assert (made["op"], made["columns"], made["max"]) == ("range", ["age"], 120.0)
    assert recipe.list.items[0].title == "Hold age to at most 120, otherwise missing"


def test_a_list_of_values_is_typed_in_two_columns(qtbot: QtBot, look: Look, recipe: RecipeView) -> None:
    recipe.ask_add("map")
    editor = recipe.dialog.form.rows["values"].editor
    assert isinstance(editor, ValuesEditor)
    editor.widget.item(0, 0).setText("b")
    editor.widget.item(0, 1).setText("Berlin")
    assert editor.widget.rowCount() == 2  # always one empty row more
    assert editor.value() == {"b": "Berlin"}
    editor.widget.item(1, 1).setText("Hamburg")
    recipe.dialog.form.rows["column"].editor.put("town")
    accept(qtbot, recipe.dialog)
    assert "needs the value" in recipe.dialog.form.rows["values"].said


def test_a_wrong_rule_is_said_at_its_field(qtbot: QtBot, recipe: RecipeView) -> None:
    recipe.ask_add("rule")
    row = recipe.dialog.form.rows["holds"]
    qtbot.keyClicks(row.editor.widget, "age >=")
    accept(qtbot, recipe.dialog)
    assert row.said not in ("", row.spec.help)
    assert not recipe.edits.now.operations


def test_the_recipe_is_edited_by_keys_and_undone(qtbot: QtBot, recipe: RecipeView) -> None:
    recipe.put_in(TRIM)
    recipe.put_in(UPPER)
    recipe.put_in({"op": "duplicates"})
    recipe.list.setFocus()
    qtbot.keyClick(recipe.list, Qt.Key.Key_Up, ALT)
    assert ops(recipe) == ["trim", "duplicates", "case"]
    assert recipe.list.row == 1
    qtbot.keyClick(recipe.list, Qt.Key.Key_Delete)
    assert ops(recipe) == ["trim", "case"]
    assert "remove keep the first" in recipe.undo.accessibleName()
    qtbot.mouseClick(recipe.undo, LEFT)
    assert ops(recipe) == ["trim", "duplicates", "case"]
    qtbot.mouseClick(recipe.undo, LEFT)
    assert ops(recipe) == ["trim", "case", "duplicates"]
    qtbot.mouseClick(recipe.redo, LEFT)
    assert ops(recipe) == ["trim", "duplicates", "case"]
    recipe.activateWindow()
    qtbot.keyClick(recipe.list, Qt.Key.Key_Z, CTRL)
    assert ops(recipe) == ["trim", "case", "duplicates"]
    qtbot.keyClick(recipe.list, Qt.Key.Key_Z, CTRL | SHIFT)
    assert ops(recipe) == ["trim", "duplicates", "case"]
    recipe.put_in(TRIM)
    assert not recipe.redo.isEnabled()  # another edit: nothing to redo
    recipe.list.go(0)
    qtbot.keyClick(recipe.list, Qt.Key.Key_Return)
    columns = recipe.dialog.form.rows["columns"].editor
    columns.put(["name", "town"])
    accept(qtbot, recipe.dialog)
    assert recipe.edits.now.operations[0]["columns"] == ["name", "town"]


def test_counts_hold_as_far_as_the_recipe_is_as_it_was_run(recipe: RecipeView) -> None:
    facts = [
        {"op": "trim", "rows_before": 9, "rows_after": 9, "columns_after": 3, "cells_changed": 4},
        {"op": "case", "rows_before": 9, "rows_after": 9, "columns_after": 3, "skipped": "no such column"},
        {"op": "duplicates", "rows_before": 9, "rows_after": 7, "columns_after": 3, "quarantined": 1},
    ]
    run = [TRIM, UPPER, {"op": "duplicates"}]
    recipe.start(Recipe.of(run, {}))
    recipe.show_run(COLUMNS, run, facts)
    assert [one.told for one in recipe.list.items] == [
        "4 cells changed",
        "Skipped: no such column",
        "9 to 7 rows, 1 put aside",
    ]
    recipe.edits.remove(1)
    recipe._show()
    assert [one.told for one in recipe.list.items] == ["4 cells changed", "Not run yet"]


def test_columns_of_another_name_are_mapped(qtbot: QtBot, recipe: RecipeView) -> None:
    recipe.put_in({"op": "case", "columns": ["Town"], "to": "upper"})
    recipe.put_in({"op": "trim", "columns": ["street"]})
    assert [one.shape for one in recipe.list.items] == ["failed", "failed"]
    assert "Town, street" in recipe.unmapped.text()
    qtbot.mouseClick(recipe.map, LEFT)
    dialog = recipe.mapping_dialog
    assert {name: one.value() for name, one in dialog.choices.items()} == {"Town": "town", "street": ""}
    dialog.choices["street"].put("town")
    accept(qtbot, dialog)
    assert "one column stands for two" in dialog.said
    dialog.choices["street"].put("")
    accept(qtbot, dialog)
    assert recipe.edits.now.mapping == {"Town": "town"}
    assert [one.shape for one in recipe.list.items] == ["todo", "failed"]
    # what an operation makes is there for the next one
    recipe.put_in({"op": "split", "column": "name", "into": ["first", "last"], "separator": " "})
    assert set(recipe.edits.now.columns_at(3, COLUMNS)) == {"first", "last", "age", "Town"}


def test_ticked_groups_are_merged_into_what_a_person_writes(qtbot: QtBot, look: Look) -> None:
    made: list[dict[str, object]] = []
    operation = {"op": "merge-values", "column": "town", "values": {"berlin ": "Berlin", "ulm": "Ulm"}}
    groups = [[("Berlin", 9), ("berlin ", 2)], [("Ulm", 3), ("ulm", 3)]]
    dialog = ClustersDialog(None, operation, groups, made.append)
    qtbot.addWidget(dialog)
    assert [one.text() for one in dialog.survivors] == ["Berlin", "Ulm"]
    dialog.ticks[1].setChecked(False)
    dialog.survivors[0].setText("Berlin (city)")
    dialog.show()
    accept(qtbot, dialog)
    values = dict.fromkeys(("Berlin", "berlin ", "berlin"), "Berlin (city)")
    assert made == [{"op": "merge-values", "column": "town", "values": values}]


def test_what_needs_no_look_is_what_the_engine_proposes() -> None:
    table = pa.table(
        {
            "spaced": [" a", "b ", "c", "a"] * 10,
            "nothing": pa.nulls(40, pa.string()),
            "same": ["x"] * 40,
            "number": [str(at) for at in range(39)] + ["about 7"],
            "far": [str(at) for at in range(39)] + ["8642"],
        }
    )
    hints = looked_at(suggest(pa.concat_tables([table, table.slice(0, 3)])).table())
    plain = {one.id: one.operation for one in hints if without_values(one.id) is not None}
    kinds = {one.partition(":")[0] for one in plain}
    assert kinds == {"spaces", "empty", "constant", "mixed", "far", "duplicates"}
    for id, operation in plain.items():
        assert without_values(id) == operation
    assert all(said(json.loads(json.dumps(one.operation))) for one in hints if one.operation)


def test_a_suggestion_that_names_values_is_a_look(
    window: MainWindow, settled: Callable[[], None], qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "towns.csv"
    rows = [f"{at},{town}" for at, town in enumerate(["Berlin", "berlin", " Ulm", "Ulm", "N/A"] * 8)]
    file.write_text("\n".join(["id,town", *rows]) + "\n", encoding="utf-8")
    window.project.create(tmp_path / "clean.ppdesk", "four words for it")
    settled()
    window.run("import", {"table": str(file), "source": "made for a test"})
    settled()
    window.show_step("clean")
    settled()
    assert window.page is not None
    pane = window.page.pane
    assert isinstance(pane, CleanStep)
    qtbot.mouseClick(pane.suggestions.buttons["spaces:town"], LEFT)
    assert ops(pane.recipe) == ["trim"]
    assert "spaces:town" not in pane.suggestions.buttons  # it is in the recipe
    before = len(window.project.snapshot.events)  # type: ignore[union-attr]  # it is open
    missing = next(one for one in pane.suggestions.hints if one.id == "missing:town")
    pane.take(missing)
    accept(qtbot, pane.asking)
    settled()
    snapshot = window.project.snapshot
    assert snapshot is not None
    assert [one.kind for one in snapshot.events[before:]] == ["look"]
    assert pane.recipe.edits.now.operations[1]["tokens"] == ["N/A"]
    # after the look, groups are shown without another question
    group = next(one for one in pane.suggestions.hints if one.clusters)
    pane.take(group)
    accept(qtbot, pane.clusters)
    assert ops(pane.recipe) == ["trim", "missing", "merge-values"]
    qtbot.waitUntil(window.page.bar.primary.isEnabled)
    window.page.run()
    settled()
    assert [one.shape for one in pane.recipe.list.items] == ["done", "done", "done"]
    assert window.page.form.values()["operations"] == list(pane.recipe.edits.now.operations)
