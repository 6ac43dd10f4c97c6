"""The page of Statements: nothing typed is lost, answers on record come back, blanks are counted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ppdesk.gui.dialogs.base import AskDialog
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.pages.statements import AnswersEditor
from ppdesk.gui.pages.statements_fields import QuestionField
from ppdesk.gui.parts.inputs import Choice, LineField, TextBox
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.navigation import State
from ppdesk.workflow.reporting.questions import questions

NECESSITY, LEVEL, REVIEW = "dpia.necessity", "dpia.access-severity-before", "dpia.review"


@pytest.fixture
def answers(window: MainWindow, settled: Callable[[], None], tmp_path: Path) -> AnswersEditor:
    """The questions of the impact assessment in a new project."""
    window.project.create(tmp_path / "p.ppdesk", "four words for it")
    settled()
    window.show_step("statements")
    settled()
    page = window.page
    assert page is not None
    editor = page.form.rows["answers"].editor
    assert isinstance(editor, AnswersEditor)
    return editor


def write(field: QuestionField, words: str) -> None:
    if isinstance(field.field, TextBox):
        field.field.setPlainText(words)
    elif isinstance(field.field, LineField):
        field.field.setText(words)
    else:
        field.field.put(words)


def test_every_question_is_a_field_with_its_clause_and_help(answers: AnswersEditor) -> None:
    fields = answers.widget.fields
    asked = questions("dpia")
    assert list(fields) == [one.id for one in asked]
    kinds = {"text": TextBox, "choice": Choice, "date": LineField}
    for one in asked:
        assert isinstance(fields[one.id].field, kinds[one.kind])
        assert one.clause in fields[one.id].field.accessibleDescription()
    assert answers.value() == {}


def test_answers_are_recorded_kept_and_changed(
    window: MainWindow, answers: AnswersEditor, settled: Callable[[], None]
) -> None:
    page, fields = window.page, answers.widget.fields
    assert page is not None
    page.form.rows["person"].editor.put("Ines Duarte")
    write(fields[NECESSITY], "Fewer columns\nwould not do.")
    write(fields[LEVEL], "3")
    assert answers.value() == {NECESSITY: "Fewer columns\nwould not do.", LEVEL: "3"}
    # another page and back: what was typed is still there
    window.show_step("objective")
    window.show_step("statements")
    settled()
    assert answers.value()[LEVEL] == "3"
    window.project.run("statements", page.form.values())
    settled()
    assert window.project.snapshot is not None
    assert window.project.snapshot.place("statements").state is State.DONE
    assert page._is_done(), "a page that was just recorded has nothing more to record"
    write(fields[NECESSITY], "Another reason.")
    write(fields[LEVEL], "")
    assert answers.value() == {NECESSITY: "Another reason.", LEVEL: ""}
    window.project.run("statements", page.form.values())
    settled()
    assert fields[LEVEL].words == ""
    assert fields[NECESSITY].words == "Another reason."


def test_a_wrong_day_is_named_and_kept(answers: AnswersEditor) -> None:
    write(answers.widget.fields[REVIEW], "31.1.2027")
    with pytest.raises(WrongValueError, match="2026-12-31"):
        answers.value()
    answers.follow("dpia", {}, {})
    assert answers.widget.fields[REVIEW].words == "31.1.2027"
    write(answers.widget.fields[REVIEW], "2027-01-31")
    assert answers.value() == {REVIEW: "2027-01-31"}


def test_words_that_are_not_on_record_are_not_lost_without_asking(
    window: MainWindow, answers: AnswersEditor, settled: Callable[[], None]
) -> None:
    write(answers.widget.fields[NECESSITY], "Half a thought")
    window.lock()
    ask = QApplication.activeModalWidget()
    assert isinstance(ask, AskDialog)
    ask.reject()
    settled()
    assert window.project.snapshot is not None
    assert answers.widget.fields[NECESSITY].words == "Half a thought"
    write(answers.widget.fields[NECESSITY], "")
    window.lock()
    settled()
    assert window.project.snapshot is None
