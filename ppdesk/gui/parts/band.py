"""What stands across the top of a page: the band of a read-only project, and notices of the opening."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ppdesk.core.findings import Finding, Level
from ppdesk.gui.icons import draw_icon
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.look import MARGIN, color, font
from ppdesk.gui.parts.buttons import Button, shown_keys
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.words import sentence

_HIGH = 36
_TONES = {Level.BLOCKING: "risk", Level.CAUTION: "caution", Level.INFO: "info"}
_MOST = 2


class Band(QWidget):
    """36 px in swapped colours: nobody takes this window for one that can be worked in."""

    def __init__(self) -> None:
        super().__init__()
        self._bold = self._words = ""
        self.setFixedHeight(_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, bold: str, words: str) -> None:
        """Show why nothing can be changed; empty for a project that is open for work."""
        self._bold, self._words = bold, words
        self.setVisible(bool(bold))
        self.setToolTip(words)
        self.setAccessibleName(f"{bold}. {words}")
        self.update()

    @property
    def said(self) -> str:
        """What it says."""
        return self.accessibleName() if self._bold else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("text"))
        ink = color("surface")
        draw_icon(painter, "eye", QRectF(MARGIN, 10, 16, 16), ink)
        painter.setPen(ink)
        painter.setFont(font("strong"))
        left = MARGIN + 26
        wide = painter.fontMetrics().horizontalAdvance(self._bold)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, wide + 2, _HIGH), middle, self._bold)
        painter.setFont(font("body"))
        room = self.width() - left - wide - 10 - MARGIN
        shown = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(left + wide + 10, 0, room, _HIGH), middle, shown)


class CloseCross(QToolButton):
    """A small cross that puts something away."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFixedSize(24, 24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_icon(QPainter(self), "x", QRectF(4, 4, 16, 16), color("text2"))


class Notices(QWidget):
    """What there was to say when the project was opened. Can be put away; History keeps it."""

    history_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 12, MARGIN, 0)
        self._column.setSpacing(8)
        self.rows: list[QWidget] = []
        self._away_now = False
        self.setAccessibleName(tr("Notices"))
        self.hide()

    def put(self, findings: Sequence[Finding]) -> None:
        """Show `findings`, worst first, at most two; the rest is in History."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        order = [Level.BLOCKING, Level.CAUTION, Level.INFO]
        worst = sorted(findings, key=lambda one: order.index(one.level))
        self.rows = [self._row(one) for one in worst[:_MOST]]
        if len(worst) > _MOST:
            more = Banner(
                "info",
                tr_count("{count} more to look at.", "{count} more to look at.", len(worst) - _MOST),
                link=tr("Show in History"),
            )
            more.link.clicked.connect(self.history_asked)
            self.rows.append(self._closable(more))
        for row in self.rows:
            self._column.addWidget(row)
        self.away(on=self._away_now)

    def away(self, *, on: bool) -> None:
        """Leave the room to a page that says the same."""
        self._away_now = on
        self.setVisible(bool(self.rows) and not on)

    def _row(self, finding: Finding) -> QWidget:
        return self._closable(
            Banner(_TONES[finding.level], sentence(told(finding.title)), told(finding.detail))
        )

    def _closable(self, banner: Banner) -> QWidget:
        around = QWidget()
        cross = CloseCross(tr("Put away: {words}", words=banner.accessibleName()[:60]))
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(banner, 1)
        row.addWidget(cross, 0, Qt.AlignmentFlag.AlignVCenter)
        cross.clicked.connect(lambda: self._away(around))
        return around

    def _away(self, row: QWidget) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()
        self.away(on=self._away_now)


class RailLink(Button):
    """A row at the foot of the rail that leads to a page which is no step."""

    def __init__(self, words: str, icon: str, keys: str = "") -> None:
        super().__init__(words, "ghost", icon=icon, height=36)
        self._note, self._here, self._keys_tip = "", False, shown_keys(keys)
        self.setToolTip(f"{words} ({self._keys_tip})" if keys else words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def note(self, words: str, *, here: bool) -> None:
        """The word at the right, and whether its page is the one shown."""
        self._note, self._here = words, here
        self.setAccessibleName(f"{self._words}, {words}" if words else self._words)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper = "accent_soft" if self._here else "hover" if self.underMouse() else ""
        if paper:
            painter.fillRect(self.rect(), color(paper))
        if self._here:
            painter.fillRect(QRectF(0, 0, 3, self.height()), color("accent"))
        ink = color("text" if self._here else "text2")
        draw_icon(painter, self._icon, QRectF(16, 10, 16, 16), ink)
        painter.setPen(ink)
        painter.setFont(font("strong" if self._here else "body"))
        painter.drawText(QRectF(41, 0, self.width() - 41, 36), Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.setPen(color("text3"))
        painter.setFont(font("caption"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, 0, self.width() - 15, 36), right, self._note)
