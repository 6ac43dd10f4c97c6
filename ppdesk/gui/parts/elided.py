"""A tooltip with the words that a control has no room for."""

from typing import Protocol

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget


class Eliding(Protocol):
    """A control that knows whether it shows all of its words."""

    @property
    def elides(self) -> bool:
        """Whether there is no room for all of them."""
        ...

    def toolTip(self) -> str: ...


def tell_elided(control: Eliding, event: QEvent, words: str) -> bool:
    """Show all `words`, before what the tooltip says anyway, where `event` asks for it and they are cut."""
    if event.type() != QEvent.Type.ToolTip or not isinstance(event, QHelpEvent) or not control.elides:
        return False
    assert isinstance(control, QWidget)  # noqa: S101  whoever gets such an event
    QToolTip.showText(event.globalPos(), "\n".join(filter(None, (words, control.toolTip()))), control)
    return True
