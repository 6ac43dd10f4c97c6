"""Gauges: the budget, a run's progress, what epsilon means. Track with an edge, value, marks."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.core.wording import percent
from ppdesk.gui.language import tr
from ppdesk.gui.look import color
from ppdesk.privacy.words import sureness


def track(painter: QPainter, area: QRectF) -> QPainterPath:
    """Draw an empty track; its outline, to clip to and to close with `edge`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    painter.fillPath(path, color("surface"))
    return path


def edge(painter: QPainter, path: QPainterPath) -> None:
    """The border of a track, over what was drawn in it."""
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color("edge"), 1))
    painter.drawPath(path)


class BudgetGauge(QWidget):
    """Spent (solid), planned (hatched, with a tick where it would end), limit (the whole track)."""

    def __init__(self, *, height: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tall, self._spent, self._planned, self._limit = height, 0.0, 0.0, 0.0
        self.setFixedHeight(height + 5)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Privacy budget"))

    def sizeHint(self) -> QSize:
        return QSize(208, self._tall + 5)

    def put(self, spent: float, planned: float, limit: float) -> None:
        """All in epsilon; `limit` 0 is no limit yet."""
        self._spent, self._planned, self._limit = spent, planned, limit
        told_limit = (
            tr(
                "epsilon {spent:.2f} spent, {planned:.2f} planned of {limit:.2f}",
                spent=spent,
                planned=planned,
                limit=limit,
            )
            if limit
            else tr(
                "epsilon {spent:.2f} spent, {planned:.2f} planned, no limit set yet",
                spent=spent,
                planned=planned,
            )
        )
        self.setAccessibleDescription(told_limit)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(0, 0, self.width(), self._tall)
        path = track(painter, area)
        if self._limit > 0:
            self._fill(painter, area, path)
        edge(painter, path)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(color("edge"), 1))
        whole = int(self._limit) if 0 < self._limit <= 20 else 0
        for unit in range(whole + 1):
            x = min(self.width() - 1, round(unit / self._limit * (self.width() - 1))) if self._limit else 0
            painter.drawLine(x, self._tall + 1, x, self._tall + 4)

    def _fill(self, painter: QPainter, area: QRectF, path: QPainterPath) -> None:
        painter.setClipPath(path)
        spent = min(1.0, self._spent / self._limit) * area.width()
        end = min(1.0, (self._spent + self._planned) / self._limit) * area.width()
        over = self._spent + self._planned > self._limit + 1e-9
        if end > spent:
            hatched = QRectF(spent, 0, end - spent, area.height())
            painter.fillRect(hatched, color("risk_soft" if over else "accent_soft"))
            painter.save()
            painter.setClipRect(hatched, Qt.ClipOperation.IntersectClip)
            painter.setPen(QPen(color("risk" if over else "accent"), 1.25))
            x = -area.height()
            while x < area.width():
                painter.drawLine(QPointF(x, area.height()), QPointF(x + area.height(), 0))
                x += 5
            painter.restore()
        painter.fillRect(QRectF(0, 0, spent, area.height()), color("accent"))
        if end > spent:
            painter.fillRect(
                QRectF(max(0, end - 2), 0, 2, area.height()), color("risk" if over else "accent")
            )


class ProgressBar(QWidget):
    """A run's progress: a thin bar."""

    def __init__(self, width: int = 180, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedSize(width, 6)
        self.setAccessibleName(tr("Progress"))

    def put(self, share: float) -> None:
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleDescription(percent(self._share, 0))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        path = track(painter, area)
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, area.width() * self._share, area.height()), color("accent"))
        edge(painter, path)


class OddsBar(QWidget):
    """How sure an attacker was (grey) and can become at most (orange), as shares of a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = self._after = 0.0
        self.setFixedHeight(10)
        self.setMinimumWidth(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, before: float, after: float) -> None:
        self._before, self._after = before, after
        self.setAccessibleName(
            tr("from {before} to at most {after} sure", before=sureness(before), after=sureness(after))
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        path = track(painter, area)
        painter.setClipPath(path)
        before, after = self._before * area.width(), self._after * area.width()
        painter.fillRect(QRectF(0, 0, after, area.height()), color("c2"))
        painter.fillRect(QRectF(0, 0, before, area.height()), color("c0"))
        edge(painter, path)
