"""Cards, banners, the strip of key figures, the empty state."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.core.section import KeyFigure, Table
from ppdesk.gui.look import CARD_RADIUS, color
from ppdesk.gui.parts.buttons import Button
from ppdesk.gui.parts.states import Shape
from ppdesk.gui.parts.text import Flow, text

# tone of a finding or of words -> (shape, colour role of the bar, soft fill)
TONES: dict[str, tuple[str, str, str]] = {
    "ok": ("done", "ok", "ok_soft"),
    "caution": ("look", "caution", "caution_soft"),
    "risk": ("failed", "risk", "risk_soft"),
    "decide": ("decide", "decide", "decide_soft"),
    "info": ("info", "text3", "sunken"),
    "fixed": ("blocked", "text3", "sunken"),
    "hidden": ("hidden", "text3", "sunken"),
    "running": ("running", "accent", "accent_soft"),
}


class Card(QWidget):
    """A surface with a thin border. Heading at the left, one note at the right. No cards inside."""

    def __init__(
        self, heading: str = "", note: str = "", *, flush: bool = False, control: QWidget | None = None
    ) -> None:
        """`flush` leaves no margin inside, for tables that fill the card. `control` stands at the right of
        the heading."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._column = QVBoxLayout(self)
        margins = (1, 1, 1, 1) if flush else (16, 12, 16, 14)
        self._column.setContentsMargins(*margins)
        self._column.setSpacing(0 if flush else 8)
        if heading or note:
            row = QHBoxLayout()
            row.setContentsMargins(*((15, 11, 15, 9) if flush else (0, 0, 0, 0)))
            row.setSpacing(12)
            title = text(heading, "section", wrap=True)
            row.addWidget(title, 1)
            if note:
                row.addWidget(text(note, "caption"), 0, Qt.AlignmentFlag.AlignVCenter)
            if control is not None:
                row.addWidget(control)
            self._column.addLayout(row)
            self.setAccessibleName(heading)

    def add(self, inside: QWidget | QBoxLayout | QGridLayout, stretch: int = 0) -> None:
        """Put something below what is there."""
        if isinstance(inside, QWidget):
            self._column.addWidget(inside, stretch)
        else:
            self._column.addLayout(inside, stretch)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(color("surface"))
        painter.setPen(QPen(color("line"), 1))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)


class ListCard(Card):
    """Sentences below a heading, each with a dash before it."""

    def __init__(self, table: Table) -> None:
        """`table` has one column."""
        super().__init__(table.title)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for at, (words,) in enumerate(table.rows):
            grid.addWidget(text("\N{EN DASH}", "purpose"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text(words, "purpose", wrap=True), at, 1)
        grid.setColumnStretch(1, 1)
        self.add(grid)
        if table.caption:
            self.add(text(table.caption, "caption", wrap=True))
        self.add(QWidget(), 1)
        self.setAccessibleName(f"{table.title}: {'; '.join(words for (words,) in table.rows)}")


class Banner(QWidget):
    """A remark: bar, soft fill, shape, a bold sentence, then the measured number and the limit."""

    def __init__(self, tone: str, bold: str, words: str = "", link: str = "") -> None:
        super().__init__()
        self._tone = tone
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 8, 14, 8)
        row.setSpacing(10)
        shape = Shape(TONES[tone][0])
        row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        if words and bold and not bold.endswith((".", "?", "!", ":")):
            bold = f"{bold}."  # two sentences, not one
        row.addWidget(Flow(words, bold), 1, Qt.AlignmentFlag.AlignVCenter)
        self.link = Button(link, "link", height=20)
        self.link.setVisible(bool(link))
        row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(f"{bold} {words}".strip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _, bar, soft = TONES[self._tone]
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), CARD_RADIUS, CARD_RADIUS)
        painter.fillPath(path, color(soft))
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, 3, self.height()), color(bar))
        if color("canvas") == color("sunken"):  # high contrast: every surface has a border
            painter.setClipping(False)
            painter.setPen(QPen(color("line"), 1))
            painter.drawPath(path)


class FigureStrip(QWidget):
    """Key figures side by side in one card, parted by lines."""

    def __init__(self, items: Sequence[KeyFigure], columns: int = 5) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        self._columns = max(1, min(columns, len(items)))
        self._rows = -(-len(items) // self._columns)
        for at, item in enumerate(items):
            cell = QVBoxLayout()
            cell.setContentsMargins(16, 11, 12, 11)
            cell.setSpacing(2)
            cell.addWidget(text(item.label, "note", wrap=True))
            cell.addWidget(self._value(item.value))
            if item.note:
                cell.addWidget(text(item.note, "caption", wrap=True))
            cell.addStretch(1)
            grid.addLayout(cell, at // self._columns, at % self._columns)
        for column in range(self._columns):
            grid.setColumnStretch(column, 1)
        self.setAccessibleName(", ".join(f"{item.label}: {item.value} {item.note}" for item in items))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _value(self, value: str) -> QWidget:
        # a word that is longer than a number is set smaller, so that it isn't cut
        letters = len(value)
        if self._columns > 4 and letters > 7:
            letters += 4  # cells are narrow
        return text(value, "figure" if letters <= 9 else "title" if letters <= 12 else "section", wrap=True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(color("surface"))
        painter.setPen(QPen(color("line"), 1))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)
        for column in range(1, self._columns):
            x = round(self.width() * column / self._columns) + 0.5
            painter.drawLine(QPointF(x, 1), QPointF(x, self.height() - 1))
        for row in range(1, self._rows):
            y = round(self.height() * row / self._rows) + 0.5
            painter.drawLine(QPointF(1, y), QPointF(self.width() - 1, y))


class _Dots(QWidget):
    """The mark's idea as a picture: dots become pairs, pairs become one bar. 72 x 44."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(72, 44))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("edge"))
        rows = [(2, [(2, 8), (22, 8), (42, 8), (62, 8)]), (18, [(2, 28), (42, 8), (62, 8)])]
        for top, bars in rows:
            for left, width in bars:
                painter.drawRoundedRect(QRectF(left, top, width, 8), 4, 4)
        painter.setBrush(color("accent"))
        painter.drawRoundedRect(QRectF(2, 34, 68, 8), 4, 4)


class EmptyState(QWidget):
    """Nothing here yet: one bold line, one caption, one button that leads on."""

    asked = Signal()

    def __init__(self, bold: str, words: str, button: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        for part in (_Dots(), text(bold, "strong"), text(words, "caption")):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        if button:
            go = Button(button, "secondary", icon="arrow-right", height=28)
            go.clicked.connect(self.asked)
            column.addSpacing(4)
            column.addWidget(go, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.setAccessibleName(f"{bold} {words}")


class Facts(QWidget):
    """Names at the left, values at the right, one a line."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        for at, (name, value) in enumerate(rows):
            grid.addWidget(text(name, "purpose"), at, 0, Qt.AlignmentFlag.AlignTop)
            said = text(value, "strong", wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(said, at, 1)
        grid.setColumnStretch(1, 1)
