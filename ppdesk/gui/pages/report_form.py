"""The form of Report and Draft: documents as cards, then edition, language, paper and who answers."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.core.params import FieldSpec, Params
from ppdesk.gui.editors import Call, Editor
from ppdesk.gui.form import Fold, Form
from ppdesk.gui.parts.choice_cards import CardWords, ChoiceCards
from ppdesk.workflow.reporting.documents.kinds import SKELETONS, DocumentKind

_FIRST = (DocumentKind.AUDIT, DocumentKind.SUMMARY, DocumentKind.DPIA)
_SIGHT = ("document", "edition", "language", "to", "valid_until", "organisation", "contact")


class DocumentEditor(Editor):
    """Cards: what the document is called, what it says, which rule it answers."""

    help = ""

    def __init__(self, spec: FieldSpec) -> None:
        words = [
            CardWords(one.kind.value, one.title, f"{one.summary}.", one.clause, f"{one.summary}.")
            for one in SKELETONS
        ]
        first = [one.value for one in _FIRST]
        self.cards = ChoiceCards(spec.label, words, first)
        self.widget = QWidget()
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.cards)
        rest = ", ".join(one.title for one in words if one.value not in first)
        self.fold = Fold("Other documents", rest, self.cards.rest)
        column.addWidget(self.fold)

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
