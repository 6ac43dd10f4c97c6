"""History, people and keys, four eyes, handover: as two people work."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.approval import AnswerDialog
from ppdesk.gui.dialogs.certificates import AddPersonDialog, TrustDialog
from ppdesk.gui.dialogs.people import PeopleDialog
from ppdesk.gui.dialogs.policy import PolicyDialog
from ppdesk.gui.window import MainWindow
from ppdesk.workbench.keys import signers
from ppdesk.workflow.navigation import State

GOOD, ADA, RHEA = "seven green ladders swim", "adas own four words", "rheas own four words"
LEFT, RETURN = Qt.MouseButton.LeftButton, Qt.Key.Key_Return
VALUES: dict[str, object] = {"project": "Study", "purpose": "Research on income", "use_case": "research"}
D = TypeVar("D", bound=QDialog)
POLICY = """format = "ppdesk-policy-1"
title = "Health office"
[limits]
k_min = { value = 10, basis = "own", sources = [{ title = "Rule 7", says = "Ten look alike." }] }
[approvals]
steps = ["objective"]
"""


def shown(bot: QtBot, kind: type[D]) -> D:
    bot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=20_000)
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def write(bot: QtBot, field: QLineEdit, words: str) -> None:
    field.clear()
    bot.keyClicks(field, words)


def make_key(desk: Desk, name: str, passphrase: str) -> tuple[str, Path]:
    """(fingerprint, certificate) of a key that lies on this computer."""
    made = signers.new_signer(desk.home, desk.mode, name, passphrase)
    place = desk.home / f"{name}.pem"
    place.write_bytes(made.certificate_pem)
    return made.fingerprint, place


@pytest.fixture
def ada(window: MainWindow, settled: Callable[[], None], desk: Desk, tmp_path: Path) -> str:
    """Ada's fingerprint; her key is unlocked, and a project is open."""
    window.project.create(tmp_path / "study.ppdesk", GOOD)
    settled()
    shown_print, _ = make_key(desk, "Ada Analyst", ADA)
    window.project.keys.unlock("Ada Analyst", ADA, done=lambda: None, failed=window.project.not_opened.emit)
    settled()
    assert window.project.signer == "Ada Analyst"
    return shown_print


