"""Read one table of a database that is a local file, through SQLAlchemy and the dialect that is installed.

Only the name of the dialect and the path make the URL: no host, no user, no options. Views are not read,
since they may say to read other files. What DuckDB's files could ask for beyond that is switched off
(`_DUCKDB`) and locked. The worker hashes the file before and after, so a dialect that writes is found out.

SQLite has a reader of its own (`sqlite_table`), which is stricter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.errors import (
    BytesCellError,
    ColumnKindError,
    DamagedFileError,
    NestedColumnError,
    NulByteError,
    ReadError,
    UnfinishedDatabaseError,
)
from ppdesk.data.readers import cell_text
from ppdesk.data.readers.database_rows import AT_ONCE, choose, gather
from ppdesk.data.readers.headers import check_names

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection, Engine

DUCKDB, SQLITE = "duckdb", "sqlite"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SERVERS = frozenset({"postgresql", "mysql", "mariadb", "oracle", "mssql"})  # no file is theirs
_ELSEWHERE = frozenset(
    {"host", "hostaddr", "port", "user", "username", "password", "server", "dsn", "account"}
)
_WHAT = "a database"
# https://duckdb.org/docs/operations_manual/securing_duckdb: no other file, no network, no extension is loaded
# or fetched, nothing of the person's settings is read, nothing spills into a temporary file
_DUCKDB = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "temp_directory": "",
    "threads": "4",
    "lock_configuration": "true",
}


class NoSuchDialectError(ReadError):
    """There is no SQLAlchemy dialect {dialect} on this computer."""

    code = "PP-SQL-001"
    todo = (
        "Ask IT to install it beside ppdesk (for DuckDB: the extra duckdb), or export the table as Parquet."
    )


class NoFileDialectError(ReadError):
    """The dialect {dialect} is not read from a local file."""

    code = "PP-SQL-002"
    todo = "Export the table as Parquet or CSV and import that. ppdesk opens no connection."


def read_sql(
    path: Path, dialect: str, name: str = "", *, cancelled: Callable[[], bool] = lambda: False
) -> "tuple[pa.Table, str]":
    """The table called `name`, or the only one, and its name. Values as in `cell_text`. A table outside the
    main schema is called ``schema.table``. Raises a ReadError, or CancelledRunError."""
    with _opened(path, dialect) as connection:
        known = _known(connection, dialect)
        chosen = choose({own: one.kind for own, one in known.items()}, name)
        return _rows(connection, known[chosen], cancelled), chosen


def sql_tables(path: Path, dialect: str) -> tuple[str, ...]:
    """The names of the tables, without views. A ReadError."""
    with _opened(path, dialect) as connection:
        return tuple(own for own, one in _known(connection, dialect).items() if one.kind == "table")


@contextmanager
def _opened(path: Path, dialect: str) -> "Iterator[Connection]":
    from sqlalchemy.exc import SQLAlchemyError

    for tail in (".wal", "-wal", "-journal"):
        beside = path.with_name(path.name + tail)
        if beside.exists() and beside.stat().st_size > 0:
            raise UnfinishedDatabaseError(file=beside.name)
    engine = _engine(path, dialect)
    try:
        with engine.connect() as connection:
            yield connection
    except (ReadError, CancelledRunError):
        raise
    except (SQLAlchemyError, OSError, ValueError, OverflowError, MemoryError, RuntimeError, ImportError):
        raise DamagedFileError(what=_WHAT) from None  # the words of a dialect may quote a value
    finally:
        engine.dispose()


def _engine(path: Path, dialect: str) -> "Engine":
    """An engine for this file and nothing else. NoSuchDialectError, NoFileDialectError."""
    from sqlalchemy import create_engine
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError
    from sqlalchemy.pool import NullPool

    if not _NAME.fullmatch(dialect) or dialect in _SERVERS:
        raise NoFileDialectError(dialect=dialect[:60])
    database = str(path.absolute())
    own = {"read_only": True, "config": dict(_DUCKDB)} if dialect == DUCKDB else {}
    try:
        url = URL.create(dialect, database=database)
        engine = create_engine(url, connect_args=own, poolclass=NullPool)
        given, named = engine.dialect.create_connect_args(url)
    except (NoSuchModuleError, ImportError):
        raise NoSuchDialectError(dialect=dialect) from None
    except (ArgumentError, ValueError, TypeError, KeyError):
        raise NoFileDialectError(dialect=dialect) from None
    if database not in (*given, *named.values()) or _ELSEWHERE & set(named):
        engine.dispose()
        raise NoFileDialectError(dialect=dialect)
    return engine


@dataclass(frozen=True)
class _Known:
    """What the database has under a name."""

    kind: str  # table or view
    parts: tuple[str, ...]  # schema, where it is not the main one, and name


def _known(connection: "Connection", dialect: str) -> dict[str, _Known]:
    from sqlalchemy import inspect

    if dialect == DUCKDB:  # its inspector lists the tables of all schemas without their schema's name
        found = connection.exec_driver_sql(
            "SELECT table_schema, table_name, table_type FROM information_schema.tables"
            " WHERE table_catalog = current_database() ORDER BY ALL"
        )
        each = [
            _Known(
                "table" if kind == "BASE TABLE" else "view", (name,) if schema == "main" else (schema, name)
            )
            for schema, name, kind in found
        ]
    else:
        inspector = inspect(connection)
        each = [_Known("table", (name,)) for name in inspector.get_table_names()]
        each += [_Known("view", (name,)) for name in inspector.get_view_names()]
    return {".".join(one.parts): one for one in each}


def _rows(connection: "Connection", table: _Known, cancelled: Callable[[], bool]) -> "pa.Table":
    quote = connection.dialect.identifier_preparer.quote_identifier
    place = ".".join(map(quote, table.parts))
    result = connection.exec_driver_sql(f"SELECT * FROM {place}")  # noqa: S608  # names of the schema, quoted
    names = [str(one) for one in result.keys()]  # noqa: SIM118  # no mapping
    check_names(names)

    def batches() -> Iterator[Sequence[Sequence[Any]]]:
        while some := result.fetchmany(AT_ONCE):
            if cancelled():
                raise CancelledRunError()
            yield some

    return gather(names, batches(), _text)


def _text(value: Any, row: int, column: int, name: str) -> str | None:  # noqa: PLR0911  # one line a kind
    if value is None:
        return None
    if isinstance(value, str):
        if "\0" in value:
            raise NulByteError(row=row, column=column)
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | UUID):
        return str(value)
    if isinstance(value, float):
        return cell_text.of_float(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return f"{moment.date().isoformat()}T{_clock(moment.time())}" + ("Z" if value.tzinfo else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time) and value.tzinfo is None:
        return _clock(value)
    if isinstance(value, bytes | bytearray | memoryview):
        raise BytesCellError(row=row, column=column, name=name)
    if isinstance(value, list | tuple | dict | set):
        raise NestedColumnError(column=column, name=name)
    raise ColumnKindError(column=column, name=name, kind=f"values of type {type(value).__name__}")


def _clock(value: time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return cell_text.of_seconds(seconds, value.microsecond, 6)
