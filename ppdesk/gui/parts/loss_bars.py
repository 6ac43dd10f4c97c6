"""What each column lost: a bar from 0 (all of its detail is kept) to 100 % (none is)."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.gauges import edge, track
from ppdesk.gui.parts.shares import share
from ppdesk.gui.saving import offer_drawing

_ROW, _HEAD, _BAR, _NUMBER, _LEVEL, _NAME = 28, 26, 10, 76, 84, 220  # px


@dataclass(frozen=True)
class Lost:
    """A column: its loss in 0..1, its level in words, and the share of its detail that is kept, where that
    was measured."""

    name: str
    loss: float
    level: str
    kept: float | None = None


class LossBars(QWidget):
    """Rows in the order of the table."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Lost] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Loss by column"))
        offer_drawing(self, tr("Loss by column"))

    def put(self, rows: Sequence[Lost]) -> None:
        self._rows = tuple(rows)
        self.setAccessibleDescription(
            "; ".join(
                tr("{name}: {loss} lost, {level}", name=one.name, loss=share(one.loss), level=one.level)
                for one in rows
            )
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, _HEAD + _ROW * len(self._rows) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        measured = any(one.kept is not None for one in self._rows)
        name = min(_NAME, self.width() // 4)
        ends = [self.width() - 12]
        if measured:
            ends.insert(0, ends[0] - _NUMBER - 24)
        level = ends[0] - _NUMBER
        bar = QRectF(name + 12, 0, level - _LEVEL - name - 28, _BAR)
        self._head(painter, name, level, ends)
        for at, one in enumerate(self._rows):
            top = _HEAD + at * _ROW
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(0, top + _ROW - 1, self.width(), top + _ROW - 1)
            self._words(painter, QRectF(8, top, name - 8, _ROW), one.name, "body", "text")
            place = bar.translated(0, top + (_ROW - _BAR) / 2)
            path = track(painter, place)
            painter.setClipPath(path)
            painter.fillRect(QRectF(place.left(), place.top(), place.width() * one.loss, _BAR), color("c1"))
            edge(painter, path)
            right = Qt.AlignmentFlag.AlignRight
            self._words(
                painter, QRectF(level - _LEVEL, top, _LEVEL, _ROW), one.level, "caption", "text3", right
            )
            values = [
                share(one.loss),
                *([share(one.kept) if one.kept is not None else "-"] if measured else []),
            ]
            for end, words in zip(ends, values, strict=True):
                self._words(painter, QRectF(end - _NUMBER, top, _NUMBER, _ROW), words, "label", "text", right)

    def _head(self, painter: QPainter, name: int, level: int, ends: Sequence[int]) -> None:
        painter.fillRect(QRectF(0, 0, self.width(), _HEAD), color("sunken"))
        right = Qt.AlignmentFlag.AlignRight
        self._words(painter, QRectF(8, 0, name, _HEAD), tr("Column"), "head", "text2")
        self._words(painter, QRectF(level - _LEVEL, 0, _LEVEL, _HEAD), tr("Level"), "head", "text2", right)
        for end, words in zip(ends, (tr("Loss"), tr("Detail kept")), strict=False):
            self._words(painter, QRectF(end - _NUMBER, 0, _NUMBER, _HEAD), words, "head", "text2", right)

    def _words(  # noqa: PLR0917  what, where and how
        self, painter: QPainter, place: QRectF, words: str, face: str, ink: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        painter.setFont(font(face))
        painter.setPen(color(ink))
        cut = QFontMetrics(font(face)).elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, cut)
