"""The page of Standard: its limits, held to the policy of this computer."""

from ppdesk.gui.form import Form
from ppdesk.gui.pages import standard_policy
from ppdesk.gui.pages.pane import Pane


class StandardStep(Pane):
    """The limits, held to the policy of this computer."""

    def make_form(self) -> Form:
        form = Form(self.step.Params)
        standard_policy.bind(form, self.project.policy)
        return form
