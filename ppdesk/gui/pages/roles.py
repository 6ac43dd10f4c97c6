"""The roles page's own form: one row per column of the table, beside what Inspect proposed."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.form import FormRow
from ppdesk.gui.gradual import Gradual
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.pages.roles_proposed import Proposal
from ppdesk.gui.pages.roles_row import Row
from ppdesk.gui.pages.roles_unit import UnitField
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Banner, Card
from ppdesk.gui.parts.inputs import FileField
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import restyle, text
from ppdesk.gui.results import scrolled

_HEAD = ("Column", "Role", "Type", "Bounds or categories", "Where from", "Target", "Positive", "Hierarchy")
_STRETCH = {0: 2, 3: 4, 7: 6}
_LEAST = {0: 84, 1: 138, 2: 104, 3: 132, 4: 102, 5: 40, 6: 64, 7: 222}  # px


class RolesPane(QWidget):
    """Stands where other pages have a form, and answers like one. Rows are made a few at a time; until then
    each keeps what it holds as plain values."""

    changed = Signal()
    inspect_asked = Signal()  # find personal data first
    edit_asked = Signal(str)  # the tree of the hierarchy of this column

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, FormRow] = {}  # no row of a form: remarks stand above
        self.columns: dict[str, Row] = {}
        self.proposal: Proposal | None = None
        self._quiet = False
        self._rows = Gradual(self)
        self._wait = text(tr("The columns appear here once a table is imported."), "caption")
        self.dictionary = FileField(tr("Data dictionary"), save=False, suffixes=(".toml",))
        self.dictionary.line.setPlaceholderText(tr("A TOML file that says what each column is"))
        self.load = Button(tr("Load"), "secondary", icon="scroll-text")
        self.load.setAccessibleName(tr("Load dictionary"))
        self.load.clicked.connect(self._read)
        self._said = text(
            tr("Roles, bounds, categories, rules and hierarchies at once."), "caption", wrap=True
        )
        self.unit = UnitField()
        self.unit.changed.connect(self._edited)
        self._card = Card(flush=True)
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(15, 8, 15, 10)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        for at, words in enumerate(_HEAD):
            title = QLabel(told(words))
            title.setProperty("kind", "head")
            self._grid.addWidget(title, 0, at)
            self._grid.setColumnStretch(at, _STRETCH.get(at, 0))
            self._grid.setColumnMinimumWidth(at, _LEAST[at])
        area = scrolled(self._inside, tr("Columns"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # in a window of 1024 px
        self._card.add(area, 1)
        self._notes = QVBoxLayout()
        self._notes.setContentsMargins(0, 4, 0, 4)
        self.banner: Banner | None = None
        self._lay_out()
        self._card.hide()
        self.unit.hide()

    def _lay_out(self) -> None:
        file = QHBoxLayout()
        file.setSpacing(8)
        file.addWidget(self.dictionary, 1)
        file.addWidget(self.load)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(text(tr("Data dictionary"), "label"))
        left.addLayout(file)
        left.addWidget(self._said)
        left.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addLayout(left, 1)
        head.addWidget(self.unit, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self._notes)
        column.addWidget(self._card, 1)
        column.addWidget(self._wait)

    # rows

    def show_columns(self, columns: Sequence[tuple[str, str]]) -> None:
        """The columns of the table: (name, type in the file)."""
        if [name for name, _ in columns] == list(self.columns):
            return
        while self._grid.count() > len(_HEAD):
            item = self._grid.takeAt(self._grid.count() - 1)
            inside: QWidget | None = item.widget() if item is not None else None
            if inside is not None:
                inside.hide()
                inside.deleteLater()
        self._grid.setRowStretch(2 * len(self.columns) + 1, 0)
        self.columns = {name: Row(name, kind) for name, kind in columns}
        self.unit.show_columns([name for name, _ in columns])
        self._rows.put([partial(self._make_row, at, row) for at, row in enumerate(self.columns.values())])
        self._grid.setRowStretch(2 * len(self.columns) + 1, 1)
        self._card.setVisible(bool(self.columns))
        self.unit.setVisible(bool(self.columns))
        self._wait.setVisible(not self.columns)
        self._show_proposal()
        self.changed.emit()

    def _make_row(self, at: int, row: Row) -> None:
        """The fields of one column."""
        quiet, self._quiet = self._quiet, True  # a field that is filled in says that it changed
        made = row.make(self._inside, self._edited, partial(self.edit_asked.emit, row.name))
        for place, cell in enumerate(made.cells()):
            self._grid.addWidget(cell, 2 * at + 1, place)
        line = row.make_line(partial(self._take, [row]))
        self._grid.addWidget(line, 2 * at + 2, 0, 1, len(_HEAD))
        row.compare(self._proposed(row.name))
        self._quiet = quiet

    @property
    def complete(self) -> bool:
        """Whether the fields of all columns are made."""
        return self._rows.over

    def _edited(self, *_what: object) -> None:
        if not self._quiet:
            self._show_proposal()
            self.changed.emit()

    # the proposal

    def show_proposal(self, proposal: Proposal | None) -> None:
        """What Inspect proposes now; None where nothing was inspected."""
        self.proposal = proposal
        self.unit.show_proposal(proposal)
        self._show_proposal()

    def _proposed(self, name: str) -> Any:
        return self.proposal.columns.get(name) if self.proposal is not None else None

    def other(self) -> list[Row]:
        """The columns whose declared role is not the one that was proposed."""
        proposed = [(row, self._proposed(row.name)) for row in self.columns.values()]
        return [row for row, one in proposed if one is not None and one.role != row.role]

    def lacking(self) -> list[Row]:
        """The quasi-identifiers that name neither a rule nor a file, and for which a proposal is known."""
        return [
            row
            for row in self.columns.values()
            if row.role == "quasi-identifier" and not row.generalizes and self._proposed(row.name)
        ]

    def _show_proposal(self) -> None:
        for row in self.columns.values():
            row.compare(self._proposed(row.name))
        state = (self.proposal is not None, bool(self.columns), len(self.other()), len(self.lacking()))
        if state == getattr(self, "_noted", None):
            return
        self._noted = state
        emptied(self._notes)
        self.banner = self._note()
        if self.banner is not None:
            self._notes.addWidget(self.banner)

    def _note(self) -> Banner | None:
        if not self.columns:
            return None
        if self.proposal is None:
            banner = Banner(
                "info",
                tr("Inspect the table first."),
                tr("Inspect finds personal data and proposes a role for each column."),
                tr("Go to Inspect"),
            )
            banner.link.clicked.connect(self.inspect_asked)
            return banner
        other = len(self.other())
        known = sum(name in self.proposal.columns for name in self.columns)
        lacking = self.lacking()
        if not other and lacking:
            banner = Banner(
                "decide",
                tr_count(
                    "{count} quasi-identifier without a hierarchy.",
                    "{count} quasi-identifiers without a hierarchy.",
                    len(lacking),
                ),
                tr("A rule can be proposed from what is declared; it is yours to change."),
                tr("Propose rules"),
            )
            banner.link.clicked.connect(lambda _on=False: self._take_rules(lacking))
            return banner
        if not other:
            return Banner(
                "ok",
                tr_count("{count} role as proposed.", "{count} roles as proposed.", known),
                tr("You decide; the record tells both."),
            )
        banner = Banner(
            "decide",
            tr_count(
                "{count} of {proposals} differs from what is declared.",
                "{count} of {proposals} differ from what is declared.",
                other,
                proposals=tr_count("{count} proposal", "{count} proposals", known),
            ),
            tr("They rest on counts of the data."),
            tr("Use the proposal"),
        )
        banner.link.clicked.connect(lambda _on=False: self._take(list(self.columns.values()), whole=True))
        return banner

    def _take(self, rows: Sequence[Row], _on: bool = False, *, whole: bool = False) -> None:
        """Declare what was proposed for `rows`; with the unit where it is the `whole` proposal."""
        self._quiet = True
        for row in rows:
            one = self._proposed(row.name)
            if one is not None:
                row.take(one.entry, one.kind)
        if whole and self.proposal is not None:
            self.unit.put(self.proposal.unit_column, self.proposal.most_rows)
        self._quiet = False
        self._edited()

    def _take_rules(self, rows: Sequence[Row]) -> None:
        """Fill in rules for quasi-identifiers that name none."""
        self._quiet = True
        for row in rows:
            row.take_rule(self._proposed(row.name).kind)
        self._quiet = False
        self._edited()

    # the dictionary

    def _read(self) -> None:
        from ppdesk.workflow.dictionary import expand

        try:
            found = expand(Path(self.dictionary.value()))
        except CodedError as error:
            self._say(f"{told(error.message)} {told(error.advice)}", wrong=True)
            return
        self.put(found)
        self._say(
            tr_count(
                "{count} column was filled in from the dictionary.",
                "{count} columns were filled in from the dictionary.",
                len(found["columns"]),
            )
        )
        self.changed.emit()

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self._said.setText(words)
        restyle(self._said, "tone", "risk" if wrong else "")
        self.dictionary.mark(wrong)

    @property
    def said(self) -> str:
        """What is said of the dictionary."""
        return self._said.text()

    # answering like a form

    def put(self, values: Mapping[str, Any]) -> None:
        if values.get("dictionary"):
            self.dictionary.put(str(values["dictionary"]))
            self._read()
            return
        entries = {str(entry["name"]): entry for entry in values.get("columns") or ()}
        hierarchies = values.get("hierarchies") or {}
        rules = {str(rule["column"]): rule for rule in values.get("generalize") or ()}
        if not self.columns and entries:
            self.show_columns([(name, "") for name in entries])
        self._quiet = True
        for name, row in self.columns.items():
            if name in entries:
                path = hierarchies.get(name, "")
                file = str(path.get("name", "") if isinstance(path, Mapping) else path)
                row.put(entries[name], file, rules.get(name))
                row.name_levels((values.get("level_names") or {}).get(name, ()))
        if entries:
            self.unit.put(str(values.get("unit_column") or ""), int(values.get("most_rows") or 1))
        self._quiet = False
        self._show_proposal()

    def values(self) -> dict[str, Any]:
        quasi = {name: row for name, row in self.columns.items() if row.role == "quasi-identifier"}
        hierarchies = {name: row.hierarchy for name, row in quasi.items() if row.hierarchy}
        rules = [rule for rule in (row.rule() for row in quasi.values()) if rule is not None]
        columns = [row.value() for row in self.columns.values()]
        ruled = {"generalize": rules} if rules else {}
        names = {
            name: list(row.level_names) for name, row in quasi.items() if row.level_names and row.generalizes
        }
        named = {"level_names": names} if names else {}
        return {"columns": columns, "hierarchies": hierarchies, **ruled, **named, **self.unit.values()}

    def judge(self) -> list[str]:
        wrong = self.first_wrong()
        return [wrong] if wrong else []

    def first_wrong(self) -> str:
        if not self.columns:
            return tr("Import a table first.")
        try:
            self.values()
        except WrongValueError as error:
            return str(error)
        return ""
