"""One editor per type of field: between what a person types and the plain values a step takes."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ppdesk.core.params import FieldSpec
from ppdesk.gui.language import told, tr, within
from ppdesk.gui.parts.buttons import Segmented
from ppdesk.gui.parts.files import FilesField
from ppdesk.gui.parts.inputs import Check, Choice, FileField, LineField, NumberField, TextBox
from ppdesk.gui.words import choice

Call = Callable[[], None]
# free texts that need more than a line
_LONG = frozenset({"purpose", "reason", "comment", "answer", "population", "consent", "source", "decision"})
_EMPTY = "empty"  # how an empty text is written in a list


class WrongValueError(ValueError):
    """What to enter instead, as a sentence for a person."""


class Editor:
    """What a form row needs of a field."""

    widget: QWidget
    beside: QWidget | None = None  # a second way to the same value, at the right of the field
    own_label = False  # the field shows its label itself
    narrow = False  # two of these fit side by side
    help: str | None = None  # said below the field instead of the field's own help

    def value(self) -> Any:
        """The plain value; None for nothing. WrongValueError."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value, as a recipe or a record holds it."""
        raise NotImplementedError

    def mark(self, wrong: bool) -> None:
        """Show the border of an error, where the field has one."""

    def focus(self) -> None:
        """Put the cursor into the field."""
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_change(self, call: Call) -> None:
        raise NotImplementedError

    def on_leave(self, call: Call) -> None:
        """Called when a person leaves the field; never for fields that cannot hold a wrong value."""


class TypedEditor(Editor):
    """An editor whose field is typed into: it can hold a wrong value, and says when a person leaves it."""

    widget: Any

    def mark(self, wrong: bool) -> None:
        self.widget.mark(wrong)

    def on_change(self, call: Call) -> None:
        self.widget.textChanged.connect(call)

    def on_leave(self, call: Call) -> None:
        self.widget.left.connect(call)


class TextEditor(TypedEditor):
    """A line of words, or several."""

    def __init__(self, spec: FieldSpec) -> None:
        self._required = spec.required
        self._lines = spec.free_text and spec.name in _LONG
        self.widget: LineField | TextBox = TextBox(spec.label) if self._lines else LineField(spec.label)

    def value(self) -> str | None:
        widget = self.widget
        found = widget.toPlainText() if isinstance(widget, TextBox) else widget.text()
        if not found.strip():
            if self._required:
                raise WrongValueError(tr("Needed before you go on."))
            return None
        return found.strip()

    def put(self, value: Any) -> None:
        words = "" if value is None else str(value)
        if isinstance(self.widget, TextBox):
            self.widget.setPlainText(words)
        else:
            self.widget.setText(words)
            self.widget.setCursorPosition(0)


