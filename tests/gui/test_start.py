"""Starting: light, with the guard before all else, and a way in for what is dropped or named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ppdesk.gui.desk import Desk, Recent
from ppdesk.gui.dialogs.keys import UnlockDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.window import MainWindow

HEAVY = (
    "sklearn",
    "pandas",
    "numba",
    "matplotlib",
    "scipy",
    "numpy",
    "pyarrow",
    "torch",
    "onnx",
    "reportlab",
)

_SHOW = """
import sys
from ppdesk import guard
guard.install()
from PySide6.QtWidgets import QApplication
from ppdesk.gui.app import make_window
from ppdesk.gui.desk import Desk
from ppdesk.gui.look import Look
app = QApplication([])
Look(app)
window = make_window(Desk.of_this_person())
window.show()
app.processEvents()
print(guard.state().hook, sorted({name.partition(".")[0] for name in sys.modules} & set(sys.argv[1:])))
window.close()
"""


def test_the_window_is_up_without_heavy_libraries(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PPDESK_HOME": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", _SHOW, *HEAVY], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "True []"


@pytest.mark.parametrize(("name", "kind"), [("a.ppdesk", UnlockDialog), ("a.PDF", VerifyDialog)])
def test_a_file_that_is_dropped_leads_to_its_dialog(
    qtbot: QtBot, window: MainWindow, name: str, kind: type[UnlockDialog] | type[VerifyDialog]
) -> None:
    window.start.open_asked.emit(f"/nowhere/{name}")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    assert dialog.file.value() == f"/nowhere/{name}"
    dialog.reject()


def test_a_recent_project_that_is_gone_says_so(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    desk.remember(Recent("/nowhere/gone.ppdesk", "Train: ready to run", "todo", "In progress", "2026-01-01"))
    window.show_start()
    row = window.start.recent.rows[0]
    assert row.accessibleName() == "Open gone: Train: ready to run, Not found"
