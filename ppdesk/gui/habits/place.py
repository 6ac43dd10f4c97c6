"""Where the window was: place, size, whether it filled the screen, and the open stages of the rail."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from ppdesk.gui.desk import Desk, text_size

SIZE, CORNER, FULL, STAGES = "size", "corner", "full", "stages"
_HEAD = 40  # px at the top, by which a window is moved


def put_back(window: QMainWindow, desk: Desk) -> None:
    """Show `window` where the person left it, as far as that is on a screen that is there."""
    screen = QGuiApplication.primaryScreen()
    if screen is not None and text_size(desk) > 100:  # all is larger: nothing may stand outside of the screen
        window.setMinimumSize(window.minimumSize().boundedTo(screen.availableSize()))
    size, corner = _pair(desk.get(SIZE)), _pair(desk.get(CORNER))
    if size is not None:
        window.resize(*size)
    if corner is not None:
        head = QRect(*corner, window.width(), _HEAD)
        if any(one.availableGeometry().intersects(head) for one in QGuiApplication.screens()):
            window.move(*corner)
    if desk.get(FULL) == "yes":
        window.setWindowState(window.windowState() | window.windowState().WindowMaximized)


def keep(window: QMainWindow, desk: Desk) -> None:
    """Note where `window` is; of one that fills the screen where it was before."""
    area = window.normalGeometry() if window.isMaximized() else window.geometry()
    desk.put(SIZE, f"{area.width()}x{area.height()}")
    desk.put(CORNER, f"{area.x()}x{area.y()}")
    desk.put(FULL, "yes" if window.isMaximized() else "no")


def open_stages(desk: Desk) -> frozenset[int]:
    """The stages, 1 to 7, that stood open in the rail."""
    return frozenset(int(one) for one in desk.get(STAGES).split() if one.isdigit() and 1 <= int(one) <= 7)


def keep_stages(desk: Desk, stages: frozenset[int]) -> None:
    """Note which stages stand open."""
    desk.put(STAGES, " ".join(str(one) for one in sorted(stages)))


def _pair(kept: str) -> tuple[int, int] | None:
    first, _, second = kept.partition("x")
    if not (first.removeprefix("-").isdecimal() and second.removeprefix("-").isdecimal()):
        return None
    return int(first), int(second)
