"""Saving what is shown: a table as CSV or workbook, a chart as SVG or PNG, rows that were looked at.

The window and each dialog above it have one `Saver`; a table or a chart finds it by `saver_of`. The file is
made and written on the bench's thread.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QBuffer, QIODevice, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QFileDialog, QWidget

from ppdesk.core.errors import CodedError
from ppdesk.core.section import Plot, Table
from ppdesk.gui.dialogs.base import AskDialog, ErrorDialog
from ppdesk.gui.errors import NotWrittenError
from ppdesk.gui.language import told, tr
from ppdesk.gui.look import color
from ppdesk.gui.parts.above import found_above
from ppdesk.gui.parts.menus import LINE, Entry, show_menu
from ppdesk.gui.snapshot import Sight

if TYPE_CHECKING:
    from collections.abc import Collection

    from ppdesk.gui.project import Project
    from ppdesk.workbench.saving import FigureForm, TableForm
    from ppdesk.workbench.session import Session

_SHARP = 2  # dots a px of a picture
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

    def drawing(self, part: QWidget, title: str, form: "FigureForm") -> None:
        """Write what a part of the window draws itself: as lines and texts, or as dots, two a px."""
        path = self.ask_path(title, form)
        if path is None:
            return
        data = drawn(part, form)
        self._project.bench.ask(lambda: _written(path, data), lambda _: self._done(path), self._failed)

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


def table_entries(part: QWidget, shown: Callable[[], Table]) -> list[Entry]:
    """What a context menu says about saving the table that is `shown` when it is chosen."""
    saver = saver_of(part)
    if saver is None:
        return []
    return [
        Entry(tr("Save as CSV..."), lambda: saver.table(shown(), "csv"), "Ctrl+S"),
        Entry(tr("Save as Excel workbook..."), lambda: saver.table(shown(), "xlsx"), "Ctrl+Shift+S"),
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


def drawn(part: QWidget, form: "FigureForm") -> bytes:
    """What `part` draws, as bytes of an SVG or a PNG."""
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    if form == "svg":
        from PySide6.QtSvg import QSvgGenerator

        generator = QSvgGenerator()
        generator.setOutputDevice(out)
        generator.setSize(part.size())
        generator.setViewBox(part.rect())
        generator.setTitle(part.accessibleName())
        generator.setDescription(part.accessibleDescription())
        painter = QPainter(generator)
        painter.fillRect(part.rect(), color("surface"))
        part.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        painter.end()
    else:
        picture = QPixmap(part.size() * _SHARP)
        picture.setDevicePixelRatio(_SHARP)
        picture.fill(color("surface"))
        part.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        picture.save(out, "PNG")
    return bytes(out.data().data())


def drawing_entries(part: QWidget, title: str) -> list[Entry]:
    """What a context menu says about a figure that a part of the window draws itself."""
    saver = saver_of(part)
    copy = Entry(tr("Copy picture"), lambda: QGuiApplication.clipboard().setPixmap(part.grab()))
    if saver is None:
        return [copy]
    return [
        copy,
        LINE,
        Entry(tr("Save as SVG..."), lambda: saver.drawing(part, title, "svg")),
        Entry(tr("Save as PNG..."), lambda: saver.drawing(part, title, "png")),
    ]


def offer_drawing(part: QWidget, title: str) -> None:
    """Give a part that draws a figure itself the context menu of figures; the menu key opens it, too."""
    part.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    part.customContextMenuRequested.connect(
        lambda at: show_menu(part, drawing_entries(part, title), tr("Chart"), part.mapToGlobal(at))
    )


def worded(model: QAbstractItemModel, title: str) -> Table:
    """What a model shows, as a table of words."""
    across, shown = Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole
    columns = range(model.columnCount())
    header = [str(model.headerData(column, across, shown) or "") for column in columns]
    rows = [
        [str(model.index(row, column).data(shown) or "") for column in columns]
        for row in range(model.rowCount())
    ]
    return Table(title, header, rows)
