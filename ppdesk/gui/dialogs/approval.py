"""A second person's answer: what exactly is asked for, by whom, and their own key."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ppdesk.core.canonical import Json
from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.inputs import Choice, PassphraseField, TextBox
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.gui.words import grouped, moment
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.approvals import Request

_MOST = 14  # rows that the dialog shows; the rest scrolls


class AnswerDialog(Dialog):
    """Approve or decline one run."""

    answered = Signal(bool)  # True: approve

    def __init__(self, parent: QWidget | None, request: "Request", known: Sequence[OwnKey]) -> None:
        """`known` are the signers on this computer but the one who asked."""
        step = entry(request.step).load()
        super().__init__(
            parent,
            f"Approve a run of {step.title}?",
            f"{request.name} asked on {moment(request.time)}, in event {request.event}. Your answer counts "
            "for exactly these settings, inputs and files; anything else needs a new request.",
            verb="Approve",
            wide=560,
        )
        self.request = request
        card = Card("What is approved", flush=True)
        card.add(TableView(Table("What is approved", ("Setting", "Value"), _rows(request))))
        self.add(card)
        self.add(text(f"Key of {request.name}: {request.fingerprint}", "mono", wrap=True))
        self._known = {one.name: one for one in known}
        self.who = Choice("You", [(one.name, f"{one.name}, {one.kind_words}") for one in known])
        self.secret = PassphraseField("Key passphrase or PIN")
        self.comment = TextBox("Comment", 2)
        self.add_field("You", self.who)
        self.add_field("Key passphrase or PIN", self.secret, "Your own key, used for this answer alone.")
        self.add_field("Comment", self.comment, "Stands in the record. May stay empty.")
        self.decline = self.add_button("Decline")
        self.decline.clicked.connect(lambda: self._go(approve=False))
        self.secret.setFocus()
        if not known:
            self.say(
                "No other person has a signing key on this computer. They create or import theirs under "
                "People and keys, or answer on their own computer."
            )
            self.busy_both(on=True)

    @property
    def signer(self) -> str:
        return self.who.value()

    def busy_both(self, *, on: bool) -> None:
        self.accept_button.setEnabled(not on)
        self.decline.setEnabled(not on)

    def go(self) -> None:
        self._go(approve=True)

    def _go(self, *, approve: bool) -> None:
        own = self._known.get(self.signer)
        if own is None:
            self.say("Choose who you are.")
        elif not self.secret.text() and own.kind != "pkcs11":
            self.say("Type the passphrase of your key.")
        else:
            self.say("")
            self.answered.emit(approve)


def _rows(request: "Request") -> list[tuple[str, str]]:
    """Every setting as it will be recorded, then the files by name and hash."""
    names = _labels(request.step)
    rows = [(names.get(name, name), _shown(value)) for name, value in request.values.items()]
    for name, file in request.sources.items():
        label = names.get(name, name)
        rows = [row for row in rows if row[0] != label]
        rows.append((label, f"{file.get('name', '')}, SHA-256 {grouped(str(file.get('sha256', '')), 4)}"))
    return rows


def _labels(step: str) -> Mapping[str, str]:
    from ppdesk.core.params import fields_of

    return {one.name: one.label for one in fields_of(entry(step).load().Params)}


def _shown(value: Json) -> str:
    if value is None or value in ("", [], {}):
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_shown(one)}" for name, one in value.items())
    return str(value)
