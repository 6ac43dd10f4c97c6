"""Privacy models as cards: k-anonymity with its field, each further model with a box to switch it off."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ppdesk.core.params import FieldSpec
from ppdesk.gui.editors import NumberEditor, WrongValueError
from ppdesk.gui.form import FormRow
from ppdesk.gui.icons import Icon
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import CARD_RADIUS, color, font
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.icon_button import IconButton
from ppdesk.gui.parts.inputs import Check, NumberField
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.text import Elided, restyle, text
from ppdesk.gui.sentences import Sample

_FIELD, _INDENT, _INSIDE = 78, 24, 12  # px
_SETTING = re.compile(r"\b(\w+) = (\d+(?:\.\d+)?)")
_TITLES = {
    "distinct-l-diversity": "l-diversity", "entropy-l-diversity": "l-diversity (entropy)",
    "recursive-(c,l)-diversity": "(c,l)-diversity", "equal-t-closeness": "t-closeness",
    "ordered-t-closeness": "t-closeness (ordered)", "hierarchical-t-closeness": "t-closeness (hierarchical)",
    "delta-disclosure": "δ-disclosure privacy", "basic-beta-likeness": "β-likeness",
    "enhanced-beta-likeness": "β-likeness (enhanced)", "k-map": "k-map", "delta-presence": "δ-presence",
    "average-risk": "Average risk", "sample-uniqueness": "Sample uniqueness",
    "population-uniqueness": "Population uniqueness", "differential-privacy": "Differential privacy",
}  # fmt: skip


def _frame(card: QWidget, *, chosen: bool, off: bool = False) -> None:
    painter = QPainter(card)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(color("canvas" if off else "surface"))
    wide = 1.5 if chosen else 1.0
    painter.setPen(QPen(color("accent" if chosen else "line"), wide))
    half = wide / 2
    area = QRectF(card.rect()).adjusted(half, half, -half, -half)
    painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)


def _small(field: NumberField) -> NumberField:
    """As high as a card has room for, with its arrows."""
    restyle(field, "small", value=True)
    field.setFixedWidth(_FIELD)
    return field


class PercentEditor(NumberEditor):
    """A share that is written in per cent."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.widget = NumberField(spec.label, unit="%", step=0.5)
        self.widget.limit(0, 100)

    def value(self) -> float | None:
        written = self.widget.text().strip().replace(",", "")
        try:
            found = float(written) / 100 if written else float(self._spec.default)
        except ValueError:
            found = -1.0
        if not 0 <= found <= 1:
            raise WrongValueError(tr("Enter a number from 0 to 100."))
        return round(found, 12)

    def put(self, value: Any) -> None:
        words = "" if value is None else f"{100 * float(value):.10g}"
        self.widget.setText(f"{words}.0" if words.isdigit() else words)


