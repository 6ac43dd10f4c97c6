"""A button of one icon, for what is said by a tooltip and an accessible name."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import key_words
from ppdesk.gui.look import RADIUS, color
from ppdesk.gui.parts.hovering import HoveringButton

_SIDE = 28  # px


class IconButton(HoveringButton):
    """28 px square, no border."""

    def __init__(self, icon: str, words: str, keys: str = "") -> None:
        """`keys` is the shortcut that does the same, told in the tooltip."""
        super().__init__()
        self._icon, self._keys = icon, keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.say(words)

    def say(self, words: str) -> None:
        """What it does, for the tooltip and for a screen reader."""
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({key_words(self._keys)})" if self._keys else words)

    def put(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        if on and (self.isDown() or self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("pressed" if self.isDown() else "hover"))
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        place = QRectF((self.width() - 16) / 2, (self.height() - 16) / 2, 16, 16)
        draw_icon(painter, self._icon, place, color("text2" if on else "disabled"))
