"""Undo and redo of what stands in the forms. What went on record or was spent is never undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from ppdesk.gui.editors import WrongValueError

if TYPE_CHECKING:
    from ppdesk.gui.pages.step import StepPage
    from ppdesk.gui.project import Project

Values = dict[str, Any]
_PAUSE = 350  # ms from the last key to a state worth going back to
_MOST = 100  # states of one form


@dataclass
class Trail:
    """What one form held: before, now, and what was undone."""

    now: Values
    past: list[Values] = field(default_factory=list)
    future: list[Values] = field(default_factory=list)

    def note(self, values: Values) -> None:
        """The form holds `values` now. Taking the last change back by hand is an undo, too."""
        if values == self.now:
            return
        if self.past and values == self.past[-1]:
            self.future.append(self.now)
            self.now = self.past.pop()
            return
        self.past = [*self.past, self.now][-_MOST:]
        self.now = values
        self.future.clear()

    def back(self) -> Values:
        """One state back; there must be one."""
        self.future.append(self.now)
        self.now = self.past.pop()
        return self.now

    def on(self) -> Values:
        """One state on; there must be one."""
        self.past.append(self.now)
        self.now = self.future.pop()
        return self.now


class Undoing(QObject):
    """Follows the forms of the open project, each by itself. `changed`: what can be undone is another."""

    changed = Signal()

    def __init__(self, window: QWidget, project: "Project", page: "Callable[[], StepPage | None]") -> None:
        """`page` tells which step's page is shown."""
        super().__init__(window)
        self._project, self._page = project, page
        self._trails: dict[str, Trail] = {}
        self._putting = False
        self._watched: QWidget | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._note_shown)
        project.closed.connect(self._forget)
        project.offering.connect(self._offered)
        project.run_started.connect(lambda _key: self.changed.emit())
        project.changed.connect(lambda _snapshot: self.changed.emit())
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a widget needs one
        app.focusChanged.connect(self._focus_moved)

    def watch(self, page: "StepPage") -> None:
        """A page was made: follow its form. What it shows first is no change."""
        trail, values = self._trails.get(page.key), _held(page)[0]
        if trail is None:
            self._trails[page.key] = Trail(values)
        else:
            trail.now = values
        page.form.changed.connect(self._edited)

    def note(self, page: "StepPage") -> None:
        """Take down what the form of `page` holds; one that could be used and cannot now is waited for."""
        values, wrong = _held(page)
        trail = self._trails.setdefault(page.key, Trail(values))
        if not wrong & trail.now.keys():
            trail.note(values)
        self.changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether the form that is shown can go back."""
        trail = self._trail()
        return trail is not None and (bool(trail.past) or self._soon.isActive())

    @property
    def can_redo(self) -> bool:
        """Whether the form that is shown can go on again."""
        trail = self._trail()
        return trail is not None and bool(trail.future)

    def undo(self) -> None:
        """The form that is shown holds what it held before the last change."""
        self._note_pending()
        trail = self._trail()
        if trail is not None and trail.past:
            self._put(trail.back())

    def redo(self) -> None:
        """What was undone last is done again."""
        self._note_pending()
        trail = self._trail()
        if trail is not None and trail.future:
            self._put(trail.on())

    def _trail(self) -> Trail | None:
        page, snapshot = self._page(), self._project.snapshot
        if page is None or snapshot is None or snapshot.read_only or self._project.running == page.key:
            return None
        return self._trails.get(page.key)

    def _put(self, values: Mapping[str, Any]) -> None:
        page = self._page()
        assert page is not None  # noqa: S101  it has a trail
        self._putting = True
        page.fill(values)
        page.form.changed.emit()
        self._putting = False
        self.changed.emit()

    def _edited(self) -> None:
        if not self._putting:
            self._soon.start()
            self.changed.emit()

    def _note_shown(self) -> None:
        page = self._page()
        if page is not None:
            self.note(page)

    def _note_pending(self) -> None:
        if self._soon.isActive():
            self._soon.stop()
            self._note_shown()

    def _offered(self, key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Another page puts something into the form of `key`: that can be taken back there."""
        trail = self._trails.setdefault(key, Trail(dict(before)))
        trail.note(dict(after))
        self.changed.emit()

    def _forget(self) -> None:
        self._soon.stop()
        self._trails.clear()
        self.changed.emit()

    # a field has an undo of its own, which goes first; the form's begins where it ends

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now if isinstance(now, QLineEdit | QPlainTextEdit) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys through to the menu where the field has nothing to undo."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        undo = event.matches(QKeySequence.StandardKey.Undo)
        if not undo and not event.matches(QKeySequence.StandardKey.Redo):
            return False
        if isinstance(watched, QLineEdit):
            own = watched.isUndoAvailable() if undo else watched.isRedoAvailable()
        elif isinstance(watched, QPlainTextEdit):
            document = watched.document()
            own = document.isUndoAvailable() if undo else document.isRedoAvailable()
        else:
            return False
        if not own:
            event.ignore()
        return not own


def _held(page: "StepPage") -> tuple[Values, set[str]]:
    """What the form of a page holds, and the names of the fields that cannot be used."""
    values: Values = {}
    wrong: set[str] = set()
    for name, row in page.form.rows.items():
        try:
            value = row.editor.value()
        except WrongValueError:
            wrong.add(name)
            continue
        if value is not None:
            values[name] = value
    return values, wrong
