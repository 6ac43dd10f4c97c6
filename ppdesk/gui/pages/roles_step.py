"""The page of Roles: one row per column of the table that holds now."""

from ppdesk.gui.pages import roles_proposed
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import Place


class RolesStep(Pane):
    """One row per column."""

    tabs = ("Columns", "Result")

    def make_form(self) -> RolesPane:
        self.columns = RolesPane()
        self.columns.inspect_asked.connect(lambda: self.go_asked.emit("inspect"))
        return self.columns

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self.columns.show_columns(snapshot.columns)
        self.columns.show_proposal(roles_proposed.read(snapshot.heads))
