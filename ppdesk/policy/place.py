"""Where the policy of a machine lies, and reading it only from where no user could have put it."""

import os
import stat
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ppdesk.policy.errors import PolicyPlaceError, PolicyUnreadableError

MOST_BYTES = 2**20
VARIABLE = "PPDESK_POLICY"
SOMEBODY = "whoever looks after this computer"  # where no policy says whom to ask
_MOST_LINKS = 40
_NAMES = ("ppdesk", "policy.toml")
_PROGRAM_DATA = UUID("62AB5D82-FDC1-4DC3-A9DD-070D1D495D97")  # FOLDERID_ProgramData of Windows


@dataclass(frozen=True)
class Place:
    """A file of the machine. With `owner` (a user's number) the file and every folder from `top` down to it
    must belong to that user and be writable by nobody else; None where the system has no such numbers."""

    path: Path
    owner: int | None = 0
    top: Path = Path("/")

    def read(self) -> bytes | None:
        """What the file holds, cut after MOST_BYTES + 1; None where there is none.

        PolicyPlaceError: somebody else may have written it. PolicyUnreadableError.
        """
        if self.owner is None:
            return read_file(self.path, absent_ok=True)
        return self._read_owned(self.owner)

    def _read_owned(self, owner: int) -> bytes | None:
        found = _Walk(self.path, self.top, owner)
        if not found.exists:
            if found.folder_exists and found.objection:  # whoever may write there may have taken it away
                raise self._misplaced(found.objection)
            return None
        if found.objection:
            raise self._misplaced(found.objection)
        return read_file(found.real, absent_ok=False, shown=self.path)

    def _misplaced(self, reason: str) -> PolicyPlaceError:
        return PolicyPlaceError(place=str(self.path), reason=reason, contact=SOMEBODY)


def machine_place() -> Place:
    """Where this system keeps the policy. No variable that a user can set has a say in it."""
    if sys.platform == "win32":
        return Place(_program_data().joinpath(*_NAMES), owner=None)
    if sys.platform == "darwin":
        return Place(Path("/Library/Application Support").joinpath(*_NAMES))
    return Place(Path("/etc").joinpath(*_NAMES))


def read_file(path: Path, *, absent_ok: bool, shown: Path | None = None) -> bytes | None:
    """The plain file at `path`, cut after MOST_BYTES + 1. PolicyUnreadableError; None where it is absent and
    may be."""
    try:
        return _plain(path)
    except OSError as error:
        if absent_ok and isinstance(error, FileNotFoundError) and not os.path.lexists(path):
            return None
        reason = error.strerror or "it is no plain file"
        raise PolicyUnreadableError(place=str(shown or path), reason=reason, contact=SOMEBODY) from None


def _plain(path: Path) -> bytes:
    # a pipe or a device in its place must not make the program wait
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "it is no plain file")
        return file.read(MOST_BYTES + 1)


class _Walk:
    """The way to a file, piece by piece and through every link, with the first objection on it."""

    def __init__(self, path: Path, top: Path, owner: int) -> None:
        self.objection = ""
        self.exists = False
        self.folder_exists = os.path.lexists(path.parent)
        self.real = top
        self._owner, self._shown, self._links = owner, path, 0
        self._go(top, deque(path.relative_to(top).parts))

    def _go(self, top: Path, pieces: deque[str]) -> None:
        self._judge(top, self._look(top))
        while pieces:
            here = self.real / pieces.popleft()
            try:
                seen = os.lstat(here)
            except FileNotFoundError:
                folder = self._shown.parent
                if os.path.lexists(self._shown) or (self.folder_exists and not folder.exists()):
                    raise self._unreadable("a link leads nowhere") from None
                return
            except OSError as error:
                raise self._unreadable(error.strerror or "it cannot be looked at") from None
            self._judge(here, seen)
            if stat.S_ISLNK(seen.st_mode):
                self._follow(here, pieces)
            else:
                self.real = here
        self.exists = True

    def _follow(self, link: Path, pieces: deque[str]) -> None:
        self._links += 1
        if self._links > _MOST_LINKS:
            raise self._unreadable("its links go round in circles")
        target = link.readlink()
        pieces.extendleft(reversed([piece for piece in target.parts if piece != target.anchor]))
        if target.is_absolute():
            self.real = Path("/")
            self._judge(self.real, self._look(self.real))

    def _look(self, folder: Path) -> os.stat_result:
        try:
            return os.lstat(folder)
        except OSError as error:
            raise self._unreadable(error.strerror or "it cannot be looked at") from None

    def _judge(self, path: Path, seen: os.stat_result) -> None:
        if self.objection:
            return
        if seen.st_uid != self._owner:
            self.objection = f"{path} does not belong to the administrator"
        elif not stat.S_ISLNK(seen.st_mode) and seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            self.objection = f"others than the administrator may write {path}"

    def _unreadable(self, reason: str) -> PolicyUnreadableError:
        return PolicyUnreadableError(place=str(self._shown), reason=reason, contact=SOMEBODY)


def _program_data() -> Path:
    """The folder that Windows itself knows as ProgramData, for all users."""
    import ctypes

    shell: Callable[..., int] = ctypes.windll.shell32.SHGetKnownFolderPath  # type: ignore[attr-defined]  # Windows only
    free: Callable[..., None] = ctypes.windll.ole32.CoTaskMemFree  # type: ignore[attr-defined]  # Windows only
    which = ctypes.create_string_buffer(_PROGRAM_DATA.bytes_le, 16)
    found = ctypes.c_wchar_p()
    failed = shell(which, 0, None, ctypes.byref(found))
    try:
        if failed or not found.value:
            raise PolicyUnreadableError(
                place="policy.toml", reason="Windows does not say where ProgramData is", contact=SOMEBODY
            )
        return Path(found.value)
    finally:
        free(found)
