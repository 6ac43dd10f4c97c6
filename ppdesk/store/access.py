"""Getting into a project file: made anew, or opened without changing it before the key is known to fit."""

import hmac
import os
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, Engine, insert, select, text
from sqlcipher3 import dbapi2

from ppdesk import __version__
from ppdesk.core.entropy import Entropy
from ppdesk.store import pages
from ppdesk.store.connection import coded, engine, journal, looking, opens, salt_of, translated
from ppdesk.store.errors import (
    CutFileError,
    DamagedFileError,
    DiskFullError,
    ExistingFileError,
    MissingFileError,
    NewerVersionError,
    NotAProjectError,
    ReadOnlyPlaceError,
    StorageFailedError,
    UnfinishedWriteError,
    WrongPassphraseError,
)
from ppdesk.store.kdf import KdfProfile, derive, new_salt
from ppdesk.store.schema import META, NEWEST, REVISIONS

_PAUSES_S = (0.01, 0.05, 0.2)


@dataclass(frozen=True)
class Key:
    """The raw key of a file and how it was made. Never shown."""

    key: bytearray = field(repr=False)
    salt: bytes
    profile: KdfProfile

    def wipe(self) -> None:
        """Overwrite the key with zeros. Best effort: Python, Argon2's binding and SQLCipher made copies
        of their own (SQLCipher wipes its own when the file is closed), and the passphrase was a `str`."""
        self.key[:] = bytes(len(self.key))


Escrow: TypeAlias = Callable[[bytearray, bytes], None]  # gets key and salt


def lay_down(key: Key, escrow: Escrow | None) -> None:
    """Hand a key that is about to be put to use to `escrow`. If that fails, wipe it and raise."""
    if escrow is None:
        return
    try:
        escrow(key.key, key.salt)
    except BaseException:
        key.wipe()
        raise


@dataclass(frozen=True)
class About:
    """What a file says about itself."""

    project_id: str
    created: str
    schema_version: int
    artifact_key: bytes = field(default=b"", repr=False)  # none in files of older versions


def new_key(passphrase: str, profile: KdfProfile, entropy: Entropy) -> Key:
    """A key for a new file, over a fresh salt. EmptyPassphraseError, WeakKeyError."""
    salt = new_salt(profile, entropy)
    return Key(derive(passphrase, salt, profile), salt, profile)


def same(key: Key, passphrase: str) -> bool:
    """Whether `key` was made from `passphrase`. EmptyPassphraseError."""
    other = derive(passphrase, key.salt, key.profile)
    try:
        return hmac.compare_digest(other, key.key)
    finally:
        other[:] = bytes(len(other))


def create(path: Path, key: Key, *, project_id: str, created: str, artifact_key: bytes = b"") -> None:
    """Write an empty project; on failure, leave nothing. `artifact_key` salts the artifacts' digests, see
    artifacts.py. Errors as ProjectFile.create."""
    _reserve(path)
    at = engine(path, key.key, key.salt, read_only=False)
    try:
        with coded(path), at.begin() as connection:
            from ppdesk.store.migrations import upgrade

            upgrade(connection)
            told = {"project_id": project_id, "created": created, "written_by": __version__}
            if artifact_key:
                told["artifact_key"] = artifact_key.hex()
            connection.execute(insert(META), [{"name": name, "value": told[name]} for name in told])
    except BaseException:
        at.dispose()
        with suppress(OSError):  # a drive that fails does so here too; the error to tell is the first one
            path.unlink(missing_ok=True)
            journal(path).unlink(missing_ok=True)
        key.wipe()
        raise
    at.dispose()


def look(path: Path, *, read_only: bool) -> None:
    """Whether there is a file that could be opened so.

    MissingFileError, NotAProjectError, StorageFailedError, ReadOnlyPlaceError.
    """
    if not path.exists():
        raise MissingFileError(file=path.name)
    if not path.is_file() or path.stat().st_size == 0:
        raise NotAProjectError(file=path.name)
    if not os.access(path, os.R_OK):
        raise StorageFailedError(file=path.name, reason="no permission to read it")
    if not (read_only or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))):
        raise ReadOnlyPlaceError(file=path.name)


def find_key(path: Path, passphrase: str, *, steady: bool = True) -> Key:
    """The key of the file at `path`, tried on the file as it lies. Errors as ProjectFile.open. Not `steady`
    where somebody may be writing meanwhile."""
    return _tried(path, lambda salt, profile: derive(passphrase, salt, profile), steady=steady)


def take_key(path: Path, raw: bytearray) -> Key:
    """`raw`, copied, as the key of the file at `path`, tried like `find_key`."""
    return _tried(path, lambda _salt, _profile: bytearray(raw), steady=True)


