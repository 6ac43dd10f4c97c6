"""Questions of the hierarchy editor: into which group, and which values."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr, tr_count
from ppdesk.gui.parts.inputs import Choice

_TALL = 160  # px


class MoveDialog(Dialog):
    """Calls `done` with the place of the group that is chosen."""

    def __init__(
        self,
        parent: QWidget | None,
        names: Sequence[str],
        groups: Sequence[str],
        done: Callable[[int], object],
    ) -> None:
        words = tr("{name} moves to another group.", name=names[0])
        if len(names) > 1:
            words = tr_count("{count:,} name moves.", "{count:,} names move to another group.", len(names))
        super().__init__(parent, tr("Move to a group"), words, verb=tr("Move"))
        self._done = done
        self.choice = Choice(tr("Group"), [(str(at), name) for at, name in enumerate(groups)])
        self.add_field(tr("Group"), self.choice)

    def go(self) -> None:
        place = int(self.choice.value())
        self.accept()
        self._done(place)


class ValuesDialog(Dialog):
    """Calls `done` with the values that are written."""

    def __init__(self, parent: QWidget | None, done: Callable[[Sequence[str]], object]) -> None:
        super().__init__(
            parent,
            tr("Add values"),
            tr("Values that are possible, from the codebook. They are declared, so they go on record."),
            verb=tr("Add values"),
        )
        self._done = done
        self.lines = QPlainTextEdit()
        self.lines.setAccessibleName(tr("Values, one a line"))
        self.lines.setTabChangesFocus(True)
        self.lines.setFixedHeight(_TALL)
        self.add_field(tr("Values"), self.lines, tr("One value a line."))

    def go(self) -> None:
        values = [one.strip() for one in self.lines.toPlainText().splitlines() if one.strip()]
        if not values:
            self.say(tr("Write at least one value."))
            return
        self.accept()
        self._done(values)
