"""Another person's certificate: compare its fingerprint, then trust it or give its holder a role."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.gui.dialogs.base import Dialog, Then
from ppdesk.gui.keys import read_certificate
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.cards import Banner, Card
from ppdesk.gui.parts.inputs import Choice, FileField, LineField
from ppdesk.gui.parts.text import text
from ppdesk.gui.project import Project
from ppdesk.gui.signing import Signing
from ppdesk.gui.words import grouped

if TYPE_CHECKING:
    from ppdesk.identity.trust import Acquaintance
    from ppdesk.workbench.evidence.people import Role

_ROLES = [
    ("reviewer", "Reviewer: approves what needs a second person"),
    ("analyst", "Analyst: runs steps and signs"),
    ("auditor", "Auditor: reads and verifies"),
]


class _Comparing(Dialog):
    """Shows whose certificate it is, and wants its fingerprint typed as the holder told it."""

    def __init__(
        self, parent: QWidget | None, title: str, words: str, *, verb: str, project: Project, then: Then
    ) -> None:
        super().__init__(parent, title, words, verb=verb, wide=560)
        self._project, self._then = project, then
        self.met: Acquaintance | None = None
        self.file = FileField(tr("Certificate"), save=False, suffixes=(".pem", ".crt", ".cer"))
        self.add_field(tr("Certificate"), self.file, tr("A file that the person gave you (PEM)."))
        self._card = Card("", flush=False)
        self._name = text("", "section", wrap=True)
        self._words = text("", "caption", wrap=True)
        for part in (self._name, self._words):
            self._card.add(part)
        self.add(self._card)
        self._card.hide()
        self._namesake = Banner(
            "caution",
            tr("You trust another key of that name."),
            tr("A renewed certificate, or somebody else."),
        )
        self._namesake.hide()
        self.add(self._namesake)
        self.compared = LineField(tr("Fingerprint, as told"))
        self._typed = self.add_field(
            tr("Fingerprint, as told"),
            self.compared,
            tr("All of it, as the person told you in person or by telephone, not as it came with the file."),
        )
        self._hint = text("", "mono", wrap=True)
        self.add(self._hint)
        self.compared.textChanged.connect(self._group)
        self.file.changed.connect(self._look)
        self.file.setFocus()

    @property
    def path(self) -> Path:
        return Path(self.file.value()).expanduser()

    def _look(self) -> None:
        if self.path.is_file():
            self._project.keys.meet(self.path, self._meet, self.failed)

    def _meet(self, met: "Acquaintance") -> None:
        if not isValid(self):
            return
        self.say("")
        self.met = met
        self._name.setText(met.name)
        self._words.setText(met.sentence)
        self._card.show()
        self._namesake.setVisible(bool(met.namesakes))
        self.fit()

    def _group(self, typed: str) -> None:
        """What was typed in groups of four, to read back over the telephone."""
        plain = "".join(one for one in typed if one.isalnum()).upper()
        self._hint.setText(grouped(plain, -(-len(plain) // 4)) if plain else "")
        self.fit()

    def go(self) -> None:
        if not self.path.is_file():
            self.say(tr("There is no such file. Type its path or choose it."))
        elif not self.compared.text().strip():
            self.say(tr("Type the fingerprint that the person told you."))
        else:
            self.act()

    def act(self) -> None:
        raise NotImplementedError

    def made(self) -> None:
        self.go_on(self._then)


class TrustDialog(_Comparing):
    """First contact with a key."""

    def __init__(self, parent: QWidget | None, project: Project, then: Then) -> None:
        super().__init__(
            parent,
            tr("Trust a key"),
            tr(
                "Ask its holder for the fingerprint over another channel and type what they say. Only if "
                "it is "
                "that of the certificate, the key is trusted."
            ),
            verb=tr("Trust key"),
            project=project,
            then=then,
        )

    def act(self) -> None:
        self.busy(on=True)
        self._project.keys.trust(self.path, self.compared.text(), done=self.made, failed=self.failed)


class AddPersonDialog(_Comparing):
    """A role in this project for the holder of a key."""

    def __init__(self, parent: QWidget | None, project: Project, signing: Signing, then: Then) -> None:
        super().__init__(
            parent,
            tr("Give a role"),
            tr(
                "The holder of a certificate gets a role in this project, under your signature, for "
                "everybody to "
                "see."
            ),
            verb=tr("Give role"),
            project=project,
            then=then,
        )
        self._signing = signing
        self.role = Choice(tr("Role"), [(role, told(words)) for role, words in _ROLES])
        self.add_field(tr("Role"), self.role)

    def act(self) -> None:
        path, compared, role = self.path, self.compared.text(), self.role.value()

        def add() -> None:
            self._project.change(
                lambda session: session.add_person(read_certificate(path), as_role(role), compared),
                self.made,
                self.failed,
            )

        self._signing.somebody(tr("Giving a role is signed."), add)


def as_role(word: str) -> "Role":
    """A role by its word."""
    from ppdesk.workbench.evidence.people import ROLES

    return next(role for role in ROLES if role == word)
