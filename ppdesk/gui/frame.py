"""What surrounds a page: top bar, budget card, step header, action bar, status and job bar."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenuBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ppdesk.core.wording import percent
from ppdesk.gui.find_field import FindField
from ppdesk.gui.icons import Icon, Mark
from ppdesk.gui.language import tr
from ppdesk.gui.look import ACTION_BAR, MARGIN, STATUS_BAR, TOP_BAR, font
from ppdesk.gui.parts.buttons import Button, shown_keys
from ppdesk.gui.parts.gauges import BudgetGauge, ProgressBar
from ppdesk.gui.parts.layouts import insert_in_order
from ppdesk.gui.parts.states import Chip, ChipView, Shape
from ppdesk.gui.parts.text import Elided, text


def plain(role: str, edge: str = "") -> QWidget:
    """A surface of its own colour, with a line at one edge."""
    made = QWidget()
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    made.setProperty("role", role)
    if edge:
        made.setProperty("edge", edge)
    return made


_LEAST = 220  # px of the button that runs a step, however long its words are


class TopBar(QWidget):
    """44 px: mark, menus, project name in the middle, find, lock."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "sunken")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(TOP_BAR)
        self.menus = QMenuBar()
        self.menus.setNativeMenuBar(False)
        self.menus.setAccessibleName(tr("Menus"))
        for overflow in self.menus.findChildren(QToolButton):
            overflow.setAccessibleName(tr("More menus"))
        self.menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name, self._note = text("", "strong"), text("", "caption")
        self._file = Icon("file-lock", 16)
        self.finder = FindField()
        self.lock = Button(tr("Lock"), "ghost", icon="lock")
        self.lock.setToolTip(
            tr("Close the file and forget the keys ({shortcut})", shortcut=shown_keys("Ctrl L"))
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 1)
        row.setSpacing(8)
        row.addWidget(Mark(22))
        row.addSpacing(4)
        row.addWidget(self.menus)
        row.addStretch(1)
        for part in (self._file, self._name, self._note):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.finder)
        row.addSpacing(4)
        row.addWidget(self.lock)
        self.show_project("", "")

    def show_project(self, name: str, note: str, *, icon: str = "file-lock") -> None:
        """The open project; empty for none."""
        self._file.put(icon)
        self._name.setText(name)
        self._note.setText(note)
        for part in (self._file, self._name, self._note, self.lock):
            part.setVisible(bool(name))


class BudgetCard(QWidget):
    """At the foot of the rail: spent, planned, limit. `asked` opens the ledger."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "sunken")
        self.setProperty("edge", "top")
        self.setFixedHeight(87)
        self._gauge = BudgetGauge()
        self._spent, self._limit = Elided("", own_width=True), text("", "caption")
        ledger = Button(tr("Ledger"), "link", height=20)
        ledger.setAccessibleName(tr("Privacy budget: open the ledger"))
        ledger.clicked.connect(self.asked)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(Elided(tr("Privacy budget"), "strong", own_width=True))
        head.addStretch(1)
        head.addWidget(ledger)
        foot.addWidget(self._spent)
        foot.addStretch(1)
        foot.addWidget(self._limit)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 11, 16, 12)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self._gauge)
        column.addLayout(foot)

    def put(self, spent: float, planned: float, limit: float | None, elsewhere: float = 0.0) -> None:
        """All in epsilon; `limit` None while no standard is set. `spent` has `elsewhere` in it, what other
        projects spent on the same data."""
        self._gauge.put(spent, planned, limit or 0.0)
        if planned:
            words = tr("ε {spent:.2f} spent, {planned:.2f} planned", spent=spent, planned=planned)
        elif elsewhere:
            words = tr("ε {spent:.2f} spent ({elsewhere:.2f} elsewhere)", spent=spent, elsewhere=elsewhere)
        else:
            words = tr("ε {spent:.2f} spent", spent=spent)
        self._spent.put(words)
        self._limit.setText(tr("no limit yet") if limit is None else tr("limit {limit:.2f}", limit=limit))


class StepHeader(QWidget):
    """Caption, title with one chip, purpose; at the right help."""

    help_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._caption, self._title = text("", "caption"), text("", "title")
        self._purpose = text("", "purpose", wrap=True)
        self._chip = ChipView()
        self.help = Button(tr("Help"), "ghost", icon="circle-help", keys="F1")
        self.help.clicked.connect(self.help_asked)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._title)
        line.addWidget(self._chip)
        line.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._caption)
        words.addLayout(line)
        words.addWidget(self._purpose)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 14, MARGIN, 12)
        row.addLayout(words, 1)
        row.addWidget(self.help, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row = row

    def add_action(self, button: Button) -> None:
        """One more ghost button at the right, before Help."""
        insert_in_order(self._row, self._row.count() - 1, button)

    def put(self, caption: str, title: str, purpose: str) -> None:
        self._caption.setText(caption)
        self._title.setText(title)
        self._purpose.setText(purpose)

    def put_chip(self, chip: Chip | None, share: float = 0.0) -> None:
        self._chip.setVisible(chip is not None)
        if chip is not None:
            self._chip.put(chip, share)


class _Cost(QWidget):
    """One consequence in the action bar: icon, caption, value."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._icon = Icon("shield", 18)
        self._caption, self._value = Elided(""), Elided("", "strong")
        for part in (self._caption, self._value):  # the wider one of both says how wide it is
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.setContentsMargins(0, 0, 0, 0)
        words.addStretch(1)
        words.addWidget(self._caption)
        words.addWidget(self._value)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words)

    def put(self, icon: str, caption: str, value: str) -> None:
        self._icon.put(icon)
        self._caption.put(caption)
        self._value.put(value)
        self.setAccessibleName(f"{caption}: {value}")
        self.setVisible(bool(value))
        self.updateGeometry()


