"""Head and foot of a step's page: its clause, earlier runs, why a choice was made; the help and find."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ppdesk.core.artifacts import Kind
from ppdesk.core.mode import Mode
from ppdesk.gui import rail_marks
from ppdesk.gui.clauses import served
from ppdesk.gui.dialogs.compare import CompareDialog
from ppdesk.gui.help.library import Library, slug
from ppdesk.gui.help.ranking import Entry, Ranking, excerpt
from ppdesk.gui.help.window import HelpWindow
from ppdesk.gui.look import Look
from ppdesk.gui.pages.clause_panel import ClausePanel
from ppdesk.gui.rail_marks import Mark, rolled_up
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.session import Session

PASS = "four words for it"
OBJECTIVE = {"project": "Incomes", "purpose": "Study of income in a town"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a standard and two runs of Objective."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "p.ppdesk"
    with Session.create(path, PASS, mode=Mode(7), home=folder / "home", actor="Ada Analyst") as session:
        session.run("standard", {})
        session.run("objective", OBJECTIVE)
        session.run("objective", {**OBJECTIVE, "population": "adults"})
    return path


@pytest.fixture
def opened(window: MainWindow, settled: Callable[[], None], made: Path, tmp_path: Path) -> MainWindow:
    path = shutil.copy(made, tmp_path / "p.ppdesk")
    window.unlock(Path(path), PASS)
    settled()
    window.show_step("objective")
    settled()
    return window


def test_a_page_names_its_clause_and_shows_its_words_and_source(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None]
) -> None:
    page, snapshot = opened.page, opened.project.snapshot
    assert page is not None
    assert snapshot is not None
    assert page.tools.clause.text() == "Art. 5(1)(b) and (c) and 1 more"
    found = served(snapshot, "objective")
    assert found.title == "GDPR"
    assert all(clause.where and clause.serves["objective"] for clause in found.clauses)
    panel = ClausePanel(opened, found, "objective")
    qtbot.addWidget(panel)
    panel.show_below(page.tools.clause)
    told = [label.text() for label in panel.findChildren(type(page.header._title))]
    assert any("specified, explicit and legitimate purposes" in words for words in told)
    panel.close()


def test_where_no_standard_holds_or_it_asks_nothing_the_page_says_so(opened: MainWindow) -> None:
    from dataclasses import replace

    snapshot = opened.project.snapshot
    assert snapshot is not None
    none = served(replace(snapshot, heads={}), "train")
    assert (none.button, none.go) == ("No standard yet", "standard")
    own = replace(snapshot, heads={Kind.STANDARD: {"preset": "own"}})
    assert served(own, "train").button == "Own rules"
    hipaa = replace(snapshot, heads={Kind.STANDARD: {"preset": "hipaa"}})
    assert served(hipaa, "train").button == "No clause"


def test_the_last_run_is_compared_with_the_one_before(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None]
) -> None:
    page = opened.page
    assert page is not None
    assert page.tools.compare.isVisible()
    assert page.tools.compare.text() == "Compare with run 1"
    page.tools.show_compare()
    settled()
    dialog = next(one for one in opened.findChildren(CompareDialog))
    assert dialog.found is not None
    assert {row.name for row in dialog.found.settings if row.differs} == {"Population"}
    dialog.only.setChecked(False)
    assert dialog.count.text().startswith(f"{dialog.found.differences} difference")
    dialog.reject()


def test_a_reason_is_kept_when_the_page_is_left_and_becomes_evidence(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None]
) -> None:
    page = opened.page
    assert page is not None
    qtbot.mouseClick(page.reason.button, Qt.MouseButton.LeftButton)
    assert page.reason.isVisible()
    assert not page.reason.record.isEnabled()
    qtbot.keyClicks(page.reason.words, "The board asked.")
    assert "not on record" in page.unrecorded()
    opened.show_step("standard")
    assert opened.page is not None
    assert not opened.page.reason.button.isVisible()  # it asks for a reason among its settings
    opened._drop("objective")
    opened.show_step("objective")
    settled()
    page = opened.page
    assert page.reason.text() == "The board asked."
    page.reason.button.setChecked(True)
    qtbot.mouseClick(page.reason.record, Qt.MouseButton.LeftButton)
    settled()
    snapshot = opened.project.snapshot
    assert snapshot is not None
    assert snapshot.reasons is not None
    assert [one.why for one in snapshot.reasons.given] == ["The board asked."]
    assert snapshot.events[-1].kind == "decision"
    assert page.reason.text() == ""
    assert page.unrecorded() == ""
    assert page.reason.button.text() == "1 reason"


def test_the_rail_says_what_waits_for_a_person_and_what_is_off(opened: MainWindow) -> None:
    from dataclasses import replace

    from ppdesk.workbench.evidence.deciding import Reasons

    snapshot = opened.project.snapshot
    assert snapshot is not None
    reasons = Reasons(missing={"objective": 3}, off={"train": "policy", "tune": "standard"})
    marks = rail_marks.marks(replace(snapshot, reasons=reasons))
    assert (marks["objective"].shape, marks["objective"].word) == ("decide", "decide")
    assert (marks["train"].shape, marks["train"].word) == ("off", "off by policy")
    assert marks["tune"].word == "off"
    assert marks["roles"].word == "needs import"
    assert marks["standard"].shape == "stale"  # Objective has run since


@pytest.mark.parametrize(
    ("shapes", "worst"),
    [
        (["done", "stale", "decide", "failed"], "failed"),
        (["stale", "decide"], "decide"),
        (["stale", "running"], "running"),
        (["blocked", "stale"], "stale"),
        (["blocked", "blocked"], "blocked"),
        (["blocked", "done"], ""),
        (["done", "todo"], ""),
        (["done", "off"], "done"),
        (["off", "off"], "off"),
    ],
)
def test_a_closed_stage_shows_the_worst_of_its_steps(look: Look, shapes: list[str], worst: str) -> None:
    assert rolled_up([Mark(shape, shape, shape) for shape in shapes])[0] == worst


def test_the_help_has_every_document_and_step_and_is_searched(qtbot: QtBot, look: Look) -> None:
    library = Library()
    window = HelpWindow(None, library)
    qtbot.addWidget(window)
    window.show_step("anonymize")
    assert window.reader.page is not None
    assert window.reader.page.title == "Anonymize"
    assert not window.go.isHidden()
    qtbot.keyClicks(window.search, "reasons for choices")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.reader.page.key == "security.md"
    assert "salted SHA-256" in window.reader.toPlainText()
    window.back.click()
    assert window.reader.page.title == "Anonymize"
    window.search.setText("qqqq")
    assert window._count.text() == "Nothing found"


def test_links_within_the_help_work_and_others_are_copied(qtbot: QtBot, look: Look) -> None:
    window = HelpWindow(None, Library())
    qtbot.addWidget(window)
    window.show_page("cli.md", "")
    window.reader._followed(QUrl("policy.md"))
    assert window.reader.page is not None
    assert window.reader.page.key == "policy.md"
    window.reader._followed(QUrl("https://example.org/a"))
    assert QGuiApplication.clipboard().text() == "https://example.org/a"
    assert window.reader.page.key == "policy.md"
    window.show_page("nothing.md", "")
    assert "no such page" in window._said.text()


def test_every_link_between_documents_leads_somewhere() -> None:
    import re

    library = Library()
    for page in library.pages:
        folder = page.key.rpartition("/")[0]
        for target in re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.markdown):
            key = target.removeprefix("../") if target.startswith("../") else f"{folder}/{target}".lstrip("/")
            assert library.page(key) is not None, f"{page.key}: {target}"


def test_ctrl_k_finds_settings_actions_and_help(opened: MainWindow, settled: Callable[[], None]) -> None:
    opened.finding.complete()
    field = opened.top.finder
    found = opened.finding.search("anonymize")
    assert (found[0].what, found[0].key) == ("step", "anonymize")
    setting = next(one for one in opened.finding.search("population") if one.what == "setting")
    assert {one.what for one in opened.finding.search("population")} >= {"setting", "help"}
    assert any(one.what == "action" for one in opened.finding.search("compact the file"))
    objective = next(
        one
        for one in opened.finding.search("population whose data")
        if one.what == "setting" and one.key == "objective"
    )
    assert setting.note
    opened.show_step("standard")
    field.found.emit(objective)
    settled()
    QApplication.processEvents()
    assert opened.page is not None
    assert opened.page.key == "objective"
    assert opened.page.isAncestorOf(opened.focusWidget() or opened)


def test_search_ranks_headings_before_text_and_wants_every_word() -> None:
    ranking = Ranking(
        [Entry("body", "Other", "", "risk of ε"), Entry("head", "Risk", "", ""), Entry("none", "k", "", "")]
    )
    assert [one.what for one in ranking.find("ris")] == ["head", "body"]
    assert [one.what for one in ranking.find("risk epsilon")] == ["body"]
    assert ranking.find("  ") == []
    assert "needle" in excerpt("word " * 100 + "needle " + "word " * 100, "need")
    assert slug("What `epsilon` is, and how it adds up") == "what-epsilon-is-and-how-it-adds-up"
