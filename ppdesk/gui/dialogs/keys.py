"""Dialogs about passphrases and keys: new project, unlock, change the passphrase, who signs."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.inputs import Check, Choice, FileField, LineField, PassphraseField
from ppdesk.gui.parts.meter import Judge, NewPassphrase
from ppdesk.gui.parts.text import text

_NEW = "A new signer"
_KEYRING = "Remember in this computer's keyring"


class Choosing(Dialog):
    """A dialog in which a new passphrase is chosen."""

    def take(self, fields: NewPassphrase) -> None:
        """Show `fields`, and go on when their passphrase will do."""
        self.fields = fields
        self.add(fields)
        fields.ready.connect(self.allowed)
        fields.refused.connect(self._refused)
        fields.grown.connect(lambda: self.fit() if self.isVisible() else None)

    def allowed(self) -> None:
        """The passphrase will do."""
        self.busy(on=False)
        self.accept()

    def _refused(self, words: str) -> None:
        self.busy(on=False)
        self.say(words)

    def judge(self) -> None:
        """Ask the fields; nothing can be pressed meanwhile."""
        self.busy(on=True)
        self.fields.ask()


class NewProjectDialog(Choosing):
    """Where the file goes, and the passphrase twice."""

    def __init__(
        self,
        parent: QWidget | None,
        folder: Path,
        judge: Judge,
        name: str = "",
        *,
        actor: str = "",
        sample: bool = False,
    ) -> None:
        title = tr("Try the sample") if sample else tr("New project")
        words = (
            tr("The Adult census sample becomes a project of its own, with the pages filled in. ")
            if sample
            else ""
        ) + tr("The file is encrypted with a passphrase. Nobody can recover a lost passphrase.")
        super().__init__(parent, title, words, verb=tr("Create project"), wide=520)
        self.file = FileField(tr("Project file"), save=True, suffix=".ppdesk")
        self.file.put(str(folder / f"{name or 'project'}.ppdesk"))
        self.add_field(tr("Project file"), self.file, tr("One encrypted file; its folder must exist."))
        self.take(NewPassphrase(judge, lambda: (self.path.stem, actor)))
        self.first, self.second = self.fields.first, self.fields.second
        self.remember = Check(told(_KEYRING))
        self.remember.setVisible(judge.rules.keyring)
        self.add(self.remember)
        self.first.setFocus()

    @property
    def path(self) -> Path:
        found = Path(self.file.value()).expanduser()
        return found if found.suffix == ".ppdesk" else found.with_name(f"{found.name}.ppdesk")

    def go(self) -> None:
        if not self.file.value():
            self.say(tr("Type a file name."))
        elif self.path.exists():
            self.say(tr("There is a file of that name already. Choose another name."))
        elif not self.path.parent.is_dir():
            self.say(tr("The folder does not exist. Choose one that does."))
        else:
            self.judge()


class UnlockDialog(Dialog):
    """Which file, and its passphrase."""

    def __init__(self, parent: QWidget | None, path: str = "", *, keyring: bool = True) -> None:
        """`keyring`: whether policy lets this computer keep a passphrase."""
        super().__init__(
            parent,
            tr("Open project"),
            tr("The passphrase unlocks the file on this computer only."),
            verb=tr("Unlock"),
        )
        self.file = FileField(tr("Project file"), save=False, suffixes=(".ppdesk",))
        self.file.put(path)
        self.passphrase = PassphraseField(tr("Passphrase"))
        self.remember = Check(told(_KEYRING))
        self.add_field(tr("Project file"), self.file)
        self.add_field(tr("Passphrase"), self.passphrase)
        self.add(self.remember)
        self.remember.setVisible(keyring)
        (self.passphrase if path else self.file).setFocus()

    @property
    def path(self) -> Path:
        return Path(self.file.value()).expanduser()

    def recalled(self, passphrase: str | None) -> None:
        """The keyring knows it: put it in, unless something was typed or the dialog has gone."""
        if passphrase and isValid(self) and not self.passphrase.text():
            self.passphrase.setText(passphrase)
            self.remember.setChecked(True)
            self.accept_button.setFocus()

    def go(self) -> None:
        if not self.file.value() or not self.path.is_file():
            self.say(tr("There is no such file. Type its path or choose it."))
        elif not self.passphrase.text():
            self.say(tr("Type the passphrase."))
        else:
            self.accept()


class ChangePassphraseDialog(Choosing):
    """The passphrase that the project has, and a new one, twice."""

    def __init__(self, parent: QWidget | None, project: str, judge: Judge, actor: str = "") -> None:
        super().__init__(
            parent,
            tr("Change passphrase"),
            tr(
                "{project} is written anew under the new passphrase, and the change goes on record. "
                "Copies made before keep the old one.",
                project=project,
            ),
            verb=tr("Change passphrase"),
            wide=520,
        )
        self.old = PassphraseField(tr("Passphrase now"))
        self.add_field(tr("Passphrase now"), self.old)
        self.take(NewPassphrase(judge, lambda: (project, actor), tr("New passphrase")))
        self.old.setFocus()

    def go(self) -> None:
        if not self.old.text():
            self.say(tr("Type the passphrase that the project has now."))
        elif self.old.text() == self.fields.text():
            self.say(tr("The new passphrase is the one it has now. Choose another."))
        else:
            self.judge()


class CopyPassphraseDialog(Choosing):
    """The passphrase of an auditor's copy, twice."""

    def __init__(self, parent: QWidget | None, project: str, judge: Judge) -> None:
        super().__init__(
            parent,
            tr("Passphrase of the copy"),
            tr(
                "The copy has a passphrase of its own, never the project's. Tell it to the recipient on "
                "another "
                "way than the file. It goes into no record, and nobody can recover it."
            ),
            verb=tr("Sign and write copy"),
            wide=520,
        )
        self.take(NewPassphrase(judge, lambda: (project,), tr("Passphrase of the copy")))
        self.fields.setFocus()

    def go(self) -> None:
        self.judge()


