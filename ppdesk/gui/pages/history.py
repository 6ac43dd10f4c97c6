"""History: is the record whole, who vouches for it, what waits for a second person, and every event."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.frame import StepHeader
from ppdesk.gui.language import tr
from ppdesk.gui.look import GAP, LOW_WINDOW, MARGIN
from ppdesk.gui.pages.history_card import TimelineCard
from ppdesk.gui.pages.history_event import EventPane
from ppdesk.gui.pages.history_verdict import VerdictCard
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.timeline import Line, lines

if TYPE_CHECKING:
    from ppdesk.workbench.views import HistoryVerdict


class HistoryPage(QWidget):
    """The whole record of a project, checked when the page is shown and when something was added."""

    answer_asked = Signal(object)  # a Request
    sign_asked = Signal()
    step_asked = Signal(str)
    verdict_known = Signal(str)  # for the status bar

    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project = project
        self.verdict: HistoryVerdict | None = None
        self._lines: list[Line] = []
        self._checked = -1  # events that the verdict is about
        self._build()

    def _build(self) -> None:
        self.header = StepHeader()
        self.header.put(
            tr("Project"),
            tr("History"),
            tr("Everything that was done, in order, and whether the record is whole."),
        )
        self.header.help.hide()
        self.again = Button(tr("Check again"), "ghost", icon="rotate-ccw")
        self.again.clicked.connect(self._check)
        self.sign = Button(tr("Sign the history"), "ghost", icon="pen-line")
        self.sign.clicked.connect(self.sign_asked)
        self.header.add_action(self.sign)
        self.header.add_action(self.again)
        self.card = VerdictCard()
        self.card.answer_asked.connect(self.answer_asked)
        self.timeline = card = TimelineCard()
        card.chosen.connect(self._chosen)
        self.table, self.search, self.kind = card.table, card.search, card.kind
        self.pane = EventPane(self._project.render)
        self.pane.step_asked.connect(self.step_asked)
        self._body = body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(GAP)
        body.addWidget(card, 1)
        body.addWidget(self.pane)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        inside = QVBoxLayout()
        inside.setContentsMargins(MARGIN, 0, MARGIN, 16)
        inside.setSpacing(GAP)
        inside.addWidget(self.card)
        inside.addLayout(body, 1)
        whole.addLayout(inside, 1)

    # showing

    def show_project(self, snapshot: Snapshot) -> None:
        """The project as it stands now; checked anew where it has grown."""
        self.sign.setVisible(not snapshot.read_only)
        self.card.put(snapshot, self.verdict if self._checked == len(snapshot.events) else None)
        self._lines = lines(snapshot, self.verdict.heads if self.verdict is not None else ())
        self.timeline.put(self._lines)
        if self._checked != len(snapshot.events):
            self._check()

    def _check(self) -> None:
        """Verify every link and every signature, on the background thread."""
        snapshot = self._project.snapshot
        if snapshot is None:
            return
        self._checked = len(snapshot.events)
        self.again.setEnabled(False)
        self.card.checking()
        self._project.ask(lambda session: session.verify_history(), self._told, self._failed)

    def _told(self, verdict: "HistoryVerdict") -> None:
        from shiboken6 import isValid

        snapshot = self._project.snapshot
        if not isValid(self) or snapshot is None:
            return
        self.verdict = verdict
        self.again.setEnabled(True)
        self.card.put(snapshot, verdict)
        self._lines = lines(snapshot, verdict.heads)
        self.timeline.put(self._lines)
        self.verdict_known.emit(
            tr("History intact, checked") if verdict.holds else tr("The history does not hold")
        )

    def _failed(self, error: CodedError) -> None:
        from shiboken6 import isValid

        if isValid(self):
            self.again.setEnabled(True)
            self.card.failed(error)

    def _chosen(self, seq: int) -> None:
        snapshot = self._project.snapshot
        event = snapshot.event(seq) if snapshot is not None else None
        if event is not None and snapshot is not None:
            known = {one.key: one.seq for one in snapshot.places}
            self.pane.put(event, current=known.get(event.kind) == event.seq)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.low(on=self.window().height() < LOW_WINDOW)
        self.pane.setFixedWidth(340 if self.width() > 1120 else 300)
