"""Four eyes in the window: asked for by one person, answered by another with a key of their own."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.dialogs.approval import AnswerDialog
from ppdesk.gui.dialogs.base import ErrorDialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.project import Project
from ppdesk.gui.signing import Signing
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.approvals import Request


class Approving(QObject):
    """Asks for approvals and answers them."""

    def __init__(self, window: QWidget, project: Project, signing: Signing) -> None:
        super().__init__(window)
        self._window, self._project, self._signing = window, project, signing

    def ask(self, key: str, values: dict[str, Any]) -> None:
        """Put on record that the person asks for the approval of a run."""
        title = entry(key).load().title
        self._signing.somebody(
            f"You ask for a second person's approval of {title}, under your signature.",
            lambda: self._project.change(
                lambda session: session.request_approval(key, values), lambda: None, self._refused
            ),
        )

    def answer(self, request: "Request") -> None:
        """Show what is asked for, and take the answer of a second person."""
        self._project.keys.held(lambda known: self._open(request, known), self._refused)

    def _open(self, request: "Request", known: list[OwnKey], error: CodedError | None = None) -> None:
        others = [one for one in known if one.fingerprint != request.fingerprint]
        dialog = AnswerDialog(self._window, request, others)
        if error is not None:
            dialog.say_error(error)
        dialog.answered.connect(lambda approve: self._answer(dialog, request, approve=approve))
        dialog.open()

    def _answer(self, dialog: AnswerDialog, request: "Request", *, approve: bool) -> None:
        """Sign the answer with the second person's key, which is used for this alone."""
        comment = dialog.comment.toPlainText().strip()

        def done() -> None:
            dialog.accept()

        def failed(error: CodedError) -> None:
            dialog.say_error(error)
            dialog.busy_both(on=False)

        dialog.busy_both(on=True)
        work = self._project.keys.once(
            dialog.signer,
            dialog.secret.text(),
            lambda session: (session.approve if approve else session.decline)(request.event, comment),
        )
        self._project.change(work, done, failed)

    def _refused(self, error: CodedError) -> None:
        ErrorDialog(self._window, error).open()
