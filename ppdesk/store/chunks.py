"""A part of an artifact as bytes in pieces of a few MiB, and back.

A table becomes Parquet, one file per run of rows, with fixed settings: the same table gives the
same bytes with the same pyarrow. Bytes are cut as they are. A part's hash is the SHA-256 of its
pieces, one after the other.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Part
from ppdesk.core.canonical import Json, digest

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET = "application/vnd.apache.parquet"
BYTES = "application/octet-stream"
CHUNK_BYTES = 4 * 1024 * 1024  # of a piece of bytes; a piece of Parquet is at most twice this
_THREADS = 4  # runs of rows encoded at a time at most
_CELLS = 1_000_000  # of a first run of rows: a few MiB for the usual width


@dataclass(frozen=True)
class Pieces:
    """A part as it is stored."""

    name: str
    media: str
    personal: bool
    chunks: Sequence[bytes]

    @property
    def sha256(self) -> str:
        return sha256_of(self.chunks)

    @property
    def size(self) -> int:
        return sum(len(chunk) for chunk in self.chunks)


def sha256_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 of the pieces, one after the other."""
    running = hashlib.sha256()
    for chunk in chunks:
        running.update(chunk)
    return running.hexdigest()


def cut(part: Part) -> Pieces:
    """The part as it will be stored."""
    content = part.content
    if isinstance(content, bytes):
        view = [content[start : start + CHUNK_BYTES] for start in range(0, len(content), CHUNK_BYTES)]
        return Pieces(part.name, BYTES, part.personal, view)
    return Pieces(part.name, PARQUET, part.personal, _parquet(content))


def joined(pieces: Pieces) -> Part:
    """The part that `pieces` are."""
    if pieces.media == BYTES:
        return Part(pieces.name, b"".join(pieces.chunks), pieces.personal)
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.ParquetFile(pa.BufferReader(chunk)).read() for chunk in pieces.chunks]
    return Part(pieces.name, pa.concat_tables(tables), pieces.personal)


def artifact_digest(artifact: Artifact, parts: Sequence[Pieces]) -> str:
    """What identifies an artifact: SHA-256 of the canonical form of its kind, head and parts."""
    return digest_of(
        artifact.kind.value,
        artifact.head,
        [(part.name, part.media, part.personal, part.sha256) for part in parts],
    )


def digest_of(kind: str, head: Json, parts: Iterable[tuple[str, str, bool, str]]) -> str:
    """The same from what is written of the parts: (name, media, personal, sha256) each."""
    described: list[Json] = [
        {"name": name, "media": media, "personal": personal, "sha256": sha256}
        for name, media, personal, sha256 in parts
    ]
    return digest({"kind": kind, "head": head, "parts": described})


def _parquet(table: "pa.Table") -> list[bytes]:
    """Runs of rows in order; in several threads, as most of the time of storing a table goes here."""
    step = max(1, _CELLS // max(1, table.num_columns))
    starts = range(0, max(1, table.num_rows), step)
    if len(starts) == 1:
        return list(_runs(table))
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as threads:
        found = threads.map(lambda start: list(_runs(table.slice(start, step))), starts)
        return [piece for pieces in found for piece in pieces]


def _runs(rows: "pa.Table") -> Iterator[bytes]:
    """One piece, or several where the cells are so long that one would be too large."""
    data = _written(rows)
    if len(data) <= 2 * CHUNK_BYTES or rows.num_rows < 2:
        yield data
        return
    half = rows.num_rows // 2
    yield from _runs(rows.slice(0, half))
    yield from _runs(rows.slice(half))


def _written(rows: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(
        rows.combine_chunks(),
        sink,
        row_group_size=max(1, rows.num_rows),
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=False,
        store_schema=True,  # so that large strings, dictionaries and time zones come back as they were
    )
    return bytes(sink.getvalue())
