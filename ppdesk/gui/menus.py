"""The menus: what stands in them, the keys, and when each can be chosen."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from ppdesk.gui.language import told
from ppdesk.gui.look import THEME_WORDS, THEMES, Theme, look

When = Literal["always", "open", "work"]  # a project is open; one that can be added to


class Item(NamedTuple):
    """One entry. `name` says what it does."""

    words: str
    keys: str
    name: str
    when: When = "always"


LINE = Item("", "", "")
MENUS: Mapping[str, tuple[Item, ...]] = {
    "&File": (
        Item("New project...", "Ctrl+N", "new"),
        Item("Open project...", "Ctrl+O", "open"),
        Item("Verify a report...", "Ctrl+R", "verify"),
        Item("Open read-only (auditor)...", "Ctrl+Shift+O", "audit"),
        Item("Repair a file...", "", "repair"),
        Item("Take an ARX project...", "", "arx", "work"),
        LINE,
        Item("Print...", "Ctrl+P", "print", "open"),
        Item("Save this result as PDF...", "", "save_pdf", "open"),
        LINE,
        Item("Settings...", "Ctrl+,", "settings"),
        LINE,
        Item("Lock", "Ctrl+L", "lock", "open"),
        Item("Quit", "Ctrl+Q", "quit"),
    ),
    "&Edit": (
        Item("Undo", "Ctrl+Z", "undo"),
        Item("Redo", "Ctrl+Shift+Z", "redo"),
        LINE,
        Item("Copy", "", "copy"),
        Item("Select all", "", "select"),
    ),
    "&View": (),
    "&Project": (
        Item("Run this step", "Ctrl+Return", "run", "work"),
        Item("Stop the run", "Esc", "stop", "work"),
        LINE,
        Item("History", "Ctrl+H", "history", "open"),
        Item("Ledger...", "", "ledger", "open"),
        Item("People and keys...", "Ctrl+Shift+P", "people", "open"),
        LINE,
        Item("Change passphrase...", "", "passphrase", "work"),
        Item("Check the file...", "", "check", "open"),
        Item("Compact the file...", "", "compact", "work"),
    ),
    "&Help": (
        Item("Help on this page", "F1", "help"),
        Item("Machine policy...", "", "policy"),
        Item("Keys on this computer...", "", "keys"),
        Item("Keys...", "", "shortcuts"),
        Item("About ppdesk...", "", "about"),
    ),
}
# keys that are no menu's: words -> keys
_MORE_KEYS = {
    "Find": "Ctrl+K",
    "Copy cells or a chart": "Ctrl+C",
    "Choose all cells": "Ctrl+A",
    "Save a table as CSV, a chart as SVG": "Ctrl+S",
    "Save a table as Excel workbook, a chart as PNG": "Ctrl+Shift+S",
    "Go to a row": "Ctrl+G",
    "Back from the rows": "Alt+Left",
    "Context menu": "Shift+F10",
    "Remove a project from the list": "Del",
}


def shortcuts() -> list[tuple[str, str]]:
    """(what, keys) of everything that has keys, as the system writes them."""
    shown = QKeySequence.SequenceFormat.NativeText
    menus = [
        (told(item.words).removesuffix("..."), item.keys)
        for items in MENUS.values()
        for item in items
        if item.keys
    ]
    return [
        (words, QKeySequence(keys).toString(shown))
        for words, keys in [*menus, *((told(words), keys) for words, keys in _MORE_KEYS.items())]
    ]


class Menus(QObject):
    """Fills a menu bar. `actions` are by the words that a person reads."""

    def __init__(
        self,
        window: QWidget,
        bar: QMenuBar,
        calls: Mapping[str, Callable[[], object]],
        choose: Callable[[Theme], object],
    ) -> None:
        """`calls` by the names in MENUS; `choose` takes a theme."""
        super().__init__(window)
        self.choose = choose
        self.actions: dict[str, QAction] = {}
        self._when: dict[str, When] = {}
        look().dress_menus([bar])
        for title, items in MENUS.items():
            menu = bar.addMenu(told(title))
            look().dress_menus([menu])
            for item in items:
                if item is LINE:
                    menu.addSeparator()
                    continue
                action = self._action(item.words, calls[item.name])
                action.setShortcut(QKeySequence(item.keys))
                self._when[item.words] = item.when
                menu.addAction(action)
            if title == "&View":
                for action in self._themes(choose):
                    menu.addAction(action)

    def _action(self, words: str, call: Callable[[], object]) -> QAction:
        action = QAction(told(words), self.parent())
        action.triggered.connect(lambda _on=False: call())
        self.actions[words] = action
        return action

    def _themes(self, choose: Callable[[Theme], object]) -> list[QAction]:
        group = QActionGroup(self)
        made = []
        for theme in THEMES:
            action = self._action(THEME_WORDS[theme], lambda theme=theme: choose(theme))  # type: ignore[misc]  # a default is no argument
            action.setCheckable(True)
            action.setChecked(theme == look().theme)
            group.addAction(action)
            made.append(action)
        return made

    def allow(self, *, is_open: bool, work: bool) -> None:
        """Turn entries off that have nothing to act on."""
        for words, when in self._when.items():
            self.actions[words].setEnabled(when == "always" or (work if when == "work" else is_open))
