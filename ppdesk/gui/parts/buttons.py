"""Buttons: primary, secondary, ghost, link, and the segmented choice."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import key_words
from ppdesk.gui.look import FIELD, RADIUS, color, font
from ppdesk.gui.parts.elided import tell_elided

Kind = Literal["primary", "secondary", "ghost", "link"]
# kind -> roles of (fill, hover, pressed, text, border); empty is none
_ROLES: dict[Kind, tuple[str, str, str, str, str]] = {
    "primary": ("accent", "accent_hover", "accent_pressed", "on_accent", ""),
    "secondary": ("surface", "hover", "pressed", "text", "edge"),
    "ghost": ("", "hover", "pressed", "text2", ""),
    "link": ("", "", "", "accent", ""),
}
_NARROWEST = 72  # px of a button that may shrink


def draw_key_cap(painter: QPainter, keys: str, at: QPointF, tint: QColor, edge: QColor) -> None:
    """A shortcut as a small key; `at` is the middle of its right edge."""
    right, middle = at.x(), at.y()
    face = font("key")
    width = QFontMetrics(face).horizontalAdvance(keys) + 12
    cap = QRectF(right - width + 0.5, middle - 8.5, width - 1, 17)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(edge, 1))
    painter.drawRoundedRect(cap, 3, 3)
    painter.setFont(face)
    painter.setPen(tint)
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, keys)


def key_cap_width(keys: str) -> int:
    return QFontMetrics(font("key")).horizontalAdvance(keys) + 12 if keys else 0


def shown_keys(keys: str) -> str:
    """``Ctrl N`` as the keyboards of the window's language call these keys."""
    return key_words(keys.replace(" ", "+")).replace("+", " ")


class Button(QPushButton):
    """A button that draws itself: icon, words, key cap."""

    def __init__(
        self,
        words: str,
        kind: Kind = "secondary",
        *,
        icon: str = "",
        keys: str = "",
        height: int = FIELD,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._icon, self._keys, self._tall = kind, icon, shown_keys(keys), height
        self._words, self._least = "", 0  # px; 0: as wide as its words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(words)

    def say(self, words: str, *, icon: str | None = None, keys: str | None = None) -> None:
        """Show other words."""
        self._icon = self._icon if icon is None else icon
        self._keys = self._keys if keys is None else shown_keys(keys)
        self.setText(words.replace("&", "&&"))
        self._words = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def may_shrink(self, least: int = _NARROWEST) -> None:
        """Let the layout make it narrower than its words, down to `least` px, where there is no room; a
        tooltip then says them."""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._least = least

    @property
    def elides(self) -> bool:
        """Whether there is no room for all of its words."""
        return self.width() < self.sizeHint().width() - 1

    def event(self, event: QEvent) -> bool:
        return tell_elided(self, event, self._words) or super().event(event)

    def _face(self) -> str:
        return {"primary": "strong", "secondary": "strong"}.get(self._kind, "label")

    def sizeHint(self) -> QSize:
        inner = QFontMetrics(font(self._face())).horizontalAdvance(self._words)
        inner += 24 if self._icon else 0
        inner += key_cap_width(self._keys) + 8 if self._keys else 0
        pad = {"link": 0, "ghost": 8}.get(self._kind, 14)
        return QSize(inner + 2 * pad + (2 if self._kind != "link" else 0), self._tall)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._least), self._tall) if self._least else hint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, hover, pressed, ink, edge = _ROLES[self._kind]
        if not self.isEnabled():
            fill, ink, edge = ("canvas" if fill else ""), "disabled", ("line" if fill else "")
        elif self.isDown() and pressed:
            fill = pressed
        elif self.underMouse() and hover:
            fill = hover
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if fill:
            painter.setBrush(color(fill))
            painter.setPen(QPen(color(edge or fill), 1))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        self._inside(painter, color(ink))

    def _inside(self, painter: QPainter, ink: QColor) -> None:
        face = font(self._face())
        words, words_width = self._words, QFontMetrics(face).horizontalAdvance(self._words)
        if self._least and self.elides:
            words_width -= self.sizeHint().width() - self.width()
            words = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, words_width)
        whole = words_width + (24 if self._icon else 0)
        whole += key_cap_width(self._keys) + 8 if self._keys else 0
        left, middle = (self.width() - whole) / 2, self.height() / 2
        if self._icon:
            draw_icon(painter, self._icon, QRectF(left, middle - 8, 16, 16), ink)
            left += 24
        painter.setFont(face)
        painter.setPen(ink)
        place = QRectF(left, 0, words_width + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        if self._kind == "link":
            base = middle + QFontMetrics(face).ascent() / 2 + 0.5
            painter.drawLine(QPointF(left, base + 1), QPointF(left + words_width, base + 1))
        if self._keys:
            edge = ink if self._kind == "primary" else color("line")
            at = QPointF(left + words_width + 8 + key_cap_width(self._keys), middle)
            draw_key_cap(painter, self._keys, at, ink, edge)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class _Piece(QAbstractButton):
    """One word of a segmented choice."""

    def __init__(self, words: str, height: int, *, first: bool, last: bool) -> None:
        super().__init__()
        self._first, self._last, self._tall = first, last, height
        self.setText(words)
        self.setCheckable(True)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font("strong")).horizontalAdvance(self.text()) + 22, self._tall)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        fill = "accent" if on else "hover" if self.underMouse() else "surface"
        ink, edge = ("on_accent" if on else "text2"), ("accent" if on else "edge")
        if not self.isEnabled():
            fill, ink, edge = ("pressed" if on else "canvas"), "disabled", "line"
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5 if self._last else 0.5, -0.5)
        painter.setBrush(color(fill))
        painter.setPen(QPen(color(edge), 1))
        # rounded at the outer ends only: the inner end is drawn past the clip
        wide = area.adjusted(0 if self._first else -8, 0, 0 if self._last else 8, 0)
        painter.setClipRect(self.rect())
        painter.drawRoundedRect(wide, RADIUS, RADIUS)
        if not self._first and not on:
            painter.drawLine(QPointF(0.5, 0), QPointF(0.5, self.height()))
        painter.setFont(font("strong" if on else "label"))
        painter.setPen(color(ink))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Segmented(QWidget):
    """Two to four words of which one holds."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, *, height: int = 28) -> None:
        """`choices` are (value, words)."""
        super().__init__()
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in choices]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for at, (_, words) in enumerate(choices):
            piece = _Piece(words, height, first=at == 0, last=at == len(choices) - 1)
            piece.setAccessibleName(f"{name}: {words}")
            self._group.addButton(piece, at)
            row.addWidget(piece)
        row.addStretch(1)
        self._group.idClicked.connect(lambda at: self.chosen.emit(self._values[at]))
        self.setAccessibleName(name)

    def value(self) -> str:
        at = self._group.checkedId()
        return self._values[at] if at >= 0 else ""

    def put(self, value: str) -> None:
        """Choose `value` without telling."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)
