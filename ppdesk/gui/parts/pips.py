"""Level pips: one dot for each level of a hierarchy on a line, a large one on the level in use."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from ppdesk.gui.language import tr
from ppdesk.gui.look import color

_STEP, _SMALL, _LARGE = 12, 2.5, 5.0  # px
_MOST = 12  # dots; a taller hierarchy is drawn closer


class LevelPips(QSlider):
    """Level 0 keeps every value, the last one nothing. A slider, for a screen reader too: Left and Right, a
    click on a dot, or dragging change it; `valueChanged` says so. The wheel scrolls the page instead."""

    def __init__(self, name: str = "", *, fixed: bool = False) -> None:
        """`fixed`: it only shows."""
        super().__init__(Qt.Orientation.Horizontal)
        self._name, self._fixed = name, fixed
        self.setPageStep(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
        if not fixed:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.valueChanged.connect(lambda _level: self._say())
        self.put(0, 1)

    def put(self, level: int, levels: int) -> None:
        """Show `level` without telling. `levels` counts all, so the highest is `levels` - 1."""
        self.blockSignals(True)
        self.setRange(0, max(1, levels) - 1)
        self.setValue(level)
        self.blockSignals(False)
        self._say()
        self.updateGeometry()

    def _say(self) -> None:
        of = tr("level {level} of {highest}", level=self.value(), highest=self.maximum())
        self.setAccessibleName(f"{self._name}: {of}" if self._name else of)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(min(self.maximum() + 1, _MOST) * _STEP + 2), 20 if not self._fixed else 14)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def place(self, level: int) -> QPointF:
        """The middle of a dot."""
        room = self.width() - 2 * _LARGE - 2
        away = room * level / self.maximum() if self.maximum() else 0.0
        return QPointF(_LARGE + 1 + away, self.height() / 2)

    def _to(self, event: QMouseEvent) -> None:
        if not self._fixed:
            levels = range(self.maximum() + 1)
            self.setValue(min(levels, key=lambda one: abs(self.place(one).x() - event.position().x())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._to(event)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """The press has done it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        painter.setPen(QPen(color("edge" if on else "line"), 1))
        painter.drawLine(self.place(0), self.place(self.maximum()))
        painter.setBrush(color("surface"))
        for level in range(self.maximum() + 1):
            painter.drawEllipse(self.place(level), _SMALL, _SMALL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent" if on else "disabled"))
        painter.drawEllipse(self.place(self.value()), _LARGE, _LARGE)
