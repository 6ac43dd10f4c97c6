"""The auditor's screen: rail of evidence, the band that cannot be mistaken, and one page."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.auditor.pages import TITLES, AgainPage, ListPage, SummaryPage, TimelinePage
from ppdesk.gui.auditor.rail import AuditorRail
from ppdesk.gui.frame import StepHeader
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.band import Band
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.results import Render
from ppdesk.gui.standing import auditor_words
from ppdesk.gui.timeline import Line
from ppdesk.workbench.auditing.views import Judged, Overview, Proof
from ppdesk.workbench.remaking.views import Remade


class AuditorScreen(QWidget):
    """Shows an `Overview`. Signals say what is asked for; nothing here reads the file."""

    check_asked = Signal()
    print_asked = Signal()
    again_asked = Signal(int, str)  # event, kind
    every_asked = Signal()
    step_asked = Signal(str)
    help_asked = Signal()

    def __init__(self, render: Render) -> None:
        super().__init__()
        self.found: Overview | None = None
        self.has_steps = False  # whether the steps' own pages can be shown, too
        self.rail, self.band, self.header = AuditorRail(), Band(), StepHeader()
        self.rail.asked.connect(self.show_page)
        self.header.help_asked.connect(self.help_asked)
        self.check = Button(tr("Check again"), "ghost", icon="rotate-ccw")
        self.check.clicked.connect(self.check_asked)
        self.every = Button(tr("Run all again"), "ghost", icon="rotate-ccw")
        self.every.clicked.connect(self.every_asked)
        self.print = Button(tr("Print summary"), "ghost", icon="printer")
        self.print.clicked.connect(self.print_asked)
        for button in (self.check, self.every, self.print):
            self.header.add_action(button)
        self.summary, self.timeline = SummaryPage(), TimelinePage(render)
        self.again = AgainPage()
        self.pages: dict[str, QWidget] = {
            name: ListPage(told(title), render) for name, (title, _) in TITLES.items()
        }
        self.pages |= {"summary": self.summary, "timeline": self.timeline, "again": self.again}
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        self._build()
        self._connect()
        self.page = ""
        self.show_page("summary")

    def _build(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addWidget(self.header)
        column.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)

    def _connect(self) -> None:
        self.summary.judged.asked.connect(self._about)
        self.summary.timeline.table.doubleClicked.connect(lambda _: self._to_event())
        self.summary.timeline.table.activated.connect(lambda _: self._to_event())
        self.summary.again.asked.connect(self._first_again)
        self.summary.again.another.connect(lambda: self.show_page("again"))
        self.timeline.timeline.chosen.connect(self._chosen)
        self.timeline.pane.step_asked.connect(self.step_asked)
        self.again.asked.connect(self.again_asked)

    # showing

    def show_page(self, name: str) -> None:
        """Show the page `name` of the rail."""
        self.page = name
        title, purpose = TITLES[name]
        self.header.put(tr("Auditor"), told(title), told(purpose))
        self.every.setVisible(name == "again")
        self.rail.choose(name)
        page = self.pages[name]
        if isinstance(page, ListPage) and self.found is not None and name in self.found.pages:
            page.put(self.found.pages[name])
        self.stack.setCurrentWidget(page)

    def checking(self, share: float) -> None:
        """Say that the check is on its way; what is shown stays."""
        self.check.setEnabled(False)
        self.print.setEnabled(False)
        self.rail.checking(share)

    def failed(self, error: CodedError) -> None:
        """Say why there is nothing to show."""
        self.check.setEnabled(True)
        self.rail.failed(told(error.message))

    def put(self, found: Overview, lines: Sequence[Line]) -> None:
        """Show what was found."""
        self.found = found
        self.check.setEnabled(True)
        self.print.setEnabled(True)
        self.band.put(*auditor_words(found))
        self.rail.put(found)
        self.summary.put(found, lines)
        self.timeline.timeline.put(lines)
        self.again.put(found.offers)
        self.every.setEnabled(bool(found.offers))
        for name, page in self.pages.items():
            if isinstance(page, ListPage):
                page.shown = None if name != self.page else page.shown
        self.show_page(self.page)

    def put_proof(self, proof: Proof) -> None:
        """Show what an accountant proves beside the sum."""
        self.summary.sum.put_proof(proof)

    def put_remade(self, remade: Remade) -> None:
        """Show a finding that was made again."""
        first = self.found.offers[0] if self.found is not None and self.found.offers else None
        shown = self.summary.again.remade
        here = (remade.event, remade.what)
        if (
            (shown is None and first is not None and here == (first.event, first.what))
            or self.page == "again"
            or (shown is not None and here == (shown.event, shown.what))
        ):
            self.summary.again.put(remade)
        self.again.put_result(remade)

    # moving

    def reveal(self, seq: int) -> None:
        """Show the event `seq` in the timeline."""
        self.show_page("timeline")
        self.timeline.timeline.reveal(seq)

    def _about(self, judged: Judged) -> None:
        if judged.page == "timeline" and judged.event is not None:
            self.reveal(judged.event)
        else:
            self.show_page(judged.page)

    def _to_event(self) -> None:
        seq = self.summary.timeline.table.current()
        if seq is not None:
            self.reveal(seq)

    def _chosen(self, seq: int) -> None:
        event = self.found.event(seq) if self.found is not None else None
        if event is None or self.found is None:
            return
        last = next((one for one in reversed(self.found.events) if one.kind == event.kind), event)
        self.timeline.pane.put(event, current=self.has_steps and event is last)

    def _first_again(self) -> None:
        """Run again what the summary shows."""
        shown = self.summary.again.remade
        if shown is not None:
            self.again_asked.emit(shown.event, shown.what)
        elif self.found is not None and self.found.offers:
            first = self.found.offers[0]
            self.again_asked.emit(first.event, first.what)
