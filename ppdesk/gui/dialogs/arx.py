"""A project of ARX: which file, into which folder, and what could not be taken."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ppdesk.core.errors import CodedError
from ppdesk.gui.dialogs.base import Dialog
from ppdesk.gui.language import tr
from ppdesk.gui.parts.inputs import FileField
from ppdesk.gui.parts.text import Flow, text

if TYPE_CHECKING:
    from ppdesk.gui.project import Project
    from ppdesk.workflow.arx.taking import Taken


class TakeArxDialog(Dialog):
    """Asks, then shows what was not taken. `taken` is emitted once the forms hold the rest."""

    taken = Signal()

    def __init__(self, parent: QWidget | None, project: "Project") -> None:
        super().__init__(
            parent,
            tr("Take an ARX project"),
            tr(
                "Its table, hierarchies and settings are written into a folder, and Import, Roles and "
                "Anonymize"
                " are filled in from them. Nothing is run yet. Serialized Java objects are never read."
            ),
            verb=tr("Take"),
            wide=560,
        )
        self._project = project
        self.file = FileField(tr("ARX project"), save=False, suffixes=(".deid",))
        self.folder = FileField(tr("New folder"), save=True)
        self._rows = [
            self.add_field(tr("ARX project"), self.file),
            self.add_field(
                tr("New folder"), self.folder, tr("It stays beside the project: the forms name its files.")
            ),
        ]
        self.file.changed.connect(self._propose)
        self.file.setFocus()

    def _propose(self) -> None:
        """A folder beside the file."""
        path = Path(self.file.value())
        if path.suffix == ".deid":
            self.folder.put(str(path.with_name(f"{path.stem}-from-arx")))

    def go(self) -> None:
        file, folder = Path(self.file.value()).expanduser(), Path(self.folder.value()).expanduser()
        if not self.file.value() or not file.is_file():
            self.say(tr("There is no such file. Type its path or choose it."))
        elif not self.folder.value():
            self.say(tr("Choose a name for the new folder."))
        else:
            self.busy(on=True)
            self.cancel.setEnabled(False)
            self._project.take_arx(file, folder, self._done, self.failed)

    def failed(self, error: CodedError) -> None:
        if isValid(self):
            self.cancel.setEnabled(True)
        super().failed(error)

    def _done(self, taken: "Taken") -> None:
        if not isValid(self):
            return
        self.taken.emit()
        for row in self._rows:
            row.hide()
        self.add(
            text(
                tr(
                    "{columns:,} columns, {hierarchies:,} hierarchies",
                    columns=taken.columns,
                    hierarchies=taken.hierarchies,
                ),
                "strong",
            )
        )
        self.add(Flow(tr("Not taken, or only in part:")))
        for one in taken.not_taken[:_MOST]:
            self.add(text(one, "caption", wrap=True))
        if len(taken.not_taken) > _MOST:
            self.add(
                text(
                    tr("{more:,} more stand in not-taken.txt.", more=len(taken.not_taken) - _MOST), "caption"
                )
            )
        self.cancel.hide()
        self.accept_button.say(tr("Close"))
        self.accept_button.clicked.disconnect(self.go)
        self.accept_button.clicked.connect(self.accept)
        self.busy(on=False)
        self.fit()


_MOST = 12
