"""Evaluate, Attack and Audit in the window: blocks side by side, the form that makes room, stop and keep."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.errors import CancelledRunError
from ppdesk.core.section import Block, Plot, Table, Words
from ppdesk.gui import arrangement
from ppdesk.gui.look import Look
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.pages.step_run import Run
from ppdesk.gui.parts.cards import ListCard
from ppdesk.gui.parts.states import ChipView
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.results import BlockGrid
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.session import Session
from ppdesk.workbench.views import StepResult


def chart(title: str) -> Plot:
    return Plot(title, "roc", {})


LIST = Table("Not tested", ("What",), [("Timing",), ("Floating point",)])
WIDE = Table(
    "Attacks", ("Attack", "Attacker has", "Result", "Verdict"), [("Loss", "m" * 60, "none", "In line")]
)


@pytest.mark.parametrize(
    ("blocks", "width", "spans"),
    [
        ([chart("a"), chart("b"), chart("c")], 1164, [[4, 4, 4]]),
        ([chart("a"), chart("b"), chart("c")], 760, [[6, 6], [12]]),
        ([chart("a"), chart("b"), chart("c"), chart("d")], 1164, [[6, 6], [6, 6]]),
        ([chart("a"), chart("b"), chart("c"), chart("d"), chart("e")], 1164, [[4, 4, 4], [6, 6]]),
        ([chart("a"), chart("b")], 600, [[12], [12]]),
        ([Words("w"), WIDE, LIST], 1164, [[12], [9, 3]]),
        ([WIDE, LIST], 760, [[12], [12]]),
        ([replace(WIDE, rows=WIDE.rows * 40), LIST], 1164, [[12], [12]]),
    ],
)
def test_what_stands_side_by_side(blocks: list[Block], width: float, spans: list[list[int]]) -> None:
    rows = arrangement.rows(blocks, [False] * len(blocks), width)
    assert [[spot.span for spot in row] for row in rows] == spans
    assert [spot.at for row in rows for spot in row] == list(range(len(blocks)))


def test_what_has_the_whole_width_keeps_it() -> None:
    rows = arrangement.rows([chart("a"), chart("b"), chart("c")], [True, False, False], 1164)
    assert [[spot.span for spot in row] for row in rows] == [[12], [6, 6]]


def test_a_verdict_keeps_its_line_and_a_list_is_spoken(qtbot: QtBot, look: Look) -> None:
    grid = BlockGrid([WIDE, LIST], lambda *_: None)
    qtbot.addWidget(grid)
    grid.resize(1164, 400)
    grid.show()
    (said,) = grid.findChildren(ListCard)
    assert said.accessibleName() == "Not tested: Timing; Floating point"
    (table,) = grid.findChildren(TableView)
    assert table.columnWidth(3) > 24 + table.fontMetrics().horizontalAdvance("In line")


def run_of(key: str, *, ending: bool) -> Run:
    return Run(key, None, None, key, "", False, None, ending=ending)


def test_the_button_says_what_a_second_press_does() -> None:
    first, second = run_of("audit", ending=False), run_of("audit", ending=True)
    assert first.secondary().words == "Stop, keep results"  # type: ignore[union-attr]
    assert ("square", "If you stop now", "What was found so far is kept") in first.costs()
    assert second.secondary().words == "Stop for good"  # type: ignore[union-attr]
    assert second.costs()[1][1:] == ("Ending", "With what was found so far")
    assert run_of("anonymize", ending=False).secondary().words == "Stop"  # type: ignore[union-attr]


@pytest.fixture
def audit(window: MainWindow, settled: Callable[[], None], tmp_path: Path) -> StepPage:
    """The page of Audit of a new project."""
    window.project.create(tmp_path / "new.ppdesk", "four words for it")
    settled()
    window.show_step("audit")
    settled()
    assert window.page is not None
    return window.page


def test_the_form_makes_room_for_a_result_and_comes_back(window: MainWindow, audit: StepPage) -> None:
    form = audit.form
    assert isinstance(form, QWidget)
    assert audit.settings.isVisible()
    assert form.isVisible()
    audit.settings.click()
    assert not form.isVisible()
    audit.settings.click()
    assert form.isVisible()
    window.show_step("anonymize")
    assert window.page is not None
    assert not window.page.settings.isVisible()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, threading.Event]:
    """Every run says 62 % and goes on until it is stopped; what the window told it."""
    told: dict[str, threading.Event] = {}

    def run(
        _session: Session,
        _key: str,
        _values: object,
        *,
        progress: Callable[[float, str], None],
        cancel: threading.Event,
        enough: threading.Event,
        **_more: object,
    ) -> StepResult:
        told.update(cancel=cancel, enough=enough)
        progress(0.62, "620 of 1,000 canaries")
        cancel.wait(60)
        raise CancelledRunError

    monkeypatch.setattr(Session, "run", run)
    return told


def test_the_first_press_keeps_results_and_the_second_stops_for_good(
    qtbot: QtBot,
    window: MainWindow,
    audit: StepPage,
    held: dict[str, threading.Event],
    in_front: Callable[[], None],
) -> None:
    page, form = audit, audit.form
    assert isinstance(form, QWidget)
    page.run()
    qtbot.waitUntil(lambda: window.share > 0, timeout=20_000)
    chip = page.header.findChild(ChipView)
    assert chip is not None
    assert chip.accessibleName() == "Running 62 %"
    stop = page.bar.secondary
    assert (stop.text(), stop.isEnabled()) == ("Stop, keep results", True)
    assert form.isVisible()  # there is no result yet that it would make room for

    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert held["enough"].is_set()
    assert not held["cancel"].is_set()
    assert window.stopping.dialog is None  # nothing is spent, so nothing is asked
    assert stop.text() == "Stop for good"
    assert chip.accessibleName() == "Ending 62 %"

    in_front()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert held["cancel"].is_set()
    qtbot.waitUntil(lambda: not window.project.running, timeout=20_000)
    assert form.isVisible()
