"""A file under another passphrase: every page written anew, in one transaction of SQLite.

Key and salt change together. Until the journal is gone the file is under the old passphrase: SQLite
puts the old pages back, the first with its salt. From then on it is under the new one. That holds
only with a rollback journal and an exclusive lock: in a write-ahead log a kill can leave the old
salt beside the new key.

Copies made earlier (backups, snapshots, what a drive keeps of overwritten blocks) still open with
the old passphrase.
"""

import shutil
from pathlib import Path

from sqlalchemy import Engine

from ppdesk.store import pages
from ppdesk.store.access import Key
from ppdesk.store.connection import coded, journal, opens
from ppdesk.store.errors import DamagedFileError, DiskFullError, StorageFailedError

_SPARE_BYTES = 1 << 20


def rekey(at: Engine, path: Path, new: Key) -> None:
    """Write the file anew under `new`, and dispose of `at`: whether it went well or not, a connection
    whose key changed is not to be used again. Ask `in_force` which key the file is under now.

    DiskFullError (the journal takes as much room as the file), StorageFailedError.
    """
    try:
        room_for(path, path.stat().st_size)
        with coded(path):
            raw = at.raw_connection()
            try:
                cursor = raw.cursor()
                for name, wanted in (("journal_mode", "delete"), ("locking_mode", "exclusive")):
                    cursor.execute(f"PRAGMA {name}")
                    found = [row[0] for row in cursor.fetchall()]
                    if found != [wanted]:
                        raise StorageFailedError(file=path.name, reason=f"{name} is {', '.join(found)}")
                cursor.execute(f"PRAGMA rekey = \"x'{new.key.hex()}{new.salt.hex()}'\"")
                cursor.fetchall()
            finally:
                raw.close()
    finally:
        at.dispose()


def in_force(path: Path, old: Key, new: Key) -> Key:
    """Which of the two keys the file is under, an unfinished write being undone. DamagedFileError."""
    saved = pages.first_page_in(journal(path)) if pages.hot(journal(path)) else None
    for key in (old, new):
        if saved is None:
            fits = opens(path, key.key, key.salt) is None
        else:
            fits = pages.fits(saved, 1, key.key, key.salt)
        if fits:
            return key
    raise DamagedFileError(file=path.name)


def room_for(path: Path, size: int) -> None:
    """DiskFullError unless the drive of `path` has room for `size` bytes and a little more."""
    if shutil.disk_usage(path.parent).free < size + _SPARE_BYTES:
        raise DiskFullError(file=path.name)
