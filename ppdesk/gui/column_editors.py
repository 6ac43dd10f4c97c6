"""Editors for fields that name columns of the table at hand, and for lists of values and what they become."""

from collections.abc import Sequence
from typing import Any, get_args

from ppdesk.core.params import FieldSpec
from ppdesk.gui.editors import Call, Editor, WrongValueError, editor_for
from ppdesk.gui.form import Maker
from ppdesk.gui.language import tr
from ppdesk.gui.parts.columns_field import ColumnsField
from ppdesk.gui.parts.inputs import Choice
from ppdesk.gui.parts.pairs_field import PairsField

_SOME = ("columns", "by", "block")  # fields that hold names of columns


class ColumnsEditor(Editor):
    """Some of the table's columns."""

    widget: ColumnsField

    def __init__(self, spec: FieldSpec, columns: Sequence[str]) -> None:
        self._required = spec.required
        none = tr("None ticked: {meaning}.", meaning=spec.empty) if spec.empty else ""
        if not none and not spec.required:
            none = tr("None ticked.")
        self.widget = ColumnsField(spec.label, columns, none=none)

    def value(self) -> list[str]:
        found = self.widget.value()
        if not found and self._required:
            raise WrongValueError(tr("Tick at least one column."))
        return found

    def put(self, value: Any) -> None:
        self.widget.put([value] if isinstance(value, str) else list(value or ()))

    def mark(self, wrong: bool) -> None:
        self.widget.mark(wrong)

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)


class ColumnEditor(Editor):
    """One of the table's columns."""

    widget: Choice

    def __init__(self, spec: FieldSpec, columns: Sequence[str]) -> None:
        self.widget = Choice(spec.label, [(name, name) for name in columns])
        self.widget.setCurrentIndex(-1)

    def value(self) -> str:
        if not self.widget.value():
            raise WrongValueError(tr("Choose a column."))
        return self.widget.value()

    def put(self, value: Any) -> None:
        name = str(value or "")
        if name and self.widget.findData(name) < 0:
            self.widget.addItem(tr("{name} (not in this table)", name=name), name)
        self.widget.put(name)

    def on_change(self, call: Call) -> None:
        self.widget.currentIndexChanged.connect(lambda _at: call())


class ValuesEditor(Editor):
    """Values, and what each becomes."""

    widget: PairsField

    def __init__(self, spec: FieldSpec) -> None:
        self._required = spec.required
        self.widget = PairsField(spec.label, tr("Value"), tr("Becomes"))

    def value(self) -> dict[str, str]:
        pairs = self.widget.pairs()
        named = [old for old, _ in pairs]
        if "" in named:
            raise WrongValueError(tr("Each row needs the value that is replaced."))
        twice = next((one for one in named if named.count(one) > 1), "")
        if twice:
            raise WrongValueError(tr("{value} is in the list twice.", value=twice))
        if not pairs and self._required:
            raise WrongValueError(tr("Enter at least one value and what it becomes."))
        return dict(pairs)

    def put(self, value: Any) -> None:
        self.widget.put(dict(value or {}))

    def mark(self, wrong: bool) -> None:
        self.widget.mark(wrong)

    def on_change(self, call: Call) -> None:
        self.widget.edited.connect(call)


def with_columns(columns: Sequence[str], fields: Sequence[FieldSpec]) -> dict[str, Maker]:
    """The editors of `fields` that hold columns out of `columns`, or values and what they become."""
    made: dict[str, Maker] = {}
    for spec in fields:
        is_list = get_args(spec.type)[:1] == (str,)
        if spec.name == "column":
            made[spec.name] = lambda one: ColumnEditor(one, columns)
        elif spec.name in _SOME and is_list and get_args(spec.type)[1:] == (...,):
            made[spec.name] = lambda one: ColumnsEditor(one, columns)
        elif get_args(spec.type) == (str, str):
            made[spec.name] = ValuesEditor
        else:
            made[spec.name] = editor_for
    return made
