"""What Ctrl K and F1 lead to: one index of steps, settings, menu entries and help, and the help window."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction

from ppdesk.core.params import fields_of
from ppdesk.gui.find_field import FindField, Target
from ppdesk.gui.help.library import STEP, Library, Page, Passage
from ppdesk.gui.help.ranking import Entry, Ranking
from ppdesk.gui.language import told
from ppdesk.gui.words import title
from ppdesk.workflow.catalog import CATALOG, entry

if TYPE_CHECKING:
    from ppdesk.gui.help.window import HelpWindow
    from ppdesk.gui.window import MainWindow

_MOST: Mapping[str, int] = {"step": 5, "setting": 7, "action": 5, "help": 8}  # rows of a kind
_LOOKED = 200  # entries that are looked at before the best of each kind are taken


class Finding(QObject):
    """Fills the find field, goes where it says, and keeps the one help window."""

    def __init__(self, window: "MainWindow", field: FindField) -> None:
        super().__init__(window)
        self._window = window
        self.library = Library()
        self._index: Ranking[Target] = Ranking(())
        self._more: Iterator[list[Entry[Target]]] | None = None
        self._help: HelpWindow | None = None
        self._soon = QTimer(self)
        self._soon.timeout.connect(self._add)
        field.search = self.search
        field.wanted.connect(self.prepare)
        field.found.connect(self.go)

    # finding

    def prepare(self) -> None:
        """Begin to read what can be found, a piece at a time, so that the window stays awake."""
        if self._more is None:
            self._more = self._pieces()
            self._soon.start(0)

    def complete(self) -> None:
        """Read all that is left of it now."""
        self.prepare()
        while self._soon.isActive():
            self._add()

    def _add(self) -> None:
        piece = next(self._more, None) if self._more is not None else None
        if piece is None:
            self._soon.stop()
        else:
            self._index.add(piece)

    def _pieces(self) -> Iterator[list[Entry[Target]]]:
        yield [_step(one.key) for one in CATALOG]
        yield [_action(words, action) for words, action in self._window.menus.actions.items()]
        for one in CATALOG:
            yield list(_settings(one.key))
        for page in self.library.pages:
            about_step = page.key.startswith(STEP)  # its settings are found as settings
            yield [_passage(page, one) for one in page.passages if not (about_step and one.anchor)]

    def search(self, words: str) -> list[Target]:
        """The best of each kind: steps, then settings, entries of the menus that can be chosen, help."""
        self.prepare()
        if not self._index.entries:
            self._add()  # at least the steps
        found = [one.what for one in self._index.find(words, _LOOKED)]
        actions = self._window.menus.actions
        usable = [one for one in found if one.what != "action" or actions[one.key].isEnabled()]
        return [
            one
            for kind, most in _MOST.items()
            for one in [each for each in usable if each.what == kind][:most]
        ]

    def go(self, target: Target) -> None:
        """Go to what was found."""
        if target.what == "help":
            self.show_page(target.key, target.place)
        elif target.what == "action":
            self._window.menus.actions[target.key].trigger()
        else:
            self._window.show_step(target.key)
            self._window.rail.setFocus()
            if target.place and self._window.page is not None:
                self._window.page.reveal(target.place)

    # help

    def help(self, key: str = "") -> None:
        """Help on the step `key`; without one, the contents."""
        if key:
            self._opened().show_step(key)
        else:
            self._opened().show_page("glossary.md", "")
            self._opened().search.setFocus()

    def show_page(self, key: str, anchor: str) -> None:
        """A page of the help, from a heading on."""
        self._opened().show_page(key, anchor)

    def _opened(self) -> "HelpWindow":
        from ppdesk.gui.help.window import HelpWindow

        if self._help is None:
            self._help = HelpWindow(self._window, self.library)
            self._help.step_asked.connect(self._window.show_step)
        self._help.show()
        self._help.raise_()
        return self._help


def _step(key: str) -> Entry[Target]:
    step = entry(key).load()
    target = Target("step", title(key), told(step.stage.title), key)
    return Entry(target, target.words, target.note, f"{key} {told(step.title)} {told(step.purpose)}")


def _settings(key: str) -> Iterator[Entry[Target]]:
    step = entry(key).load()
    for spec in fields_of(step.Params):
        target = Target("setting", told(spec.label), title(key), key, spec.name)
        yield Entry(target, target.words, target.note, told(spec.help))


def _action(words: str, action: QAction) -> Entry[Target]:
    menu = action.shortcut().toString()
    return Entry(
        Target("action", action.text().replace("&", "").rstrip("."), menu, words), action.text(), "", menu
    )


def _passage(page: Page, one: Passage) -> Entry[Target]:
    note = page.title if one.heading != page.title else page.group
    return Entry(Target("help", one.heading, note, one.page, one.anchor), one.heading, page.title, one.text)
