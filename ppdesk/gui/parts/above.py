"""What belongs to a window, found from a part inside of it."""

from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

T = TypeVar("T", bound=QObject)


def found_above(part: QWidget, kind: type[T]) -> T | None:
    """The `kind` that belongs to the window of `part`; a dialog's is that of the window below it."""
    around: QWidget | None = part.window()
    while around is not None:
        found = around.findChild(kind, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if found is not None:
            return found
        below = around.parentWidget()
        around = below.window() if below is not None else None
    return None
