"""Migrations: all or nothing, and the tables they make are the ones the program means."""

from pathlib import Path
from types import ModuleType

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlcipher3 import dbapi2

from ppdesk.core.errors import CodedError
from ppdesk.store.connection import coded, engine
from ppdesk.store.errors import (
    DamagedFileError,
    DiskFullError,
    LockedError,
    ReadOnlyPlaceError,
    StorageFailedError,
)
from ppdesk.store.migrations import MODULES, upgrade
from ppdesk.store.schema import GUARDS, METADATA, NEWEST, REVISIONS


@pytest.fixture
def blank(tmp_path: Path) -> Engine:
    path = tmp_path / "p"
    path.touch()
    return engine(path, bytes(32), bytes(16), read_only=False)


def objects(at: Engine, kind: str = "table") -> set[str]:
    with at.connect() as connection:
        rows = connection.execute(text("SELECT name FROM sqlite_schema WHERE type = :kind"), {"kind": kind})
        return {name for (name,) in rows}


def migration(name: str, before: str, statements: list[str]) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = name

    def steps() -> None:
        for statement in statements:
            op.execute(statement)

    vars(module).update(
        revision=name, down_revision=before, branch_labels=None, depends_on=None, upgrade=steps
    )
    return module


def test_the_newest_migration_is_the_one_the_program_opens() -> None:
    assert tuple(module.revision for module in MODULES) == REVISIONS
    assert REVISIONS[-1] == NEWEST
    assert [module.down_revision for module in MODULES[1:]] == [module.revision for module in MODULES[:-1]]


def test_migrations_make_the_tables_that_are_declared(blank: Engine) -> None:
    with blank.begin() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    assert objects(blank, "trigger") == GUARDS
    blank.dispose()


def test_a_migration_that_fails_half_way_leaves_nothing(blank: Engine, tmp_path: Path) -> None:
    with blank.begin() as connection:
        upgrade(connection)
    before = objects(blank)
    second = migration(
        "0002", NEWEST, ["CREATE TABLE extra (a)", "DROP TABLE chunk", "SELECT * FROM nowhere"]
    )
    with pytest.raises(Exception, match="nowhere"), blank.begin() as connection:
        upgrade(connection, (*MODULES, second))
    assert objects(blank) == before
    with blank.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(NEWEST,)]
    blank.dispose()


def test_a_later_migration_starts_where_the_file_is(blank: Engine) -> None:
    second = migration("0002", NEWEST, ["CREATE TABLE extra (a)"])
    with blank.begin() as connection:
        upgrade(connection)
    for _ in range(2):  # the second time there is nothing to do
        with blank.begin() as connection:
            upgrade(connection, (*MODULES, second))
    assert "extra" in objects(blank)
    blank.dispose()


def test_a_migration_of_a_new_file_that_fails_leaves_an_empty_file(blank: Engine, tmp_path: Path) -> None:
    broken = migration("0002", NEWEST, ["nonsense"])
    with pytest.raises(Exception, match="nonsense"), blank.begin() as connection:
        upgrade(connection, (*MODULES, broken))
    blank.dispose()
    assert (tmp_path / "p").stat().st_size == 0


def test_nothing_of_the_content_goes_to_temporary_files_or_logs(blank: Engine) -> None:
    with blank.connect() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("temp_store", "journal_mode", "synchronous", "locking_mode", "foreign_keys")
        }
    assert said == {
        "temp_store": 2,  # memory
        "journal_mode": "delete",
        "synchronous": 3,  # extra
        "locking_mode": "exclusive",
        "foreign_keys": 1,
    }
    blank.dispose()


def test_opening_a_project_does_not_load_alembic() -> None:
    import subprocess
    import sys

    code = "import sys, ppdesk.store.project; print('alembic' in sys.modules, 'pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (dbapi2.SQLITE_IOERR, StorageFailedError),
        (dbapi2.SQLITE_IOERR | 4 << 8, StorageFailedError),  # fsync
        (dbapi2.SQLITE_FULL, DiskFullError),
        (dbapi2.SQLITE_CANTOPEN, ReadOnlyPlaceError),
        (dbapi2.SQLITE_BUSY, LockedError),
        (dbapi2.SQLITE_READONLY, ReadOnlyPlaceError),
        (dbapi2.SQLITE_CORRUPT, DamagedFileError),
        (None, DamagedFileError),
    ],
)
def test_what_the_driver_says_becomes_an_error_for_a_person(
    tmp_path: Path, code: int | None, error: type[CodedError]
) -> None:
    said = dbapi2.OperationalError("words")
    said.sqlite_errorcode = code
    with pytest.raises(error, match="p"), coded(tmp_path / "p"):
        raise said
