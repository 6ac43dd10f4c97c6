"""The ways into a project: new, open, unlock, and what is asked when a file does not open as it should."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.resources import resource
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.dialogs.care import BrokenFileDialog, RepairDialog, VerdictDialog
from ppdesk.gui.dialogs.keys import NewProjectDialog, UnlockDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.language import told, tr
from ppdesk.gui.project import Project

SAMPLE = resource("samples", "adult", "recipe.toml")
_DAMAGED = frozenset(
    {"CutFileError", "DamagedFileError", "BrokenChainError", "DamagedArtifactError", "CopySealError"}
)


class Opening(QObject):
    """Asks for file and passphrase, and opens. `busy` says what is on its way, empty for nothing."""

    busy = Signal(str)
    audit_asked = Signal(Path, str)  # a file that an auditor is to look at, and its passphrase

    def __init__(self, window: QWidget, project: Project, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._project, self._desk = window, project, desk
        self._tried: tuple[Path, str] | None = None  # while a file is being opened
        self._remember = False
        project.opened.connect(self._opened)
        project.not_opened.connect(self._refused)

    def asked(self, what: str) -> None:
        """What a card of the start screen or a menu asks for: new, open, sample, verify."""
        if what == "verify":
            self._verify()
        elif what == "open":
            self.open_path("")
        else:
            self._new(sample=what == "sample")

    def _verify(self, path: str = "") -> None:
        dialog = VerifyDialog(self._window, self._project.bench, path)
        dialog.audit_asked.connect(lambda report: self.audit_asked.emit(report, ""))
        dialog.open()

    # new

    def _new(self, *, sample: bool) -> None:
        folder = Path.home() / "Documents"
        folder = folder if folder.is_dir() else Path.home()
        dialog = NewProjectDialog(
            self._window,
            folder,
            self._project.judge,
            "adult-sample" if sample else "",
            actor=self._desk.actor,
            sample=sample,
        )
        dialog.accepted.connect(lambda: self._create(dialog, sample=sample))
        dialog.open()

    def _create(self, dialog: NewProjectDialog, *, sample: bool) -> None:
        path, passphrase = dialog.path, dialog.first.text()
        self._tried, self._remember = (path, passphrase), dialog.remember.isChecked()
        self.busy.emit(tr("Making the project"))
        if sample:
            self._project.load_recipe(SAMPLE, lambda: self._project.create(path, passphrase))
        else:
            self._project.create(path, passphrase)

    # open

    def open_path(self, path: str) -> None:
        """Ask for the passphrase of the project at `path`; a PDF is verified instead."""
        if path.lower().endswith(".pdf"):
            self._verify(path)
            return
        self._ask(path)

    def _ask(self, path: str, error: CodedError | None = None) -> None:
        keyring = self._project.policy.rules.passphrases.keyring
        dialog = UnlockDialog(self._window, path, keyring=keyring)
        if error is not None:
            dialog.say_error(error)
        elif path and keyring:
            self._project.files.recall(Path(path), dialog.recalled)
        dialog.accepted.connect(
            lambda: self.unlock(
                dialog.path, dialog.passphrase.text(), remember=keyring and dialog.remember.isChecked()
            )
        )
        dialog.open()

    def unlock(
        self, path: Path, passphrase: str, *, despite_rollback: bool = False, remember: bool = False
    ) -> None:
        """Open the project at `path`; its pages are filled in from the recipe it began with."""
        self._tried, self._remember = (path, passphrase), remember
        self.busy.emit(tr("Opening the project"))
        recipe = next((one.recipe for one in self._desk.recent() if one.path == str(path)), "")

        def go() -> None:
            self._project.open(path, passphrase, despite_rollback=despite_rollback)

        if recipe and Path(recipe).is_file():
            self._project.load_recipe(Path(recipe), go)
        else:
            go()

    def _opened(self) -> None:
        if self._tried is not None and self._remember:
            self._project.files.remember(*self._tried)
        self._tried, self._remember = None, False

    def _refused(self, error: CodedError) -> None:
        self.busy.emit("")
        name = type(error).__name__
        tried, self._tried = self._tried, None
        if tried is None:
            ErrorDialog(self._window, error).open()
        elif name in ("RollbackError", "ForkError", "AnchorUnreadableError"):
            words = tr(
                "{message} {advice} Opening it all the same goes on record.",
                message=told(error.message),
                advice=told(error.advice),
            )
            ask = AskDialog(
                self._window, tr("This file is not as it was last seen here"), words, tr("Open all the same")
            )
            ask.accepted.connect(lambda: self.unlock(*tried, despite_rollback=True))
            ask.open()
        elif name == "WrongPassphraseError":
            self._ask(str(tried[0]), error)
        elif name in _DAMAGED:
            self._damaged(error, *tried)
        else:
            ErrorDialog(self._window, error).open()

    # damaged files

    def _damaged(self, error: CodedError, path: Path, passphrase: str) -> None:
        dialog = BrokenFileDialog(self._window, error)
        dialog.history_asked.connect(lambda: self.look_at(path, passphrase))
        dialog.repair_asked.connect(lambda: self.repair(path, passphrase))
        dialog.audit_asked.connect(lambda: self.audit_asked.emit(path, passphrase))
        dialog.open()

    def look_at(self, path: Path, passphrase: str) -> None:
        """Say what still holds of the history of a file that does not open."""
        self.busy.emit(tr("Reading the history"))

        def shown(dialog: VerdictDialog) -> None:
            self.busy.emit("")
            dialog.repair_asked.connect(lambda: self.repair(path, passphrase))
            dialog.open()

        def failed(error: CodedError) -> None:
            self.busy.emit("")
            ErrorDialog(self._window, error).open()

        self._project.files.verdict(
            path, passphrase, lambda verdict: shown(VerdictDialog(self._window, verdict)), failed
        )

    def repair(self, path: Path | None = None, passphrase: str = "") -> None:
        """Write what can still be read of a file into a new one."""
        dialog = RepairDialog(self._window, self._project, path, passphrase)
        dialog.open_asked.connect(self.open_path)
        dialog.open()
