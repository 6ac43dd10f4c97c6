"""Privacy used by step: what was spent so far, what is still to be spent, and what is reserved."""

from bisect import bisect_left

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.gui.language import marked, number, tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.axis import ticks, worded
from ppdesk.gui.saving import offer_drawing

Points = tuple[tuple[int, float], ...]  # (step, epsilon spent up to it), ascending

_FOOT, _TITLE, _TOP, _LEFT, _RIGHT, _LOW, _HIGH = 22, 20, 18, 22, 14, 190, 300  # px


def used_by(points: Points, step: int) -> float:
    """What was spent up to `step`, at most: that of the next point of the line."""
    if step <= 0:
        return 0.0
    place = bisect_left([at for at, _ in points], step)
    return points[min(place, len(points) - 1)][1]


class StepCurve(QWidget):
    """Drawn by the window itself: the process that draws figures is busy with the run."""

    def __init__(self) -> None:
        super().__init__()
        self._points: Points = ()
        self._reserved, self._step = 0.0, 0
        self.setMinimumHeight(_LOW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Privacy used by step"))
        offer_drawing(self, tr("Privacy used by step"))

    def put(self, points: Points, reserved: float) -> None:
        """The whole line, and the epsilon that is reserved."""
        self._points, self._reserved = points, reserved
        self.follow(self._step)

    def follow(self, step: int) -> None:
        """The last step that was done."""
        self._step = step
        if self._points:
            self.setAccessibleDescription(
                tr(
                    "Step {step:,} of {steps:,}: at most ε {used:.2f} used of {reserved:.2f} reserved",
                    step=step,
                    steps=self._points[-1][0],
                    used=used_by(self._points, step),
                    reserved=self._reserved,
                )
            )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _HIGH)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("caption"))
        up = ticks(0.0, self._reserved, 5)
        words = [marked(one) for one in worded(up)]
        left = _LEFT + max(QFontMetrics(font("caption")).horizontalAdvance(one) for one in words) + 8
        area = QRectF(left, _TOP, self.width() - left - _RIGHT, self.height() - _TOP - _FOOT - _TITLE)
        steps = self._points[-1][0]

        def at(step: float, epsilon: float) -> QPointF:
            return QPointF(
                area.left() + step / steps * area.width(), area.bottom() - epsilon / up[-1] * area.height()
            )

        for value, said in zip(up, words, strict=True):
            y = round(at(0, value).y()) + 0.5
            painter.setPen(QPen(color("grid" if value else "edge"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(color("text3"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(_LEFT, y - 9, left - _LEFT - 8, 18), side, said)
        self._across(painter, area, steps)
        end = at(steps, self._reserved)
        painter.setPen(QPen(color("c2"), 1.75, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left(), end.y()), end)
        painter.drawText(
            QRectF(area.left() + 6, end.y() - 18, area.width() - 6, 16),
            Qt.AlignmentFlag.AlignLeft,
            tr("reserved: {epsilon:.2f}", epsilon=self._reserved),
        )
        done = [at(0, 0.0), *(at(*one) for one in self._points if one[0] <= self._step)]
        rest = [done[-1], *(at(*one) for one in self._points if one[0] > self._step)]
        used = used_by(self._points, self._step)
        here = at(min(self._step, steps), used)
        painter.setPen(QPen(color("c0"), 1.25, Qt.PenStyle.DotLine))
        painter.drawPolyline([here, *rest[1:]] if self._step else rest)
        painter.setPen(QPen(color("c1"), 2.25))
        painter.drawPolyline([*done, here] if self._step else done)
        if self._step:
            self._mark(painter, here, used, area)

    def _mark(self, painter: QPainter, here: QPointF, used: float, area: QRectF) -> None:
        painter.setPen(QPen(color("surface"), 1))
        painter.setBrush(color("c1"))
        painter.drawEllipse(here, 5, 5)
        said = tr("{epsilon} used", epsilon=number(used, ".2f"))
        painter.setFont(font("head"))
        painter.setPen(color("text"))
        wide = QFontMetrics(font("head")).horizontalAdvance(said) + 4
        beside = min(here.x() + 10, area.right() - wide)
        below = min(here.y() + 6, area.bottom() - 20)
        painter.drawText(QRectF(beside, below, wide, 18), Qt.AlignmentFlag.AlignLeft, said)

    def _across(self, painter: QPainter, area: QRectF, steps: int) -> None:
        marks = [one for one in ticks(0.0, steps, 5) if one <= steps]
        painter.setPen(color("text3"))
        for value, said in zip(marks, map(marked, worded(marks)), strict=True):
            x = area.left() + value / steps * area.width()
            painter.drawText(QRectF(x - 40, area.bottom() + 6, 80, 16), Qt.AlignmentFlag.AlignCenter, said)
        painter.setPen(color("text2"))
        foot = QRectF(area.left(), self.height() - _TITLE, area.width(), _TITLE)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, tr("Step"))
        painter.save()
        painter.translate(_LEFT - 8, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-90, -9, 180, 18), Qt.AlignmentFlag.AlignCenter, tr("Privacy loss ε"))
        painter.restore()
