"""The page of Roles: one row per column of the table that holds now."""

from ppdesk.gui.pages import roles_proposed
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.trees.opening import ProjectTrees
from ppdesk.workflow.navigation import Place


class RolesStep(Pane):
    """One row per column."""

    tabs = ("Columns", "Result")

    def make_form(self) -> RolesPane:
        self.columns = RolesPane()
        self.columns.inspect_asked.connect(lambda: self.go_asked.emit("inspect"))
        self.trees = ProjectTrees(self.project, self)
        self.columns.edit_asked.connect(self._edit)
        return self.columns

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self.columns.show_columns(snapshot.columns)
        self.columns.show_proposal(roles_proposed.read(snapshot.heads))

    def _edit(self, name: str) -> None:
        """Open the tree of a column; what comes of it is filled in here."""
        row, proposal = self.columns.columns[name], self.columns.proposal
        proposed = proposal.columns.get(name) if proposal is not None else None
        self.trees.edit(
            self.columns, row.draft(), row.rule_or_none(), row.take_edited,
            file=row.hierarchy, kind=proposed.kind if proposed is not None else "",
        )  # fmt: skip