class NumberEditor(TypedEditor):
    """A number within its range."""

    widget: NumberField

    narrow = True

    def __init__(self, spec: FieldSpec) -> None:
        self._spec, self._whole = spec, spec.type is int
        if spec.optional and spec.empty:
            self.help = f"{spec.help} {tr('Empty: {meaning}.', meaning=spec.empty)}"
        symbol = "ε" if spec.name == "epsilon" or spec.name.startswith("epsilon_") else ""
        self.widget = NumberField(spec.label, unit=_short(spec.unit), symbol=symbol, step=self._step())
        self.widget.limit(spec.ge, spec.le)

    def _step(self) -> float | None:
        spec = self._spec
        if self._whole:
            return 1
        if spec.name.startswith("epsilon"):
            return 0.1
        if spec.le is not None and spec.le <= 0.1:
            return None  # such as delta: steps would be of no use
        return 0.01 if spec.le is not None and spec.le <= 1 else 0.1

    def value(self) -> int | float | None:
        spec, found = self._spec, self.widget.text().strip()
        if not found:
            if spec.required:
                raise WrongValueError(self._wanted())
            return None if spec.optional else spec.default
        try:
            number = int(found) if self._whole else float(found)
        except ValueError:
            raise WrongValueError(self._wanted()) from None
        low_ok = (spec.ge is None or number >= spec.ge) and (spec.gt is None or number > spec.gt)
        high_ok = (spec.le is None or number <= spec.le) and (spec.lt is None or number < spec.lt)
        if not (low_ok and high_ok):
            raise WrongValueError(self._wanted())
        return number

    def _wanted(self) -> str:
        """What to enter, as a sentence."""
        spec = self._spec
        low = f"{spec.ge:,g}" if spec.ge is not None else ""
        high = f"{spec.le:,g}" if spec.le is not None else ""
        if spec.gt is not None and not low:
            low = tr("more than {number}", number=f"{spec.gt:,g}")
        if spec.lt is not None and not high:
            high = tr("less than {number}", number=f"{spec.lt:,g}")
        if self._whole:
            return _whole_number(low, high)
        if low and high:
            return tr("Enter a number from {low} to {high}.", low=low, high=high)
        if low:
            return tr("Enter a number of at least {low}.", low=low)
        return tr("Enter a number up to {high}.", high=high) if high else tr("Enter a number.")

    def put(self, value: Any) -> None:
        if value is None:
            self.widget.setText("")
        elif self._whole:
            self.widget.setText(str(value))
        else:
            self.widget.setText(f"{float(value):.10f}".rstrip("0").rstrip("."))


class ChoiceEditor(Editor):
    """One of a closed list: words side by side where they fit, else a menu."""

    def __init__(self, spec: FieldSpec) -> None:
        pairs = [(value, told(choice(value))) for value in spec.choices]
        if spec.optional:
            pairs.insert(0, ("", spec.empty or tr("None")))
        letters = sum(len(words) + 4 for _, words in pairs)
        self.widget: Segmented | Choice
        self.widget = (
            Segmented(pairs, spec.label) if len(pairs) <= 4 and letters <= 42 else Choice(spec.label, pairs)
        )

    def value(self) -> str | None:
        return self.widget.value() or None

    def put(self, value: Any) -> None:
        self.widget.put(str(value.value) if isinstance(value, Enum) else "" if value is None else str(value))

    def on_change(self, call: Call) -> None:
        if isinstance(self.widget, Segmented):
            self.widget.chosen.connect(lambda _value: call())
        else:
            self.widget.currentIndexChanged.connect(lambda _at: call())


class CheckEditor(Editor):
    """Yes or no."""

    widget: Check

    own_label = True

    def __init__(self, spec: FieldSpec) -> None:
        self.widget = Check(spec.label)

    def value(self) -> bool:
        return self.widget.isChecked()

    def put(self, value: Any) -> None:
        self.widget.setChecked(bool(value))

    def on_change(self, call: Call) -> None:
        self.widget.toggled.connect(lambda _on: call())


class FileEditor(TypedEditor):
    """A file to read or to write."""

    widget: FileField

    def __init__(self, spec: FieldSpec) -> None:
        self._spec = spec
        self.widget = FileField(
            spec.label,
            save=spec.writes is not None,
            suffixes=spec.reads.suffixes if spec.reads else (),
            suffix=spec.writes.suffix if spec.writes else "",
        )
        if spec.empty:
            self.help = f"{spec.help} {tr('Empty: {meaning}.', meaning=within(spec.empty))}"

    def value(self) -> str | None:
        found = self.widget.value()
        if not found and self._spec.required:
            raise WrongValueError(tr("Type a file name, or choose or drop a file."))
        return found or None

    def put(self, value: Any) -> None:
        if isinstance(value, Mapping):  # a record keeps the bare name and the hash
            value = value.get("name", "")
        self.widget.put("" if value is None else str(value))

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)


