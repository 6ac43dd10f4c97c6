"""Does everything in a project file hold? Pages, history, artifacts, and the triggers that guard them."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

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

# Above 4 GiB SQLCipher's own page check reports pages that are sound (sqlcipher issue 604). Every page in use
# is checked all the same: the walk through the trees and the reading of the artifacts decrypt each of them.
_PAGE_CHECK_LIMIT = 4 * 1024**3


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


def verify_chain(connection: Connection, genesis: str) -> list[Finding]:
    """Walk the history from its first event. Empty when it holds."""
    links, openings = chain.rows(connection)
    return chain.verify(links, openings, genesis)


def inspect(again: Again, genesis: str, seal: Seal | None = None) -> Inspection:
    """Everything. A question that a damaged page stops is answered with that; the others are still asked."""
    seen: Counter[str] = Counter()
    found: list[Finding] = [] if seal is None else [*seal.findings]
    for question in (_pages, _guards, _history(genesis), _shelves(seal)):
        try:
            found.extend(question(again, seen))
        except CodedError as error:
            found.append(
                Finding(Level.BLOCKING, error.message, error.advice, again.path.name, error.error_code)
            )
    counts = {name: seen[name] for name in ("pages", "events", "values", "artifacts", "chunks", "bytes")}
    return Inspection(tuple(dict.fromkeys(found)), **counts)


def _pages(again: Again, seen: Counter[str]) -> Iterator[Finding]:
    name = again.path.name
    with again.opened() as connection:
        count = connection.execute(text("PRAGMA page_count")).scalar_one()
        size = again.path.stat().st_size
        if size != count * PAGE_BYTES:
            yield _broken(f"{name} has {size} bytes instead of {count * PAGE_BYTES}", name)
        if size <= _PAGE_CHECK_LIMIT:
            for (remark,) in connection.execute(text("PRAGMA cipher_integrity_check")).all():
                yield _broken(f"A page does not hold: {remark}", name)
        for (remark,) in connection.execute(text("PRAGMA quick_check")).all():
            if remark != "ok":
                yield _broken(f"The database is damaged: {remark}", name)
        seen["pages"] = count


def _guards(again: Again, _: Counter[str]) -> Iterator[Finding]:
    named = text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    with again.opened() as connection:
        missing = GUARDS - {name for (name,) in connection.execute(named)}
    if missing:
        title = f"The file no longer refuses changes: {', '.join(sorted(missing))} missing"
        yield _broken(title, again.path.name)


def _history(genesis: str) -> Callable[[Again, Counter[str]], Iterator[Finding]]:
    def question(again: Again, seen: Counter[str]) -> Iterator[Finding]:
        with again.opened() as connection:
            links, openings = chain.rows(connection)
        seen["events"], seen["values"] = len(links), sum(len(own) for own in openings.values())
        yield from chain.verify(links, openings, genesis)

    return question


def _shelves(seal: Seal | None) -> Callable[[Again, Counter[str]], Iterator[Finding]]:
    """Artifacts that an event names must be there, and those that are there must be what they say. In an
    auditor's copy, what its sealed manifest withholds need not be there."""
    absent: Callable[[str, str], bool] = (lambda _artifact, _part: False) if seal is None else seal.withholds

    def question(again: Again, seen: Counter[str]) -> Iterator[Finding]:
        with again.opened() as connection:
            held = [row.digest for row in connection.execute(select(ARTIFACT.c.digest))]
            events = connection.execute(select(EVENT.c.seq, EVENT.c.content).order_by(EVENT.c.seq)).all()
        for digest in held:
            try:
                with again.opened() as connection:
                    sizes = shelf.verify(connection, digest, without=partial(absent, digest))
                seen.update(artifacts=1, chunks=len(sizes), bytes=sum(sizes))
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


def _named(content: str) -> list[tuple[str, str]]:
    try:
        told = parse(content)
        return [*told["inputs"].items(), *told["outputs"].items()]
    except (ValueError, KeyError, AttributeError, TypeError):
        return []  # the walk over the history names such an event


def _broken(title: str, field: str, code: str = "PP-STORE-005") -> Finding:
    return Finding(
        Level.BLOCKING, title, "Compare the file with a backup and with signed reports.", field, code
    )
