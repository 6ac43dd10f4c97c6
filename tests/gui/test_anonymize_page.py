"""The page of Anonymize: live figures, once somebody asks for them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ppdesk.gui.desk import Desk
from ppdesk.gui.pages.anonymize import AnonymizeStep
from ppdesk.gui.pages.anonymize_alternatives import Alternatives
from ppdesk.gui.pages.anonymize_space import SolutionSpace
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.results import PlotView
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.looking import LOOK
from ppdesk.workbench.session import Session

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


def _looks(window: MainWindow) -> int:
    snapshot = window.project.snapshot
    assert snapshot is not None
    return sum(event.kind == LOOK for event in snapshot.events)


def _ask(qtbot: QtBot, page: StepPage) -> AnonymizeStep:
    pane = page.pane
    assert isinstance(pane, AnonymizeStep)
    pane.live.show_button.click()
    qtbot.waitUntil(pane.live.figures.isVisible, timeout=60_000)
    return pane


def test_figures_are_shown_when_they_are_asked_for_and_that_is_on_record(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    assert "goes on record" in page.pane.live.words.text()
    assert _looks(window) == 0
    pane = _ask(qtbot, page)
    settled()
    assert _looks(window) == 1
    assert pane.live.head.text().startswith("Score ")
    assert list(pane.live.levels.pips) == list(LEAVES)
    assert pane.live.prosecutor.accessibleDescription().startswith("100.0 % before")


def test_a_level_can_be_moved_and_given_back(qtbot: QtBot, page: StepPage, settled) -> None:
    pane = _ask(qtbot, page)
    settled()
    live = pane.live
    best = {name: pips.value() for name, pips in live.levels.pips.items()}
    assert not live.best.isVisible()
    moved = live.levels.pips["age"]
    qtbot.keyClick(moved, Qt.Key.Key_Left if moved.value() else Qt.Key.Key_Right)
    chosen = {**best, "age": moved.value()}
    assert pane.form.values()["levels"] == chosen
    qtbot.waitUntil(live.best.isVisible, timeout=60_000)
    assert live.head.text().startswith("Levels chosen by a person.")
    assert {name: pips.value() for name, pips in live.levels.pips.items()} == chosen
    assert "Chosen by a person" in pane.form.rows["levels"].editor.widget.said.text()
    qtbot.mouseClick(live.best, Qt.MouseButton.LeftButton)
    assert pane.form.values()["levels"] == {}
    qtbot.waitUntil(live.best.isHidden, timeout=60_000)
    assert {name: pips.value() for name, pips in live.levels.pips.items()} == best
    qtbot.mouseClick(live.fold, Qt.MouseButton.LeftButton)
    assert live.figures.isHidden()
    assert live.head.isVisible()


def test_they_follow_the_form_and_say_why_there_is_no_solution(
    qtbot: QtBot, window: MainWindow, page: StepPage, settled
) -> None:
    pane = _ask(qtbot, page)
    page.form.put({"k": 30, "suppression_limit": 0.0})
    page.form.changed.emit()
    qtbot.waitUntil(lambda: "30" in pane.live.head.text(), timeout=60_000)
    assert not pane.live.levels.pips
    settled()
    assert _looks(window) == 1


def test_after_the_run_the_record_speaks(qtbot: QtBot, page: StepPage, window: MainWindow, settled) -> None:
    pane = _ask(qtbot, page)
    page.form.put({"k": 2, "suppression_limit": 0.1})
    page.run()
    qtbot.waitUntil(lambda: not window.project.running and window.project.idle, timeout=60_000)
    qtbot.waitUntil(pane.live.isHidden, timeout=10_000)
    settled()
    space = page.findChildren(SolutionSpace)[-1]
    qtbot.waitUntil(lambda: space.switch.isVisibleTo(space), timeout=10_000)
    assert not [one for one in page.findChildren(PlotView) if "Transformations" in one.accessibleName()]
    rows = page.findChildren(Alternatives)[-1]
    qtbot.mouseClick(rows.buttons[0], Qt.MouseButton.LeftButton)
    first = page.form.values()["levels"]
    assert list(first) == list(LEAVES)
    assert page.form.folds["Search"].button.isChecked()
    qtbot.waitUntil(lambda: page.bar.primary.text().startswith("Anonymize"), timeout=60_000)
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
