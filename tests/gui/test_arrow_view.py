"""The view of an Arrow table: millions of rows, missing values, copies, and nothing made in advance."""

import statistics
import time

import pyarrow as pa
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ppdesk.gui.look import Look
from ppdesk.gui.parts.arrow_cells import BLOCK, LONGEST, ArrowCells
from ppdesk.gui.parts.arrow_model import EMPTY, MARK, MISSING, ArrowModel
from ppdesk.gui.parts.arrow_view import ArrowView

MANY = 5_000_000
Role = Qt.ItemDataRole


@pytest.fixture(scope="module")
def many() -> pa.Table:
    """5,000,000 rows of which 100,000 are in memory: the chunks are the same fifty times."""
    numbers = pa.array([str(at) for at in range(100_000)])
    words = pa.array([f"word {at}" if at % 7 else None for at in range(100_000)])
    codes = pa.DictionaryArray.from_arrays(
        pa.array([at % 3 for at in range(100_000)], pa.int32()), pa.array(["a", "", "a longer one"])
    )
    return pa.table(
        {name: pa.chunked_array([one] * 50) for name, one in (("n", numbers), ("w", words), ("d", codes))}
    )


def shown(bot: QtBot, table: pa.Table, types: dict[str, str] | None = None) -> ArrowView:
    view = ArrowView(ArrowModel(table, types), "Rows")
    bot.addWidget(view)
    view.resize(800, 600)
    view.show()
    return view


def test_far_down_a_screen_is_painted_as_quickly_as_at_the_top(
    qtbot: QtBot, look: Look, many: pa.Table
) -> None:
    view = shown(qtbot, many, {"n": "integer"})
    assert view.rows.rowCount() == MANY

    def paint_from(row: int) -> float:
        took = []
        for screen in range(9):
            began = time.perf_counter()
            view.go_to(row + screen * 60)  # each time cells that were not read before
            view.viewport().repaint()
            took.append(time.perf_counter() - began)
        return statistics.median(took)

    paint_from(1_000)
    top = min(paint_from(100), paint_from(2_000))
    far = min(paint_from(4_900_000), paint_from(4_950_000))
    assert far <= 3 * top


def test_scrolling_all_over_keeps_only_a_few_cells(qtbot: QtBot, look: Look, many: pa.Table) -> None:
    view = shown(qtbot, many)
    bar = view.verticalScrollBar()
    for step in range(200):
        bar.setValue(bar.maximum() * step // 199)
        view.viewport().repaint()
    assert view.seen()[1] == MANY
    assert view.rows.index(MANY - 1, 0).data() == "99999"
    assert len(view.rows.cells._blocks) * BLOCK < 100_000
    assert not view.findChildren(ArrowView)


def test_making_the_view_does_not_grow_with_the_table(qtbot: QtBot, look: Look, many: pa.Table) -> None:
    def make(rows: int) -> float:
        took = []
        for _ in range(3):
            began = time.perf_counter()
            ArrowView(ArrowModel(many.slice(0, rows)), "Rows").deleteLater()
            took.append(time.perf_counter() - began)
        return min(took)

    make(50_000)
    assert make(MANY) <= 10 * make(50_000)


def test_missing_is_a_mark_and_no_word(qtbot: QtBot, look: Look) -> None:
    model = ArrowModel(pa.table({"a": ["x", None, "", "missing", "null"]}))
    cells = [model.index(row, 0) for row in range(5)]
    assert [one.data() for one in cells] == ["x", "", "", "missing", "null"]
    assert [one.data(MARK) for one in cells] == ["", MISSING, EMPTY, "", ""]
    assert cells[1].data(Role.AccessibleTextRole) == "missing value"
    assert cells[2].data(Role.AccessibleTextRole) == "empty text"


def test_names_tell_their_type_and_numbers_stand_right(qtbot: QtBot, look: Look) -> None:
    table = pa.table({"age": ["1"], "name": ["x"], "row": pa.array([3], pa.int64())})
    model = ArrowModel(table, {"age": "integer", "name": "string"})
    across = Qt.Orientation.Horizontal
    assert model.headerData(0, across, Role.AccessibleTextRole) == "age, whole number"
    assert [model.is_number(at) for at in range(3)] == [True, False, True]
    assert model.headerData(0, Qt.Orientation.Vertical, Role.DisplayRole) == "1"
    assert model.index(0, 2).data() == "3"


def test_what_cannot_be_seen_is_shown_as_a_sign_and_long_texts_are_cut(qtbot: QtBot, look: Look) -> None:
    model = ArrowModel(pa.table({"a": ["one\ntwo\tthree\x00\u202eabc", "y" * 1_000_000]}))
    assert model.index(0, 0).data() == "one\u21b5two\u2192three\u2400\ufffdabc"
    assert len(model.index(1, 0).data()) == 200
    assert len(model.index(1, 0).data(Role.ToolTipRole)) == LONGEST


def test_rows_are_read_across_chunks_of_any_length() -> None:
    chunks = [["a"], [], ["b", None], [], [str(at) for at in range(150)], ["z"]]
    cells = ArrowCells(pa.table({"c": pa.chunked_array([pa.array(one, pa.string()) for one in chunks])}))
    flat = [one for chunk in chunks for one in chunk]
    assert [cells.cell(row, 0) for row in range(cells.rows)] == flat


def test_the_chosen_cells_are_copied_by_keyboard(qtbot: QtBot, look: Look) -> None:
    view = shown(qtbot, pa.table({"a": ["1", None, "tab\there"], "b": ['say "x"', "", "y"]}))
    view.setFocus()
    view.setCurrentIndex(view.rows.index(0, 0))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(view, key, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(view.said) as heard:
        qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == '1\t"say ""x"""\n\t\n"tab\there"\ty'
    assert heard.args == ["Copied 6 cells. Other programs can read the clipboard."]


def test_too_much_for_a_clipboard_is_said(qtbot: QtBot, look: Look, many: pa.Table) -> None:
    view = shown(qtbot, many)
    QGuiApplication.clipboard().setText("as it was")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(view.said) as heard:
        qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "at most 200,000 cells" in heard.args[0]
    assert QGuiApplication.clipboard().text() == "as it was"


def test_a_row_is_found_by_its_number(qtbot: QtBot, look: Look, many: pa.Table) -> None:
    view = shown(qtbot, many)
    assert view.go_to(4_321_000)
    assert view.currentIndex().row() == 4_320_999
    first, last = view.seen()
    assert first <= 4_321_000 <= last
    assert not view.go_to(0)
    assert not view.go_to(MANY + 1)


def test_a_table_without_rows_is_shown(qtbot: QtBot, look: Look) -> None:
    view = shown(qtbot, pa.table({"a": pa.array([], pa.string())}))
    assert view.seen() == (0, 0)
    assert not view.go_to(1)
    view.selectionModel().clear()
    view.copy()
    QApplication.processEvents()


def test_long_texts_get_the_room_that_is_left_until_a_person_sets_a_width(qtbot: QtBot, look: Look) -> None:
    view = shown(qtbot, pa.table({"a": ["1"], "b": ["a text of some length " * 5]}))
    qtbot.waitUntil(lambda: view.columnWidth(1) > 320)
    view.setColumnWidth(1, 200)
    view.resize(1000, 600)
    QApplication.processEvents()
    assert view.columnWidth(1) == 200
