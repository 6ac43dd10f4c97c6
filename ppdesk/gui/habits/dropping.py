"""Files dropped on the window: a project is opened, a PDF verified, a data file put into Import."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ppdesk.gui.language import tr

if TYPE_CHECKING:
    from ppdesk.gui.project import Project

_OPENED = frozenset({".ppdesk", ".pdf"})


class Dropping(QObject):
    """Takes one file at a time from the window. A list of files that takes drops itself goes first."""

    opened = Signal(str)  # a project or a PDF
    data = Signal(str)  # a data file, for Import
    said = Signal(str)

    def __init__(self, window: QWidget, project: "Project") -> None:
        super().__init__(window)
        self._project = project
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            paths = _paths(event)
            if paths:
                event.acceptProposedAction()
                self.take(paths)
            return True
        if isinstance(event, QDragEnterEvent | QDragMoveEvent) and _paths(event):
            event.acceptProposedAction()
            return True
        return False

    def take(self, paths: list[str]) -> None:
        """Do with dropped files what their kind asks for."""
        if len(paths) > 1:
            self.said.emit(tr("Drop one file at a time"))
        elif Path(paths[0]).is_dir():
            self.said.emit(tr("Drop a file, not a folder"))
        elif Path(paths[0]).suffix.lower() in _OPENED:
            self.opened.emit(paths[0])
        elif self._project.snapshot is None:
            self.said.emit(tr("Open or make a project first; then drop the data file"))
        elif self._project.snapshot.read_only or self._project.running:
            self.said.emit(tr("Nothing can be imported now"))
        else:
            self.data.emit(paths[0])


def _paths(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
