"""Proposals for a hierarchy: a kind, its settings, and the tree that comes of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ppdesk.anonymize import hierarchy_edits as edits
from ppdesk.anonymize.hierarchy_tree import Tree
from ppdesk.core.errors import CodedError
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.language import told, tr
from ppdesk.gui.pages.roles_rule_text import HELP, HINTS, rule_of, text_of
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.inputs import Choice, LineField
from ppdesk.gui.parts.text import restyle, text
from ppdesk.workflow.data.known_groups import known_tree
from ppdesk.workflow.data.roles_generalize_proposal import way
from ppdesk.workflow.data.roles_trees import tree_of

ORDER, KNOWN = "order", "known"
_KINDS = {
    "intervals": "Intervals",
    "dates": "Dates",
    "redaction": "Masked, from one side",
    ORDER: "Neighbours in their order",
    KNOWN: "Known groups",
    "suppress": "Kept or *",
}
_HELP = {
    **HELP,
    ORDER: "How many neighbours make a group on each level. The order is that of the values below: drag them,"
    " or declare the categories in their order.",
    KNOWN: "Groups that the world is known to have: countries by continent, months by quarter, and such.",
}
_HINTS = {**HINTS, ORDER: "2; 4", KNOWN: ""}


class Proposing(QWidget):
    """Calls for a tree by `proposed`: the tree, and the rule that makes it (None: it has no rule)."""

    proposed = Signal(object, object)

    def __init__(self, column: Mapping[str, Any], type_in_file: str, kind: str = "") -> None:
        """`column` is declared so; `kind` is what the inspection took it for."""
        super().__init__()
        self._column, self._type = column, type_in_file
        self._name = str(column["name"])
        self._values: Sequence[str] | None = None
        self._order: Sequence[str] = ()
        self.way = way(column, type_in_file, kind)
        numeric = column.get("type") == "numeric"
        offered = [one for one in _KINDS if numeric or one != "intervals"]
        offered = [one for one in offered if not numeric or one not in ("dates", "redaction", KNOWN)]
        self.kind = Choice(tr("Kind of proposal"), [(one, told(_KINDS[one])) for one in offered])
        self.line = LineField(tr("Settings of the proposal"))
        self._help = text("", "caption", wrap=True)
        self._why = text(told(self.way.why), "caption", wrap=True)
        self.button = Button(tr("Propose"), "secondary", icon="lightbulb")
        self.button.clicked.connect(self.propose)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(6)
        column_.addWidget(text(tr("Proposal"), "section"))
        for part in (self._why, self.kind, self.line, self._help):
            column_.addWidget(part)
        column_.addWidget(self.button)
        self.kind.currentIndexChanged.connect(self._turned)
        self.line.returnPressed.connect(self.propose)
        self.put(self.way.rule)

    def put(self, rule: Mapping[str, Any]) -> None:
        """Show the settings of `rule`, where it is of a kind that is offered."""
        if self.kind.findData(str(rule["kind"])) >= 0:
            self.kind.put(str(rule["kind"]))
            self._turned()
            self.line.setText(text_of(rule))

    def put_values(self, values: Sequence[str] | None, order: Sequence[str]) -> None:
        """The values that were looked at, None before, and all that are in the tree, in their order."""
        self._values, self._order = values, order

    def _turned(self) -> None:
        kind = self.kind.value()
        fits = self.way.rule["kind"] == kind
        usual = {ORDER: "2; 4", "dates": HINTS["dates"], "redaction": "5"}.get(kind, "")
        self.line.setText(text_of(self.way.rule) if fits else usual)
        self.line.setPlaceholderText(_HINTS[kind])
        self.line.setVisible(kind not in ("suppress", KNOWN))
        self._say(told(_HELP[kind]))

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self._help.setText(words)
        restyle(self._help, "tone", "risk" if wrong else "")
        self.line.mark(wrong)

    def propose(self) -> None:
        """Make the tree of the settings, or say why there is none."""
        kind = self.kind.value()
        tree: Tree | None
        rule: dict[str, Any] | None
        try:
            if kind == ORDER:
                tree, rule = edits.in_order(self._order, self._sizes()), None
            elif kind == KNOWN:
                tree, rule = known_tree(self._order), None
                if tree is None:
                    self._say(tr("No groups are known for these values."), wrong=True)
                    return
            else:
                whole = self._type != "decimal"
                rule = rule_of(kind, self.line.text(), self._name, whole=whole)
                found = tree_of(self._column, rule, self._values)
                if found.tree is None and not found.open:
                    self._say(told(found.why), wrong=True)
                    return
                tree = found.tree
        except WrongValueError as error:
            self._say(str(error), wrong=True)
            return
        except CodedError as error:
            self._say(f"{told(error.message)} {told(error.advice)}", wrong=True)
            return
        self._say(told(_HELP[kind]))
        self.proposed.emit(tree, rule)

    def _sizes(self) -> list[int]:
        pieces = [one.strip() for one in self.line.text().split(";") if one.strip()]
        if not self._order:
            raise WrongValueError(tr("There are no values yet."))
        if not pieces or not all(one.isascii() and one.isdigit() and int(one) > 1 for one in pieces):
            raise WrongValueError(tr("Enter whole numbers of at least 2, such as 2; 4."))
        return [int(one) for one in pieces]
