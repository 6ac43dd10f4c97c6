"""The form of Report and Draft: documents as cards, then edition, language, paper and who answers."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.params import FieldSpec, Params
from ppdesk.gui.editors import Call, Editor
from ppdesk.gui.form import Fold, Form
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.choice_cards import CardWords, ChoiceCards
from ppdesk.workflow.reporting.documents.kinds import SKELETONS, DocumentKind

_FIRST = (DocumentKind.AUDIT, DocumentKind.SUMMARY, DocumentKind.DPIA)
_SIGHT = ("document", "edition", "language", "to", "valid_until", "organisation", "contact")


class DocumentEditor(Editor):
    """Cards: what the document is called, what it says, which rule it answers."""

    help = ""

    def __init__(self, spec: FieldSpec) -> None:
        words = [
            CardWords(
                one.kind.value,
                told(one.title),
                f"{told(one.summary)}.",
                told(one.clause),
                f"{told(one.summary)}.",
            )
            for one in SKELETONS
        ]
        first = [one.value for one in _FIRST]
        self.cards = ChoiceCards(told(spec.label), words, first)
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.cards)
        rest = ", ".join(one.title for one in words if one.value not in first)
        self.fold = Fold(tr("Other documents"), rest, self.cards.rest)
        column.addWidget(self.fold)

    def follow(self, made: Mapping[str, tuple[int, bool]]) -> None:
        """Say on each card whether the document was made: `made` has its event, and whether it is old."""
        for key, card in self.cards.cards.items():
            event, old = made.get(key, (0, False))
            note = tr("old, event {event}", event=event) if old else tr("event {event}", event=event)
            card.say("", note if event else "")

    def value(self) -> str | None:
        return self.cards.value() or None

    def put(self, value: Any) -> None:
        key = str(getattr(value, "value", value) or "")
        self.cards.put(key)
        if key in self.cards.cards and self.cards.rest.isAncestorOf(self.cards.cards[key]):
            self.fold.open(True)

    def on_change(self, call: Call) -> None:
        self.cards.chosen.connect(lambda _value: call())

    def focus(self) -> None:
        self.cards.focus()


def report_form(params: type[Params]) -> Form:
    """The form of a step that makes a document."""
    return Form(params, {"document": DocumentEditor}, sight=_SIGHT)
