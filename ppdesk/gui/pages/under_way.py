"""While a run that spends something is on: what it is, what stopping means, what happens when."""

import re
import time
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ppdesk.gui.language import told as say
from ppdesk.gui.language import tr
from ppdesk.gui.look import GAP
from ppdesk.gui.parts.cards import Banner, Card, Facts
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text
from ppdesk.gui.words import seconds

_STEPS = re.compile(r"\b(\d[\d,]*) of (\d[\d,]*)\b")  # "Step 12 of 160", as a step's own notes say it
_WRITES = 0.95  # the share from which a step keeps what it made
RESERVED, HANDED, WORKS, WRITES = range(4)


class UnderWay(QWidget):
    """Follows one run."""

    def __init__(self, work: str, epsilon: float, told: Sequence[tuple[str, str]]) -> None:
        """`work`: what the step does, such as "Train"; `told`: (name, value) of this run."""
        super().__init__()
        self._began: tuple[float, int] | None = None  # when the first step was heard of, and which
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GAP)
        rows.addWidget(
            Banner(
                "caution",
                tr("Stopping refunds nothing."),
                tr("Settings are fixed meanwhile. A power cut counts as spent, too."),
            )
        )
        both = QHBoxLayout()
        both.setSpacing(GAP)
        run = Card(tr("This run"))
        run.add(Facts(told or [(tr("Privacy loss"), f"ε {epsilon:.2f}")]))
        run.add(QWidget(), 1)
        stop = Card(tr("If you stop now"))
        charged = [
            (tr("Charged"), tr("ε {epsilon:.2f}, as reserved", epsilon=epsilon)),
            (tr("Given back"), tr("nothing, once handed over")),
        ]
        stop.add(Facts([*charged, (tr("Kept"), tr("only that it was tried"))]))
        stop.add(QWidget(), 1)
        both.addWidget(run, 6)
        both.addWidget(stop, 5)
        rows.addLayout(both)
        order = Card(tr("What happens now"), tr("in this order, always"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        self._shapes: list[Shape] = []
        self._notes: list[QLabel] = []
        for at, (name, note) in enumerate(_order(work, epsilon)):
            shape, said = Shape("todo"), text(note, "purpose", wrap=True)
            grid.addWidget(shape, at, 0, Qt.AlignmentFlag.AlignVCenter)
            label = text(name, "strong")
            label.setMinimumWidth(170)
            grid.addWidget(label, at, 1)
            grid.addWidget(said, at, 2)
            self._shapes.append(shape)
            self._notes.append(said)
        order.add(grid)
        rows.addWidget(order)
        rows.addStretch(1)
        self.left = ""  # the time that is left, in words; empty while nothing can be said
        self.at = RESERVED
        self._mark(RESERVED, 0.0)

    def follow(self, share: float, note: str) -> None:
        """`share` in 0..1 and what the step says: before it says anything it has no data."""
        self._time(note)
        self._mark(WRITES if share >= _WRITES else WORKS, share)
        if self.at == WORKS and note:
            self._notes[WORKS].setText(f"{say(note)}, {self.left}" if self.left else say(note))

    def _time(self, note: str) -> None:
        found = _STEPS.search(note)
        if found is None:
            return
        done, steps = (int(one.replace(",", "")) for one in found.groups())
        now = time.monotonic()
        if self._began is None:
            self._began = (now, done)
        began, first = self._began
        if done > first:
            rest = seconds((now - began) / (done - first) * (steps - done))
            self.left = tr("about {time} left", time=rest)

    def _mark(self, at: int, share: float) -> None:
        self.at = at
        for place, shape in enumerate(self._shapes):
            shape.put("done" if place < at else "running" if place == at else "todo", share)
        self.setAccessibleName(f"{self._notes[at].text()}")


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
