"""The budget, added up entry by entry, with the limit and what an accountant proves beside it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ppdesk.gui.language import number, told, tr, tr_count
from ppdesk.gui.look import color
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.gauges import BudgetGauge
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import Elided, text
from ppdesk.workbench.auditing.views import Entry, Proof, Sum

_MOST = 5  # entries in the card; the page has all


class _Rule(QWidget):
    """The line above a sum."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(5)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 2, self.width(), 1, color("text"))


class SumCard(Card):
    """Each entry, a line, the sum, a gauge against the limit."""

    def __init__(self) -> None:
        super().__init__(tr("Budget, added up"))
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self.add(inside)
        self._gauge = BudgetGauge()
        self.add(self._gauge)
        self._proof, self._limit = text("", "caption", wrap=True), text("", "caption")
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._proof, 1)
        foot.addWidget(self._limit, 0, Qt.AlignmentFlag.AlignTop)
        self.add(foot)
        self._remarks = text("", "caption", wrap=True, tone="caution")
        self.add(self._remarks)
        self._remarks.hide()

    def put(self, found: Sum) -> None:
        """Show `found`; what is proved comes later."""
        emptied(self._grid)
        shown = found.entries[-_MOST:]
        earlier = len(found.entries) - len(shown)
        if earlier:
            before = found.entries[earlier - 1].sum
            words = tr_count("{count} entry before", "{count} entries before", earlier)
            self._row(0, "", words, f"{before:.2f}", quiet=False)
        for at, entry in enumerate(shown, start=1):
            self._entry(at, entry)
        if not found.entries:
            self._row(0, "", tr("Nothing was spent on record."), "0.00", quiet=True)
        last = len(shown) + 1
        self._grid.addWidget(_Rule(), last, 0, 1, 3)
        self._grid.addWidget(text(tr("Sum of what was spent"), "strong", wrap=True), last + 1, 1)
        right = Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(text(tr("ε {epsilon:.2f}", epsilon=found.epsilon), "strong"), last + 1, 2, right)
        self._gauge.put(found.epsilon, 0.0, found.limit_epsilon or 0.0)
        limit = found.limit_epsilon
        self._limit.setText(tr("no limit") if limit is None else tr("limit ε {limit:.2f}", limit=limit))
        method = told(found.method) or tr("basic composition")
        self._proof.setText(tr("Composed by {method}", method=method))
        self._remarks.setText(" ".join(told(one) for one in found.remarks))
        self._remarks.setVisible(bool(found.remarks))

    def put_proof(self, proof: Proof) -> None:
        """Show what is proved beside the sum."""
        if proof.broken:
            self._proof.setText(proof.broken)
        elif proof.epsilon is not None:
            self._proof.setText(tr("Composed more tightly: ε {epsilon:.2f}", epsilon=proof.epsilon))
            self._proof.setToolTip(told(proof.method))

    def _entry(self, at: int, entry: Entry) -> None:
        words = f"{told(entry.title)}: {told(entry.standing)}"
        value = number(entry.epsilon, ".2f") if entry.counts else tr("not counted")
        self._row(at, tr("Event {seq}", seq=entry.seq), words, value, quiet=not entry.counts)

    def _row(self, at: int, event: str, words: str, value: str, *, quiet: bool) -> None:
        self._grid.addWidget(text(event, "note"), at, 0)
        self._grid.addWidget(Elided(words, "note" if quiet else "body"), at, 1)
        shown = text(value, "note" if quiet else "strong")
        self._grid.addWidget(shown, at, 2, Qt.AlignmentFlag.AlignRight)
