"""What the settings of Anonymize would give, while they are chosen: risks, levels, loss."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.wording import percent
from ppdesk.gui.look import MARGIN
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.pips import LevelPips
from ppdesk.gui.parts.risk_gauge import RiskGauge
from ppdesk.gui.parts.text import Elided, text

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_facts import ColumnLoss
    from ppdesk.workflow.data.anonymize_preview import AnonymizePreview

_OFFER = (
    "Risks, levels and loss, while you choose. These are exact figures of the data, which no epsilon covers:"
    " that they were shown goes on record, once in a session."
)


class LiveCard(QWidget):
    """Off until somebody asks for it; then it follows the form."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.card = Card("With these settings")
        self._state = text("", "caption")
        self.words = text(_OFFER, "body", wrap=True)
        self.show_button = Button("Show live figures", icon="eye")
        self.show_button.clicked.connect(self.asked)
        self.head = text("", "strong", wrap=True)
        self.prosecutor = RiskGauge("Prosecutor", "Highest risk of one record.")
        self.journalist = RiskGauge("Journalist", "The same: no population table is given.")
        self.marketer = RiskGauge("Marketer", "Mean risk over the records.")
        self._other = text("", "caption", wrap=True)
        self.levels = QGridLayout()
        self.figures = QWidget()
        self._build()
        self.hide()

    def _build(self) -> None:
        gauges = QVBoxLayout()
        gauges.setSpacing(10)
        for gauge in (self.prosecutor, self.journalist, self.marketer):
            gauges.addWidget(gauge)
        gauges.addStretch(1)
        self.levels.setHorizontalSpacing(12)
        self.levels.setVerticalSpacing(4)
        self.levels.setColumnStretch(0, 1)
        right = QVBoxLayout()
        right.addLayout(self.levels)
        right.addStretch(1)
        both = QHBoxLayout(self.figures)
        both.setContentsMargins(0, 4, 0, 0)
        both.setSpacing(28)
        both.addLayout(gauges, 1)
        both.addLayout(right, 1)
        offer = QHBoxLayout()
        offer.setSpacing(16)
        offer.addWidget(self.words, 1)
        offer.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.card.add(offer)
        for part in (self.head, self.figures, self._other, self._state):
            self.card.add(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, MARGIN, 0)
        around.addWidget(self.card)

    def _only(self, *shown: QWidget) -> None:
        parts = (self.words, self.show_button, self.head, self.figures, self._other, self._state)
        for part in parts:
            part.setVisible(part in shown)
        self.show()

    def offer(self) -> None:
        """Say what would be shown, and that it goes on record."""
        self.words.setText(_OFFER)
        self._only(self.words, self.show_button)

    def wait(self) -> None:
        """The settings changed; what is shown is of those before."""
        self._state.setText("Computing for the new settings")
        if self.figures.isHidden():
            self._only(self._state)
        self._state.show()

    def say(self, words: str) -> None:
        """There is nothing to show, and why."""
        self.words.setText(words)
        self._only(self.words)

    def put(self, found: "AnonymizePreview", limit: float | None) -> None:
        """What was found. `limit` is the highest risk that the standard allows, in 0..1."""
        after = found.after
        highest = None if after is None else after.prosecutor
        bound = min(1 / found.k, limit) if limit else 1 / found.k
        self.prosecutor.put(found.before.prosecutor, highest, bound)
        self.journalist.put(found.before.prosecutor, highest, bound)
        self.marketer.put(found.before.marketer, None if after is None else after.marketer)
        self.head.setText(_summary(found))
        emptied(self.levels)
        for row, one in enumerate(found.columns or ()):
            self._level(row, one)
        self._other.setText(_with_other_k(found))
        shown = [self.head, self.figures]
        self._only(*shown, *([self._other] if found.other is not None else []))

    def _level(self, row: int, one: "ColumnLoss") -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.levels.addWidget(Elided(one.name, "body"), row, 0)
        if one.level is None:
            words = "mixed"
        else:
            words = f"{one.level} of {one.levels - 1}"
            pips = LevelPips()
            pips.put(one.level, one.levels)
            self.levels.addWidget(pips, row, 1)
        self.levels.addWidget(text(words, "caption"), row, 2, right)
        self.levels.addWidget(text(percent(one.loss), "caption"), row, 3, right)


def _summary(found: "AnonymizePreview") -> str:
    if found.score is None or found.suppressed is None or found.after is None:
        return found.refusal or "No solution."
    share = percent(found.suppressed / found.records)
    return (
        f"Score {found.score:,.4g}. {found.suppressed:,} of at most {found.limit:,} records suppressed"
        f" ({share}). {found.after.classes:,} classes, smallest {found.after.smallest:,}."
    )


def _with_other_k(found: "AnonymizePreview") -> str:
    other = found.other
    if other is None:
        return ""
    if other.score is None or other.suppressed is None:
        return f"If k were {other.k:,}: no solution."
    return f"If k were {other.k:,}: score {other.score:,.4g}, {other.suppressed:,} records suppressed."
