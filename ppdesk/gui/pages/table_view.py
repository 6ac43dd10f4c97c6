"""The rows of a table: asked for first, put on record, then shown over any length."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.frame import StepHeader
from ppdesk.gui.icons import Icon
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import MARGIN
from ppdesk.gui.parts.arrow_model import MOST_ROWS, ArrowModel
from ppdesk.gui.parts.arrow_view import ArrowView
from ppdesk.gui.parts.buttons import Button, Segmented
from ppdesk.gui.parts.cards import Banner, Card, EmptyState
from ppdesk.gui.parts.inputs import LineField
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.menus import Entry
from ppdesk.gui.parts.text import Flow, restyle, text
from ppdesk.gui.project import Project
from ppdesk.gui.saving import saver_of
from ppdesk.gui.snapshot import Sight, Snapshot
from ppdesk.gui.words import title

if TYPE_CHECKING:
    import pyarrow as pa

RECORDED = "This view is recorded."
WEAKER = "Choices made after looking at rows are not covered by a differential privacy guarantee."
_ASK_WIDE = 520  # px


class RowsPage(QWidget):
    """One table, or several parts of it side by side under words. Nothing is read before a person agrees."""

    back_asked = Signal()

    def __init__(self, project: Project, key: str, sights: Sequence[Sight]) -> None:
        """`key` is the step from whose page a person came; `sights` what can be looked at there."""
        super().__init__()
        self._project, self.key, self._sights = project, key, list(sights)
        self.sight = self._sights[0]
        self.view: ArrowView | None = None
        self.look: Button | None = None  # "Look, and record it", while it is asked
        self._build()
        snapshot = project.snapshot
        if snapshot is not None:
            self.show_project(snapshot)

    def _build(self) -> None:
        self.header = StepHeader()
        self.header.help.hide()
        self.back = Button(tr("Back to {key}", key=title(self.key)), "ghost", icon="chevron-left")
        self.back.setToolTip(tr("Alt Left"))
        self.back.clicked.connect(self.back_asked)
        QShortcut(QKeySequence("Alt+Left"), self, self.back_asked.emit)
        self.header.add_action(self.back)
        self.parts = Segmented([(one.part, told(one.title)) for one in self._sights], tr("What is shown"))
        self.parts.put(self.sight.part)
        self.parts.chosen.connect(self._choose)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(MARGIN, 0, MARGIN, 12)
        row.addWidget(self.parts)
        around.setVisible(len(self._sights) > 1)
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(MARGIN, 0, MARGIN, 16)
        self._inside.setSpacing(12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(around)
        whole.addLayout(self._inside, 1)

    def show_project(self, snapshot: Snapshot) -> None:
        """The project changed. What is shown belongs to one event, and stays."""
        if not self._inside.count():
            self._start(snapshot)

    def _title(self, snapshot: Snapshot) -> None:
        event = snapshot.event(self.sight.seq)
        file = str(event.facts.get("file") or "") if event is not None else ""
        of = tr(" of {file}", file=file) if file else ""
        aside = self.sight.part == "quarantine"
        first = tr("Rows put aside") if aside else tr("Rows of the {kind}", kind=self.sight.kind)
        words = tr(
            "All rows{of}, as {key} left them (event {seq}).", of=of, key=title(self.key), seq=self.sight.seq
        )
        if aside:
            words = tr(
                "Rows{of} that {key} put aside, with the reason (event {seq}).",
                of=of,
                key=title(self.key),
                seq=self.sight.seq,
            )
        self.header.put(tr("{key} · Looking at data", key=title(self.key)), first, words)

    def _choose(self, part: str) -> None:
        self.sight = next(one for one in self._sights if one.part == part)
        snapshot = self._project.snapshot
        if snapshot is not None:
            self._start(snapshot)

    def _start(self, snapshot: Snapshot) -> None:
        """Say why no rows can be shown, or show them, or ask first."""
        self.let_go()
        self._title(snapshot)
        if snapshot.is_copy:
            self._refuse(
                tr("No rows here"), tr("An auditor's copy holds the evidence and no row of the data.")
            )
        elif snapshot.read_only:
            why = tr("{rstrip}, and a look must go on record.", rstrip=snapshot.why_read_only.rstrip("."))
            self._refuse(tr("Rows are not shown here"), why)
        elif self._project.looked(self.sight):
            self._ask_session()
        else:
            self._inside.addWidget(self._question(), 1)

    def _refuse(self, bold: str, words: str) -> None:
        empty = EmptyState(bold, words, tr("Back to {key}", key=title(self.key)))
        empty.asked.connect(self.back_asked)
        self._inside.addWidget(empty, 1)

    def _question(self) -> QWidget:
        """What looking means, and one button."""
        card = Card()
        card.setFixedWidth(_ASK_WIDE)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(Icon("eye", 22, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(text(tr("Look at data about people?"), "dialog", wrap=True))
        words.addWidget(Flow(f"{told(RECORDED)} {told(WEAKER)} {tr('The report says that you looked.')}"))
        words.addWidget(
            text(tr("Counts and types stand on the step's page without a look."), "caption", wrap=True)
        )
        line.addLayout(words, 1)
        card.add(line)
        self.look = Button(tr("Look, and record it"), "primary", icon="eye")
        self.look.clicked.connect(self._ask_session)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 8, 0, 2)
        foot.addStretch(1)
        foot.addWidget(self.look)
        card.add(foot)
        around = QWidget()
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        column = QVBoxLayout(around)
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)
        return around

    def _ask_session(self) -> None:
        from shiboken6 import isValid

        asked = self.sight
        if self.look is not None:
            self.look.setEnabled(False)
            self.look.say(tr("Reading the rows"))
        else:
            self._inside.addWidget(
                EmptyState(tr("Reading the rows"), tr("Large tables take a few seconds.")), 1
            )

        def done(table: "pa.Table") -> None:
            if isValid(self) and asked == self.sight:
                self._show(table)

        def failed(error: CodedError) -> None:
            if isValid(self) and asked == self.sight:
                self.let_go()
                self._refuse(told(error.message), f"{told(error.advice)} ({error.error_code})")

        self._project.look(asked, done, failed)

    def let_go(self) -> None:
        """Forget the rows, and what stands on the page."""
        if self.view is not None:
            self.view.rows.let_go()
        emptied(self._inside)
        self.view = self.look = None

    def _show(self, table: "pa.Table") -> None:
        self.let_go()
        model = ArrowModel(table, self._types())
        self.view = view = ArrowView(model, told(self.sight.title))
        self._inside.addWidget(Banner("info", told(RECORDED), told(WEAKER)))
        view.more = self._save_entries
        self._inside.addWidget(_Frame(view), 1)
        view.setFocus()

    def _save_entries(self) -> list[Entry]:
        """Saving the rows, in the view's context menu."""
        saver, view = saver_of(self), self.view
        if saver is None or view is None:
            return []
        sight, numbers = self.sight, [at for at in range(view.rows.columnCount()) if view.rows.is_number(at)]
        return [
            Entry(tr("Save rows as CSV..."), lambda: saver.rows(sight, "csv", numbers), "Ctrl+S"),
            Entry(
                tr("Save rows as Excel workbook..."),
                lambda: saver.rows(sight, "xlsx", numbers),
                "Ctrl+Shift+S",
            ),
        ]

    def _types(self) -> dict[str, str]:
        """What the columns of a table hold, as the event that made it says."""
        snapshot = self._project.snapshot
        event = snapshot.event(self.sight.seq) if snapshot is not None else None
        of_table = self.sight.kind is Kind.TABLE and self.sight.part == "rows"
        told = event.facts.get("columns") if event is not None and of_table else None
        listed = [one for one in told if isinstance(one, Mapping)] if isinstance(told, list | tuple) else []
        return {str(one["name"]): str(one["type"]) for one in listed if "name" in one and "type" in one}


