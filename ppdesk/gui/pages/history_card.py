"""The timeline as a card: every event or the important ones, found by who, what or why."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout

from ppdesk.gui.language import tr
from ppdesk.gui.pages.history_table import Timeline
from ppdesk.gui.parts.buttons import Segmented
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.inputs import LineField
from ppdesk.gui.parts.text import text
from ppdesk.gui.timeline import Line

_WAIT = 120  # ms after the last key


class TimelineCard(Card):
    """Choose among events; `chosen` says the number of one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(flush=True)
        self._lines: list[Line] = []
        self.table = Timeline()
        self.table.chosen.connect(self.chosen)
        self.count = text("", "caption")
        self.kind = Segmented([("important", tr("Important")), ("all", tr("All"))], tr("Events shown"))
        self.kind.put("important")
        self.kind.chosen.connect(lambda _: self._show())
        self.search = LineField(tr("Find in the history"), small=True)
        self.search.setPlaceholderText(tr("Who, what or why"))
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(200)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_WAIT)
        self._soon.timeout.connect(self._show)
        self.search.textChanged.connect(self._soon.start)
        head = QHBoxLayout()
        head.setContentsMargins(15, 9, 12, 9)
        head.setSpacing(10)
        for part in (text(tr("Timeline"), "section"), self.count):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.kind)
        head.addWidget(self.search)
        self.add(head)
        self.add(self.table, 1)
        self.setAccessibleName(tr("Timeline"))

    def put(self, lines: Sequence[Line]) -> None:
        """Show those of `lines` that are asked for."""
        self._lines = list(lines)
        self._show()

    def reveal(self, seq: int) -> None:
        """Choose the event `seq`, with every event shown where it is not among the important ones."""
        line = next((one for one in self._lines if one.seq == seq), None)
        if line is None:
            return
        self.search.clear()
        if not line.important:
            self.kind.put("all")
        self._show()
        self.table.choose(seq)

    def _show(self) -> None:
        every = self.kind.value() == "all"
        shown = [one for one in self._lines if (every or one.important) and one.matches(self.search.text())]
        self.table.put(shown)
        self.count.setText(
            tr("{shown} of {all} events", shown=len(shown), all=len(self._lines))
            if self._lines
            else tr("no events yet")
        )
