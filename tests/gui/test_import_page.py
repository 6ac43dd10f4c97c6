"""The page of Import as a person uses it: a file is chosen, and what is in it is found out and corrected."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ppdesk.gui.form import Form
from ppdesk.gui.look import Look
from ppdesk.gui.pages.import_found import FoundView, compared
from ppdesk.gui.pages.import_pane import ImportStep
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.results import page_area
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.catalog import entry
from ppdesk.workflow.data.import_detect import Detection

LEFT = Qt.MouseButton.LeftButton
LABELS = {"encoding": "Text encoding", "decimal": "Decimal mark", "null_tokens": "Missing values look like"}
FOUND = {
    "file": "people.csv",
    "format": "csv",
    "settings": {"encoding": "windows-1252", "delimiter": "semicolon", "header": "yes", "quoting": "double",
                 "null_tokens": ["", "N/A"], "decimal": "comma"},
    "rows": 1_200,
    "columns": [{"name": "age", "type": "integer", "missing": 3, "distinct": 70}],
    "tokens": [{"token": "-999", "cells": 12, "columns": [1], "proposed": False}],
    "doubts": [{"code": "PP-DATA-900", "setting": "encoding", "text": "Two encodings fit"}],
}  # fmt: skip


class Answers:
    """Stands for the session: what it is asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.files: list[Mapping[str, Any]] = [FOUND]
        self.running, self.stopped = "", False
        self.questions = self
        self.snapshot = None

    def detect(
        self, values: Mapping[str, Any], done: Callable[[Detection | None], None], _failed: object
    ) -> None:
        self.asked.append(dict(values))
        done(None if self.stopped else Detection.model_validate({"files": self.files}))


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def pane(qtbot: QtBot, look: Look, answers: Answers) -> Iterator[ImportStep]:
    """The form beside what was found, as the page puts them; the session is played."""
    made = ImportStep(entry("import").load(), answers)  # type: ignore[arg-type]  # what the pane asks of a project
    around = QWidget()
    row = QHBoxLayout(around)
    row.addWidget(page_area(made._fields, "Settings"))
    row.addWidget(made.above())
    qtbot.addWidget(around)
    around.resize(1000, 700)
    made._fields.put({})
    made._fields.changed.connect(lambda: made.edited(None, done=False))
    around.show()
    yield made
    around.close()


def choose(bot: QtBot, pane: ImportStep, path: str) -> None:
    field = pane._fields.rows["table"].editor.widget.focusProxy()
    assert field is not None
    bot.keyClicks(field, path)


def button(pane: ImportStep, name: str) -> QAbstractButton:
    found = [one for one in pane.view.findChildren(QAbstractButton) if one.accessibleName() == name]
    return found[-1]  # those shown before wait to be deleted


