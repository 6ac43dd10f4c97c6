"""Who signs: asked before the first thing that is sealed, and when a project is closed unsigned."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.dialogs.closing import SignOnCloseDialog
from ppdesk.gui.dialogs.keys import SignerDialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.language import tr
from ppdesk.gui.project import Project

Then = Callable[[], None]


class Signing(QObject):
    """Asks for a key once for each session of a project."""

    def __init__(self, window: QWidget, project: Project, actor: str) -> None:
        super().__init__(window)
        self._window, self._project, self._actor = window, project, actor
        self._left_unsigned = False
        project.opened.connect(self._anew)

    def _anew(self) -> None:
        self._left_unsigned = False

    def somebody(self, what: str, then: Then, *, anew: bool = False) -> None:
        """Do `then` once somebody signs; `what` says in a sentence what for. `anew` asks in any case."""
        if self._project.signer and not anew:
            then()
            return
        self._project.keys.held(
            lambda known: self._ask(what, then, known), lambda error: self._ask(what, then, [], error)
        )

    def _ask(self, what: str, then: Then, known: list[OwnKey], error: CodedError | None = None) -> None:
        dialog = SignerDialog(self._window, what, known, self._actor, self._project.judge)
        if error is not None:
            dialog.say_error(error)

        def failed(refused: CodedError) -> None:
            self._ask(what, then, known, refused)

        def enter() -> None:
            name, secret = dialog.signer, dialog.passphrase
            act = self._project.keys.make if dialog.new else self._project.keys.unlock
            act(name, secret, done=then, failed=failed)

        dialog.accepted.connect(enter)
        dialog.open()

    def before_closing(self, then: Then) -> None:
        """Ask once whether to sign what this session added, then do `then`."""
        if not self._project.leaves_unsigned or self._left_unsigned:
            then()
            return
        snapshot = self._project.snapshot
        dialog = SignOnCloseDialog(self._window, snapshot.unsigned if snapshot else "")

        def leave() -> None:
            self._left_unsigned = True
            then()

        dialog.left.connect(leave)
        dialog.accepted.connect(
            lambda: self.somebody(tr("The history is signed as it stands when the project is closed."), then)
        )
        dialog.open()
