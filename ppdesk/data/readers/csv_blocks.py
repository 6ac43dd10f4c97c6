"""A text file in blocks of whole rows, as UTF-8, hashed on the way. Memory holds only a few blocks."""

import codecs
import hashlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.errors import FileUnreadableError, WrongEncodingError

PIECE = 4 << 20  # bytes read at a time
ROW_MOST = 64 << 20  # bytes of a row: what a reader must hold at once, and far beyond any record of a person
_QUOTE = 0x22
_SHORT = 1 << 12  # bytes
_NEAR = 1 << 18  # bytes looked at together: what stays near the processor
_MARK = b"\xef\xbb\xbf"  # byte order mark of UTF-8


class Encoding(StrEnum):
    """How a file's bytes mean characters. UTF-8 may start with a byte order mark, UTF-16 must."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    LATIN_1 = "iso-8859-1"
    LATIN_9 = "iso-8859-15"


class HashedFile:
    """The pieces of a file, with SHA-256 and size when all have been taken. A second thread hashes.

    Raises FileUnreadableError, and CancelledRunError when asked to stop.
    """

    def __init__(self, path: Path, cancelled: Callable[[], bool] = lambda: False) -> None:
        self._path, self._cancelled = path, cancelled
        self._hasher = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hasher.hexdigest()

    def pieces(self) -> Generator[bytes, None, None]:
        hashing = ThreadPoolExecutor(1)
        before: Future[None] | None = None
        try:
            for piece in pieces_of(self._path, self._cancelled):
                if before is not None:
                    before.result()
                before = hashing.submit(self._hasher.update, piece)
                self.size += len(piece)
                yield piece
            if before is not None:
                before.result()
        finally:
            # Nobody waits here: left halfway, this may end in a thread that is only beginning, where
            # the garbage collector comes by, and a wait for another thread would never end.
            hashing.shutdown(wait=False)


def pieces_of(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Iterator[bytes]:
    """The pieces of a file. Raises FileUnreadableError, and CancelledRunError when asked to stop."""
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                if cancelled():
                    raise CancelledRunError()
                yield piece
    except OSError as error:
        raise FileUnreadableError(file=path.name, reason=error.strerror or "unknown") from None


def as_utf8(pieces: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    """The pieces in UTF-8, without a byte order mark.

    What `encoding` does not know stays as bytes that are no UTF-8 either, so that whoever splits the rows
    finds the place. Raises WrongEncodingError for UTF-16 without a byte order mark.
    """
    first = True
    if encoding is Encoding.UTF_16:
        yield from _of_utf16(pieces)
        return
    for piece in pieces:
        if encoding is Encoding.UTF_8:
            yield piece.removeprefix(_MARK) if first else piece
        elif piece.isascii():
            yield piece
        else:
            yield piece.decode(encoding.value, "surrogateescape").encode("utf-8", "surrogateescape")
        first = False


def _of_utf16(pieces: Iterator[bytes]) -> Iterator[bytes]:
    decoder = None
    for piece in pieces:
        if decoder is None:
            if piece[:2] not in (b"\xff\xfe", b"\xfe\xff"):
                raise WrongEncodingError(row=1, column=1, encoding=Encoding.UTF_16.value)
            decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        yield decoder.decode(piece).encode("utf-8", "surrogatepass")
    if decoder is not None and decoder.getstate()[0]:
        yield b"\xff"  # half a character at the end


@dataclass(frozen=True)
class Block:
    """Rows as they stand in the file. `overlong`: the beginning of a row, or of blank lines, of more
    than ROW_MOST. `marks_fine`: its quotation marks have been looked at."""

    data: bytes
    overlong: bool = False
    marks_fine: bool = False


def whole_rows(pieces: Iterator[bytes], *, quoting: bool, blank_ends: bool) -> Iterator[Block]:
    """Blocks that end where a row ends (by counting quotation marks); the last one as the file ends.

    `blank_ends`: blank lines at the end of the file are rows too.
    """
    rest = b""
    for piece in pieces:
        data = rest + piece if rest else piece
        cut = row_end(data, quoting=quoting)
        if not blank_ends:
            cut = before_blanks(data, cut)
        if cut:
            yield Block(data[:cut])
        rest = data[cut:]
        if len(rest) > ROW_MOST:
            yield Block(rest, overlong=True)
            return
    if not blank_ends:
        rest = rest.rstrip(b"\r\n")
    if rest:
        yield Block(rest)


def before_blanks(data: bytes, cut: int) -> int:
    """`cut`, or where the blank lines begin that end there: rows or the end of the file may follow them."""
    near = max(0, cut - 4)
    end = near + len(data[near:cut].rstrip(b"\r\n"))
    if end == near:  # many, or nothing else
        end = len(data[:cut].rstrip(b"\r\n"))
    first = data[end : end + 2]
    return min(cut, end + (2 if first == b"\r\n" else 1)) if end else 0


def row_end(data: bytes, *, quoting: bool) -> int:
    """Where the last whole row ends: after its line feed, or carriage return without any. 0: nowhere."""
    mark = b"\n" if b"\n" in data else b"\r"
    stop = len(data) if mark == b"\n" else len(data) - 1  # the next byte tells whether a line feed follows
    at = data.rfind(mark, 0, stop)
    if not quoting or at < 0:
        return at + 1
    odd = _marks(data, 0, at) % 2 == 1
    while at >= 0 and odd:
        mark_at = data.rfind(b'"', 0, at)
        before = data.rfind(mark, 0, mark_at) if mark_at >= 0 else -1
        odd ^= _marks(data, max(before, 0), at) % 2 == 1
        at = before
    return at + 1


def _marks(data: bytes, start: int, stop: int) -> int:
    """Quotation marks between two places. bytes.count goes from mark to mark, which takes long for many."""
    import numpy as np

    if stop - start < _SHORT:
        return data.count(b'"', start, stop)
    codes = np.frombuffer(data, np.uint8)
    return sum(
        int(np.count_nonzero(codes[first : min(first + _NEAR, stop)] == _QUOTE))
        for first in range(start, stop, _NEAR)
    )
