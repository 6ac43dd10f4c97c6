"""The card of risks: three attackers, before and after, and how large the classes are."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.look import color, font
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.class_bars import ClassBars
from ppdesk.gui.parts.risk_gauge import RiskGauge
from ppdesk.gui.parts.text import text

_KEY, _GAP = 15, 12  # px of the legend


class _Legend(QWidget):
    """Ring, bar and mark of the gauges, and what they mean."""

    def __init__(self) -> None:
        super().__init__()
        self._words = (tr("before"), tr("after"), tr("limit"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Ring: before. Bar: after. Mark: limit."))
        self.setToolTip(tr("The gauges have a square-root scale, so that small risks can be seen."))

    def sizeHint(self) -> QSize:
        face = QFontMetrics(font("caption"))
        wide = sum(face.horizontalAdvance(one) + _KEY for one in self._words) + 2 * _GAP + 2
        return QSize(wide, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("caption"))
        face, left, middle = QFontMetrics(font("caption")), 0.0, self.height() / 2
        for at, words in enumerate(self._words):
            if at == 0:
                painter.setPen(QPen(color("text3"), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPointF(left + 5, middle), 4, 4)
            elif at == 1:
                painter.fillRect(QRectF(left + 1, middle - 4, 8, 8), color("accent"))
            else:
                painter.fillRect(QRectF(left + 4, middle - 6, 2, 12), color("text"))
            painter.setPen(color("text2"))
            wide = face.horizontalAdvance(words)
            side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(left + _KEY, 0, wide + 2, self.height()), side, words)
            left += _KEY + wide + _GAP


class RiskCard(Card):
    """The risks that the figures tell of."""

    def __init__(self) -> None:
        super().__init__(tr("Risk"), control=_Legend())
        self.prosecutor = RiskGauge(tr("Prosecutor"), tr("Highest risk of one person."))
        self.journalist = RiskGauge(tr("Journalist"), tr("Same: no population table given"))
        self.marketer = RiskGauge(tr("Marketer"), tr("Share found by a mass attack."))
        for gauge in (self.prosecutor, self.journalist, self.marketer):
            self.add(gauge)
        self.add(text(tr("Records by class size"), "caption"))
        self.bars = ClassBars(small=True)
        self.add(self.bars, 1)

    def put(self, shown: Shown, most: float | None) -> None:
        """`most`: the highest risk that the standard allows, in 0..1."""
        before, after = shown.before, shown.after
        bound = min(1 / shown.k, most) if most else 1 / shown.k
        highest = None if after is None else after.prosecutor
        self.prosecutor.put(before.prosecutor, highest, bound)
        if shown.journalist is None:
            self.journalist.mean(tr("Same: no population table given"), same=True)
            self.journalist.put(before.prosecutor, highest, bound)
        else:
            self.journalist.mean(tr("Highest, by the population's table."))
            self.journalist.put(before.prosecutor, shown.journalist, bound)
        self.marketer.put(before.marketer, None if after is None else after.marketer)
        self.bars.put(shown.bins, before.histogram, None if after is None else after.histogram)
