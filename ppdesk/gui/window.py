"""The main window: start screen or project, the frame around the page, and what the menus do."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.resources import resource
from ppdesk.gui.desk import Desk, Recent
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.dialogs.keys import NewProjectDialog, SignerDialog, UnlockDialog
from ppdesk.gui.dialogs.show import AboutDialog, HelpDialog, LedgerDialog
from ppdesk.gui.dialogs.verify import VerifyDialog
from ppdesk.gui.frame import BudgetCard, StatusBar, TopBar, plain
from ppdesk.gui.icons import app_icon
from ppdesk.gui.look import RAIL, THEMES, Theme, look
from ppdesk.gui.pages.start import StartScreen
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.parts.focus import FocusRing
from ppdesk.gui.project import Project, Snapshot
from ppdesk.gui.rail import Rail
from ppdesk.gui.words import title
from ppdesk.workbench.views import StepResult
from ppdesk.workflow.catalog import CATALOG, entry
from ppdesk.workflow.navigation import State, next_step

SAMPLE = resource("samples", "adult", "recipe.toml")
_SMALLEST = QSize(1024, 680)
_THEME_WORDS: dict[Theme, str] = {
    "system": "As the system",
    "light": "Light",
    "dark": "Dark",
    "contrast": "High contrast",
}


class MainWindow(QMainWindow):
    """One window, one project."""

    def __init__(self, desk: Desk, project: Project, offline: str) -> None:
        super().__init__()
        self._desk, self.project, self._offline = desk, project, offline
        self._pages: dict[str, StepPage] = {}
        self._began = 0.0
        self.share = 0.0  # of the run that is on
        self._history = ""
        self._tried: tuple[Path, str] | None = None  # while a file is being opened
        self.setWindowTitle("ppdesk")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(_SMALLEST)
        self.resize(1440, 900)
        self._build()
        self._connect()
        self._make_menus()
        self._ring = FocusRing(self)
        self.show_start()

    # building

    def _build(self) -> None:
        self.top = TopBar([(one.key, f"{title(one.key)}: {one.summary.lower()}") for one in CATALOG])
        self.status = StatusBar()
        self.start = StartScreen()
        self.rail, self.budget = Rail(), BudgetCard()
        self.stack = QStackedWidget()
        side = plain("sunken", "right")
        side.setFixedWidth(RAIL)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 8, 1, 0)
        column.setSpacing(0)
        column.addWidget(self.rail, 1)
        column.addWidget(self.budget)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self.stack, 1)
        self.screens = QStackedWidget()
        self.screens.addWidget(self.start)
        self.screens.addWidget(work)
        whole = plain("canvas")
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for part in (self.top, self.screens, self.status):
            rows.addWidget(part, 1 if part is self.screens else 0)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        project = self.project
        self.start.asked.connect(self._start_asked)
        self.start.open_asked.connect(self.open_path)
        self.start.cleared.connect(self._clear_recent)
        self.rail.asked.connect(self.show_step)
        self.budget.asked.connect(self._ledger)
        self.top.finder.found.connect(self._found)
        self.top.lock.clicked.connect(self.lock)
        self.status.cancelled.connect(project.cancel)
        project.opened.connect(self._opened)
        project.not_opened.connect(self._not_opened)
        project.changed.connect(self._changed)
        project.closed.connect(self.show_start)
        project.run_started.connect(self._run_started)
        project.progressed.connect(self._progressed)
        project.run_ended.connect(self._run_ended)
        project.run_failed.connect(self._run_failed)
        look().changing.connect(self._drop_hidden)
        project.signer_known.connect(lambda *_: self._standing())

    def _make_menus(self) -> None:
        bar = self.top.menus
        self.actions_by_name: dict[str, QAction] = {}
        file, view = bar.addMenu("&File"), bar.addMenu("&View")
        project, help_menu = bar.addMenu("&Project"), bar.addMenu("&Help")
        self._action(file, "New project...", "Ctrl+N", lambda: self._start_asked("new"))
        self._action(file, "Open project...", "Ctrl+O", lambda: self._start_asked("open"))
        self._action(file, "Verify a report...", "Ctrl+R", lambda: self._start_asked("verify"))
        file.addSeparator()
        self._action(file, "Lock", "Ctrl+L", self.lock, in_project=True)
        self._action(file, "Quit", "Ctrl+Q", self.close)
        themes = QActionGroup(self)
        for theme in THEMES:
            action = self._action(view, _THEME_WORDS[theme], "", lambda theme=theme: self._choose(theme))
            action.setCheckable(True)
            action.setChecked(theme == look().theme)
            themes.addAction(action)
        self._action(project, "Run this step", "Ctrl+Return", self._run_here, in_project=True)
        self._action(project, "Stop the run", "Esc", self.project.cancel, in_project=True)
        project.addSeparator()
        self._action(project, "Ledger...", "", self._ledger, in_project=True)
        self._action(project, "Check the file", "", self._check, in_project=True)
        self._action(help_menu, "Help on this step", "F1", self._help, in_project=True)
        self._action(help_menu, "About ppdesk...", "", self._about)
        find = QShortcut(QKeySequence("Ctrl+K"), self)
        find.activated.connect(self.top.finder.setFocus)

    def _action(
        self, menu: QMenu, words: str, keys: str, call: object, *, in_project: bool = False
    ) -> QAction:
        action = QAction(words, self)
        action.triggered.connect(lambda _on=False: call())  # type: ignore[operator]  # every caller hands in a call
        if keys:
            action.setShortcut(QKeySequence(keys))
        if in_project:
            action.setProperty("in_project", True)
        menu.addAction(action)
        self.actions_by_name[words] = action
        return action

    # start screen

    def show_start(self) -> None:
        """The start screen; no project is open."""
        self._pages.clear()
        while (gone := self.stack.widget(0)) is not None:
            self.stack.removeWidget(gone)
            gone.deleteLater()
        self.start.put(self._desk.recent())
        self.screens.setCurrentIndex(0)
        self.top.show_project("", "")
        self.setWindowTitle("ppdesk")
        self._history = ""
        self._in_project(on=False)
        from ppdesk import __version__

        self.status.show_job("")
        self.status.show_idle(f"Version {__version__}")
        self._standing()
        self.start.cards["new"].setFocus()

    def _in_project(self, *, on: bool) -> None:
        for action in self.actions_by_name.values():
            if action.property("in_project"):
                action.setEnabled(on)
        self.top.finder.setVisible(on)

    def _start_asked(self, what: str) -> None:
        if what == "verify":
            VerifyDialog(self, self.project.bench).open()
        elif what == "open":
            self.open_path("")
        else:
            self._new(sample=what == "sample")

    def _new(self, *, sample: bool) -> None:
        folder = Path.home() / "Documents"
        folder = folder if folder.is_dir() else Path.home()
        dialog = NewProjectDialog(self, folder, "adult-sample" if sample else "", sample=sample)
        dialog.accepted.connect(lambda: self._create(dialog, sample=sample))
        dialog.open()

    def _create(self, dialog: NewProjectDialog, *, sample: bool) -> None:
        path, passphrase = dialog.path, dialog.first.text()
        self.status.show_job("Making the project", 0.5)
        if sample:
            self.project.load_recipe(SAMPLE, lambda: self.project.create(path, passphrase))
        else:
            self.project.create(path, passphrase)

    def open_path(self, path: str) -> None:
        """Ask for the passphrase of the project at `path`; a PDF is verified instead."""
        if path.lower().endswith(".pdf"):
            VerifyDialog(self, self.project.bench, path).open()
            return
        dialog = UnlockDialog(self, path)
        dialog.accepted.connect(lambda: self.unlock(dialog.path, dialog.passphrase.text()))
        dialog.open()

    def unlock(self, path: Path, passphrase: str, *, despite_rollback: bool = False) -> None:
        """Open the project at `path`; its pages are filled in from the recipe it began with."""
        self._tried = (path, passphrase)
        self.status.show_job("Opening the project", 0.5)
        recipe = next((one.recipe for one in self._desk.recent() if one.path == str(path)), "")

        def go() -> None:
            self.project.open(path, passphrase, despite_rollback=despite_rollback)

        if recipe and Path(recipe).is_file():
            self.project.load_recipe(Path(recipe), go)
        else:
            go()

    def _not_opened(self, error: CodedError) -> None:
        self.status.show_job("")
        name = type(error).__name__
        tried, self._tried = self._tried, None
        if tried is None:
            ErrorDialog(self, error).open()
        elif name in ("RollbackError", "ForkError"):
            words = f"{error.message} {error.advice} Opening it all the same goes on record."
            ask = AskDialog(self, "This file is not as it was last seen here", words, "Open all the same")
            ask.accepted.connect(lambda: self.unlock(*tried, despite_rollback=True))
            ask.open()
        elif name == "WrongPassphraseError":
            again = UnlockDialog(self, str(tried[0]))
            again.say_error(error)
            again.accepted.connect(lambda: self.unlock(again.path, again.passphrase.text()))
            again.open()
        else:
            ErrorDialog(self, error).open()

    def _clear_recent(self) -> None:
        self._desk.forget_all()
        self.start.put([])

    # the project

    def _opened(self, snapshot: Snapshot) -> None:
        self._tried = None
        self.screens.setCurrentIndex(1)
        self._in_project(on=True)
        self.status.show_idle("No job running")
        self.status.show_job("")
        self._history = "History intact"
        self._changed(snapshot)
        self.show_step(next_step(snapshot.places) or CATALOG[0].key)

    def _changed(self, snapshot: Snapshot) -> None:
        count = len(snapshot.events)
        events = "no event yet" if not count else f"{count} event{'s' if count > 1 else ''}"
        self.top.show_project(snapshot.name, f"autosaved, {events}")
        self.setWindowTitle(f"{snapshot.name} - ppdesk")
        self.rail.show_places(snapshot.places)
        self._plan(0.0)
        self._standing()
        for page in self._pages.values():
            if page is self.stack.currentWidget():
                page.show_project(snapshot)
        self._remember(snapshot)

    def _remember(self, snapshot: Snapshot) -> None:
        at = next_step(snapshot.places)
        if at is None:
            stands, state, word = "All steps are done", "done", "Complete"
        else:
            place = snapshot.place(at)
            say = {State.FAILED: "the last run failed", State.STALE: place.reason}.get(
                place.state, "ready to run"
            )
            stands = f"{title(at)}: {say}"
            look_first = place.state in (State.FAILED, State.STALE)
            state, word = ("stale", "Stale") if look_first else ("todo", "In progress")
        budget, seen = snapshot.budget, datetime.now(UTC).isoformat(timespec="minutes")
        kept = Recent(str(snapshot.path), stands, state, word, seen)
        self._desk.remember(
            replace(kept, spent=budget.total_epsilon, limit=budget.limit_epsilon, recipe=self.project.recipe)
        )

    def _standing(self) -> None:
        self.status.show_standing(
            offline=self._offline,
            history=self._history,
            signer=f"Signing key: {self.project.signer}" if self.project.signer else "",
            person=self._desk.actor,
        )

    def _plan(self, epsilon: float) -> None:
        snapshot = self.project.snapshot
        if snapshot is not None:
            budget = snapshot.budget
            self.budget.put(budget.total_epsilon, epsilon, budget.limit_epsilon, budget.elsewhere_epsilon)

    def show_step(self, key: str) -> None:
        """Show the page of the step `key`."""
        snapshot = self.project.snapshot
        if snapshot is None:
            return
        page = self._pages.get(key)
        if page is None:
            page = StepPage(key, self.project)
            page.run_asked.connect(self.run)
            page.go_asked.connect(self.show_step)
            page.help_asked.connect(self._help)
            page.planned.connect(self._plan)
            page.fill(self.project.filled(key))
            self._pages[key] = page
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.rail.show_page(key)
        self._plan(0.0)
        page.show_project(snapshot)

    @property
    def page(self) -> StepPage | None:
        """The page that is shown."""
        found = self.stack.currentWidget()
        return found if isinstance(found, StepPage) and self.screens.currentIndex() == 1 else None

    def _drop_hidden(self) -> None:
        """Let go of the pages that are not shown; they are made again from the project when asked for."""
        for key, page in list(self._pages.items()):
            if page is not self.stack.currentWidget() and key != self.project.running:
                del self._pages[key]
                self.stack.removeWidget(page)
                page.setParent(None)
                page.deleteLater()

    def _found(self, key: str) -> None:
        self.show_step(key)
        self.rail.setFocus()

    def lock(self) -> None:
        """Close the file and forget the keys."""
        self.project.close()

    # running

    def _run_here(self) -> None:
        if self.page is not None and self.page.bar.primary.isEnabled():
            self.page.bar.primary.click()

    def run(self, key: str, values: dict[str, object], *, overwrite: bool = False) -> None:
        """Run a step; asks who signs where it seals what it makes."""
        if entry(key).load().seals and not self.project.signer:
            self._ask_signer(key, values)
            return
        self.project.run(key, values, overwrite=overwrite)

    def _ask_signer(self, key: str, values: dict[str, object], error: CodedError | None = None) -> None:
        dialog = SignerDialog(self, entry(key).load().title, self.project.signers(), self._desk.actor)
        if error is not None:
            dialog.say_error(error)
        dialog.accepted.connect(
            lambda: self.project.unlock_signer(
                dialog.signer,
                dialog.first.text(),
                new=dialog.new,
                done=lambda: self.run(key, values),
                failed=lambda refused: self._ask_signer(key, values, refused),
            )
        )
        dialog.open()

    def _run_started(self, key: str) -> None:
        self._began, self.share = time.monotonic(), 0.0
        self.status.show_job(entry(key).load().title, 0.0, "starting the worker")
        self.rail.show_running(key, 0.0)
        if self.page is not None:
            self.page.started()

    def _progressed(self, share: float, note: str) -> None:
        self.share = share
        key = self.project.running
        if not key:
            return
        self.status.show_job(entry(key).load().title, share, note)
        self.rail.show_running(key, share)
        if self.page is not None and self.page.key == key:
            self.page.show_progress(share)

    def _run_ended(self, key: str, result: StepResult) -> None:
        self.status.show_job("")
        page = self._pages.get(key)
        if page is not None:
            page.ended(time.monotonic() - self._began, result.section, result.findings)

    def _run_failed(self, key: str, error: CodedError) -> None:
        self.status.show_job("")
        page = self._pages.get(key)
        if page is None:
            return
        page.failed(error)
        if type(error).__name__ == "TargetExistsError":
            values = page.form.values()
            words = f"{error.message} What stands in it now would be lost."
            ask = AskDialog(self, "Replace the file?", words, "Replace file")
            ask.accepted.connect(lambda: self.run(key, values, overwrite=True))
            ask.open()

    # the other menus

    def _choose(self, theme: Theme) -> None:
        look().choose(theme)
        self._desk.put("theme", theme)

    def _help(self) -> None:
        if self.page is not None:
            HelpDialog(self, self.page.step.title, self.page.step.help).open()

    def _ledger(self) -> None:
        if self.project.snapshot is not None:
            LedgerDialog(self, self.project.snapshot.budget).open()

    def _about(self) -> None:
        AboutDialog(self, self._offline).open()

    def _check(self) -> None:
        self._history = "Checking the file"
        self._standing()

        def done(findings: list[object]) -> None:
            self._history = (
                "History intact, file checked" if not findings else f"{len(findings)} findings in the file"
            )
            self._standing()

        self.project.integrity(done, lambda error: ErrorDialog(self, error).open())  # type: ignore[arg-type]  # only counted

    def closeEvent(self, event: QCloseEvent) -> None:
        size = self.size()
        self._desk.put("size", f"{size.width()}x{size.height()}")
        self.project.leave()
        event.accept()
