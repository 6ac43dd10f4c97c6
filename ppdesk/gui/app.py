"""The window's way in. The network guard is installed before this is imported."""

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ppdesk import guard
from ppdesk.core.exits import Exit
from ppdesk.gui.desk import Desk, text_size
from ppdesk.gui.habits import place
from ppdesk.gui.language import SYSTEM, choose_language
from ppdesk.gui.look import THEMES, Look
from ppdesk.gui.opener import Opener
from ppdesk.gui.project import Project
from ppdesk.gui.warming import names, warm
from ppdesk.gui.window import MainWindow


def make_window(desk: Desk, opener: Opener | None = None) -> MainWindow:
    """The window on the start screen, as this person left it."""
    project = Project(desk, opener)
    window = MainWindow(desk, project, guard.state().short)
    place.put_back(window, desk)
    return window


def main(argv: list[str]) -> int:
    """Show the window until it is closed. Returns the exit code."""
    asked = _arguments(argv)
    QGuiApplication.setApplicationName("ppdesk")
    QGuiApplication.setDesktopFileName("ppdesk")
    desk = Desk.of_this_person()
    size = text_size(desk)
    if size != 100:  # Qt reads it once, before the first window; what the system scales by is multiplied
        os.environ.setdefault("QT_SCALE_FACTOR", f"{size / 100:.2f}")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101  nothing else makes one
    choose_language(desk.get("language", SYSTEM))
    theme = desk.get("theme", "system")
    Look(app, next((one for one in THEMES if one == theme), "system"))
    window = make_window(desk)
    window.habits.begin()
    window.show()
    QTimer.singleShot(0, lambda: warm(names()))
    if asked.project is not None:
        _open(window, asked.project.absolute(), asked.passphrase_file)
    return int(app.exec())


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ppdesk-gui", description="The window of ppdesk.")
    parser.add_argument(
        "project", type=Path, nargs="?", help="a .ppdesk file to open, or a signed PDF to verify"
    )
    parser.add_argument("--passphrase-file", type=Path, help="a file whose first line is the passphrase")
    return parser.parse_args(argv)


def _open(window: MainWindow, project: Path, passphrase_file: Path | None) -> None:
    if passphrase_file is None:
        window.open_path(str(project))
        return
    try:
        lines = passphrase_file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        sys.stderr.write(f"The passphrase file cannot be read: {error.strerror}\n")
        raise SystemExit(int(Exit.BAD_INPUT)) from None
    window.unlock(project, lines[0] if lines else "")
