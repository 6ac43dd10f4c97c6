"""Several eyes in the window: runs approved and drafts endorsed by another person with a key of their own."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.dialogs.approval import AnswerDialog, Question, about_draft, about_request
from ppdesk.gui.dialogs.base import ErrorDialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.language import tr
from ppdesk.gui.project import Project
from ppdesk.gui.signing import Signing
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ppdesk.workbench.evidence.approvals import Request
    from ppdesk.workbench.evidence.endorsing import Draft
    from ppdesk.workbench.session import Session

    Sign = Callable[[Session, bool, str], object]  # yes or no, and the comment


class Approving(QObject):
    """Asks for approvals and answers them."""

    def __init__(self, window: QWidget, project: Project, signing: Signing) -> None:
        super().__init__(window)
        self._window, self._project, self._signing = window, project, signing

    def ask(self, key: str, values: dict[str, Any]) -> None:
        """Put on record that the person asks for the approval of a run."""
        title = entry(key).load().title
        self._signing.somebody(
            tr("You ask for a second person's approval of {title}, under your signature.", title=title),
            lambda: self._project.change(
                lambda session: session.request_approval(key, values), lambda: None, self._refused
            ),
        )

    def answer(self, request: "Request") -> None:
        """Show what is asked for, and take the answer of a second person."""

        def sign(session: "Session", yes: bool, comment: str) -> object:
            return (session.approve if yes else session.decline)(request.event, comment)

        self._project.keys.held(
            lambda known: self._open(
                about_request(request), [one for one in known if one.fingerprint != request.fingerprint], sign
            ),
            self._refused,
        )

    def endorse(self, draft: "Draft") -> None:
        """Show what is to be endorsed, and take what a person says of it under their own key."""

        def sign(session: "Session", yes: bool, comment: str) -> object:
            return (session.endorse if yes else session.object_to)(draft.event, comment)

        self._project.keys.held(lambda known: self._open(about_draft(draft), known, sign), self._refused)

    def _open(self, question: Question, known: list[OwnKey], sign: "Sign") -> None:
        dialog = AnswerDialog(self._window, question, known)
        dialog.answered.connect(lambda yes: self._answer(dialog, sign, yes=yes))
        dialog.open()

    def _answer(self, dialog: AnswerDialog, sign: "Sign", *, yes: bool) -> None:
        """Sign the answer with that person's key, which is used for this alone."""
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
            lambda session: sign(session, yes, comment),
        )
        self._project.change(work, done, failed)

    def _refused(self, error: CodedError) -> None:
        ErrorDialog(self._window, error).open()
