"""The page of Anonymize: live figures, once somebody asks for them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from ppdesk.core.artifacts import Kind
from ppdesk.gui.desk import Desk
from ppdesk.gui.look import Look
from ppdesk.gui.pages.anonymize import AnonymizeStep
from ppdesk.gui.pages.anonymize_alternatives import Alternatives
from ppdesk.gui.pages.anonymize_cards import ModelCard, OffCard
from ppdesk.gui.pages.anonymize_form import AnonymizeForm, anonymize_form
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.results import PlotView
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.looking import LOOK
from ppdesk.workbench.session import Session
from ppdesk.workflow.data.anonymize_params import AnonymizeParams

PEOPLE = "".join(f"{sex},{age},{town}\n" for sex in "mf" for age in (31, 32, 33) for town in "AABC")
LEAVES = {"sex": ["m", "f"], "age": ["31", "32", "33"], "town": ["A", "B", "C"]}
ROLES = {
    "columns": [
        {"name": name, "role": "quasi-identifier", "type": "categorical", "categories": leaves}
        for name, leaves in LEAVES.items()
    ],
    "generalize": [{"column": name, "kind": "suppress"} for name in LEAVES],
}


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path, settled) -> StepPage:
    (tmp_path / "people.csv").write_text(f"sex,age,town\n{PEOPLE}")
    path = tmp_path / "p.ppdesk"
    with Session.create(path, "correct horse", mode=desk.mode, home=desk.home, actor="Ada") as session:
        session.run("import", {"table": str(tmp_path / "people.csv")})
        session.run("roles", ROLES)
    window.project.open(path, "correct horse")
    qtbot.waitUntil(lambda: window.page is not None, timeout=60_000)
    window.show_step("anonymize")
    settled()
    assert window.page is not None
    return window.page


def _form(pane: AnonymizeStep) -> AnonymizeForm:
    assert isinstance(pane.form, AnonymizeForm)
    return pane.form


def _looks(window: MainWindow) -> int:
    snapshot = window.project.snapshot
    assert snapshot is not None
    return sum(event.kind == LOOK for event in snapshot.events)


def _ask(qtbot: QtBot, page: StepPage) -> AnonymizeStep:
    pane = page.pane
    assert isinstance(pane, AnonymizeStep)
    assert pane.live.banner is not None
    pane.live.banner.link.click()
    _wait_for(qtbot, pane, "Live, not run yet")
    return pane


def _wait_for(qtbot: QtBot, pane: AnonymizeStep, words: str) -> None:
    qtbot.waitUntil(lambda: words in pane.live.words, timeout=60_000)


def test_figures_are_shown_when_they_are_asked_for_and_that_is_on_record(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    assert isinstance(page.pane, AnonymizeStep)
    assert "goes on record" in page.pane.live.words
    assert page.pane.right.isHidden()
    assert _looks(window) == 0
    pane = _ask(qtbot, page)
    settled()
    assert _looks(window) == 1
    assert "Loss " in pane.live.words
    levels = _form(pane).levels
    assert list(levels.pips) == list(LEAVES)
    assert pane.right.risk.prosecutor.accessibleDescription().startswith("100 % before")
    assert "within the limit" in pane.right.risk.prosecutor.accessibleDescription()
    qtbot.waitUntil(lambda: pane.right.space.plot.count > 1, timeout=60_000)
    assert "average risk" in pane.right.space.plot.accessibleDescription()
    assert "If k were 10" in " ".join(caption for _, caption, _ in pane.costs([]))


def test_a_level_can_be_moved_and_given_back(qtbot: QtBot, page: StepPage, settled) -> None:
    pane = _ask(qtbot, page)
    settled()
    form = _form(pane)
    best = form.levels.levels()
    assert form.best.isHidden()
    moved = form.levels.pips["age"]
    qtbot.keyClick(moved, Qt.Key.Key_Left if moved.value() else Qt.Key.Key_Right)
    chosen = {**best, "age": moved.value()}
    assert form.values()["levels"] == chosen
    assert form.best.isVisible()
    _wait_for(qtbot, pane, "Levels chosen by a person")
    assert form.levels.levels() == chosen
    assert "Chosen by a person" in form.rows["levels"].editor.widget.said.text()
    qtbot.mouseClick(form.best, Qt.MouseButton.LeftButton)
    assert form.values()["levels"] == {}
    qtbot.waitUntil(lambda: form.levels.levels() == best, timeout=60_000)
    assert form.best.isHidden()


def test_they_follow_the_form_and_say_why_there_is_no_solution(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    pane = _ask(qtbot, page)
    page.form.put({"k": 30, "suppression_limit": 0.0})
    page.form.changed.emit()
    _wait_for(qtbot, pane, "No solution")
    assert "30" in pane.live.words
    settled()
    assert _looks(window) == 1


def test_rows_stand_side_by_side_after_a_look_and_are_let_go(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    pane = _ask(qtbot, page)
    page.form.put({"k": 5, "suppression_limit": 0.2})
    page.form.changed.emit()
    settled()
    assert not pane.right.pairs.shows
    qtbot.mouseClick(pane.right.pairs.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.right.pairs.shows, timeout=60_000)
    settled()
    assert _looks(window) == 2
    before, after = pane.right.pairs.findChildren(QTableView)
    assert before.model().rowCount() == after.model().rowCount() == 24
    after.verticalScrollBar().setValue(30)
    assert before.verticalScrollBar().value() == 30
    window.show_step("roles")
    assert not pane.right.pairs.shows


def test_models_are_cards_that_are_switched_on_and_off(qtbot: QtBot, look: Look) -> None:
    columns = [
        {"name": "age", "role": "quasi-identifier", "type": "numeric"},
        {"name": "job", "role": "sensitive", "type": "categorical", "categories": ["a", "b"]},
    ]
    heads = {Kind.ROLES: {"columns": columns}, Kind.TABLE: {"rows": 1000}, Kind.STANDARD: {"k_min": 5}}
    form = anonymize_form(AnonymizeParams, heads)
    qtbot.addWidget(form)
    form.show()
    form.put({"k": 7, "suppression_limit": 0.015})
    assert form.k.said == "Everyone looks like at least 6 others. Preset: 5 or more"
    assert form.suppress.note.text() == "15 of 1,000 records"
    assert form.values()["suppression_limit"] == 0.015
    card = form.models.findChild(ModelCard)
    assert card is not None
    assert not card.box.isChecked()
    card.box.click()
    assert form.values()["sensitive"] == ["job: distinct-l-diversity, l = 2"]
    card = [one for one in form.models.findChildren(ModelCard) if one.box.isChecked()][-1]
    assert card.field is not None
    card.field.setText("3")
    card.field.textEdited.emit("3")
    assert form.values()["sensitive"] == ["job: distinct-l-diversity, l = 3"]
    form.suppress.editor.widget.setText("120")
    assert not form.suppress.judge()
    assert "0 to 100" in form.suppress.said


def test_without_a_sensitive_column_the_card_says_where_to_declare_one(qtbot: QtBot, look: Look) -> None:
    columns = [{"name": "age", "role": "quasi-identifier", "type": "numeric"}]
    form = anonymize_form(AnonymizeParams, {Kind.ROLES: {"columns": columns}})
    qtbot.addWidget(form)
    off = form.models.findChild(OffCard)
    assert off is not None
    with qtbot.waitSignal(form.roles_asked):
        off.link.click()


def test_after_the_run_the_record_speaks(qtbot: QtBot, page: StepPage, window: MainWindow, settled) -> None:
    pane = _ask(qtbot, page)
    page.form.put({"k": 2, "suppression_limit": 0.1})
    page.run()
    qtbot.waitUntil(lambda: not window.project.running and window.project.idle, timeout=60_000)
    qtbot.waitUntil(pane.live.isHidden, timeout=10_000)
    settled()
    space = pane.right.space
    qtbot.waitUntil(lambda: space.switch.isVisibleTo(space), timeout=10_000)
    assert "optimum proved" in space.note.text()
    assert not [one for one in page.findChildren(PlotView) if "Transformations" in one.accessibleName()]
    pane.right.work.show_page("Whole result")
    settled()  # what was not seen is made now
    rows = page.findChildren(Alternatives)[-1]
    qtbot.waitUntil(rows.isVisible, timeout=10_000)
    qtbot.mouseClick(rows.buttons[0], Qt.MouseButton.LeftButton)
    first = page.form.values()["levels"]
    assert list(first) == list(LEAVES)
    assert page.form.folds["Search"].button.isChecked()
    qtbot.waitUntil(lambda: page.bar.primary.text().startswith("Anonymize"), timeout=60_000)
    pane.right.work.show_page("Before and after")
    settled()
    qtbot.waitUntil(lambda: space.plot.count > 2, timeout=60_000)
    qtbot.keyClick(space.plot, Qt.Key.Key_PageUp)
    while not space.use.isEnabled() or space.plot.spot.levels == tuple(first.values()):
        qtbot.keyClick(space.plot, Qt.Key.Key_Right)
    qtbot.mouseClick(space.use, Qt.MouseButton.LeftButton)
    second = page.form.values()["levels"]
    assert second != first
    page.run()
    qtbot.waitUntil(lambda: not window.project.running and window.project.idle, timeout=60_000)
    assert window.project.snapshot is not None
    assert window.project.snapshot.events[-1].facts["search"]["algorithm"] == "chosen"


def test_what_configure_proposes_can_be_taken(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    page.form.put({"k": 3})
    window.show_step("configure")
    settled()
    assert window.page is not None
    window.page.run()
    qtbot.waitUntil(lambda: not window.project.running and window.project.idle, timeout=120_000)
    window.show_step("anonymize")
    settled()
    pane = window.page.pane
    assert isinstance(pane, AnonymizeStep)
    assert pane.proposal.banner is not None
    pane.proposal.banner.link.click()
    settled()
    assert (pane.form.values()["k"], pane.form.values()["suppression_limit"]) == (5, 0.05)
    qtbot.waitUntil(lambda: pane.proposal.banner is None, timeout=10_000)
