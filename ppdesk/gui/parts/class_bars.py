"""Records by class size, before (outline) and after (solid)."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.gui.language import marked, tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.axis import ticks, worded
from ppdesk.gui.parts.shares import share
from ppdesk.gui.saving import offer_drawing

_FOOT, _TITLE, _TOP, _SMALL, _LARGE = 20, 20, 8, 84, 190  # px


class ClassBars(QWidget):
    """Across: sizes of classes. Up: the share of all records that are in such a class."""

    def __init__(self, *, small: bool) -> None:
        """`small`: only every second size is named, and the axes have no title."""
        super().__init__()
        self._small = small
        self._labels: Sequence[str] = ()
        self._before: list[float] = []
        self._after: list[float] | None = None
        policy = QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, policy)
        self.setMinimumHeight(_SMALL)
        self.setAccessibleName(tr("Records by class size"))
        offer_drawing(self, tr("Records by class size"))

    def put(self, labels: Sequence[str], before: Sequence[int], after: Sequence[int] | None) -> None:
        """Records in classes of each size; `after` None where there is no release. Both are shares of the
        records before."""
        whole = max(1, sum(before))
        self._labels = labels
        self._before = [one / whole for one in before]
        self._after = None if after is None else [one / whole for one in after]
        told = []
        for at, label in enumerate(labels):
            now = tr(", after {after}", after=share(self._after[at])) if self._after is not None else ""
            told.append(
                tr("{size}: before {before}{now}", size=_size(label), before=share(self._before[at]), now=now)
            )
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _SMALL if self._small else _LARGE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._labels:
            return
        painter = QPainter(self)
        painter.setFont(font("caption"))
        highest = max([*self._before, *(self._after or ())], default=0.0) or 1.0
        up = ticks(0.0, 100 * highest, 4 if self._small else 5)
        words = [tr("{number} %", number=one) for one in worded(up)]
        foot = _FOOT if self._small else _FOOT + _TITLE
        left = max(QFontMetrics(font("caption")).horizontalAdvance(one) for one in words) + 10
        area = QRectF(left, _TOP, self.width() - left - 1, self.height() - _TOP - foot)
        for value, said in zip(up, words, strict=True):
            y = round(area.bottom() - value / up[-1] * area.height()) + 0.5
            painter.setPen(QPen(color("grid" if value else "edge"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(color("text3"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 9, left - 8, 18), side, said)
        self._bars(painter, area, up[-1] / 100)
        if not self._small:
            painter.setPen(color("text2"))
            title = QRectF(area.left(), self.height() - _TITLE, area.width(), _TITLE)
            painter.drawText(title, Qt.AlignmentFlag.AlignCenter, tr("Records in a class"))

    def _bars(self, painter: QPainter, area: QRectF, top: float) -> None:
        step = area.width() / len(self._labels)
        wide = min(28.0, max(3.0, step / 2 - (2 if self._small else 6)))
        for at, label in enumerate(self._labels):
            middle = area.left() + (at + 0.5) * step
            high = self._before[at] / top * area.height()
            if high > 0:
                painter.setPen(QPen(color("c0"), 1))
                painter.setBrush(color("surface"))
                painter.drawRect(QRectF(round(middle - wide) + 0.5, area.bottom() - high, wide - 1, high))
            after = self._after[at] / top * area.height() if self._after is not None else 0.0
            if after > 0:
                painter.fillRect(QRectF(round(middle) + 1, area.bottom() - after, wide, after), color("c1"))
            if self._small and at % 2:
                continue
            painter.setPen(color("text3"))
            words = _size(label.partition("-")[0] if self._small else label)
            wider = QFontMetrics(font("caption")).horizontalAdvance(words) + 2
            left = min(middle - wider / 2, self.width() - wider)
            place = QRectF(left, area.bottom() + 4, wider, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _size(label: str) -> str:
    """A size or a range of sizes, such as 1,000+, as the window's language writes numbers."""
    more = "+" if label.endswith("+") else ""
    return "-".join(marked(one) for one in label.removesuffix("+").split("-")) + more
