"""A project file: created, opened, added to, read.

Nothing in it is ever changed. One `append` is one durable transaction: when it returns, the event
and its artifacts survive a power cut; when it raises, nothing was recorded.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from sqlalchemy import Connection, Engine, func, insert, select

from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.entropy import Entropy
from ppdesk.core.findings import Finding
from ppdesk.store import access, anew, chain, copy_seal, integrity
from ppdesk.store import artifacts as shelf
from ppdesk.store.claim import Claim
from ppdesk.store.commitments import Opening, close
from ppdesk.store.connection import AS_IT_LIES, coded, engine, looking
from ppdesk.store.copy_errors import AuditorsCopyError, WithheldError
from ppdesk.store.errors import (
    BrokenChainError,
    ClosedProjectError,
    DamagedArtifactError,
    ExistingFileError,
    ReadOnlyPlaceError,
    ReadOnlyProjectError,
    ReplacedFileError,
    StorageFailedError,
    UnfinishedWriteError,
    UnknownArtifactError,
    UnknownEventError,
    UnwritableRecordError,
    WrongPassphraseError,
)
from ppdesk.store.events import Event, EventDraft, committed, opened
from ppdesk.store.kdf import KdfProfile
from ppdesk.store.migrate import migrate
from ppdesk.store.schema import EVENT, OPENING

Admission: TypeAlias = Callable[[KdfProfile], None]


class ProjectFile:
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
    ) -> "ProjectFile":
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
    ) -> "ProjectFile":
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
    def _copy_at(cls, path: Path, passphrase: str) -> "ProjectFile | None":
        """An auditor's copy in a place where nothing can be written, which it needs nothing of."""
        found = cls.open(path, passphrase, read_only=True)
        if found.is_copy:
            return found
        found.close()
        return None

    @classmethod
    def open_with_key(cls, path: Path, raw: bytearray, *, admit: Admission | None = None) -> "ProjectFile":
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
    ) -> "ProjectFile":
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

    def __enter__(self) -> "ProjectFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, draft: EventDraft, artifacts: Sequence[Artifact] = (), *, entropy: Entropy) -> Event:
        """Record one event with what it made; `entropy` salts the commitments. Costs the same at any
        length of the history.

        ReadOnlyProjectError, DiskFullError, UnwritableRecordError, BrokenChainError (the last event
        is not what was recorded, so nothing can follow it).
        """
        self._refuse_if_unwritable()
        try:
            prepared = [shelf.prepare(artifact, self._artifact_key) for artifact in artifacts]
            outputs = {each.kind.value: each.digest for each in prepared}
            openings = close(committed(draft), entropy)
        except ValueError:
            raise UnwritableRecordError(kind=draft.kind) from None
        if len(outputs) != len(prepared):
            raise ValueError("an event makes at most one artifact of each kind")
        with self._writing() as connection:
            seq, prev = self._head(connection)
            try:
                made = chain.link(draft, seq=seq + 1, prev=prev, outputs=outputs, openings=openings)
            except ValueError:
                raise UnwritableRecordError(kind=draft.kind) from None
            for each in prepared:
                shelf.write(connection, each)
            connection.execute(insert(EVENT), {"seq": made.seq, "content": made.content, "hash": made.hash})
            rows = [
                {"seq": made.seq, "field": each.field, "salt": each.salt, "value": each.text}
                for each in openings
            ]
            if rows:
                connection.execute(insert(OPENING), rows)
        return opened(chain.parsed(made), openings, made.hash, file=self.path.name)

    def events(self) -> list[Event]:
        """The whole history, oldest first. BrokenChainError at the first event that does not hold.

        Each content is checked against its hash and the hash before it. Whether the values behind the
        commitments are those that were committed to is checked when an Event is asked for them, and
        canonical form by `verify_chain` and `check` alone.
        """
        with self._reading() as connection:
            links, values = chain.rows(connection)
        prev, made = self._genesis, []
        for number, link in enumerate(links, start=1):
            made.append(self._event(link, values.get(link.seq, ()), number, prev))
            prev = link.hash
        return made

    def sound_events(self) -> tuple[list[Event], int | None]:
        """The history up to where it breaks, and the number of the first event that does not hold; None
        where all do. For telling what still stands; `verify_chain` says what is wrong."""
        with self._reading() as connection:
            links, values = chain.rows(connection)
        prev, made = self._genesis, list[Event]()
        for number, link in enumerate(links, start=1):
            try:
                made.append(self._event(link, values.get(link.seq, ()), number, prev))
            except BrokenChainError:
                return made, number
            prev = link.hash
        return made, None

    def event(self, seq: int) -> Event:
        """One event. UnknownEventError, BrokenChainError."""
        with self._reading() as connection:
            link = self._link(connection, seq)
            rows = connection.execute(_OPENINGS.where(OPENING.c.seq == seq))
            values = tuple(Opening(row.field, row.salt, row.value) for row in rows)
            prev = self._genesis if seq == 1 else self._link(connection, seq - 1).hash
        return self._event(link, values, seq, prev)

    def head(self) -> tuple[int, str]:
        """(sequence, hash) of the last event; (0, the hash that event 1 will name) before there is one."""
        with self._reading() as connection:
            return self._head(connection)

    def hash_at(self, seq: int) -> str:
        """The hash of event `seq`, for `seq` 0 the one that event 1 names. UnknownEventError."""
        if seq == 0:
            return self._genesis
        with self._reading() as connection:
            return self._link(connection, seq).hash

    def artifact(self, digest: str) -> Artifact:
        """An artifact with all its parts, each byte checked. UnknownArtifactError, DamagedArtifactError."""
        with self._found(digest) as connection:
            return shelf.read(connection, digest)

    def artifact_head(self, digest: str) -> tuple[Kind, Head]:
        """Kind and head of an artifact. UnknownArtifactError, DamagedArtifactError."""
        with self._found(digest) as connection:
            return shelf.read_head(connection, digest)

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

    def verify_chain(self) -> list[Finding]:
        """Walk the history from its first event. Empty when it holds; see `chain.verify`."""
        with self._reading() as connection:
            found = integrity.verify_chain(connection, self._genesis)
        return found if self.seal is None else [*found, *self.seal.findings]

    def check(self) -> list[Finding]:
        """Everything: pages, history, every byte of every artifact. Empty when all holds. Takes as long as
        reading the file."""
        return list(self.inspect().findings)

    def inspect(self) -> integrity.Inspection:
        """`check`, with how much was looked at. On fresh connections: what is said is what lies on disk."""
        with self._lock:
            self._refuse_if_gone()
            query = AS_IT_LIES if not (self.read_only or self._claim.shared) else ""
            again = integrity.Again(self.path, self._key, query, self._claim.reading)
            return integrity.inspect(again, self._genesis, self.seal)

    def _head(self, connection: Connection) -> tuple[int, str]:
        row = connection.execute(_LINKS.where(EVENT.c.seq == _LAST)).first()
        if row is None:
            return 0, self._genesis
        last = chain.Link(*row)
        if not chain.holds(last):
            raise BrokenChainError(file=self.path.name, seq=last.seq)
        return last.seq, last.hash

    def _link(self, connection: Connection, seq: int) -> chain.Link:
        row = connection.execute(_LINKS.where(EVENT.c.seq == seq)).first()
        if row is None:
            raise UnknownEventError(file=self.path.name, seq=seq)
        return chain.Link(*row)

    def _event(self, link: chain.Link, values: Sequence[Opening], seq: int, prev: str) -> Event:
        content = chain.sound(link, prev) if link.seq == seq else None
        try:
            if content is not None:
                return opened(content, values, link.hash, file=self.path.name)
        except (AttributeError, KeyError, TypeError, ValueError):
            pass  # hashed by somebody who has the key, but no event
        raise BrokenChainError(file=self.path.name, seq=seq)

    @contextmanager
    def _found(self, digest: str) -> Iterator[Connection]:
        try:
            with self._reading() as connection:
                yield connection
        except (shelf.MissingRowError, shelf.ChangedError) as error:
            if self.seal is not None and self.seal.holds_back(digest):
                raise WithheldError(digest=digest, file=self.path.name) from None
            if isinstance(error, shelf.ChangedError):
                raise DamagedArtifactError(digest=digest, file=self.path.name) from None
            raise UnknownArtifactError(digest=digest, file=self.path.name) from None

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


_LINKS = select(EVENT.c.seq, EVENT.c.content, EVENT.c.hash).order_by(EVENT.c.seq)
_LAST = select(func.max(EVENT.c.seq)).scalar_subquery()
_OPENINGS = select(OPENING).order_by(OPENING.c.seq, OPENING.c.field)
