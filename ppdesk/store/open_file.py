"""The file of a project: made, opened, claimed, given back, and put under another passphrase.

What it holds is project.py's matter. Every transaction on it goes through `_reading` or `_writing` here.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from sqlalchemy import Connection, Engine

from ppdesk.core.entropy import Entropy
from ppdesk.store import access, anew, chain, copy_seal
from ppdesk.store import artifacts as shelf
from ppdesk.store.claim import Claim
from ppdesk.store.connection import coded, engine, looking
from ppdesk.store.copy_errors import AuditorsCopyError
from ppdesk.store.errors import (
    ClosedProjectError,
    ExistingFileError,
    ReadOnlyPlaceError,
    ReadOnlyProjectError,
    ReplacedFileError,
    StorageFailedError,
    UnfinishedWriteError,
    WrongPassphraseError,
)
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.migrate import migrate

Admission: TypeAlias = Callable[[KdfProfile], None]


class OpenFile:
    """An open project file. Threads may share it; they take turns."""

    def __init__(self, path: Path, key: access.Key, at: Engine, claim: Claim, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._key = key
        self._engine = at
        self._claim = claim
        self._lock = threading.RLock()
        self._closed = False
        with self._reading() as connection:
            about = access.about(connection, path)
            self.seal = copy_seal.examine(connection, about.project_id, about.created)
        self.project_id = about.project_id
        self.created = about.created
        self.schema_version = about.schema_version
        self._artifact_key = about.artifact_key
        self._genesis = chain.genesis(about.project_id, about.created)

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        *,
        project_id: str,
        created: str,
        entropy: Entropy,
        kdf: KdfProfile = KdfProfile.STANDARD,
        before: access.Escrow | None = None,
    ) -> Self:
        """A new file at `path`, readable by its owner only. `created` is a stamp (core.clock). `before` gets
        key and salt before anything is written; what it raises is raised, and nothing is made.

        ExistingFileError, MissingFileError (no such folder), ReadOnlyPlaceError, DiskFullError,
        EmptyPassphraseError, WeakKeyError (the TEST profile outside the test mode).
        """
        if path.exists():  # before a key for it is laid down anywhere
            raise ExistingFileError(file=path.name)
        key = access.new_key(passphrase, kdf, entropy)
        access.lay_down(key, before)
        access.create(
            path, key, project_id=project_id, created=created, artifact_key=entropy.take(shelf.KEY_BYTES)
        )
        return cls._entered(path, Claim(path, exclusive=True), lambda: key, read_only=False)

    @classmethod
    def open(
        cls, path: Path, passphrase: str, *, read_only: bool = False, admit: Admission | None = None
    ) -> Self:
        """The file at `path`. Takes one key derivation, whatever the length of the history.

        One writer and any number of readers may have it open at once; a reader sees what was committed when
        it asks. `admit` gets the key's profile once the key fits, before anything is undone or migrated for
        writing; what it raises is raised.

        MissingFileError, NotAProjectError, WrongPassphraseError, CutFileError, DamagedFileError,
        NewerVersionError, LockedError (another writer), ReadOnlyPlaceError, NoLocksError,
        UnfinishedWriteError, BusyFileError, MigrationFailedError: in each case the file is as it was. A file
        of an older schema is brought up to date, unless it is opened read-only; a backup beside it names the
        schema it had.
        """
        try:
            access.look(path, read_only=read_only)
        except ReadOnlyPlaceError:
            copy = cls._copy_at(path, passphrase)
            if copy is None:
                raise
            return copy
        claim = Claim(path, exclusive=not read_only)
        steady = claim.gated or not read_only
        return cls._entered(
            path,
            claim,
            lambda: access.find_key(path, passphrase, steady=steady),
            read_only=read_only,
            admit=admit,
        )

    @classmethod
    def _copy_at(cls, path: Path, passphrase: str) -> Self | None:
        """An auditor's copy in a place where nothing can be written, which it needs nothing of."""
        found = cls.open(path, passphrase, read_only=True)
        if found.is_copy:
            return found
        found.close()
        return None

    @classmethod
    def open_with_key(cls, path: Path, raw: bytearray, *, admit: Admission | None = None) -> Self:
        """The file at `path` by its key itself (32 bytes, from escrow), to be written to. `raw` stays the
        caller's to wipe. Errors as `open`; WrongPassphraseError for another file's key."""
        access.look(path, read_only=False)
        claim = Claim(path, exclusive=True)
        return cls._entered(path, claim, lambda: access.take_key(path, raw), read_only=False, admit=admit)

    @classmethod
    def _entered(
        cls,
        path: Path,
        claim: Claim,
        find_key: Callable[[], access.Key],
        *,
        read_only: bool,
        admit: Admission | None = None,
    ) -> Self:
        with ExitStack() as undo:
            undo.callback(claim.release)
            with claim.reading():
                key = find_key()
            undo.callback(key.wipe)
            if not read_only and copy_seal.is_copy(path, key.key, key.salt):
                claim.release()
                claim, read_only = Claim(path, exclusive=False), True
                undo.callback(claim.release)
            if admit is not None and not read_only:
                admit(key.profile)
            if not read_only:
                undo.callback(access.tidy, path)
            at = _engine(path, key, claim, read_only=read_only)
            undo.callback(at.dispose)
            with claim.reading():
                older = access.older_schema(at, path, read_only=read_only)
            if older is not None and not read_only:
                with claim.writing():
                    migrate(at, path.resolve(), key, older)
            if not read_only:
                access.tidy(path)
            made = cls(path, key, at, claim, read_only=read_only)
            undo.pop_all()
            return made

    @property
    def is_copy(self) -> bool:
        """Whether this is an auditor's copy: for reading only, and sealed (see `seal`)."""
        return self.seal is not None

    @property
    def kdf(self) -> KdfProfile:
        """How the key was made from the passphrase."""
        return self._key.profile

    @property
    def salt(self) -> bytes:
        """The file's first 16 bytes: another passphrase has another salt."""
        return self._key.salt

    def keeps_locks(self) -> bool:
        """Whether the place of the file keeps locks, as far as one computer can try."""
        return self._claim.kept()

    def opened_with(self, passphrase: str) -> bool:
        """Whether `passphrase` is the file's own. Takes one key derivation. EmptyPassphraseError."""
        with self._lock:
            if self._closed:
                raise ClosedProjectError(file=self.path.name)
            return access.same(self._key, passphrase)

    def looking(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads, for the store's other modules."""
        return self._reading()

    def lay_down(self, escrow: access.Escrow) -> None:
        """Hand the key and its salt to `escrow`, which keeps no copy of it in the clear."""
        with self._lock:
            if self._closed:
                raise ClosedProjectError(file=self.path.name)
            escrow(self._key.key, self._key.salt)

    def close(self) -> None:
        """Give the file back. It is complete by itself: no other file is left beside it. The key is
        wiped from memory, as far as Python lets one."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._engine.dispose()
            self._key.wipe()
            if not self.read_only:
                access.tidy(self.path)
            self._claim.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def change_passphrase(
        self,
        old: str,
        new: str,
        *,
        entropy: Entropy,
        kdf: KdfProfile | None = None,
        before: access.Escrow | None = None,
    ) -> None:
        """Put the file under the passphrase `new`, with a fresh salt; `kdf` None keeps the profile. Who
        is to know of it appends an event. Takes as long as writing the whole file twice, and as much room
        as the file has. `before` gets the new key and salt before they are put to use; what it raises is
        raised, and the old passphrase stays.

        A kill at any moment leaves a file that opens with the old or with the new passphrase and holds
        every event. Copies made earlier still open with the old one.

        WrongPassphraseError (`old` is not the one in use), EmptyPassphraseError, WeakKeyError,
        ReadOnlyProjectError, DiskFullError, StorageFailedError: the old one stays in use.
        """
        self._refuse_if_unwritable()
        with self._lock:
            if not access.same(self._key, old):
                raise WrongPassphraseError(file=self.path.name)
            self.set_passphrase(new, entropy=entropy, kdf=kdf, before=before)

    def set_passphrase(
        self,
        new: str,
        *,
        entropy: Entropy,
        kdf: KdfProfile | None = None,
        before: access.Escrow | None = None,
    ) -> None:
        """`change_passphrase` without the old one: for a file that was opened with its key."""
        self._refuse_if_unwritable()
        with self._lock:
            fresh = access.new_key(new, kdf or self.kdf, entropy)
            access.lay_down(fresh, before)
            try:
                self._anew(fresh)
            except BaseException:
                fresh.wipe()
                raise

    def compact(self) -> int:
        """Write the file anew without what is unused in it. Returns the bytes that were gained.

        A kill at any moment leaves the old file or the new one. ReadOnlyProjectError, DiskFullError (as
        much room as the file has is needed), DamagedFileError, StorageFailedError: the file is as it was.
        """
        self._refuse_if_unwritable()
        with self._lock:
            before = self.path.stat().st_size
            self._anew(None)
            return before - self.path.stat().st_size

    def _refuse_if_gone(self) -> None:
        if self._closed:
            raise ClosedProjectError(file=self.path.name)
        if not self._claim.current():
            raise ReplacedFileError(file=self.path.name)

    def _refuse_if_unwritable(self) -> None:
        if self._closed:
            raise ClosedProjectError(file=self.path.name)
        if self.seal is not None:
            raise AuditorsCopyError(file=self.path.name)
        if self.read_only:
            raise ReadOnlyProjectError(file=self.path.name)

    def _anew(self, fresh: access.Key | None) -> None:
        """The file written anew, under `fresh` if given; then this object is open on the new one."""
        path = self.path.resolve()  # a link stays a link
        place = anew.write(self._engine, path, self._key, fresh)
        claim = Claim(place, exclusive=True)
        self._engine.dispose()
        try:
            anew.put(place, path)
        except OSError as error:
            claim.release()
            place.unlink(missing_ok=True)
            raise StorageFailedError(file=self.path.name, reason=error.strerror or "unknown") from error
        else:
            claim.moved(path)
            was, self._claim = self._claim, claim
            if fresh is not None:
                self._key.wipe()
                self._key = fresh
        finally:
            self._engine = _engine(self.path, self._key, self._claim, read_only=False)
        was.release()  # last, so that the file was never nobody's

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock:
            self._refuse_if_unwritable()
            with self._claim.writing(), coded(self.path), self._engine.begin() as connection:
                yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._lock:
            self._refuse_if_gone()
            try:
                with self._claim.reading(), coded(self.path), looking(self._engine) as connection:
                    yield connection
            except ReadOnlyPlaceError:
                if self.read_only:  # a writer died, and what it left cannot be undone from here
                    raise UnfinishedWriteError(file=self.path.name) from None
                raise


def _engine(path: Path, key: access.Key, claim: Claim, *, read_only: bool) -> Engine:
    # without any lock a reader looks at each journal, but cannot keep a writer elsewhere out
    query = "" if claim.locks else "mode=ro&nolock=1"
    return engine(path, key.key, key.salt, read_only=read_only, shared=claim.shared, query=query)
