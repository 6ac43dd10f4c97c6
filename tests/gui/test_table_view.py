"""Looking at rows as a person does: asked first, recorded, then scrolled, copied and left."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ppdesk.core.artifacts import Kind
from ppdesk.gui.pages.rows_banner import RowsBanner
from ppdesk.gui.pages.table_view import RECORDED, WEAKER, RowsPage
from ppdesk.gui.parts.cards import Banner, EmptyState
from ppdesk.gui.parts.inputs import LineField
from ppdesk.gui.snapshot import Sight, Snapshot
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.stages import Stage

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
PASSPHRASE = "four words for the file"


@pytest.fixture
def opened(window: MainWindow, settled: Callable[[], None], tmp_path: Path) -> MainWindow:
    """A new project."""
    window.project.create(tmp_path / "rows.ppdesk", PASSPHRASE)
    settled()
    return window


@pytest.fixture
def imported(opened: MainWindow, settled: Callable[[], None], tmp_path: Path) -> MainWindow:
    """A project with a table of 300 rows, on the page of import."""
    lines = ["name,age", *(f"person {at},{20 + at % 50}" for at in range(299)), "last,"]
    (tmp_path / "people.csv").write_text("\n".join(lines), encoding="utf-8")
    opened.project.run("import", {"table": str(tmp_path / "people.csv")})
    settled()
    opened.show_step("import")
    settled()
    return opened


def link(window: MainWindow) -> RowsBanner:
    assert window.page is not None
    return window.page.findChildren(RowsBanner)[0]


def open_rows(bot: QtBot, window: MainWindow) -> RowsPage:
    banner = link(window).banner
    assert banner is not None
    bot.mouseClick(banner.link, LEFT)
    page = window.stack.currentWidget()
    assert isinstance(page, RowsPage)
    return page


def looks(window: MainWindow) -> int:
    assert window.project.snapshot is not None
    return sum(event.kind == "look" for event in window.project.snapshot.events)


def go_to_a_row(qtbot: QtBot, imported: MainWindow, page: RowsPage) -> None:
    """By its number; one that is not there is said."""
    view = page.view
    assert view is not None
    field = next(one for one in page.findChildren(LineField) if one.accessibleName() == "Go to row")
    qtbot.keyClicks(field, "301")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.property("wrong") is True
    field.clear()
    qtbot.keyClicks(field, "250")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.property("wrong") is False
    assert view.currentIndex().row() == 249
    assert imported.focusWidget() is view


def test_nothing_is_shown_before_a_person_agrees_and_then_it_is_on_record(
    qtbot: QtBot, imported: MainWindow, settled: Callable[[], None]
) -> None:
    assert link(imported).isVisible()
    page = open_rows(qtbot, imported)
    settled()
    assert page.view is None
    assert looks(imported) == 0
    look = page.look
    assert look is not None
    assert look.text() == "Look, and record it"
    assert imported.focusWidget() is look
    qtbot.keyClick(look, Qt.Key.Key_Space)
    settled()
    assert looks(imported) == 1
    view = page.view
    assert view is not None
    assert view.rows.rowCount() == 300
    assert view.rows.types == ["string", "integer"]
    assert page.findChildren(Banner)[-1].accessibleName() == f"{RECORDED} {WEAKER}"
    qtbot.keyClick(view, Qt.Key.Key_End, CONTROL)
    assert view.currentIndex().row() == 299


def test_the_second_look_at_the_same_rows_is_not_asked_again_and_the_rows_are_let_go_of_in_between(
    qtbot: QtBot, imported: MainWindow, settled: Callable[[], None]
) -> None:
    page = open_rows(qtbot, imported)
    assert page.look is not None
    qtbot.mouseClick(page.look, LEFT)
    settled()
    qtbot.mouseClick(page.back, LEFT)
    settled()
    assert imported.page is not None
    assert imported.page.key == "import"
    assert imported.looking.page is None
    assert not imported.stack.findChildren(RowsPage)
    again = open_rows(qtbot, imported)
    settled()
    assert again.view is not None
    assert looks(imported) == 1
    go_to_a_row(qtbot, imported, again)
    model = again.view.rows
    imported.project.close()
    settled()
    assert imported.looking.page is None
    assert model.cells.rows == 0  # nothing of it is kept, whoever still holds the model


def test_a_project_that_is_only_read_shows_why_and_no_rows(
    qtbot: QtBot, imported: MainWindow, settled: Callable[[], None], tmp_path: Path
) -> None:
    imported.project.close()
    settled()
    imported.project.open(tmp_path / "rows.ppdesk", PASSPHRASE, read_only=True)
    settled()
    imported.show_step("import")
    settled()
    page = open_rows(qtbot, imported)
    settled()
    assert page.view is None
    assert page.look is None
    said = page.findChildren(EmptyState)[0].accessibleName()
    assert said.startswith("Rows are not shown here")
    assert "a look must go on record" in said


def test_what_the_session_refuses_is_shown_with_its_code(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None]
) -> None:
    opened.looking.show("import", [Sight(Kind.TABLE, 1, "quarantine", "Put aside")])
    page = opened.looking.page
    assert page is not None
    assert page.look is not None
    qtbot.mouseClick(page.look, LEFT)
    settled()
    assert page.view is None
    assert "PP-" in page.findChildren(EmptyState)[0].accessibleName()
    assert looks(opened) == 0


def test_rows_that_were_set_aside_stand_beside_the_others(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = pa.table({"row": pa.array([7], pa.int64()), "reason": ["3 values, not 2"], "text": ["a,b,c"]})
    asked = []

    def look(sight: Sight, done: Callable[[pa.Table], None], _failed: object) -> None:
        asked.append(sight.part)
        done(aside)

    monkeypatch.setattr(opened.project, "look", look)
    opened.looking.show("import", [Sight(Kind.TABLE, 1), Sight(Kind.TABLE, 1, "quarantine", "Put aside (1)")])
    page = opened.looking.page
    assert page is not None
    page.parts.chosen.emit("quarantine")
    assert page.look is not None
    qtbot.mouseClick(page.look, LEFT)
    assert asked == ["quarantine"]
    assert page.view is not None
    assert page.view.rows.types == ["integer", "string", "string"]


def test_the_way_to_the_rows_is_offered_only_where_there_are_some(
    qtbot: QtBot, opened: MainWindow, settled: Callable[[], None]
) -> None:
    asked: list[object] = []
    banner = RowsBanner(Kind.RELEASE, asked.append)
    qtbot.addWidget(banner)
    snapshot = opened.project.snapshot
    assert isinstance(snapshot, Snapshot)
    banner.show_project(snapshot, Place("anonymize", Stage.DATA, State.TODO))
    assert banner.isHidden()
