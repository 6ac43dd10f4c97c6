"""What Inspect proposed for a column, beside what is declared: shape and words, reasons one click away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.wording import percent
from ppdesk.gui.language import told, tr, within
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.states import Chip, ChipView
from ppdesk.gui.parts.text import Elided, text
from ppdesk.gui.words import choice


@dataclass(frozen=True)
class Proposed:
    """The proposal for one column. `entry` is as the step takes it; `reasons` are whole sentences; `kind` is
    what Inspect took it for."""

    entry: Mapping[str, Any]
    confidence: float
    reasons: Sequence[str]
    kind: str = ""

    @property
    def role(self) -> str:
        return str(self.entry["role"])

    @property
    def words(self) -> str:
        """The role, how sure, and the share."""
        target = f", {tr('target')}" if self.entry.get("target") else ""
        return f"{choice(self.role)}{target}, {sure(self.confidence)}, {percent(self.confidence, 0)}"


@dataclass(frozen=True)
class Proposal:
    """Everything that Inspect proposed for a table. `why_unit`: in sentences."""

    columns: Mapping[str, Proposed]
    unit_column: str = ""
    most_rows: int = 1
    why_unit: str = ""


def sure(confidence: float) -> str:
    """A confidence of 0..1 in words."""
    if confidence >= 0.9:
        return tr("very sure")
    if confidence >= 0.75:
        return tr("fairly sure")
    return tr("not sure") if confidence >= 0.5 else tr("a guess")


def read(heads: Mapping[Kind, Head]) -> Proposal | None:
    """The proposal that holds now; None where nothing was inspected."""
    found, table = heads.get(Kind.INSPECTION), heads.get(Kind.TABLE)
    if found is None or table is None:
        return None
    from ppdesk.workflow.data.inspection import Inspection
    from ppdesk.workflow.data.roles_proposal import proposal

    inspection, values = Inspection.of(found), proposal(found, table)
    columns = {}
    for entry in values["columns"]:
        one = inspection.column(str(entry["name"]))
        if one is not None:
            columns[one.name] = Proposed(entry, one.confidence, one.reasons, one.kind)
    return Proposal(
        columns,
        str(values.get("unit_column") or ""),
        int(values.get("most_rows") or 1),
        inspection.unit.reason,
    )


class ProposedLine(QWidget):
    """Chip, first reason, the others on demand, and a way to take the proposal where it differs."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._shown: tuple[Proposed, str] | None = None
        self.chip = ChipView()
        self._first = Elided("")
        self.use = Button(tr("Use this"), "link", height=20)
        self.use.setAccessibleName(tr("{column}: use the proposal", column=name))
        self.more = Button(tr("Why"), "link", height=20)
        self.more.setAccessibleName(tr("{column}: all reasons", column=name))
        self.more.setCheckable(True)
        self._all = text("", "caption", wrap=True)
        self._all.hide()
        self.more.toggled.connect(self._all.setVisible)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.chip)
        row.addWidget(self.use)
        row.addWidget(self.more)
        row.addWidget(self._first, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._all)

    @property
    def said(self) -> str:
        """The chip in words."""
        return self.chip.accessibleName()

    def put(self, proposed: Proposed | None, declared: str) -> None:
        """Show the proposal beside the role that is declared."""
        if proposed is None or (proposed, declared) == self._shown:
            return
        self._shown = (proposed, declared)
        same = proposed.role == declared
        said = within(proposed.words)
        words = tr("As proposed: {role}", role=said) if same else tr("Proposed: {role}", role=said)
        self.chip.put(Chip("done" if same else "decide", words))
        reasons = [told(one) for one in proposed.reasons]
        self._first.setText(reasons[0] if reasons else "")
        self._first.setToolTip("\n".join(reasons))
        self.chip.setToolTip("\n".join(reasons))
        self._all.setText("\n".join(reasons[1:]))
        self.more.setVisible(len(reasons) > 1)
        self.use.setVisible(not same)
        self.setAccessibleName(f"{self._name}: {words}. {' '.join(reasons)}")
