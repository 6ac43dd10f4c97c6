"""Forms made from Params: label above, field, help below; a wrong value says what to enter instead."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from ppdesk.core.params import FieldSpec, Params, fields_of
from ppdesk.gui.editors import Editor, WrongValueError, editor_for
from ppdesk.gui.icons import Icon
from ppdesk.gui.language import told, tr, within
from ppdesk.gui.parts.inputs import help_line
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import Elided, restyle, text
from ppdesk.gui.spoken_fields import spoken

Maker = Callable[[FieldSpec], Editor]


class FormRow(QWidget):
    """One field with its label and its help, which gives way to what is wrong."""

    changed = Signal()

    def __init__(self, spec: FieldSpec, editor: Editor) -> None:
        super().__init__()
        self.spec, self.editor = spec, editor
        self._told = spec.help if editor.help is None else editor.help
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if not editor.own_label:
            label = text(spec.label, "label", wrap=True)
            label.setBuddy(editor.widget)
            column.addWidget(label)
        if editor.beside is None:
            column.addWidget(editor.widget)
        else:
            both = QHBoxLayout()
            both.setSpacing(12)
            both.addWidget(editor.widget, 0, Qt.AlignmentFlag.AlignTop)
            both.addWidget(editor.beside, 1)
            column.addLayout(both)
        self._help = help_line(self._told)
        self._bound = ""
        self._shape = Shape("failed", 14)
        self._shape.hide()
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._help, 1)
        column.addLayout(foot)
        self._help.setVisible(bool(self._told))
        editor.widget.setAccessibleDescription(self._told)
        editor.on_change(self._edited)
        editor.on_leave(lambda: self.say(self._wrong()))

    def _edited(self) -> None:
        self.say("")  # the remark goes away while typing
        self.changed.emit()

    def judge(self) -> bool:
        """Whether the value can be used; if not, say so below the field."""
        wrong = self._wrong()
        self.say(wrong)
        return not wrong

    def _wrong(self) -> str:
        try:
            self.editor.value()
        except WrongValueError as error:
            return str(error)
        return ""

    @property
    def said(self) -> str:
        """The line below the field."""
        return self._help.text()

    def bind(self, words: str) -> None:
        """Say for good, beside a lock, what the value is held to."""
        self._bound = told(words)
        self.editor.widget.setAccessibleDescription(f"{self._told} {self._bound}")
        self.say("")

    def say(self, wrong: str, shape: str = "failed") -> None:
        """Show `wrong` instead of the help; nothing brings the help back."""
        said = told(wrong) or self._bound or self._told
        self._help.setText(said)
        self._help.setVisible(bool(said))
        restyle(self._help, "tone", {"failed": "risk", "look": "caution"}[shape] if wrong else "")
        self._shape.put(shape if wrong else "blocked")
        self._shape.setVisible(bool(wrong or self._bound))
        self.editor.mark(bool(wrong) and shape == "failed")


class Form(QWidget):
    """All fields of a Params class in their order, under the headings of their groups; those that matter less
    are folded away."""

    changed = Signal()

    def __init__(
        self,
        params: type[Params],
        special: Mapping[str, Maker] | None = None,
        *,
        without: Container[str] = (),
        sight: Sequence[str] = (),
    ) -> None:
        """`special` makes the editors of fields that have one of their own, by field name; the fields in
        `without` have no row. `sight`: the fields that stand in sight, in this order, where that is not as
        the fields themselves say; all others are folded away."""
        super().__init__()
        self.rows: dict[str, FormRow] = {}
        self.folds: dict[str, Fold] = {}  # by its English word: "More", or the heading of a group
        self._special = special or {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        groups: dict[str, list[FieldSpec]] = {}
        for spec in map(spoken, fields_of(params)):
            if spec.name in without:
                continue
            groups.setdefault(spec.group, []).append(spec)
        ungrouped = groups.pop("", [])
        if sight:
            ungrouped = [replace(spec, more=spec.name not in sight) for spec in ungrouped]
            ungrouped.sort(key=lambda spec: len(sight) if spec.more else sight.index(spec.name))
        self._add([spec for spec in ungrouped if not spec.more], self._column)
        for heading, specs in groups.items():
            self._group(heading, specs)
        more = [spec for spec in ungrouped if spec.more]
        if more:
            self.more = self._fold(tr("More"), more, "More")
        self._column.addStretch(1)

    def _group(self, heading: str, specs: Sequence[FieldSpec]) -> None:
        """A heading with its fields; folded where none of them is needed."""
        plain = [spec for spec in specs if not spec.more]
        if plain:
            if self.rows:
                self._column.addSpacing(6)
            self._column.addWidget(text(told(heading), "section", wrap=True))
            self._add(plain, self._column)
        folded = [spec for spec in specs if spec.more]
        if folded:
            word = tr("More") if plain else told(heading)
            self._fold(word, folded, f"{heading}: more" if plain else heading)

    def _add(self, specs: Sequence[FieldSpec], column: QVBoxLayout) -> None:
        pending: FormRow | None = None  # a narrow field waits for a second one beside it
        for spec in specs:
            editor = self._special[spec.name](spec) if spec.name in self._special else editor_for(spec)
            row = FormRow(spec, editor)
            row.changed.connect(self.changed)
            self.rows[spec.name] = row
            if editor.narrow and pending is not None:
                pair = QHBoxLayout()
                pair.setSpacing(12)
                column.removeWidget(pending)
                pair.addWidget(pending, 1, Qt.AlignmentFlag.AlignTop)
                pair.addWidget(row, 1, Qt.AlignmentFlag.AlignTop)
                column.addLayout(pair)
                pending = None
                continue
            column.addWidget(row)
            pending = row if editor.narrow else None

    def _fold(self, word: str, specs: Sequence[FieldSpec], key: str) -> "Fold":
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self._add(specs, column)
        names = ", ".join(within(spec.label) for spec in specs)
        made = self.folds[key] = Fold(word, names, inside)
        self._column.addWidget(made)
        return made

    def put_after(self, name: str, part: QWidget) -> None:
        """Something to read below the field `name`, which has the whole width."""
        self._column.insertWidget(self._column.indexOf(self.rows[name]) + 1, part)

    def reveal(self, name: str) -> None:
        """Bring the field `name` into sight and put the cursor into it."""
        row = self.rows[name]
        for fold in self.folds.values():
            if fold.isAncestorOf(row):
                fold.open(True)
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            QTimer.singleShot(0, row, lambda: around.ensureWidgetVisible(row, 0, 24))
        row.editor.focus()

    def put(self, values: Mapping[str, Any]) -> None:
        """Show `values`; fields that are not named show their default."""
        for name, row in self.rows.items():
            row.editor.put(values.get(name, row.spec.default))
            row.say("")

    def values(self) -> dict[str, Any]:
        """What the form holds, as plain values. Fields left empty are left out. WrongValueError."""
        found = {name: row.editor.value() for name, row in self.rows.items()}
        return {name: value for name, value in found.items() if value is not None}

    def judge(self) -> list[str]:
        """The labels of the fields that cannot be used, each with its remark shown."""
        return [row.spec.label for row in self.rows.values() if not row.judge()]

    def first_wrong(self) -> str:
        """The first field that cannot be used, in words; nothing is shown for it yet."""
        for row in self.rows.values():
            try:
                row.editor.value()
            except WrongValueError as error:
                return f"{row.spec.label}: {error}"
        return ""


class Fold(QWidget):
    """Something put away under a word."""

    def __init__(self, word: str, names: str, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        self._arrow = Icon("chevron-right", 16, "text3")
        self.button = QToolButton()
        self.button.setAccessibleName(f"{word}: {names}")
        self.button.setCheckable(True)
        self.button.setFixedHeight(28)
        self.button.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        row = QHBoxLayout(self.button)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._arrow)
        row.addWidget(text(word, "strong"))
        row.addWidget(Elided(names), 1)
        for part in self.button.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.button)
        column.addWidget(inside)
        inside.hide()
        self.button.toggled.connect(self.open)

    def open(self, on: bool) -> None:
        """Show what is inside, or put it away."""
        self.button.setChecked(on)
        self._inside.setVisible(on)
        self._arrow.put("chevron-down" if on else "chevron-right")
