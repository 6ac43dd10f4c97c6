"""One operation of Clean: its settings as a form, its columns to tick."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ppdesk.core.params import fields_of
from ppdesk.data.clean.operation import Operation
from ppdesk.gui.column_editors import with_columns
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.form import Form
from ppdesk.gui.language import told, tr
from ppdesk.gui.results import scrolled

_WIDE, _ABOVE = 520, 230  # px: the dialog, and what it needs beside its form


class OperationDialog(Dialog):
    """Calls `done` with the values once they are sound."""

    def __init__(
        self,
        parent: QWidget | None,
        kind: type[Operation],
        columns: Sequence[str],
        values: Mapping[str, Any] | None,
        done: Callable[[dict[str, Any]], None],
    ) -> None:
        """`values`: of an operation that is changed; None for a new one."""
        verb = tr("Add operation") if values is None else tr("Change operation")
        super().__init__(parent, told(kind.title), told(kind.help), verb=verb, wide=_WIDE)
        self._kind, self._done = kind, done
        fields = fields_of(kind)
        self.form = Form(kind, with_columns(columns, fields), without=("op",))
        self.form.put(values or {})
        self.form.changed.connect(lambda: self.say(""))
        self._area = scrolled(self.form, tr("Settings of {operation}", operation=told(kind.title)))
        self.add(self._area)
        first = next((row.editor.widget for row in self.form.rows.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def fit(self) -> None:
        around: QWidget | None = self.parentWidget()
        room = (around.window().height() if around is not None else 720) - _ABOVE
        wide = _WIDE - 48
        tall = self.form.heightForWidth(wide) if self.form.hasHeightForWidth() else -1
        needed = max(tall, self.form.sizeHint().height())
        self._area.setFixedHeight(max(80, min(room, needed)))
        super().fit()

    def go(self) -> None:
        if self.form.judge():
            return
        values = {"op": self._kind.model_fields["op"].default, **self.form.values()}
        try:
            self._kind.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            row = self.form.rows.get(str(first["loc"][0])) if first["loc"] else None
            words = f"{str(first['msg']).removeprefix('Value error, ').rstrip('.')}."
            if row is not None:
                row.say(words)
            else:
                self.say(words)
            return
        self.accept()
        self._done(values)
