"""The roles page's own form: one row per column of the table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.form import FormRow
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.inputs import Check, Choice, FileField, LineField, NumberField
from ppdesk.gui.parts.text import restyle, text
from ppdesk.gui.results import scrolled
from ppdesk.gui.words import choice

_ROLES = ("direct-identifier", "quasi-identifier", "sensitive", "insensitive")
_TYPES = ("categorical", "numeric")
_HEAD = ("Column", "Role", "Type", "Lowest", "Highest", "Categories", "Target", "Positive", "Hierarchy")
_STRETCH = {5: 5, 8: 3}
_LEAST = {1: 150, 2: 118, 3: 66, 4: 66, 6: 44, 7: 84}  # px


def _number(field: NumberField, what: str) -> float | None:
    words = field.text().strip()
    if not words:
        return None
    try:
        return float(words)
    except ValueError:
        raise WrongValueError(f"{what}: enter a number, or leave it empty.") from None


class _Row:
    """The editors of one column."""

    def __init__(self, name: str, column_type: str, changed: Any) -> None:
        self.name = name
        self.origin = ""  # where bounds or categories come from, as it was given
        self.label = text(name, "strong")
        self.label.setToolTip(f"{name}: {column_type} in the file")
        self.role = Choice(f"{name}: role", [(one, choice(one)) for one in _ROLES], height=28)
        self.type = Choice(f"{name}: type", [(one, choice(one)) for one in _TYPES], height=28)
        self.low = NumberField(f"{name}: lowest value", small=True)
        self.high = NumberField(f"{name}: highest value", small=True)
        self.categories = LineField(f"{name}: categories", small=True)
        self.categories.setPlaceholderText("one; another; ...")
        self.target = Check("")
        self.target.setAccessibleName(f"{name}: target")
        self.positive = LineField(f"{name}: positive value", small=True)
        self.hierarchy = LineField(f"{name}: hierarchy file", small=True)
        self.hierarchy.setPlaceholderText("file")
        self.low.setMaximumWidth(84)
        self.high.setMaximumWidth(84)
        self.positive.setMaximumWidth(104)
        self.role.put("insensitive")
        self.type.put("numeric" if column_type in ("integer", "decimal") else "categorical")
        for choice_field in (self.role, self.type):
            choice_field.currentIndexChanged.connect(changed)
        for line in (self.low, self.high, self.categories, self.positive, self.hierarchy):
            line.textChanged.connect(changed)
        self.target.toggled.connect(changed)
        self.type.currentIndexChanged.connect(self.fit)
        self.target.toggled.connect(self.fit)
        self.role.currentIndexChanged.connect(self.fit)

    def cells(self) -> Sequence[QWidget]:
        return (
            self.label, self.role, self.type, self.low, self.high,
            self.categories, self.target, self.positive, self.hierarchy,
        )  # fmt: skip

    def fit(self) -> None:
        """Only what makes sense for role and type can be filled in."""
        numeric = self.type.value() == "numeric"
        for field, on in (
            (self.low, numeric),
            (self.high, numeric),
            (self.categories, not numeric),
            (self.positive, self.target.isChecked()),
            (self.hierarchy, self.role.value() == "quasi-identifier"),
        ):
            field.setVisible(on)
            field.setToolTip(field.text())

    def put(self, entry: Mapping[str, Any], hierarchy: str) -> None:
        self.origin = str(entry.get("origin") or "")
        self.role.put(str(entry.get("role", "insensitive")))
        self.type.put(str(entry.get("type", self.type.value())))
        for field, name in ((self.low, "min"), (self.high, "max")):
            value = entry.get(name)
            field.setText("" if value is None else f"{float(value):g}")
        self.categories.setText("; ".join(entry.get("categories") or ()))
        self.target.setChecked(bool(entry.get("target")))
        self.positive.setText(str(entry.get("positive") or ""))
        self.hierarchy.setText(hierarchy)
        for line in (self.categories, self.hierarchy):
            line.setCursorPosition(0 if line is self.categories else len(hierarchy))
        self.fit()

    def value(self) -> dict[str, Any]:
        """As the step takes it. WrongValueError."""
        numeric = self.type.value() == "numeric"
        found: dict[str, Any] = {"name": self.name, "role": self.role.value(), "type": self.type.value()}
        if numeric:
            low, high = _number(self.low, f"{self.name}, lowest"), _number(self.high, f"{self.name}, highest")
            if low is not None and high is not None and low >= high:
                raise WrongValueError(f"{self.name}: the lowest value must be below the highest.")
            found |= {key: one for key, one in (("min", low), ("max", high)) if one is not None}
        else:
            pieces = [piece.strip() for piece in self.categories.text().split(";")]
            if any(pieces):
                found["categories"] = [piece for piece in pieces if piece]
        if self.origin:
            found["origin"] = self.origin
        if self.target.isChecked():
            found["target"] = True
            if self.positive.text().strip():
                found["positive"] = self.positive.text().strip()
        return found


class RolesPane(QWidget):
    """Stands where other pages have a form, and answers like one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, FormRow] = {}  # no row of a form: remarks stand above
        self._columns: dict[str, _Row] = {}
        self._quiet = False
        self._unit: dict[str, Any] = {}  # the privacy unit, as it was given
        self._wait = text("The columns appear here once a table is imported.", "caption")
        self.dictionary = FileField("Data dictionary", save=False, suffixes=(".toml",))
        self.dictionary.line.setPlaceholderText("A TOML file that says what each column is")
        self.load = Button("Load dictionary", "secondary", icon="scroll-text")
        self.load.clicked.connect(self._read)
        self._said = text("Roles, bounds, categories and hierarchies at once.", "caption", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.dictionary, 1)
        head.addWidget(self.load)
        self._card = Card(flush=True)
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(15, 8, 15, 10)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for at, words in enumerate(_HEAD):
            title = QLabel(words)
            title.setProperty("kind", "head")
            self._grid.addWidget(title, 0, at)
            self._grid.setColumnStretch(at, _STRETCH.get(at, 0))
            self._grid.setColumnMinimumWidth(at, _LEAST.get(at, 0))
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._card.add(scrolled(self._inside, "Columns"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(text("Data dictionary", "label"))
        column.addLayout(head)
        column.addWidget(self._said)
        column.addSpacing(4)
        column.addWidget(self._card, 1)
        column.addWidget(self._wait)
        self._card.hide()

    def show_columns(self, columns: Sequence[tuple[str, str]]) -> None:
        """The columns of the imported table: (name, type in the file)."""
        if [name for name, _ in columns] == list(self._columns):
            return
        for row in self._columns.values():
            for cell in row.cells():
                self._grid.removeWidget(cell)
                cell.deleteLater()
        self._columns = {name: _Row(name, kind, self._edited) for name, kind in columns}
        for at, row in enumerate(self._columns.values(), start=1):
            for place, cell in enumerate(row.cells()):
                self._grid.addWidget(cell, at, place)
            row.fit()
        self._grid.setRowStretch(len(self._columns) + 1, 1)
        self._card.setVisible(bool(self._columns))
        self._wait.setVisible(not self._columns)
        self.changed.emit()

    def _edited(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def _read(self) -> None:
        from ppdesk.workflow.dictionary import expand

        try:
            found = expand(Path(self.dictionary.value()))
        except CodedError as error:
            self._say(f"{error.message} {error.advice}", wrong=True)
            return
        self.put(found)
        self._say(f"{len(found['columns'])} columns were filled in from the dictionary.")
        self.changed.emit()

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self._said.setText(words)
        restyle(self._said, "tone", "risk" if wrong else "")
        self.dictionary.mark(wrong)

    @property
    def said(self) -> str:
        """What is said of the dictionary."""
        return self._said.text()

    def put(self, values: Mapping[str, Any]) -> None:
        if values.get("dictionary"):
            self.dictionary.put(str(values["dictionary"]))
            self._read()
            return
        self._unit = {name: values[name] for name in ("unit_column", "most_rows") if values.get(name)}
        entries = {str(entry["name"]): entry for entry in values.get("columns") or ()}
        hierarchies = values.get("hierarchies") or {}
        if not self._columns and entries:
            self.show_columns([(name, "") for name in entries])
        self._quiet = True
        for name, row in self._columns.items():
            if name in entries:
                path = hierarchies.get(name, "")
                row.put(entries[name], str(path.get("name", "") if isinstance(path, Mapping) else path))
        self._quiet = False

    def values(self) -> dict[str, Any]:
        hierarchies = {
            name: row.hierarchy.text().strip()
            for name, row in self._columns.items()
            if row.role.value() == "quasi-identifier" and row.hierarchy.text().strip()
        }
        columns = [row.value() for row in self._columns.values()]
        return {"columns": columns, "hierarchies": hierarchies, **self._unit}

    def judge(self) -> list[str]:
        wrong = self.first_wrong()
        return [wrong] if wrong else []

    def first_wrong(self) -> str:
        if not self._columns:
            return "Import a table first."
        try:
            self.values()
        except WrongValueError as error:
            return str(error)
        return ""
