"""All habits of one window, put together: what the window calls when something happens to it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from ppdesk.gui.desk import Desk, live_figures
from ppdesk.gui.habits import place
from ppdesk.gui.habits.crashing import Crashes
from ppdesk.gui.habits.desktop import DesktopWatch
from ppdesk.gui.habits.dropping import Dropping
from ppdesk.gui.habits.locking import AutoLock
from ppdesk.gui.habits.printing import Printing
from ppdesk.gui.habits.telling import Telling
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import THEMES
from ppdesk.gui.remembering import Remembering
from ppdesk.gui.saving import Saver
from ppdesk.gui.undoing import Undoing
from ppdesk.workflow.catalog import entry

if TYPE_CHECKING:
    from ppdesk.gui.pages.step import StepPage
    from ppdesk.gui.project import Project
    from ppdesk.gui.window import MainWindow

_FILE = "table"  # the field of Import that names the data file


class Habits(QObject):
    """Made once the window's own parts are there."""

    def __init__(self, window: "MainWindow", project: "Project", desk: Desk) -> None:
        super().__init__(window)
        self._window, self._project, self._desk = window, project, desk
        self.saver, self.remembering = Saver(window, project), Remembering(window, desk)
        self.undoing = Undoing(window, project, lambda: window.page)
        self.printing = Printing(window, project, self.saver, self._shown)
        self.locking = AutoLock(window, project, desk, window.lock, lambda: window.auditing.is_open)
        window.auditing.opened.connect(lambda *_: self.locking.begin())
        self.telling = Telling(window, project, desk)
        self.dropping = Dropping(window, project)
        self.crashes = Crashes(window, desk)
        self.desktop: DesktopWatch | None = None
        for said in (self.saver.said, self.printing.said, self.dropping.said):
            said.connect(self.say)
        self.dropping.opened.connect(window.open_path)
        self.dropping.data.connect(self._import)
        self.locking.locked.connect(self._was_locked)
        self._why_locked = ""
        project.closed.connect(self._closed, Qt.ConnectionType.QueuedConnection)  # after the start screen
        project.opened.connect(self._opened)
        window.rail.expanded.connect(self._keep_stages)
        window.rail.collapsed.connect(self._keep_stages)

    @property
    def calls(self) -> Mapping[str, Callable[[], object]]:
        """What the menus call, by name."""
        return {
            "undo": self.undoing.undo,
            "redo": self.undoing.redo,
            "copy": self._copy,
            "select": self._select,
            "print": self.printing.print_out,
            "save_pdf": self.printing.save,
            "settings": self.settings,
            "shortcuts": self._shortcuts,
        }

    def begin(self) -> None:
        """The program runs for a person: listen to the desktop, and hear of what goes wrong."""
        self.desktop = DesktopWatch(self)
        self.desktop.locked.connect(self.locking.desktop_locked)
        self.crashes.install()

    def watch(self, page: "StepPage") -> None:
        """The page of a step was made."""
        self.undoing.watch(page)

    def show_undo(self) -> None:
        """Turn the entries of the menu on or off."""
        actions = self._window.menus.actions
        actions["Undo"].setEnabled(self.undoing.can_undo)
        actions["Redo"].setEnabled(self.undoing.can_redo)

    def settings(self) -> None:
        """Show the settings, and keep what is chosen."""
        from ppdesk.gui.dialogs.settings import SettingsDialog

        dialog = SettingsDialog(self._window, self._desk, self._project.policy)
        dialog.theme_chosen.connect(
            lambda chosen: self._window.menus.choose(next(one for one in THEMES if one == chosen))
        )

        def kept() -> None:
            self.locking.begin()
            if dialog.needs_start:
                self.say(tr("Language and size hold from the next start on"))

        dialog.accepted.connect(kept)
        dialog.open()

    def _shortcuts(self) -> None:
        from ppdesk.gui.dialogs.about import ShortcutsDialog

        ShortcutsDialog(self._window).open()

    def say(self, words: str) -> None:
        """In the status bar."""
        self._window.status.show_idle(words)

    # what is on the screen

    def _shown(self) -> tuple[str, int] | None:
        page, snapshot = self._window.page, self._project.snapshot
        if page is None or snapshot is None:
            return None
        event = snapshot.event(snapshot.place(page.key).seq)
        if event is None or event.outcome != "ok":
            return None
        return told(entry(page.key).load().title), event.seq

    def _copy(self) -> None:
        part = QApplication.focusWidget()
        if isinstance(part, QLineEdit | QPlainTextEdit | QTextEdit):
            part.copy()
            return
        copy = getattr(part, "copy", None)
        if callable(copy):
            copy()

    def _select(self) -> None:
        part = QApplication.focusWidget()
        if isinstance(part, QLineEdit | QPlainTextEdit | QTextEdit | QAbstractItemView):
            part.selectAll()

    def _import(self, path: str) -> None:
        """A data file goes into the form of Import; nothing is read before a person runs it."""
        self._project.offer("import", {_FILE: path})
        self._window.show_step("import")

    # coming and going

    def _opened(self) -> None:
        if live_figures(self._desk):
            self._project.questions.previews = True
        self._window.rail.open_stages(place.open_stages(self._desk))

    def _keep_stages(self) -> None:
        place.keep_stages(self._desk, self._window.rail.stages_open())

    def _was_locked(self, why: str) -> None:
        self._why_locked = why

    def _closed(self) -> None:
        if self._why_locked:
            self.say(self._why_locked)
        self._why_locked = ""
