"""Small files that a verb reads or writes by itself: certificates and keys."""

import os
from pathlib import Path

from ppdesk.cli.errors import UnreadableFileError, UnwritableFileError


def read_small(place: Path, most: int) -> bytes:
    """At most `most` bytes of the file at `place`. UnreadableFileError."""
    try:
        with place.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnreadableFileError(name=place.name, reason=error.strerror or "unknown") from None
    if len(data) > most:
        raise UnreadableFileError(name=place.name, reason="it is larger than any such file")
    return data


def write_new(place: Path, data: bytes) -> None:
    """`data` at `place`, for its owner only; nothing is replaced. UnwritableFileError."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnwritableFileError(name=place.name, reason=error.strerror or "unknown") from None
