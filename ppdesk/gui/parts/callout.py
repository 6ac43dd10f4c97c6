"""A note with a thin line to the point that it is about, inside a drawing."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from ppdesk.gui.look import CARD_RADIUS, color, font

_SIDE, _TOP, _LINE, _WIDE, _AWAY = 12, 8, 18, 268, 26  # px


def draw_callout(painter: QPainter, lines: Sequence[str], at: QPointF, inside: QRectF) -> QRectF:
    """`lines` (the first one bold, the last ones wrap) near `at`, within `inside`. Where it was drawn."""
    wide = min(_WIDE, inside.width()) - 2 * _SIDE
    told = [(lines[0], "strong"), *((one, "caption") for one in lines[1:])]
    rows = [(piece, face) for words, face in told for piece in _wrapped(words, face, wide)]
    width = max(QFontMetrics(font(face)).horizontalAdvance(words) for words, face in rows) + 2 * _SIDE + 2
    height = len(rows) * _LINE + 2 * _TOP
    left = min(max(inside.left(), at.x() - width / 4), inside.right() - width)
    below = at.y() + _AWAY + height <= inside.bottom()
    top = at.y() + _AWAY if below else max(inside.top(), at.y() - _AWAY - height)
    box = QRectF(left, top, width, height)
    if box.adjusted(-8, -8, 8, 8).contains(at):  # no room above or below: beside it
        right = at.x() + _AWAY + width <= inside.right()
        box.moveLeft(at.x() + _AWAY if right else max(inside.left(), at.x() - _AWAY - width))
    foot = QPointF(min(max(at.x(), box.left()), box.right()), min(max(at.y(), box.top()), box.bottom()))
    painter.setPen(QPen(color("text3"), 1))
    painter.drawLine(at, foot)
    painter.setBrush(color("raised"))
    painter.setPen(QPen(color("edge"), 1))
    painter.drawRoundedRect(box, CARD_RADIUS, CARD_RADIUS)
    for row, (words, face) in enumerate(rows):
        painter.setFont(font(face))
        painter.setPen(color("text" if face == "strong" else "text2"))
        place = QRectF(box.left() + _SIDE, box.top() + _TOP + row * _LINE, width - 2 * _SIDE + 2, _LINE)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    return box


def _wrapped(words: str, face: str, width: float) -> list[str]:
    """At most three lines; what is beyond is elided."""
    metrics = QFontMetrics(font(face))
    lines: list[str] = []
    rest = words.split()
    while rest and len(lines) < 3:
        line = rest.pop(0)
        if len(lines) == 2:
            line = " ".join([line, *rest])
            rest = []
        while rest and metrics.horizontalAdvance(f"{line} {rest[0]}") <= width:
            line = f"{line} {rest.pop(0)}"
        lines.append(metrics.elidedText(line, Qt.TextElideMode.ElideRight, int(width)))
    return lines
