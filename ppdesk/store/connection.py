"""The way to the database: SQLCipher through SQLAlchemy, one connection for as long as a file is open.

A project file is either open for writing in one place or for reading in several: the connection
holds its lock from opening to closing (`locking_mode=EXCLUSIVE`), and the operating system drops it
when the process dies. All reading goes through SQLite, even of the salt: on POSIX, closing any
other handle of the file drops the locks that SQLite holds on it (see claim.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from ppdesk.core.errors import CodedError
from ppdesk.store.errors import (
    AppendOnlyError,
    DamagedFileError,
    DiskFullError,
    LockedError,
    ReadOnlyPlaceError,
    StorageFailedError,
)

_WAIT_S = 0.2  # for a lock that another program may be about to give back

_SETTINGS = (
    "PRAGMA temp_store=MEMORY",  # nothing of the content ever goes to a temporary file
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
)
_WRITING = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",  # FULL does not sync the folder after the journal is gone
)

_BY_CODE: dict[int, type[CodedError]] = {
    dbapi2.SQLITE_BUSY: LockedError,
    dbapi2.SQLITE_LOCKED: LockedError,
    dbapi2.SQLITE_FULL: DiskFullError,
    dbapi2.SQLITE_READONLY: ReadOnlyPlaceError,
    dbapi2.SQLITE_CANTOPEN: ReadOnlyPlaceError,
    dbapi2.SQLITE_PERM: ReadOnlyPlaceError,
    dbapi2.SQLITE_CONSTRAINT: AppendOnlyError,
    dbapi2.SQLITE_NOTADB: DamagedFileError,
    dbapi2.SQLITE_CORRUPT: DamagedFileError,
    dbapi2.SQLITE_ERROR: DamagedFileError,  # a table or column that should be there is not
    dbapi2.SQLITE_MISMATCH: DamagedFileError,
    0: DamagedFileError,  # the driver itself: a value that is not of its column's type
}


def journal(path: Path) -> Path:
    """Where SQLite keeps what it needs to undo an unfinished write."""
    return path.with_name(path.name + "-journal")


def salt_of(path: Path) -> bytes:
    """The first 16 bytes of the file, empty if it has fewer."""
    raw = _connect(path, "mode=ro&immutable=1")
    try:
        raw.execute("PRAGMA key = 'not used: this connection reads nothing but the salt'")
        row = raw.execute("PRAGMA cipher_salt").fetchone()
    finally:
        raw.close()
    return bytes.fromhex(row[0]) if row else b""


def opens(path: Path, key: bytes | bytearray, salt: bytes) -> dbapi2.Error | None:
    """None if the key opens the file, else what SQLCipher said. Looks at the file as it lies there:
    takes no lock and undoes nothing, so that a wrong passphrase leaves everything as it is.
    """
    raw = _connect(path, "mode=ro&immutable=1")
    try:
        _key(raw, key, salt)
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.Error as error:
        return error
    finally:
        raw.close()
    return None


def engine(
    path: Path, key: bytes | bytearray, salt: bytes, *, read_only: bool, fresh: bool = False
) -> Engine:
    """An engine with one connection, locked as the module says.

    `fresh` is for checks beside an open connection: it reads the file as it lies, without a lock,
    which is sound only while nobody writes.
    """
    mode = "mode=ro&immutable=1" if fresh else "mode=ro" if read_only else "mode=rw"

    def creator() -> Any:
        raw = _connect(path, mode)
        try:
            _key(raw, key, salt)
            for setting in _SETTINGS:
                raw.execute(setting)
            if not fresh:
                raw.execute("PRAGMA locking_mode=EXCLUSIVE")
            if not (fresh or read_only):
                for setting in _WRITING:
                    raw.execute(setting)
        except dbapi2.Error:
            raw.close()
            raise
        return raw

    made = create_engine("sqlite://", creator=creator, module=dbapi2, poolclass=StaticPool)
    # exclusive from the first moment: a later upgrade of the lock could fail beside a reader
    begin = "BEGIN" if fresh or read_only else "BEGIN EXCLUSIVE"

    @event.listens_for(made, "begin")
    def explicit(connection: Connection) -> None:  # the driver begins nothing by itself
        connection.exec_driver_sql(begin)

    return made


@contextmanager
def coded(path: Path) -> Iterator[None]:
    """Turn the driver's errors into those for a person, about the file at `path`."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        raise translated(error, path) from error


def translated(error: DBAPIError | dbapi2.Error, path: Path) -> CodedError:
    """The error for a person that the driver's error stands for."""
    original = error.orig if isinstance(error, DBAPIError) else error
    code = (getattr(original, "sqlite_errorcode", None) or 0) & 0xFF
    kind = _BY_CODE.get(code)
    if kind is not None:
        return kind(file=path.name)
    return StorageFailedError(file=path.name, reason=getattr(original, "sqlite_errorname", "unknown"))


def driver(path: Path, query: str, key: bytes | bytearray, salt: bytes) -> Any:
    """A connection of the driver itself, keyed, for what is no matter of rows. `query`: of the URI."""
    raw = _connect(path, query)
    _key(raw, key, salt)
    return raw


def _connect(path: Path, query: str) -> Any:
    posix = path.absolute().as_posix()
    uri = "file://" + quote(posix if posix.startswith("/") else f"/{posix}") + "?" + query
    # isolation_level None: no transaction but ours; several threads take turns behind the project's lock
    return dbapi2.connect(uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)


def _key(raw: Any, key: bytes | bytearray, salt: bytes) -> None:
    """Hand over the raw key. A passphrase never gets here, so none can pass for a raw key."""
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
