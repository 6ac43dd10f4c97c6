"""One event beside the timeline: its record, its remarks, and its result."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.findings import Level
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Banner, Card, EmptyState, Facts
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.project import Project
from ppdesk.gui.results import BlockGrid, scrolled
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.timeline import section_of, what
from ppdesk.gui.words import grouped, moment, sentence
from ppdesk.workbench.notes import title_of
from ppdesk.workflow.catalog import CATALOG

if TYPE_CHECKING:
    from ppdesk.store.events import Event

_TONES = {Level.BLOCKING: "risk", Level.CAUTION: "caution", Level.INFO: "info"}
_STEPS = {one.key for one in CATALOG}


class EventPane(Card):
    """What the record says of one event."""

    step_asked = Signal(str)

    def __init__(self, project: Project) -> None:
        super().__init__(flush=True)
        self._project = project
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(15, 12, 15, 12)
        self._rows.setSpacing(10)
        self.add(scrolled(inside, "The chosen event"), 1)
        self.shown: int | None = None
        self.setAccessibleName("The chosen event")
        self._rows.addWidget(EmptyState("No event chosen", "Choose one in the timeline."))

    def put(self, event: "Event", snapshot: Snapshot) -> None:
        """Show `event`."""
        self.shown = event.seq
        emptied(self._rows)
        name = title_of(event.kind, {}) if event.kind not in _STEPS else event.kind.capitalize()
        self._rows.addWidget(text(f"Event {event.seq}: {name}", "section", wrap=True))
        self._rows.addWidget(Flow(what(event)))
        facts = [("When", moment(event.time)), ("Who", event.actor), ("Outcome", event.outcome)]
        if event.refers is not None:
            facts.append(("Belongs to", f"event {event.refers}"))
        if event.code:
            facts.append(("Written by", event.code))
        if event.redacted:
            facts.append(("Closed fields", str(len(event.redacted))))
        self._rows.addWidget(Facts(facts))
        reason = event.params.get("reason") or event.params.get("comment")
        if isinstance(reason, str) and reason:
            self._rows.addWidget(Banner("info", "Why", reason))
        for finding in event.findings:
            self._rows.addWidget(Banner(_TONES[finding.level], sentence(finding.title), finding.detail))
        for label, value in (("Hash", event.hash), ("Hash of the event before", event.prev)):
            self._rows.addWidget(text(label, "label"))
            self._rows.addWidget(text(grouped(value, 16), "mono", wrap=True))
        self._result(event, snapshot)
        self._rows.addStretch(1)

    def _result(self, event: "Event", snapshot: Snapshot) -> None:
        section = section_of(event)
        if section is None:
            return
        place = snapshot.place(event.kind)
        if place.seq == event.seq:
            go = Button("Open its page", "link", height=20)
            go.clicked.connect(lambda: self.step_asked.emit(event.kind))
            self._rows.addWidget(go)
        self._rows.addWidget(text("Result", "section"))
        self._rows.addWidget(BlockGrid(section.blocks, self._project.render, figures=2))
