"""Read one table of an SQLite database that is not trusted: read-only, no view and no virtual table of it.

Follows "Defense Against The Dark Arts" (sqlite.org/security.html): the schema is not trusted, so computed
columns may only use SQLite's own harmless functions, and every action but reading is refused.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.errors import (
    BytesCellError,
    DamagedFileError,
    NulByteError,
    UnfinishedDatabaseError,
    WrongEncodingError,
)
from ppdesk.data.readers import cell_text
from ppdesk.data.readers.database_rows import AT_ONCE, choose, gather
from ppdesk.data.readers.headers import check_names

if TYPE_CHECKING:
    import pyarrow as pa

Answer = TypeVar("Answer")

_LONGEST = 64 << 20  # bytes of one value
_STEPS = 100_000  # of SQLite's machine between two looks at `cancelled`
_MOST_STEPS = 10_000  # such looks without a row: a damaged file that goes round in circles
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_RULE = re.compile(r"CHECK constraint failed|(NULL|NUMERIC|TEXT|non-\w+) value in|row .* missing from index")
_WHAT = "an SQLite database"


def read_sqlite(
    path: Path, name: str = "", *, cancelled: Callable[[], bool] = lambda: False
) -> "tuple[pa.Table, str]":
    """The table called `name`, or the only one, and its name. Texts stay, numbers as in `cell_text`."""
    return _with(path, cancelled, lambda connection, watch: _table(connection, name, watch))


def tables(path: Path, *, cancelled: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
    """The names of the tables, without views and virtual tables."""

    def listed(connection: sqlite3.Connection, _watch: "_Watch") -> tuple[str, ...]:
        return tuple(own for own, kind in _kinds(connection).items() if kind == "table")

    return _with(path, cancelled, listed)


def _table(connection: sqlite3.Connection, name: str, watch: "_Watch") -> "tuple[pa.Table, str]":
    chosen = choose(_kinds(connection), name)
    _check(connection, chosen)
    return _rows(connection, chosen, watch), chosen


def _with(
    path: Path, cancelled: Callable[[], bool], work: "Callable[[sqlite3.Connection, _Watch], Answer]"
) -> Answer:
    """Open the database for reading, work with it, close it."""
    for tail in ("-wal", "-journal"):
        beside = path.with_name(path.name + tail)
        if beside.exists() and beside.stat().st_size > 0:
            raise UnfinishedDatabaseError(file=beside.name)
    if path.stat().st_size % _page_size(path):  # SQLite reads what lacks of the last page as zeros
        raise DamagedFileError(what=_WHAT)
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        raise DamagedFileError(what=_WHAT) from None
    watch = _Watch(cancelled)
    try:
        _harden(connection, watch)
        return work(connection, watch)
    except (sqlite3.Error, OverflowError, MemoryError, UnicodeError):
        if watch.stopped:
            raise CancelledRunError() from None
        raise DamagedFileError(what=_WHAT) from None
    finally:
        connection.close()


def _page_size(path: Path) -> int:
    """Bytes of a page (file format, 1.3.2). DamagedFileError where the file says none."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(18)[16:], "big")
    size = 65_536 if size == 1 else size
    if not 512 <= size <= 65_536:
        raise DamagedFileError(what=_WHAT)
    return size


class _Watch:
    """Ends a statement when asked to, or when it works without giving rows."""

    def __init__(self, cancelled: Callable[[], bool]) -> None:
        self._cancelled = cancelled
        self.stopped = False
        self.looks = 0

    def __call__(self) -> int:
        self.looks += 1
        self.stopped = self._cancelled()
        return int(self.stopped or self.looks > _MOST_STEPS)


def _harden(connection: sqlite3.Connection, watch: _Watch) -> None:
    connection.text_factory = _decoded
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA mmap_size=0")
    connection.execute("PRAGMA cache_size=-16384")  # 16 MiB
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_progress_handler(watch, _STEPS)


def _check(connection: sqlite3.Connection, name: str) -> None:
    """DamagedFileError where the pages of the table do not hold together, else only reading is left allowed.
    A value that breaks a rule of the schema is no damage: it is read as it is."""
    for (said,) in connection.execute(f"PRAGMA quick_check({_quoted(name)})"):
        if said != "ok" and not _RULE.match(said):
            raise DamagedFileError(what=_WHAT)
    connection.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _kinds(connection: sqlite3.Connection) -> dict[str, str]:
    """What each name of the schema is: table, virtual table or view."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')")
    return {
        own: "view" if kind == "view" else _kind(sql or "")
        for kind, own, sql in found
        if not own.lower().startswith("sqlite_")
    }


def _kind(sql: str) -> str:
    return "virtual table" if sql.lstrip().upper().startswith("CREATE VIRTUAL") else "table"


def _rows(connection: sqlite3.Connection, name: str, watch: _Watch) -> "pa.Table":
    cursor = connection.execute(f"SELECT * FROM {_quoted(name)}")  # noqa: S608  # a name from the schema, quoted
    names = [str(column[0]) for column in cursor.description]
    check_names(names)

    def batches() -> Iterator[Sequence[Sequence[Any]]]:
        while some := cursor.fetchmany(AT_ONCE):
            watch.looks = 0
            yield some

    return gather(names, batches(), _text)


def _decoded(raw: bytes) -> str:
    """A text; bytes that are no UTF-8 become lone surrogates, so that their place can be told."""
    return raw.decode("utf-8", "surrogateescape")


def _text(value: Any, row: int, column: int, name: str) -> str | None:
    """One value of SQLite: null, integer, real, text or bytes."""
    if value is None or isinstance(value, str):
        if value and "\0" in value:
            raise NulByteError(row=row, column=column)
        if value and not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise WrongEncodingError(row=row, column=column, encoding="utf-8")
        return value
    if isinstance(value, bytes):
        raise BytesCellError(row=row, column=column, name=name)
    return cell_text.of_float(value) if isinstance(value, float) else str(value)
