"""A list of sentences as a field: one line to write in, and the list of those that hold."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ppdesk.core.params import FieldSpec
from ppdesk.gui.editors import Call, Editor, WrongValueError
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.inputs import LineField
from ppdesk.gui.parts.item_list import Item, ItemList
from ppdesk.gui.parts.text import restyle, text

Judge = Callable[[str], str]
Sample: TypeAlias = "tuple[str, str | Sequence[Sample]]"  # words, and a sentence to begin with, or a menu
_SETTING = re.compile(r" = ([^\s,]+)")


class _Line(LineField):
    """Enter takes what is written; Escape leaves what was being changed as it was."""

    entered = Signal()
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class SentencesField(QWidget):
    """`judge` says what is wrong with a sentence, or nothing. `samples` are in the menu that is called
    `menu`."""

    changed = Signal()

    def __init__(self, name: str, judge: Judge, samples: Sequence[Sample], menu: str = "") -> None:
        super().__init__()
        self._judge = judge
        self._sentences: list[str] = []
        self._at: int | None = None  # the sentence that is being changed
        self.line = _Line(tr("{field}: a further one", field=name))
        self.line.setPlaceholderText(tr("Write one, then Enter"))
        self.add = Button(tr("Add"), "secondary")
        self.list = ItemList(name, tr("None yet."), most=260)
        self.list.hide()
        self.samples = QMenu(self)
        self._fill(self.samples, samples)
        self.begin = Button(told(menu) if menu else tr("What can be written"), "link", height=20)
        self.begin.setVisible(bool(samples))
        self.begin.clicked.connect(
            lambda: self.samples.popup(self.begin.mapToGlobal(QPoint(0, self.begin.height())))
        )
        self.edit = IconButton("pen-line", tr("Change"), "Enter")
        self.remove = IconButton("trash-2", tr("Remove"), "Delete")
        self.said = text("", "caption", wrap=True)
        restyle(self.said, "tone", "risk")
        self.said.hide()
        self._lay_out()
        self.line.entered.connect(self.take)
        self.line.escaped.connect(self._leave)
        self.line.textChanged.connect(lambda: self._say(""))
        self.add.clicked.connect(self.take)
        self.list.edit_asked.connect(self.ask_edit)
        self.list.remove_asked.connect(self._remove)
        self.list.move_asked.connect(self._move)
        self.edit.clicked.connect(lambda: self.ask_edit(self.list.row))
        self.remove.clicked.connect(lambda: self._remove(self.list.row))
        self.list.chosen.connect(lambda _row: self._show_tools())
        self.setFocusProxy(self.line)

    def _fill(self, menu: QMenu, samples: Sequence[Sample]) -> None:
        for words, begin in samples:
            shown = told(words).replace("&", "&&")
            if isinstance(begin, str):
                menu.addAction(shown).triggered.connect(lambda _on=False, one=begin: self._begin(one))
            else:
                self._fill(menu.addMenu(shown), begin)

    def _lay_out(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(8)
        fields.addWidget(self.line, 1)
        fields.addWidget(self.add)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        self.begin.may_shrink()
        tools.addWidget(self.begin)
        tools.addStretch(1)
        tools.addWidget(self.edit)
        tools.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(fields)
        column.addWidget(self.said)
        column.addLayout(tools)
        column.addWidget(self.list)
        self._show_tools()

    def sentences(self) -> list[str]:
        return list(self._sentences)

    def pending(self) -> bool:
        """Whether something is written that has not been taken."""
        return bool(self.line.text().strip())

    def put(self, sentences: Sequence[str]) -> None:
        self._sentences, self._at = list(sentences), None
        self._show()

    def take(self) -> None:
        """Add what is written, or put it in place of what is being changed."""
        words = self.line.text().strip()
        if not words:
            return
        wrong = self._judge(words)
        others = [one for at, one in enumerate(self._sentences) if at != self._at]
        if wrong or words in others:
            self._say(told(wrong) or tr("This is in the list already."))
            return
        if self._at is None:
            self._sentences.append(words)
        else:
            self._sentences[self._at] = words
        row = len(self._sentences) - 1 if self._at is None else self._at
        self._leave()
        self._show(row)
        self.changed.emit()

    def ask_edit(self, row: int) -> None:
        """Take a sentence back into the line."""
        if 0 <= row < len(self._sentences):
            self._at = row
            self.line.setText(self._sentences[row])
            self.add.say(tr("Change"))
            self.line.setFocus(Qt.FocusReason.TabFocusReason)

    def _begin(self, words: str) -> None:
        self.line.setText(words)
        self.line.setFocus(Qt.FocusReason.TabFocusReason)
        setting = _SETTING.search(words)  # the first number to choose, else the first word
        start, end = setting.span(1) if setting else (0, len(words.split(" ", maxsplit=1)[0]))
        self.line.setSelection(start, end - start)

    def _leave(self) -> None:
        self._at = None
        self.line.clear()
        self.add.say(tr("Add"))

    def _remove(self, row: int) -> None:
        if 0 <= row < len(self._sentences):
            del self._sentences[row]
            self._leave()
            self._show(row)
            self.changed.emit()

    def _move(self, row: int, by: int) -> None:
        to = min(max(0, row + by), len(self._sentences) - 1)
        self._sentences.insert(to, self._sentences.pop(row))
        self._show(to)
        self.changed.emit()

    def _show(self, row: int | None = None) -> None:
        wrong = [told(self._judge(one)) for one in self._sentences]
        self.list.put(
            [
                Item(one, told=bad, shape="failed" if bad else "")
                for one, bad in zip(self._sentences, wrong, strict=True)
            ],
            row,
        )
        self.list.setVisible(bool(self._sentences))
        self._show_tools()

    def _show_tools(self) -> None:
        for button in (self.edit, self.remove):
            button.setEnabled(self.list.row >= 0)
            button.setVisible(bool(self._sentences))

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.line.mark(bool(words))


class SentencesEditor(Editor):
    """A field of sentences."""

    widget: SentencesField

    def __init__(
        self,
        spec: FieldSpec,
        judge: Judge,
        samples: Sequence[Sample],
        *,
        help: str,
        menu: str = "",
    ) -> None:
        self.help = told(help)
        self._judge, self._required = judge, spec.required
        self.widget = SentencesField(spec.label, judge, samples, menu)

    def value(self) -> list[str]:
        if self.widget.pending():
            raise WrongValueError(tr("Add what is written (Enter), or clear the line."))
        found = self.widget.sentences()
        for number, one in enumerate(found, start=1):
            if wrong := self._judge(one):
                raise WrongValueError(tr("Number {number}: {wrong}", number=number, wrong=told(wrong)))
        if self._required and not found:
            raise WrongValueError(tr("Add at least one."))
        return found

    def put(self, value: Any) -> None:
        self.widget.put([value] if isinstance(value, str) else list(value or ()))

    def mark(self, wrong: bool) -> None:
        restyle(self.widget.list, "wrong", wrong)

    def on_change(self, call: Call) -> None:
        self.widget.changed.connect(call)
        self.widget.line.textChanged.connect(call)  # what is written and not taken yet is no value
