"""Epsilon by the error that one can accept: a curve read the other way round."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.gui.language import number, tr
from ppdesk.gui.parts.buttons import Segmented
from ppdesk.gui.parts.inputs import NumberField
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text

_USUAL = 0.01  # of the measure
_FIELD = 112  # px
BY_EPSILON, BY_ERROR = "epsilon", "error"
Least = Callable[[float], float | None]  # the least epsilon that reaches a level of the measure


class AcceptedError(QWidget):
    """A choice of two words; the second asks how much of the measure may be lost, and gives the epsilon."""

    chosen = Signal(float)  # epsilon

    def __init__(self) -> None:
        super().__init__()
        self._top = 0.0
        self._measure = ""
        self._least: Least | None = None
        self.found: float | None = None
        self.how = Segmented(
            [(BY_EPSILON, tr("By ε")), (BY_ERROR, tr("By accepted error"))], tr("Choose privacy loss")
        )
        self.how.put(BY_EPSILON)
        self.how.chosen.connect(lambda _how: self._turn())
        self.field = NumberField(tr("Error that is accepted"), step=0.005)
        self.field.limit(0.0, 1.0)
        self.field.setFixedWidth(_FIELD)
        self.field.setText(f"{_USUAL:g}")
        self.field.textChanged.connect(self._look)
        self._label = text("", "caption", wrap=True)
        self._said = text("", "caption", wrap=True)
        self._shape = Shape("done", 14)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.field)
        line.addWidget(self._label, 1)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._shape)
        foot.addWidget(self._said, 1)
        self._inside = QWidget()
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addLayout(line)
        inside.addLayout(foot)
        self._inside.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.how)
        column.addWidget(self._inside)
        self.hide()

    @property
    def said(self) -> str:
        """The line below the field."""
        return self._said.text()

    def take(self, measure: str, top: float, least: Least | None) -> None:
        """The curve of the chosen model: what `measure` reaches at most, and the way back from a level to an
        epsilon. None where the model is not on a curve: then there is nothing to choose by."""
        self._measure, self._top, self._least = measure, top, least
        self.setVisible(least is not None)
        if least is None:
            self.how.put(BY_EPSILON)
            self._inside.hide()
        elif self.how.value() == BY_ERROR:
            self._look()

    def follow(self, epsilon: float | None) -> None:
        """Epsilon was set elsewhere: then it is no longer the one that the error gave."""
        if self.how.value() == BY_ERROR and self.found is not None and epsilon != self.found:
            self.how.put(BY_EPSILON)
            self._inside.hide()

    def _turn(self) -> None:
        by_error = self.how.value() == BY_ERROR
        self._inside.setVisible(by_error)
        self.found = None
        if by_error:
            self._look()

    def _look(self) -> None:
        """The epsilon for what the field says."""
        if self._least is None or self.how.value() != BY_ERROR:
            return
        self._label.setText(
            tr(
                "of {measure} may be lost against {top}, without privacy",
                measure=self._measure,
                top=number(self._top, ".3f"),
            )
        )
        try:
            lost = float(self.field.text())
        except ValueError:
            self._say("failed", tr("Enter a number, such as {example}.", example=number(_USUAL, ".2f")))
            return
        wanted = self._top - lost
        self.found = self._least(wanted)
        level = number(wanted, ".3f")
        if self.found is None:
            self._say(
                "look", tr("No ε on the curve reaches {measure} {level}.", measure=self._measure, level=level)
            )
            return
        self._say(
            "done",
            tr(
                "ε {epsilon:.2f} is the least that reaches {measure} {level} on the simulated curve.",
                epsilon=self.found,
                measure=self._measure,
                level=level,
            ),
        )
        self.chosen.emit(self.found)

    def _say(self, shape: str, words: str) -> None:
        self._shape.put(shape)
        self._said.setText(words)
