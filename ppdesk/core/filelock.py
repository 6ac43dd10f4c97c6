"""One at a time, across processes: a lock on a file that the system drops when its holder dies."""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 10.0  # seconds; what is done under such a lock takes milliseconds
_PAUSE = 0.01


@contextmanager
def alone(place: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock file `place`, made where it is missing. Not reentrant, also not between threads.

    TimeoutError (an OSError) where somebody else holds it for longer than `patience` seconds; OSError.
    """
    handle = os.open(place, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        until = time.monotonic() + patience
        while not _taken(handle):
            if time.monotonic() >= until:
                raise TimeoutError(errno.ETIMEDOUT, "another program is using it")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    """Try once. OSError for anything but a lock that somebody else holds."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows only
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise
        return False
    return True