class CardRow(FormRow):
    """A field inside a card: name, a note and the field on one line, help below."""

    def __init__(self, spec: FieldSpec, editor: NumberEditor, title: str, *, model: bool) -> None:
        """`model`: it is a privacy model that is always on."""
        editor.own_label, editor.help = True, ""
        super().__init__(spec, editor)
        self._model = model
        self.note = text("", "caption", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101  FormRow made it
        column.removeWidget(editor.widget)
        editor.widget.setParent(None)  # Tab comes to it after the box before it
        column.setContentsMargins(_INSIDE, 6, 8, 7)
        head = QHBoxLayout()
        head.setSpacing(8)
        if model:
            self.box = Check(title)
            self.box.setChecked(True)
            self.box.setToolTip(tr("Always on: every release has classes of at least k records."))
            self.box.clicked.connect(lambda: self.box.setChecked(True))
            head.addWidget(self.box)
        else:
            head.addWidget(text(title, "strong"))
        head.addWidget(self.note, 1)
        head.addWidget(_small(editor.widget))
        column.insertLayout(0, head)
        if model:
            self._help.setContentsMargins(_INDENT, 0, 0, 0)

    def tell(self, words: str) -> None:
        """What the value means, below it, where nothing is wrong."""
        remarked = self._shape.isVisibleTo(self)
        self._told = words
        self.editor.widget.setAccessibleDescription(words)
        if not remarked or self._bound:
            self.say("")

    def paintEvent(self, _event: QPaintEvent) -> None:
        _frame(self, chosen=self._model)


class ModelCard(QWidget):
    """One further model: switched on or off, with its first number, or the reason why it cannot be."""

    turned = Signal(bool)
    changed = Signal(str)  # the sentence with another number
    removed = Signal()
    go_asked = Signal()

    def __init__(self, sentence: str, *, on: bool) -> None:
        super().__init__()
        self._on, self._sentence = on, sentence
        column, _, model = sentence.rpartition(": ")
        name = model.partition(",")[0].strip()
        self.box = Check(told(_TITLES.get(name, name)))
        self.box.setChecked(on)
        self.box.toggled.connect(self.turned)
        self.setAccessibleName(sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(_INSIDE, 5, 8, 5)
        row.setSpacing(8)
        row.addWidget(self.box)
        row.addWidget(Elided(tr("of {column}", column=column) if column else ""), 1)
        found = _SETTING.search(sentence)
        self.field: NumberField | None = None
        if found is not None:
            symbol, number = found.groups()
            row.addWidget(text(symbol, "caption"))
            step = 1.0 if number.isdigit() else 0.1
            self.field = _small(NumberField(f"{name}: {symbol}", step=step))
            self.field.setText(number)
            self.field.textEdited.connect(self._typed)
            self.field.setEnabled(on)
            row.addWidget(self.field)
        self.remove = IconButton("x", tr("Remove {model}", model=name))
        self.remove.clicked.connect(self.removed)
        row.addWidget(self.remove)

    def _typed(self, words: str) -> None:
        try:
            number = float(words)
        except ValueError:
            return  # still being written
        self._sentence = _SETTING.sub(lambda one: f"{one[1]} = {number:g}", self._sentence, count=1)
        self.changed.emit(self._sentence)

    def paintEvent(self, _event: QPaintEvent) -> None:
        _frame(self, chosen=self._on)


class OffCard(QWidget):
    """A model that cannot be switched on yet, and the way to make it possible."""

    go_asked = Signal()

    def __init__(self, title: str, why: str, link: str) -> None:
        super().__init__()
        box = Check(title)
        box.setEnabled(False)
        box.setToolTip(why)
        self.link = Button(link, "link", height=20)
        self.link.clicked.connect(self.go_asked)
        self._why = QWidget()
        reason = QHBoxLayout(self._why)
        reason.setContentsMargins(0, 0, 0, 0)
        reason.setSpacing(6)
        reason.addWidget(Icon("info", 14, "text3"))
        self._wide = 14 + 6 + QFontMetrics(font("caption")).horizontalAdvance(why) + 4
        words = text(why, "caption", wrap=True)
        reason.addWidget(words, 1)
        self._needs = box.sizeHint().width() + self.link.sizeHint().width() + 6 * 3 + 2 * _INSIDE
        self._needs += self._wide
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        self._row.addWidget(box)
        self._row.addStretch(1)
        self._row.addWidget(self.link)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(_INSIDE, 5, 12, 5)
        self._lines.setSpacing(2)
        self._lines.addLayout(self._row)
        self._lines.addWidget(self._why)
        self.setAccessibleName(f"{title}. {why}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The reason stands beside the name where there is room, else below it."""
        super().resizeEvent(event)
        beside, is_beside = self.width() >= self._needs, self._row.indexOf(self._why) >= 0
        if beside != is_beside:
            (self._row if is_beside else self._lines).removeWidget(self._why)
            if beside:
                self._row.insertWidget(2, self._why)
            else:
                self._lines.addWidget(self._why)
            self._why.setMinimumWidth(self._wide if beside else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        _frame(self, chosen=False, off=True)


class ModelCards(QWidget):
    """The further models, of the fields that hold them as sentences. Those switched off are remembered while
    the page is open."""

    changed = Signal(str, object)  # the field, and its sentences
    roles_asked = Signal()

    def __init__(self, suggested: str, *, declared: bool) -> None:
        """`suggested`: a model that is offered as a card, switched off; empty where no column is sensitive.
        `declared`: whether anything is known of the columns."""
        super().__init__()
        self._suggested, self._declared = suggested, declared
        self._held: dict[str, list[str]] = {"sensitive": [], "population": []}
        self._off: list[tuple[str, str]] = [("sensitive", suggested)] if suggested else []
        self._shown: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def put(self, held: Mapping[str, Sequence[str]]) -> None:
        """Show the sentences of the fields."""
        self._held = {name: list(some) for name, some in held.items()}
        every = [(name, one) for name, some in self._held.items() for one in some]
        self._off = [one for one in self._off if one not in every]
        state = (every, list(self._off))
        if state == self._shown:
            return
        self._shown = state
        emptied(self._column)
        for on, some in ((True, every), (False, self._off)):
            for name, sentence in some:
                self._column.addWidget(self._card(name, sentence, on=on))
        if not self._suggested and not held["sensitive"] and self._declared:
            off = OffCard(tr("l-diversity"), tr("Needs a sensitive column."), tr("Set in Roles"))
            off.go_asked.connect(self.roles_asked)
            self._column.addWidget(off)

    def _card(self, name: str, sentence: str, *, on: bool) -> ModelCard:
        card = ModelCard(sentence, on=on)
        card.remove.setVisible(sentence != self._suggested or on)
        card.turned.connect(lambda now: self._turn(name, sentence, on=now))
        card.changed.connect(lambda now: self._replace(name, sentence, now))
        card.removed.connect(lambda: self._drop(name, sentence))
        return card

    def _turn(self, name: str, sentence: str, *, on: bool) -> None:
        some = [one for one in self._held[name] if one != sentence]
        if on:
            self._off = [one for one in self._off if one != (name, sentence)]
            some.append(sentence)
        else:
            self._off.append((name, sentence))
        self.changed.emit(name, some)

    def _drop(self, name: str, sentence: str) -> None:
        self._off = [one for one in self._off if one != (name, sentence)]
        self._shown = None
        self.changed.emit(name, [one for one in self._held[name] if one != sentence])

    def _replace(self, name: str, sentence: str, now: str) -> None:
        """The card stays, so that a person can go on typing."""
        some = self._held[name]
        at = next((at for at, one in enumerate(some) if _same(one, sentence)), None)
        if at is None:
            return
        some = [*some[:at], now, *some[at + 1 :]]
        every = [(field, one) for field, each in {**self._held, name: some}.items() for one in each]
        self._shown = (every, list(self._off))
        self.changed.emit(name, some)


def _same(first: str, second: str) -> bool:
    """Whether two sentences differ in numbers alone."""
    return _SETTING.sub("", first) == _SETTING.sub("", second)


def model_menu(
    parent: QWidget, samples: Sequence[tuple[str, Sequence[Sample]]], take: Callable[[str, str], object]
) -> QMenu:
    """A menu of models; `samples` by field. `take` gets the field and the sentence."""
    menu = QMenu(parent)

    def fill(into: QMenu, field: str, some: Sequence[Sample]) -> None:
        for words, begin in some:
            shown = told(words).replace("&", "&&")
            if isinstance(begin, str):
                into.addAction(shown).triggered.connect(lambda _on=False, one=begin: take(field, one))
            else:
                fill(into.addMenu(shown), field, begin)

    for at, (field, some) in enumerate(samples):
        if at and some:
            menu.addSeparator()
        fill(menu, field, some)
    return menu


def popup_below(menu: QMenu, button: QWidget) -> None:
    """Open `menu` under `button`."""
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
