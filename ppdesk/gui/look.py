"""The look: palettes by role, type, sizes, fonts. Nothing else in the window sets a colour or a font.

The palettes are those of `ppdesk.core.palette`, so that figures and report show the same colours.
Widgets ask `look()` when they paint; a change of theme repaints them all.
"""

import weakref
from collections.abc import Iterable
from dataclasses import fields
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)
from shiboken6 import isValid

from ppdesk.core.palette import CONTRAST, DARK, LIGHT, Palette
from ppdesk.core.resources import resource
from ppdesk.gui.qss import style_sheet

Theme = Literal["system", "light", "dark", "contrast"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark", "contrast")
THEME_WORDS: dict[Theme, str] = {
    "system": "As the system",
    "light": "Light",
    "dark": "Dark",
    "contrast": "High contrast",
}

SANS, MONO = "IBM Plex Sans", "IBM Plex Mono"
_FONT_FILES = (
    "IBMPlexSans_400Regular.ttf",
    "IBMPlexSans_500Medium.ttf",
    "IBMPlexSans_600SemiBold.ttf",
    "IBMPlexMono_400Regular.ttf",
)
# style -> (size in px, weight); line heights are 20 for body, 16 for caption
TYPE: dict[str, tuple[int, int]] = {
    "display": (28, 600),
    "figure": (24, 500),
    "title": (20, 600),
    "dialog": (16, 600),
    "section": (14, 600),
    "body": (13, 400),
    "label": (13, 500),
    "strong": (13, 600),
    "caption": (12, 400),
    "head": (12, 500),
    "mono": (12, 400),
    "key": (11, 400),
}
MARGIN, GAP, BETWEEN = 24, 12, 16  # px: page margin, between cards, between form and results
TOP_BAR, RAIL, STATUS_BAR, ACTION_BAR = 44, 240, 32, 56
FIELD, SMALL_FIELD = 32, 28
RADIUS, CARD_RADIUS = 4, 6
LOW_WINDOW = 820  # px; below this height results become tabs


def font(style: str) -> QFont:
    """The font of a type style of `TYPE`."""
    size, weight = TYPE[style]
    made = QFont(MONO if style == "mono" else SANS)
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


class _MenuStyle(QProxyStyle):
    """Fusion; underlines no letters, as the keys are written beside them.

    For menus alone: a style written in Python is asked some ten thousand times while a page is made, and each
    time waits for the interpreter's lock.
    """

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint == QStyle.StyleHint.SH_UnderlineShortcut:
            return 0
        return super().styleHint(hint, option, widget, returned)


class Look(QObject):
    """The palette in force. Follows the system unless a person chose a theme.

    Windows wear the style sheet, not the application: what is put together outside a window is styled once,
    when it comes into it, and not with each part that is put into another.
    """

    changing = Signal()  # a style sheet is about to be read by every widget: the fewer, the quicker
    changed = Signal()

    def __init__(self, app: QApplication, theme: Theme = "system") -> None:
        super().__init__(app)
        self._app, self._theme = app, theme
        self._colors: dict[str, QColor] = {}
        self._sheet = ""
        self._dressed: list[weakref.ref[QWidget]] = []
        for file in _FONT_FILES:
            QFontDatabase.addApplicationFont(str(resource("fonts", file)))
        app.setStyle("fusion")
        app.setFont(font("body"))
        app.setProperty("look", self)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._put()

    @property
    def theme(self) -> Theme:
        """What was chosen; `palette` says what it comes to."""
        return self._theme

    def choose(self, theme: Theme) -> None:
        """Use `theme` from now on."""
        if theme != self._theme:
            self._theme = theme
            self._put()

    def dress(self, window: QWidget) -> None:
        """Give the style sheet to a window that has no parent, now and whenever the theme changes."""
        self._dressed.append(weakref.ref(window))
        window.setStyleSheet(self._sheet)

    def dress_menus(self, menus: Iterable[QWidget]) -> None:
        """Menus that underline no letters."""
        for one in menus:
            style = _MenuStyle("fusion")
            style.setParent(one)  # goes with its menu: a menu that outlives its style brings the program down
            one.setStyle(style)

    def color(self, role: str) -> QColor:
        """The colour of a role of `Palette`."""
        return self._colors[role]

    def _system_changed(self) -> None:
        if self._theme == "system":
            self._put()

    def _resolve(self) -> Palette:
        chosen = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}.get(self._theme)
        if chosen is not None:
            return chosen
        hints = QGuiApplication.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return CONTRAST
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _put(self) -> None:
        self.palette = self._resolve()
        values = {f.name: getattr(self.palette, f.name) for f in fields(Palette) if f.name != "name"}
        self._colors = {role: QColor(value) for role, value in values.items()}
        self.changing.emit()
        self._app.setPalette(self._qt_palette())
        self._sheet = style_sheet(values)
        worn = [one for ref in self._dressed if (one := ref()) is not None and isValid(one)]
        self._dressed = [weakref.ref(one) for one in worn]
        for one in worn:
            one.setStyleSheet(self._sheet)
        self.changed.emit()

    def _qt_palette(self) -> QPalette:
        roles = {
            QPalette.ColorRole.Window: "canvas",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "sunken",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.ToolTipBase: "raised",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.PlaceholderText: "text3",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "on_accent",
            QPalette.ColorRole.Link: "accent",
        }
        made = QPalette()
        for place, role in roles.items():
            made.setColor(place, self.color(role))
        for place in (
            QPalette.ColorRole.Text,
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.ButtonText,
        ):
            made.setColor(QPalette.ColorGroup.Disabled, place, self.color("disabled"))
        return made


def look() -> Look:
    """The look of the running application."""
    app = QApplication.instance()
    found = app.property("look") if app is not None else None
    assert isinstance(found, Look), "a Look is made before the first widget"  # noqa: S101
    return found


def color(role: str) -> QColor:
    """The colour of `role` in the palette in force."""
    return look().color(role)
