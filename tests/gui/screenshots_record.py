"""Pictures of the record: history, people and keys, four eyes, policy, read-only and damaged projects."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QDialog
from screenshots_camera import PASSPHRASE, Camera, settle, wait

from ppdesk.gui.dialogs.approval import AnswerDialog, about_request
from ppdesk.gui.dialogs.care import BrokenFileDialog, CheckDialog, RepairDialog, VerdictDialog
from ppdesk.gui.dialogs.certificates import TrustDialog
from ppdesk.gui.dialogs.closing import SignOnCloseDialog
from ppdesk.gui.dialogs.keys import ChangePassphraseDialog, CopyPassphraseDialog
from ppdesk.gui.dialogs.new_keys import ImportKeyDialog, NewKeyDialog, TokenDialog
from ppdesk.gui.dialogs.people import PeopleDialog
from ppdesk.gui.dialogs.policy import PolicyDialog
from ppdesk.store.errors import BrokenChainError

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow

_POLICY = """format = "ppdesk-policy-1"
title = "Health office"
contact = "it@health.example"
[limits]
k_min = { value = 10, basis = "own", sources = [{ title = "Rule 7", says = "Ten look alike." }] }
epsilon_max = { value = 2.0, basis = "own", sources = [{ title = "Rule 8", says = "Two for a project." }] }
[approvals]
steps = ["objective"]
[passphrases]
least_characters = 14
least_score = 3
keyring = false
"""


def history(window: "MainWindow", camera: Camera) -> None:
    """The timeline, an event chosen, the search."""
    window.show_history()
    page = window.history
    assert page is not None
    wait(lambda: page.verdict is not None and window.project.idle)
    camera.take(window, "history")
    trained = next(one for one in page.table.lines if one.step == "train")
    page.table.choose(trained.seq)
    camera.take(window, "history-event")
    page.kind.put("all")
    page.search.setText("signed")
    settle()
    camera.take(window, "history-search")
    page.search.clear()


def dialogs(window: "MainWindow", camera: Camera, folder: Path) -> None:
    """Each dialog about keys, people and the file by itself."""
    project = window.project
    change = ChangePassphraseDialog(window, "adult-release", project.judge)
    change.fields.first.setText("four words")
    trust = TrustDialog(window, project, lambda: None)
    pem = next(one for one in project.desk.home.rglob("*.pem") if "key" not in one.name)
    trust.file.put(str(pem))
    trust.compared.setText("ab12cd34ef56")
    shown: list[tuple[str, QDialog]] = [
        ("change-passphrase", change),
        ("copy-passphrase", CopyPassphraseDialog(window, "adult-release", project.judge)),
        ("people", PeopleDialog(window, project, window.signing)),
        ("new-key", NewKeyDialog(window, project, lambda: None)),
        ("import-key", ImportKeyDialog(window, project, lambda: None)),
        ("token", TokenDialog(window, project, lambda: None)),
        ("trust", trust),
        ("sign-on-close", SignOnCloseDialog(window, "Events 3 to 9 are not yet signed")),
        ("policy-none", PolicyDialog(window, project.policy, None)),
        ("broken", BrokenFileDialog(window, BrokenChainError(seq=5, file="adult-release.ppdesk"))),
        ("repair", RepairDialog(window, project, folder / "adult-release.ppdesk", PASSPHRASE)),
    ]
    for name, dialog in shown:
        dialog.open()
        settle()
        wait(lambda: project.idle)
        camera.take(dialog, f"dialog-{name}")
        dialog.reject()
    window.errands.check()
    _modal(window, camera, CheckDialog, "dialog-check")


def _modal(window: "MainWindow", camera: Camera, kind: type[QDialog], name: str) -> None:
    wait(lambda: isinstance(QApplication.activeModalWidget(), kind))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    wait(lambda: window.project.idle)
    camera.take(dialog, name)
    dialog.reject()


def damaged(window: "MainWindow", camera: Camera, folder: Path) -> None:
    """What still holds of a file whose end is gone."""
    whole = folder / "adult-release.ppdesk"
    cut = folder / "damaged.ppdesk"
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    cut.write_bytes(data)
    window.opening.look_at(whole, PASSPHRASE)
    _modal(window, camera, VerdictDialog, "dialog-verdict")
    dialog = RepairDialog(window, window.project, cut, PASSPHRASE)
    dialog.open()
    dialog.go()
    wait(lambda: window.project.idle)
    camera.take(dialog, "dialog-repaired")
    dialog.reject()


def under_policy(window: "MainWindow", camera: Camera, folder: Path) -> None:
    """A policy in force: what it says, an approval asked for and answered; and one that cannot be used."""
    project = window.project
    place = folder / "policy.toml"
    place.write_text(_POLICY, encoding="utf-8")
    os.environ["PPDESK_POLICY"] = str(place)
    project.look_at_policy()
    wait(lambda: project.policy.in_force)
    camera.take(window, "start-policy")
    project.create(folder / "under-policy.ppdesk", "seven unrelated green ladders")
    wait(lambda: window.page is not None and project.idle)
    window.show_step("standard")
    settle()
    wait(lambda: project.idle)
    camera.take(window, "policy-standard")
    policy = PolicyDialog(window, project.policy, None)
    policy.open()
    camera.take(policy, "dialog-policy")
    policy.reject()
    window.show_step("objective")
    page = window.page
    assert page is not None
    page.fill(
        {"project": "Adult", "purpose": "Research on income in census attributes", "use_case": "publication"}
    )
    page.form.changed.emit()
    settle()
    wait(lambda: project.idle)
    camera.take(window, "approval-wanted")
    known: list[bool] = []
    project.keys.unlock(
        "Sample analyst", PASSPHRASE, done=lambda: known.append(True), failed=lambda _e: known.append(False)
    )
    wait(lambda: bool(known))
    if not page.form.first_wrong():
        window.approving.ask("objective", page.form.values())
        wait(lambda: project.idle and bool(project.snapshot and project.snapshot.open_requests()))
        settle()
        wait(lambda: project.idle)
        camera.take(window, "approval-asked")
        window.show_history()
        wait(lambda: project.idle)
        camera.take(window, "approval-history")
        assert project.snapshot is not None
        answer = AnswerDialog(window, about_request(project.snapshot.open_requests()[0]), [])
        answer.open()
        camera.take(answer, "dialog-answer")
        answer.reject()
    project.close()
    wait(lambda: project.idle and project.snapshot is None)
    place.write_text("format = 3", encoding="utf-8")
    project.look_at_policy()
    wait(lambda: project.idle)
    settle()
    camera.take(window, "start-policy-broken")
    del os.environ["PPDESK_POLICY"]
