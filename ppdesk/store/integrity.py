"""Does everything in a project file hold? Pages, history, artifacts, and the triggers that guard them."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Connection, select, text

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import parse
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.store import artifacts as shelf
from ppdesk.store import chain
from ppdesk.store.access import Key
from ppdesk.store.connection import coded, engine
from ppdesk.store.copy_seal import Seal
from ppdesk.store.pages import PAGE_BYTES
from ppdesk.store.schema import ARTIFACT, EVENT, GUARDS

# Above 4 GiB SQLCipher's own page check reports pages that are sound (sqlcipher issue 604).
_PAGE_CHECK_LIMIT = 4 * 1024**3
_STRETCH = 32  # chunks of a few MiB that are read while a writer is kept out
_TASK = 2  # chunks that a thread reads at a time
_THREADS = 4


@dataclass(frozen=True)
class Inspection:
    """What a check found, and how much it looked at. `findings` is empty when all holds."""

    findings: tuple[Finding, ...]
    pages: int  # of 4 KiB
    events: int
    values: int  # that open a commitment
    artifacts: int
    chunks: int
    bytes: int  # of all chunks


@dataclass(frozen=True)
class Again:
    """The file at `path`, to be opened again beside a connection. `query` as in `connection.engine`;
    `gate` keeps a writer out for as long as one question takes."""

    path: Path
    key: Key
    query: str
    gate: Callable[[], AbstractContextManager[None]]

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """A fresh connection: one bad page makes a connection useless for the rest (sqlcipher issue 617)."""
        with self.gate():
            at = engine(self.path, self.key.key, self.key.salt, read_only=True, shared=True, query=self.query)
            try:
                with coded(self.path), at.begin() as connection:
                    yield connection
            finally:
                at.dispose()


Question: TypeAlias = Callable[[Again, Counter[str]], Iterator[Finding]]


def verify_chain(connection: Connection, genesis: str) -> list[Finding]:
    """Walk the history from its first event. Empty when it holds."""
    links, openings = chain.rows(connection)
    return chain.verify(links, openings, genesis)


def inspect(again: Again, genesis: str, seal: Seal | None = None) -> Inspection:
    """Everything. A question that a damaged page stops is answered with that; the others are still asked."""
    seen: Counter[str] = Counter()

    def answer(question: Question) -> list[Finding]:
        found: list[Finding] = []
        try:
            found.extend(question(again, seen))
        except CodedError as error:
            found.append(_told(error, again))
        return found

    with ThreadPoolExecutor(1) as beside:  # SQLCipher computes without Python's lock
        pages = beside.submit(answer, _pages)
        others = [answer(question) for question in (_guards, _history(genesis), _shelves(seal))]
        found = [*pages.result(), *(finding for some in others for finding in some)]
    if seal is not None:
        found = [*seal.findings, *found]
    counts = {name: seen[name] for name in ("pages", "events", "values", "artifacts", "chunks", "bytes")}
    return Inspection(tuple(dict.fromkeys(found)), **counts)


def _pages(again: Again, seen: Counter[str]) -> Iterator[Finding]:
    name = again.path.name
    with again.opened() as connection:
        count = connection.execute(text("PRAGMA page_count")).scalar_one()
        size = again.path.stat().st_size
        if size != count * PAGE_BYTES:
            yield _broken(f"{name} has {size} bytes instead of {count * PAGE_BYTES}", name)
        unused = connection.execute(text("PRAGMA freelist_count")).scalar_one()
        seen["pages"] = count
    # the walk reads, and so decrypts and authenticates, each page that is in use
    try:
        with again.opened() as connection:
            remarks = connection.execute(text("PRAGMA quick_check")).scalars().all()
        damaged = [_broken(f"The database is damaged: {said}", name) for said in remarks if said != "ok"]
    except CodedError as error:
        damaged = [_told(error, again)]
    if (damaged or unused) and size <= _PAGE_CHECK_LIMIT:  # which pages they are, and those not in use
        with again.opened() as connection:
            for (remark,) in connection.execute(text("PRAGMA cipher_integrity_check")).all():
                yield _broken(f"A page does not hold: {remark}", name)
    yield from damaged


def _guards(again: Again, _: Counter[str]) -> Iterator[Finding]:
    named = text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    with again.opened() as connection:
        missing = GUARDS - {name for (name,) in connection.execute(named)}
    if missing:
        title = f"The file no longer refuses changes: {', '.join(sorted(missing))} missing"
        yield _broken(title, again.path.name)


def _history(genesis: str) -> Question:
    def question(again: Again, seen: Counter[str]) -> Iterator[Finding]:
        with again.opened() as connection:
            links, openings = chain.rows(connection)
        seen["events"], seen["values"] = len(links), sum(len(own) for own in openings.values())
        yield from chain.verify(links, openings, genesis)

    return question


def _shelves(seal: Seal | None) -> Question:
    """Artifacts that an event names must be there, and those that are there must be what they say. In an
    auditor's copy, what its sealed manifest withholds need not be there."""
    absent: Callable[[str, str], bool] = (lambda _artifact, _part: False) if seal is None else seal.withholds

    def question(again: Again, seen: Counter[str]) -> Iterator[Finding]:
        with again.opened() as connection:
            held = [row.digest for row in connection.execute(select(ARTIFACT.c.digest))]
            events = connection.execute(select(EVENT.c.seq, EVENT.c.content).order_by(EVENT.c.seq)).all()
        for digest in held:
            try:
                _verify(again, digest, partial(absent, digest), seen)
                seen["artifacts"] += 1
            except (shelf.ChangedError, ValueError, TypeError):
                title = f"Artifact {digest[:12]} is not what was stored"
                yield _broken(title, again.path.name, "PP-STORE-018")
            except CodedError as error:
                yield _broken(f"Artifact {digest[:12]} cannot be read: {error.message}", again.path.name)
        for row in events:
            for kind, digest in _named(row.content):
                if digest not in held and kind != Kind.HISTORY and not absent(digest, ""):
                    title = f"Event {row.seq} names an artifact ({kind}) that is not in the file"
                    yield _broken(title, f"event {row.seq}", "PP-STORE-017")

    return question