class ActionBar(QWidget):
    """56 px: up to three consequences at the left; at the right at most one secondary and one primary."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "surface")
        self.setProperty("edge", "top")
        self.setFixedHeight(ACTION_BAR)
        self.primary = Button(tr("Run"), "primary", icon="play", keys="Ctrl ⏎")
        self.secondary = Button(tr("Run again"), "secondary", icon="rotate-ccw")
        self._costs = [_Cost() for _ in range(3)]
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 1, MARGIN, 0)
        row.setSpacing(28)
        for cost in self._costs:
            row.addWidget(cost)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.secondary.may_shrink()
        self.primary.may_shrink(_LEAST)
        buttons.addWidget(self.secondary)
        self._buttons = buttons
        buttons.addWidget(self.primary)
        row.addLayout(buttons)

    def add_before(self, button: Button) -> None:
        """One more button, left of the others."""
        insert_in_order(self._buttons, 0, button)

    def put_costs(self, costs: Sequence[tuple[str, str, str]]) -> None:
        """Each is (icon, caption, value)."""
        for at, place in enumerate(self._costs):
            place.put(*(costs[at] if at < len(costs) else ("shield", "", "")))


class StatusBar(QWidget):
    """32 px: the job at the left; at the right offline state, history state, person."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "sunken")
        self.setProperty("edge", "top")
        self.setFixedHeight(STATUS_BAR)
        self._ring, self._bar = Shape("running"), ProgressBar()
        self._job, self._share, self._note = text("", "note"), text("", "caption"), text("", "caption")
        self._job.setFont(font("head"))
        self._idle = text(tr("No job running"), "caption")
        self.cancel = Button(tr("Cancel"), "link", height=20)
        self.cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 1, 14, 0)
        row.setSpacing(10)
        self._parts = (self._ring, self._job, self._bar, self._share, self._note, self.cancel)
        for part in (self._idle, *self._parts):
            row.addWidget(part)
        row.addStretch(1)
        self._offline = self._pair(row, "shield-check")
        self._history = self._pair(row, "link")
        self._key = self._pair(row, "key-round")
        self._person = self._pair(row, "user")
        self.show_job("")

    def _pair(self, row: QHBoxLayout, icon: str) -> tuple[Icon, QLabel]:
        picture, words = Icon(icon, 14, "text3"), text("", "note")
        pair = QHBoxLayout()
        pair.setSpacing(6)
        pair.addWidget(picture)
        pair.addWidget(words)
        row.addSpacing(8)
        row.addLayout(pair)
        return picture, words

    def show_idle(self, words: str) -> None:
        self._idle.setText(words)

    def show_job(self, name: str, share: float = 0.0, note: str = "") -> None:
        """The job that runs; empty for none."""
        for part in self._parts:
            part.setVisible(bool(name))
        self._idle.setVisible(not name)
        self._job.setText(name)
        self._ring.put("running", share)
        self._bar.put(share)
        self._share.setText(percent(share, 0))
        self._note.setText(note)

    def show_standing(self, *, offline: str, history: str, signer: str, person: str) -> None:
        """What holds now; empty parts are left out."""
        for (picture, words), said in (
            (self._offline, offline),
            (self._history, history),
            (self._key, signer),
            (self._person, person),
        ):
            words.setText(said)
            picture.setVisible(bool(said))
            words.setVisible(bool(said))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note.setMaximumWidth(max(80, self.width() - 900))
