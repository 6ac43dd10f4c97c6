"""The page of Report as a person uses it: choose a document, see its pages, go through them, sign later."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.mode import Mode
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.approval import AnswerDialog
from ppdesk.gui.pages.report import ReportStep
from ppdesk.gui.pages.report_form import DocumentEditor
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.keys import signers
from ppdesk.workbench.session import Session
from ppdesk.workflow.reporting.documents.kinds import DocumentKind


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's folder and a project with an objective."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "home").mkdir()
    place = {"mode": Mode(test_seed=7), "home": folder / "home", "actor": "Ada"}
    with Session.create(folder / "p.ppdesk", "correct horse", **place) as session:
        session.run("objective", {"project": "Ways to work", "purpose": "Research on the way to work"})
    return folder


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, tmp_path: Path, made: Path, settled) -> StepPage:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    window.project.open(tmp_path / "p.ppdesk", "correct horse")
    qtbot.waitUntil(lambda: window.page is not None, timeout=60_000)
    window.show_step("report")
    settled()
    assert window.page is not None
    return window.page


def pane_of(page: StepPage) -> ReportStep:
    assert isinstance(page.pane, ReportStep)
    return page.pane


def words_on(part: QWidget) -> str:
    return " ".join(one.text() for one in part.findChildren(QLabel) if one.isVisible())


def put(page: StepPage, name: str, value: object) -> None:
    page.form.rows[name].editor.put(value)
    page.form.changed.emit()


def shown(qtbot: QtBot, page: StepPage, settled) -> ReportStep:
    """With the pages of the management summary, which are few."""
    pane = pane_of(page)
    put(page, "document", "summary")
    put(page, "to", "report.pdf")
    qtbot.waitUntil(pane.show_button.isEnabled, timeout=10_000)
    qtbot.mouseClick(pane.show_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.view.pages > 0 and pane.chip.isVisible(), timeout=120_000)
    settled()
    return pane


def test_every_document_is_a_card(page: StepPage) -> None:
    editor = page.form.rows["document"].editor
    assert isinstance(editor, DocumentEditor)
    assert set(editor.cards.cards) == {one.value for one in DocumentKind}
    editor.put("ema")
    assert editor.cards.cards["ema"].isVisible()  # the fold opens for a card that is put away
    assert editor.value() == "ema"


def test_pages_come_and_are_gone_through(qtbot: QtBot, page: StepPage, settled) -> None:
    pane = shown(qtbot, page, settled)
    view = pane.view
    assert view.pages == view.strip.count() >= 1
    assert "1 of" in view.count.text()
    assert pane.show_button.isHidden()  # what is shown is what the form says
    if view.pages > 1:
        qtbot.mouseClick(view.on, Qt.MouseButton.LeftButton)
        assert "2 of" in view.count.text()
        qtbot.keyClick(view, Qt.Key.Key_PageUp)
        assert "1 of" in view.count.text()
    before = view.sheet.width()
    qtbot.mouseClick(view.larger, Qt.MouseButton.LeftButton)
    assert view.sheet.width() > before
    settled()  # it was asked for in the new size
    qtbot.mouseClick(view.fit, Qt.MouseButton.LeftButton)
    assert view.sheet.width() == before


def test_a_change_says_that_the_pages_are_older(qtbot: QtBot, page: StepPage, settled) -> None:
    pane = shown(qtbot, page, settled)
    put(page, "language", "de")
    qtbot.waitUntil(lambda: not pane.show_button.isHidden(), timeout=10_000)
    assert pane.chip.accessibleName() == "Changed since"
    assert len(page._project.snapshot.events) == 1  # type: ignore[union-attr]  # a look is no event


def test_blank_questions_are_told_before_signing(qtbot: QtBot, page: StepPage, settled) -> None:
    pane = pane_of(page)
    assert "blank" not in words_on(pane.checks)
    put(page, "document", "dpia")
    qtbot.waitUntil(lambda: "blank" in words_on(pane.checks), timeout=10_000)
    asked: list[str] = []
    pane.go_asked.connect(asked.append)
    (answer,) = [one for one in pane.checks.findChildren(QWidget) if one.accessibleName() == "Answer"]
    qtbot.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert asked == ["statements"]


def test_a_draft_is_endorsed_with_a_key_of_ones_own(
    qtbot: QtBot, window: MainWindow, desk: Desk, page: StepPage, settled
) -> None:
    window.project.change(
        lambda session: session.run("draft", {"document": "summary", "to": "draft.pdf"}),
        lambda: None,
        lambda error: pytest.fail(error.message),
    )
    settled()
    signers.new_signer(desk.home, desk.mode, "Rhea Reviewer", "her own words 31")
    window.show_step("draft")
    settled()
    pane = pane_of(window.page)  # type: ignore[arg-type]  # show_step has shown it
    assert "Nobody has endorsed it yet." in words_on(pane.checks)
    (link,) = [
        one for one in pane.checks.findChildren(QWidget) if one.accessibleName() == "Endorse or object"
    ]
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), AnswerDialog), timeout=20_000)
    answer = QApplication.activeModalWidget()
    assert isinstance(answer, AnswerDialog)
    answer.secret.setText("her own words 31")
    answer.comment.setPlainText("Read it all.")
    qtbot.mouseClick(answer.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=20_000)
    settled()
    assert "Rhea Reviewer" in words_on(pane.checks)
