"""A person's way through the whole sample, by mouse and keyboard, to a verified PDF on disk."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.resources import resource
from ppdesk.gui.dialogs.keys import CopyPassphraseDialog, NewProjectDialog, SignerDialog, UnlockDialog
from ppdesk.gui.dialogs.operation import OperationDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.editors import FileEditor
from ppdesk.gui.form import Form
from ppdesk.gui.pages.anonymize import AnonymizeStep
from ppdesk.gui.pages.clean import CleanStep
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.pages.statements import AnswersEditor
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.parts.inputs import TextBox
from ppdesk.gui.sentences import SentencesField
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.navigation import State

SAMPLE = resource("samples", "adult")
PASSPHRASE, KEY_PASSPHRASE = "four words for the file", "four words for the key"
COPY_PASSPHRASE = "four words for the copy"
LEFT = Qt.MouseButton.LeftButton
D = TypeVar("D", bound=QDialog)


class Person:
    """Clicks and types."""

    def __init__(self, bot: QtBot, window: MainWindow, settled: Callable[[], None]) -> None:
        self.bot, self.window, self.settled = bot, window, settled

    @property
    def page(self) -> StepPage:
        found = self.window.page
        assert found is not None
        return found

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled(), widget.toolTip()
        self.bot.mouseClick(widget, LEFT)

    def write(self, widget: QLineEdit | QPlainTextEdit, words: str) -> None:
        """Replace what a field holds."""
        self.click(widget)
        self.bot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.bot.keyClicks(widget, words)

    def fill(self, name: str, words: str) -> None:
        """Type into the form's field `name`."""
        form = self.page.form
        assert isinstance(form, Form)
        editor = form.rows[name].editor
        field = editor.widget.line if isinstance(editor, FileEditor) else editor.widget
        if isinstance(field, SentencesField):
            self.write(field.line, words)
            self.bot.keyClick(field.line, Qt.Key.Key_Return)
            return
        assert isinstance(field, QLineEdit | TextBox)
        self.write(field, words)

    def dialog(self, kind: type[D]) -> D:
        """The dialog that is open."""

        def there() -> bool:
            return isinstance(QApplication.activeModalWidget(), kind)

        self.bot.waitUntil(there, timeout=30_000)
        found = QApplication.activeModalWidget()
        assert isinstance(found, kind)
        return found

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        if QApplication.activeModalWidget() is None:
            self.window.activateWindow()  # without a window manager nobody does when a dialog has gone
        self.bot.waitUntil(lambda: QApplication.activeWindow() is not None)
        self.bot.keyClick(self.window, key, modifier)

    def run(self) -> None:
        """Press the primary button by keyboard and wait until the step is done."""
        key = self.page.key
        self.bot.waitUntil(self.page.bar.primary.isEnabled, timeout=30_000)
        self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.settled()
        if isinstance(QApplication.activeModalWidget(), SignerDialog):
            self.sign()
            self.settled()
        if isinstance(QApplication.activeModalWidget(), CopyPassphraseDialog):
            copy = self.dialog(CopyPassphraseDialog)
            self.write(copy.fields.first, COPY_PASSPHRASE)
            self.write(copy.fields.second, COPY_PASSPHRASE)
            self.click(copy.accept_button)
            self.settled()
        assert self.state(key) is State.DONE

    def sign(self) -> None:
        """Make a signing key."""
        dialog = self.dialog(SignerDialog)
        self.write(dialog.name, "Ada Analyst")
        self.write(dialog.first, KEY_PASSPHRASE)
        self.write(dialog.second, KEY_PASSPHRASE)
        self.click(dialog.accept_button)

    def go_on(self, key: str) -> None:
        """Press the primary button by mouse; a done step's leads to the next."""
        self.click(self.page.bar.primary)
        self.settled()
        assert self.page.key == key

    def state(self, key: str) -> State:
        snapshot = self.window.project.snapshot
        assert snapshot is not None
        return snapshot.place(key).state


@pytest.fixture
def person(qtbot: QtBot, window: MainWindow, settled: Callable[[], None]) -> Person:
    return Person(qtbot, window, settled)


def make_project(person: Person, file: Path) -> None:
    dialog = person.dialog(NewProjectDialog)
    person.write(dialog.file.line, str(file))
    person.write(dialog.first, PASSPHRASE)
    person.write(dialog.second, PASSPHRASE)
    person.bot.keyClick(dialog.second, Qt.Key.Key_Return)
    person.settled()
    assert person.page.key == "objective"


