"""The file written anew beside itself and put in its own place in one step: to change the passphrase, to
compact. Encrypted from the first byte.

`PRAGMA rekey` in place cannot be interrupted: SQLCipher writes the first page into the journal with the
new salt already, so what SQLite restores after a kill has the old pages and a salt that fits neither
passphrase (seen under kills, with SQLCipher 4.19). A rename is whole or not at all.

Copies made earlier (backups, snapshots, what a drive keeps of freed blocks) stay under the old key.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from ppdesk.core.durable import sync_folder
from ppdesk.store.access import Key, sibling, tidy
from ppdesk.store.connection import AS_IT_LIES, coded, driver, engine, looking
from ppdesk.store.errors import DamagedFileError, DiskFullError, StorageFailedError
from ppdesk.store.schema import METADATA

_SPARE_BYTES = 1 << 20


def write(at: Engine, path: Path, key: Key, new: Key | None = None) -> Path:
    """Write what `at` sees of the file at `path` to a file beside it, under `new` if given, and compare.

    Returns its place, durable but not yet in use. On failure it is gone and `path` as it was:
    DiskFullError (as much room as the file has is needed), DamagedFileError, StorageFailedError.
    """
    place = sibling(path)
    room_for(path, path.stat().st_size)
    try:
        with coded(path):
            os.close(os.open(place, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
            shutil.copymode(path, place)
            raw = at.raw_connection()
            try:
                raw.cursor().execute("VACUUM INTO ?", (str(place),))
            finally:
                raw.close()
            with _blamed_on_the_drive(path):
                if new is not None:
                    _rekey(place, key, new)
                _sync(place)
                _compare(at, place, new or key)
    except OSError as error:
        tidy(path)
        raise StorageFailedError(file=path.name, reason=error.strerror or "unknown") from error
    except BaseException:
        tidy(path)
        raise
    return place


@contextmanager
def _blamed_on_the_drive(path: Path) -> Iterator[None]:
    """A copy that came out wrong, although what it was made of could be read to its end. Of a full or failing
    drive `PRAGMA rekey` says at most "SQL error", and sometimes nothing."""
    try:
        yield
    except (dbapi2.Error, DBAPIError, DamagedFileError) as error:
        room_for(path, 0)
        raise StorageFailedError(file=path.name, reason="it could not be written anew") from error


def put(place: Path, path: Path) -> None:
    """Let the new file take the place of the old one, durably. No handle of SQLite may be open on either.
    OSError: the old one is still there."""
    place.replace(path)
    sync_folder(path.parent)


def room_for(path: Path, size: int) -> None:
    """DiskFullError unless the drive of `path` has room for `size` bytes and a little more."""
    if shutil.disk_usage(path.parent).free < size + _SPARE_BYTES:
        raise DiskFullError(file=path.name)


def _rekey(place: Path, key: Key, new: Key) -> None:
    raw = driver(place, "mode=rw", key.key, key.salt)
    try:
        raw.execute("PRAGMA locking_mode=EXCLUSIVE")
        raw.execute("PRAGMA journal_mode=OFF")  # a copy that goes wrong is thrown away
        raw.execute(f"PRAGMA rekey = \"x'{new.key.hex()}{new.salt.hex()}'\"").fetchall()
    finally:
        raw.close()


def _compare(at: Engine, place: Path, key: Key) -> None:
    """The new file has every row and a sound tree, or it is not used."""
    other = engine(place, key.key, key.salt, read_only=True, query=AS_IT_LIES)
    try:
        with looking(at) as one, other.begin() as two:
            sound = two.execute(text("PRAGMA quick_check")).scalars().all() == ["ok"]
            for table in METADATA.sorted_tables:
                count = text(f"SELECT count(*) FROM {table.name}")  # noqa: S608 - names of our own
                sound &= one.execute(count).scalar_one() == two.execute(count).scalar_one()
            last = text("SELECT hash FROM event ORDER BY seq DESC LIMIT 1")
            sound &= one.execute(last).scalar() == two.execute(last).scalar()
    finally:
        other.dispose()
    if not sound:
        raise DamagedFileError(file=place.name)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
