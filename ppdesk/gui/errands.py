"""What the menus do besides running steps: passphrase, check, compact, signatures, people, policy, help."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.arx import TakeArxDialog
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.dialogs.care import CheckDialog
from ppdesk.gui.dialogs.keys import ChangePassphraseDialog
from ppdesk.gui.dialogs.people import PeopleDialog
from ppdesk.gui.dialogs.policy import PolicyDialog
from ppdesk.gui.dialogs.show import LedgerDialog
from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.project import Project
from ppdesk.gui.signing import Signing
from ppdesk.workflow.step import Step

if TYPE_CHECKING:
    from ppdesk.workbench.upkeep import Checked


class Errands(QObject):
    """Opens the dialogs of the menus and does what they ask for."""

    said = Signal(str)  # for the status bar
    help_asked = Signal(str)  # a step's key; empty for all of it
    busy = Signal(str)
    history_words = Signal(str)
    open_asked = Signal(str)
    forms_filled = Signal()

    def __init__(self, window: QWidget, project: Project, desk: Desk, signing: Signing, offline: str) -> None:
        super().__init__(window)
        self._window, self._project, self._desk = window, project, desk
        self._signing, self._offline = signing, offline

    def _failed(self, error: CodedError) -> None:
        self.busy.emit("")
        ErrorDialog(self._window, error).open()

    # the file

    def change_passphrase(self) -> None:
        """Put the project under another passphrase."""
        snapshot = self._project.snapshot
        if snapshot is None or self._project.running:
            return
        dialog = ChangePassphraseDialog(self._window, snapshot.name, self._project.judge, self._desk.actor)

        def change() -> None:
            old, new = dialog.old.text(), dialog.fields.text()
            self.busy.emit(tr("Changing the passphrase"))
            self._project.change(
                lambda session: session.change_passphrase(old, new),
                lambda: self._done(tr("The passphrase was changed")),
                self._failed,
            )

        dialog.accepted.connect(change)
        dialog.open()

    def check(self) -> None:
        """Check all of the file, and say what was looked at."""
        self.busy.emit(tr("Checking the file"))

        def done(checked: "Checked") -> None:
            self.busy.emit("")
            count = len(checked.findings)
            found = tr_count("{count} finding in the file", "{count} findings in the file", count)
            self.history_words.emit(tr("History intact, file checked") if checked.holds else found)
            CheckDialog(self._window, checked).open()

        self._project.ask(lambda session: session.check(), done, self._failed)

    def compact(self) -> None:
        """Write the file anew without what is unused in it."""
        if self._project.running:
            return
        ask = AskDialog(
            self._window,
            tr("Compact the file?"),
            tr(
                "The file is written anew without unused space. That needs as much free room as the file "
                "has, "
                "and goes on record. Nothing is lost if it is interrupted."
            ),
            tr("Compact"),
        )
        gained: list[int] = []

        def compact() -> None:
            self.busy.emit(tr("Writing the file anew"))
            self._project.change(
                lambda session: gained.append(session.compact()),
                lambda: self._done(tr("{gained:,.1f} MB gained", gained=max(0, gained[0]) / 1e6)),
                self._failed,
            )

        ask.accepted.connect(compact)
        ask.open()

    def _done(self, words: str) -> None:
        self.busy.emit("")
        self.said.emit(words)

    # other programs

    def take_arx(self) -> None:
        """Fill forms in from a project of ARX."""
        if self._project.running:
            return
        dialog = TakeArxDialog(self._window, self._project)
        dialog.taken.connect(self.forms_filled)
        dialog.open()

    # people

    def sign(self) -> None:
        """Sign the history as it stands."""
        self._signing.somebody(
            tr("Your signature covers every event up to now."),
            lambda: self._project.change(
                lambda session: session.sign_head(),
                lambda: self._done(tr("The history is signed")),
                self._failed,
            ),
        )

    def people(self) -> None:
        """Own keys, the people of the project, whom this person trusts."""
        PeopleDialog(self._window, self._project, self._signing).open()

    # what is shown

    def policy(self) -> None:
        """What IT set for this computer."""
        snapshot = self._project.snapshot
        standard = snapshot.heads.get(Kind.STANDARD) if snapshot is not None else None
        PolicyDialog(self._window, self._project.policy, standard).open()

    def ledger(self) -> None:
        if self._project.snapshot is not None:
            LedgerDialog(self._window, self._project.snapshot.budget).open()

    def help(self, step: Step[Any, Any] | None) -> None:
        """Help on a step; without one, all of it."""
        self.help_asked.emit("" if step is None else step.key)

    def about(self) -> None:
        from ppdesk.gui.dialogs.about import AboutDialog

        AboutDialog(self._window, self._offline).open()