class FilesEditor(TypedEditor):
    """Several files to read, in an order."""

    widget: FilesField

    def __init__(self, spec: FieldSpec) -> None:
        self._required = spec.required
        self.widget = FilesField(spec.label, suffixes=spec.reads.suffixes if spec.reads else ())

    def value(self) -> list[str]:
        found = self.widget.value()
        if not found and self._required:
            raise WrongValueError(tr("Type a file name, or choose or drop files."))
        return found

    def put(self, value: Any) -> None:
        if isinstance(value, str | Path | Mapping):
            value = [value]
        names = [one.get("name", "") if isinstance(one, Mapping) else one for one in value or ()]
        self.widget.put([str(name) for name in names])

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)


class ListEditor(TypedEditor):
    """Texts, or numbers, parted by semicolons; an empty text is written "empty"."""

    widget: LineField

    def __init__(self, spec: FieldSpec) -> None:
        self._required, self._optional = spec.required, spec.optional
        self._numbers = float in get_args(spec.type)
        self.widget = LineField(spec.label)
        self.widget.setPlaceholderText(spec.empty or tr("one; another; ..."))

    def value(self) -> list[Any] | None:
        found = [piece.strip() for piece in self.widget.text().split(";")]
        items: list[Any] = ["" if piece == _EMPTY else piece for piece in found if piece]
        if self._numbers:
            try:
                items = [float(piece) for piece in items]
            except ValueError:
                raise WrongValueError(tr("Enter numbers, with semicolons between.")) from None
        if not items and self._required:
            raise WrongValueError(tr("Enter at least one, with semicolons between."))
        return None if self._optional and not items else items

    def put(self, value: Any) -> None:
        items: Sequence[Any] = [value] if isinstance(value, str) else value or ()
        words = [f"{item:g}" if self._numbers else item or _EMPTY for item in items]
        self.widget.setText("; ".join(words))
        self.widget.setCursorPosition(0)


class PairsEditor(TypedEditor):
    """Names with values, one a line: ``age = 2``."""

    widget: TextBox

    def __init__(self, spec: FieldSpec) -> None:
        values = get_args(spec.type)[1] if get_args(spec.type) else str
        self._number = values in (float, int)
        self.widget = TextBox(spec.label)
        self.widget.setPlaceholderText(tr("name = value, one a line"))

    def value(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in self.widget.toPlainText().splitlines():
            if not line.strip():
                continue
            name, sign, value = line.partition("=")
            if not sign or not name.strip() or not value.strip():
                raise WrongValueError(tr("Write each line as name = value."))
            try:
                found[name.strip()] = float(value) if self._number else value.strip()
            except ValueError:
                raise WrongValueError(tr("Write a number after {name} =.", name=name.strip())) from None
        return found

    def put(self, value: Any) -> None:
        lines = [
            f"{name} = {one:g}" if self._number else f"{name} = {one}" for name, one in (value or {}).items()
        ]
        self.widget.setPlainText("\n".join(lines))


def _whole_number(low: str, high: str) -> str:
    if low and high:
        return tr("Enter a whole number from {low} to {high}.", low=low, high=high)
    if low:
        return tr("Enter a whole number of at least {low}.", low=low)
    return tr("Enter a whole number up to {high}.", high=high) if high else tr("Enter a whole number.")


def _short(unit: str) -> str:
    """The unit as it fits into a field."""
    return unit if len(unit) <= 12 else unit.split(" ", maxsplit=1)[0]


def editor_for(spec: FieldSpec) -> Editor:
    """The editor for a field's type. TypeError for a type that no step may use yet."""
    kind = get_origin(spec.type) or spec.type
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ChoiceEditor(spec)
    makers: dict[Any, Callable[[FieldSpec], Editor]] = {
        Path: FileEditor,
        bool: CheckEditor,
        int: NumberEditor,
        float: NumberEditor,
        str: TextEditor,
        tuple: ListEditor,
        dict: PairsEditor,
    }
    if kind is tuple and spec.reads is not None:
        return FilesEditor(spec)
    if kind not in makers:
        raise TypeError(f"no editor for {spec.type} of {spec.name}")
    return makers[kind](spec)
