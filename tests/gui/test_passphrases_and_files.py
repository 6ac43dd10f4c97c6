"""Passphrases, read-only projects, damaged files: what a person sees and does."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from ppdesk.core.findings import Finding, Level
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.base import AskDialog
from ppdesk.gui.dialogs.care import BrokenFileDialog, CheckDialog, RepairDialog, VerdictDialog
from ppdesk.gui.dialogs.closing import SignOnCloseDialog
from ppdesk.gui.dialogs.keys import ChangePassphraseDialog, NewProjectDialog, SignerDialog
from ppdesk.gui.parts.band import CloseCross
from ppdesk.gui.parts.meter import NewPassphrase
from ppdesk.gui.window import MainWindow
from ppdesk.store.errors import BrokenChainError
from ppdesk.workbench.session import Session

GOOD, OTHER = "seven green ladders swim", "eleven quiet rivers sing"
LEFT, RETURN = Qt.MouseButton.LeftButton, Qt.Key.Key_Return
D = TypeVar("D", bound=QDialog)
POLICY = """format = "ppdesk-policy-1"
title = "Health office"
[passphrases]
least_characters = 14
least_score = 3
keyring = false
"""


def shown(bot: QtBot, kind: type[D]) -> D:
    """The dialog of `kind` that is open."""
    bot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=20_000)
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def write(bot: QtBot, field: QLineEdit, words: str) -> None:
    field.clear()
    bot.keyClicks(field, words)


@pytest.fixture
def opened(window: MainWindow, settled: Callable[[], None], tmp_path: Path) -> Path:
    """A project that is open in the window."""
    file = tmp_path / "study.ppdesk"
    window.project.create(file, GOOD)
    settled()
    return file


@pytest.fixture
def policy(
    window: MainWindow, settled: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A policy in force."""
    place = tmp_path / "policy.toml"
    place.write_text(POLICY, encoding="utf-8")
    monkeypatch.setenv("PPDESK_POLICY", str(place))
    window.project.look_at_policy()
    settled()
    assert window.project.policy.in_force
    return place


def save_objective(window: MainWindow, settled: Callable[[], None]) -> None:
    """One event, so that something is unsigned."""
    window.run("objective", {"project": "Study", "purpose": "Research", "use_case": "research"})
    settled()


# passphrases


def test_the_meter_says_in_words_and_steps_how_strong_a_passphrase_is(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None]
) -> None:
    fields = NewPassphrase(window.project.judge, lambda: ("study",))
    qtbot.addWidget(fields)
    fields.show()
    for typed, said in (("password", "0 of 4"), (GOOD, "4 of 4")):
        write(qtbot, fields.first, typed)
        qtbot.waitUntil(lambda said=said: said in fields.said)
    fields.first.clear()
    assert "unrelated words" in fields.said


def test_a_weak_passphrase_is_warned_of_once_and_then_the_persons_choice(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = NewProjectDialog(window, tmp_path, window.project.judge)
    dialog.open()
    for field in (dialog.first, dialog.second):
        write(qtbot, field, "password1")
    qtbot.keyClick(dialog.second, RETURN)
    qtbot.waitUntil(lambda: "again to use it" in dialog.said)
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.accept_button, LEFT)


def test_policy_refuses_a_weak_passphrase_and_forbids_the_keyring(
    qtbot: QtBot, window: MainWindow, policy: Path, tmp_path: Path
) -> None:
    dialog = NewProjectDialog(window, tmp_path, window.project.judge)
    dialog.open()
    assert "at least 14 characters" in dialog.fields.said
    assert not dialog.remember.isVisible()
    for field in (dialog.first, dialog.second):
        write(qtbot, field, "password1")
    for _ in range(2):
        qtbot.mouseClick(dialog.accept_button, LEFT)
        qtbot.waitUntil(lambda: "does not allow" in dialog.said)
    assert dialog.isVisible()
    dialog.reject()


def test_the_passphrase_is_changed_on_record(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path, desk: Desk
) -> None:
    window.errands.change_passphrase()
    dialog = shown(qtbot, ChangePassphraseDialog)
    write(qtbot, dialog.old, GOOD)
    for field in (dialog.fields.first, dialog.fields.second):
        write(qtbot, field, OTHER)
    qtbot.mouseClick(dialog.accept_button, LEFT)
    qtbot.waitUntil(lambda: bool(window.project.snapshot and window.project.snapshot.events), timeout=20_000)
    settled()
    assert window.project.snapshot is not None
    assert [event.kind for event in window.project.snapshot.events] == ["passphrase"]
    window.project.close()
    settled()
    with Session.open(opened, OTHER, mode=desk.mode, home=desk.home, actor="Ada") as session:
        assert len(session.events()) == 1


