"""Tables and charts of a result as files: what the window's menus and `ppdesk log EVENT --save` write.

They hold what the page shows and nothing else. Rows about people are written by `rows_file` alone, from a
table that was given out by `Session.look`, which puts that on record.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from ppdesk.core.section import Plot, Section, Table

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.workbench.session import Session

TableForm = Literal["csv", "xlsx"]
FigureForm = Literal["svg", "png"]
TABLE_FORMS: tuple[TableForm, ...] = get_args(TableForm)
FIGURE_FORMS: tuple[FigureForm, ...] = get_args(FigureForm)
_WIDE = 760.0  # px of a chart in a file
_SHARP = 2.0  # dots a px of a PNG
_NAME = re.compile(r"[^\w.-]+")


def table_file(table: Table, form: TableForm) -> bytes:
    """A table of worded cells, guarded against formulas."""
    from ppdesk.release.sheets import csv_sheet, of_cells, xlsx_sheet

    cells = of_cells(table.header, table.rows)
    return csv_sheet(cells) if form == "csv" else xlsx_sheet(cells, table.title, table.right)


def rows_file(rows: "pa.Table", form: TableForm, name: str, numbers: Collection[int] = ()) -> bytes:
    """Rows, guarded against formulas. TooManyRowsError."""
    from ppdesk.release.sheets import csv_sheet, xlsx_sheet

    return csv_sheet(rows) if form == "csv" else xlsx_sheet(rows, name, numbers)


def figure_file(session: "Session", plot: Plot, form: FigureForm) -> bytes:
    """A chart as it stands on paper, drawn in the worker. UnknownPlotError, PlotValuesError."""
    from ppdesk.report.figures import natural_height

    high = round(natural_height(plot, _WIDE))
    return session.render(plot, "light", round(_WIDE), high, _SHARP, form=form)


def file_name(title: str, form: str) -> str:
    """A name for a file from a title."""
    return f"{_NAME.sub('-', title).strip('-.').lower()[:60] or 'table'}.{form}"


def write_file(path: Path, data: bytes) -> None:
    """Write `data` whole or not at all, over what stands there; others on this computer cannot read it, as it
    may hold rows. OSError."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def save_section(
    session: "Session", section: Section, folder: Path, tables: TableForm, figures: FigureForm
) -> list[Path]:
    """Write every table and chart of `section` into `folder`, numbered in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for block in section.blocks:
        if isinstance(block, Table):
            data, form = table_file(block, tables), str(tables)
        elif isinstance(block, Plot):
            data, form = figure_file(session, block, figures), str(figures)
        else:
            continue
        path = folder / f"{len(written) + 1:02}-{file_name(block.title, form)}"
        write_file(path, data)
        written.append(path)
    return written
