"""Who has a project file open: one writer, and any number of readers beside it.

SQLite's own locks keep a reader out of a half-written state. But on POSIX they belong to the process and
vanish as soon as it closes *any* handle of the file: a copy made for a backup, a hash over its bytes. So
Linux also holds locks of the kind that belongs to its handle (open file description locks, fcntl(2)), which
the kernel drops when the process dies:

- the *writer's byte*, from opening to closing: there is one writer;
- the *gate*, for as long as one transaction: many readers or the writer. Before it stands the *turn*, which a
  writer that waits keeps, so that readers that come and go cannot hold it up for ever; and readers that wait
  hold the *wish*, which a writer lets pass first, for a moment.

Windows locks belong to their handle anyway: there the writer's byte is held too, and SQLite's own locks are
the gate. Elsewhere (macOS) the writer keeps SQLite's lock from opening to closing, so nobody reads beside it.

The bytes lie in the page at 1 GiB that SQLite keeps free of data for its own locks (the lock-byte page,
sqlite.org/fileformat2.html), beyond those that it uses itself.
"""

import errno
import os
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from ppdesk.store.errors import BusyFileError, LockedError, NoLocksError, ReplacedFileError

_WRITER = (1 << 30) + 1024
_TURN, _GATE, _WISH = _WRITER + 1, _WRITER + 2, _WRITER + 3
_BUSY = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}
_TRIES = 3  # at taking hold of the file that has the name
_PAUSES_S = (0.0005, 0.005)  # between two tries, first and longest
_COURTESY_S = 0.1
WAIT_S = 300.0  # for another window's transaction: a check of a very large file reads for that long


class Claim:
    """A claim on the file at `path`, held until `release`.

    LockedError if another writer has it, NoLocksError (writers) where locks are not kept at all.
    """

    def __init__(self, path: Path, *, exclusive: bool) -> None:
        self._path = path
        self._handle: int | None = None
        self._counting, self._readers = threading.Lock(), 0
        self.locks = True  # whether the place of the file keeps any
        self.gated = False  # whether `reading` and `writing` keep each other out
        self.shared = False  # whether readers live beside a writer here
        for _ in range(_TRIES):
            self._take_hold(path, exclusive=exclusive)
            if self.current():
                return
            self.release()  # between its opening and its claim the file was replaced by another
        raise ReplacedFileError(file=path.name)

    def _take_hold(self, path: Path, *, exclusive: bool) -> None:
        if sys.platform == "linux":
            self._handle = os.open(path, os.O_RDWR if exclusive else os.O_RDONLY)
            try:
                taken = (
                    self._lock(_WRITER, exclusive=True) if exclusive else self._lock(_TURN, exclusive=False)
                )
                if taken and not exclusive:
                    self._unlock(_TURN)
            except OSError as error:
                self._without(error, exclusive=exclusive)
                return
            if exclusive and not taken:
                self._refuse()
            self.gated = self.shared = True
        elif sys.platform == "win32":
            if exclusive:
                self._handle = os.open(path, os.O_RDWR | os.O_BINARY)
                self._take_byte()
            self.shared = True

    def _without(self, error: OSError, *, exclusive: bool) -> None:
        """There are no such locks here. Where there are none of any kind, nobody may write."""
        self.locks = error.errno not in _NO_LOCKS
        if exclusive:
            self.release()
            if not self.locks:
                raise NoLocksError(file=self._path.name) from None

    def _refuse(self) -> None:
        self.release()
        raise LockedError(file=self._path.name)

    def _take_byte(self) -> None:
        """The writer's byte on Windows, where a lock keeps every other handle out."""
        if sys.platform == "win32":
            import msvcrt

            assert self._handle is not None  # noqa: S101  opened just before
            os.lseek(self._handle, _WRITER, os.SEEK_SET)
            try:
                msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
            except OSError:
                self._refuse()

    def current(self) -> bool:
        """Whether the file that was claimed is still the one that has the name: a change of passphrase and
        compacting put a new one in its place."""
        if self._handle is None:
            return True
        try:
            return os.path.samestat(os.fstat(self._handle), self._path.stat())
        except OSError:
            return False

    def moved(self, path: Path) -> None:
        """The file that is claimed has the name `path` now."""
        self._path = path

    def kept(self) -> bool:
        """Whether the place keeps locks: what this writer holds must be refused to another handle."""
        if not self.gated or self._handle is None:
            return self.locks
        mine, self._handle = self._handle, os.open(self._path, os.O_RDONLY)
        try:
            return not self._lock(_WRITER, exclusive=False)
        finally:
            os.close(self._handle)
            self._handle = mine

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While nobody writes; several threads may. BusyFileError after `WAIT_S`."""
        if not self.gated:
            yield
            return
        with self._counting:
            if not self._readers:
                self._enter()
            self._readers += 1
        try:
            yield
        finally:
            with self._counting:
                self._readers -= 1
                if not self._readers:
                    self._unlock(_GATE)

    def _enter(self) -> None:
        self._lock(_WISH, exclusive=False)
        try:
            self._wait(_TURN, exclusive=False)
            self._wait(_GATE, exclusive=False)
        finally:
            self._unlock(_TURN)
            self._unlock(_WISH)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While nobody reads. BusyFileError after `WAIT_S`."""
        if not self.gated:
            yield
            return
        try:
            self._comes(_WISH, exclusive=True, within=_COURTESY_S)
            self._unlock(_WISH)
            self._wait(_TURN, exclusive=True)
            self._wait(_GATE, exclusive=True)
            yield
        finally:
            self._unlock(_GATE)
            self._unlock(_TURN)

    def _wait(self, byte: int, *, exclusive: bool) -> None:
        if not self._comes(byte, exclusive=exclusive, within=WAIT_S):
            raise BusyFileError(file=self._path.name)

    def _comes(self, byte: int, *, exclusive: bool, within: float) -> bool:
        """Whether the byte is ours in time."""
        pause, until = _PAUSES_S[0], time.monotonic() + within
        while not self._lock(byte, exclusive=exclusive):
            if time.monotonic() > until:
                return False
            time.sleep(pause)
            pause = min(2 * pause, _PAUSES_S[1])
        return True

    def _lock(self, byte: int, *, exclusive: bool) -> bool:
        """Whether the byte is ours now. OSError where the file system has no such locks."""
        if sys.platform == "linux":
            import fcntl

            try:
                self._set(byte, fcntl.F_WRLCK if exclusive else fcntl.F_RDLCK)
            except OSError as error:
                if error.errno in _BUSY:
                    return False
                raise
        return True

    def _unlock(self, byte: int) -> None:
        if sys.platform == "linux":
            import fcntl

            with suppress(OSError):  # a lock that a network lost is nobody's
                self._set(byte, fcntl.F_UNLCK)

    def _set(self, byte: int, kind: int) -> None:
        if sys.platform == "linux":
            import fcntl

            assert self._handle is not None  # noqa: S101  only while the claim is held
            wanted = struct.pack("hhqqi4x", kind, os.SEEK_SET, byte, 1, 0)  # struct flock
            fcntl.fcntl(self._handle, fcntl.F_OFD_SETLK, wanted)

    def release(self) -> None:
        """Give the file back. Only after SQLite has closed it: closing this handle drops SQLite's locks."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        self.gated = False

    def __enter__(self) -> "Claim":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
