"""A slider whose steps are ratios, for amounts that span powers of ten."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from ppdesk.gui.language import number, tr
from ppdesk.gui.look import color, font

_STEPS = 20  # of a power of ten
_SIDE, _MIDDLE = 9, 12  # px: room for half the knob, height of the track's middle


class LogSlider(QAbstractSlider):
    """From `low` to `high`. The wheel does not move it: who scrolls the page must not change a guarantee."""

    moved = Signal(float)  # by a person

    def __init__(self, name: str, low: float, high: float, marks: Sequence[float]) -> None:
        super().__init__()
        self._low, self._marks = low, marks
        self._exact = low
        self._limit: float | None = None
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, round(_STEPS * math.log10(high / low)))
        self.setPageStep(_STEPS // 4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.valueChanged.connect(self._stepped)

    def put(self, amount: float) -> None:
        """Show `amount` without telling; what lies outside stands at the end."""
        self._exact = amount
        place = round(_STEPS * math.log10(amount / self._low)) if amount > 0 else 0
        self.blockSignals(True)
        self.setValue(place)
        self.blockSignals(False)
        self._describe()
        self.update()

    def put_limit(self, limit: float | None) -> None:
        """Where the highest amount that is allowed is marked."""
        self._limit = limit
        self._describe()
        self.update()

    def _describe(self) -> None:
        if self._limit is None:
            self.setAccessibleDescription(number(self._exact, "g"))
        else:
            words = tr("{amount:g}, at most {limit:g}", amount=self._exact, limit=self._limit)
            self.setAccessibleDescription(words)

    def _stepped(self, place: int) -> None:
        self._exact = float(f"{self._low * 10 ** (place / _STEPS):.2g}")
        self._describe()
        self.update()
        self.moved.emit(self._exact)

    def _x(self, amount: float) -> float:
        span = self.maximum() / _STEPS
        share = math.log10(max(amount, self._low) / self._low) / span
        return _SIDE + min(1.0, share) * (self.width() - 2 * _SIDE)

    def sizeHint(self) -> QSize:
        return QSize(160, 38)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 38)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            share = (event.position().x() - _SIDE) / max(1, self.width() - 2 * _SIDE)
            self.setValue(round(share * self.maximum()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        left, right, here = _SIDE, self.width() - _SIDE, self._x(self._exact)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("edge" if on else "line"))
        painter.drawRoundedRect(QRectF(left, _MIDDLE - 2, right - left, 4), 2, 2)
        painter.setBrush(color("accent" if on else "disabled"))
        painter.drawRoundedRect(QRectF(left, _MIDDLE - 2, here - left, 4), 2, 2)
        self._draw_marks(painter)
        if self._limit is not None:
            painter.fillRect(QRectF(self._x(self._limit) - 1, _MIDDLE - 7, 2, 14), color("text"))
        painter.setBrush(color("surface"))
        painter.setPen(QPen(color("accent" if on else "disabled"), 2))
        painter.drawEllipse(QPointF(here, _MIDDLE), 7, 7)

    def _draw_marks(self, painter: QPainter) -> None:
        face = font("key")
        painter.setFont(face)
        for mark in self._marks:
            x, words = self._x(mark), number(mark, "g")
            painter.setPen(QPen(color("edge"), 1))
            painter.drawLine(QPointF(x, _MIDDLE + 6), QPointF(x, _MIDDLE + 10))
            painter.setPen(color("text3" if self.isEnabled() else "disabled"))
            wide = QFontMetrics(face).horizontalAdvance(words)
            at = min(max(0.0, x - wide / 2), self.width() - wide)
            painter.drawText(QRectF(at, _MIDDLE + 11, wide + 2, 15), Qt.AlignmentFlag.AlignLeft, words)
