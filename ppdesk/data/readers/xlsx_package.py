"""The zip archive and the XML parts of an Excel workbook (ECMA-376), bounded before anything is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

from ppdesk.core.errors import CancelledRunError
from ppdesk.data.bounds import FREE_UNPACKED, MOST_RATIO, MOST_UNPACKED
from ppdesk.data.errors import (
    DamagedFileError,
    MacroFileError,
    NotThatFormatError,
    PackedTooTightError,
    ProtectedFileError,
    TooLargeError,
    UnsupportedFormatError,
)
from ppdesk.data.readers.formats import WORDS, FileFormat

WHAT = WORDS[FileFormat.EXCEL]
# what zipfile, zlib and expat raise for damaged archives
DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, EOFError, LookupError, ValueError,
    NotImplementedError, RuntimeError, OSError, MemoryError,
)  # fmt: skip
_MOST_PARTS = 10_000
_MOST_SMALL = 512 << 20  # bytes of one part that is held in memory, such as the shared texts
_DEEPEST = 64  # elements inside one another
_PIECE = 1 << 16

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name and the part that holds it."""

    name: str
    part: str


class DoctypeError(ValueError):
    """A part declares a document type; no workbook needs one, entity bombs do."""


class Package:
    """An open workbook. A context manager."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGE:
            raise DamagedFileError(what=WHAT) from None
        try:
            self._names = _checked(self._zip.infolist(), path.stat().st_size)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        return part in self._names

    def parse(
        self,
        part: str,
        *,
        start: Start,
        end: End,
        text: Text,
        cancelled: Callable[[], bool],
        whole: bool = True,
    ) -> None:
        """Hand the elements of `part` to `start(local name, attributes)`, `end`, and `text`.

        `whole` says that the caller holds what it reads. Raises what DAMAGE lists.
        """
        info = self._names[part]
        if whole and info.file_size > _MOST_SMALL:
            raise TooLargeError(
                what=f"{info.file_size >> 20:,} MiB of texts", most=f"{_MOST_SMALL >> 20} MiB"
            )
        with self._zip.open(info) as stream:
            _feed(stream, start, end, text, cancelled)


def _checked(entries: list[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, where the archive is one that is unpacked. What it says of itself is held to later:
    zipfile gives no more bytes of a part than declared, and checks their sum (CRC-32) at its end."""
    names = {info.filename.lstrip("/"): info for info in entries}
    unpacked = sum(info.file_size for info in entries)
    if any(info.flag_bits & 1 for info in entries):
        raise ProtectedFileError()
    if len(entries) > _MOST_PARTS:
        raise TooLargeError(what=f"{len(entries):,} parts", most=f"{_MOST_PARTS:,}")
    if unpacked > MOST_UNPACKED:
        raise TooLargeError(what=f"{unpacked >> 20:,} MiB unpacked", most=f"{MOST_UNPACKED >> 20:,} MiB")
    if unpacked > FREE_UNPACKED and unpacked > MOST_RATIO * size:
        raise PackedTooTightError(ratio=unpacked // max(size, 1))
    if any(PurePosixPath(name).name == "vbaProject.bin" for name in names):
        raise MacroFileError()
    if "xl/workbook.bin" in names:
        raise UnsupportedFormatError(what="a binary Excel workbook (.xlsb)")
    if "content.xml" in names:
        raise UnsupportedFormatError(what="an OpenDocument file")
    if len(names) != len(entries):
        raise DamagedFileError(what=WHAT)
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        raise NotThatFormatError(expected=WHAT)
    return names


def _feed(stream: IO[bytes], start: Start, end: End, text: Text, cancelled: Callable[[], bool]) -> None:
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise ValueError
        start(name.rpartition(":")[2], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def doctype(*_: object) -> None:
        raise DoctypeError

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    while piece := stream.read(_PIECE):
        if cancelled():
            raise CancelledRunError()
        parser.Parse(piece, False)
    parser.Parse(b"", True)
