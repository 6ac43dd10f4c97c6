"""Every screen as a picture: the whole sample is run in the window, light and dark, at one and two times.

    make screenshots                    # into resources/docs/screens
    python tests/gui/screenshots.py --out /tmp/screens --only train --size 1280x720

The project is made in test mode, so the pictures show the same hashes and numbers each time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QDialog

from ppdesk import guard
from ppdesk.core.mode import Mode
from ppdesk.gui.app import make_window
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.about import AboutDialog
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.dialogs.keys import NewProjectDialog, SignerDialog, UnlockDialog
from ppdesk.gui.dialogs.show import LedgerDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.errors import NoProjectError
from ppdesk.gui.look import Look
from ppdesk.gui.window import SAMPLE, MainWindow
from ppdesk.store.errors import WrongPassphraseError

sys.path.insert(0, str(Path(__file__).parent))

import screenshots_auditor as auditor
import screenshots_cleaning as cleaning
import screenshots_data as data
import screenshots_record as record
from screenshots_camera import PASSPHRASE, Camera, wait


def _walk(window: MainWindow, camera: Camera, folder: Path) -> None:
    camera.take(window, "start")
    project = window.project
    project.load_recipe(SAMPLE, lambda: project.create(folder / "adult-release.ppdesk", PASSPHRASE))
    wait(lambda: window.page is not None and project.idle)
    known: list[bool] = []
    project.keys.make(
        "Sample analyst",
        PASSPHRASE,
        done=lambda: known.append(True),
        failed=lambda _e: known.append(False),
    )
    wait(lambda: bool(known))
    assert project.snapshot is not None
    for place in project.snapshot.places:
        window.show_step(place.key)
        page = window.page
        assert page is not None
        wait(lambda: project.idle)
        camera.take(window, f"{place.key}-before")
        if page.form.first_wrong():
            sys.stdout.write(f"{place.key}: {page.form.first_wrong()}\n")
            continue
        if place.key == "handover":
            window.run(place.key, page.form.values(), secret="four words for the copy")
        else:
            page.run()
        if place.key == "train":
            wait(lambda: window.share > 0)
            camera.freeze(window, "train-running")
            window.stopping.ask()
            if window.stopping.dialog is not None:
                camera.freeze(window.stopping.dialog, "dialog-stop", at_once=True)
            window.stopping.over()
        if place.key == "audit":
            wait(lambda: window.share > 0)
            camera.freeze(window, "audit-running")
        wait(lambda: not project.running and project.idle)
        camera.take(window, place.key)
    record.history(window, camera)
    _dialogs(window, camera, folder)
    record.dialogs(window, camera, folder)
    auditor.dialogs(window, camera)
    project.close()
    wait(lambda: window.page is None and window.history is None)
    camera.take(window, "start-recent")
    auditor.copy(window, camera, folder)
    auditor.other_sources(window, camera, folder)
    record.damaged(window, camera, folder)
    record.under_policy(window, camera, folder)
    # last: in test mode a new project has the number of the one before, and what follows would fork
    data.coming_in(window, camera, folder)
    cleaning.messy(window, camera, folder)


def _dialogs(window: MainWindow, camera: Camera, folder: Path) -> None:
    """Each dialog by itself."""
    error = ErrorDialog(window, NoProjectError())
    unlock = UnlockDialog(window, str(folder / "adult-release.ppdesk"))
    unlock.say_error(WrongPassphraseError(file="adult-release.ppdesk"))
    budget = window.project.snapshot.budget if window.project.snapshot else None
    assert budget is not None
    verify = VerifyDialog(window, window.project.bench, str(folder / "adult-dpia.pdf"))
    shown: list[tuple[str, QDialog]] = [
        ("new", NewProjectDialog(window, folder, window.project.judge, "adult-sample", sample=True)),
        ("unlock", unlock),
        (
            "signer",
            SignerDialog(window, "Report signs what it makes.", [], "Ada Analyst", window.project.judge),
        ),
        ("error", error),
        (
            "ask",
            AskDialog(window, "Replace the file?", "What stands in it now would be lost.", "Replace file"),
        ),
        ("ledger", LedgerDialog(window, budget)),
        ("about", AboutDialog(window, "Offline: no connection is possible")),
        ("verify", verify),
    ]
    for name, dialog in shown:
        dialog.open()
        wait(lambda: window.project.idle)
        camera.take(dialog, f"dialog-{name}")
        dialog.reject()


def _each_scale(scales: Sequence[str]) -> int:
    """Qt reads its scale once, when it starts: one process for each."""
    for scale in scales:
        command = [sys.executable, __file__, *sys.argv[1:], "--scales", scale]
        code = subprocess.run(command, env={**os.environ, "QT_SCALE_FACTOR": scale}, check=False).returncode
        if code:
            return code
    return 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path("resources/docs/screens"))
    parser.add_argument("--only", default="")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--scales", default="1,2")
    asked = parser.parse_args()
    scales = asked.scales.split(",")
    if len(scales) > 1 or os.environ.get("QT_SCALE_FACTOR") != scales[0]:
        return _each_scale(scales)
    guard.install()  # as the program does; the status bar says so
    asked.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    look = Look(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "home", "Sample analyst", Mode(test_seed=1))
        window = make_window(desk)
        wide, high = (int(part) for part in asked.size.split("x"))
        window.resize(wide, high)
        window.show()
        camera = Camera(asked.out, look, asked.only, asked.themes.split(","))
        try:
            _walk(window, camera, Path(folder))
        finally:
            window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
