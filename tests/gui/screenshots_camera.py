"""The camera: waits until a screen is at rest, and takes it in both themes."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from ppdesk.gui.gradual import at_rest
from ppdesk.gui.look import Look, Theme
from ppdesk.gui.results import PlotView

PASSPHRASE = "a passphrase for pictures only"


def wait(true: Callable[[], bool], seconds: float = 120.0) -> None:
    """Let the event loop run until `true`."""
    deadline = QDeadlineTimer(int(seconds * 1000))
    while not true():
        if deadline.hasExpired():
            raise TimeoutError
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def settle() -> None:
    """Let layouts come to rest: each asks the one around it in a later round of the event loop."""
    rest = QDeadlineTimer(250)
    wait(rest.hasExpired)


class Camera:
    """Takes pictures of a window in both themes."""

    def __init__(self, out: Path, look: Look, only: str, themes: Sequence[Theme]) -> None:
        self._out, self._look, self._only, self._themes = out, look, only, themes
        self._scale = os.environ.get("QT_SCALE_FACTOR", "1")

    def take(self, shown: QWidget, name: str) -> None:
        if self._only and self._only not in name:
            return
        for theme in self._themes:
            self._look.choose(theme)
            wait(lambda: at_rest(shown))
            plots = [plot for plot in shown.findChildren(PlotView) if plot.isVisible()]
            wait(lambda plots=plots: all(plot.current for plot in plots))
            settle()
            shown.grab().save(str(self._out / f"{name}-{theme}-{self._scale}x.png"))
        self._look.choose("light")

    def freeze(self, shown: QWidget, name: str, *, at_once: bool = False) -> None:
        """One picture of what moves, as it is now. `at_once`: of what may be gone in the next turn."""
        if self._only in name:
            if not at_once:
                wait(lambda: at_rest(shown))
                settle()
            shown.grab().save(str(self._out / f"{name}-light-{self._scale}x.png"))
