"""The main window: start screen or project, the frame around the page, and who does what is asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from ppdesk.gui.approving import Approving
from ppdesk.gui.auditor.auditing import Auditing
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.errands import Errands
from ppdesk.gui.finding import Finding
from ppdesk.gui.frame import BudgetCard, StatusBar, TopBar, plain
from ppdesk.gui.habits import place
from ppdesk.gui.habits.habits import Habits
from ppdesk.gui.icons import app_icon
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.look import RAIL, Theme, look
from ppdesk.gui.looking import Looking
from ppdesk.gui.menus import Menus
from ppdesk.gui.opening import SAMPLE, Opening
from ppdesk.gui.pages.history import HistoryPage
from ppdesk.gui.pages.start import StartScreen
from ppdesk.gui.pages.step import StepPage
from ppdesk.gui.pages.table_view import RowsPage
from ppdesk.gui.parts.band import Band, Notices, RailLink
from ppdesk.gui.parts.focus import FocusRing
from ppdesk.gui.project import Project
from ppdesk.gui.rail import Rail
from ppdesk.gui.rail_marks import marks
from ppdesk.gui.runs import Runs
from ppdesk.gui.signing import Signing
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.standing import band_words, recent_of
from ppdesk.gui.stopping import Stopping
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.navigation import next_step

__all__ = ["SAMPLE", "MainWindow"]

_SMALLEST = QSize(1024, 680)
_WHO_RUNS = "This step needs two people, so it must be known who you are."


class MainWindow(QMainWindow):
    """One window, one project."""

    def __init__(self, desk: Desk, project: Project, offline: str) -> None:
        super().__init__()
        look().dress(self)
        self._desk, self.project, self._offline = desk, project, offline
        self._pages: dict[str, StepPage] = {}
        self._history_words = ""
        self._leaving = False
        self.setWindowTitle("ppdesk")
        self.setWindowIcon(app_icon())
        self.setMinimumSize(_SMALLEST)
        self.resize(1440, 900)
        self._build()
        self.opening = Opening(self, project, desk)
        self.signing = Signing(self, project, desk.actor)
        self.approving = Approving(self, project, self.signing)
        self.stopping = Stopping(self, project, self._reserved)
        self.runs = Runs(self, project)
        self.errands = Errands(self, project, desk, self.signing, offline)
        self.auditing = Auditing(self, project, desk, self.screens)
        self.looking = Looking(self.stack, project, self.show_step)
        self.habits = Habits(self, project, desk)
        self.finding = Finding(self, self.top.finder)
        self._connect()
        self.menus = self._menus()
        self.habits.undoing.changed.connect(self.habits.show_undo)
        self._ring = FocusRing(self)
        self.show_start()
        project.look_at_policy()

    # building

    def _build(self) -> None:
        self.top = TopBar()
        self.status, self.start = StatusBar(), StartScreen()
        self.rail, self.budget = Rail(), BudgetCard()
        self.history_link = RailLink(tr("History"), "history", "Ctrl H")
        self.band, self.notices, self.stack = Band(), Notices(), QStackedWidget()
        self.history: HistoryPage | None = None
        side = plain("sunken", "right")
        side.setFixedWidth(RAIL)
        foot = plain("sunken", "top")
        below = QVBoxLayout(foot)
        below.setContentsMargins(0, 1, 1, 0)
        below.addWidget(self.history_link)
        _column(side, (self.rail, foot, self.budget), grows=self.rail, margins=(0, 8, 1, 0))
        inside = QWidget()
        _column(inside, (self.band, self.notices, self.stack), grows=self.stack)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(inside, 1)
        self.screens = QStackedWidget()
        self.screens.addWidget(self.start)
        self.screens.addWidget(work)
        whole = plain("canvas")
        _column(whole, (self.top, self.screens, self.status), grows=self.screens)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        project = self.project
        self.start.asked.connect(self.opening.asked)
        self.start.open_asked.connect(self.open_path)
        self.start.cleared.connect(self._clear_recent)
        self.start.forgotten.connect(self._forget)
        self.rail.asked.connect(self.show_step)
        self.history_link.clicked.connect(self.show_history)
        self.notices.history_asked.connect(self.show_history)
        self.budget.asked.connect(self.errands.ledger)
        self.errands.help_asked.connect(self.finding.help)
        self.top.lock.clicked.connect(self.lock)
        self.status.cancelled.connect(self.stopping.ask)
        self.auditing.opened.connect(self._audited)
        self.auditing.said.connect(self.status.show_idle)
        self.auditing.step_asked.connect(self.show_step)
        self.auditing.help_asked.connect(self.help_here)
        self.auditing.busy.connect(lambda words: self.status.show_job(words, 0.5 if words else 0.0))
        self.opening.audit_asked.connect(self.auditing.open)
        self.opening.busy.connect(lambda words: self.status.show_job(words, 0.5 if words else 0.0))
        self.errands.said.connect(self.status.show_idle)
        self.errands.busy.connect(lambda words: self.status.show_job(words, 0.5 if words else 0.0))
        self.errands.history_words.connect(self._say_history)
        self.errands.open_asked.connect(self.open_path)
        self.errands.forms_filled.connect(self._refill)
        project.opened.connect(self._opened)
        project.not_signed.connect(lambda error: ErrorDialog(self, error).open())
        project.not_remembered.connect(
            lambda: self.status.show_idle(tr("This computer has no keyring that keeps a passphrase"))
        )
        project.policy_broken.connect(self.start.show_problem)
        project.policy_known.connect(self.start.show_policy)
        project.changed.connect(self._changed)
        project.closed.connect(self.show_start)
        project.refilled.connect(self._refilled)
        look().changing.connect(self._drop_hidden)
        project.signer_known.connect(lambda *_: self._signer_known())
        find = QShortcut(QKeySequence("Ctrl+K"), self)
        find.activated.connect(self.top.finder.setFocus)

    def _menus(self) -> Menus:
        errands, opening = self.errands, self.opening
        calls = {
            "new": lambda: opening.asked("new"),
            "open": lambda: opening.asked("open"),
            "verify": lambda: opening.asked("verify"),
            "audit": self.auditing.choose,
            "repair": opening.repair,
            "arx": errands.take_arx,
            "lock": self.lock,
            "quit": self.close,
            "run": self._run_here,
            "stop": self.stopping.ask,
            "history": self.show_history,
            "ledger": errands.ledger,
            "people": errands.people,
            "passphrase": errands.change_passphrase,
            "check": errands.check,
            "compact": errands.compact,
            "help": self.help_here,
            "policy": errands.policy,
            "keys": errands.people,
            "about": errands.about,
            **self.habits.calls,
        }
        return Menus(self, self.top.menus, calls, self._choose)

    # start screen

    def show_start(self) -> None:
        """The start screen; no project is open."""
        self._pages.clear()
        self.history = None
        while (gone := self.stack.widget(0)) is not None:
            self.stack.removeWidget(gone)
            gone.deleteLater()
        self.start.put(self._desk.recent())
        self.screens.setCurrentIndex(0)
        self.top.lock.say(tr("Lock"))
        self.top.show_project("", "")
        self.setWindowTitle("ppdesk")
        self._history_words = ""
        self._allow(None)
        from ppdesk import __version__

        self.status.show_job("")
        self.status.show_idle(tr("Version {version}", version=__version__))
        self._standing()
        self.start.cards["new"].setFocus()

    def _allow(self, snapshot: Snapshot | None) -> None:
        work = snapshot is not None and not snapshot.read_only
        self.menus.allow(is_open=snapshot is not None, work=work)
        self.habits.show_undo()
        self.top.finder.setVisible(snapshot is not None)

    def open_path(self, path: str) -> None:
        """Ask for the passphrase of the project at `path`; a PDF is verified instead."""
        self.opening.open_path(path)

    def unlock(self, path: Path, passphrase: str) -> None:
        """Open the project at `path`."""
        self.opening.unlock(path, passphrase)

    def _forget(self, path: str) -> None:
        self._desk.forget(path)
        self.start.put(self._desk.recent())

    def _clear_recent(self) -> None:
        self._desk.forget_all()
        self.start.put([])

    # the project

    def _opened(self, snapshot: Snapshot) -> None:
        self.screens.setCurrentIndex(1)
        self._allow(snapshot)
        self.status.show_idle(tr("No job running"))
        self.status.show_job("")
        self._history_words = tr("Read-only") if snapshot.read_only else tr("History intact")
        self.band.put(*band_words(snapshot))
        self.notices.put(snapshot.remarks)
        self._changed(snapshot)
        if snapshot.is_copy:
            self.auditing.show_session()
        else:
            self.show_step(next_step(snapshot.places) or CATALOG[0].key)

    def _audited(self, name: str, note: str) -> None:
        """An auditor has a file before them: no step, no run, nothing to change."""
        self.top.show_project(name, note, icon="eye")
        self.top.finder.hide()
        self.top.lock.say(tr("Close"))
        self.setWindowTitle(tr("{name} - ppdesk", name=name))
        self._history_words = tr("Read-only")
        if self.auditing.own:
            self.menus.allow(is_open=False, work=False)
        self._standing()

    def _changed(self, snapshot: Snapshot) -> None:
        count = len(snapshot.events)
        events = tr_count("{count} event", "{count} events", count) if count else tr("no event yet")
        working = tr("read-only") if snapshot.read_only else tr("autosaved")
        note = tr("auditor's copy") if snapshot.is_copy else working
        self.top.show_project(
            snapshot.name, f"{note}, {events}", icon="eye" if snapshot.read_only else "file-lock"
        )
        self.setWindowTitle(tr("{name} - ppdesk", name=snapshot.name))
        self.rail.show_places(snapshot.places, marks(snapshot))
        self._plan(0.0)
        self._standing()
        shown = self.stack.currentWidget()
        if isinstance(shown, StepPage | HistoryPage | RowsPage):
            shown.show_project(snapshot)
        self._mark_link()
        self._desk.remember(replace(recent_of(snapshot), recipe=self.project.recipe))

    def _mark_link(self) -> None:
        snapshot = self.project.snapshot
        if snapshot is None:
            return
        waiting, count = len(snapshot.open_requests()), len(snapshot.events)
        words = tr("{waiting} to decide", waiting=waiting) if waiting else f"{count}" if count else ""
        self.history_link.note(words, here=self.stack.currentWidget() is self.history)

    def _say_history(self, words: str) -> None:
        self._history_words = words
        self._standing()

    def _standing(self) -> None:
        self.status.show_standing(
            offline=told(self._offline),
            history=self._history_words,
            signer=tr("Signing key: {name}", name=self.project.signer) if self.project.signer else "",
            person=self._desk.actor,
        )

    def _signer_known(self) -> None:
        self._standing()
        shown = self.stack.currentWidget()
        if isinstance(shown, StepPage | HistoryPage) and self.project.snapshot is not None:
            shown.show_project(self.project.snapshot)

    def _plan(self, epsilon: float) -> None:
        snapshot = self.project.snapshot
        if snapshot is not None:
            budget = snapshot.budget
            self.budget.put(
                budget.total_epsilon, epsilon, budget.limit_epsilon, elsewhere=budget.elsewhere_epsilon
            )

    def show_step(self, key: str) -> None:
        """Show the page of the step `key`."""
        snapshot = self.project.snapshot
        if snapshot is None:
            return
        page = self._pages.get(key)
        if page is not None and key != self.project.running and page.pane.outdated(snapshot):
            self._drop(key)
            page = None
        page = page or self._new_page(key)
        self.screens.setCurrentIndex(1)
        self.stack.setCurrentWidget(page)
        self.notices.away(on=False)
        self.rail.show_page(key)
        self._plan(0.0)
        self._mark_link()
        page.show_project(snapshot)
        self.habits.show_undo()

    def _new_page(self, key: str) -> StepPage:
        page = StepPage(key, self.project)
        page.run_asked.connect(self.run)
        page.stop_asked.connect(self.stopping.ask)
        page.approval_asked.connect(self.approving.ask)
        page.endorse_asked.connect(self.approving.endorse)
        page.go_asked.connect(self.show_step)
        page.rows_asked.connect(lambda sights: self.looking.show(key, sights))
        page.history_asked.connect(self.show_history)
        page.key_asked.connect(lambda: self.signing.somebody(told(_WHO_RUNS), lambda: None))
        page.help_asked.connect(lambda: self.errands.help(page.step))
        page.planned.connect(self._plan)
        page.fill(self.project.filled(key))
        self.habits.watch(page)
        self._pages[key] = page
        self.stack.addWidget(page)
        return page

    def _reserved(self) -> float:
        """What was reserved for the run that is on, in epsilon."""
        page = self._pages.get(self.project.running)
        return page.spends if page is not None else 0.0

    def _refilled(self, key: str) -> None:
        if key in self._pages:
            self._pages[key].fill(self.project.filled(key))

    def _refill(self) -> None:
        """Show what the forms hold now, from Import on."""
        for key, page in self._pages.items():
            page.fill(self.project.filled(key))
        self.show_step("import")

    def help_here(self) -> None:
        """Help on what is shown."""
        if self.auditing.is_open:
            self.finding.show_page("security.md", "auditor-mode")
        else:
            self.errands.help(self.page.step if self.page is not None else None)

    def show_history(self) -> None:
        """Show the timeline, the verdict on it, and what waits for a second person."""
        snapshot = self.project.snapshot
        if snapshot is None or snapshot.is_copy:
            self.auditing.show_page("timeline")
            return
        if self.history is None:
            self.history = HistoryPage(self.project)
            self.history.answer_asked.connect(self.approving.answer)
            self.history.sign_asked.connect(self.errands.sign)
            self.history.step_asked.connect(self.show_step)
            self.history.verdict_known.connect(self._say_history)
            self.stack.addWidget(self.history)
        self.stack.setCurrentWidget(self.history)
        self.notices.away(on=True)  # the page says the same
        self.rail.show_none()
        self._plan(0.0)
        self._mark_link()
        self.history.show_project(snapshot)

    @property
    def page(self) -> StepPage | None:
        """The page of a step that is shown."""
        found = self.stack.currentWidget()
        return found if isinstance(found, StepPage) and self.screens.currentIndex() == 1 else None

    def _drop_hidden(self) -> None:
        """Let go of the pages that are not shown; they are made again from the project when asked for."""
        for key, page in list(self._pages.items()):
            if page is not self.stack.currentWidget() and key != self.project.running:
                delete(self._pages.pop(key))  # at once: what is let go of later would be styled before

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key)
        self.stack.removeWidget(page)
        page.deleteLater()

    def lock(self) -> None:
        """Close the file and forget the keys; asks first where words would be lost, and whether to sign."""
        self._with_words_kept(lambda: self.signing.before_closing(self.project.close))

    def _with_words_kept(self, then: Callable[[], None]) -> None:
        """Do `then` at once, or only after a person gave up what was typed and is not on record."""
        kept = {key: words for key, page in self._pages.items() if (words := page.unrecorded())}
        if not kept:
            then()
            return
        key, words = next(iter(kept.items()))
        ask = AskDialog(self, tr("Close without recording?"), words, tr("Close, lose them"))
        ask.cancel.say(tr("Stay"))
        ask.accepted.connect(then)
        ask.rejected.connect(lambda: self.show_step(key))
        ask.open()

    # running

    def _run_here(self) -> None:
        if self.page is not None and self.page.bar.primary.isEnabled():
            self.page.bar.primary.click()

    def run(self, key: str, values: dict[str, object], *, secret: str | None = None) -> None:
        """Run a step; asks first for what the run needs from a person."""
        self.runs.run(key, values, secret=secret)

    @property
    def share(self) -> float:
        """How much is done of the run that is on, 0 to 1."""
        return self.runs.share

    def page_of(self, key: str) -> StepPage | None:
        """The page of the step `key`, where it was made."""
        return self._pages.get(key)

    # leaving

    def _choose(self, theme: Theme) -> None:
        look().choose(theme)
        self._desk.put("theme", theme)

    def leave(self) -> None:
        """Close for good, without asking."""
        self._leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        waits = self.project.leaves_unsigned or any(page.unrecorded() for page in self._pages.values())
        if not self._leaving and waits:
            event.ignore()
            self._with_words_kept(lambda: self.signing.before_closing(self.leave))
            return
        place.keep(self, self._desk)
        self.project.leave()
        event.accept()


def _column(
    around: QWidget,
    parts: tuple[QWidget, ...],
    *,
    grows: QWidget,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> None:
    """Put `parts` below each other; `grows` takes the room that is left."""
    column = QVBoxLayout(around)
    column.setContentsMargins(*margins)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, 1 if part is grows else 0)
