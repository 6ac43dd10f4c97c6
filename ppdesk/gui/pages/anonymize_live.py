"""What the settings of Anonymize would give, while they are chosen: risks, levels, loss."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.wording import percent
from ppdesk.gui.look import MARGIN
from ppdesk.gui.pages.live_levels import LiveLevels
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.risk_gauge import RiskGauge
from ppdesk.gui.parts.text import text

if TYPE_CHECKING:
    from ppdesk.workflow.data.anonymize_preview import AnonymizePreview

_OFFER = (
    "Risks, levels and loss, while you choose. These are exact figures of the data, which no epsilon covers:"
    " that they were shown goes on record, once in a session."
)


class LiveCard(QWidget):
    """Off until somebody asks for it; then it follows the form."""

    asked = Signal()
    chosen = Signal(object)  # levels by column, with one that a person moved
    best_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fold = IconButton("chevron-up", "Fold the figures away")
        self.fold.clicked.connect(self._turn)
        self._folded, self._parts = False, list[QWidget]()
        self.card = Card("With these settings", control=self.fold)
        self._state = text("", "caption")
        self.words = text(_OFFER, "body", wrap=True)
        self.show_button = Button("Show live figures", icon="eye")
        self.show_button.clicked.connect(self.asked)
        self.head = text("", "strong", wrap=True)
        self.prosecutor = RiskGauge("Prosecutor", "Highest risk of one record.")
        self.journalist = RiskGauge("Journalist", "The same: no population table.")
        self.marketer = RiskGauge("Marketer", "Mean risk over the records.")
        self._other = text("", "caption", wrap=True)
        self.best = Button("Back to the best", "link", height=20)
        self.best.clicked.connect(self.best_asked)
        self.levels = LiveLevels()
        self.levels.chosen.connect(self.chosen)
        self.figures = QWidget()
        self._build()
        self.hide()

    def _build(self) -> None:
        gauges = QVBoxLayout()
        gauges.setSpacing(10)
        for gauge in (self.prosecutor, self.journalist, self.marketer):
            gauges.addWidget(gauge)
        gauges.addStretch(1)
        both = QHBoxLayout(self.figures)
        both.setContentsMargins(0, 4, 0, 0)
        both.setSpacing(28)
        both.addLayout(gauges, 1)
        both.addWidget(self.levels, 1, Qt.AlignmentFlag.AlignTop)
        offer = QHBoxLayout()
        offer.setSpacing(16)
        offer.addWidget(self.words, 1)
        offer.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.card.add(offer)
        told = QHBoxLayout()
        told.setSpacing(16)
        told.addWidget(self.head, 1)
        told.addWidget(self.best, 0, Qt.AlignmentFlag.AlignTop)
        self.card.add(told)
        for part in (self.figures, self._other, self._state):
            self.card.add(part)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, MARGIN, 0)
        around.addWidget(self.card)

    def _only(self, *shown: QWidget) -> None:
        parts = (
            self.words, self.show_button, self.head, self.best, self.figures, self._other, self._state,
        )  # fmt: skip
        self._parts = list(shown)
        folds = self.figures in shown
        self.fold.setVisible(folds)
        for part in parts:
            away = folds and self._folded and part not in (self.head, self.best)
            part.setVisible(part in shown and not away)
        self.show()

    def _turn(self) -> None:
        """Leave only the summary, which a low window has room for, or show all again."""
        self._folded = not self._folded
        self.fold.put("chevron-down" if self._folded else "chevron-up")
        self.fold.say("Show the figures" if self._folded else "Fold the figures away")
        self._only(*self._parts)

    def offer(self) -> None:
        """Say what would be shown, and that it goes on record."""
        self.words.setText(_OFFER)
        self._only(self.words, self.show_button)

    def wait(self) -> None:
        """The settings changed; what is shown is of those before."""
        self._state.setText("Computing for the new settings")
        if self.figures not in self._parts:
            self._only(self._state)
        self._state.show()

    def say(self, words: str) -> None:
        """There is nothing to show, and why."""
        self.words.setText(words)
        self._only(self.words)

    def put(
        self,
        found: "AnonymizePreview",
        limit: float | None,
        chosen: Mapping[str, int],
        counts: Mapping[str, int],
    ) -> None:
        """What was found. `limit` is the highest risk that the standard allows, in 0..1. `chosen`: levels
        that a person chose; `counts`: how many levels each column has."""
        after = found.after
        highest = None if after is None else after.prosecutor
        bound = min(1 / found.k, limit) if limit else 1 / found.k
        self.prosecutor.put(found.before.prosecutor, highest, bound)
        self.journalist.put(found.before.prosecutor, highest, bound)
        self.marketer.put(found.before.marketer, None if after is None else after.marketer)
        self.head.setText(f"{'Levels chosen by a person. ' if chosen else ''}{_summary(found)}")
        if found.columns is not None:
            self.levels.put([(one.name, one.level, one.levels, one.loss) for one in found.columns])
        else:  # no solution: the levels that were chosen can still be moved
            rows = [(name, level, counts.get(name, level + 1), None) for name, level in chosen.items()]
            self.levels.put(rows)
        self._other.setText(_with_other_k(found))
        told = found.other is not None and not chosen
        shown = [self.head, self.figures]
        self._only(*shown, *([self._other] if told else []), *([self.best] if chosen else []))


def _summary(found: "AnonymizePreview") -> str:
    if found.score is None or found.suppressed is None or found.after is None:
        return found.refusal or "No solution."
    share = percent(found.suppressed / found.records)
    locally = "" if found.granularity is None else f" Granularity {found.granularity:.3f}, by class."
    return (
        f"Score {found.score:,.4g}.{locally} {found.suppressed:,} of at most {found.limit:,} records"
        f" suppressed ({share}). {found.after.classes:,} classes, smallest {found.after.smallest:,}."
    )


def _with_other_k(found: "AnonymizePreview") -> str:
    other = found.other
    if other is None:
        return ""
    if other.score is None or other.suppressed is None:
        return f"If k were {other.k:,}: no solution."
    return f"If k were {other.k:,}: score {other.score:,.4g}, {other.suppressed:,} records suppressed."
