"""Fields: one line, number with unit and steps, choice, check box, several lines, file."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import tr
from ppdesk.gui.look import FIELD, RADIUS, color, font
from ppdesk.gui.numbers import shown, typed
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.elided import tell_elided
from ppdesk.gui.parts.text import restyle, text


class LineField(QLineEdit):
    """One line of text; `left` says that the person has left it."""

    left = Signal()

    def __init__(self, name: str, *, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        if small:
            self.setProperty("small", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def mark(self, wrong: bool) -> None:
        """Show the border of an error, or take it away."""
        restyle(self, "wrong", wrong)

    def event(self, event: QEvent) -> bool:
        return tell_elided(self, event, self.placeholderText()) or super().event(event)

    @property
    def elides(self) -> bool:
        """Whether there is no room for what is said in the empty field; a tooltip then says it."""
        words = "" if self.text() else self.placeholderText()
        return self.fontMetrics().horizontalAdvance(words) > self.width() - 24

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class _Steps(QToolButton):
    """The two arrows in a number field, one button each."""

    def __init__(self, name: str, *, up: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._up = up
        words = tr("{field}: one step up", field=name) if up else tr("{field}: one step down", field=name)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoRepeat(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.fillRect(self.rect(), color("hover"))
        middle, sign = QPointF(self.rect().center()) + QPointF(0.5, 0.5), -1 if self._up else 1
        painter.setPen(QPen(color("text3" if self.isEnabled() else "disabled"), 1.25))
        points = [QPointF(-3.5, -1.75 * sign), QPointF(0, 1.75 * sign), QPointF(3.5, -1.75 * sign)]
        painter.drawPolyline(QPolygonF([middle + point for point in points]))


class NumberField(LineField):
    """A number with its unit inside at the right, a symbol before it, and steps by arrow keys.

    The wheel does not change it: somebody who scrolls the form must not change a privacy parameter.
    `text` and `setText` speak the form that `float` reads; a person sees the decimal mark of the language.
    """

    def __init__(
        self, name: str, *, unit: str = "", symbol: str = "", step: float | None = None, small: bool = False
    ) -> None:
        super().__init__(name, small=small)
        self._step, self._range = step, (-float("inf"), float("inf"))
        self._unit = QLabel(unit, self)
        self._symbol = QLabel(symbol, self)
        for note in (self._unit, self._symbol):
            note.setProperty("kind", "caption" if note is self._unit else "purpose")
            note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._arrows: list[_Steps] = []
        if step is not None and not small:
            self._arrows = [_Steps(name, up=up, parent=self) for up in (True, False)]
            self._arrows[0].clicked.connect(lambda: self._move(1))
            self._arrows[1].clicked.connect(lambda: self._move(-1))
        self._place()

    def text(self) -> str:
        return typed(super().text())

    def setText(self, words: str | None) -> None:
        super().setText(shown(words or ""))

    def limit(self, low: float | None, high: float | None) -> None:
        """Where the steps end."""
        self._range = (-float("inf") if low is None else low, float("inf") if high is None else high)

    def _place(self) -> None:
        arrows = 24 if self._arrows else 0
        unit = QFontMetrics(font("caption")).horizontalAdvance(self._unit.text()) + 2
        symbol = QFontMetrics(font("body")).horizontalAdvance(self._symbol.text()) + 2
        has_unit, has_symbol = bool(self._unit.text()), bool(self._symbol.text())
        self._unit.setGeometry(self.width() - arrows - unit - 9, 0, unit, self.height())
        self._symbol.setGeometry(10, 0, symbol, self.height())
        self._unit.setVisible(has_unit)
        self._symbol.setVisible(has_symbol)
        self.setTextMargins(symbol + 4 if has_symbol else 0, 0, (unit + 2 if has_unit else 0) + arrows, 0)
        half = (self.height() - 2) // 2
        for at, arrow in enumerate(self._arrows):
            arrow.setGeometry(self.width() - arrows, 1 + at * half, arrows - 1, half)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._arrows:
            painter = QPainter(self)
            painter.setPen(QPen(color("line"), 1))
            x = self.width() - 24.5
            painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._step is not None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(1 if event.key() == Qt.Key.Key_Up else -1)
            return
        super().keyPressEvent(event)

    def _move(self, sign: int) -> None:
        assert self._step is not None  # noqa: S101  only fields with a step have arrows
        try:
            now = float(self.text())
        except ValueError:
            return
        low, high = self._range
        moved = min(high, max(low, now + sign * self._step))
        self.setText(f"{moved:.10g}")
        self.textEdited.emit(self.text())


class Choice(QComboBox):
    """A closed list. Draws itself; the wheel does not change it."""

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], *, height: int = FIELD) -> None:
        """`choices` are (value, words)."""
        super().__init__()
        self.setAccessibleName(name)
        self._tall = height
        self.setView(QListView())
        self.view().setAccessibleName(tr("{field}: choices", field=name))
        for value, words in choices:
            self.addItem(words, value)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        return tell_elided(self, event, self.currentText()) or super().event(event)

    @property
    def elides(self) -> bool:
        """Whether there is no room for all of the words; a tooltip then says them."""
        return QFontMetrics(font("body")).horizontalAdvance(self.currentText()) > self.width() - 37

    def value(self) -> str:
        return str(self.currentData()) if self.currentIndex() >= 0 else ""

    def put(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def sizeHint(self) -> QSize:
        face = QFontMetrics(font("body"))
        widest = max((face.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=60)
        return QSize(widest + 42, self._tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self._tall)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        painter.setBrush(color("surface" if on else "canvas"))
        painter.setPen(QPen(color("edge" if on else "line"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(color("text" if on else "disabled"))
        painter.setFont(font("body"))
        place = self.rect().adjusted(9, 0, -28, 0)
        words = QFontMetrics(font("body")).elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        chevron = QRectF(self.width() - 25, self.height() / 2 - 8, 16, 16)
        draw_icon(painter, "chevron-down", chevron, color("text3" if on else "disabled"))


def draw_tick_box(painter: QPainter, corner: QPointF, *, checked: bool, on: bool = True) -> None:
    """The box of a check box, 16 px square, with its tick."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(corner.x() + 0.75, corner.y() + 0.75, 14.5, 14.5)
    fill = ("accent" if on else "disabled") if checked else ("surface" if on else "canvas")
    painter.setBrush(color(fill))
    edge = ("accent" if checked else "edge") if on else "disabled"
    painter.setPen(QPen(color(edge), 1.5))
    painter.drawRoundedRect(box, 3, 3)
    if checked:
        pen = QPen(color("on_accent"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.translate(corner.x(), box.top())
        painter.drawPolyline(QPolygonF([QPointF(4.6, 7.4), QPointF(7.1, 9.9), QPointF(11.6, 4.8)]))
    painter.restore()


class Check(QCheckBox):
    """A check box with its words, which wrap where there is no room for them in one line."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setAccessibleName(words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font("label")).horizontalAdvance(self.text()) + 28, 24)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, wide: int) -> int:
        room = QRect(0, 0, max(24, wide - 24), 10_000)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        return max(24, QFontMetrics(font("label")).boundingRect(room, flags, self.text()).height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 24)

    def hitButton(self, _pos: QPoint) -> bool:  # the whole width answers, as the eye expects
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        one_line = self.sizeHint().width() <= self.width() + 4
        top = (self.height() - 16) / 2 if one_line else 4.0
        draw_tick_box(painter, QPointF(0, top), checked=self.isChecked(), on=on)
        painter.setPen(color("text" if on else "disabled"))
        painter.setFont(font("label"))
        place = self.rect().adjusted(24, 0, 0, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, flags if one_line else flags | Qt.TextFlag.TextWordWrap, self.text())


class TextBox(QPlainTextEdit):
    """A few lines of text. Tab leaves it: it is a field, not an editor."""

    left = Signal()

    def __init__(self, name: str, lines: int = 3) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(lines * 17 + 18)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def mark(self, wrong: bool) -> None:
        restyle(self, "wrong", wrong)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class FileField(QWidget):
    """A path that can be typed, dropped or browsed for."""

    changed = Signal()
    left = Signal()

    def __init__(self, name: str, *, save: bool, suffixes: Sequence[str] = (), suffix: str = "") -> None:
        super().__init__()
        self._name, self._save, self._suffixes, self._suffix = name, save, tuple(suffixes), suffix
        self.line = LineField(name)
        self.line.textChanged.connect(self.changed)
        self.line.left.connect(self.left)
        self._browse = Button(tr("Choose"), "secondary")
        self._browse.setAccessibleName(tr("{field}: choose a file", field=name))
        self._browse.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self._browse)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.line)
        self.setAccessibleName(name)

    def value(self) -> str:
        return self.line.text().strip()

    def put(self, path: str) -> None:
        self.line.setText(path)  # the end of it shows: the name says more than the root
        self.line.setToolTip(path)

    def mark(self, wrong: bool) -> None:
        self.line.mark(wrong)

    def _ask(self) -> None:
        suffixes = self._suffixes or ((self._suffix,) if self._suffix else ())
        pattern = " ".join(f"*{end}" for end in suffixes)
        kinds = ";;".join([*([f"{self._name} ({pattern})"] if pattern else []), f"{tr('All files')} (*)"])
        ask = QFileDialog.getSaveFileName if self._save else QFileDialog.getOpenFileName
        path, _ = ask(self, self._name, self.value(), kinds)
        if path:
            self.put(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.put(paths[0])


class PassphraseField(LineField):
    """A passphrase: hidden unless the person asks to see it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = QToolButton(self)
        self._eye.setCheckable(True)
        self._eye.setAccessibleName(tr("{field}: show", field=name))
        self._eye.setToolTip(tr("Show what is typed"))
        self._eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._eye.toggled.connect(self._shown)
        self._eye.installEventFilter(self)
        self.setTextMargins(0, 0, 26, 0)

    def _shown(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._eye and event.type() == QEvent.Type.Paint:
            name = "eye-off" if self._eye.isChecked() else "eye"
            draw_icon(QPainter(self._eye), name, QRectF(4, 4, 16, 16), color("text3"))
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._eye.setGeometry(self.width() - 28, (self.height() - 24) // 2, 24, 24)


def help_line(words: str) -> QLabel:
    """The line below a field."""
    return text(words, "caption", wrap=True)
