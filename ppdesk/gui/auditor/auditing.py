"""Opens a project, a copy or a report for an auditor, and has it checked on the background thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget
from shiboken6 import isValid

from ppdesk.core.errors import CodedError
from ppdesk.core.section import Plot
from ppdesk.gui.desk import Desk
from ppdesk.gui.dialogs.base import ErrorDialog
from ppdesk.gui.dialogs.keys import UnlockDialog
from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Wish
from ppdesk.gui.timeline import Line, lines

if TYPE_CHECKING:
    from ppdesk.gui.auditor.screen import AuditorScreen
    from ppdesk.workbench.auditing.reading import Reading
    from ppdesk.workbench.auditing.views import Overview, Proof

T = TypeVar("T")


class Auditing(QObject):
    """What stands between the auditor's screen and the file. `opened` says the name of what is shown."""

    opened = Signal(str, str)  # name, note
    said = Signal(str)  # for the status bar
    busy = Signal(str)  # what is on its way; empty for nothing
    step_asked = Signal(str)
    help_asked = Signal()

    def __init__(self, window: QWidget, project: Project, desk: Desk, screens: QStackedWidget) -> None:
        """The screen is put into `screens` when it is first needed."""
        super().__init__(window)
        self._window, self._project, self._desk, self._screens = window, project, desk, screens
        self._reading: Reading | None = None  # for the bench's thread
        self.screen: AuditorScreen | None = None
        self.own = False  # whether the file was opened here, and not by a session
        project.closed.connect(self._closed)

    # opening

    def choose(self, path: str = "") -> None:
        """Ask for a file and its passphrase; a report needs none."""
        if path.lower().endswith(".pdf"):
            self.open(Path(path), "")
            return
        dialog = UnlockDialog(self._window, path, keyring=False)
        dialog.setAccessibleName(tr("Open read-only as an auditor"))
        dialog.accepted.connect(lambda: self.open(dialog.path, dialog.passphrase.text()))
        dialog.open()

    def open(self, path: Path, passphrase: str) -> None:
        """Open the file at `path` without a session, whether its history holds or not. Writes nothing."""
        if self._project.snapshot is not None:
            self._project.close()
        home = self._desk.home
        self.busy.emit(tr("Opening for an auditor"))

        def work() -> "tuple[Overview, list[Line]]":
            from ppdesk.workbench.auditing.reading import open_reading

            if self._reading is not None:
                self._reading.close()
            self._reading = open_reading(path, passphrase, home=home)
            return _looked(self._reading)

        def failed(error: CodedError) -> None:
            self.busy.emit("")
            ErrorDialog(self._window, error).open()

        def done(both: "tuple[Overview, list[Line]]") -> None:
            self.busy.emit("")
            self.own = True
            self._show(*both)

        self._project.bench.ask(work, done, failed)

    def show_session(self) -> None:
        """Show the auditor's copy that the session has opened."""
        self.own = False

        def work() -> "tuple[Overview, list[Line]]":
            self._reading = self._project.session.auditing()
            return _looked(self._reading)

        screen = self._shown()
        screen.checking(0.1)
        self._project.bench.ask(work, lambda both: self._show(*both), screen.failed)

    def show_page(self, name: str) -> None:
        """Show the page `name`, where the screen stands."""
        if self.screen is not None:
            self._shown().show_page(name)

    @property
    def is_open(self) -> bool:
        """Whether the screen has something to show."""
        return self.screen is not None and self.screen.found is not None

    def _shown(self) -> "AuditorScreen":
        from ppdesk.gui.auditor.screen import AuditorScreen

        if self.screen is None:
            screen = self.screen = AuditorScreen(self._render)
            screen.check_asked.connect(self.check)
            screen.print_asked.connect(self._print)
            screen.again_asked.connect(self._again)
            screen.every_asked.connect(self._every)
            screen.step_asked.connect(self.step_asked)
            screen.help_asked.connect(self.help_asked)
            self._screens.addWidget(screen)
        self.screen.has_steps = not self.own
        self._screens.setCurrentWidget(self.screen)
        return self.screen

    def _show(self, found: "Overview", told: "list[Line]") -> None:
        screen = self._shown()
        screen.put(found, told)
        note = {"copy": tr("auditor's copy"), "report": tr("report")}.get(found.source, tr("read-only"))
        self.opened.emit(found.name, note)
        self.said.emit(
            tr_count(
                "All {count} event checked in {seconds:.1f} s",
                "All {count} events checked in {seconds:.1f} s",
                len(found.events),
                seconds=found.seconds,
            )
        )
        self._ask(lambda reading: reading.proof(), self._proved)
        if found.offers:
            screen.again_asked.emit(found.offers[0].event, found.offers[0].what)

    def _proved(self, proof: "Proof") -> None:
        if self.screen is not None:
            self.screen.put_proof(proof)

    def _closed(self) -> None:
        """The project was closed: so is what was opened here."""
        if self.screen is not None:
            self._screens.removeWidget(self.screen)
            self.screen.deleteLater()
            self.screen = None
        self.own = False

        def work() -> None:
            reading, self._reading = self._reading, None
            if reading is not None:
                reading.close()

        self._project.bench.ask(work)

    # asking

    def _ask(
        self,
        work: "Callable[[Reading], T]",
        done: Callable[[T], None],
        failed: Callable[[CodedError], None] | None = None,
    ) -> None:
        """Do `work` over there, unless the file was closed meanwhile; `done` only while the screen stands."""
        screen = self.screen

        def job() -> T | None:
            return None if self._reading is None else work(self._reading)

        def answer(value: T | None) -> None:
            if value is not None and screen is not None and isValid(screen) and screen is self.screen:
                done(value)

        self._project.bench.ask(job, answer, failed)

    def check(self) -> None:
        """Check every link, signature and sum anew."""
        if self.screen is None:
            return
        self.screen.checking(0.1)
        self._ask(_looked, lambda both: self._show(*both), self.screen.failed)

    def _again(self, seq: int, what: str) -> None:
        screen = self.screen
        if screen is None:
            return
        self._ask(lambda reading: reading.recheck(seq, what), screen.put_remade, screen.summary.again.failed)

    def _every(self) -> None:
        """Run every finding again, one after the other; each is shown as it comes."""
        found = self.screen.found if self.screen is not None else None
        for offer in found.offers if found is not None else ():
            self._again(offer.event, offer.what)

    def _render(self, plot: Plot, wish: Wish, done: Callable[[bytes], None]) -> None:
        """A figure as PNG, drawn in a worker."""

        def work(reading: "Reading") -> bytes:
            from ppdesk.workbench.auditing.reading import ProjectReading

            if not isinstance(reading, ProjectReading):
                return b""
            return reading.render(
                plot, wish.palette, wish.width, wish.height, wish.scale, language=wish.language
            )

        if self.own:
            self._ask(work, done)
        else:
            self._project.render(plot, wish, done)

    # on paper

    def _print(self) -> None:
        """Write the summary as a PDF or as HTML, for the printer or for the files."""
        found = self.screen.found if self.screen is not None else None
        if found is None:
            return
        proposed = str(found.path.with_name(f"{found.name}-summary.pdf"))
        kinds = tr("PDF (*.pdf);;Page for a browser (*.html)")
        name, chosen = QFileDialog.getSaveFileName(self._window, tr("Print summary"), proposed, kinds)
        if name:
            target = Path(name)
            suffix = ".html" if "html" in chosen else ".pdf"
            self.write(target if target.suffix.lower() in (".pdf", ".html") else target.with_suffix(suffix))

    def write(self, target: Path) -> None:
        """Write the summary at `target`."""
        found = self.screen.found if self.screen is not None else None
        if found is None:
            return
        made, person = self._desk.mode.clock().now(), self._desk.actor

        def work(_reading: "Reading") -> Path:
            from ppdesk.workbench.auditing import printed

            return printed.write(found, target, made, person)

        self._ask(
            work,
            lambda path: self.said.emit(tr("Summary written: {name}", name=path.name)),
            lambda error: ErrorDialog(self._window, error).open(),
        )


def _looked(reading: "Reading") -> "tuple[Overview, list[Line]]":
    """The overview, and its events as lines: both on the background thread."""
    found = reading.overview()
    return found, lines(found, found.verdict.heads if found.verdict is not None else ())
