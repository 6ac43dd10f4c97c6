"""What can be read of a damaged project file, each piece proved by its hash."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert

from ppdesk.core.canonical import parse, sha256_hex
from ppdesk.store import artifacts as shelf
from ppdesk.store import chain
from ppdesk.store.carve import Cell, Pages, Value
from ppdesk.store.chunks import digest_of
from ppdesk.store.commitments import Opening
from ppdesk.store.events import reads
from ppdesk.store.schema import ARTIFACT, CHUNK, PART
from ppdesk.store.strict import strict


@dataclass
class Found:
    """The rows of a damaged file. Events are sound by themselves; the rest is proved where it is used."""

    meta: dict[str, str] = field(default_factory=dict)
    events: dict[int, tuple[chain.Link, dict[str, Any]]] = field(default_factory=dict)
    openings: dict[int, dict[str, Opening]] = field(default_factory=lambda: defaultdict(dict))
    artifacts: dict[str, tuple[str, str]] = field(default_factory=dict)  # digest: (kind, head)
    parts: dict[str, dict[int, tuple[str, str, int, str, int]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    chunks: dict[tuple[str, int], dict[int, Cell]] = field(default_factory=lambda: defaultdict(dict))


def gather(source: Pages) -> Found:
    """Everything that lies on a page that holds. Chunks are only located: together they may be large."""
    found = Found()
    for cell in source.cells():
        count, first = source.first_values(cell)
        match (cell.table, count, first):
            case (True, 5, [str() as artifact, int() as part, int() as number, str()]):
                found.chunks[artifact, part][number] = cell
            case (True, 2 | 3, _) | (False, 4 | 7, _):
                _sort(found, cell.table, source.record(cell) or [])
    return found


def _sort(found: Found, table: bool, row: list[Value]) -> None:
    match (table, row):
        case (True, [None, str() as content, str() as hash_]):
            _event(found, content, hash_)
        case (True, [str() as digest, str() as kind, str() as head]):
            found.artifacts[digest] = (kind, head)
        case (True, [("project_id" | "created") as name, str() as value]):
            found.meta[str(name)] = value
        case (False, [int() as seq, str() as name, bytes() as salt, str() as value]):
            found.openings[seq][name] = Opening(name, salt, value)
        case (False, [str() as digest, int() as position, str() as name, str() as media, int() as personal,
                      str() as sha256, int() as size]):  # fmt: skip
            found.parts[digest][position] = (name, media, personal, sha256, size)


def _event(found: Found, content: str, hash_: str) -> None:
    link = chain.Link(0, content, hash_)
    if not chain.holds(link):
        return
    try:
        told = strict(content)
    except ValueError:
        return
    if reads(told):
        found.events[told["seq"]] = (link._replace(seq=told["seq"]), told)


def write_artifact(connection: Connection, source: Pages, found: Found, digest: str) -> None:
    """Copy an artifact, each byte checked; undo the transaction on an error. MissingRowError, ChangedError
    (a part of it is lost)."""
    if digest not in found.artifacts:
        raise shelf.MissingRowError(digest)
    kind, head = found.artifacts[digest]
    parts = sorted(found.parts[digest].items())
    told = [(name, media, bool(personal), sha256) for _, (name, media, personal, sha256, _) in parts]
    try:
        same = digest_of(kind, parse(head), told) == digest
    except (AttributeError, TypeError, ValueError):
        same = False
    if not same or [position for position, _ in parts] != list(range(len(parts))):
        raise shelf.ChangedError(digest)
    connection.execute(insert(ARTIFACT), {"digest": digest, "kind": kind, "head": head})
    for position, (name, media, personal, sha256, size) in parts:
        row = {"artifact": digest, "position": position, "name": name, "media": media}
        row |= {"personal": personal, "sha256": sha256, "bytes": size}
        connection.execute(insert(PART), row)
        shelf.checked(digest, sha256, _copied(connection, source, found, (digest, position)))


def _copied(connection: Connection, source: Pages, found: Found, place: tuple[str, int]) -> Iterator[bytes]:
    """The pieces of a part, each written when it is drawn."""
    artifact, part = place
    for number, cell in sorted(found.chunks[place].items()):
        match source.record(cell):
            case [_, _, _, _, bytes() as data]:
                row = {"artifact": artifact, "part": part, "number": number, "data": data}
                connection.execute(insert(CHUNK), {**row, "sha256": sha256_hex(data)})
                yield data
            case _:
                raise shelf.ChangedError(artifact)
