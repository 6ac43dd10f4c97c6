"""The names of a file's sheets or tables, to choose one."""

from collections.abc import Callable
from pathlib import Path

from ppdesk.data.errors import DamagedFileError
from ppdesk.data.readers.formats import FileFormat

_MOST = 1_000  # names that are told


def sheets(
    path: Path, form: FileFormat, dialect: str = "", *, cancelled: Callable[[], bool] = lambda: False
) -> tuple[str, ...]:
    """The sheets of a workbook or the tables of a database; none for other formats. A ReadError for a file
    that is damaged or refused."""
    if form is FileFormat.EXCEL:
        from ppdesk.data.readers.xlsx_package import DAMAGE, WHAT, Package
        from ppdesk.data.readers.xlsx_workbook import read_workbook

        with Package(path) as package:
            try:
                return tuple(sheet.name for sheet in read_workbook(package, cancelled).sheets[:_MOST])
            except DAMAGE:
                raise DamagedFileError(what=WHAT) from None
    if form is FileFormat.SQLITE:
        from ppdesk.data.readers.sqlite_table import tables

        return tables(path, cancelled=cancelled)[:_MOST]
    if form is FileFormat.DATABASE:
        from ppdesk.data.readers.sql_table import DUCKDB, sql_tables

        return sql_tables(path, dialect or DUCKDB)[:_MOST]
    return ()
