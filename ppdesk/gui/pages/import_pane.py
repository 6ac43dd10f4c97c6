"""The page of Import: the form, and what is found in a file once it is chosen. Nothing runs by itself."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.core.artifacts import Kind
from ppdesk.core.errors import CodedError
from ppdesk.gui.editors import WrongValueError
from ppdesk.gui.form import Form
from ppdesk.gui.pages.import_found import FoundView
from ppdesk.gui.pages.pane import Pane
from ppdesk.gui.snapshot import Snapshot
from ppdesk.workflow.navigation import Place

if TYPE_CHECKING:
    from ppdesk.workflow.data.import_detect import Detection

_FILES = ("table", "more_files")
# what decides how the files are read, besides the files
_READING = (
    "format", "sheet", "widths", "value_labels", "delimiter", "encoding", "header", "quoting", "null_tokens",
    "find_null_tokens", "decimal", "combine", "keys", "join",
)  # fmt: skip


class ImportStep(Pane):
    """What was found in the files, beside what the form says; and the way to the rows."""

    rows = Kind.TABLE

    def make_form(self) -> Form:
        self._fields = Form(self.step.Params)
        self._labels = {name: row.spec.label for name, row in self._fields.rows.items()}
        self._asked: dict[str, Any] | None = None
        self._found: Detection | None = None
        self._shown: tuple[int, dict[str, Any]] | None = None  # what was found, and the form beside it
        self._waiting = self._read_only = False
        return self._fields

    def above(self) -> QWidget:
        self.view = FoundView()
        self.view.change_asked.connect(self._fields.reveal)
        self.view.use_asked.connect(self._use)
        return self.view

    def show_project(self, snapshot: Snapshot, place: Place) -> None:
        super().show_project(snapshot, place)
        self._read_only = snapshot.read_only

    def edited(self, _values: Mapping[str, Any] | None, *, done: bool) -> None:
        """Look into the files anew where that makes a difference."""
        asked = None if done or self._read_only or self.project.running == self.step.key else self._question()
        if asked is None:
            self._asked, self._found, self._waiting = None, None, False
            self._clear()
        elif asked != self._asked:
            if self._asked is None or asked["table"] != self._asked["table"]:
                self._clear()  # what is shown is of another file
            self._asked, self._found, self._waiting = asked, None, True
            self._shown = None
            QTimer.singleShot(400, self, lambda: self._still_looking(asked))
            self.project.questions.detect(asked, self._answered, self._failed)
        elif self._found is not None:
            self._show(self._found)

    def _question(self) -> dict[str, Any] | None:
        """The files, and the settings that a person made; what only holds by default is to be found out."""
        values = {name: self._value(name) for name in (*_FILES, *_READING) if name in self._fields.rows}
        if not values.get("table"):
            return None
        return {
            name: value
            for name, value in values.items()
            if value is not None and (name == "table" or value != self._default(name))
        }

    def _value(self, name: str) -> Any:
        try:
            return self._fields.rows[name].editor.value()
        except WrongValueError:
            return None

    def _default(self, name: str) -> Any:
        default = self._fields.rows[name].spec.default
        if isinstance(default, Enum):
            return default.value
        return list(default) if isinstance(default, tuple) else default

    def _still_looking(self, asked: Mapping[str, Any]) -> None:
        if not isValid(self.view):
            return  # the page is gone
        if asked == self._asked and self._waiting and not self.view.isVisible():
            self.view.say_looking(str(asked["table"]).replace("\\", "/").rpartition("/")[2])

    def _answered(self, found: "Detection | None") -> None:
        self._waiting = False
        if found is not None:
            self._show(found)
        else:  # a run stopped it: ask anew when the page is looked at next
            self._asked = None
            self._clear()

    def _show(self, found: "Detection") -> None:
        self._found = found
        form = {name: self._value(name) for name in _READING if name in self._labels}
        if self._shown != (id(found), form):
            self._shown = (id(found), form)
            self.view.put(found, form, self._labels)
        self.covers.emit(True)

    def _failed(self, error: CodedError) -> None:
        self._waiting = False
        self._clear()
        if type(error).__name__ != "MissingSourceError":  # while a name is typed there is no such file yet
            self.view.say_error(error)

    def _clear(self) -> None:
        self._shown = None
        self.view.clear()
        self.covers.emit(False)

    def _use(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            self._fields.rows[name].editor.put(value)
        self._fields.changed.emit()