def test_from_a_new_project_to_a_verified_report(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "walk.ppdesk"
    person.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    make_project(person, file)
    # objectives
    assert not person.page.bar.primary.isEnabled()
    assert "Project" in person.page.bar.primary.toolTip()
    person.fill("project", "Adult walk")
    person.fill("purpose", "Research on how well income can be estimated from census attributes")
    person.run()
    person.go_on("standard")
    person.run()
    # data
    person.go_on("import")
    person.fill("table", str(SAMPLE / "adult.csv"))
    person.fill("source", "UCI Machine Learning Repository, Adult")
    person.run()
    person.go_on("clean")
    add_operation(person, "trim")
    person.run()
    person.go_on("inspect")
    person.run()
    person.go_on("roles")
    roles = person.page.form
    assert isinstance(roles, RolesPane)
    person.write(roles.dictionary.line, str(SAMPLE / "dictionary.toml"))
    person.click(roles.load)
    person.run()
    person.go_on("quality")
    person.run()
    person.go_on("configure")
    person.run()
    person.go_on("anonymize")
    pane = person.page.pane
    assert isinstance(pane, AnonymizeStep)
    assert pane.proposal.banner is not None
    person.click(pane.proposal.banner.link)
    person.settled()
    person.run()
    assert "0.2419" in shown(person.page)
    person.go_on("opendp")
    person.fill("statistics", "count by sex")
    person.fill("epsilon", "0.5")
    person.run()
    person.go_on("synthesize")
    person.fill("epsilon", "0.5")
    person.run()
    # model: the button says what it spends, and the budget card shows it
    person.go_on("model")
    person.run()
    person.go_on("train")
    person.fill("epsilon", "1")
    person.settled()
    person.bot.waitUntil(lambda: "spend ε 1.00" in person.page.bar.primary.accessibleName())
    person.run()
    snapshot = person.window.project.snapshot
    assert snapshot is not None
    # the others count by replace-one, where ε 1 for a record more or less is 2
    assert snapshot.budget.spent_epsilon == pytest.approx(3.0)
    person.go_on("tune")
    person.fill("candidates", "additive; additive counts=0.4")
    person.run()
    person.go_on("evaluate")
    person.fill("groups", "sex; race")
    person.run()
    person.go_on("attack")
    person.page.form.put({"effort": "quick", "membership": False})
    person.run()
    person.go_on("audit")
    person.page.form.put({"effort": "quick", "only": ["statistics-count-own"]})
    person.run()
    # deployment: the first step that signs asks who does
    person.go_on("export")
    person.fill("to", "walk.csv")
    person.run()
    person.go_on("deploy")
    person.fill("to", "walk.ppmodel")
    person.run()
    person.go_on("score")
    person.fill("batch", str(SAMPLE / "batch.csv"))
    person.run()
    person.go_on("monitor")
    person.fill("batch", str(SAMPLE / "batch.csv"))
    person.run()
    # feedback and reporting
    person.go_on("feedback")
    person.fill("about", "monitor")
    person.fill("person", "A reviewer")
    person.fill("comment", "Look at the groups again with the next batch.")
    person.run()
    person.go_on("statements")
    person.fill("person", "The controller")
    answers = person.page.form.rows["answers"].editor
    assert isinstance(answers, AnswersEditor)
    person.write(answers.widget.fields["dpia.processing"].field, "Census records are anonymized.")
    person.run()
    person.go_on("draft")
    person.fill("to", "walk-draft.pdf")
    person.run()
    person.go_on("report")
    person.fill("to", "walk.pdf")
    person.run()
    # the copy for an auditor has a passphrase of its own
    person.go_on("handover")
    person.fill("to", "walk-audit.ppdesk")
    person.fill("recipient", "The regulator")
    person.run()
    assert (tmp_path / "walk-audit.ppdesk").is_file()
    person.go_on("verify")
    person.fill("report", "walk.pdf")
    person.run()
    assert all(person.state(entry.key) is State.DONE for entry in CATALOG)
    # the rail leads back by mouse, and by keys
    rail = person.window.rail
    rail.open_stage_of("anonymize")
    at = rail.place_of("anonymize").center()
    person.bot.mouseClick(rail.viewport(), LEFT, pos=QPoint(int(at.x()), int(at.y())))
    assert person.page.key == "anonymize"
    person.bot.keyClick(rail, Qt.Key.Key_Up)
    person.bot.keyClick(rail, Qt.Key.Key_Return)
    assert person.page.key == "configure"
    person.settled()
    # locked: the window forgets the project, a wrong passphrase is said, the right one opens it
    person.click(person.window.top.lock)
    person.settled()
    assert person.window.page is None
    report = tmp_path / "walk.pdf"
    assert report.read_bytes().startswith(b"%PDF-")
    verify(person, report)
    unlock(person, file)


def add_operation(person: Person, op: str) -> None:
    """By the menu, with the operation's own settings as they are offered."""
    page = person.page.pane
    assert isinstance(page, CleanStep)
    person.click(page.recipe.add)
    person.bot.waitUntil(lambda: QApplication.activePopupWidget() is page.recipe.menu)
    page.recipe.actions_by_op[op].trigger()
    page.recipe.menu.close()
    person.click(person.dialog(OperationDialog).accept_button)


def verify(person: Person, report: Path) -> None:
    """From the start screen: no project, no passphrase."""
    person.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    dialog = person.dialog(VerifyDialog)
    person.write(dialog.file.line, str(report))
    person.click(dialog.accept_button)
    person.bot.waitUntil(lambda: dialog.verdict is not None, timeout=30_000)
    assert dialog.verdict is not None
    assert dialog.verdict.verdict.value == "look"  # whole and unchanged; the fingerprint is to be compared
    person.click(dialog.cancel)


def unlock(person: Person, file: Path) -> None:
    person.window.open_path(str(file))
    dialog = person.dialog(UnlockDialog)
    person.write(dialog.passphrase, "not the passphrase")
    person.click(dialog.accept_button)
    again = person.dialog(UnlockDialog)
    person.bot.waitUntil(lambda: "PP-STORE" in again.said, timeout=30_000)
    person.write(again.passphrase, PASSPHRASE)
    person.click(again.accept_button)
    person.settled()
    assert person.state("verify") is State.DONE


def test_the_sample_comes_filled_in(person: Person, tmp_path: Path) -> None:
    person.click(person.window.start.cards["sample"])
    make_project(person, tmp_path / "sample.ppdesk")
    for entry in CATALOG:
        person.window.show_step(entry.key)
        person.settled()
        if entry.key not in ("roles", "draft"):  # columns come with the table; a draft is for several people
            assert person.page.form.first_wrong() == "", entry.key


def shown(page: StepPage) -> str:
    """All words on a page, as a screen reader finds them."""
    return " ".join(part.accessibleName() for part in page.findChildren(QWidget))
