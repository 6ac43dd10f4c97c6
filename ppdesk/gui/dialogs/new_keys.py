"""A signing key of one's own: made here, taken over from a PKCS#12 file, or on a smart card."""

from pathlib import Path

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.gui.dialogs.base import Dialog, Then
from ppdesk.gui.dialogs.keys import Choosing
from ppdesk.gui.language import tr
from ppdesk.gui.parts.inputs import Choice, FileField, LineField, PassphraseField
from ppdesk.gui.parts.meter import NewPassphrase
from ppdesk.gui.project import Project


class _Making(Choosing):
    """Stays open until the key is there."""

    def __init__(self, parent: QWidget | None, title: str, words: str, *, verb: str, then: Then) -> None:
        super().__init__(parent, title, words, verb=verb, wide=520)
        self._then = then

    def made(self) -> None:
        self.go_on(self._then)


class NewKeyDialog(_Making):
    """A name and a passphrase."""

    def __init__(self, parent: QWidget | None, project: Project, then: Then) -> None:
        super().__init__(
            parent,
            tr("New signing key"),
            tr(
                "A key and a certificate in your name, made on this computer. Others compare its fingerprint "
                "with you before they trust it."
            ),
            verb=tr("Create key"),
            then=then,
        )
        self._project = project
        self.name = LineField(tr("Name"))
        self.name.setText(project.desk.actor)
        self.add_field(tr("Name"), self.name, tr("It stands in the certificate and in every signature."))
        self.take(NewPassphrase(project.judge, lambda: (self.name.text(),), tr("Key passphrase")))
        self.fields.setFocus()

    def go(self) -> None:
        if not self.name.text().strip():
            self.say(tr("Type a name."))
        else:
            self.judge()

    def allowed(self) -> None:
        self._project.keys.make(
            self.name.text().strip(), self.fields.text(), done=self.made, failed=self.failed
        )


class ImportKeyDialog(_Making):
    """The file, its passphrase, and one for the key here."""

    def __init__(self, parent: QWidget | None, project: Project, then: Then) -> None:
        super().__init__(
            parent,
            tr("Import a key file"),
            tr(
                "A PKCS#12 file (.p12 or .pfx) from your organisation. The name in its certificate becomes "
                "yours. The file itself is only read."
            ),
            verb=tr("Import key"),
            then=then,
        )
        self._project = project
        self.file = FileField(tr("Key file"), save=False, suffixes=(".p12", ".pfx"))
        self.secret = PassphraseField(tr("Passphrase of the file"))
        self.add_field(tr("Key file"), self.file)
        self.add_field(tr("Passphrase of the file"), self.secret)
        self.take(NewPassphrase(project.judge, lambda: (project.desk.actor,), tr("Key passphrase here")))
        self.file.setFocus()

    def go(self) -> None:
        if not Path(self.file.value()).expanduser().is_file():
            self.say(tr("There is no such file. Type its path or choose it."))
        else:
            self.judge()

    def allowed(self) -> None:
        self._project.keys.import_file(
            Path(self.file.value()).expanduser(),
            self.secret.text(),
            self.fields.text(),
            done=self.made,
            failed=self.failed,
        )


class TokenDialog(Dialog):
    """The library of the card's maker, then the card. No PIN is asked for: nothing is signed here."""

    def __init__(self, parent: QWidget | None, project: Project, then: Then) -> None:
        super().__init__(
            parent,
            tr("Key on a smart card"),
            tr(
                "The key stays on the card or in the HSM. ppdesk notes where it is; the PIN is asked for "
                "when "
                "you sign, and never kept."
            ),
            verb=tr("Look for cards"),
            wide=520,
        )
        self._project, self._then = project, then
        self.library = FileField(tr("PKCS#11 library"), save=False, suffixes=(".so", ".dll", ".dylib"))
        self.token = Choice(tr("Card"), [])
        self.key = LineField(tr("Certificate"))
        self.add_field(
            tr("PKCS#11 library"), self.library, tr("From the maker of the card, such as opensc-pkcs11.so.")
        )
        self._card = self.add_field(tr("Card"), self.token)
        self._certificate = self.add_field(
            tr("Certificate"), self.key, tr("Its label on the card. Needed only where the card has several.")
        )
        for row in (self._card, self._certificate):
            row.hide()
        self.library.changed.connect(self._again)
        self.library.setFocus()

    def _again(self) -> None:
        self.token.clear()
        for row in (self._card, self._certificate):
            row.hide()
        self.accept_button.say(tr("Look for cards"))
        self.fit()

    def go(self) -> None:
        library = Path(self.library.value()).expanduser()
        if not library.is_file():
            self.say(tr("There is no such file. Type the path of the library or choose it."))
        elif not self.token.count():
            self.busy(on=True)
            self._project.keys.tokens(library, self._found, self.failed)
        else:
            self.busy(on=True)
            self._project.keys.register_token(
                library, self.token.value(), self.key.text().strip(), done=self._made, failed=self.failed
            )

    def _found(self, tokens: list[tuple[str, str]]) -> None:
        if not isValid(self):
            return
        self.busy(on=False)
        if not tokens:
            self.say(tr("The library sees no card. Put it in, wait a moment, and look again."))
            return
        for value, words in tokens:
            self.token.addItem(words, value)
        for row in (self._card, self._certificate):
            row.show()
        self.accept_button.say(tr("Use this card"))
        self.fit()

    def _made(self) -> None:
        self.go_on(self._then)
