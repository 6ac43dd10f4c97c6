"""Tells that long work has ended while the window was not in front: by the tray, else by the task bar."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from ppdesk.gui.icons import app_icon
from ppdesk.gui.language import told, tr
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.gui.desk import Desk
    from ppdesk.gui.project import Project

SETTING = "notify"  # in window.json; "no" for never
LONG = 10.0  # seconds
_ALERT = 5_000  # ms that the task bar asks for attention


class Telling(QObject):
    """Follows the runs. The text names the step and nothing of its result."""

    def __init__(self, window: QWidget, project: "Project", desk: "Desk") -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._began = 0.0
        self._tray: QSystemTrayIcon | None = None
        project.run_started.connect(self._started)
        project.run_ended.connect(lambda key, _result: self.over(key, well=True))
        project.run_failed.connect(lambda key, _error: self.over(key, well=False))

    def _started(self, _key: str) -> None:
        self._began = time.monotonic()

    def over(self, key: str, *, well: bool) -> None:
        """The run of a step has ended."""
        long = time.monotonic() - self._began >= LONG
        if not long or self._desk.get(SETTING) == "no" or QApplication.activeWindow() is not None:
            return
        step = told(entry(key).load().title)
        self.tell(
            tr("{step} is done", step=step) if well else tr("{step} has ended and was not done", step=step)
        )

    def tell(self, words: str) -> None:
        """Say `words` outside of the window."""
        QApplication.alert(self._window, _ALERT)
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(app_icon(), self)
            self._tray.setToolTip("ppdesk")
            self._tray.activated.connect(lambda _reason: self._bring())
            self._tray.messageClicked.connect(self._bring)
        self._tray.show()
        self._tray.showMessage("ppdesk", words, app_icon())

    def _bring(self) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._tray is not None:
            self._tray.hide()
