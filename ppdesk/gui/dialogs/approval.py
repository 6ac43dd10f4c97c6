"""A second person's answer, to a request or to a draft: what exactly it binds, by whom, and their own key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ppdesk.core.canonical import Json
from ppdesk.core.section import Table
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.keys import OwnKey
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.inputs import Choice, PassphraseField, TextBox
from ppdesk.gui.parts.tables import TableView
from ppdesk.gui.parts.text import text
from ppdesk.gui.words import grouped, moment
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.approvals import Request
    from ppdesk.workbench.evidence.endorsing import Draft

_MOST = 14  # rows that the dialog shows; the rest scrolls


@dataclass(frozen=True)
class Question:
    """What somebody is to answer under their signature. `note` stands below the table, in fixed width."""

    title: str
    words: str
    table: Table
    note: str
    yes: str
    no: str


class AnswerDialog(Dialog):
    """Yes or no, with a comment, signed by the second person's own key."""

    answered = Signal(bool)  # True: yes

    def __init__(self, parent: QWidget | None, question: Question, known: Sequence[OwnKey]) -> None:
        """`known` are the signers on this computer who may answer."""
        super().__init__(parent, question.title, question.words, verb=question.yes, wide=560)
        card = Card(question.table.title, flush=True)
        card.add(TableView(question.table))
        self.add(card)
        self.add(text(question.note, "mono", wrap=True))
        self._known = {one.name: one for one in known}
        self.who = Choice(tr("You"), [(one.name, f"{one.name}, {one.kind_words}") for one in known])
        self.secret = PassphraseField(tr("Key passphrase or PIN"))
        self.comment = TextBox(tr("Comment"), 2)
        self.add_field(tr("You"), self.who)
        self.add_field(
            tr("Key passphrase or PIN"), self.secret, tr("Your own key, used for this answer alone.")
        )
        self.add_field(tr("Comment"), self.comment, tr("Stands in the record. May stay empty."))
        self.decline = self.add_button(question.no)
        self.decline.clicked.connect(lambda: self._go(approve=False))
        self.secret.setFocus()
        if not known:
            self.say(
                tr(
                    "No other person has a signing key on this computer. They create or import theirs under "
                    "People and keys, or answer on their own computer."
                )
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
            self.say(tr("Choose who you are."))
        elif not self.secret.text() and own.kind != "pkcs11":
            self.say(tr("Type the passphrase of your key."))
        else:
            self.say("")
            self.answered.emit(approve)


def about_request(request: "Request") -> Question:
    """Approve one run or decline it."""
    step = entry(request.step).load()
    return Question(
        tr("Approve a run of {title}?", title=step.title),
        tr(
            "{name} asked on {time}, in event {event}. Your answer counts for exactly these settings, "
            "inputs and files; anything else needs a new request.",
            name=request.name,
            time=moment(request.time),
            event=request.event,
        ),
        Table(tr("What is approved"), (tr("Setting"), tr("Value")), _rows(request)),
        tr("Key of {name}: {fingerprint}", name=request.name, fingerprint=request.fingerprint),
        tr("Approve"),
        tr("Decline"),
    )


def about_draft(draft: "Draft") -> Question:
    """Endorse the draft of a report or object to it."""
    rows = [
        (tr("Title"), draft.title),
        (
            tr("Drafted by"),
            tr("{name}, {time}, event {event}", name=draft.actor, time=moment(draft.time), event=draft.event),
        ),
    ]
    rows += [
        (
            told(one.decision.capitalize()),
            tr("{name}, {role}, event {event}", name=one.name, role=told(one.role), event=one.event),
        )
        for one in draft.endorsements
        if not one.doubt
    ]
    return Question(
        tr("Endorse this draft?"),
        tr(
            "Read it first, as it was written or as it lies in the project. Your answer counts for "
            "exactly this "
            "content and stands in the report, with your comment. An objection blocks nothing; a reader "
            "sees it."
        ),
        Table(tr("What is endorsed"), (tr("What"), tr("Value")), rows),
        tr("Content, SHA-256: {content}", content=grouped(draft.content, 4)),
        tr("Endorse"),
        tr("Object"),
    )


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
        return tr("not set")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_shown(one)}" for name, one in value.items())
    return str(value)
