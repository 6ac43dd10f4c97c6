"""The form of Anonymize: fields that know the columns, their levels, and the models there are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.artifacts import Head, Kind
from ppdesk.core.params import FieldSpec, Params, fields_of
from ppdesk.gui.column_editors import ColumnsEditor
from ppdesk.gui.editors import NumberEditor, WrongValueError
from ppdesk.gui.form import Form, Maker
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.level_editors import LevelsEditor, WeightsEditor
from ppdesk.gui.pages import anonymize_menus as menus
from ppdesk.gui.pages.anonymize_cards import CardRow, ModelCards, PercentEditor, model_menu, popup_below
from ppdesk.gui.pages.anonymize_figures import Shown
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.levels_field import Rest
from ppdesk.gui.parts.text import text
from ppdesk.gui.sentences import SentencesEditor, SentencesField
from ppdesk.gui.spoken_fields import spoken
from ppdesk.gui.trees.columns import ColumnLevel, HierarchyColumns
from ppdesk.workflow import declared
from ppdesk.workflow.declared import Column

Heads = Mapping[Kind, Head]
_LONGEST_NAME = 18  # signs of a column in a link
_CARDS = ("k", "suppression_limit")  # fields that stand in cards of their own
_SEARCHED = "The search decides."
_CHOSEN = "Chosen by a person: checked, not claimed to be the best."
_SENSITIVE = "What each class must meet besides k. A class that violates one is suppressed as a whole."
_POPULATION = (
    "Models that go beyond single classes. Those on the population need its table, or its size. Differential"
    " privacy stands alone and spends budget."
)
_TREAT = (
    "What is done to columns of the release that are no quasi-identifiers. Direct identifiers stay out unless"
    " they become pseudonyms, are shifted dates, or are suppressed by name."
)


def level_counts(heads: Heads) -> dict[str, int]:
    """How many levels the hierarchy of each quasi-identifier has."""
    shapes = heads.get(Kind.HIERARCHIES, {}).get("columns")
    if not isinstance(shapes, Mapping):
        return {}
    found = {}
    for name in _quasi(declared.columns(heads.get(Kind.ROLES, {}))):
        shape = shapes.get(name)
        levels = shape.get("levels") if isinstance(shape, Mapping) else None
        if isinstance(levels, int):
            found[name] = levels
    return found


def _quasi(columns: Mapping[str, Column]) -> list[str]:
    return [one.name for one in columns.values() if one.role == "quasi-identifier"]


class AnonymizeForm(Form):
    """Models and suppression as cards, then the levels of each column, then the rest, folded away."""

    roles_asked = Signal()

    def __init__(self, params: type[Params], heads: Heads) -> None:
        columns = declared.columns(heads.get(Kind.ROLES, {}))
        counts = level_counts(heads)
        special = _sentences(columns) | _by_column(_quasi(columns), counts)
        super().__init__(params, special, without=_CARDS)
        self._heads, self._counts, self._columns = heads, counts, columns
        specs = {spec.name: spoken(spec) for spec in fields_of(params) if spec.name in _CARDS}
        self.k = CardRow(
            specs["k"], NumberEditor(replace(specs["k"], unit="")), tr("k-anonymity"), model=True
        )
        self.suppress = CardRow(
            specs["suppression_limit"], PercentEditor(specs["suppression_limit"]), tr("Suppress at most"),
            model=False,
        )  # fmt: skip
        self.k.note.setText("k")
        self.rows = {"k": self.k, "suppression_limit": self.suppress, **self.rows}
        first = next((name for name, one in columns.items() if one.role == "sensitive"), "")
        self.models = ModelCards(
            f"{first}: distinct-l-diversity, l = 2" if first else "", declared=bool(columns)
        )
        self.add = Button(tr("Add a model"), "link", height=20)
        self.levels = HierarchyColumns()
        self.edit = Button(tr("Edit hierarchies"), "link", height=20)
        self.best = Button(tr("Back to the search"), "link", height=20)
        self.best.hide()
        for link in (self.add, self.edit, self.best):
            link.may_shrink()
        self._lay_out()
        for row in (self.k, self.suppress):
            row.changed.connect(self.changed)
        self.models.changed.connect(self._take)
        self.models.roles_asked.connect(self.roles_asked)
        self.edit.clicked.connect(self._edit)
        self.levels.current_changed.connect(self._offer_edit)
        self.changed.connect(self._tell)
        self._tell()

    def _offer_edit(self, name: str) -> None:
        """The column that is looked at can be edited."""
        short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}\u2026"
        self.edit.say(tr("Edit {column}", column=short))
        self.edit.setToolTip(name)

    def _edit(self) -> None:
        name = self.levels.current
        if name:
            self.levels.edit_asked.emit(name)
        else:
            self.roles_asked.emit()

    def _lay_out(self) -> None:
        samples = [("sensitive", menus.sensitive(self._columns)), ("population", menus.population())]
        menu = model_menu(self, samples, self._more)
        self.add.clicked.connect(lambda: popup_below(menu, self.add))
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(_head(tr("Privacy models"), self.add))
        for part in (self.k, self.models, self.suppress):
            column.addWidget(part)
        column.addSpacing(8)
        self._head = QWidget()
        inside = _head(tr("Hierarchies"), self.best, self.edit)
        self._head.setLayout(inside)
        column.addWidget(self._head)
        column.addWidget(self.levels)
        self._head.setVisible(bool(self._counts))
        self.levels.setVisible(bool(self._counts))
        self._column.insertWidget(0, around)
        self._column.setSpacing(6)

    def put(self, values: Mapping[str, Any]) -> None:
        super().put(values)
        self._tell()

    def sentences(self, name: str) -> list[str]:
        """What the field `name` holds that is written out."""
        widget = self.rows[name].editor.widget
        return widget.sentences() if isinstance(widget, SentencesField) else []

    def chosen(self) -> dict[str, int]:
        """The levels that a person chose; empty where the search decides."""
        try:
            return dict(self.rows["levels"].editor.value() or {})
        except WrongValueError:
            return {}

    def show_levels(self, shown: Shown | None) -> None:
        """The levels and losses of the figures that are shown; without, the levels that were chosen, or the
        lowest ones."""
        chosen = self.chosen()
        if shown is not None and shown.columns:
            rows = [ColumnLevel(one.name, one.level, one.levels, one.loss) for one in shown.columns]
        else:
            rows = [ColumnLevel(name, chosen.get(name, 0), levels) for name, levels in self._counts.items()]
        self.levels.put(rows)

    def _more(self, name: str, sentence: str) -> None:
        some = self.sentences(name)
        if sentence not in some:
            self._take(name, [*some, sentence])

    def _take(self, name: str, some: list[str]) -> None:
        self.rows[name].editor.put(some)
        self.changed.emit()

    def _tell(self) -> None:
        """What k and the limit come to, in words."""
        standard = self._heads.get(Kind.STANDARD, {})
        least = standard.get("k_min")
        k = _value(self.k)
        words = (
            tr_count(
                "Everyone looks like at least {count:,} other.",
                "Everyone looks like at least {count:,} others.",
                int(k) - 1,
            )
            if k
            else ""
        )
        preset = tr("Preset: {k} or more", k=least) if isinstance(least, int) else ""
        self.k.tell(f"{words} {preset}".strip())
        records, limit = self._heads.get(Kind.TABLE, {}).get("rows"), _value(self.suppress)
        if isinstance(records, int) and limit is not None:
            self.suppress.note.setText(
                tr("{count:,} of {records:,} records", count=int(limit * records + 1e-9), records=records)
            )
        self.models.put({name: self.sentences(name) for name in ("sensitive", "population")})
        self.best.setVisible(bool(self.chosen()))


def _value(row: CardRow) -> float | None:
    try:
        found = row.editor.value()
    except WrongValueError:
        return None
    return float(found) if isinstance(found, int | float) else None


def _head(title: str, *links: Button) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(12)
    made.addWidget(text(title, "section"), 1)
    for link in links:
        made.addWidget(link)
    return made


def anonymize_form(params: type[Params], heads: Heads) -> AnonymizeForm:
    """The form for what was declared; without a declaration the fields are plain lines."""
    return AnonymizeForm(params, heads)


def _sentences(columns: Mapping[str, Column]) -> dict[str, Maker]:
    def sensitive(spec: FieldSpec) -> SentencesEditor:
        def wrong(one: str) -> str:
            return menus.wrong_sensitive(one, columns)

        return SentencesEditor(
            spec, wrong, menus.sensitive(columns), help=told(_SENSITIVE), menu=tr("Add a model")
        )

    def population(spec: FieldSpec) -> SentencesEditor:
        return SentencesEditor(
            spec, menus.wrong_population, menus.population(), help=told(_POPULATION), menu=tr("Add a model")
        )

    def treat(spec: FieldSpec) -> SentencesEditor:
        def wrong(one: str) -> str:
            return menus.wrong_treatment(one, columns)

        return SentencesEditor(
            spec, wrong, menus.treatments(columns), help=told(_TREAT), menu=tr("Add a treatment")
        )

    return {"sensitive": sensitive, "population": population, "treat": treat}


def _by_column(quasi: list[str], counts: Mapping[str, int]) -> dict[str, Maker]:
    made: dict[str, Maker] = {}
    if quasi:
        made["keep"] = made["suppress_columns"] = lambda spec: ColumnsEditor(spec, quasi)
        made["weights"] = lambda spec: WeightsEditor(spec, quasi, 1.0)
    if counts:

        def bound(rest: Rest) -> Maker:
            return lambda spec: LevelsEditor(spec, counts, rest)

        made["lowest_levels"], made["highest_levels"] = bound("lowest"), bound("highest")
        made["levels"] = lambda spec: LevelsEditor(spec, counts, "nothing", told(_SEARCHED), told(_CHOSEN))
    return made
