"""The fault layer (faults.c) from Python: built, armed, and its journal read."""

import ctypes
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")
HEAD = struct.Struct("=c5Q")


class Kind(IntEnum):
    """What happens at the chosen write point; the numbers are those of faults.c."""

    COUNT = 0
    KILL = 1
    KILL_HALF = 2
    FULL_ONCE = 3
    FULL_ON = 4
    EIO_ONCE = 5
    EIO_ON = 6
    JOURNAL = 7


KILLS = (Kind.KILL, Kind.KILL_HALF)
FULL = (Kind.FULL_ONCE, Kind.FULL_ON)
BROKEN = (Kind.EIO_ONCE, Kind.EIO_ON)


def build(folder: Path) -> Path:
    """The layer as a library in `folder`. SystemExit with words where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        sys.exit("A C compiler is needed: as root run `installer/system-packages test`, or install gcc.")
    place = folder / "faults.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", place, SOURCE], check=True
    )
    return place


class Layer:
    """The layer in this process, which was started with it."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(os.environ["LD_PRELOAD"])
        self._library.faults_count.restype = ctypes.c_long
        self._library.faults_arm.argtypes = (ctypes.c_char_p, ctypes.c_int, ctypes.c_long, ctypes.c_int)

    def arm(self, folder: Path, kind: Kind, at: int, journal: int = -1) -> None:
        """From now on count the write points under `folder`; at number `at` let `kind` happen."""
        self._library.faults_arm(os.fsencode(folder), kind, at, journal)

    def disarm(self) -> None:
        self._library.faults_arm(None, 0, 0, -1)

    def count(self) -> int:
        """How many write points there were since the layer was armed."""
        return int(self._library.faults_count())

    def note(self, words: str) -> None:
        """Put words between the calls in the journal."""
        self._library.faults_note(words.encode())


@dataclass(frozen=True)
class Call:
    """One call as the journal has it: w(rite) t(runcate) s(ync) o(pen, new) u(nlink) r(ename) l(ink)
    m(kdir) n(ote). `offset` is the length for t."""

    call: str
    inode: int
    offset: int
    path: str
    other: str
    data: bytes


def calls(journal: Path) -> Iterator[Call]:
    """The journal's calls, in order."""
    raw, at = journal.read_bytes(), 0
    while at < len(raw):
        call, inode, offset, *lengths = HEAD.unpack_from(raw, at)
        at += HEAD.size
        parts = []
        for length in lengths:
            parts.append(raw[at : at + length])
            at += length
        yield Call(call.decode(), inode, offset, os.fsdecode(parts[0]), os.fsdecode(parts[1]), parts[2])
