"""Two runs of a step beside each other: settings and results, what differs first."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.inputs import Check, Choice
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.gui.project import Project
from ppdesk.gui.results import scrolled
from ppdesk.gui.words import moment, title
from ppdesk.workbench.comparing import Comparison, Row, compare

_HIGH = 420  # px of the part that scrolls


class CompareDialog(Dialog):
    """The last good run of the step `key` beside an earlier one, which a person chooses."""

    def __init__(
        self, parent: QWidget | None, project: Project, key: str, runs: Sequence[tuple[int, str]]
    ) -> None:
        """`runs`: (event, time) of the good runs, oldest first, at least two."""
        words = tr("From the record alone: nothing is run and no data is read.")
        super().__init__(
            parent, tr("Compare runs of {step}", step=title(key)), words, verb=tr("Close"), wide=760
        )
        self.cancel.hide()
        self._project, self._key, self._now = project, key, runs[-1][0]
        self.found: Comparison | None = None
        choices = [
            (str(seq), tr("Run {number}, event {event}, {when}", number=at, event=seq, when=moment(when)))
            for at, (seq, when) in enumerate(runs[:-1], 1)
        ]
        self.other = Choice(tr("Compare with"), choices[::-1])
        self.other.currentIndexChanged.connect(self._ask)
        self.only = Check(tr("Only what differs"))
        self.only.setChecked(True)
        self.only.toggled.connect(self._show)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.other, 1)
        line.addWidget(self.only, 1)
        row = QWidget()
        row.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self.add(row)
        self.count = text("", "strong")
        self.add(self.count)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 12, 0)
        self._rows.setSpacing(12)
        area = scrolled(inside, tr("Differences"))
        area.setFixedHeight(_HIGH)
        self.add(area)
        self._ask()

    def _ask(self) -> None:
        other = int(self.other.value())

        def done(found: Comparison) -> None:
            if isValid(self) and str(found.other) == self.other.value():
                self.found = found
                self._show()

        self._project.ask(lambda session: compare(session, self._key, self._now, other), done, self.failed)

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        emptied(self._rows)
        self.count.setText(
            tr_count("{count} difference", "{count} differences", found.differences)
            if found.differences
            else tr("Nothing differs")
        )
        for heading, rows in ((tr("Settings"), found.settings), (tr("Result"), found.results)):
            self._table(heading, rows, found)
        self._rows.addStretch(1)

    def _table(self, heading: str, rows: Sequence[Row], found: Comparison) -> None:
        shown = [row for row in rows if row.differs or not self.only.isChecked()]
        if not shown:
            self._rows.addWidget(text(tr("{part}: nothing differs.", part=heading), "caption"))
            return
        none = tr("none")
        header = (
            tr("Name"),
            tr("Event {event}", event=found.other),
            tr("Event {event}", event=found.event),
            tr("Differs"),
        )
        cells = [
            (told(row.name), row.before or none, row.now or none, tr("changed") if row.differs else "")
            for row in shown
        ]
        card = Card(heading, flush=True)
        card.add(TableView(Table(heading, header, cells)))
        self._rows.addWidget(card)
