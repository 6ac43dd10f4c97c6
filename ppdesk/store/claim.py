"""Who has a project file open: one writer, or any number of readers.

SQLite's own locks say the same, but on POSIX they belong to the process and vanish as soon as the
process closes *any* handle of the file: a copy made for a backup, a hash over its bytes. So a second
lock is held on one byte far beyond the file's end and beyond SQLite's lock bytes. On Linux it belongs
to its own handle (open file description lock, fcntl(2)), and the kernel drops it when the process dies.

Windows locks belong to their handle anyway, so there SQLite's suffice. Where a file system or another
POSIX system knows no such lock, SQLite's remain alone.
"""

import errno
import os
import struct
import sys
from pathlib import Path
from types import TracebackType

from ppdesk.store.errors import LockedError

_BYTE = 1 << 62  # SQLite locks around 1 << 30
_BUSY = {errno.EAGAIN, errno.EACCES}


class Claim:
    """A claim on the file at `path`, held until `release`. LockedError if somebody's claim forbids it."""

    def __init__(self, path: Path, *, exclusive: bool) -> None:
        self._handle: int | None = None
        if sys.platform != "linux":
            return
        import fcntl

        handle = os.open(path, os.O_RDWR if exclusive else os.O_RDONLY)
        kind = fcntl.F_WRLCK if exclusive else fcntl.F_RDLCK
        wanted = struct.pack("hhqqi4x", kind, os.SEEK_SET, _BYTE, 1, 0)  # struct flock
        try:
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
        except OSError as error:
            os.close(handle)
            if error.errno in _BUSY:
                raise LockedError(file=path.name) from None
            return  # this file system has no such locks
        self._handle = handle

    def release(self) -> None:
        """Give the file back. Only after SQLite has closed it: closing this handle drops SQLite's locks."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> "Claim":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
