"""Pictures of auditor mode, and of the dialogs of every day: settings, keys, help, a tree."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QDialog
from screenshots_camera import PASSPHRASE, Camera, settle, wait

from ppdesk.gui.auditor.rail import ROWS
from ppdesk.gui.dialogs.about import ShortcutsDialog
from ppdesk.gui.dialogs.settings import SettingsDialog
from ppdesk.gui.habits.crashing import CrashDialog
from ppdesk.gui.habits.locking import LockingDialog
from ppdesk.gui.help.window import HelpWindow
from ppdesk.gui.trees.editor import HierarchyEditor

if TYPE_CHECKING:
    from ppdesk.gui.window import MainWindow


def copy(window: "MainWindow", camera: Camera, folder: Path) -> None:
    """The auditor's copy on each page of auditor mode, and a step of it."""
    project, auditing = window.project, window.auditing
    project.open(next(folder.glob("*-audit.ppdesk")), "four words for the copy")
    wait(lambda: auditing.is_open and project.idle)
    for name in ROWS:
        auditing.show_page(name)
        wait(lambda: project.idle)
        camera.take(window, f"auditor-{name}")
    project.close()
    wait(lambda: project.idle and project.snapshot is None)


def other_sources(window: "MainWindow", camera: Camera, folder: Path) -> None:
    """A signed report, and a project with a byte that was changed."""
    project, auditing = window.project, window.auditing
    report = folder / "adult-dpia.pdf"  # the last that the sample signs
    for name, file, words in (
        ("report", report, ""),
        ("project", folder / "adult-release.ppdesk", PASSPHRASE),
    ):
        auditing.open(file, words)
        wait(lambda: auditing.is_open and project.idle)
        camera.take(window, f"auditor-of-{name}")
        project.close()
        wait(lambda: project.idle and not auditing.is_open)


def dialogs(window: "MainWindow", camera: Camera) -> None:
    """What stands over an open project."""
    shown: list[tuple[str, QDialog]] = [
        ("settings", SettingsDialog(window, window.project.desk, window.project.policy)),
        ("keys-overview", ShortcutsDialog(window)),
        ("crash", CrashDialog(window, "ppdesk 0.1.0\nValueError at pages/step.py:1", None)),
        ("locking", LockingDialog(window, 15)),
    ]
    for name, dialog in shown:
        dialog.open()
        settle()
        camera.take(dialog, f"dialog-{name}")
        dialog.reject()
    window.show_step("anonymize")
    wait(lambda: window.project.idle)
    window.errands.help(window.page.step if window.page is not None else None)
    helps = [one for one in QApplication.topLevelWidgets() if isinstance(one, HelpWindow)]
    settle()
    camera.take(helps[0], "help")
    helps[0].close()
    pane = window.page.pane if window.page is not None else None
    assert pane is not None
    pane.trees.edit_declared(window, "age", lambda: None)  # type: ignore[attr-defined]  # of this page's pane
    wait(lambda: bool(_editors()) and window.project.idle)
    camera.take(_editors()[0], "dialog-hierarchy")
    _editors()[0].reject()


def _editors() -> list[HierarchyEditor]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, HierarchyEditor)]
