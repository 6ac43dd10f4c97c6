"""The shapes of states. The shape alone is enough; a word and a colour come with it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.look import color, font

# shape -> (colour role, soft role for chips)
ROLES: dict[str, tuple[str, str]] = {
    "todo": ("edge", ""),
    "current": ("accent", "accent_soft"),
    "running": ("accent", "accent_soft"),
    "done": ("ok", "ok_soft"),
    "stale": ("caution", "caution_soft"),
    "blocked": ("text3", ""),
    "decide": ("decide", "decide_soft"),
    "failed": ("risk", "risk_soft"),
    "look": ("caution", "caution_soft"),
    "off": ("text3", ""),
    "info": ("text3", ""),
    "hidden": ("text3", ""),
}
_ICONS = {"info": "info", "blocked": "lock", "hidden": "eye-off"}  # shapes that are icons of the set


def draw_state(
    painter: QPainter, shape: str, rect: QRectF, *, share: float = 0.0, paper: QColor | None = None
) -> None:
    """Draw `shape` into `rect` (16 px in the rail). `share` is a run's progress; `paper` what lies behind."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 16, rect.height() / 16)
    tint = color(ROLES[shape][0])
    paper = paper or color("surface")
    if shape in _ICONS:
        painter.restore()
        draw_icon(painter, _ICONS[shape], rect, tint)
        return
    _DRAW[shape](painter, tint, paper, share)
    painter.restore()


def _pen(tint: QColor, width: float = 1.5) -> QPen:
    return QPen(tint, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _todo(painter: QPainter, tint: QColor, _paper: QColor, _share: float) -> None:
    painter.setPen(_pen(tint))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(8, 8), 5.75, 5.75)


def _current(painter: QPainter, tint: QColor, _paper: QColor, _share: float) -> None:
    _todo(painter, tint, _paper, _share)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawEllipse(QPointF(8, 8), 2.5, 2.5)


def _running(painter: QPainter, tint: QColor, _paper: QColor, share: float) -> None:
    ring = QRectF(2.5, 2.5, 11, 11)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color("pressed"), 2.5))
    painter.drawEllipse(ring)
    arc = QPen(tint, 2.5)
    arc.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(arc)
    painter.drawArc(ring, 90 * 16, -round(max(0.04, share) * 360 * 16))


def _done(painter: QPainter, tint: QColor, paper: QColor, _share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawEllipse(QPointF(8, 8), 6.75, 6.75)
    painter.setPen(_pen(paper, 1.75))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(5.2, 8.2), QPointF(7.2, 10.2), QPointF(10.9, 6.1)]))


def _stale(painter: QPainter, tint: QColor, _paper: QColor, _share: float) -> None:
    painter.setPen(_pen(tint))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(2.25, 2.25, 11.5, 11.5), 40 * 16, 285 * 16)
    painter.drawPolyline(QPolygonF([QPointF(13.3, 2.4), QPointF(12.8, 5.3), QPointF(9.9, 4.9)]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawEllipse(QPointF(8, 8), 1.6, 1.6)


def _sign(painter: QPainter, sign: str, tint: QColor, rect: QRectF, pixels: int) -> None:
    face = font("strong")
    face.setPixelSize(pixels)
    face.setWeight(QFont.Weight.DemiBold)
    painter.setFont(face)
    painter.setPen(tint)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, sign)


def _decide(painter: QPainter, tint: QColor, paper: QColor, _share: float) -> None:
    painter.setPen(_pen(tint, 1))
    painter.setBrush(tint)
    painter.drawPolygon(QPolygonF([QPointF(8, 1), QPointF(15, 8), QPointF(8, 15), QPointF(1, 8)]))
    _sign(painter, "?", paper, QRectF(0, 0, 16, 16), 10)


def _triangle() -> QPolygonF:
    return QPolygonF([QPointF(8, 2), QPointF(14.6, 13.4), QPointF(1.4, 13.4)])


def _bang(painter: QPainter, tint: QColor) -> None:
    painter.setPen(_pen(tint, 1.5))
    painter.drawLine(QPointF(8, 6.4), QPointF(8, 9.2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawEllipse(QPointF(8, 11.4), 0.9, 0.9)


def _failed(painter: QPainter, tint: QColor, paper: QColor, _share: float) -> None:
    painter.setPen(_pen(tint))
    painter.setBrush(tint)
    painter.drawPolygon(_triangle())
    _bang(painter, paper)


def _look(painter: QPainter, tint: QColor, _paper: QColor, _share: float) -> None:
    painter.setPen(_pen(tint))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_triangle())
    _bang(painter, tint)


def _off(painter: QPainter, tint: QColor, _paper: QColor, _share: float) -> None:
    pen = _pen(tint)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.0, 1.4])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(8, 8), 5.75, 5.75)
    painter.setPen(_pen(tint))
    painter.drawLine(QPointF(5.6, 8), QPointF(10.4, 8))


_DRAW = {
    "todo": _todo,
    "current": _current,
    "running": _running,
    "done": _done,
    "stale": _stale,
    "decide": _decide,
    "failed": _failed,
    "look": _look,
    "off": _off,
}


class Shape(QWidget):
    """A state's shape in a layout, beside its word."""

    def __init__(self, shape: str, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape, self._share = shape, 0.0
        self.setFixedSize(size, size)

    def put(self, shape: str, share: float = 0.0) -> None:
        self._shape, self._share = shape, share
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_state(painter, self._shape, QRectF(self.rect()), share=self._share)


@dataclass(frozen=True)
class Chip:
    """A state chip: shape and word on a soft fill. Drawn by delegates and by `ChipView` alike."""

    shape: str
    word: str

    def width(self) -> int:
        from PySide6.QtGui import QFontMetrics

        return QFontMetrics(font("head")).horizontalAdvance(self.word) + 32

    def draw(self, painter: QPainter, place: QRectF, share: float = 0.0) -> None:
        """Draw into `place`, 22 px high."""
        role, soft = ROLES[self.shape]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = place.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(color(soft) if soft else color("surface"))
        painter.setPen(QPen(color(soft if soft else "line"), 1))
        path = QPainterPath()
        path.addRoundedRect(outline, 4, 4)
        painter.drawPath(path)
        shape = QRectF(place.x() + 7, place.center().y() - 7, 14, 14)
        draw_state(painter, self.shape, shape, share=share, paper=color(soft or "surface"))
        painter.setFont(font("head"))
        painter.setPen(color(role if soft else "text2"))
        words = place.adjusted(26, 0, -4, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.word)
        painter.restore()


class ChipView(QWidget):
    """A state chip in a layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip, self._share = Chip("todo", ""), 0.0

    def put(self, chip: Chip, share: float = 0.0) -> None:
        self._chip, self._share = chip, share
        self.setAccessibleName(chip.word)
        self.setFixedSize(QSize(chip.width(), 22))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._chip.draw(QPainter(self), QRectF(self.rect()), self._share)