@pytest.fixture
def policy(
    window: MainWindow, settled: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "policy.toml"
    place.write_text(POLICY, encoding="utf-8")
    monkeypatch.setenv("PPDESK_POLICY", str(place))
    window.project.look_at_policy()
    settled()


@pytest.fixture
def policy_and_ada(policy: None, ada: str) -> str:
    """A policy in force before Ada's project was made."""
    return ada


def test_the_history_says_whether_it_is_whole_and_shows_each_event(
    qtbot: QtBot, window: MainWindow, in_front: Callable[[], None], settled: Callable[[], None], ada: str
) -> None:
    window.run("objective", VALUES)
    settled()
    window.errands.sign()
    settled()
    in_front()
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    page = window.history
    assert page is not None
    qtbot.waitUntil(lambda: page.verdict is not None, timeout=20_000)
    settled()
    assert "The history is whole. 3 events, every link checked; signed up to event 2." in page.card.said[0]
    assert ada in page.card.said[1]
    # by keys: down the timeline, the event beside it
    page.table.setFocus()
    page.table.choose(1)
    assert page.pane.shown == 1
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.pane.shown == 2
    # by words
    page.search.setFocus()
    qtbot.keyClicks(page.search, "signed")
    qtbot.waitUntil(lambda: [line.seq for line in page.table.lines] == [3])
    assert window.status._history[1].text() == "History intact, checked"
    # a new event is checked again
    page.search.clear()
    window.errands.sign()
    settled()
    qtbot.waitUntil(lambda: "4 events" in page.card.said[0], timeout=20_000)


def test_a_key_is_trusted_only_with_the_fingerprint_that_its_holder_told(
    qtbot: QtBot,
    window: MainWindow,
    *,
    in_front: Callable[[], None],
    settled: Callable[[], None],
    ada: str,
    desk: Desk,
) -> None:
    rhea, certificate = make_key(desk, "Rhea Reviewer", RHEA)
    in_front()
    qtbot.keyClick(
        window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    people = shown(qtbot, PeopleDialog)
    settled()
    assert people.keys.view is not None
    people.tabs.setCurrentWidget(people.trust)
    people._add_trust()
    trust = shown(qtbot, TrustDialog)
    trust.file.put(str(certificate))
    qtbot.waitUntil(lambda: trust.met is not None)
    write(qtbot, trust.compared, ada)
    qtbot.keyClick(trust.compared, RETURN)
    qtbot.waitUntil(lambda: bool(trust.said))
    write(qtbot, trust.compared, rhea.lower().replace(" ", ""))
    qtbot.keyClick(trust.compared, RETURN)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is people, timeout=20_000)
    settled()
    assert [one.fingerprint for one in people._trusted] == [rhea]
    people.reject()


def test_two_people_agree_on_a_run(
    qtbot: QtBot,
    window: MainWindow,
    *,
    in_front: Callable[[], None],
    settled: Callable[[], None],
    policy_and_ada: str,
    desk: Desk,
) -> None:
    rhea, certificate = make_key(desk, "Rhea Reviewer", RHEA)
    # Ada signs first, so she is on record, and gives Rhea a role
    window.errands.sign()
    settled()
    people = PeopleDialog(window, window.project, window.signing)
    people.open()
    people._add_person()
    add = shown(qtbot, AddPersonDialog)
    add.file.put(str(certificate))
    write(qtbot, add.compared, rhea)
    qtbot.mouseClick(add.accept_button, LEFT)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is people, timeout=20_000)
    settled()
    assert [(one.name, one.role) for one in people._people][-1] == ("Rhea Reviewer", "reviewer")
    people.reject()
    # the page says that it takes two, and asks
    window.show_step("objective")
    page = window.page
    assert page is not None
    page.form.put(VALUES)
    page.form.changed.emit()
    primary = page.bar.primary
    qtbot.waitUntil(
        lambda: primary.accessibleName() == "Ask for approval" and primary.isEnabled(), timeout=20_000
    )
    in_front()
    qtbot.keyClick(window, RETURN, Qt.KeyboardModifier.ControlModifier)
    project = window.project
    qtbot.waitUntil(lambda: bool(project.snapshot and project.snapshot.open_requests()), timeout=20_000)
    qtbot.waitUntil(lambda: not primary.isEnabled() and "second person" in primary.toolTip(), timeout=20_000)
    # Rhea looks at it in the history and approves with her own key
    window.show_history()
    settled()
    history = window.history
    assert history is not None
    (link,) = [link for said, link in history.card.links.items() if "asks to run" in said]
    qtbot.mouseClick(link, LEFT)
    answer = shown(qtbot, AnswerDialog)
    assert answer.who.count() == 1, "who asked cannot answer"
    write(qtbot, answer.secret, "not her passphrase")
    qtbot.mouseClick(answer.accept_button, LEFT)
    qtbot.waitUntil(lambda: bool(answer.said), timeout=20_000)
    write(qtbot, answer.secret, RHEA)
    qtbot.mouseClick(answer.accept_button, LEFT)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=20_000)
    settled()
    assert project.signer == "Ada Analyst"
    # and Ada runs it
    window.show_step("objective")
    qtbot.waitUntil(
        lambda: primary.isEnabled() and primary.accessibleName() == "Save objective", timeout=20_000
    )
    qtbot.mouseClick(primary, LEFT)
    settled()
    assert project.snapshot is not None
    assert project.snapshot.place("objective").state is State.DONE
    assert [one.state for one in project.snapshot.requests] == ["used"]


def test_the_standard_page_is_held_to_the_policy(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], policy: None, tmp_path: Path
) -> None:
    window.project.create(tmp_path / "held.ppdesk", GOOD)
    settled()
    window.show_step("standard")
    settled()
    page = window.page
    assert page is not None
    row = page.form.rows["k_min"]
    assert "Policy: at least 10" in row.editor.widget.accessibleDescription()
    qtbot.waitUntil(lambda: "weaker" in row.said, timeout=20_000)
    page._take_policy()
    assert page.form.values()["k_min"] == 10
    qtbot.waitUntil(page.bar.primary.isEnabled, timeout=20_000)
    assert "Policy: at least 10" in row.said


def test_the_policy_can_be_read(qtbot: QtBot, window: MainWindow, policy: None) -> None:
    window.menus.actions["Machine policy..."].trigger()
    dialog = shown(qtbot, PolicyDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_an_auditors_copy_opens_with_its_band_and_the_history_first(
    qtbot: QtBot, window: MainWindow, settled: Callable[[], None], ada: str, tmp_path: Path
) -> None:
    window.run("objective", VALUES)
    settled()
    window.run(
        "handover", {"to": str(tmp_path / "audit.ppdesk"), "recipient": "R"}, secret="copy words of three"
    )
    settled()
    window.project.close()
    settled()
    window.unlock(tmp_path / "audit.ppdesk", "copy words of three")
    qtbot.waitUntil(lambda: window.auditing.is_open, timeout=20_000)
    screen = window.auditing.screen
    assert screen is not None
    assert "auditor's copy" in screen.band.said
    assert "Sealed by Ada Analyst" in screen.band.said
    assert any("The history is whole." in one for one in screen.summary.judged.said)
    assert window.page is None, "the summary first"
    window.show_step("objective")
    settled()
    assert window.page is not None
    assert not window.page.bar.secondary.isEnabled()
