"""Bringing an older file up to date: a backup beside it first, the old state back when anything fails."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, text, update

from ppdesk import __version__
from ppdesk.core.findings import Finding
from ppdesk.store import access, anew, chain
from ppdesk.store.connection import coded
from ppdesk.store.errors import MigrationFailedError
from ppdesk.store.integrity import verify_chain
from ppdesk.store.schema import META


def backup_place(path: Path, revision: str) -> Path:
    """A free name beside the file that says from which schema the backup is: ``study.schema-0001.ppdesk``."""
    number, place = 1, path.with_name(f"{path.stem}.schema-{revision}{path.suffix}")
    while place.exists():
        number += 1
        place = path.with_name(f"{path.stem}.schema-{revision}-{number}{path.suffix}")
    return place


def migrate(at: Engine, path: Path, key: access.Key, found: str) -> Path:
    """Bring the file from schema `found` up to the newest. Returns the place of the backup, which opens
    with the same passphrase and stays until a person removes it.

    The history must say the same afterwards as before. MigrationFailedError: the file is as it was, `at`
    disposed of, and the backup gone. DiskFullError, StorageFailedError: nothing was begun.
    """
    from ppdesk.store import migrations

    place = backup_place(path, found)
    anew.write(at, path, key).replace(place)
    try:
        before = _history(at, path)
        with coded(path), at.begin() as connection:
            migrations.upgrade(connection, migrations.MODULES)
            connection.execute(update(META).where(META.c.name == "written_by").values(value=__version__))
    except Exception as error:
        at.dispose()  # the transaction is undone
        with suppress(OSError):  # a drive that fails does so here too
            place.unlink(missing_ok=True)
        raise MigrationFailedError(file=path.name, revision=found) from error
    try:
        with coded(path), at.begin() as connection:
            sound = connection.execute(text("PRAGMA quick_check")).scalars().all() == ["ok"]
        sound = sound and _history(at, path) == before
    except Exception as error:
        _restore(at, place, path)
        raise MigrationFailedError(file=path.name, revision=found) from error
    if not sound:
        _restore(at, place, path)
        raise MigrationFailedError(file=path.name, revision=found)
    return place


def _history(at: Engine, path: Path) -> tuple[object, list[Finding]]:
    with coded(path), at.begin() as connection:
        about = access.about(connection, path)
        genesis = chain.genesis(about.project_id, about.created)
        return chain.rows(connection), verify_chain(connection, genesis)


def _restore(at: Engine, place: Path, path: Path) -> None:
    at.dispose()
    anew.put(place, path)
