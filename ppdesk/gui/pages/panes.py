"""Which steps have more than a form: key -> Pane. All others are made from their Params alone."""

from typing import Any

from ppdesk.gui.form import Form
from ppdesk.gui.pages import roles_proposed, standard_policy
from ppdesk.gui.pages.anonymize import AnonymizeStep
from ppdesk.gui.pages.assessed import AssessStep
from ppdesk.gui.pages.clean import CleanStep
from ppdesk.gui.pages.import_pane import ImportStep
from ppdesk.gui.pages.model import ModelStep
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.quality import QualityStep
from ppdesk.gui.pages.released import StatisticsStep, SynthesizeStep
from ppdesk.gui.pages.report import ReportStep
from ppdesk.gui.pages.roles import RolesPane
from ppdesk.gui.pages.statements import StatementsStep
from ppdesk.gui.pages.train import TrainStep
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import Place
from ppdesk.workflow.step import Step


class StandardStep(Pane):
    """The limits, held to the policy of this computer."""

    def make_form(self) -> Form:
        form = Form(self.step.Params)
        standard_policy.bind(form, self.project.policy)
        return form


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


PANES: dict[str, type[Pane]] = {
    "standard": StandardStep,
    "import": ImportStep,
    "clean": CleanStep,
    "roles": RolesStep,
    "quality": QualityStep,
    "anonymize": AnonymizeStep,
    "opendp": StatisticsStep,
    "synthesize": SynthesizeStep,
    "model": ModelStep,
    "train": TrainStep,
    "tune": ModelStep,
    "evaluate": AssessStep,
    "attack": AssessStep,
    "audit": AssessStep,
    "statements": StatementsStep,
    "draft": ReportStep,
    "report": ReportStep,
}


def pane_for(key: str, step: Step[Any, Any], project: Project) -> Pane:
    """The pane of the step `key`."""
    return PANES.get(key, Pane)(step, project)
