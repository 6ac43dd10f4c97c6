"""How main process and worker talk: JSON headers and payload frames, bounded, never pickled.

A message is one frame of JSON (an object with a ``type``), which announces under ``payload`` how many
bytes follow in frames of at most `FRAME` bytes. Frames are length-prefixed by `multiprocessing`'s
`Connection.send_bytes`. What arrives from the worker is untrusted: names that start so hold it until it
has been checked.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json
from ppdesk.workbench.errors import BadMessageError

if TYPE_CHECKING:
    import pyarrow as pa

ENOUGH = b" enough"  # after the number of a job: it is to end with what it has
FRAME = 4 * 2**20  # bytes; small enough that a cancel is never far away
_PART_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Bounds:
    """What is accepted from the other side. Sizes in bytes."""

    header: int = 16 * 2**20
    payload: int = 8 * 2**30  # of one message
    parts: int = 64  # of one artifact
    messages: int = 200_000  # of one run
    states: int = 500  # that one run keeps
    state: int = 256 * 2**20  # of one of them, without the records it was given
    text: int = 4_000  # characters of a note, a title, an error message


class Pipe(Protocol):
    """The part of `multiprocessing.connection.Connection` that is used here."""

    def send_bytes(self, buf: Any, /) -> None: ...
    def recv_bytes(self, maxlength: int | None = None, /) -> bytes: ...


class Stream:
    """A table as the bytes of an Arrow IPC stream that are made while they are sent: a large table is not
    held a second time."""

    def __init__(self, table: "pa.Table") -> None:
        import pyarrow as pa

        self._table = table
        measured = pa.MockOutputStream()
        self._write(measured)
        self.nbytes: int = measured.size()

    def send(self, pipe: Pipe) -> None:
        import pyarrow as pa

        with pa.BufferedOutputStream(pa.PythonFile(_Sender(pipe), "w"), FRAME) as sink:
            self._write(sink)

    def _write(self, sink: Any) -> None:
        import pyarrow as pa

        with pa.ipc.new_stream(sink, self._table.schema) as writer:
            writer.write_table(self._table, max_chunksize=2**20)


class _Sender(io.RawIOBase):
    """A file whose content goes down a pipe."""

    def __init__(self, pipe: Pipe) -> None:
        super().__init__()
        self._pipe = pipe

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        whole = memoryview(data).cast("B")
        for start in range(0, len(whole), FRAME):
            self._pipe.send_bytes(whole[start : start + FRAME])
        return len(whole)


Payload: TypeAlias = memoryview | Stream


def send(pipe: Pipe, header: Mapping[str, Json], payload: Sequence[Payload] = ()) -> None:
    """Send one message. `payload` pieces are sent one after the other, cut into frames."""
    sizes = [piece.nbytes for piece in payload]
    pipe.send_bytes(json.dumps({**header, "payload": sizes}, allow_nan=False).encode())
    for piece in payload:
        if isinstance(piece, Stream):
            piece.send(pipe)
        elif piece.nbytes:
            _Sender(pipe).write(piece)


def receive(pipe: Pipe, bounds: Bounds) -> tuple[dict[str, Any], list[memoryview]]:
    """One message: (header, payload pieces). BadMessageError for what is malformed or too large.

    EOFError and OSError mean that the other side has gone.
    """
    untrusted_header = _header(_frame(pipe, bounds.header))
    sizes = untrusted_header.get("payload")
    if not isinstance(sizes, list) or len(sizes) > bounds.parts:
        raise BadMessageError(reason="payload list")
    if not all(type(size) is int and size >= 0 for size in sizes) or sum(sizes) > bounds.payload:
        raise BadMessageError(reason="payload size")
    return untrusted_header, [_piece(pipe, size) for size in sizes]


def _frame(pipe: Pipe, limit: int) -> bytes:
    try:
        return pipe.recv_bytes(limit)
    except OSError as error:
        # Connection says "bad message length" for a frame above the limit, and closes itself
        if error.errno is None:
            raise BadMessageError(reason="frame too large") from None
        raise


def _header(raw: bytes) -> dict[str, Any]:
    try:
        untrusted = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadMessageError(reason="not JSON") from None
    if not isinstance(untrusted, dict) or not isinstance(untrusted.get("type"), str):
        raise BadMessageError(reason="no type")
    return untrusted


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _piece(pipe: Pipe, size: int) -> memoryview:
    whole, got = memoryview(bytearray(size)), 0
    while got < size:
        frame = _frame(pipe, FRAME)
        if not frame or got + len(frame) > size:
            raise BadMessageError(reason="frame size")
        whole[got : got + len(frame)] = frame
        got += len(frame)
    return whole


def pack(artifacts: Iterable[Artifact]) -> tuple[list[Json], list[Payload]]:
    """(descriptions, payload) of artifacts: tables as Arrow IPC streams, bytes as they are."""
    described: list[Json] = []
    payload: list[Payload] = []
    for artifact in artifacts:
        parts: list[Json] = []
        for part in artifact.parts:
            content = part.content
            parts.append(
                {"name": part.name, "table": not isinstance(content, bytes), "personal": part.personal}
            )
            payload.append(memoryview(content) if isinstance(content, bytes) else Stream(content))
        described.append({"kind": artifact.kind.value, "head": artifact.head, "parts": parts})
    return described, payload


def unpack(untrusted: object, payload: Sequence[memoryview], bounds: Bounds) -> list[Artifact]:
    """The artifacts that `pack` described. BadMessageError for anything that does not fit together."""
    if not isinstance(untrusted, list) or len(untrusted) > len(Kind):
        raise BadMessageError(reason="artifact list")
    pieces = iter(payload)
    found = [_artifact(item, pieces, bounds) for item in untrusted]
    if next(pieces, None) is not None:
        raise BadMessageError(reason="payload left over")
    return found


def _artifact(untrusted: object, pieces: Iterator[memoryview], bounds: Bounds) -> Artifact:
    if not isinstance(untrusted, dict) or not isinstance(untrusted.get("head"), dict):
        raise BadMessageError(reason="artifact")
    try:
        kind = Kind(str(untrusted.get("kind")))
    except ValueError:
        raise BadMessageError(reason="artifact kind") from None
    untrusted_parts = untrusted.get("parts")
    if not isinstance(untrusted_parts, list) or len(untrusted_parts) > bounds.parts:
        raise BadMessageError(reason="part list")
    parts = tuple(_part(item, pieces) for item in untrusted_parts)
    if len({part.name for part in parts}) != len(parts):
        raise BadMessageError(reason="part named twice")
    return Artifact(kind, untrusted["head"], parts)


def _part(untrusted: object, pieces: Iterator[memoryview]) -> Part:
    if not isinstance(untrusted, dict):
        raise BadMessageError(reason="part")
    name, table, personal = (untrusted.get(key) for key in ("name", "table", "personal"))
    if not (isinstance(name, str) and isinstance(table, bool) and isinstance(personal, bool)):
        raise BadMessageError(reason="part")
    if not _PART_NAME.fullmatch(name):
        raise BadMessageError(reason="part name")
    piece = next(pieces, None)
    if piece is None:
        raise BadMessageError(reason="payload missing")
    return Part(name, _table(piece) if table else piece.tobytes(), personal)


def _table(piece: memoryview) -> "pa.Table":
    import pyarrow as pa

    try:
        table = pa.ipc.open_stream(pa.py_buffer(piece)).read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError):
        raise BadMessageError(reason="Arrow table") from None
    return table


def text(untrusted: object, bounds: Bounds) -> str:
    """A bounded string without control characters. BadMessageError for what is no string."""
    if not isinstance(untrusted, str):
        raise BadMessageError(reason="text")
    clean = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in untrusted)
    return clean[: bounds.text]
