"""Cards of which one holds: a name, what it is good at, and what kind of thing it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.gui.language import tr
from ppdesk.gui.look import CARD_RADIUS, color
from ppdesk.gui.parts.text import text


@dataclass(frozen=True)
class CardWords:
    """What a card says. `words` is one line of `more`, which the tooltip tells in full."""

    value: str
    title: str
    words: str
    kind: str
    more: str


class ChoiceCard(QRadioButton):
    """One choice. Where it is off, it says why in place of what it is good at."""

    def __init__(self, said: CardWords) -> None:
        super().__init__()
        self.said = said
        self._title, self._note = text(said.title, "strong", wrap=True), text("", "note")
        self._figure, self._measure = text("", "strong"), text("", "caption")
        self._words, self._kind = text(said.words, "caption", wrap=True), text(said.kind, "note", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._note, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(38, 8, 12, 9)
        column.setSpacing(2)
        head.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignTop)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self._words, 1)
        middle.addWidget(self._measure, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addLayout(middle)
        column.addWidget(self._kind)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(said.more)
        for part in (self._title, self._note, self._figure, self._measure, self._words, self._kind):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._why_not = self._remark = ""
        self.measure("", "")
        self.say("")

    def measure(self, figure: str, unit: str) -> None:
        """The key figure at the right and what it is; empty for none."""
        self._figure.setText(figure)
        self._measure.setText(unit)
        for part in (self._figure, self._measure):
            part.setVisible(bool(figure))
        self._tell()

    def say(self, why_not: str, note: str = "") -> None:
        """`why_not` takes the choice away; empty gives it back. `note` stands at the right of the title."""
        self.setEnabled(not why_not)
        self._words.setText(why_not or self.said.words)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._kind.setVisible(not why_not)
        self._why_not, self._remark = why_not, note
        self._tell()

    def _tell(self) -> None:
        """The same to those who cannot see it."""
        figure = f"{self._measure.text()} {self._figure.text()}".strip()
        self.setAccessibleName(", ".join(one for one in (self.said.title, self._remark, figure) if one))
        self.setAccessibleDescription(
            tr("Not possible: {reason}", reason=self._why_not)
            if self._why_not
            else f"{self.said.more} {self.said.kind}."
        )

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None  # noqa: S101  made above
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 48)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None  # noqa: S101  made above
        return layout.heightForWidth(width)

    def hitButton(self, _pos: QPoint) -> bool:  # the whole card answers, as the eye expects
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, chosen = self.isEnabled(), self.isChecked()
        fill = "canvas" if not on else "hover" if self.underMouse() and not chosen else "surface"
        painter.setBrush(color(fill))
        painter.setPen(QPen(color("accent" if chosen and on else "line"), 2 if chosen else 1))
        inset = 1.0 if chosen else 0.5
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)
        tint = color(("accent" if chosen else "edge") if on else "disabled")
        painter.setBrush(color("surface" if on else "canvas"))
        painter.setPen(QPen(tint, 1.5))
        painter.drawEllipse(QPointF(20, 19), 7.25, 7.25)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawEllipse(QPointF(20, 19), 3.5, 3.5)


class ChoiceCards(QWidget):
    """A few cards in sight, the others under a word that a caller makes of `rest`."""

    chosen = Signal(str)

    def __init__(self, name: str, cards: Sequence[CardWords], first: Sequence[str]) -> None:
        """`first`: the values that stand in sight, in their order."""
        super().__init__()
        self.cards: Mapping[str, ChoiceCard] = {one.value: ChoiceCard(one) for one in cards}
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self.rest = QWidget()
        others = QVBoxLayout(self.rest)
        others.setContentsMargins(0, 0, 0, 0)
        others.setSpacing(8)
        for card in self.cards.values():
            self._group.addButton(card)
        for value in first:
            self.column.addWidget(self.cards[value])
        for value, card in self.cards.items():
            if value not in first:
                others.addWidget(card)
        self._group.buttonToggled.connect(self._toggled)

    def _toggled(self, card: ChoiceCard, on: bool) -> None:
        if on:
            self.chosen.emit(card.said.value)

    def value(self) -> str:
        card = self._group.checkedButton()
        return card.said.value if isinstance(card, ChoiceCard) else ""

    def put(self, value: str) -> None:
        """Choose `value`, also where it is off: a record may say so."""
        if value in self.cards:
            self.cards[value].setChecked(True)

    def focus(self) -> None:
        """Put the keys on the card that holds."""
        card = self._group.checkedButton() or next(iter(self.cards.values()))
        card.setFocus(Qt.FocusReason.OtherFocusReason)
