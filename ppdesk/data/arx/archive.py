"""The zip archive of an ARX project: parts by name, as text, as XML, or copied. No name of a part becomes the
name of a file."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from ppdesk.core.errors import CodedError
from ppdesk.data.arx.errors import (
    ArxPartTooLargeError,
    DamagedArxPartError,
    MissingArxPartError,
    NotArxProjectError,
)
from ppdesk.data.errors import FileUnreadableError
from ppdesk.data.readers.archive import check_parts
from ppdesk.data.readers.markup import DoctypeError, feed
from ppdesk.data.readers.xlsx_package import DAMAGE

_MOST_TEXT = 64 << 20  # bytes of a part that is held as a text: a definition, a hierarchy
_MOST_ELEMENTS = 1_000_000
_MOST_WORDS = 1 << 20  # characters of one element
_PIECE = 1 << 20
FALLBACK = "windows-1252"  # what Java wrote by default where the system did not say UTF-8


@dataclass
class Element:
    """An element of a part: its own text, and what it holds."""

    name: str
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """The text of its first element `name`."""
        return next((one.text for one in self.inside if one.name == name), None)

    def all(self, *path: str) -> Iterator["Element"]:
        """All elements that `path` leads to."""
        if not path:
            yield self
            return
        for one in self.inside:
            if one.name == path[0]:
                yield from one.all(*path[1:])


class Archive:
    """An open project. A context manager."""

    def __init__(self, path: Path, cancelled: Callable[[], bool]) -> None:
        """NotArxProjectError, FileUnreadableError, and what `check_parts` raises."""
        self._cancelled = cancelled
        try:
            size = path.stat().st_size
            self._zip = zipfile.ZipFile(path)
        except OSError as error:
            raise FileUnreadableError(file=path.name, reason=error.strerror or "unknown") from None
        except DAMAGE:
            raise NotArxProjectError(file=path.name, reason="it is no zip archive") from None
        try:
            entries = self._zip.infolist()
            check_parts(entries, size)
        except BaseException:
            self._zip.close()
            raise
        self._parts = {info.filename: info for info in entries}
        if len(self._parts) != len(entries):
            self._zip.close()
            raise NotArxProjectError(file=path.name, reason="a part is in it twice")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        return part in self._parts

    def text(self, part: str) -> tuple[str, bool]:
        """(the part as text, whether it was not UTF-8). Missing-, Damaged-, ArxPartTooLargeError."""
        data = self._bytes(part)
        try:
            return data.decode("utf-8-sig"), False
        except UnicodeDecodeError:
            pass
        try:
            return data.decode(FALLBACK), True
        except UnicodeDecodeError:
            raise DamagedArxPartError(part=part, reason=f"it is neither UTF-8 nor {FALLBACK}") from None

    def xml(self, part: str, root: str) -> Element:
        """The part as its root element, which is called `root`. Same errors as `text`."""
        found = Element("")
        open_: list[Element] = [found]
        count = 0

        def start(name: str, _attributes: dict[str, str]) -> None:
            nonlocal count
            count += 1
            if count > _MOST_ELEMENTS:
                raise ValueError
            made = Element(name)
            open_[-1].inside.append(made)
            open_.append(made)

        def end(_name: str) -> None:
            open_.pop()

        def said(text: str) -> None:
            open_[-1].text += text
            if len(open_[-1].text) > _MOST_WORDS:
                raise ValueError

        stream = io.BytesIO(self.text(part)[0].encode())
        try:
            feed(stream, start, end, said, self._cancelled, encoding="utf-8")
        except CodedError:
            raise
        except DoctypeError:
            raise DamagedArxPartError(
                part=part, reason="it declares a document type, as ARX never does"
            ) from None
        except DAMAGE:
            raise DamagedArxPartError(part=part, reason="it is not well-formed XML") from None
        if not found.inside or found.inside[0].name != root:
            raise DamagedArxPartError(part=part, reason=f"it does not begin with {root}")
        return found.inside[0]

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, a MiB at a time. MissingArxPartError, DamagedArxPartError."""
        if part not in self._parts:
            raise MissingArxPartError(part=part)
        try:
            with self._zip.open(self._parts[part]) as stream:
                yield from _read(stream)
        except DAMAGE:
            raise DamagedArxPartError(part=part, reason="it is damaged") from None

    def _bytes(self, part: str) -> bytes:
        if part in self._parts and self._parts[part].file_size > _MOST_TEXT:
            raise ArxPartTooLargeError(part=part, most=_MOST_TEXT >> 20)
        return b"".join(self.pieces(part))


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