def _tried(path: Path, make: Callable[[bytes, KdfProfile], bytearray], *, steady: bool) -> Key:
    with coded(path):
        salt = salt_of(path)
    profile = KdfProfile.of(salt)
    if profile is None:
        raise NotAProjectError(file=path.name)
    size = path.stat().st_size
    if size < pages.PAGE_BYTES:
        raise CutFileError(file=path.name)
    key = Key(make(salt, profile), salt, profile)
    with ExitStack() as undo:
        undo.callback(key.wipe)
        refusal = opens(path, key.key, salt)
        for pause in () if steady else _PAUSES_S:  # a page may have been read half written
            if refusal is None:
                break
            time.sleep(pause)
            refusal = opens(path, key.key, salt)
        unfinished = pages.hot(journal(path))
        _accept(path, key, refusal, unfinished=unfinished)
        if size % pages.PAGE_BYTES and not unfinished:
            raise CutFileError(file=path.name)
        undo.pop_all()
    return key


def older_schema(at: Engine, path: Path, *, read_only: bool) -> str | None:
    """The schema of a file that is to be brought up to date, None for the newest one; SQLite has then undone
    what a crash left unfinished.

    LockedError, NotAProjectError, NewerVersionError, DamagedFileError, UnfinishedWriteError.
    """
    try:
        with coded(path), looking(at) as connection:
            found = _revision(connection, path)
            if found > NEWEST:
                written_by = _meta(connection).get("written_by", "?")
                raise NewerVersionError(file=path.name, written_by=written_by, this=__version__)
    except ReadOnlyPlaceError:
        if read_only:  # what has to be undone cannot be
            raise UnfinishedWriteError(file=path.name) from None
        raise
    if found not in REVISIONS:
        raise DamagedFileError(file=path.name)
    return found if found != NEWEST else None


def sibling(path: Path) -> Path:
    """Where a new file grows that is to take the place of the one at `path`, see anew.py."""
    return path.with_name(path.name + "-new")


def tidy(path: Path) -> None:
    """Remove what a kill leaves: a blank journal (one that is needed stays), and a new file that did not
    take the place of the old one. Only with the claim on the file."""
    fresh = sibling(path)
    with suppress(OSError):
        for place in (fresh, journal(fresh)):
            place.unlink(missing_ok=True)
    beside = journal(path)
    if beside.exists() and not pages.hot(beside):
        with suppress(OSError):  # it does no harm where it is
            beside.unlink()


def about(connection: Connection, path: Path) -> About:
    """What the file says about itself. NotAProjectError if it says too little."""
    told = _meta(connection)
    try:
        artifact_key = bytes.fromhex(told.get("artifact_key", ""))
        return About(told["project_id"], told["created"], int(_revision(connection, path)), artifact_key)
    except (KeyError, ValueError):
        raise NotAProjectError(file=path.name) from None


def _reserve(path: Path) -> None:
    """An empty file of our own, which nobody else may read (on Windows: as the folder's rights say)."""
    if not path.parent.is_dir():
        raise MissingFileError(file=path.parent.name)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise ExistingFileError(file=path.name) from None
    except OSError as error:
        raise _refused(error, path) from error


def _refused(error: OSError, path: Path) -> Exception:
    import errno

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFullError(file=path.name)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return ReadOnlyPlaceError(file=path.name)
    return StorageFailedError(file=path.name, reason=errno.errorcode.get(error.errno or 0, "unknown"))


def _accept(path: Path, key: Key, refusal: dbapi2.Error | None, *, unfinished: bool) -> None:
    """Whether to go on after trying the key. The cases of an unfinished write are SQLite's to undo."""
    if refusal is None:
        return
    kind = (refusal.sqlite_errorcode or 0) & 0xFF
    if kind == dbapi2.SQLITE_NOTADB:
        saved = pages.first_page_in(journal(path)) if unfinished else None
        if saved is None or not pages.fits(saved, 1, key.key, key.salt):
            raise WrongPassphraseError(file=path.name)
    elif kind == dbapi2.SQLITE_CORRUPT:
        if not unfinished:
            raise CutFileError(file=path.name)
    else:
        raise translated(refusal, path)


def _revision(connection: Connection, path: Path) -> str:
    named = text("SELECT name FROM sqlite_schema WHERE name IN ('meta', 'alembic_version')")
    if len(connection.execute(named).all()) != 2:
        raise NotAProjectError(file=path.name)
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if len(found) != 1 or not isinstance(found[0], str):
        raise DamagedFileError(file=path.name)
    return found[0]


def _meta(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(META)).all()
    return {row.name: row.value for row in rows if isinstance(row.value, str)}
