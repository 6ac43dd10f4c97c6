"""The solution space as a picture that answers: a mark for each transformation, a note on the one at hand."""

import math
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.gui.language import marked, told, tr, tr_count, within
from ppdesk.gui.look import color, font, look
from ppdesk.gui.parts.axis import ticks, worded
from ppdesk.gui.parts.callout import draw_callout
from ppdesk.gui.parts.shares import share
from ppdesk.gui.parts.solution_marks import MARKS, ORDER, Legend, Spot, draw_mark
from ppdesk.gui.saving import offer_drawing

View = Literal["risk", "lattice"]
_HEIGHT, _LEAST, _FOOT, _RIGHT, _TICK = 300, 190, 44, 16, 4  # px
_NEAR = 12.0  # px: how near the pointer must come to a mark
_WITHIN = ("best", "alternative", "meets")  # that can be released
_ABOVE = 0.12  # of a power of ten that is left free above and below the risks
_PAGE = 25  # marks that Page up and Page down pass


class SolutionPlot(QWidget):
    """Across: the score. Up: the mean risk (in powers of ten), or the sum of levels. Left and Right go
    through the marks by score, Up and Down to the next one above or below, Home to the one that was taken;
    Enter chooses."""

    moved = Signal()  # another transformation is at hand
    chosen = Signal()  # Enter, or a double click

    def __init__(self) -> None:
        super().__init__()
        self._all: Sequence[Spot] = ()
        self._spots: list[Spot] = []  # that the view shows, by score
        self._places: list[QPointF] = []
        self._notes: dict[int, Sequence[str]] = {}
        self._view: View = "lattice"
        self._measure, self._best, self._records = tr("Loss"), tr("Taken"), 0
        self._columns: tuple[str, ...] = ()
        self._at, self._hover = -1, -1
        self._picture: QPixmap | None = None
        self._legend = Legend(())
        self._empty = tr("No transformations to show")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_LEAST)
        self.setAccessibleName(tr("Solution space"))
        offer_drawing(self, tr("Solution space"))
        look().changed.connect(self._again)

    # what is shown

    def call(self, measure: str, best: str, records: int = 0) -> None:
        """What the scores are of, what the one that was taken is called, and how many records there are,
        where that is known."""
        self._measure, self._best, self._records = measure, best, records

    def put(self, spots: Sequence[Spot], columns: Sequence[str], view: View) -> None:
        """Show `spots`, whose levels are in the order of `columns`."""
        before = self.spot
        self._all, self._columns, self._view = spots, tuple(columns), view
        shown = [one for one in spots if view == "lattice" or one.risk]
        self._spots = sorted(shown, key=lambda one: (one.score, one.total, one.levels))
        self._legend = Legend(self._spots, self._best, tr("Best trade-off") if view == "risk" else "")
        self._hover = -1
        same = (
            before is not None and before.levels and [one.levels for one in self._spots].count(before.levels)
        )
        self._at = self._find(before.levels if before is not None and same else None)
        self._again()
        self._tell()

    def _find(self, levels: tuple[int, ...] | None) -> int:
        """The spot with `levels`; without, the one that was taken."""
        for at, one in enumerate(self._spots):
            if one.levels == levels if levels is not None else one.status == "best":
                return at
        return 0 if self._spots else -1

    def say(self, words: str) -> None:
        """What stands where there is nothing to show."""
        self._empty = words
        self.update()

    @property
    def spot(self) -> Spot | None:
        """The transformation at hand."""
        return self._spots[self._at] if 0 <= self._at < len(self._spots) else None

    @property
    def count(self) -> int:
        """How many marks the view has."""
        return len(self._spots)

    def place(self, at: int) -> QPointF:
        """Where mark number `at`, by score, is drawn."""
        self._lay_out()
        return self._places[at]

    def go(self, at: int) -> None:
        """Have mark number `at` at hand."""
        at = min(max(0, at), len(self._spots) - 1)
        if at != self._at and self._spots:
            self._at = at
            self._tell()
            self.moved.emit()
            self.update()

    def note(self, one: Spot) -> list[str]:
        """What there is to say of a transformation, the first line as its name."""
        names = {"best": self._best, "alternative": tr("Next best")}
        name, measure = names.get(one.status, tr("Transformation")), within(self._measure)
        score = f"{one.score:,.4g}"
        lines = [
            tr("{name}: {measure} {score}", name=name, measure=measure, score=score)
            if one.exact
            else tr("{name}: {measure} at least {score}", name=name, measure=measure, score=score)
        ]
        lines += [words for words in (self._hidden(one), self._classes(one)) if words]
        if one.levels:
            levels = zip(self._columns, one.levels, strict=True)
            listed = ", ".join(f"{column} {level}" for column, level in levels)
            lines.append(tr("Levels: {levels}", levels=listed))
        if one.reason and one.status not in ("best", "alternative"):
            lines.append(told(one.reason))
        return lines

    def _hidden(self, one: Spot) -> str:
        if one.suppressed is None:
            return ""
        words = tr_count("{count:,} record suppressed", "{count:,} records suppressed", one.suppressed)
        part = share(one.suppressed / self._records) if self._records else ""
        return tr("{words} ({part})", words=words, part=part) if part else words

    def _classes(self, one: Spot) -> str:
        words = [
            "" if one.classes is None else tr_count("{count:,} class", "{count:,} classes", one.classes),
            tr("smallest {size:,}", size=one.smallest) if one.smallest else "",
            "" if one.risk is None else tr("average risk {risk}", risk=share(one.risk)),
        ]
        return ", ".join(filter(None, words))

    def _tell(self) -> None:
        """Say what is at hand to those who cannot see it."""
        one = self.spot
        now = " ".join(f"{line}." for line in self.note(one)) if one is not None else ""
        up = tr("average risk") if self._view == "risk" else tr("sum of levels")
        said = tr(
            "{count:,} transformations by {measure} and {up}: {legend}. Arrow keys go from one to the next,"
            " Enter chooses.",
            count=len(self._spots), measure=within(self._measure), up=up, legend=self._legend.words,
        )  # fmt: skip
        self.setAccessibleDescription(f"{said} {tr('Now: {note}', note=now)}" if now else said)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # geometry

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def _again(self) -> None:
        self._picture = None
        self._places = []
        self.update()

    def _height_of(self, one: Spot) -> float:
        if self._view == "risk":
            return math.log10(100 * (one.risk or 1.0))
        return float(one.total)

    def _lay_out(self) -> None:
        """Axes and the places of all marks at the size there is."""
        if self._places or not self._spots:
            return
        across = [one.score for one in self._spots]
        up = [self._height_of(one) for one in self._spots]
        self._across = ticks(min(across), max(across), max(3, self.width() // 90))
        if self._view == "risk":
            self._bottom, self._top = min(up) - _ABOVE, max(up) + _ABOVE
            self._up = [float(one) for one in range(math.ceil(self._bottom), math.floor(self._top) + 1)]
            self._up_words = [tr("{number} %", number=f"{10**one:g}") for one in self._up]
        else:
            self._up = [one for one in ticks(min(up), max(up), 6) if one == int(one)]
            self._bottom, self._top = self._up[0], self._up[-1]
            self._up_words = [marked(one) for one in worded(self._up)]
        face = QFontMetrics(font("caption"))
        left = 26 + max((face.horizontalAdvance(one) for one in self._up_words), default=0) + 8
        top = self._legend.height(self.width()) + 14
        self._area = QRectF(left, top, self.width() - left - _RIGHT, self.height() - top - _FOOT)
        self._places = [self._point(x, y) for x, y in zip(across, up, strict=True)]

    def _point(self, x: float, y: float) -> QPointF:
        area = self._area
        wide, high = self._across[-1] - self._across[0], self._top - self._bottom
        return QPointF(
            area.left() + (x - self._across[0]) / wide * area.width(),
            area.bottom() - (y - self._bottom) / (high or 1.0) * area.height(),
        )

    def _nearest(self, at: QPointF) -> int:
        found, least = -1, _NEAR**2
        for number, place in enumerate(self._places):
            away = (place.x() - at.x()) ** 2 + (place.y() - at.y()) ** 2
            rank = ORDER.get(self._spots[number].status, 0)
            if away < least or (found >= 0 and away == least and rank > ORDER[self._spots[found].status]):
                found, least = number, away
        return found

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._spots:
            painter.setPen(color("text3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._empty)
            return
        self._lay_out()
        if self._picture is None:
            self._picture = self._drawn()
        painter.drawPixmap(0, 0, self._picture)
        at = self._hover if self._hover >= 0 else self._at
        if at < 0:
            return
        one, place = self._spots[at], self._places[at]
        draw_callout(painter, self.note(one), place, self._area.adjusted(4, 0, 10, _FOOT - 8))
        mark = MARKS[ORDER[one.status]]
        if self.hasFocus() or one.status != "best":
            painter.setBrush(color("surface"))
            painter.setPen(QPen(color("focus" if self.hasFocus() else "text"), 2))
            painter.drawEllipse(place, mark.size + 4, mark.size + 4)
        draw_mark(painter, mark, place)

    def _drawn(self) -> QPixmap:
        """All but what changes with the pointer."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(color("surface"))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._legend.draw(painter, QRectF(0, 0, self.width(), self.height()))
        self._axes(painter)
        if self._view == "risk":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("c2"), 1.75))
            painter.drawPolyline(QPolygonF(self._trade_off()))
        for number in sorted(range(len(self._spots)), key=lambda at: ORDER[self._spots[at].status]):
            draw_mark(painter, MARKS[ORDER[self._spots[number].status]], self._places[number])
        painter.end()
        return made

    def _axes(self, painter: QPainter) -> None:
        area = self._area
        painter.setFont(font("caption"))
        middle, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight
        for value, words in zip(self._up, self._up_words, strict=True):
            y = round(self._point(self._across[0], value).y()) + 0.5
            painter.setPen(QPen(color("grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(color("text3"))
            place = QRectF(18, y - 9, area.left() - 26, 18)
            painter.drawText(place, right | Qt.AlignmentFlag.AlignVCenter, words)
        foot = round(area.bottom()) + 0.5
        painter.setPen(QPen(color("edge"), 1))
        painter.drawLine(QPointF(area.left(), foot), QPointF(area.right(), foot))
        for value, words in zip(self._across, map(marked, worded(self._across)), strict=True):
            x = round(self._point(value, self._bottom).x()) + 0.5
            painter.setPen(QPen(color("edge"), 1))
            painter.drawLine(QPointF(x, foot), QPointF(x, foot + _TICK))
            painter.setPen(color("text3"))
            painter.drawText(QRectF(x - 40, foot + 5, 80, 16), middle, words)
        painter.setPen(color("text2"))
        if self._measure == tr("Loss"):
            words = tr("Information loss (0 keeps all, 1 keeps nothing)")
        else:
            words = tr("{measure} (smaller is better)", measure=self._measure)
        under = QRectF(area.left(), foot + 23, area.width(), 18)
        painter.drawText(under, middle, words)
        painter.save()
        painter.translate(8, area.center().y())
        painter.rotate(-90)
        words = tr("Average risk after") if self._view == "risk" else tr("Sum of levels")
        painter.drawText(QRectF(-area.height() / 2, -8, area.height(), 16), middle, words)
        painter.restore()

    def _trade_off(self) -> list[QPointF]:
        """Steps through those that no other beats in both score and risk."""
        line: list[QPointF] = []
        for one, place in zip(self._spots, self._places, strict=True):  # by score
            if one.status not in _WITHIN:
                continue
            if not line:
                line.append(place)
            elif place.y() > line[-1].y():  # less risk
                line += [QPointF(place.x(), line[-1].y()), place]
        return line

    # mouse and keys

    def _hovers(self, at: int) -> None:
        if at != self._hover:
            self._hover = at
            known = Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor
            self.setCursor(known)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovers(self._nearest(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovers(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._nearest(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            self.go(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._nearest(event.position()) == self._at >= 0:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, steps = (
            event.key(),
            {
                Qt.Key.Key_Right: 1,
                Qt.Key.Key_Left: -1,
                Qt.Key.Key_PageDown: _PAGE,
                Qt.Key.Key_PageUp: -_PAGE,
            },
        )
        if key in steps:
            self.go(self._at + steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.go(self._beside(up=key == Qt.Key.Key_Up))
        elif key == Qt.Key.Key_Home:
            self.go(self._find(None))
        elif key == Qt.Key.Key_End:
            self.go(len(self._spots) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.spot:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)
            return
        self._hovers(-1)

    def _beside(self, *, up: bool) -> int:
        """The next mark above or below, the nearest across."""
        self._lay_out()
        here = self._places[self._at]
        ahead = [
            (abs(place.y() - here.y()) + 2 * abs(place.x() - here.x()), at)
            for at, place in enumerate(self._places)
            if (place.y() < here.y() - 0.5 if up else place.y() > here.y() + 0.5)
        ]
        return min(ahead)[1] if ahead else self._at

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._again()
