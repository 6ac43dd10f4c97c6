"""One column on the page of Roles: what is declared, and below it what was proposed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.language import tr
from ppdesk.gui.pages.roles_hierarchy import HierarchyField
from ppdesk.gui.pages.roles_proposed import Proposed, ProposedLine
from ppdesk.gui.pages.roles_rule_text import FILE
from ppdesk.gui.parts.inputs import Check, Choice, LineField, NumberField
from ppdesk.gui.parts.text import Elided, text
from ppdesk.gui.trees.edited import Edited
from ppdesk.gui.words import choice
from ppdesk.workflow.data.roles_generalize_proposal import way

ROLES = ("direct-identifier", "quasi-identifier", "sensitive", "insensitive")
_TYPES = ("categorical", "numeric")
_ORIGINS = ("codebook", "knowledge", "data")
_NUMBERS = ("integer", "decimal")
_BOUNDS = ("min", "max", "origin")
_POSITIVE = 88  # px

Entry = dict[str, Any]


def _number(words: str, what: str) -> float | None:
    if not words.strip():
        return None
    try:
        return float(words)
    except ValueError:
        raise WrongValueError(tr("{what}: enter a number, or leave it empty.", what=what)) from None


class RowFields:
    """The fields of one column, in the order of the grid."""

    def __init__(self, name: str, kind: str, changed: Callable[[], object]) -> None:
        self.label = Elided(name, "strong")
        self.label.setToolTip(tr("{column}: {kind} in the file", column=name, kind=kind) if kind else name)
        self.role = Choice(
            tr("{column}: role", column=name), [(one, choice(one)) for one in ROLES], height=28
        )
        self.type = Choice(
            tr("{column}: type", column=name), [(one, choice(one)) for one in _TYPES], height=28
        )
        self.low = NumberField(tr("{column}: lowest value", column=name), small=True)
        self.high = NumberField(tr("{column}: highest value", column=name), small=True)
        self.categories = LineField(tr("{column}: categories", column=name), small=True)
        self.categories.setPlaceholderText(tr("one; another; ..."))
        self._to = text(tr("to"), "caption")
        self.log = Check(tr("log"))
        self.log.setMinimumWidth(self.log.sizeHint().width())
        self.log.setAccessibleName(tr("{column}: by orders of magnitude", column=name))
        self.log.setToolTip(tr("By orders of magnitude: for an amount or an income."))
        self.values = QWidget()
        inside = QHBoxLayout(self.values)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        for part in (self.low, self._to, self.high, self.log, self.categories):
            inside.addWidget(part)
        self.origin = Choice(
            tr("{column}: where from", column=name), [(one, choice(one)) for one in _ORIGINS], height=28
        )
        self.target = Check("")
        self.target.setAccessibleName(tr("{column}: target", column=name))
        self.positive = LineField(tr("{column}: positive value", column=name), small=True)
        self.positive.setPlaceholderText(tr("to find"))
        self.positive.setMaximumWidth(_POSITIVE)
        self.hierarchy = HierarchyField(name, kind, lambda: self.value(name))
        self.hierarchy.changed.connect(changed)
        for chosen in (self.role, self.type, self.origin):
            chosen.currentIndexChanged.connect(changed)
        for line in (self.low, self.high, self.categories, self.positive):
            line.textChanged.connect(changed)
        for line in (self.low, self.high, self.categories):
            line.textChanged.connect(self.hierarchy.show_levels)
        self.target.toggled.connect(changed)
        self.log.toggled.connect(changed)
        for chosen in (self.role, self.type):
            chosen.currentIndexChanged.connect(self.fit)
            chosen.currentIndexChanged.connect(self.hierarchy.show_levels)
        self.target.toggled.connect(self.fit)

    def cells(self) -> Sequence[QWidget]:
        return (
            self.label, self.role, self.type, self.values, self.origin, self.target, self.positive,
            self.hierarchy,
        )  # fmt: skip

    def fit(self) -> None:
        """Only what makes sense for role and type can be filled in."""
        numeric = self.type.value() == "numeric"
        for field, on in (
            (self.low, numeric),
            (self._to, numeric),
            (self.high, numeric),
            (self.log, numeric),
            (self.categories, not numeric),
            (self.positive, self.target.isChecked()),
            (self.hierarchy, self.role.value() == "quasi-identifier"),
        ):
            field.setVisible(on)
            if isinstance(field, LineField):
                field.setToolTip(field.text())

    def put(self, entry: Mapping[str, Any], hierarchy: str, rule: Mapping[str, Any] | None) -> None:
        self.role.put(str(entry["role"]))
        self.type.put(str(entry["type"]))
        self.origin.put(str(entry.get("origin") or "codebook"))
        for field, name in ((self.low, "min"), (self.high, "max")):
            value = entry.get(name)
            field.setText("" if value is None else f"{float(value):g}")
        self.log.setChecked(bool(entry.get("log")))
        self.categories.setText("; ".join(entry.get("categories") or ()))
        self.target.setChecked(bool(entry.get("target")))
        self.positive.setText(str(entry.get("positive") or ""))
        self.categories.setCursorPosition(0)
        self.hierarchy.put(hierarchy, rule)
        self.fit()

    def value(self, name: str) -> Entry:
        """As the step takes it. WrongValueError."""
        found: Entry = {"name": name, "role": self.role.value(), "type": self.type.value()}
        if self.type.value() == "numeric":
            low, high = (
                _number(self.low.text(), tr("{column}, lowest", column=name)),
                _number(self.high.text(), tr("{column}, highest", column=name)),
            )
            if low is not None and high is not None and low >= high:
                raise WrongValueError(
                    tr("{column}: the lowest value must be below the highest.", column=name)
                )
            found |= {key: one for key, one in (("min", low), ("max", high)) if one is not None}
            if self.log.isChecked():
                found["log"] = True
        else:
            pieces = [piece.strip() for piece in self.categories.text().split(";")]
            if any(pieces):
                found["categories"] = [piece for piece in pieces if piece]
        if self.origin.value() != "codebook":
            found["origin"] = self.origin.value()
        if self.target.isChecked():
            found["target"] = True
            if self.positive.text().strip():
                found["positive"] = self.positive.text().strip()
        return found


class Row:
    """What one column holds: in plain values until its fields are made, and in the fields from then on."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self._kind = name, kind
        self._entry: Entry = {
            "name": name,
            "role": "quasi-identifier",  # until a person says otherwise: the careful choice
            "type": "numeric" if kind in _NUMBERS else "categorical",
        }
        self._hierarchy = ""
        self._rule: Entry | None = None
        self.level_names: Sequence[str] = ()  # as the dictionary has them
        self.fields: RowFields | None = None
        self.line: ProposedLine | None = None

    def make(self, around: QWidget, changed: Callable[[], object], edit: Callable[[], object]) -> RowFields:
        """Make the fields, in `around`. `edit` is called for the tree of its hierarchy."""
        self.fields = RowFields(self.name, self._kind, changed)
        self.fields.hierarchy.edit_asked.connect(edit)
        for cell in self.fields.cells():  # a field that is shown without a parent would become a window
            cell.setParent(around)
        self.fields.put(self._entry, self._hierarchy, self._rule)
        self.fields.hierarchy.put_names(self.level_names)
        return self.fields

    def take_edited(self, found: Edited) -> None:
        """Take what a person made of the tree of its hierarchy."""
        entry = {**self.draft(), **({"origin": "data"} if found.from_data else {})}
        self.level_names = ()
        self.put(entry, found.file, found.rule)
        self.name_levels(())

    def put(
        self,
        entry: Mapping[str, Any],
        hierarchy: str | None = None,
        rule: Mapping[str, Any] | None = None,
    ) -> None:
        """Show `entry`; what it does not name becomes empty, but for the type. Without `hierarchy` and `rule`
        it generalizes as before."""
        known = {"role": "quasi-identifier", "type": self._entry["type"], **entry}
        file, held = self.hierarchy, self.rule_or_none()
        self._entry = {name: value for name, value in known.items() if value not in (None, (), [])}
        if hierarchy is not None or rule is not None:
            file, held = hierarchy or "", None if rule is None else dict(rule)
        self._hierarchy, self._rule = file, held
        if self.fields is not None:
            self.fields.put(self._entry, self._hierarchy, self._rule)

    def name_levels(self, names: Sequence[str]) -> None:
        """Show names of levels beside them."""
        self.level_names = tuple(names)
        if self.fields is not None:
            self.fields.hierarchy.put_names(self.level_names)

    def take(self, proposed: Mapping[str, Any], kind: str = "") -> None:
        """Take role, type and target of a proposal; what was declared besides stays where it fits. A
        quasi-identifier that does not generalize yet gets the rule for what it then is; `kind` is what
        Inspect took it for."""
        now = self.draft()
        kept = (
            ("min", "max", "log", "origin")
            if proposed["type"] == "numeric"
            else ("categories", "origin", "positive")
        )
        known = {} if now.keys() & {"min", "max"} else proposed  # declared bounds stay before the world's
        taken = {name: value for name, value in proposed.items() if name not in _BOUNDS or name in known}
        entry = {**{name: now[name] for name in kept if name in now}, **taken}
        lacks = proposed["role"] == "quasi-identifier" and not self.generalizes
        self.put(entry, rule=way(entry, self._kind, kind).rule if lacks else None)

    def take_rule(self, kind: str = "") -> None:
        """Take the rule that fits what is declared; `kind` as in `take`. Bounds that the world is known to
        have come with it, where none are declared."""
        entry = self.draft()
        found = way(entry, self._kind, kind)
        self.put({**entry, **found.declared}, rule=found.rule)

    @property
    def generalizes(self) -> bool:
        """Whether a file or a rule is named."""
        return bool(self.hierarchy) or self._ruled()

    def _ruled(self) -> bool:
        return (
            self.fields.hierarchy.kind.value() != FILE if self.fields is not None else self._rule is not None
        )

    def rule(self) -> Entry | None:
        """As the step takes it. WrongValueError."""
        return self.fields.hierarchy.rule() if self.fields is not None else self._rule

    def rule_or_none(self) -> Entry | None:
        """The rule as far as one can be read."""
        try:
            return self.rule()
        except WrongValueError:
            return None

    def draft(self) -> Entry:
        """What it holds, wrong or not."""
        try:
            return self.value()
        except WrongValueError:
            return {"name": self.name, "role": self.role, "type": self._entry["type"]}

    @property
    def role(self) -> str:
        return self.fields.role.value() if self.fields is not None else str(self._entry["role"])

    @property
    def target(self) -> bool:
        return self.fields.target.isChecked() if self.fields is not None else bool(self._entry.get("target"))

    @property
    def hierarchy(self) -> str:
        return self.fields.hierarchy.file if self.fields is not None else self._hierarchy

    def value(self) -> Entry:
        """As the step takes it. WrongValueError."""
        if self.fields is not None:
            return self.fields.value(self.name)
        unset = {"target": False, "origin": "codebook"}
        return {"name": self.name} | {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self._entry.items()
            if unset.get(name) != value
        }

    def compare(self, proposed: Proposed | None) -> None:
        """Show beside it what was proposed, and whether that is what is declared."""
        if self.line is not None:
            self.line.put(proposed, self.role)
            self.line.setVisible(proposed is not None)

    def make_line(self, take: Callable[[], object]) -> ProposedLine:
        """Make the line below the fields."""
        self.line = ProposedLine(self.name)
        self.line.use.clicked.connect(take)
        self.line.hide()
        return self.line
