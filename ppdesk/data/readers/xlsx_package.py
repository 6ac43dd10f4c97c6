"""The zip archive and the XML parts of an Excel workbook (ECMA-376), bounded before anything is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from ppdesk.data.errors import (
    DamagedFileError,
    MacroFileError,
    NotThatFormatError,
    TooLargeError,
    UnsupportedFormatError,
)
from ppdesk.data.readers.archive import check_parts
from ppdesk.data.readers.formats import WORDS, FileFormat
from ppdesk.data.readers.markup import End, Start, Text, feed

WHAT = WORDS[FileFormat.EXCEL]
# what zipfile, zlib and expat raise for damaged archives
DAMAGE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, EOFError, LookupError, ValueError,
    NotImplementedError, RuntimeError, OSError, MemoryError,
)  # fmt: skip
_MOST_SMALL = 512 << 20  # bytes of one part that is held in memory, such as the shared texts


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name and the part that holds it."""

    name: str
    part: str


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
            feed(stream, start, end, text, cancelled)


def _checked(entries: list[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, where the archive is one that is unpacked."""
    names = {info.filename.lstrip("/"): info for info in entries}
    check_parts(entries, size)
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
