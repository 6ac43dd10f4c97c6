"""Level pips: one dot for each level of a hierarchy on a line, a large one on the level in use."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.gui.look import color

_STEP, _SMALL, _LARGE = 12, 2.5, 5.0  # px
_MOST = 12  # dots; a taller hierarchy is drawn closer


class LevelPips(QWidget):
    """Level 0 keeps every value, the last one nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._level, self._levels = 0, 1
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def put(self, level: int, levels: int) -> None:
        """`levels` counts all, so the highest is `levels` - 1."""
        self._level, self._levels = level, max(1, levels)
        self.setAccessibleName(f"level {level} of {levels - 1}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(min(self._levels, _MOST) * _STEP + 2), 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, last = self.height() / 2, self._levels - 1
        room = self.width() - 2 * _LARGE - 2

        def at(level: int) -> QPointF:
            return QPointF(_LARGE + 1 + (room * level / last if last else 0), middle)

        painter.setPen(QPen(color("edge"), 1))
        painter.drawLine(at(0), at(last))
        painter.setBrush(color("surface"))
        for level in range(self._levels):
            painter.drawEllipse(at(level), _SMALL, _SMALL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent"))
        painter.drawEllipse(at(self._level), _LARGE, _LARGE)
