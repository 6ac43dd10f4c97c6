"""Locks the project when nobody works with it for a while, and when the desktop is locked.

A minute before, a dialog says so; who locks from there is asked whether to sign. What nobody answered is
closed unsigned, as everything is on record already. A run that is on goes on to its end first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr, tr_count

if TYPE_CHECKING:
    from ppdesk.gui.desk import Desk
    from ppdesk.gui.project import Project

SETTING = "lock_minutes"  # in window.json; "0" for never
DEFAULT = 15
CHOICES = (0, 5, 10, 15, 30, 60)
WARNING = 60  # seconds before it locks
_INPUTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


def minutes(desk: "Desk", most: int | None) -> int:
    """After how many minutes it locks, 0 for never: what the person chose, at most what the policy says."""
    kept = desk.get(SETTING, str(DEFAULT))
    own = int(kept) if kept.isdecimal() and int(kept) <= 24 * 60 else DEFAULT
    if most is None:
        return own
    return min(own, most) if own else most


class LockingDialog(Dialog):
    """Says that the project is about to be locked."""

    def __init__(self, parent: QWidget, after: int) -> None:
        super().__init__(
            parent,
            tr("Locking in a minute"),
            tr_count(
                "Nobody used this window for {count} minute. The project is closed and its keys are "
                "forgotten; "
                "everything is on record.",
                "Nobody used this window for {count} minutes. The project is closed and its keys are "
                "forgotten; "
                "everything is on record.",
                after,
            ),
            verb=tr("Lock now"),
        )
        self.accept_button.setDefault(False)
        self.cancel.say(tr("Stay"))
        self.cancel.setFocus()


class AutoLock(QObject):
    """Watches whether somebody works. `locked`: the project was closed by itself, and why."""

    locked = Signal(str)

    def __init__(
        self,
        window: QWidget,
        project: "Project",
        desk: "Desk",
        ask: Callable[[], object],
        audited: Callable[[], bool] = lambda: False,
    ) -> None:
        """`ask` locks as the menu does, and asks whether to sign; `audited` tells whether an auditor has a
        file open without a session."""
        super().__init__(window)
        self._window, self._project, self._desk, self._ask = window, project, desk, ask
        self._audited = audited
        self.dialog: LockingDialog | None = None
        self._waiting = ""  # why it locks once the run that is on has ended
        self._bound = False  # whether it does so although somebody came back: the desktop was locked
        self._watched: list[QWindow] = []
        self._idle, self._last = QTimer(self), QTimer(self)
        for timer, call in ((self._idle, self._warn), (self._last, self._lock_idle)):
            timer.setSingleShot(True)
            timer.timeout.connect(call)
        self._last.setInterval(WARNING * 1000)
        project.opened.connect(self.begin)
        project.closed.connect(self._stop)
        project.policy_known.connect(lambda _policy: self.begin())
        project.run_ended.connect(lambda *_: self._run_over())
        project.run_failed.connect(lambda *_: self._run_over())
        app = QApplication.instance()
        assert isinstance(app, QGuiApplication)  # noqa: S101  a widget needs one
        app.focusWindowChanged.connect(self._watch)

    @property
    def after(self) -> int:
        """Minutes until it locks; 0 for never."""
        return minutes(self._desk, self._project.policy.rules.desktop.lock_minutes)

    @property
    def _open(self) -> bool:
        return self._project.snapshot is not None or self._audited()

    def begin(self) -> None:
        """Count from now on, with the minutes that hold now."""
        if not self._bound:
            self._waiting = ""
        self._last.stop()
        if self.after and self._open:
            self._idle.start(max(1, self.after * 60 - WARNING) * 1000)
        else:
            self._idle.stop()

    def lock_now(self, why: str) -> None:
        """Close the project without a question; once the run that is on has ended, where there is one."""
        if not self._open:
            return
        if self._project.running:
            self._waiting = why
            return
        for dialog in self._window.findChildren(Dialog):
            dialog.reject()  # nothing of the project stays on the screen
        self.locked.emit(why)
        self._project.close()

    def desktop_locked(self) -> None:
        """The desktop was locked or goes to sleep."""
        self._bound = bool(self._project.running)
        self.lock_now(tr("Locked with the desktop"))

    def _watch(self, window: QWindow | None) -> None:
        """One of the program's windows has the keys now."""
        self._watched = [one for one in self._watched if isValid(one)]
        if window is not None and window not in self._watched:
            window.installEventFilter(self)
            self._watched.append(window)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUTS and (self._idle.isActive() or self._last.isActive() or self._waiting):
            self._somebody()
        return False

    def _somebody(self) -> None:
        if self.dialog is None:
            self.begin()

    def _warn(self) -> None:
        if self._project.running:
            self._waiting = self._words()
            return
        self._last.start()
        self.dialog = LockingDialog(self._window, self.after)
        self.dialog.accepted.connect(self._ask)
        self.dialog.finished.connect(self._answered)
        self.dialog.open()

    def _answered(self) -> None:
        self.dialog = None
        if self._open:
            self.begin()

    def _lock_idle(self) -> None:
        self.lock_now(self._words())

    def _words(self) -> str:
        return tr_count("Locked after {count} minute", "Locked after {count} minutes", self.after)

    def _run_over(self) -> None:
        if self._waiting:
            # the snapshot of the run follows; then nothing is on its way
            QTimer.singleShot(0, self, lambda: self.lock_now(self._waiting))

    def _stop(self) -> None:
        self._waiting, self._bound = "", False
        self._idle.stop()
        self._last.stop()