class SignerDialog(Choosing):
    """Who signs, and what unlocks the signing key; or a new key."""

    def __init__(
        self, parent: QWidget | None, what: str, known: Sequence[OwnKey], actor: str, judge: Judge
    ) -> None:
        """`what` is a sentence that says what is signed."""
        super().__init__(
            parent,
            tr("Who signs?"),
            tr(
                "{what} The key is yours, has a passphrase of its own, and stays in your data folder or "
                "on your smart card.",
                what=what,
            ),
            verb=tr("Unlock key"),
            wide=480,
        )
        self._known = {one.name: one for one in known}
        pairs = [(one.name, f"{one.name}, {one.kind_words}") for one in known] + [("", told(_NEW))]
        self.who = Choice(tr("Signer"), pairs)
        self.name = LineField(tr("Name"))
        self.name.setText(actor if actor not in self._known else "")
        self.secret = PassphraseField(tr("Key passphrase"))
        self.add_field(tr("Signer"), self.who).setVisible(bool(known))
        self._secret_label = text(tr("Key passphrase"), "label")
        self._print = text("", "mono", wrap=True)
        self.add(self._print)
        self.add(self._secret_label)
        self.add(self.secret)
        self._named = self.add_field(
            tr("Name"), self.name, tr("It stands in the certificate and in every signature.")
        )
        self.take(NewPassphrase(judge, lambda: (self.name.text(),), tr("Key passphrase")))
        self.first, self.second = self.fields.first, self.fields.second
        self.who.put(actor if actor in self._known else next(iter(self._known), ""))
        self.who.currentIndexChanged.connect(self._show_chosen)
        self._show_chosen()

    @property
    def new(self) -> bool:
        return not self.who.value()

    @property
    def signer(self) -> str:
        return self.name.text().strip() if self.new else self.who.value()

    @property
    def passphrase(self) -> str:
        return self.first.text() if self.new else self.secret.text()

    def _show_chosen(self) -> None:
        own = self._known.get(self.who.value())
        for part in (self._named, self.fields):
            part.setVisible(self.new)
        for part in (self._secret_label, self.secret, self._print):
            part.setVisible(not self.new)
        if own is not None:
            self._secret_label.setText(own.secret)
            self.secret.setAccessibleName(own.secret)
            hint = tr("Leave empty for a reader with its own keys") if own.kind == "pkcs11" else ""
            self.secret.setPlaceholderText(hint)
            self._print.setText(own.fingerprint)
        self.accept_button.say(tr("Create key") if self.new else tr("Unlock key"))
        if not self.new:
            self.secret.setFocus()
        else:
            (self.name if not self.name.text() else self.first).setFocus()
        self.fit()

    def go(self) -> None:
        if not self.new:
            own = self._known[self.who.value()]
            if not self.secret.text() and own.kind != "pkcs11":
                self.say(tr("Type the passphrase of the key."))
            else:
                self.accept()
        elif not self.signer:
            self.say(tr("Type a name."))
        else:
            self.judge()
