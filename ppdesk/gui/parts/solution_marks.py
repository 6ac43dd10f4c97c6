"""Transformations of the solution space: what is known of each, and the mark of each status."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from ppdesk.gui.language import told, tr
from ppdesk.gui.look import color, font

_KEY, _GAP, _LINE = 18, 16, 18  # px of the legend: room of a mark, between two, height of a line


@dataclass(frozen=True)
class Spot:
    """A transformation. `score` is the least that it can have where it is not `exact`; levels are empty and
    all others None where they are not known."""

    total: int  # sum of its levels
    score: float
    status: str
    exact: bool = True
    levels: tuple[int, ...] = ()
    suppressed: int | None = None
    classes: int | None = None
    risk: float | None = None  # mean of its records
    smallest: int | None = None  # records of its smallest class
    reason: str = ""


@dataclass(frozen=True)
class Mark:
    """How a status is drawn and called. The shape alone tells them apart."""

    status: str
    name: str
    shape: str
    role: str
    size: float  # px from the middle
    filled: bool = True


# in the order in which they are drawn: the last ones lie on top
MARKS = (
    Mark("implied", "Proved to suppress too much", "wedge", "c0", 3, filled=False),
    Mark("beaten", "Cannot be better", "cross", "c0", 2.5),
    Mark("open", "Not decided", "diamond", "c5", 3.5, filled=False),
    Mark("fails", "Suppresses too much", "circle", "c0", 2.75, filled=False),
    Mark("meets", "Within the limit", "square", "c1", 2.5),
    Mark("alternative", "Next best", "triangle", "c3", 4.5),
    Mark("best", "Taken", "target", "c2", 7),
)
ORDER = {mark.status: place for place, mark in enumerate(MARKS)}


def draw_mark(painter: QPainter, mark: Mark, at: QPointF) -> None:
    """Draw `mark` with its middle at `at`."""
    tint, size = color(mark.role), mark.size
    painter.setPen(QPen(tint, 1.25) if not mark.filled else Qt.PenStyle.NoPen)
    painter.setBrush(color("surface") if not mark.filled else tint)
    if mark.shape == "circle":
        painter.drawEllipse(at, size, size)
    elif mark.shape == "square":
        painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
    elif mark.shape == "cross":
        painter.setPen(QPen(tint, 1.25))
        painter.drawLine(at + QPointF(-size, -size), at + QPointF(size, size))
        painter.drawLine(at + QPointF(-size, size), at + QPointF(size, -size))
    elif mark.shape == "target":
        painter.setPen(QPen(tint, 2))
        painter.setBrush(color("surface"))
        painter.drawEllipse(at, size, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawEllipse(at, size - 3.5, size - 3.5)
    else:
        corners = {
            "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
            "triangle": ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
            "wedge": ((0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
        }[mark.shape]
        painter.drawPolygon(QPolygonF([at + QPointF(size * x, size * y) for x, y in corners]))


def counted(spots: Sequence[Spot]) -> list[tuple[Mark, int]]:
    """The marks there are, with how many spots have each; the best first."""
    found = [(mark, sum(one.status == mark.status for one in spots)) for mark in reversed(MARKS)]
    return [(mark, count) for mark, count in found if count]


class Legend:
    """Marks, names and counts, in as many lines as they need."""

    def __init__(self, spots: Sequence[Spot], best: str = "Taken", line: str = "") -> None:
        """`best` is what the one that was taken is called, and `line` a line through points, if there is
        one."""
        self._entries: list[tuple[Mark | None, str]] = [
            (
                mark,
                best
                if mark.status == "best"
                else tr("{name} ({count:,})", name=told(mark.name), count=count),
            )
            for mark, count in counted(spots)
        ]
        if line:
            self._entries.append((None, line))

    @property
    def words(self) -> str:
        return ", ".join(words for _, words in self._entries)

    def _lines(self, width: float) -> list[list[tuple[Mark | None, str, int]]]:
        face = QFontMetrics(font("caption"))
        lines: list[list[tuple[Mark | None, str, int]]] = [[]]
        used = 0
        for mark, words in self._entries:
            wide = _KEY + face.horizontalAdvance(words)
            if lines[-1] and used + wide > width:
                lines.append([])
                used = 0
            lines[-1].append((mark, words, wide))
            used += wide + _GAP
        return lines

    def height(self, width: float) -> int:
        return _LINE * len(self._lines(width))

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """From the upper left corner of `area`, as wide as it."""
        painter.setFont(font("caption"))
        for row, entries in enumerate(self._lines(area.width())):
            left, middle = area.left(), area.top() + _LINE * (row + 0.5)
            for mark, words, wide in entries:
                if mark is None:
                    painter.setPen(QPen(color("c2"), 1.75))
                    painter.drawLine(QPointF(left, middle), QPointF(left + 12, middle))
                else:
                    draw_mark(painter, mark, QPointF(left + 7, middle))
                painter.setPen(color("text2"))
                place = QRectF(left + _KEY, middle - _LINE / 2, wide, _LINE)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
                left += wide + _GAP
