"""A project file: added to and read. open_file.py has how it is made, opened and given back.

Nothing in it is ever changed. One `append` is one durable transaction: when it returns, the event
and its artifacts survive a power cut; when it raises, nothing was recorded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, func, insert, select

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.entropy import Entropy
from ppdesk.core.findings import Finding
from ppdesk.store import artifacts as shelf
from ppdesk.store import chain, integrity
from ppdesk.store.commitments import Opening, close
from ppdesk.store.connection import AS_IT_LIES
from ppdesk.store.copy_errors import WithheldError
from ppdesk.store.errors import (
    BrokenChainError,
    DamagedArtifactError,
    UnknownArtifactError,
    UnknownEventError,
    UnwritableRecordError,
)
from ppdesk.store.events import Event, EventDraft, committed, opened
from ppdesk.store.open_file import OpenFile
from ppdesk.store.schema import EVENT, OPENING


class ProjectFile(OpenFile):
    """An open project file: its events, its artifacts, and whether they hold."""

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

    def part(self, digest: str, name: str) -> Part | None:
        """One part of an artifact, None where it has none of that name. Errors as `artifact`."""
        with self._found(digest) as connection:
            return shelf.read_part(connection, digest, name)

    def artifact_head(self, digest: str) -> tuple[Kind, Head]:
        """Kind and head of an artifact. UnknownArtifactError, DamagedArtifactError."""
        with self._found(digest) as connection:
            return shelf.read_head(connection, digest)

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


_LINKS = select(EVENT.c.seq, EVENT.c.content, EVENT.c.hash).order_by(EVENT.c.seq)
_LAST = select(func.max(EVENT.c.seq)).scalar_subquery()
_OPENINGS = select(OPENING).order_by(OPENING.c.seq, OPENING.c.field)
