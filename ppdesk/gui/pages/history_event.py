"""One event beside the timeline: its record, its remarks, and its result."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.findings import Level
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Banner, Card, EmptyState, Facts
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import Flow, text
from ppdesk.gui.results import BlockGrid, Render, scrolled
from ppdesk.gui.timeline import section_of, what
from ppdesk.gui.words import grouped, moment, sentence, title
from ppdesk.workbench.notes import title_of
from ppdesk.workflow.catalog import CATALOG

if TYPE_CHECKING:
    from ppdesk.store.events import Event

_TONES = {Level.BLOCKING: "risk", Level.CAUTION: "caution", Level.INFO: "info"}
_STEPS = {one.key for one in CATALOG}


class EventPane(Card):
    """What the record says of one event."""

    step_asked = Signal(str)

    def __init__(self, render: Render) -> None:
        """`render` draws the figures of a result."""
        super().__init__(flush=True)
        self._render = render
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(15, 12, 15, 12)
        self._rows.setSpacing(10)
        self.add(scrolled(inside, tr("The chosen event")), 1)
        self.shown: int | None = None
        self.setAccessibleName(tr("The chosen event"))
        self._rows.addWidget(EmptyState(tr("No event chosen"), tr("Choose one in the timeline.")))

    def put(self, event: "Event", *, current: bool) -> None:
        """Show `event`; `current`: its result is the one that holds, so that its page shows it too."""
        self.shown = event.seq
        emptied(self._rows)
        name = told(title_of(event.kind, {})) if event.kind not in _STEPS else title(event.kind)
        self._rows.addWidget(text(tr("Event {seq}: {name}", seq=event.seq, name=name), "section", wrap=True))
        self._rows.addWidget(Flow(told(what(event))))
        facts = [
            (tr("When"), moment(event.time)),
            (tr("Who"), event.actor),
            (tr("Outcome"), told(event.outcome)),
        ]
        if event.refers is not None:
            facts.append((tr("Belongs to"), tr("event {seq}", seq=event.refers)))
        if event.code:
            facts.append((tr("Written by"), event.code))
        if event.redacted:
            facts.append((tr("Closed fields"), str(len(event.redacted))))
        self._rows.addWidget(Facts(facts))
        reason = event.params.get("reason") or event.params.get("comment")
        if isinstance(reason, str) and reason:
            self._rows.addWidget(Banner("info", tr("Why"), reason))
        for finding in event.findings:
            self._rows.addWidget(
                Banner(_TONES[finding.level], told(sentence(finding.title)), told(finding.detail))
            )
        for label, value in ((tr("Hash"), event.hash), (tr("Hash of the event before"), event.prev)):
            self._rows.addWidget(text(label, "label"))
            self._rows.addWidget(text(grouped(value, 16), "mono", wrap=True))
        self._result(event, current=current)
        self._rows.addStretch(1)

    def _result(self, event: "Event", *, current: bool) -> None:
        section = section_of(event)
        if section is None:
            return
        if current:
            go = Button(tr("Open its page"), "link", height=20)
            go.clicked.connect(lambda: self.step_asked.emit(event.kind))
            self._rows.addWidget(go)
        self._rows.addWidget(text(tr("Result"), "section"))
        self._rows.addWidget(BlockGrid(section.blocks, self._render, figures=2))
