"""Saving what is shown: a table as CSV or workbook, a chart as SVG or PNG, rows that were looked at.

The window and each dialog above it have one `Saver`; a table or a chart finds it by `saver_of`. The file is
made and written on the bench's thread.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.section import Plot, Table
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.errors import NotWrittenError
from ppdesk.gui.language import told, tr
from ppdesk.gui.parts.above import found_above
from ppdesk.gui.parts.menus import Entry
from ppdesk.gui.snapshot import Sight

if TYPE_CHECKING:
    from collections.abc import Collection

    from ppdesk.gui.project import Project
    from ppdesk.workbench.saving import FigureForm, TableForm
    from ppdesk.workbench.session import Session

_SUFFIXES = {
    "csv": "CSV (*.csv)",
    "xlsx": "Excel workbook (*.xlsx)",
    "svg": "SVG drawing (*.svg)",
    "png": "PNG picture (*.png)",
    "pdf": "PDF (*.pdf)",
}


class Saver(QObject):
    """Asks where, and writes. `said` tells what came of it."""

    said = Signal(str)

    def __init__(self, window: QWidget, project: "Project") -> None:
        super().__init__(window)
        self._window, self._project = window, project
        self._folder = ""  # where the last file was written, in this session

    def table(self, table: Table, form: "TableForm") -> None:
        """Ask where a table of worded cells goes, and write it."""
        from ppdesk.workbench.saving import table_file

        self._save(told(table.title) or tr("Table"), form, lambda: table_file(table, form))

    def figure(self, plot: Plot, form: "FigureForm") -> None:
        """Ask where a chart goes, have the worker draw it, and write it."""
        from ppdesk.workbench.saving import figure_file

        self._save(told(plot.title), form, lambda: figure_file(self._project.session, plot, form))

    def rows(self, sight: Sight, form: "TableForm", numbers: "Collection[int]") -> None:
        """Write rows that can be looked at, once a person agreed: the file is not encrypted, and that it was
        written goes on record."""
        ask = AskDialog(
            self._window,
            tr("Save rows about people?"),
            tr(
                "The file is not encrypted, and whoever gets it sees these rows. It is meant for checks of "
                "your own; to hand data on, use Export. That the rows were saved goes on record."
            ),
            tr("Save rows"),
        )
        ask.accepted.connect(lambda: self._save_rows(sight, form, numbers))
        ask.open()

    def _save_rows(self, sight: Sight, form: "TableForm", numbers: "Collection[int]") -> None:
        from ppdesk.workbench.looking import SAVED
        from ppdesk.workbench.saving import rows_file

        path = self.ask_path(told(sight.title), form)
        if path is None:
            return

        def work(session: "Session") -> None:
            rows = session.look(sight.kind, sight.part, SAVED, seq=sight.seq)
            _written(path, rows_file(rows, form, sight.title, numbers))

        self._project.change(work, lambda: self._done(path), self._failed)

    def ask_path(self, title: str, form: str) -> Path | None:
        """Where a file goes; None where a person changed their mind."""
        from ppdesk.workbench.saving import file_name

        start = str(Path(self._folder or Path.home()) / file_name(title, form))
        chosen, _ = QFileDialog.getSaveFileName(self._window, tr("Save"), start, told(_SUFFIXES[form]))
        if not chosen:
            return None
        path = Path(chosen)
        self._folder = str(path.parent)
        return path if path.suffix.lower() == f".{form}" else path.with_name(f"{path.name}.{form}")

    def _save(self, title: str, form: str, make: Callable[[], bytes]) -> None:
        path = self.ask_path(title, form)
        if path is not None:
            self._project.bench.ask(lambda: _written(path, make()), lambda _: self._done(path), self._failed)

    def _done(self, path: Path) -> None:
        self.said.emit(tr("Saved {file}", file=path.name))

    def _failed(self, error: CodedError) -> None:
        ErrorDialog(self._window, error).open()


def _written(path: Path, data: bytes) -> None:
    from ppdesk.workbench.saving import write_file

    try:
        write_file(path, data)
    except OSError as error:
        raise NotWrittenError(file=path.name, reason=error.strerror or "unknown") from error


def saver_of(part: QWidget) -> Saver | None:
    """The saver of the window in which `part` stands."""
    return found_above(part, Saver)


def table_entries(part: QWidget, table: Table) -> list[Entry]:
    """What a context menu says about saving a table."""
    saver = saver_of(part)
    if saver is None:
        return []
    return [
        Entry(tr("Save as CSV..."), lambda: saver.table(table, "csv"), "Ctrl+S"),
        Entry(tr("Save as Excel workbook..."), lambda: saver.table(table, "xlsx"), "Ctrl+Shift+S"),
    ]


def figure_entries(part: QWidget, plot: Plot) -> list[Entry]:
    """What a context menu says about saving a chart."""
    saver = saver_of(part)
    if saver is None:
        return []
    return [
        Entry(tr("Save as SVG..."), lambda: saver.figure(plot, "svg"), "Ctrl+S"),
        Entry(tr("Save as PNG..."), lambda: saver.figure(plot, "png"), "Ctrl+Shift+S"),
    ]
