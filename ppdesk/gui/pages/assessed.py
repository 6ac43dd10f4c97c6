"""The pages of Evaluate, Attack and Audit: their results are wide, so the form makes room for them."""

from typing import ClassVar

from ppdesk.gui.pages.pane import Pane


class AssessStep(Pane):
    """The form stands beside the result until there is one; then a button brings it back."""

    folds: ClassVar[bool] = True
