"""The start screen: four actions, recent projects with their state in words, a place to drop a file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QPoint, QPointF, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.gui.desk import Recent
from ppdesk.gui.icons import Mark, draw_icon
from ppdesk.gui.language import language, told, tr
from ppdesk.gui.look import CARD_RADIUS, color, font
from ppdesk.gui.parts.buttons import Button, draw_key_cap, key_cap_width, shown_keys
from ppdesk.gui.parts.cards import Banner
from ppdesk.gui.parts.hovering import HoveringButton
from ppdesk.gui.parts.layouts import emptied
from ppdesk.gui.parts.menus import LINE, Entry, show_menu
from ppdesk.gui.parts.states import Chip
from ppdesk.gui.parts.text import text
from ppdesk.policy.machine import Policy

_ACTIONS = (
    ("new", "New project", "An encrypted file; you choose the passphrase", "file-plus", "Ctrl N"),
    ("open", "Open project", "A .ppdesk file or an auditor's copy", "folder-open", "Ctrl O"),
    ("sample", "Try the sample", "Adult census, 30,162 rows, all seven stages", "table-2", ""),
    ("verify", "Verify a report", "Check a signed PDF, no passphrase needed", "shield-check", "Ctrl R"),
)
_ROW, _HEAD = 55, 29
_VCENTER = Qt.AlignmentFlag.AlignVCenter


class ActionCard(HoveringButton):
    """One of the four actions."""

    def __init__(self, words: str, note: str, icon: str, keys: str) -> None:
        super().__init__()
        self._words, self._note, self._icon, self._keys = words, note, icon, shown_keys(keys)
        self.setAccessibleName(words)
        self.setAccessibleDescription(note)
        self.setToolTip(note)
        self.setFixedHeight(62)
        self.setMinimumWidth(330)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(392, 62)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isEnabled()
        fill = "pressed" if self.isDown() else "hover" if self.underMouse() else "surface"
        fill = fill if on else "canvas"
        painter.setBrush(color(fill))
        painter.setPen(QPen(color("line"), 1))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)
        draw_icon(painter, self._icon, QRectF(15, 20, 22, 22), color("accent" if on else "disabled"))
        painter.setFont(font("strong"))
        painter.setPen(color("text" if on else "disabled"))
        room = self.width() - 51 - 15 - key_cap_width(self._keys) - 12 * bool(self._keys)
        painter.drawText(QRectF(51, 12, room, 20), _VCENTER, _elided(painter, self._words, room))
        painter.setFont(font("caption"))
        painter.setPen(color("text3" if on else "disabled"))
        painter.drawText(QRectF(51, 32, room, 18), _VCENTER, _elided(painter, self._note, room))
        if self._keys:
            draw_key_cap(painter, self._keys, QPointF(self.width() - 15, 31), color("text3"), color("line"))


def _elided(painter: QPainter, words: str, room: float) -> str:
    return QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, int(room))


class _RecentRow(HoveringButton):
    """A project that was open here."""

    remove_asked = Signal()

    def __init__(self, project: Recent, *, last: bool) -> None:
        super().__init__()
        self._project, self._last = project, last
        self._there = Path(project.path).exists()
        chip = self.chip()
        self.setAccessibleName(
            tr("Open {name}: {stands}, {word}", name=project.name, stands=project.stands, word=chip.word)
        )
        self.setToolTip(project.path)
        self.setFixedHeight(_ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def entries(self, opened: Callable[[], object], forgotten: Callable[[], object]) -> list[Entry]:
        """What the context menu of the row says."""
        gone = "" if self._there else tr("The file is not where it was")
        folder = Path(self._project.path).parent
        return [
            Entry(tr("Open"), opened, "", gone),
            Entry(
                tr("Show in folder"),
                lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))),
                "",
                "" if folder.is_dir() else tr("The folder is not there"),
            ),
            Entry(tr("Copy path"), lambda: QGuiApplication.clipboard().setText(self._project.path)),
            LINE,
            Entry(tr("Remove from the list"), forgotten, "Del"),
        ]

    def chip(self) -> Chip:
        if not self._there:
            return Chip("failed", tr("Not found"))
        return Chip(self._project.state, self._project.word)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        if event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide = self.width()
        if self.underMouse() or self.isDown():
            painter.fillRect(self.rect(), color("hover"))
        if not self._last:
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(0, _ROW - 1, wide, _ROW - 1)
        picture = "eye" if self._project.word == "Read-only" else "file-lock"
        draw_icon(
            painter, picture, QRectF(13, 18, 18, 18), color("text2" if self.isEnabled() else "disabled")
        )
        stand, state = _columns(wide)
        folder = Path(self._project.path).parent.name or "/"
        self._two(painter, 44, stand - 52, self._project.name, folder, bold=True)
        missing = tr("The file is not where it was")
        stands = self._project.stands if self._there else missing
        self._two(painter, stand, state - stand - 8, stands, _when(self._project.seen))
        chip = self.chip()
        chip.draw(painter, QRectF(state, 17, chip.width(), 22))
        spent, limit = self._project.spent, self._project.limit
        right = Qt.AlignmentFlag.AlignRight | _VCENTER
        painter.setFont(font("body"))
        painter.setPen(color("text" if spent is not None else "text3"))
        place = QRectF(wide - 120, 9, 107, 20)
        painter.drawText(place, right, tr("ε {spent:.2f}", spent=spent) if spent is not None else tr("none"))
        if limit is not None:
            painter.setFont(font("caption"))
            painter.setPen(color("text3"))
            painter.drawText(QRectF(wide - 120, 28, 107, 18), right, tr("of {limit:.2f}", limit=limit))

    def _two(
        self, painter: QPainter, x: float, room: float, above: str, below: str, *, bold: bool = False
    ) -> None:
        painter.setFont(font("strong" if bold else "body"))
        painter.setPen(color("text" if self.isEnabled() else "disabled"))
        shown = _elided(painter, above, room)
        painter.drawText(QRectF(x, 9, room, 20), _VCENTER, shown)
        painter.setFont(font("caption"))
        painter.setPen(color("text3"))
        shown = _elided(painter, below, room)
        painter.drawText(QRectF(x, 28, room, 18), _VCENTER, shown)


def _columns(wide: int) -> tuple[int, int]:
    """Where "Where it stands" and "State" begin."""
    return round(wide * 0.35), round(wide * 0.70)


def _when(moment: str) -> str:
    """A past moment in words."""
    try:
        then = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return ""
    days = (datetime.now(UTC).astimezone().date() - then.date()).days
    if days == 0:
        return tr("Today, {time}", time=f"{then:%H:%M}")
    return (
        tr("Yesterday")
        if days == 1
        else QLocale(language().value).toString(QDate(then.year, then.month, then.day), "d MMM yyyy")
    )


class RecentList(QWidget):
    """The recent projects as a table of rows that can be opened."""

    asked = Signal(str)
    forgotten = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, _HEAD + 1, 1, 1)
        self._column.setSpacing(0)
        self.rows: list[_RecentRow] = []
        self.setAccessibleName(tr("Recent projects"))
        self.setMinimumWidth(560)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def put(self, projects: list[Recent]) -> None:
        emptied(self._column)
        self.rows = []
        for project in projects:
            row = _RecentRow(project, last=project is projects[-1])
            row.clicked.connect(lambda _on=False, path=project.path: self.asked.emit(path))
            row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            row.customContextMenuRequested.connect(lambda at, row=row: self._menu(row, row.mapToGlobal(at)))
            row.remove_asked.connect(lambda path=project.path: self.forgotten.emit(path))
            self._column.addWidget(row)
            self.rows.append(row)
        if not projects:
            none = text(tr("Projects that you open appear here, with where they stand."), "caption")
            none.setFixedHeight(_ROW)
            none.setContentsMargins(43, 0, 0, 0)
            self._column.addWidget(none)

    def _menu(self, row: _RecentRow, at: QPoint) -> None:
        show_menu(self, row.entries(row.click, row.remove_asked.emit), tr("Project"), at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(color("line"), 1))
        painter.setBrush(color("surface"))
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)
        painter.save()
        painter.setClipRect(QRectF(0, 0, self.width(), _HEAD))
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)
        painter.restore()
        painter.drawLine(1, _HEAD, self.width() - 1, _HEAD)
        painter.setFont(font("head"))
        painter.setPen(color("text2"))
        stand, state = _columns(self.width() - 2)
        for x, words in ((45, tr("Project")), (stand + 1, tr("Where it stands")), (state + 1, tr("State"))):
            painter.drawText(QRectF(x, 0, 200, _HEAD), _VCENTER, words)
        right = Qt.AlignmentFlag.AlignRight | _VCENTER
        painter.drawText(QRectF(self.width() - 214, 0, 200, _HEAD), right, tr("Budget spent"))


class DropArea(QWidget):
    """Where a project or a signed PDF can be dropped."""

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(50)
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Drop a project or a signed PDF here"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.dropped.emit(paths[0])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(color("edge"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)
        draw_icon(painter, "download", QRectF(15, 16, 18, 18), color("text2"))
        painter.setPen(color("text2"))
        painter.setFont(font("body"))
        place = QRectF(45, 0, self.width() - 60, self.height())
        painter.drawText(place, _VCENTER, tr("Drop a project, a signed PDF or a data file here."))


class StartScreen(QWidget):
    """What a person sees first."""

    asked = Signal(str)  # new, open, sample, verify
    open_asked = Signal(str)  # a path
    cleared = Signal()
    forgotten = Signal(str)  # the path of a project that goes off the list

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, ActionCard] = {}
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(self._brand())
        left.addSpacing(18)
        for key, words, note, icon, keys in _ACTIONS:
            card = ActionCard(told(words), told(note), icon, keys)
            card.clicked.connect(lambda _on=False, key=key: self.asked.emit(key))
            self.cards[key] = card
            left.addWidget(card)
        left.addStretch(1)
        self.recent = RecentList()
        self.recent.asked.connect(self.open_asked)
        self.recent.forgotten.connect(self.forgotten)
        self._clear = Button(tr("Clear list"), "link", height=24)
        self._clear.clicked.connect(self.cleared)
        head = QHBoxLayout()
        head.addWidget(text(tr("Recent projects"), "section"))
        head.addStretch(1)
        head.addWidget(self._clear)
        drop = DropArea()
        drop.dropped.connect(self.open_asked)
        right = self._right(head, drop)
        whole = QWidget()
        whole.setMaximumWidth(1136)
        grid = QGridLayout(whole)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(40)
        grid.addLayout(left, 0, 0)
        grid.addLayout(right, 0, 1)
        grid.setColumnStretch(0, 392)
        grid.setColumnStretch(1, 704)
        self._around = around = QGridLayout(self)
        around.setContentsMargins(32, 0, 32, 0)
        around.addWidget(whole, 1, 1)
        around.setRowStretch(0, 28)
        around.setRowStretch(1, 0)
        around.setRowStretch(2, 72)
        around.setColumnStretch(1, 100)
        around.setColumnMinimumWidth(0, 0)

    def _right(self, head: QHBoxLayout, drop: DropArea) -> QVBoxLayout:
        self._problem = QVBoxLayout()
        self._problem.setContentsMargins(0, 0, 0, 0)
        self._policy = text("", "caption", wrap=True)
        self._policy.hide()
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addSpacing(4)
        right.addLayout(self._problem)
        right.addLayout(head)
        right.addWidget(self.recent)
        right.addWidget(drop)
        right.addWidget(self._policy)
        right.addStretch(1)
        return right

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]  # passed on as it came
        side = max(32, (self.width() - 1136) // 2)
        self._around.setContentsMargins(side, 0, side, 0)

    def _brand(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(Mark(52))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(text("ppdesk", "display"))
        words.addWidget(text(tr("Release data and models, not people."), "purpose"))
        row.addLayout(words)
        row.addStretch(1)
        return row

    def put(self, projects: list[Recent]) -> None:
        """Show the recent projects."""
        self.recent.put(projects)
        self._clear.setVisible(bool(projects))

    def show_problem(self, error: CodedError) -> None:
        """The policy of this computer cannot be used: no project can be made or opened."""
        emptied(self._problem)
        self._problem.addWidget(
            Banner(
                "risk",
                error.message,
                tr(
                    "{advice} Reports can be verified. ({error_code})",
                    advice=error.advice,
                    error_code=error.error_code,
                ),
            )
        )
        for key in ("new", "open", "sample"):
            self.cards[key].setEnabled(False)
            self.cards[key].setToolTip(error.message)
        self.recent.setEnabled(False)
        self._policy.hide()

    def show_policy(self, policy: Policy) -> None:
        """Say which policy holds here, if one does."""
        self._policy.setText(
            tr("Policy of this computer: {title}. See Help, Machine policy.", title=policy.rules.title)
        )
        self._policy.setVisible(policy.in_force)
