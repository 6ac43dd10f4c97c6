"""What stands at the right of a step's header: the clause that it serves, and its earlier runs."""

from PySide6.QtCore import QObject, Signal

from ppdesk.gui.clauses import Served, served
from ppdesk.gui.dialogs.compare import CompareDialog
from ppdesk.gui.frame import StepHeader
from ppdesk.gui.language import tr
from ppdesk.gui.pages.clause_panel import ClausePanel
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Snapshot


class HeaderTools(QObject):
    """Two ghost buttons of the header of the step `key`."""

    go_asked = Signal(str)

    def __init__(self, header: StepHeader, project: Project, key: str) -> None:
        super().__init__(header)
        self._header, self._project, self._key = header, project, key
        self._served: Served | None = None
        self._runs: list[tuple[int, str]] = []
        self.clause = Button("", "ghost", icon="scale")
        self.clause.clicked.connect(self.show_clause)
        self.compare = Button("", "ghost", icon="git-compare")
        self.compare.clicked.connect(self.show_compare)
        header.add_action(self.clause)
        header.add_action(self.compare)

    def show_project(self, snapshot: Snapshot) -> None:
        """The project changed, or the page is shown."""
        self._served = served(snapshot, self._key)
        self.clause.say(self._served.button)
        self.clause.setAccessibleName(
            tr("Clause that this step serves: {clause}", clause=self._served.button)
        )
        self.clause.setToolTip(tr("What {standard} asks of this step", standard=self._served.title))
        good = [one for one in snapshot.events if one.kind == self._key and one.outcome == "ok"]
        self._runs = [(one.seq, one.time) for one in good]
        self.compare.setVisible(len(self._runs) > 1)
        self.compare.say(tr("Compare with run {number}", number=max(1, len(self._runs) - 1)))

    def show_clause(self) -> None:
        """Open the rule's text under the button."""
        if self._served is not None:
            panel = ClausePanel(self._header.window(), self._served, self._key)
            panel.go_asked.connect(self.go_asked)
            panel.show_below(self.clause)

    def show_compare(self) -> None:
        """Open the last run beside an earlier one."""
        CompareDialog(self._header.window(), self._project, self._key, self._runs).open()
