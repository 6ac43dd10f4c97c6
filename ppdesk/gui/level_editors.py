"""Editors of fields that hold a level, or a number, for each of some columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from ppdesk.core.params import FieldSpec
from ppdesk.gui.editors import Call, Editor, WrongValueError
from ppdesk.gui.language import tr
from ppdesk.gui.parts.levels_field import LevelsField, Rest
from ppdesk.gui.parts.weights_field import WeightsField


class LevelsEditor(Editor):
    """A level for each column."""

    widget: LevelsField

    def __init__(
        self, spec: FieldSpec, counts: Mapping[str, int], rest: Rest, none: str = "", own: str = ""
    ) -> None:
        self.widget = LevelsField(spec.label, counts, rest, none, own)

    def value(self) -> dict[str, int]:
        return self.widget.value()

    def put(self, value: Any) -> None:
        self.widget.put({str(name): int(level) for name, level in dict(value or {}).items()})

    def mark(self, wrong: bool) -> None:
        self.widget.mark(wrong)

    def focus(self) -> None:
        first = next(iter(self.widget.pips.values()), None)
        (first if first is not None and first.isVisible() else self.widget.turn).setFocus()

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)


class WeightsEditor(Editor):
    """A number for each column; those that are left empty are not named."""

    widget: WeightsField

    def __init__(self, spec: FieldSpec, columns: Sequence[str], usual: float) -> None:
        self.widget = WeightsField(spec.label, columns, usual)

    def value(self) -> dict[str, float]:
        found = {}
        for name, words in self.widget.words().items():
            try:
                found[name] = float(words)
            except ValueError:
                raise WrongValueError(tr("Enter a number for {name}.", name=name)) from None
            if not 0 <= found[name] < float("inf"):
                raise WrongValueError(tr("Enter a number of at least 0 for {name}.", name=name))
        return found

    def put(self, value: Any) -> None:
        self.widget.put({str(name): float(one) for name, one in dict(value or {}).items()})

    def mark(self, wrong: bool) -> None:
        self.widget.mark(wrong)

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)

    def on_leave(self, call: Call) -> None:
        self.widget.left.connect(call)
