"""Columns with their levels, and below each the tree of its hierarchy."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from ppdesk.anonymize.hierarchies import validated
from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.gui.look import Look
from ppdesk.gui.trees.columns import ColumnLevel, HierarchyColumns

TOWN = [("Kiel", "north", "*"), ("Ulm", "south", "*"), ("Bonn", "north", "*")]
ROWS = [ColumnLevel("age", 1, 4, 0.21), ColumnLevel("town", 1, 3, None), ColumnLevel("zip", None, 6, 0.5)]


@pytest.fixture
def columns(qtbot: QtBot, look: Look) -> HierarchyColumns:
    made = HierarchyColumns()
    qtbot.addWidget(made)
    made.resize(360, 500)
    made.put(ROWS)
    made.show()
    return made


def _cells(columns: HierarchyColumns, index: object) -> tuple[str, str]:
    model = columns.model
    return model.data(index), model.data(index.siblingAtColumn(2))


def test_a_level_is_moved_by_keys_and_told(qtbot: QtBot, columns: HierarchyColumns) -> None:
    told = QSignalSpy(columns.chosen)
    qtbot.keyClick(columns.pips["age"], Qt.Key.Key_Right)
    assert told.at(0) == [{"age": 2, "town": 1}]
    assert _cells(columns, columns.model.index(0, 0)) == ("age", "21 %")
    pips = columns.pips["age"]
    columns.put([ColumnLevel("age", 3, 4, 0.4), *ROWS[1:]])
    assert columns.pips["age"] is pips
    assert (pips.value(), told.count()) == (3, 1)
    assert _cells(columns, columns.model.index(0, 0)) == ("age", "40 %")


def test_a_tree_is_asked_for_when_its_column_is_opened(qtbot: QtBot, columns: HierarchyColumns) -> None:
    told = QSignalSpy(columns.tree_asked)
    town = columns.model.index(1, 0)
    columns.view.setCurrentIndex(town)
    qtbot.keyClick(columns.view, Qt.Key.Key_Right)
    assert told.at(0) == ["town"]
    assert columns.current == "town"
    columns.put_tree("town", Tree.of(validated("town", TOWN)), {"Kiel": 1200, "Ulm": 3})
    top = columns.model.index(0, 0, town)
    assert columns.view.isExpanded(top)
    north, south = columns.model.index(0, 0, top), columns.model.index(1, 0, top)
    assert [_cells(columns, one) for one in (top, north, south)] == [
        ("*", "1,203"), ("north", "1,200"), ("south", "3"),
    ]  # fmt: skip
    bonn = columns.model.index(1, 0, north)
    assert _cells(columns, bonn) == ("Bonn", "0")
    assert columns.model.parent(bonn) == north
    assert "level 1, 1,200 records" in columns.model.data(north, Qt.ItemDataRole.AccessibleTextRole)
    columns.view.collapse(town)
    columns.view.expand(town)
    assert told.count() == 1


def test_why_there_is_no_tree_is_said(columns: HierarchyColumns) -> None:
    zip_ = columns.model.index(2, 0)
    columns.view.expand(zip_)
    columns.say("zip", "Values of people")
    assert columns.model.data(columns.model.index(0, 0, zip_)) == "Values of people"
    columns.forget_trees()
    assert columns.model.rowCount(zip_) == 0


def test_ten_thousand_values_are_not_made_into_rows_before_they_are_seen(columns: HierarchyColumns) -> None:
    rows = [(str(one), f"{one // 10}x", f"{one // 1000}xxx", "*") for one in range(10_000)]
    columns.view.expand(columns.model.index(0, 0))
    columns.put_tree("age", Tree.of(validated("age", rows)), {str(one): 1 for one in range(10_000)})
    top = columns.model.index(0, 0, columns.model.index(0, 0))
    assert columns.model.rowCount(top) == 10
    assert columns.model.data(top.siblingAtColumn(2)) == "10,000"
