"""Whom a model's epsilon protects: one record, or all records of one person."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.pages.roles_proposed import Proposal
from ppdesk.gui.parts.inputs import Choice, NumberField
from ppdesk.gui.parts.text import restyle, text

_RECORD = "Each record is one person."
_MOST = 10_000


class UnitField(QWidget):
    """The id of a person, and how many records of each count at most."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = Choice(tr("Whom epsilon protects"), [("", tr("One record"))])
        self.column.currentIndexChanged.connect(self._edited)
        self.most = NumberField(tr("Records of one person, at most"), unit=tr("records"), step=1)
        self.most.limit(1, _MOST)
        self.most.setText("1")
        self.most.setFixedWidth(136)
        self.most.textChanged.connect(self._edited)
        self._at_most = text(tr("at most"), "caption")
        self._help = text(told(_RECORD), "caption", wrap=True)
        self._proposal: Proposal | None = None
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.column, 1)
        fields.addWidget(self._at_most)
        fields.addWidget(self.most)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(text(tr("Whom ε protects"), "label"))
        column.addLayout(fields)
        column.addWidget(self._help)
        column.addStretch(1)
        self._fit()

    def show_columns(self, columns: Sequence[str]) -> None:
        """The columns that may be an id."""
        now = self.column.value()
        self.column.blockSignals(True)
        self.column.clear()
        self.column.addItem(tr("One record"), "")
        for name in columns:
            self.column.addItem(tr("One person, known by {column}", column=name), name)
        self.column.put(now if now in columns else "")
        self.column.blockSignals(False)
        self._fit()

    def show_proposal(self, proposal: Proposal | None) -> None:
        self._proposal = proposal
        self._fit()

    def put(self, column: str, most: int) -> None:
        self.column.put(column if self.column.findData(column) >= 0 else "")
        self.most.setText(str(most))
        self._fit()

    def values(self) -> dict[str, Any]:
        """Nothing for one record. WrongValueError."""
        if not self.column.value():
            return {}
        words = self.most.text().strip().replace(",", "")
        if not words.isdecimal() or not 1 <= int(words) <= _MOST:
            raise WrongValueError(
                tr("Records of one person: enter a whole number from 1 to {most:,}.", most=_MOST)
            )
        return {"unit_column": self.column.value(), "most_rows": int(words)}

    def _edited(self) -> None:
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        name = self.column.value()
        for part in (self._at_most, self.most):
            part.setVisible(bool(name))
        proposed = self._proposal
        words, differs = told(_RECORD), False
        if name:
            words = tr("Training keeps no more records of each id, at random, and adds noise for so many.")
        if proposed is not None and proposed.unit_column != name:
            differs = True
            words = tr("Proposed: one record.")
            if proposed.unit_column:
                words = tr_count(
                    "Proposed: one person, known by {column}, at most {count:,} record.",
                    "Proposed: one person, known by {column}, at most {count:,} records.",
                    proposed.most_rows,
                    column=proposed.unit_column,
                )
        self._help.setToolTip(told(proposed.why_unit) if proposed is not None else "")
        restyle(self._help, "tone", "caution" if differs else "")
        self._help.setText(words)
