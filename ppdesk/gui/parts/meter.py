"""How strong a new passphrase is: five steps, words, and what the policy asks for."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.look import color
from ppdesk.gui.parts.inputs import PassphraseField
from ppdesk.gui.parts.text import restyle, text

if TYPE_CHECKING:
    from ppdesk.policy.passphrases import Judged
    from ppdesk.policy.rules import PassphraseRules

_STEPS = 5
_TONES = ("risk", "risk", "caution", "ok", "ok")
_THINK = 150  # ms from the last key to the judgement


class Judge(Protocol):
    """Judges away from the window's thread: an estimate can take seconds."""

    @property
    def rules(self) -> "PassphraseRules": ...
    def __call__(self, passphrase: str, words: Sequence[str], done: "Callable[[Judged], None]") -> None: ...


class _Bar(QWidget):
    """Five steps, of which as many are filled as the passphrase earned."""

    def __init__(self) -> None:
        super().__init__()
        self._filled, self._tone = 0, "edge"
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, filled: int, tone: str) -> None:
        self._filled, self._tone = filled, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = 4
        wide = (self.width() - gap * (_STEPS - 1)) / _STEPS
        for at in range(_STEPS):
            step = QRectF(at * (wide + gap), 0, wide, 6).adjusted(0.5, 0.5, -0.5, -0.5)
            on = at < self._filled
            painter.setBrush(color(self._tone) if on else color("surface"))
            painter.setPen(QPen(color(self._tone if on else "edge"), 1))
            painter.drawRoundedRect(step, 2, 2)


class NewPassphrase(QWidget):
    """A new passphrase, twice, with its meter. `ready` says that it will do, `refused` says why not."""

    ready = Signal()
    refused = Signal(str)
    grown = Signal()  # its words need another height

    def __init__(self, judge: Judge, words: Callable[[], Sequence[str]], name: str = "") -> None:
        """`words` are what somebody who guesses would try first: the names of project and person."""
        super().__init__()
        name = name or tr("Passphrase")
        again = tr("{field} again", field=name)
        self._judge, self._words, self._name = judge, words, name
        self._warned = ""
        self.first, self.second = PassphraseField(name), PassphraseField(again)
        self._bar, self._said = _Bar(), text("", "caption", wrap=True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_THINK)
        self._soon.timeout.connect(self._think)
        self.first.textChanged.connect(self._typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for label, field in ((name, self.first), (again, self.second)):
            shown = text(label, "label")
            shown.setBuddy(field)
            if field is self.second:
                column.addSpacing(8)
            column.addWidget(shown)
            column.addWidget(field)
            if field is self.first:
                column.addSpacing(2)
                column.addWidget(self._bar)
                column.addWidget(self._said)
        self.setFocusProxy(self.first)
        self._show("", "", 0)

    @property
    def said(self) -> str:
        """The meter in words."""
        return self._said.text()

    def text(self) -> str:
        return self.first.text()

    def ask(self) -> None:
        """Judge it for good: `ready` or `refused` follows."""
        typed = self.first.text()
        if not typed:
            self.refused.emit(tr("Type a passphrase."))
        elif typed != self.second.text():
            self.refused.emit(tr("The two passphrases differ. Type them again."))
        else:
            self._judge(typed, self._words(), lambda judged: self._decide(typed, judged))

    def _decide(self, typed: str, judged: "Judged") -> None:
        if not isValid(self) or typed != self.first.text():
            return
        if not judged.allowed:
            self.refused.emit(
                tr(
                    "The policy of this computer does not allow it: {reason}. {advice}",
                    reason=told(judged.reason),
                    advice=told(judged.advice),
                )
            )
        elif judged.weak and self._warned != typed:
            self._warned = typed
            self.refused.emit(
                tr(
                    "This passphrase is {strength}. {advice} Press the button again to use it all the same.",
                    strength=told(judged.words),
                    advice=told(judged.advice),
                )
            )
        else:
            self.ready.emit()

    def _typed(self) -> None:
        self._soon.start()
        if not self.first.text():
            self._show("", "", 0)

    def _think(self) -> None:
        typed = self.first.text()
        if typed:
            self._judge(typed, self._words(), lambda judged: self._judged(typed, judged))

    def _judged(self, typed: str, judged: "Judged") -> None:
        if not isValid(self) or typed != self.first.text():
            return
        strength = told(judged.words)
        strength = strength[:1].upper() + strength[1:]
        words = tr("{strength} ({score} of 4).", strength=strength, score=judged.score)
        if not judged.allowed:
            words = f"{words} {tr('Not allowed here: {reason}.', reason=told(judged.reason))}"
        elif judged.advice:
            words = f"{words} {told(judged.advice)}"
        self._show(words, _TONES[judged.score], judged.score + 1)

    def _show(self, words: str, tone: str, filled: int) -> None:
        self._bar.put(filled, tone or "edge")
        self._said.setText(words or _asked_for(self._judge.rules))
        restyle(self._said, "tone", tone if tone != "ok" else "")
        said = tr("Strength: {words}", words=words) if words else tr("Strength: nothing typed yet")
        self._bar.setAccessibleName(said)
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.grown.emit()


def _asked_for(rules: "PassphraseRules") -> str:
    """What is asked for before anything is typed."""
    wanted = []
    if rules.least_characters > 1:
        least = rules.least_characters
        wanted.append(tr_count("at least {count} character", "at least {count} characters", least))
    if rules.least_score > 0:
        wanted.append(tr("a strength of {score} of 4", score=rules.least_score))
    if wanted:
        both = wanted[0]
        if len(wanted) > 1:
            both = tr("{one} and {other}", one=wanted[0], other=wanted[1])
        return tr(
            "The policy of this computer asks for {wanted}. Several unrelated words are best.", wanted=both
        )
    return tr("Several unrelated words are better than one word with signs.")
