"""Artifacts in the file: written once per digest, checked each time they are read.

A digest stands in the clear in the chain, and what was redacted must not be guessed from it. So each artifact
gets one more part, its salt: HMAC-SHA256 of its own digest under a key that lies in the project file alone.
The same content has the same digest within a project, and nobody without that key can compute it. An
auditor's copy has the salts of the artifacts that it holds, and not the key.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, insert, select

from ppdesk.core.artifacts import Artifact, Head, Kind, Part
from ppdesk.core.canonical import canonical, parse, sha256_hex
from ppdesk.store.chunks import Pieces, artifact_digest, cut, digest_of, joined, sha256_of
from ppdesk.store.schema import ARTIFACT, CHUNK, PART


class MissingRowError(LookupError):
    """No artifact with that digest."""


class ChangedError(ValueError):
    """What lies in the file is not what the digest says."""


@dataclass(frozen=True)
class Prepared:
    """An artifact ready to be written: encoded before the transaction begins."""

    digest: str
    kind: Kind
    head: str
    parts: tuple[Pieces, ...]


KEY_BYTES = 32
SALT = "salt"  # the part's name


def prepare(artifact: Artifact, key: bytes) -> Prepared:
    """Encode. `key` salts the digest; empty for none. ValueError for a head that JSON cannot say."""
    parts = tuple(cut(part) for part in artifact.parts)
    if any(part.name == SALT for part in parts):
        raise ValueError(f"no part of an artifact is called {SALT}")
    if key:
        salt = hmac.digest(key, bytes.fromhex(artifact_digest(artifact, parts)), "sha256")
        parts = (*parts, cut(Part(SALT, salt)))
    head = canonical(artifact.head).decode()
    return Prepared(artifact_digest(artifact, parts), artifact.kind, head, parts)


def write(connection: Connection, prepared: Prepared) -> None:
    """Add the rows, unless an artifact of this digest is there already."""
    present = select(ARTIFACT.c.digest).where(ARTIFACT.c.digest == prepared.digest)
    if connection.execute(present).first() is not None:
        return
    row = {"digest": prepared.digest, "kind": prepared.kind.value, "head": prepared.head}
    connection.execute(insert(ARTIFACT), row)
    for position, part in enumerate(prepared.parts):
        described = {
            "artifact": prepared.digest,
            "position": position,
            "name": part.name,
            "media": part.media,
            "personal": int(part.personal),
            "sha256": part.sha256,
            "bytes": part.size,
        }
        connection.execute(insert(PART), described)
        for number, data in enumerate(part.chunks):
            place = {"artifact": prepared.digest, "part": position, "number": number}
            connection.execute(insert(CHUNK), {**place, "sha256": sha256_hex(data), "data": data})


def read_head(connection: Connection, digest: str) -> tuple[Kind, Head]:
    """Kind and head. MissingRowError, ChangedError."""
    row, _ = _described(connection, digest)
    return Kind(row.kind), parse(row.head)


def read(connection: Connection, digest: str) -> Artifact:
    """The whole artifact. MissingRowError, ChangedError."""
    row, parts = _described(connection, digest)
    return Artifact(
        Kind(row.kind),
        parse(row.head),
        tuple(joined(_pieces(connection, part)) for part in parts if part.name != SALT),
    )


def read_part(connection: Connection, digest: str, name: str) -> Part | None:
    """One part alone; None where the artifact has none of that name. MissingRowError, ChangedError."""
    _, parts = _described(connection, digest)
    wanted = next((part for part in parts if part.name == name and name != SALT), None)
    return None if wanted is None else joined(_pieces(connection, wanted))


def verify(connection: Connection, digest: str) -> None:
    """Read every byte and compare it with its hash, without decoding. MissingRowError, ChangedError."""
    _, parts = _described(connection, digest)
    for part in parts:
        checked(digest, part.sha256, _chunks(connection, part))


@dataclass(frozen=True)
class Extent:
    """How a part lies in the file."""

    name: str
    position: int
    sha256: str  # of its chunks, one after the other
    chunks: int


def extents(connection: Connection, digest: str) -> list[Extent]:
    """The parts of an artifact. MissingRowError, ChangedError."""
    _, parts = _described(connection, digest)
    found = []
    for part in parts:
        own = (CHUNK.c.artifact == digest, CHUNK.c.part == part.position)
        last = connection.execute(select(func.max(CHUNK.c.number)).where(*own)).scalar()
        found.append(Extent(part.name, part.position, part.sha256, 0 if last is None else last + 1))
    return found


def stretch(connection: Connection, digest: str, position: int, start: int, stop: int) -> list[bytes]:
    """Chunks `start` to before `stop` of a part, as they lie there."""
    own = (CHUNK.c.artifact == digest, CHUNK.c.part == position)
    wanted = select(CHUNK.c.data).where(*own, CHUNK.c.number >= start, CHUNK.c.number < stop)
    return list(connection.execute(wanted.order_by(CHUNK.c.number)).scalars())


def _described(connection: Connection, digest: str) -> tuple[Row[str], list[Row[str]]]:
    row = connection.execute(select(ARTIFACT).where(ARTIFACT.c.digest == digest)).first()
    if row is None:
        raise MissingRowError(digest)
    wanted = select(PART).where(PART.c.artifact == digest).order_by(PART.c.position)
    parts = list(connection.execute(wanted))
    told = [(part.name, part.media, bool(part.personal), part.sha256) for part in parts]
    try:
        same = digest_of(row.kind, parse(row.head), told) == digest
    except (AttributeError, TypeError, ValueError):  # not even of the right type
        same = False
    if not same:
        raise ChangedError(digest)
    return row, parts


def _chunks(connection: Connection, part: "Row[str]") -> Iterable[bytes]:
    wanted = select(CHUNK.c.data).where(CHUNK.c.artifact == part.artifact, CHUNK.c.part == part.position)
    rows = connection.execution_options(yield_per=1).execute(wanted.order_by(CHUNK.c.number))
    return (row.data for row in rows)


def checked(digest: str, sha256: str, chunks: Iterable[bytes]) -> None:
    """ChangedError unless the pieces of a part of artifact `digest` have the hash `sha256`."""
    try:
        same = sha256_of(chunks) == sha256
    except TypeError:  # a chunk that is no bytes
        same = False
    if not same:
        raise ChangedError(digest)


def _pieces(connection: Connection, part: "Row[str]") -> Pieces:
    chunks = list(_chunks(connection, part))
    checked(part.artifact, part.sha256, chunks)
    return Pieces(part.name, part.media, bool(part.personal), chunks)
