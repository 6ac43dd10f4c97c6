"""XML of files that nobody vouches for: no document type (entity bombs need one), bounded depth."""

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from ppdesk.core.errors import CancelledRunError

_DEEPEST = 64  # elements inside one another
_PIECE = 1 << 16

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class DoctypeError(ValueError):
    """The XML declares a document type; no file that is read here needs one, entity bombs do."""


def feed(
    stream: IO[bytes],
    start: Start,
    end: End,
    text: Text,
    cancelled: Callable[[], bool],
    *,
    encoding: str | None = None,
) -> None:
    """Hand the elements of `stream` to `start(local name, attributes)`, `end`, and `text`. `encoding`
    overrides what the XML says of itself.

    DoctypeError, CancelledRunError, ValueError where elements stand too deep, and what expat raises.
    """
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

    parser = expat.ParserCreate(encoding)
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