def _verify(again: Again, digest: str, without: Callable[[str], bool], seen: Counter[str]) -> None:
    """Read every byte of an artifact and compare it with its hash. In stretches, so that a writer is not kept
    out for long; what is in the file never changes, so they need not be of one moment."""
    with again.opened() as connection:
        parts = shelf.extents(connection, digest)
    for part in parts:
        if not without(part.name):
            shelf.checked(digest, part.sha256, _chunks(again, digest, part, seen))


def _chunks(again: Again, digest: str, part: shelf.Extent, seen: Counter[str]) -> Iterator[bytes]:
    """The chunks of a part in order. Threads decrypt them while the caller hashes."""

    def read(start: int) -> list[bytes]:
        with again.opened() as connection:
            return shelf.stretch(connection, digest, part.position, start, start + _TASK)

    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        for begin in range(0, part.chunks, _STRETCH):
            with again.gate():
                for some in pool.map(read, range(begin, min(begin + _STRETCH, part.chunks), _TASK)):
                    for chunk in some:
                        seen.update(chunks=1, bytes=len(chunk))
                        yield chunk


def _named(content: str) -> list[tuple[str, str]]:
    try:
        told = parse(content)
        return [*told["inputs"].items(), *told["outputs"].items()]
    except (ValueError, KeyError, AttributeError, TypeError):
        return []  # the walk over the history names such an event


def _told(error: CodedError, again: Again) -> Finding:
    return Finding(Level.BLOCKING, error.message, error.advice, again.path.name, error.error_code)


def _broken(title: str, field: str, code: str = "PP-STORE-005") -> Finding:
    return Finding(
        Level.BLOCKING, title, "Compare the file with a backup and with signed reports.", field, code
    )