class _Frame(Card):
    """The view in a card: what is in sight below it, and a field that goes to a row."""

    def __init__(self, view: ArrowView) -> None:
        super().__init__(flush=True)
        self._view = view
        self.add(view, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(15, 7, 10, 7)
        foot.setSpacing(12)
        self._sight, self._said = text("", "note"), text("", "caption")
        self.row = LineField(tr("Go to row"), small=True)
        self.row.setPlaceholderText(tr("Row number"))
        self.row.setFixedWidth(110)
        self.row.returnPressed.connect(self._go)
        self.row.textEdited.connect(lambda _: self._wrong(""))
        label = text(tr("Go to row"), "caption")
        label.setBuddy(self.row)
        self.row.setToolTip(tr("Ctrl G"))
        self.copy = Button(tr("Copy"), "ghost", icon="copy", keys="Ctrl C", height=28)
        self.copy.clicked.connect(view.copy)
        for part in (self._sight, self._said):
            foot.addWidget(part)
        foot.addStretch(1)
        for one in (label, self.row, self.copy):
            foot.addWidget(one)
        self.add(foot)
        QShortcut(QKeySequence("Ctrl+G"), self, self.row.setFocus)
        view.said.connect(self._say)
        view.verticalScrollBar().valueChanged.connect(self._tell)
        view.viewport().installEventFilter(self)
        self._tell()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._tell()
        return False

    def _tell(self) -> None:
        model, (first, last) = self._view.rows, self._view.seen()
        if not last:
            self._sight.setText(tr("No rows"))
            return
        beyond = tr(" (the first {most:,} can be shown)", most=MOST_ROWS) if model.left_out else ""
        count = tr(
            "{rows:,}{beyond}, {columns:,} columns",
            rows=model.cells.rows,
            beyond=beyond,
            columns=model.columnCount(),
        )
        self._sight.setText(tr("Rows {first:,} to {last:,} of {count}", first=first, last=last, count=count))

    def _say(self, words: str) -> None:
        restyle(self._said, "tone", "")
        self._said.setText(words)

    def _wrong(self, words: str) -> None:
        self.row.mark(bool(words))
        self._said.setText(words)
        restyle(self._said, "tone", "risk" if words else "")

    def _go(self) -> None:
        asked = self.row.text().strip().replace(",", "")
        if asked.isdecimal() and self._view.go_to(int(asked)):
            self._wrong("")
            self._view.setFocus()
        else:
            self._wrong(tr("Enter a row from 1 to {rowCount:,}.", rowCount=self._view.rows.rowCount()))