def test_a_chosen_file_is_looked_into_by_the_worker_and_nothing_is_imported(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.project.create(tmp_path / "import.ppdesk", "four words for the file")
    settled()
    window.show_step("import")
    settled()
    assert window.page is not None
    form, view = window.page.form, window.page.findChildren(FoundView)[0]
    assert isinstance(form, Form)
    field = form.rows["table"].editor.widget.focusProxy()
    assert field is not None
    qtbot.keyClicks(field, str(tmp_path / "table"))
    qtbot.waitUntil(lambda: window.project.touched("import"))  # the page looks ahead when the person pauses
    settled()
    assert not view.isVisible()  # there is no such file yet: no error while its name is typed
    pq.write_table(pa.table({"age": ["1", None, "3"], "name": ["a", "b", "c"]}), tmp_path / "table.parquet")
    qtbot.keyClicks(field, ".parquet")
    qtbot.waitUntil(view.isVisible, timeout=60_000)
    settled()
    said = [one.text() for one in view.findChildren(QLabel)]
    assert "What was found in table.parquet" in said
    assert "3 rows, 2 columns" in said
    assert window.project.snapshot is not None
    assert not window.project.snapshot.events


def test_what_was_found_is_compared_with_the_form_and_taken_over_at_once(
    qtbot: QtBot, pane: ImportStep, answers: Answers
) -> None:
    choose(qtbot, pane, "people.csv")
    assert answers.asked[-1] == {"table": "people.csv"}  # defaults are not said: they are found out
    use_all = pane.view.use_all
    assert use_all is not None
    assert use_all.text() == "Use all 3 found settings"
    qtbot.mouseClick(use_all, LEFT)
    values = {name: row.editor.value() for name, row in pane._fields.rows.items()}
    assert (values["encoding"], values["decimal"]) == ("windows-1252", "comma")
    assert values["null_tokens"] == ["", "N/A"]
    assert answers.asked[-1]["encoding"] == "windows-1252"
    assert pane.view.use_all is None


def test_one_setting_is_taken_over_and_another_is_gone_to(qtbot: QtBot, pane: ImportStep) -> None:
    choose(qtbot, pane, "people.csv")
    rows = pane._fields.rows
    qtbot.mouseClick(button(pane, "Use what was found: Decimal mark"), LEFT)
    assert rows["decimal"].editor.value() == "comma"
    assert rows["encoding"].editor.value() == "utf-8"
    assert not rows["delimiter"].isVisible()
    qtbot.mouseClick(button(pane, "Change: Columns are separated by"), LEFT)
    assert rows["delimiter"].isVisible()
    assert pane._fields.window().focusWidget() is rows["delimiter"].editor.widget


def test_doubts_are_cautions_that_lead_to_their_field(qtbot: QtBot, pane: ImportStep) -> None:
    choose(qtbot, pane, "people.csv")
    qtbot.waitUntil(lambda: any(one.isVisible() for one in pane.view.findChildren(Banner)))
    doubt = next(one for one in pane.view.findChildren(Banner) if one.isVisible())
    assert doubt.accessibleName() == "Text encoding. Two encodings fit. (PP-DATA-900)"
    qtbot.mouseClick(doubt.link, LEFT)
    assert pane._fields.window().focusWidget() is pane._fields.rows["encoding"].editor.widget


def test_a_workbook_whose_sheet_is_not_clear_offers_its_sheets(
    qtbot: QtBot, pane: ImportStep, answers: Answers
) -> None:
    error = {"code": "PP-DATA-901", "message": "Two sheets hold tables", "todo": "Choose one."}
    answers.files = [{"file": "b.xlsx", "format": "excel", "sheets": ["People", "Codes"], "error": error}]
    choose(qtbot, pane, "b.xlsx")
    qtbot.mouseClick(button(pane, "Codes"), LEFT)
    assert pane._fields.rows["sheet"].editor.value() == "Codes"
    assert answers.asked[-1] == {"table": "b.xlsx", "sheet": "Codes"}


def test_further_files_are_told_apart_from_the_first(
    qtbot: QtBot, pane: ImportStep, answers: Answers
) -> None:
    other = {**FOUND, "file": "more.csv", "rows": 1, "settings": {"encoding": "utf-8", "decimal": "comma"}}
    broken = {
        "file": "c.csv",
        "format": "csv",
        "error": {"code": "PP-DATA-9", "message": "Cut.", "todo": "T."},
    }
    answers.files = [FOUND, other, broken]
    choose(qtbot, pane, "p")
    said = [one.accessibleName() for one in pane.view.findChildren(Banner)][1:]
    assert said[0].startswith("more.csv is written in another way. 1 row, 1 column.")
    assert said[0].endswith("here was found: text encoding UTF-8.")
    assert said[1] == "c.csv cannot be read so. Cut. T. (PP-DATA-9)"


def test_other_fields_leave_what_is_shown_as_it_is(qtbot: QtBot, pane: ImportStep, answers: Answers) -> None:
    choose(qtbot, pane, "p")
    shown, count = pane.view.use_all, len(answers.asked)
    qtbot.keyClicks(pane._fields.rows["collected"].editor.widget, "spring")
    assert pane.view.use_all is shown
    assert len(answers.asked) == count


def test_what_a_run_stopped_is_asked_anew(qtbot: QtBot, pane: ImportStep, answers: Answers) -> None:
    answers.stopped = True
    choose(qtbot, pane, "p")
    assert not pane.view.isVisible()
    answers.stopped = False
    pane.edited(None, done=False)
    assert answers.asked[-2:] == [{"table": "p"}] * 2
    assert pane.view.isVisible()


def test_what_the_record_says_already_is_not_looked_into(
    qtbot: QtBot, pane: ImportStep, answers: Answers
) -> None:
    choose(qtbot, pane, "p")
    count = len(answers.asked)
    covered = []
    pane.covers.connect(covered.append)
    pane.edited(None, done=True)
    assert len(answers.asked) == count
    assert not pane.view.isVisible()
    assert covered == [False]


def test_settings_that_are_found_out_anyway_agree() -> None:
    found: dict[str, str | list[str]] = {"encoding": "latin-1", "null_tokens": ["", "?"], "decimal": "comma"}
    auto = {"encoding": "auto", "null_tokens": [""], "find_null_tokens": True, "decimal": "comma"}
    assert [one.use for one in compared(found, auto, LABELS)] == [None, None, None]
    own = {"encoding": "utf-8", "null_tokens": ["", "?", "-"], "decimal": "point"}
    assert [one.use for one in compared(found, own, LABELS)] == ["latin-1", None, "comma"]
