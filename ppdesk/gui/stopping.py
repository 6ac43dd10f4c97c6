"""Stopping a run: asked once more where it would refund nothing; what keeps results ends early first."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ppdesk.gui.dialogs.base import AskDialog
from ppdesk.gui.language import tr
from ppdesk.gui.project import Project
from ppdesk.workflow.catalog import step


class Stopping(QObject):
    """Stops what runs; a run that ends by itself takes the question with it."""

    ending = Signal(str)  # the step that was told to end with what it has

    def __init__(self, window: QWidget, project: Project, spends: Callable[[], float]) -> None:
        """`spends`: epsilon that was reserved for the run that is on."""
        super().__init__(window)
        self._window, self._project, self._spends = window, project, spends
        self.dialog: AskDialog | None = None

    def ask(self) -> None:
        """Stop at once what costs nothing; else say first what stopping means."""
        if not self._project.running or self.dialog is not None:
            return
        if step(self._project.running).keeps_results and not self._project.enough():
            self.ending.emit(self._project.running)
            return
        epsilon = self._spends()
        if epsilon <= 0:
            self._project.cancel()
            return
        words = tr(
            "Stopping refunds nothing once the data has been handed over: ε {epsilon:.2f} was written as "
            "spent before that, and stays so. Nothing of the run is kept but that it was tried.",
            epsilon=epsilon,
        )
        self.dialog = AskDialog(self._window, tr("Stop this run?"), words, tr("Stop, refund nothing"))
        self.dialog.cancel.say(tr("Go on"))
        self.dialog.accepted.connect(self._project.cancel)
        self.dialog.finished.connect(self._left)
        self.dialog.open()

    def over(self) -> None:
        """The run has ended."""
        if self.dialog is not None:
            self.dialog.reject()

    def _left(self) -> None:
        self.dialog = None
