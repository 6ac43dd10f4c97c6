"""Somebody who tries everything at once: keys, clicks, wheel, sizes, themes and pages, in an order that a
seed decides. No run is begun and no file is asked for."""

import random
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget
from shiboken6 import isValid

from ppdesk.gui.look import Look, Theme
from ppdesk.gui.window import MainWindow

_KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left,
    Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape, Qt.Key.Key_F2, Qt.Key.Key_Menu,
)  # fmt: skip
_TEXT = ("5", "0.01", "-1", "abc", "é漢", '=1+1"', "1e999", " ", "%", "x" * 200)
_THEMES: tuple[Theme, ...] = ("light", "dark", "contrast")
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class Monkey:
    """Acts on the window; `told` is what it did, for whoever has to find out."""

    def __init__(self, window: MainWindow, look: Look, seed: int) -> None:
        self._window, self._look, self._chance = window, look, random.Random(seed)  # noqa: S311  nothing secret
        self.told: list[str] = []
        self._acts: list[tuple[int, Callable[[], str]]] = [
            (30, self._click),
            (20, self._key),
            (15, self._write),
            (10, self._wheel),
            (4, self._page),
            (3, self._resize),
            (1, self._theme),
            (4, self._double),
            (4, self._menu_key),
            (3, self._hover),
        ]

    def act(self) -> None:
        """One thing, and what follows from it at once."""
        chosen = self._chance.choices(self._acts, [weight for weight, _ in self._acts])[0][1]
        self.told.append(f"{chosen.__name__.strip('_')} {chosen()}")
        QApplication.processEvents()
        self._leave_menus()

    def _front(self) -> QWidget:
        modal = QApplication.activeModalWidget()
        return modal if modal is not None else self._window

    def _part(self) -> QWidget | None:
        """A part that a person can reach now; none that would begin a run."""
        front = self._front()
        found = [one for one in front.findChildren(QWidget) if one.isVisibleTo(front) and one.isEnabled()]
        found = [one for one in found if not self._spends(one) and one.width() > 2 and one.height() > 2]
        return self._chance.choice(found) if found else None

    def _spends(self, part: QWidget) -> bool:
        page = self._window.page
        return page is not None and part in (page.bar.primary, page.bar.secondary)

    def _name(self, part: QWidget | None) -> str:
        return f"{type(part).__name__} {part.accessibleName()!r}" if part is not None else "nothing"

    def _at(self, part: QWidget) -> QPoint:
        return QPoint(self._chance.randrange(part.width()), self._chance.randrange(part.height()))

    def _click(self) -> str:
        part, words = self._part(), ""
        if part is not None:
            words = self._name(part)
            modifier = self._chance.choice((_NO_MODIFIER,) * 4 + (Qt.KeyboardModifier.ShiftModifier,))
            QTest.mouseClick(part, Qt.MouseButton.LeftButton, modifier, self._at(part))
        return words

    def _double(self) -> str:
        part, words = self._part(), ""
        if part is not None:
            words = self._name(part)
            QTest.mouseDClick(part, Qt.MouseButton.LeftButton, _NO_MODIFIER, self._at(part))
        return words

    def _hover(self) -> str:
        part = self._part()
        if part is not None:
            QTest.mouseMove(part, self._at(part))
        return self._name(part)

    def _focus(self) -> QWidget:
        found = QApplication.focusWidget()
        return found if found is not None and not self._spends(found) else self._front()

    def _key(self) -> str:
        part, key = self._focus(), self._chance.choice(_KEYS)
        words = f"{key.name} on {self._name(part)}"
        QTest.keyClick(part, key)
        return words

    def _menu_key(self) -> str:
        part = self._focus()
        words = self._name(part)
        QTest.keyClick(part, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        return words

    def _write(self) -> str:
        part, text = self._focus(), self._chance.choice(_TEXT)
        words = f"{text[:9]!r} on {self._name(part)}"
        if isinstance(part, QAbstractButton):
            return words  # keys there are clicks: _key has those
        for sign in text:  # QTest knows no signs beyond Latin 1
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if isValid(part):
                    QApplication.sendEvent(part, QKeyEvent(kind, 0, _NO_MODIFIER, sign))
        return words

    def _wheel(self) -> str:
        part = self._part()
        if part is None:
            return self._name(part)
        words, place = self._name(part), QPointF(self._at(part))
        turn = QPoint(0, self._chance.choice((-240, -120, 120, 240)))
        QApplication.sendEvent(
            part,
            QWheelEvent(
                place, part.mapToGlobal(place), turn, turn, Qt.MouseButton.NoButton, _NO_MODIFIER,
                Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip
        return words

    def _page(self) -> str:
        if QApplication.activeModalWidget() is not None or self._window.project.snapshot is None:
            return "not now"
        keys = [place.key for place in self._window.project.snapshot.places]
        key = self._chance.choice([*keys, "history"])
        if key == "history":
            self._window.show_history()
        else:
            self._window.show_step(key)
        return key

    def _resize(self) -> str:
        size = self._chance.choice((QSize(1440, 900), QSize(1280, 720), QSize(1024, 680), QSize(1920, 1080)))
        self._window.resize(size)
        return f"{size.width()}x{size.height()}"

    def _theme(self) -> str:
        theme = self._chance.choice(_THEMES)
        self._look.choose(theme)
        return theme

    def _leave_menus(self) -> None:
        """An open menu takes all input; a dialog stays for a while, as it does with people."""
        for _ in range(5):
            popup = QApplication.activePopupWidget()
            if popup is None:
                break
            self.told.append(f"left {type(popup).__name__}")
            popup.close()
        modal = QApplication.activeModalWidget()
        if isinstance(modal, QDialog) and self._chance.random() < 0.2:
            self.told.append(f"left {self._name(modal)}")
            modal.reject()


def leave_all() -> None:
    """Close whatever is still open over the window."""
    for one in QApplication.topLevelWidgets():
        if isinstance(one, QDialog | QMenu) and one.isVisible():
            one.close()
