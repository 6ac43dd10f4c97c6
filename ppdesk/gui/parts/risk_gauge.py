"""A risk before and after, on one track: ring before, bar after, mark at the limit."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.look import color
from ppdesk.gui.parts.gauges import edge, track
from ppdesk.gui.parts.shares import share
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import Elided, text

_TALL, _RING = 8, 5  # px


class RiskTrack(QWidget):
    """The track. Square-root scale, so that small risks stay visible."""

    def __init__(self) -> None:
        super().__init__()
        self._before = self._after = 0.0
        self._limit: float | None = None
        self.setFixedHeight(2 * _RING + 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, 2 * _RING + 4)

    def put(self, before: float, after: float, limit: float | None) -> None:
        """Risks in 0..1."""
        self._before, self._after, self._limit = before, after, limit
        words = tr("Square-root scale. Ring: before. Bar: after.")
        self.setToolTip(f"{words} {tr('Mark: limit.')}" if limit else words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = (self.height() - _TALL) / 2
        area = QRectF(_RING, top, self.width() - 2 * _RING, _TALL)
        path = track(painter, area)

        def at(value: float) -> float:
            return area.left() + math.sqrt(min(1.0, max(0.0, value))) * area.width()

        painter.setClipPath(path)
        painter.fillRect(QRectF(area.left(), top, at(self._after) - area.left(), _TALL), color("accent"))
        edge(painter, path)
        if self._limit is not None:
            painter.fillRect(QRectF(at(self._limit) - 1, top - 3, 2, _TALL + 6), color("text"))
        painter.setPen(QPen(color("text3"), 1.5))
        painter.setBrush(color("surface"))
        painter.drawEllipse(QPointF(at(self._before), self.height() / 2), _RING - 1, _RING - 1)


class RiskGauge(QWidget):
    """Name, numbers in words, track, and what the number means."""

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__()
        self._name, self._meaning, self._same = name, meaning, False
        self._was, self._is = text("", "note"), text("", "section")
        self._state = Shape("done", 14)
        head = QHBoxLayout()
        head.setSpacing(6)
        short = Elided(name.partition(" (")[0], "strong")  # what a language adds in brackets: in the tooltip
        short.setToolTip(name)
        head.addWidget(short, 1)
        head.addWidget(self._was)
        head.addWidget(self._is)
        head.addWidget(self._state, 0, Qt.AlignmentFlag.AlignVCenter)
        self._track = RiskTrack()
        self._note = text(meaning, "caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self._track)
        column.addWidget(self._note)

    def mean(self, meaning: str, *, same: bool = False) -> None:
        """What the number is of; shown with the next numbers. `same`: its limit was told of another one."""
        self._meaning, self._same = meaning, same

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """No line of the note is cut where the card has little height."""
        self._note.setMinimumHeight(max(0, self._note.heightForWidth(self.width())))

    def put(self, before: float, after: float | None, limit: float | None = None) -> None:
        """Risks in 0..1; `after` is None where there is no release."""
        self._was.setText(share(before) + (" →" if after is not None else ""))
        self._is.setText("" if after is None else share(after))
        self._is.setVisible(after is not None)
        judged = after is not None and limit is not None
        self._state.setVisible(judged)
        within = after is not None and limit is not None and after <= limit * (1 + 1e-9)
        self._state.put("done" if within else "failed")
        self._track.put(before, after or 0.0, limit)
        bound = tr("Limit {limit}", limit=share(limit)) if limit is not None else ""
        self._note.setText(self._meaning if self._same else f"{self._meaning} {bound}".strip())
        self._make_room()
        self.setAccessibleName(f"{self._name}: {self._meaning}")
        was = tr("{before} before", before=share(before))
        became = "" if after is None else tr("{after} after", after=share(after))
        judgement = "" if not judged else tr("within the limit") if within else tr("above the limit")
        told = ", ".join(one for one in (was, became, judgement) if one)
        self.setAccessibleDescription(f"{told}. {bound}".strip())
