"""The page of Report and Draft: what will be printed, page by page, and what to look at before signing."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.errors import NoReportInCopyError
from ppdesk.gui.form import Form
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import GAP, MARGIN
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.pages.report_checks import ReportChecks
from ppdesk.gui.pages.report_form import DocumentEditor, report_form
from ppdesk.gui.pages.report_print import print_pages
from ppdesk.gui.papers import Papers
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.cards import Card
from ppdesk.gui.parts.paper_view import PaperView
from ppdesk.gui.parts.states import Chip, ChipView
from ppdesk.gui.parts.text import text
from ppdesk.gui.results import scrolled
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workbench.files import write
from ppdesk.workflow.navigation import Place, State
from ppdesk.workflow.reporting.documents.kinds import DocumentKind

if TYPE_CHECKING:
    from ppdesk.workbench.session import Session
    from ppdesk.workbench.worker.jobs import Page

_SIDE = 248  # px: the column of what to look at
_ROOMY = 500  # px of the preview that have room for heading, state and tools in one line
_FILES, _NOWHERE = ("to", "html"), "report.pdf"
_EMPTY = "See the pages as they will be printed. Nothing is signed, stored or spent by looking."


class ReportStep(Pane):
    """Shows nothing until it is asked: setting pages takes seconds."""

    def make_form(self) -> Form:
        return report_form(self.step.Params)

    def above(self) -> QWidget:
        self._shown: dict[str, Any] | None = None  # what the pages were set from
        self._values: dict[str, Any] | None = None
        self._possible = False
        self.papers = Papers(self.project)
        self.papers.page.connect(self._take)
        self.papers.ended.connect(self._ended)
        self.papers.failed.connect(self._failed)
        self.view = PaperView()
        self.view.wanted.connect(self.papers.again)
        self.view.print_asked.connect(self._print)
        self.checks = ReportChecks()
        self.checks.go_asked.connect(self.go_asked)
        self.checks.copy_asked.connect(self._save_again)
        self.checks.endorse_asked.connect(self.endorse_asked)
        self.checks.certify_asked.connect(self._certify)
        self._place: Place | None = None
        whole = QWidget()
        whole.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, MARGIN, 12)
        row.setSpacing(GAP)
        row.addWidget(self._card(), 1)
        side = scrolled(self.checks, tr("Before you sign"))
        side.setFixedWidth(_SIDE)
        row.addWidget(side)
        whole.installEventFilter(self)
        self._whole = whole
        return whole

    def _card(self) -> Card:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(15, 9, 12, 9)
        head.setSpacing(12)
        head.addWidget(text(tr("Preview"), "section"))
        self.chip = ChipView()
        head.addWidget(self.chip)
        head.addStretch(1)
        self._head, self._second = head, QHBoxLayout()
        self._second.setContentsMargins(12, 0, 12, 0)
        head.addWidget(self.view.tools)
        self.show_button = Button(tr("Show pages"), "secondary", icon="eye", height=28)
        self.show_button.clicked.connect(self.show_pages)
        head.addWidget(self.show_button)
        card.add(head)
        card.add(self._second)
        self._words = text(told(_EMPTY), "caption", wrap=True)
        self._words.setContentsMargins(16, 8, 16, 16)
        card.add(self._words)
        card.add(self.view, 1)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        card.setMinimumHeight(320)
        self._say(told(_EMPTY))
        return card

    @property
    def fills(self) -> bool:
        return True

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._possible = place.state is not State.BLOCKED
        self._place = place
        self._tell_checks()
        self.covers.emit(True)  # the last result stands in the column, and whole in the history
        if self._shown is not None:
            self._shown = None  # the history has gone on
        self._follow()

    def edited(self, values: Mapping[str, Any] | None, *, done: bool) -> None:  # noqa: ARG002
        document = (self._values or {}).get("document")
        self._values = self._wanted()
        if self._values is not None and self._values.get("document") != document:
            self._leave_title(document)
            self._tell_checks()
        self._follow()

    def _wanted(self) -> dict[str, Any] | None:
        """What the form says, also while no file is named: pages can be seen before. None where another field
        cannot be used."""
        found: dict[str, Any] = {}
        for name, row in self.form.rows.items():
            try:
                value = row.editor.value()
            except WrongValueError:
                if name not in _FILES:
                    return None
                value = None
            if value is not None:
                found[name] = value
        return {**found, "to": found.get("to") or _NOWHERE}

    def _leave_title(self, before: object) -> None:
        """The title of the last run belongs to the document that it made."""
        row = self.form.rows.get("title")
        snapshot, place = self.project.snapshot, self._place
        event = None if snapshot is None or place is None else snapshot.event(place.seq)
        ran = None if event is None else event.params.get("title")
        if before is not None and row is not None and ran and row.editor.value() == ran:
            row.editor.put("")
            self._values = self._wanted()

    def _tell_checks(self) -> None:
        snapshot = self.project.snapshot
        if snapshot is not None and self._place is not None:
            form = self.form
            assert isinstance(form, Form)  # noqa: S101  make_form made it
            editor = form.rows["document"].editor if "document" in form.rows else None
            if isinstance(editor, DocumentEditor):
                editor.follow(made(snapshot, self._place.key))
            self.checks.put(
                snapshot,
                self._place,
                self.project.signer,
                self._values,
                self.project.policy.rules.report.endorsements,
            )

    def _certify(self, draft: int) -> None:
        """Put the draft into the form: all else was settled with it."""
        form = self.form
        assert isinstance(form, Form)  # noqa: S101  make_form made it
        form.put({"draft": draft, "to": form.rows["to"].editor.value()})
        form.changed.emit()

    def _save_again(self, seq: int, kind: Kind) -> None:
        """Write the file of event `seq` once more, where the person says."""
        path, _ = QFileDialog.getSaveFileName(self._whole, tr("Save the file again"), "", "PDF (*.pdf)")
        if not path:
            return

        def work(session: "Session") -> None:
            data = session.told(seq, kind, "report.pdf")
            if data is None:
                raise NoReportInCopyError
            write({Path(path): data}, overwrite=True)  # the dialog has asked

        self.project.ask(work, failed=self._failed)

    def _follow(self) -> None:
        """The button and the chip, by what is shown and what the form says."""
        same = self._values is not None and self._shown == self._values
        there = self.view.pages > 0
        self.show_button.setVisible(not same)
        self.show_button.say(tr("Show again") if there else tr("Show pages"))
        self.show_button.setEnabled(self._possible and self._values is not None and not self.project.running)
        if there:
            shape, words = ("look", tr("Draft, not signed")) if same else ("stale", tr("Changed since"))
            self.chip.put(Chip(shape, words))
        self.chip.setVisible(there)

    def _place_tools(self, *, roomy: bool) -> None:
        """The tools stand beside the heading, or below it where there is no room."""
        place = self._head if roomy else self._second
        if place.indexOf(self.view.tools) < 0:
            for one in (self._head, self._second):
                one.removeWidget(self.view.tools)
            if roomy:
                self._head.insertWidget(self._head.indexOf(self.show_button), self.view.tools)
            else:
                self._second.addWidget(self.view.tools)

    def _print(self) -> None:
        print_pages(self._whole, self.project, self.view.pages, self._failed)

    def show_pages(self) -> None:
        """Set the pages of what the form says."""
        self._values = self._wanted()
        if self._values is None:
            return
        self._shown = dict(self._values)
        self.view.clear()
        self._say(tr("The pages are being set."))
        self.papers.ask(self.step.key, self._values, self.view.first_scale() * self.view.devicePixelRatioF())
        self._follow()

    def _take(self, page: "Page") -> None:
        self._say("")
        self.view.take(page)
        self._follow()

    def _ended(self, count: int) -> None:
        self.view.end(count)
        if not count:
            self._say(tr("What speaks against the run speaks against a preview: see the remarks above."))
            self._shown = None
        self._follow()

    def _failed(self, error: CodedError) -> None:
        self._shown = None
        self._say(f"{told(error.message)} {told(error.advice)}".strip())
        self._follow()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.view.setVisible(not words)
        self.view.tools.setVisible(not words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide and watched is self._whole:
            self.papers.stop()  # nobody looks: other pages need the worker
            if self._shown is not None and self.view.pages == 0:
                self._shown = None
                self._say(told(_EMPTY))
        if event.type() == QEvent.Type.Resize and watched is self._whole:
            self._place_tools(roomy=self._whole.width() - _SIDE > _ROOMY)
        return super().eventFilter(watched, event)


def made(snapshot: Snapshot, key: str) -> dict[str, tuple[int, bool]]:
    """For each document that the step `key` has made: the last event, and whether the record has gone on in
    what it tells since then."""
    good = [one for one in snapshot.events if one.kind == key and one.outcome == "ok"]
    place = snapshot.place(key)
    found: dict[str, tuple[int, bool]] = {}
    for one in good:
        document = str(one.params.get("document") or DocumentKind.AUDIT.value)
        found[document] = (one.seq, one is not good[-1] or place.state is State.STALE)
    return found
