"""Does everything in a project file hold? Pages, history, artifacts, and the triggers that guard them."""

from collections.abc import Callable, Iterable, Iterator
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
from ppdesk.store.pages import PAGE_BYTES
from ppdesk.store.schema import ARTIFACT, EVENT, GUARDS

# Above 4 GiB SQLCipher's own page check reports pages that are sound (sqlcipher issue 604).
_PAGE_CHECK_LIMIT = 4 * 1024**3


def verify_chain(connection: Connection, genesis: str) -> list[Finding]:
    """Walk the history from its first event. Empty when it holds."""
    links, openings = chain.rows(connection)
    return chain.verify(links, openings, genesis)


def check(path: Path, key: Key, genesis: str) -> list[Finding]:
    """Everything, read through a fresh connection: one bad page makes a connection useless for the rest
    (sqlcipher issue 617), so each question gets its own. Sound only while nobody writes.
    """
    found: list[Finding] = []
    for question in (_pages, _guards, _history(genesis), _shelves):
        at = engine(path, key.key, key.salt, read_only=True, fresh=True)
        try:
            with coded(path), at.begin() as connection:
                found.extend(question(connection, path))
        except CodedError as error:
            found.append(Finding(Level.BLOCKING, error.message, error.advice, path.name, error.error_code))
        finally:
            at.dispose()
    return found


def _pages(connection: Connection, path: Path) -> Iterator[Finding]:
    size = path.stat().st_size
    pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    if size != pages * PAGE_BYTES:
        yield _broken(f"{path.name} has {size} bytes instead of {pages * PAGE_BYTES}", path.name)
    if size <= _PAGE_CHECK_LIMIT:
        for (remark,) in connection.execute(text("PRAGMA cipher_integrity_check")).all():
            yield _broken(f"A page does not hold: {remark}", path.name)
    for (remark,) in connection.execute(text("PRAGMA quick_check")).all():
        if remark != "ok":
            yield _broken(f"The database is damaged: {remark}", path.name)


def _guards(connection: Connection, path: Path) -> Iterator[Finding]:
    named = text("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    missing = GUARDS - {name for (name,) in connection.execute(named)}
    if missing:
        yield _broken(f"The file no longer refuses changes: {', '.join(sorted(missing))} missing", path.name)


def _history(genesis: str) -> Callable[[Connection, Path], Iterable[Finding]]:
    def question(connection: Connection, _: Path) -> list[Finding]:
        return verify_chain(connection, genesis)

    return question


def _shelves(connection: Connection, path: Path) -> Iterator[Finding]:
    """Artifacts that an event names must be there, and those that are there must be what they say."""
    held = [row.digest for row in connection.execute(select(ARTIFACT.c.digest))]
    for digest in held:
        try:
            shelf.verify(connection, digest)
        except (shelf.ChangedError, ValueError, TypeError):
            yield _broken(f"Artifact {digest[:12]} is not what was stored", path.name, "PP-STORE-018")
    for row in connection.execute(select(EVENT.c.seq, EVENT.c.content).order_by(EVENT.c.seq)).all():
        for kind, digest in _named(row.content):
            if digest not in held and kind != Kind.HISTORY:
                title = f"Event {row.seq} names an artifact ({kind}) that is not in the file"
                yield _broken(title, f"event {row.seq}", "PP-STORE-017")


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
