"""The way to the database: SQLCipher through SQLAlchemy, one connection for as long as a file is open.

A project file is open for writing in one place, and for reading in any number of others: see claim.py for
who keeps whom out. Where a claim does that, SQLite locks for each transaction alone; elsewhere the writer
holds SQLite's lock from opening to closing (`locking_mode=EXCLUSIVE`).

Both ways the journal is blanked after each commit (its head overwritten with zeros, and synced) and removed
when the file is closed. All reading goes through SQLite, even of the salt: on POSIX, closing any other
handle of the file drops the locks that SQLite holds on it.
"""

import os
import shutil
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

_ROOM_BYTES = 1 << 16  # with less, a journal cannot be counted on
_WAIT_S = 0.2  # for a lock that another program may be about to give back
_TURN_S = 30.0  # for another window's transaction

_SETTINGS = (
    "PRAGMA temp_store=MEMORY",  # nothing of the content ever goes to a temporary file
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
)
_ALONE = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",  # FULL does not sync the folder after the journal is gone
)
_BESIDE_READERS = (
    "PRAGMA locking_mode=NORMAL",
    "PRAGMA journal_mode=PERSIST",  # blanked, as DELETE does under an exclusive lock; access.tidy removes it
    "PRAGMA synchronous=EXTRA",
)

AS_IT_LIES = "mode=ro&immutable=1"  # no lock, nothing undone: sound only while nobody writes
_LOOKS = "ppdesk_looks"  # execution option: the transaction writes nothing

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
    raw = _connect(path, AS_IT_LIES)
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
    raw = _connect(path, AS_IT_LIES)
    try:
        _key(raw, key, salt)
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.Error as error:
        return error
    finally:
        raw.close()
    return None


def engine(
    path: Path,
    key: bytes | bytearray,
    salt: bytes,
    *,
    read_only: bool,
    shared: bool = False,
    query: str = "",
) -> Engine:
    """An engine with one connection. `shared` where a claim keeps other writers out, so that readers may
    live beside it. `query` replaces the mode of the URI.
    """
    mode = query or ("mode=ro" if read_only else "mode=rw")

    def creator() -> Any:
        raw = _connect(path, mode, _TURN_S if shared else _WAIT_S)
        try:
            _key(raw, key, salt)
            for setting in _SETTINGS:
                raw.execute(setting)
            for setting in _locking(read_only=read_only or bool(query), shared=shared or bool(query)):
                raw.execute(setting)
        except dbapi2.Error:
            raw.close()
            raise
        return raw

    made = create_engine("sqlite://", creator=creator, module=dbapi2, poolclass=StaticPool)

    @event.listens_for(made, "begin")
    def explicit(connection: Connection) -> None:  # the driver begins nothing by itself
        # exclusive from the first moment: a later upgrade of the lock could fail beside a reader
        looks = read_only or connection.get_execution_options().get(_LOOKS, False)
        connection.exec_driver_sql("BEGIN" if looks else "BEGIN EXCLUSIVE")

    return made


def _locking(*, read_only: bool, shared: bool) -> tuple[str, ...]:
    settings = _BESIDE_READERS if shared else _ALONE
    return settings[:1] if read_only else settings


@contextmanager
def looking(at: Engine) -> Iterator[Connection]:
    """A transaction that only reads: other readers go on beside it."""
    with at.connect() as bare:
        connection = bare.execution_options(**{_LOOKS: True})
        with connection.begin():
            yield connection


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
    if code == dbapi2.SQLITE_CANTOPEN and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        kind = None  # a journal that could not be made: the drive is full, or fails
        if shutil.disk_usage(path.parent).free < _ROOM_BYTES:
            kind = DiskFullError
    if kind is not None:
        return kind(file=path.name)
    return StorageFailedError(file=path.name, reason=getattr(original, "sqlite_errorname", "unknown"))


def driver(path: Path, query: str, key: bytes | bytearray, salt: bytes) -> Any:
    """A connection of the driver itself, keyed, for what is no matter of rows. `query`: of the URI."""
    raw = _connect(path, query)
    _key(raw, key, salt)
    return raw


def _connect(path: Path, query: str, wait: float = _WAIT_S) -> Any:
    posix = path.absolute().as_posix()
    uri = "file://" + quote(posix if posix.startswith("/") else f"/{posix}") + "?" + query
    # isolation_level None: no transaction but ours; several threads take turns behind the project's lock
    return dbapi2.connect(uri, uri=True, timeout=wait, isolation_level=None, check_same_thread=False)


def _key(raw: Any, key: bytes | bytearray, salt: bytes) -> None:
    """Hand over the raw key. A passphrase never gets here, so none can pass for a raw key."""
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
