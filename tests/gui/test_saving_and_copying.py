"""Every table and chart can be copied and saved, by menu and by keys; widths and order come back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.section import Plot, Table
from ppdesk.gui.desk import Desk
from ppdesk.gui.look import Look
from ppdesk.gui.pages.history_table import Timeline
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.tables import TableView, sorted_rows
from ppdesk.gui.project import Project
from ppdesk.gui.remembering import Remembering
from ppdesk.gui.results import PlotView
from ppdesk.gui.saving import Saver, drawn, saver_of, worded
from ppdesk.gui.window import MainWindow

LOSS = Table(
    "Loss by column",
    ("Column", "Loss"),
    (("age", "1,200"), ("=sum", "30 %"), ("sex", ""), ("race", "\N{MINUS SIGN}2")),
    (1,),
)


class Around(QWidget):
    """A window with what belongs to it, and one table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.project = Project(desk)
        self.saver, self.remembering = Saver(self, self.project), Remembering(self, desk)
        self.table = TableView(LOSS)
        QVBoxLayout(self).addWidget(self.table)
        self.resize(600, 400)


@pytest.fixture
def around(qtbot: QtBot, look: Look, desk: Desk) -> Iterator[Around]:
    made = Around(desk)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.project.leave()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """The file dialog answers with a name in the test's folder."""

    def answer(name: str) -> Path:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), ""))
        return tmp_path / name

    return answer


def said(table: TableView, words: str) -> Callable[[], object]:
    return next(entry.call for entry in table.entries(1) if entry.words == words)


def test_all_cells_are_copied_with_their_heads(around: Around) -> None:
    around.table.selectAll()
    said(around.table, "Copy with heads")()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[:2] == ["Column\tLoss", "age\t1,200"]
    assert len(lines) == 5


def test_ctrl_s_saves_the_table_as_csv_without_formulas(
    qtbot: QtBot, around: Around, chosen: Callable[[str], Path]
) -> None:
    path = chosen("loss")
    with qtbot.waitSignal(around.saver.said) as told:
        qtbot.keyClick(around.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert told.args == ["Saved loss.csv"]
    assert "'=sum,30 %" in path.with_suffix(".csv").read_text("utf-8-sig")


def test_a_file_that_cannot_be_written_is_said(
    qtbot: QtBot, around: Around, chosen: Callable[[str], Path]
) -> None:
    chosen("no folder/loss.xlsx")
    said(around.table, "Save as Excel workbook...")()
    qtbot.waitUntil(lambda: around.project.idle)
    assert any(
        "was not written" in one.error.message
        for one in around.findChildren(QWidget)
        if hasattr(one, "error")
    )


def test_numbers_sort_as_numbers_and_empty_cells_stand_last() -> None:
    up = [row[0] for row in sorted_rows(LOSS, 1, down=False).rows]
    down = [row[0] for row in sorted_rows(LOSS, 1, down=True).rows]
    assert up == ["race", "=sum", "age", "sex"]
    assert down == ["age", "=sum", "race", "sex"]


def test_a_click_on_a_head_sorts_and_the_next_table_of_the_kind_keeps_it(
    qtbot: QtBot, around: Around
) -> None:
    around.table.horizontalHeader().sectionClicked.emit(0)
    assert around.table.table.rows[0][0] == "=sum"
    around.table.horizontalHeader().resizeSection(0, 200)
    again = TableView(LOSS)
    qtbot.addWidget(again)
    again.setParent(around)
    again.show()
    assert again.table.rows[0][0] == "=sum"
    assert again.columnWidth(0) == 200


def test_what_is_kept_of_tables_names_no_column(around: Around, desk: Desk) -> None:
    around.table.sort_by((0, True))
    kept = (desk.home / "window.json").read_text(encoding="utf-8")
    assert "order" in kept
    assert not any(word in kept for word in ("Loss", "Column", "age"))


def test_a_chart_can_be_saved_by_keys(qtbot: QtBot, around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    chart = PlotView(Plot("ROC", "roc", {}), lambda *_: None)
    chart.setParent(around)
    chart.show()
    monkeypatch.setattr(around.saver, "figure", lambda plot, form: asked.append((plot.title, form)))
    qtbot.keyClick(chart, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(
        chart, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert asked == [("ROC", "svg"), ("ROC", "png")]
    assert saver_of(chart) is around.saver


def test_what_a_part_draws_itself_is_saved_as_lines_and_as_dots(qtbot: QtBot, look: Look) -> None:
    shape = Shape("done", 32)
    qtbot.addWidget(shape)
    svg = drawn(shape, "svg")
    assert b"<svg" in svg
    assert b"<circle" in svg
    picture = QPixmap()
    assert picture.loadFromData(drawn(shape, "png"))
    assert picture.width() == 2 * shape.width()


def test_an_event_of_the_timeline_is_copied_and_all_are_saved(qtbot: QtBot, look: Look) -> None:
    table = Timeline()
    qtbot.addWidget(table)
    entries = {entry.words: entry for entry in table.entries()}
    assert entries["Copy event"].off
    assert worded(table.model(), "Timeline").header[2] == "When"


def test_the_rail_opens_pages_and_stages_by_its_menu(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.project.create(tmp_path / "rail.ppdesk", "four words for it")
    qtbot.waitUntil(lambda: window.project.snapshot is not None and window.project.idle, timeout=60_000)
    rail = window.rail
    entries = rail.entries(rail.model().index(1, 0))
    assert [one.words for one in entries if one.words][1:] == ["Show all steps", "Put all steps away"]
    entries[-2].call()
    assert rail.stages_open() == frozenset(range(1, 8))
    with qtbot.waitSignal(rail.asked) as told:
        rail.entries(rail.model().index(0, 0, rail.model().index(1, 0)))[0].call()
    assert told.args == ["import"]
