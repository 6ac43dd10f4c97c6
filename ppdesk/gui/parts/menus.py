"""Context menus: made from a list of entries, opened by the right button, the menu key and Shift F10."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


class Entry(NamedTuple):
    """One entry: words already in the window's language; `off` says why it cannot be chosen."""

    words: str
    call: Callable[[], object]
    keys: str = ""
    off: str = ""


LINE = Entry("", lambda: None)


def context_menu(around: QWidget, entries: Sequence[Entry], name: str) -> QMenu:
    """A menu with `entries`, each an action with the keys beside it. It is let go of when it closes."""
    menu = QMenu(around)
    menu.setAccessibleName(name)
    menu.setToolTipsVisible(True)
    menu.aboutToHide.connect(menu.deleteLater)
    for entry in entries:
        if entry is LINE:
            menu.addSeparator()
            continue
        action = QAction(entry.words, menu)
        action.setShortcut(QKeySequence(entry.keys))
        action.setEnabled(not entry.off)
        action.setToolTip(entry.off)
        action.triggered.connect(lambda _on=False, call=entry.call: call())
        menu.addAction(action)
    return menu


def show_menu(around: QWidget, entries: Sequence[Entry], name: str, at: QPoint) -> None:
    """Open the menu at a place on the screen."""
    if entries:
        context_menu(around, entries, name).popup(at)


def press_entry(event: QKeyEvent, entries: Sequence[Entry]) -> bool:
    """Do what the entry with the pressed keys says; whether there is one."""
    pressed = QKeySequence(event.keyCombination())
    for entry in entries:
        if entry.keys and not entry.off and QKeySequence(entry.keys) == pressed:
            entry.call()
            return True
    return False
