"""A note with a thin line to the point that it is about, inside a drawing."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from ppdesk.gui.look import CARD_RADIUS, color, font

_SIDE, _TOP, _LINE, _WIDE, _WIDEST, _AWAY = 12, 8, 18, 268, 330, 26  # px
_HIGH = 300  # px from which there is room for long words


def draw_callout(painter: QPainter, lines: Sequence[str], at: QPointF, inside: QRectF) -> QRectF:
    """`lines` (the first one bold, long ones wrap where there is room) near `at`, within `inside`. Where it
    was drawn."""
    most = 3 if inside.height() > _HIGH else 1
    wide = min(_WIDE if most > 1 else _WIDEST, inside.width()) - 2 * _SIDE
    told = [(lines[0], "strong"), *((one, "caption") for one in lines[1:])]
    rows = [(piece, face) for words, face in told for piece in _wrapped(words, face, wide, most)]
    width = max(QFontMetrics(font(face)).horizontalAdvance(words) for words, face in rows) + 2 * _SIDE + 2
    height = len(rows) * _LINE + 2 * _TOP
    box = _placed(width, height, at, inside)
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


def _placed(width: float, height: float, at: QPointF, inside: QRectF) -> QRectF:
    """Below `at`, else above, right or left of it; where it fits nowhere, as far away as it can be."""
    left = min(max(inside.left(), at.x() - width / 4), inside.right() - width)
    top = min(max(inside.top(), at.y() - height / 2), inside.bottom() - height)
    places = (
        QRectF(left, at.y() + _AWAY, width, height),
        QRectF(left, at.y() - _AWAY - height, width, height),
        QRectF(at.x() + _AWAY, top, width, height),
        QRectF(at.x() - _AWAY - width, top, width, height),
    )
    for box in places:
        if inside.contains(box):
            return box
    right, low = at.x() < inside.center().x(), at.y() < inside.center().y()
    return QRectF(
        inside.right() - width if right else inside.left(),
        inside.bottom() - height if low else inside.top(),
        width,
        height,
    )


def _wrapped(words: str, face: str, width: float, most: int) -> list[str]:
    """At most `most` lines; what is beyond is elided."""
    metrics = QFontMetrics(font(face))
    lines: list[str] = []
    rest = words.split(" ")  # not at no-break spaces
    while rest and len(lines) < most:
        line = rest.pop(0)
        if len(lines) == most - 1:
            line = " ".join([line, *rest])
            rest = []
        while rest and metrics.horizontalAdvance(f"{line} {rest[0]}") <= width:
            line = f"{line} {rest.pop(0)}"
        lines.append(metrics.elidedText(line, Qt.TextElideMode.ElideRight, int(width)))
    return lines
