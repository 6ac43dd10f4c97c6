"""The auditor's rail: kinds of evidence instead of steps, and the whole verdict at its foot."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.core.wording import percent
from ppdesk.gui.frame import plain
from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import RAIL, color, font
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import text
from ppdesk.report.verdict import Judgement
from ppdesk.workbench.auditing.views import Overview

ROWS: Mapping[str, tuple[str, str]] = {
    "summary": ("Summary", "clipboard-check"),
    "timeline": ("Timeline", "history"),
    "budget": ("Budget", "coins"),
    "findings": ("Findings", "flag"),
    "standard": ("Standard and limits", "scale"),
    "decisions": ("Decisions", "message-square-text"),
    "signatures": ("Signatures", "pen-line"),
    "reports": ("Reports", "files"),
    "models": ("Models", "boxes"),
    "again": ("Run again", "rotate-ccw"),
}
_ROW = 34  # px


class _Row(QAbstractButton):
    """Icon, name, and a word at the right."""

    def __init__(self, name: str, icon: str) -> None:
        super().__init__()
        self._icon, self._note = icon, ""
        self.setText(told(name))
        self.setToolTip(told(name))
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedHeight(_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.note("")

    def note(self, words: str) -> None:
        """The word at the right."""
        self._note = words
        self.setAccessibleName(f"{self.text()}, {words}" if words else self.text())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        here = self.isChecked()
        paper = "accent_soft" if here else "hover" if self.underMouse() else ""
        if paper:
            painter.fillRect(self.rect(), color(paper))
        if here:
            painter.fillRect(QRectF(0, 0, 3, self.height()), color("accent"))
        ink = color("text" if here else "text2")
        draw_icon(painter, self._icon, QRectF(16, (_ROW - 16) / 2, 16, 16), ink)
        painter.setFont(font("caption"))
        wide = painter.fontMetrics().horizontalAdvance(self._note)
        painter.setPen(color("text3"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(0, 0, self.width() - 15, _ROW), middle | Qt.AlignmentFlag.AlignRight, self._note
        )
        painter.setPen(ink)
        painter.setFont(font("strong" if here else "body"))
        room = self.width() - 44 - wide - 24
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(44, 0, room + 2, _ROW), middle, words)


class AuditorRail(QWidget):
    """Which evidence is shown; `asked` says its name."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "sunken")
        self.setProperty("edge", "right")
        self.setFixedWidth(RAIL)
        self.setAccessibleName(tr("Evidence"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 1, 0)
        column.setSpacing(0)
        self.rows: dict[str, _Row] = {}
        for key, (name, icon) in ROWS.items():
            row = self.rows[key] = _Row(name, icon)
            row.clicked.connect(lambda _on=False, key=key: self.asked.emit(key))
            column.addWidget(row)
        column.addStretch(1)
        foot = plain("sunken", "top")
        self._shape = Shape("running")
        self._bold, self._rest = text("", "strong", wrap=True), text("", "caption", wrap=True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._bold, 1)
        inside = QVBoxLayout(foot)
        inside.setContentsMargins(16, 13, 14, 12)
        inside.setSpacing(4)
        inside.addLayout(line)
        inside.addWidget(self._rest)
        column.addWidget(foot)
        self._foot = foot

    def choose(self, key: str) -> None:
        """Mark `key` as the page that is shown."""
        self.rows[key].setChecked(True)

    def checking(self, share: float) -> None:
        """Say that the check is on its way."""
        self._shape.put("running", share)
        self._bold.setText(tr("Checking, {share}", share=percent(share, 0)))
        self._rest.setText(tr("Every link, every signature, every sum."))

    def failed(self, words: str) -> None:
        """Say why there is no verdict."""
        self._shape.put("failed")
        self._bold.setText(tr("Not checked"))
        self._rest.setText(words)

    def put(self, found: Overview) -> None:
        """Show what was found."""
        for key, row in self.rows.items():
            row.note(told(found.notes.get(key, "")))
        good, look, wrong = (found.count(one) for one in (Judgement.GOOD, Judgement.LOOK, Judgement.WRONG))
        shapes = {Judgement.GOOD: "done", Judgement.LOOK: "look", Judgement.WRONG: "failed"}
        self._shape.put(shapes[found.worst])
        if wrong:
            self._bold.setText(tr("{wrong} wrong, {look} to look at", wrong=wrong, look=look))
            self._rest.setText(tr("{good} good. Don't rely on it before that is explained.", good=good))
        else:
            self._bold.setText(tr("{good} good, {look} to look at", good=good, look=look))
            self._rest.setText(tr("0 wrong. Nothing was changed or left out, as far as the checks go."))
        self._foot.setAccessibleName(f"{self._bold.text()}. {self._rest.text()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go through the rows, as in the rail of steps."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        rows = list(self.rows.values())
        at = next((number for number, row in enumerate(rows) if row.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        rows[max(0, min(len(rows) - 1, at + step))].setFocus(Qt.FocusReason.TabFocusReason)
