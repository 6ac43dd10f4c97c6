"""The judgements of the summary: shape, word, a bold sentence, the rest, and where to look."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import color, font
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.states import draw_state
from ppdesk.gui.results import scrolled
from ppdesk.report.verdict import Judgement
from ppdesk.workbench.auditing.views import Judged

_WORDS = {
    Judgement.GOOD: ("Good", "ok"),
    Judgement.LOOK: ("Look", "caution"),
    Judgement.WRONG: ("Wrong", "risk"),
}
_HIGH, _LOW = 34, 28  # px of a row, in a high and in a low window
_WORD, _GAP = 41, 18  # px: where a row's word begins, and what is left free behind the widest
_HASH = re.compile(r"[0-9a-f]{4} [0-9a-f]{4}(, [0-9a-f]{4} [0-9a-f]{4})*")
_MOST, _MOST_LOW = 5, 4  # rows in sight; the rest scrolls


class JudgedRow(QAbstractButton):
    """One judgement; a click goes to what it is about."""

    def __init__(self, judged: Judged) -> None:
        super().__init__()
        self.judged = judged
        word, self._role = _WORDS[judged.judgement]
        self._word, self._bold = told(word), told(judged.bold)
        self._rest, self._note = told(judged.words), told(judged.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{self._word}. {self._bold} {self._rest} {self._note}".strip())
        self.setToolTip(f"{self._bold} {self._rest}".strip())
        self.setFixedHeight(_HIGH)

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        high, wide = self.height(), self.width()
        if self.underMouse():
            painter.fillRect(self.rect(), color("hover"))
        painter.fillRect(QRectF(0, high - 1, wide, 1), color("line"))
        draw_state(painter, self.judged.shape, QRectF(16, (high - 16) / 2, 16, 16))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font("strong"))
        painter.setPen(color(self._role))
        start = _before_text()
        painter.drawText(QRectF(_WORD, 0, start - _WORD, high), middle, self._word)
        draw_icon(painter, "chevron-right", QRectF(wide - 30, (high - 16) / 2, 16, 16), color("text3"))
        note = font("mono" if _HASH.fullmatch(self._note) else "caption")
        noted = QFontMetrics(note).horizontalAdvance(self._note)
        painter.setFont(note)
        painter.setPen(color("text3"))
        right = middle | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(wide - 42 - noted - 2, 0, noted + 2, high), right, self._note)
        room = wide - 42 - noted - 16 - start
        painter.setFont(font("strong"))
        painter.setPen(color("text"))
        bold = painter.fontMetrics().elidedText(self._bold, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(start, 0, room, high), middle, bold)
        used = painter.fontMetrics().horizontalAdvance(bold) + 8
        if room - used < 24:
            return
        painter.setFont(font("body"))
        painter.setPen(color("text2"))
        words = painter.fontMetrics().elidedText(self._rest, Qt.TextElideMode.ElideRight, room - used)
        painter.drawText(QRectF(start + used, 0, room - used, high), middle, words)


def _before_text() -> int:
    """Where the sentences of all rows begin, in px: behind the widest of the words."""
    metrics = QFontMetrics(font("strong"))
    return _WORD + _GAP + max(metrics.horizontalAdvance(told(word)) for word, _ in _WORDS.values())


class JudgedCard(Card):
    """Every judgement. `asked` says the row that was chosen."""

    asked = Signal(object)  # a Judged

    def __init__(self) -> None:
        super().__init__(flush=True)
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 2, 0, 2)
        self._list.setSpacing(0)
        self._area = scrolled(inside, tr("Judgements"))
        self.add(self._area)
        self.rows: list[JudgedRow] = []
        self._low = False
        self.setAccessibleName(tr("Summary in words"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def said(self) -> list[str]:
        """What it says, row by row."""
        return [row.accessibleName() for row in self.rows]

    def put(self, judged: Sequence[Judged]) -> None:
        """Show `judged` in their order."""
        emptied(self._list)
        self.rows = [JudgedRow(one) for one in judged]
        for row in self.rows:
            row.clicked.connect(lambda _on=False, one=row.judged: self.asked.emit(one))
            self._list.addWidget(row)
        self._list.addStretch(1)
        self._fit()

    def low(self, *, on: bool) -> None:
        """In a low window fewer rows are in sight."""
        if on != self._low:
            self._low = on
            self._fit()

    def _fit(self) -> None:
        high = _LOW if self._low else _HIGH
        for row in self.rows:
            row.setFixedHeight(high)
        shown = min(max(1, len(self.rows)), _MOST_LOW if self._low else _MOST)
        half = high // 2 if len(self.rows) > shown else 0  # a row that is cut says that there are more
        self.setFixedHeight(shown * high + half + 6)
