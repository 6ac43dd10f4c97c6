"""While a run that spends something is on: what it is, what stopping means, what happens when."""

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ppdesk.gui.language import told as say
from ppdesk.gui.language import tr
from ppdesk.gui.look import BETWEEN, GAP
from ppdesk.gui.pages.spending import AT_ONCE, UNDECLARED, Charts, LedgerCard, column
from ppdesk.gui.parts.cards import Banner, Card, Facts
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text
from ppdesk.gui.words import seconds

if TYPE_CHECKING:
    from ppdesk.gui.pages.step_run import Cost
    from ppdesk.train.sgd.by_step import BySteps
    from ppdesk.workbench.views import BudgetView

_STEPS = re.compile(r"\b(\d[\d,]*) of (\d[\d,]*)\b")  # "Step 12 of 160", as a step's own notes say it
_WRITES = 0.95  # the share from which a step keeps what it made
_LEFT = 356  # px: where the form stands before and after
RESERVED, HANDED, WORKS, WRITES = range(4)


class UnderWay(QWidget):
    """Follows one run."""

    def __init__(
        self,
        work: str,
        epsilon: float,
        told: Sequence[tuple[str, str]],
        *,
        budget: "BudgetView | None" = None,
        steps: bool | None = None,
        low: bool = False,
    ) -> None:
        """`work`: what the step does, such as "Train"; `told`: (name, value) of this run; `budget` before it;
        `steps`: whether it is spent in steps that are accounted for one by one, None where nobody asks;
        `low`: what matters most comes first, since the window does not show all."""
        super().__init__()
        self._epsilon = epsilon
        self._began: tuple[float, int] | None = None  # when the first step was heard of, and which
        self._rate = 0.0  # steps a second
        self._done = self._steps = 0
        self._batch = 0.0
        self.charts = None if steps is None else Charts(epsilon)
        if self.charts is not None and not steps:
            self.charts.used.tell(AT_ONCE)
        self.ledger = LedgerCard(epsilon, budget)
        self._run = Card(tr("This run"))
        self._run.add(Facts(told or [(tr("Privacy loss"), f"ε {epsilon:.2f}")]))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(BETWEEN)
        fixed, stop = self._left()
        own = [self._run, self.ledger]
        left = column(fixed, *((*stop, *own) if low else (*own, *stop)))
        left.setFixedWidth(_LEFT)
        whole.addWidget(left)
        right = QVBoxLayout()
        right.setSpacing(GAP)
        order = self._order(work)
        for part in (order, self.charts) if low else (self.charts, order):
            if part is not None:
                right.addWidget(part, 0 if part is order else 1)
        if self.charts is None:
            right.addStretch(1)
        whole.addLayout(right, 1)
        self.left = ""  # the time that is left, in words; empty while nothing can be said
        self.at = RESERVED
        self._mark(RESERVED, 0.0)

    def _left(self) -> tuple[Banner, tuple[QWidget, QWidget]]:
        """That the settings are fixed; what stopping means."""
        stop = Card(tr("If you stop now"))
        charged = [
            (tr("Charged"), tr("ε {epsilon:.2f}, as reserved", epsilon=self._epsilon)),
            (tr("Given back"), tr("nothing, once handed over")),
        ]
        stop.add(Facts([*charged, (tr("Kept"), tr("only that it was tried"))]))
        fixed = Banner("fixed", "", tr("Settings are fixed while the run is on."))
        refunds = Banner(
            "caution",
            tr("Stopping refunds nothing."),
            tr("When you stop depends on what you saw. A power cut counts as spent, too."),
        )
        return fixed, (stop, refunds)

    def _order(self, work: str) -> Card:
        order = Card(tr("What happens now"), tr("in this order, always"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        self._shapes: list[Shape] = []
        self._notes: list[QLabel] = []
        for at, (name, note) in enumerate(_order(work, self._epsilon)):
            shape, said = Shape("todo"), text(note, "purpose", wrap=True)
            grid.addWidget(shape, at, 0, Qt.AlignmentFlag.AlignVCenter)
            label = text(name, "strong")
            label.setMinimumWidth(170)
            grid.addWidget(label, at, 1)
            grid.addWidget(said, at, 2)
            self._shapes.append(shape)
            self._notes.append(said)
        order.add(grid)
        return order

    def take(self, found: "BySteps | None") -> None:
        """What is used by step, worked out beside the run; None where that cannot be said beforehand."""
        if self.charts is None:
            return
        if found is None:
            self.charts.used.tell(UNDECLARED)
            return
        self._batch = found.batch
        self.charts.used.take(found.points)
        more = [
            (tr("Noise multiplier"), tr("{noise:.2f}", noise=found.noise)),
            (tr("Batch"), tr("about {batch:,.0f} of {rows:,}", batch=found.batch, rows=found.rows)),
            (tr("Steps"), tr("{steps:,}", steps=found.steps)),
        ]
        self._run.add(Facts(more))
        self._spend()

    def costs(self) -> "list[Cost]":
        """What the action bar says: used of reserved, time left, speed. Empty while nothing can be said."""
        if not self._steps:
            return []
        used = None if self.charts is None else self.charts.used.used(self._done)
        held = tr("ε {epsilon:.2f} reserved", epsilon=self._epsilon)
        if used is not None:
            held = tr("ε {used:.2f} of {epsilon:.2f} reserved", used=used, epsilon=self._epsilon)
        told: list[Cost] = [("shield", tr("Privacy so far"), held)]
        if self.left:
            told.append(("clock", tr("Time left"), self.left))
        if self._rate > 0 and self._batch > 0:
            speed = tr("about {speed:,.0f} records a second", speed=_rounded(self._rate * self._batch))
            told.append(("cpu", tr("Speed"), speed))
        return told

    def _spend(self) -> None:
        """What is used so far, in the gauge of the ledger."""
        used = None if self.charts is None else self.charts.used.used(self._done)
        self.ledger.put(used, spent=self.at == WRITES)

    def follow(self, share: float, note: str) -> None:
        """`share` in 0..1 and what the step says: before it says anything it has no data."""
        self._time(note)
        self._mark(WRITES if share >= _WRITES else WORKS, share)
        self._spend()
        if self.at == WORKS and note:
            self._notes[WORKS].setText(f"{say(note)}, {self.left}" if self.left else say(note))

    def _time(self, note: str) -> None:
        found = _STEPS.search(note)
        if found is None:
            return
        done, steps = (int(one.replace(",", "")) for one in found.groups())
        self._done, self._steps = done, steps
        now = time.monotonic()
        if self._began is None:
            self._began = (now, done)
        began, first = self._began
        if done > first:
            self._rate = (done - first) / max(now - began, 1e-9)
            rest = seconds((steps - done) / self._rate)
            self.left = tr("about {time} left", time=rest)

    def _mark(self, at: int, share: float) -> None:
        self.at = at
        for place, shape in enumerate(self._shapes):
            shape.put("done" if place < at else "running" if place == at else "todo", share)
        self.setAccessibleName(f"{self._notes[at].text()}")


def _rounded(amount: float) -> float:
    """Two digits: it is an estimate."""
    return float(f"{amount:.1e}")


def _order(work: str, epsilon: float) -> list[tuple[str, str]]:
    return [
        (
            tr("Budget reserved"),
            tr("ε {epsilon:.2f}, written before the data is handed over", epsilon=epsilon),
        ),
        (tr("Data handed to the worker"), tr("the columns of this step, no project key")),
        (work, tr("with noise, in a process of its own")),
        (tr("Write the result"), tr("result, spent budget, hashes")),
    ]
