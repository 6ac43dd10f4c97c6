"""People and keys: the signers on this computer, the project's people, and whom this person trusts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import AskDialog, Dialog
from ppdesk.gui.dialogs.certificates import AddPersonDialog, TrustDialog, as_role
from ppdesk.gui.dialogs.new_keys import ImportKeyDialog, NewKeyDialog, TokenDialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.language import tr
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.gui.project import Project
from ppdesk.gui.results import scrolled
from ppdesk.gui.signing import Signing
from ppdesk.gui.words import grouped

if TYPE_CHECKING:
    from ppdesk.identity.trust import Known
    from ppdesk.workbench.evidence.people import Person

_HIGH = 230  # px of each list
_GROUPS = 4  # of a fingerprint in a list; dialogs show all of it


class _Pane(QWidget):
    """One list with a sentence above and buttons below."""

    def __init__(self, words: str, name: str) -> None:
        super().__init__()
        self._name = name
        self.view: TableView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(text(words, "purpose", wrap=True))
        card = Card(flush=True)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        card.add(scrolled(inside, name))
        card.setFixedHeight(_HIGH)
        column.addWidget(card)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        self._buttons.addStretch(1)
        self._needs_row: list[Button] = []

    def button(self, words: str, call: Callable[[], object], *, needs_row: bool = False) -> Button:
        """A button below the list; one that `needs_row` is on while a row is chosen."""
        made = Button(words, "secondary", height=28)
        made.setAutoDefault(False)
        made.clicked.connect(lambda _on=False: call())
        self._buttons.insertWidget(self._buttons.count() - 1, made)
        if needs_row:
            self._needs_row.append(made)
            made.setEnabled(False)
            made.setToolTip(tr("Choose a row first"))
        return made

    def put(self, header: tuple[str, ...], rows: Sequence[tuple[str, ...]], none: str) -> None:
        """Show `rows`, or a sentence where there are none."""
        emptied(self._rows)
        self.view = None
        for button in self._needs_row:
            button.setEnabled(False)
        if not rows:
            said = text(none, "caption", wrap=True)
            said.setContentsMargins(15, 14, 15, 14)
            self._rows.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self.view = TableView(Table(self._name, header, list(rows)))
            self.view.setSelectionBehavior(TableView.SelectionBehavior.SelectRows)
            self.view.setSelectionMode(TableView.SelectionMode.SingleSelection)
            self.view.selectionModel().selectionChanged.connect(lambda *_: self._row_chosen())
            self._rows.addWidget(self.view)
        self._rows.addStretch(1)

    def _row_chosen(self) -> None:
        for button in self._needs_row:
            button.setEnabled(self.row >= 0)

    @property
    def row(self) -> int:
        """The chosen row, -1 for none."""
        chosen = self.view.selectionModel().selectedRows() if self.view is not None else []
        return chosen[0].row() if chosen else -1


class PeopleDialog(Dialog):
    """Three lists under tabs. Each is read anew when something was changed."""

    def __init__(self, parent: QWidget | None, project: Project, signing: Signing) -> None:
        super().__init__(parent, tr("People and keys"), verb=tr("Close"), wide=760)
        self.cancel.hide()
        self._project, self._signing = project, signing
        self._own: list[OwnKey] = []
        self._people: list[Person] = []
        self._trusted: list[Known] = []
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("People and keys"))
        self.tabs.tabBar().setAccessibleName(tr("Your keys, people, trust"))
        self.keys = _Pane(
            tr("Keys that you sign with on this computer. A key never leaves its place."), tr("Your keys")
        )
        self.people = _Pane(
            tr(
                "Who has which role in this project. The first who signs is an analyst; after that, somebody "
                "on record gives and takes roles, under their signature."
            ),
            tr("People of this project"),
        )
        self.trust = _Pane(
            tr(
                "Keys whose fingerprint you compared with their holder over another channel. Signatures of "
                "others say that their key is not compared yet."
            ),
            tr("Keys you trust"),
        )
        self.tabs.addTab(self.keys, tr("Your keys"))
        snapshot = project.snapshot
        if snapshot is not None:
            self.tabs.addTab(self.people, tr("People of this project"))
        self.tabs.addTab(self.trust, tr("Keys you trust"))
        self.add(self.tabs)
        self._own_buttons()
        if snapshot is not None and not snapshot.read_only:
            self.people.button(tr("Give a role..."), self._add_person)
            self.people.button(tr("Take the role..."), self._remove_person, needs_row=True)
        self.trust.button(tr("Trust a key..."), self._add_trust)
        self.trust.button(tr("Withdraw trust..."), self._withdraw, needs_row=True)
        self.reload()

    def _own_buttons(self) -> None:
        kinds = self._project.policy.rules.signers.kinds
        for kind, words, call in (
            ("file", tr("New key..."), self._new),
            ("pkcs12", tr("Import key file..."), self._import),
            ("pkcs11", tr("Smart card..."), self._token),
        ):
            button = self.keys.button(words, call)
            if kind not in kinds:
                button.setEnabled(False)
                button.setToolTip(tr("The policy of this computer does not allow keys of this kind"))
        if self._project.snapshot is not None:
            self.keys.button(tr("Sign with another key..."), self._unlock)
        self.keys.button(tr("Remove..."), self._remove, needs_row=True)

    def reload(self) -> None:
        """Read all three lists anew."""
        if not isValid(self):
            return
        self.say("")
        self._project.keys.held(self._show_own, self.failed)
        self._project.keys.trusted(self._show_trusted, self.failed)
        if self._project.snapshot is not None:
            self._project.ask(lambda session: session.people(), self._show_people, self.failed)

    def _show_own(self, own: list[OwnKey]) -> None:
        if not isValid(self):
            return
        self._own = own
        signs = self._project.signer
        rows = [
            (
                tr("{name} (signs now)", name=one.name) if one.name == signs else one.name,
                one.kind_words,
                one.until,
                _print(one.fingerprint),
            )
            for one in own
        ]
        self.keys.put(
            (tr("Name"), tr("Kind"), tr("Valid until"), tr("Fingerprint")),
            rows,
            tr("You have no signing key yet."),
        )
        self.fit()

    def _show_people(self, people: "list[Person]") -> None:
        if not isValid(self):
            return
        self._people = people
        rows = [
            (
                one.name,
                one.role,
                tr("the policy")
                if not one.event
                else tr("{name}, event {event}", name=one.by, event=one.event),
                _print(one.fingerprint),
            )
            for one in people
        ]
        self.people.put(
            (tr("Name"), tr("Role"), tr("Given by"), tr("Fingerprint")), rows, tr("Nobody is on record yet.")
        )
        self.fit()

    def _show_trusted(self, trusted: "list[Known]") -> None:
        if not isValid(self):
            return
        self._trusted = trusted
        rows = [(one.name, one.added[:10], one.by, _print(one.fingerprint)) for one in trusted]
        self.trust.put(
            (tr("Name"), tr("Compared on"), "By", tr("Fingerprint")), rows, tr("You trust no key yet.")
        )
        self.fit()

    # own keys

    def _new(self) -> None:
        NewKeyDialog(self, self._project, self.reload).open()

    def _import(self) -> None:
        ImportKeyDialog(self, self._project, self.reload).open()

    def _token(self) -> None:
        TokenDialog(self, self._project, self.reload).open()

    def _unlock(self) -> None:
        self._signing.somebody(
            tr("You sign with this key until the project is closed."), self.reload, anew=True
        )

    def _remove(self) -> None:
        name = self._own[self.keys.row].name
        ask = AskDialog(
            self,
            tr("Remove the key of {name}?", name=name),
            tr("You sign with it no more. What was signed stays valid. Its files are renamed, not deleted."),
            tr("Remove key"),
        )
        ask.accepted.connect(lambda: self._project.keys.remove(name, self.reload, self.failed))
        ask.open()

    # people

    def _add_person(self) -> None:
        AddPersonDialog(self, self._project, self._signing, self.reload).open()

    def _remove_person(self) -> None:
        person = self._people[self.people.row]
        ask = AskDialog(
            self,
            tr("Take the role {role} from {name}?", role=person.role, name=person.name),
            tr(
                "What they approved and was not run yet counts no more. That they had the role stays on "
                "record."
            ),
            tr("Take the role"),
        )

        def remove() -> None:
            self._signing.somebody(
                tr("Taking a role is signed."),
                lambda: self._project.change(
                    lambda session: session.remove_person(person.fingerprint, as_role(person.role)),
                    self.reload,
                    self.failed,
                ),
            )

        ask.accepted.connect(remove)
        ask.open()

    # trust

    def _add_trust(self) -> None:
        TrustDialog(self, self._project, self.reload).open()

    def _withdraw(self) -> None:
        known = self._trusted[self.trust.row]
        ask = AskDialog(
            self,
            tr("Withdraw trust in the key of {name}?", name=known.name),
            tr("Signatures with it are shown as withdrawn from now on. That it was trusted stays on record."),
            tr("Withdraw trust"),
        )
        ask.accepted.connect(
            lambda: self._project.keys.withdraw(known.fingerprint, done=self.reload, failed=self.failed)
        )
        ask.open()


def _print(fingerprint: str) -> str:
    """The start of a fingerprint."""
    return grouped(fingerprint.replace(" ", ""), _GROUPS) + " ..."
