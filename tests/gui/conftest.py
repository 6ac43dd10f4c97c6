"""What the tests of the window share: a look, a person's folder, the window itself. No display is needed."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ppdesk.core.mode import Mode
from ppdesk.gui.app import make_window
from ppdesk.gui.desk import Desk
from ppdesk.gui.gradual import at_rest, finish
from ppdesk.gui.look import Look
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.window import MainWindow


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Look:
    """The one look of the test process, in light colours."""
    return Look(qapp, "light")


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Parts that stand by themselves wear the style sheet, as they would in a window."""
    add = qtbot.addWidget

    def dressed(widget: QWidget, **rest: Any) -> None:
        if isinstance(found := QApplication.instance(), QApplication) and found.property("look"):
            found.property("look").dress(widget)
        add(widget, **rest)

    qtbot.addWidget = dressed  # type: ignore[method-assign]  # pytest-qt has no other way in
    return qtbot


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A person who never was here before."""
    home = tmp_path / "home"
    home.mkdir()
    return Desk(home, "Ada Analyst", Mode(test_seed=7))


@pytest.fixture
def window(qtbot: QtBot, look: Look, desk: Desk) -> Iterator[MainWindow]:
    """The window on the start screen."""
    look.choose("light")
    made = make_window(desk)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.leave()


@pytest.fixture
def settled(qtbot: QtBot, window: MainWindow) -> Callable[[], None]:
    """Waits until nothing is on its way, and all that is shown is made."""

    def still() -> bool:
        return not window.project.running and window.project.idle and at_rest(window)

    def wait() -> None:
        qtbot.waitUntil(still, timeout=120_000)

    return wait


@pytest.fixture
def make_roles(qtbot: QtBot, look: Look) -> Callable[[Sequence[tuple[str, str]]], RolesPane]:
    """Makes the form of Roles for (name, type) of columns, shown at the width it has in a small window."""

    def make(columns: Sequence[tuple[str, str]]) -> RolesPane:
        made = RolesPane()
        qtbot.addWidget(made)
        made.resize(992, 500)
        made.show()
        made.show_columns(columns)
        finish(made)
        return made

    return make


@pytest.fixture
def in_front(qtbot: QtBot, window: MainWindow) -> Callable[[], None]:
    """Brings the window to the front, and waits until it gets the keys: no window manager does it here."""

    def bring() -> None:
        with qtbot.waitActive(window, timeout=20_000):
            window.activateWindow()

    return bring
