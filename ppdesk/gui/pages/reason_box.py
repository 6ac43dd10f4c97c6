""" "Why this choice?": a person's words, which become evidence beside the run that they explain."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.frame import ActionBar, plain
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.look import MARGIN
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.inputs import TextBox
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import restyle, text
from ppdesk.gui.project import Project
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import moment
from ppdesk.workbench.evidence.deciding import MOST, OWN_REASON


class ReasonBox(QWidget):
    """Three lines above the action bar, opened by a button in it. What is typed is kept while the project is
    open, and recorded with the next run, or at once for the last one."""

    changed = Signal()

    def __init__(self, key: str, project: Project, bar: ActionBar) -> None:
        super().__init__()
        self._key, self._project = key, project
        self._explains: int | None = None  # the last good run
        self._read_only = False
        self.button = Button(tr("Why this choice?"), "secondary", icon="message-square-text")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._open)
        self.button.setVisible(key not in OWN_REASON)
        bar.add_before(self.button)
        self.words = TextBox(tr("Why this choice?"))
        self.words.setPlaceholderText(tr("What you weighed, and why you chose this"))
        self.words.setPlainText(project.reasons.get(key, ""))
        self.words.textChanged.connect(self._typed)
        self._shape = Shape("decide", 14)
        self._said = text("", "caption", wrap=True)
        self.record = Button(tr("Record reason"), "secondary", height=28)
        self.record.clicked.connect(self.write)
        surface = plain("surface", "top")
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(MARGIN, 11, MARGIN, 10)
        inside.setSpacing(6)
        inside.addWidget(text(tr("Why this choice?"), "label"))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.words, 1)
        line.addWidget(self.record, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(line)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._shape)
        foot.addWidget(self._said, 1)
        inside.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(surface)
        self.hide()

    def show_project(self, snapshot: Snapshot) -> None:
        """The project changed, or the page is shown."""
        self._explains, self._read_only = snapshot.place(self._key).good, snapshot.read_only
        reasons = snapshot.reasons
        given = reasons.of(self._explains) if reasons is not None else []
        wanted = reasons is not None and self._key in reasons.wanted
        missing = reasons is not None and self._key in reasons.missing
        count = len([one for one in given if not one.doubt])
        self.button.say(
            tr_count("{count} reason", "{count} reasons", count) if count else tr("Why this choice?")
        )
        if given:
            last = given[-1]
            by = tr(
                "Recorded by {name}, {when}: {why}",
                name=last.signed or last.by,
                when=moment(last.time),
                why=last.why,
            )
            said = f"{by} {told(last.doubt)}".strip()
        elif wanted:
            said = tr(
                "Needed here: nothing is sealed before a reason stands. It goes on record with your "
                "name and the time."
            )
        else:
            said = tr("Goes on record with your name and the time, beside the run that it explains.")
        self._said.setText(said)
        self._shape.put("decide" if missing or (wanted and not given) else "done" if given else "info")
        self.words.setEnabled(not self._read_only)
        if missing and not self._read_only:
            self.button.setChecked(True)
        self._enable()

    def _open(self, on: bool) -> None:
        self.setVisible(on)
        if on:
            self.words.setFocus()

    def _typed(self) -> None:
        self._project.reasons[self._key] = self.text()
        restyle(self.words, "wrong", len(self.text()) > MOST)
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        can = bool(self.text()) and len(self.text()) <= MOST
        off = ""
        if self._read_only:
            off = tr("Open for reading only")
        elif self._explains is None:
            off = tr("Recorded with the first run")
        elif not can:
            off = tr("Write at least a word, at most {most:,} letters", most=MOST)
        self.record.setEnabled(not off)
        self.record.setToolTip(off)

    def text(self) -> str:
        """What was typed and is not on record."""
        return self.words.toPlainText().strip()

    def write(self) -> None:
        """Record what was typed for the last good run; nothing where nothing was typed."""
        words, seq, key = self.text(), self._explains, self._key
        if words and seq is not None and len(words) <= MOST and not self._read_only:
            self.record.setEnabled(False)
            self._project.change(
                lambda session: session.decide(key, words, seq), lambda: self._written(words), self._failed
            )

    def ran(self, seq: int | None) -> None:
        """A run ended well: what was typed explains it."""
        self._explains = seq
        self.write()

    def _written(self, words: str) -> None:
        from shiboken6 import isValid

        if self._project.reasons.get(self._key) == words:
            self._project.reasons.pop(self._key, None)
        if isValid(self) and self.text() == words:
            self.words.clear()

    def _failed(self, error: CodedError) -> None:
        from shiboken6 import isValid

        if isValid(self):
            self._said.setText(f"{told(error.message)} {told(error.advice)} ({error.error_code})")
            self._shape.put("failed")
            self._enable()
