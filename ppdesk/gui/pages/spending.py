"""While a run spends: the ledger gauge, what each step used, and why no loss is shown."""

import math
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.look import GAP
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.gauges import BudgetGauge
from ppdesk.gui.parts.step_curve import Points, StepCurve, used_by
from ppdesk.gui.parts.text import text

if TYPE_CHECKING:
    from ppdesk.workbench.views import BudgetView

PENDING, READY, UNDECLARED, AT_ONCE = "pending", "ready", "undeclared", "at once"


class LedgerCard(Card):
    """Spent before, what this run used so far, what it still holds in reserve, and the limit."""

    def __init__(self, epsilon: float, budget: "BudgetView | None") -> None:
        super().__init__(tr("Privacy budget"))
        self._epsilon = epsilon
        self._before = 0.0 if budget is None else budget.total_epsilon
        self._limit = 0.0 if budget is None else budget.limit_epsilon or 0.0
        self._gauge = BudgetGauge(height=13)
        self._words = text("", "caption", wrap=True)
        self.add(self._gauge)
        self.add(self._words)
        self.put(None)

    def put(self, used: float | None, *, spent: bool = False) -> None:
        """`used` of this run so far, None where it is not known; `spent`: the data has gone through."""
        done = self._epsilon if spent else used or 0.0
        self._gauge.put(self._before + done, self._epsilon - done, self._limit)
        limit = tr("limit ε {limit:.2f}", limit=self._limit) if self._limit else tr("no limit yet")
        before = tr("ε {spent:.2f} spent before", spent=self._before)
        if spent:
            now = tr("this run: {epsilon:.2f} spent", epsilon=self._epsilon)
        elif used is None:
            now = tr("this run: {epsilon:.2f} reserved", epsilon=self._epsilon)
        else:
            now = tr(
                "this run: {used:.2f} used, {rest:.2f} still in reserve",
                used=used,
                rest=self._epsilon - used,
            )
        self._words.setText(f"{before}; {now}; {limit}")


class UsedCard(Card):
    """The line of what is used by step, or in words why there is none."""

    def __init__(self, epsilon: float) -> None:
        super().__init__(tr("Privacy used"), tr("at most, by step"))
        self._epsilon = epsilon
        self._points: Points = ()
        self.curve = StepCurve()
        self.words = text("", "purpose", wrap=True)
        self.add(self.words)
        self.add(self.curve, 1)
        self.tell(PENDING)

    def tell(self, state: str) -> None:
        """Show the line, or say why there is none."""
        said = {
            PENDING: tr("The line is worked out from the settings alone; no record is read for it."),
            UNDECLARED: tr(
                "No line: the number of records is not declared, so how much each step uses follows from a "
                "noisy count. Together the steps use at most what is reserved."
            ),
            AT_ONCE: tr(
                "No line: this model draws its noise for all that it learns together, so there is no step "
                "after which a part could be told apart."
            ),
        }
        self.words.setText(said.get(state, ""))
        self.words.setVisible(state != READY)

    def take(self, points: Points) -> None:
        """The whole line."""
        self._points = points
        self.curve.put(points, self._epsilon)
        self.tell(READY)

    def used(self, step: int) -> float | None:
        """What was used up to `step` at most, rounded up to the digits that are shown; None where that is not
        known."""
        self.curve.follow(step)
        if not self._points:
            return None
        return min(self._epsilon, math.ceil(100 * used_by(self._points, step) - 1e-9) / 100)


class Charts(QWidget):
    """Loss and privacy used, side by side."""

    def __init__(self, epsilon: float) -> None:
        super().__init__()
        self.used = UsedCard(epsilon)
        loss = Card(tr("Loss"), tr("not shown"))
        loss.add(
            text(
                tr(
                    "The loss of a training batch tells of its records, and nothing was paid to see it. "
                    "There is no public data in this project on which it would cost nothing."
                ),
                "purpose",
                wrap=True,
            )
        )
        loss.add(
            text(
                tr("Evaluate measures the model afterwards, on records that were held out."),
                "purpose",
                wrap=True,
            )
        )
        loss.add(QWidget(), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(self.used, 2)
        row.addWidget(loss, 1)


def column(*parts: QWidget) -> QWidget:
    """Parts under each other, held at the top."""
    around = QWidget()
    rows = QVBoxLayout(around)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(GAP)
    for part in parts:
        rows.addWidget(part)
    rows.addStretch(1)
    return around
