"""How one quasi-identifier generalizes: by a file or by a rule, and what that makes of a made-up value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.language import number, told, tr
from ppdesk.gui.pages.roles_rule_text import FILE, HELP, HINTS, rule_of, text_of
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.inputs import Choice, LineField
from ppdesk.gui.parts.text import Elided, restyle
from ppdesk.workflow.data.generalization import KINDS
from ppdesk.workflow.data.roles_generalize import preview
from ppdesk.workflow.data.roles_generalize_proposal import way

_WORDS = {
    FILE: "File",
    "intervals": "Intervals",
    "groups": "Groups",
    "dates": "Dates",
    "redaction": "Masked",
    "suppress": "Kept or *",
}

_ARROW = " \u203a "
_MOST_SIGNS = 1_000  # of groups that are written in one line; larger ones are told, and changed in the tree


def _line_of(rule: Mapping[str, Any]) -> str:
    """The settings in one line, or how many groups there are."""
    words = text_of(rule)
    if rule["kind"] != "groups" or len(words) <= _MOST_SIGNS:
        return words
    groups = ", ".join(number(len(level)) for level in rule["levels"])
    return tr("Groups: {groups}", groups=groups)


class HierarchyField(QWidget):
    """A kind, its settings in one line, and below them the levels. `declared` says what is declared of the
    column now; it may raise WrongValueError."""

    changed = Signal()
    edit_asked = Signal()  # the tree is to be looked at, or changed

    def __init__(self, name: str, type_in_file: str, declared: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__()
        self._name, self._type, self._declared = name, type_in_file, declared
        self._names: Sequence[str] = ()
        self._seen: tuple[object, tuple[Sequence[str], str]] | None = None
        self._held: dict[str, Any] | None = None  # the rule as it came, while its text stands as it came
        self.kind = Choice(
            tr("{column}: how it generalizes", column=name),
            [(kind, told(_WORDS[kind])) for kind in (FILE, *KINDS)],
            height=28,
        )
        self.kind.setMinimumWidth(92)
        self.line = LineField(tr("{column}: hierarchy file", column=name), small=True)
        self.levels = Elided("")
        self.edit = IconButton("network", tr("{column}: edit the tree", column=name))
        self.edit.clicked.connect(self.edit_asked)
        above = QHBoxLayout()
        above.setSpacing(6)
        above.addWidget(self.kind)
        above.addWidget(self.line, 1)
        above.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(above)
        column.addWidget(self.levels)
        self.kind.activated.connect(self._begun)
        self.kind.currentIndexChanged.connect(self._edited)
        self.line.textChanged.connect(self._edited)
        self.show_levels()

    @property
    def file(self) -> str:
        """The path of the hierarchy file; empty where a rule is chosen, or nothing."""
        return self.line.text().strip() if self.kind.value() == FILE else ""

    def rule(self) -> dict[str, Any] | None:
        """As the step takes it; None where a file is chosen. WrongValueError."""
        kind, text = self.kind.value(), self.line.text().strip()
        if kind == FILE:
            return None
        if self._held is not None and (self._held["kind"], _line_of(self._held)) == (kind, text):
            return dict(self._held)
        return rule_of(kind, text, self._name, whole=self._type != "decimal")

    def put(self, file: str, rule: Mapping[str, Any] | None) -> None:
        self._held = None if rule is None else {**rule, "column": self._name}
        self.kind.put(FILE if rule is None else str(rule["kind"]))
        words = file if rule is None else _line_of(rule)
        self.line.setText(words)
        self.line.setReadOnly(rule is not None and words != text_of(rule))
        self.line.setCursorPosition(len(words) if rule is None else 0)
        self.show_levels()

    def put_names(self, names: Sequence[str]) -> None:
        """Names of the levels, from the values themselves up."""
        self._names = tuple(names)
        self.show_levels()

    def show_levels(self) -> None:
        """The levels that the rule has now, or why it has none."""
        kind = self.kind.value()
        self.line.setPlaceholderText(HINTS[kind])
        self.line.setAccessibleName(
            tr("{column}: hierarchy file", column=self._name)
            if kind == FILE
            else f"{self._name}: {told(_WORDS[kind])}"
        )
        self.line.setToolTip(f"{self.line.text()}\n{told(HELP[kind])}".strip())
        self.kind.setToolTip(told(HELP[kind]))
        self.line.setVisible(kind != "suppress")
        words, wrong = self._told()
        self.levels.setText(words)
        self.levels.setToolTip(words)
        self.levels.setAccessibleName(f"{self._name}: {words}" if words else "")
        restyle(self.levels, "tone", "risk" if wrong else "")
        self.levels.setVisible(bool(words))

    def _told(self) -> tuple[str, bool]:
        try:
            rule = self.rule()
            if rule is None:
                return _ARROW.join(self._names), False
            levels, reason = self._previewed(rule)
        except WrongValueError as error:
            return str(error), True
        if reason:
            return tr("No rule yet: {reason}.", reason=told(reason)), True
        named = [f"{one} ({name})" for one, name in zip(levels, self._names, strict=False)]
        return _ARROW.join([*named, *levels[len(named) :]]), False

    def _previewed(self, rule: Mapping[str, Any]) -> tuple[Sequence[str], str]:
        """`preview`, again only where something was declared otherwise: a tree of many values takes time."""
        asked = (self._declared(), dict(rule))
        if self._seen is None or self._seen[0] != asked:
            self._seen = (asked, preview(*asked))
        return self._seen[1]

    def _begun(self) -> None:
        """A kind was chosen by hand: fill in what would be proposed for it."""
        self.line.setReadOnly(False)
        try:
            found = way(self._declared(), self._type).rule
        except WrongValueError:
            found = {}
        if found.get("kind") == self.kind.value():
            self.put("", found)
        elif self.kind.value() == "dates":
            self.line.setText(HINTS["dates"])
        else:
            self.line.clear()

    def _edited(self, *_what: object) -> None:
        self.show_levels()
        self.changed.emit()