# closing


def test_closing_unsigned_asks_once_and_can_sign(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path, desk: Desk
) -> None:
    save_objective(window, settled)
    window.lock()
    ask = shown(qtbot, SignOnCloseDialog)
    qtbot.keyClick(ask, Qt.Key.Key_Escape)
    assert window.project.snapshot is not None, "Escape stays"
    window.lock()
    qtbot.mouseClick(shown(qtbot, SignOnCloseDialog).accept_button, LEFT)
    signer = shown(qtbot, SignerDialog)
    for field in (signer.first, signer.second):
        write(qtbot, field, OTHER)
    qtbot.mouseClick(signer.accept_button, LEFT)
    qtbot.waitUntil(lambda: window.project.snapshot is None, timeout=20_000)
    with Session.open(opened, GOOD, mode=desk.mode, home=desk.home, actor="Ada", read_only=True) as session:
        assert session.events()[-1].kind == "signature"


def test_closing_can_leave_it_unsigned(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path
) -> None:
    save_objective(window, settled)
    window.lock()
    qtbot.mouseClick(shown(qtbot, SignOnCloseDialog).leave, LEFT)
    qtbot.waitUntil(lambda: window.project.snapshot is None, timeout=20_000)


def test_nothing_added_nothing_asked(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path
) -> None:
    window.lock()
    qtbot.waitUntil(lambda: window.project.snapshot is None, timeout=20_000)
    assert QApplication.activeModalWidget() is None


# read-only


def test_a_project_open_elsewhere_is_shown_for_reading_with_the_reason(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "study.ppdesk"
    with Session.create(file, GOOD, mode=desk.mode, home=desk.home, actor="Somebody else"):
        window.unlock(file, GOOD)
        qtbot.waitUntil(lambda: window.project.snapshot is not None, timeout=20_000)
        settled()
        assert "open in another window" in window.band.said
        assert window.page is not None
        assert not window.page.bar.primary.isEnabled()
        assert "another window" in window.page.bar.primary.toolTip()
        assert not window.menus.actions["Change passphrase..."].isEnabled()
        assert window.menus.actions["History"].isEnabled()
        window.project.close()
        settled()
    assert window.project.snapshot is None


def test_what_was_said_at_opening_can_be_put_away_and_found_again(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path
) -> None:
    finding = Finding(Level.CAUTION, "The clock of this computer was set back", "By 2 hours.")
    window.notices.put([finding])
    assert window.notices.isVisible()
    (cross,) = window.notices.findChildren(CloseCross)
    qtbot.keyClick(cross, Qt.Key.Key_Space)
    assert not window.notices.isVisible()


# the file itself


def test_a_check_says_what_it_looked_at(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path
) -> None:
    save_objective(window, settled)
    window.errands.check()
    dialog = shown(qtbot, CheckDialog)
    assert dialog.checked.holds
    assert dialog.checked.inspection.events == 1
    assert window.status._history[1].text() == "History intact, file checked"
    dialog.reject()


def test_compact_goes_on_record(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path
) -> None:
    window.errands.compact()
    qtbot.mouseClick(shown(qtbot, AskDialog).accept_button, LEFT)
    qtbot.waitUntil(lambda: bool(window.project.snapshot and window.project.snapshot.events), timeout=20_000)
    assert window.project.snapshot is not None
    assert window.project.snapshot.events[-1].kind == "compact"


def test_a_broken_file_offers_its_history_and_a_repair(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], opened: Path
) -> None:
    save_objective(window, settled)
    window.project.close()
    settled()
    window.opening._tried = (opened, GOOD)
    window.project.not_opened.emit(BrokenChainError(seq=1, file=opened.name))
    dialog = shown(qtbot, BrokenFileDialog)
    qtbot.mouseClick(dialog.look, LEFT)
    verdict = shown(qtbot, VerdictDialog)
    assert verdict.verdict.events == 1
    verdict.reject()
    window.opening.repair(opened, GOOD)
    repair = shown(qtbot, RepairDialog)
    assert repair.target.value().endswith("study-repaired.ppdesk")
    qtbot.mouseClick(repair.accept_button, LEFT)
    qtbot.waitUntil(lambda: repair.accept_button.text() == "Open the new file", timeout=20_000)
    assert opened.with_name("study-repaired.ppdesk").is_file()
    repair.reject()


# the policy


def test_a_policy_that_cannot_be_used_is_said_on_the_start_screen(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], policy: Path
) -> None:
    policy.write_text("format = 3", encoding="utf-8")
    with qtbot.waitSignal(window.project.policy_broken):
        window.project.look_at_policy()
    assert not window.start.cards["new"].isEnabled()
    assert window.start.cards["verify"].isEnabled()
