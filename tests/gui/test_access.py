"""Accessible: every control has a name, keys reach what the mouse reaches, states are words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ppdesk.gui.dialogs.about import AboutDialog
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.dialogs.keys import NewProjectDialog, SignerDialog, UnlockDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.errors import NoProjectError
from ppdesk.gui.help.library import Library
from ppdesk.gui.help.window import HelpWindow
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.look import Look
from ppdesk.gui.rail import Rail
from ppdesk.gui.window import MainWindow
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.stages import Stage

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QTabBar)
OWN = OwnKey("Ada", "file", "key file", "AB12 CD34", "2031-01-01")
INNER = (QHeaderView, QAbstractSlider)  # parts of Qt's own widgets, named by these


def nameless(root: QWidget) -> list[str]:
    """The controls below `root` that a screen reader would call nothing."""
    found = []
    for control in root.findChildren(QWidget):
        if not isinstance(control, CONTROLS) or isinstance(control, INNER):
            continue
        if control.objectName().startswith("qt_") or type(control).__module__ == "PySide6.QtWidgets":
            parent = control.parentWidget()
            if isinstance(parent, CONTROLS) or type(control) is QAbstractButton:
                continue  # such as the button in the corner of a table
        spoken = QAccessible.queryAccessibleInterface(control)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            found.append(f"{type(control).__name__} in {type(control.parentWidget()).__name__}")
    return found


def test_the_start_screen_names_every_control(window: MainWindow) -> None:
    assert nameless(window) == []


def test_every_page_names_every_control(
    window: MainWindow, settled: Callable[[], None], tmp_path: Path
) -> None:
    window.project.create(tmp_path / "names.ppdesk", "four words for it")
    settled()
    for entry in CATALOG:
        window.show_step(entry.key)
        settled()
        assert nameless(window) == [], entry.key


@pytest.mark.parametrize(
    "make",
    [
        lambda window: NewProjectDialog(window, Path("/tmp"), window.project.judge),  # noqa: S108  nothing is written
        UnlockDialog,
        lambda window: SignerDialog(window, "Export signs.", [OWN], "Ada", window.project.judge),
        lambda window: SignerDialog(window, "Export signs.", [], "Ada", window.project.judge),
        lambda window: ErrorDialog(window, NoProjectError()),
        lambda window: AskDialog(window, "Replace the file?", "What stands in it is lost.", "Replace file"),
        lambda window: AboutDialog(window, "Offline"),
        lambda window: HelpWindow(window, Library()),
        lambda window: VerifyDialog(window, window.project.bench),
    ],
)
def test_every_dialog_names_every_control_and_escape_leaves(
    qtbot: QtBot, window: MainWindow, make: Callable[[MainWindow], QDialog]
) -> None:
    dialog = make(window)
    dialog.open()
    assert nameless(dialog) == []
    assert dialog.accessibleName()
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_what_cannot_be_undone_has_the_safe_button_in_focus(qtbot: QtBot, window: MainWindow) -> None:
    dialog = AskDialog(window, "Replace the file?", "What stands in it is lost.", "Replace file")
    dialog.open()
    assert dialog.focusWidget() is dialog.cancel
    dialog.reject()


def test_tab_reaches_the_four_actions_in_order(
    qtbot: QtBot, window: MainWindow, in_front: Callable[[], None]
) -> None:
    in_front()
    cards = list(window.start.cards.values())
    cards[0].setFocus()
    for following in cards[1:]:
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        assert window.focusWidget() is following


def test_the_rail_says_state_and_reason(qtbot: QtBot, look: Look) -> None:
    rail = Rail()
    qtbot.addWidget(rail)
    rail.show_places(
        [
            Place("import", Stage.DATA, State.DONE, 3),
            Place("roles", Stage.DATA, State.STALE, 4, "import changed"),
            Place("train", Stage.MODEL, State.BLOCKED, None, "needs roles"),
        ]
    )
    model = rail.model()

    def spoken(*at: int) -> str:
        index = model.index(at[0], 0)
        for row in at[1:]:
            index = model.index(row, 0, index)
        return str(index.data(Qt.ItemDataRole.AccessibleTextRole))

    assert spoken(1, 0) == "Import, done"
    assert spoken(1, 1) == "Roles, stale, because import changed"
    assert spoken(2, 0) == "Train, blocked, needs roles"
    assert spoken(1) == "Stage 2, Data, stale"


def test_the_find_field_leads_to_a_step(
    qtbot: QtBot,
    window: MainWindow,
    in_front: Callable[[], None],
    settled: Callable[[], None],
    tmp_path: Path,
) -> None:
    window.project.create(tmp_path / "find.ppdesk", "four words for it")
    settled()
    in_front()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.top.finder
    qtbot.keyClicks(window.top.finder, "monit")
    qtbot.keyClick(window.top.finder, Qt.Key.Key_Return)
    assert window.page is not None
    assert window.page.key == "monitor"
