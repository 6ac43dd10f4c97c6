"""How a project file is opened: for work where that is safe, otherwise for reading, with the reason."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding
from ppdesk.core.mode import Mode
from ppdesk.workbench.errors import MadeForRealError, MadeInTestModeError

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.store.kdf import KdfProfile
    from ppdesk.store.open_file import Admission
    from ppdesk.store.project import ProjectFile


def open_file(
    path: Path, passphrase: str, *, mode: Mode, read_only: bool, fall_back: bool
) -> "tuple[ProjectFile, str]":
    """The file, and why it is open for reading only although it was to be worked on; empty otherwise.

    With `fall_back` that is done where another window works on the file (LockedError), where it cannot be
    written (ReadOnlyPlaceError), and where its place keeps no locks (NoLocksError). Else these are raised.
    Errors as ProjectFile.open; MadeInTestModeError, MadeForRealError.
    """
    from ppdesk.store.copy_errors import AuditorsCopyError
    from ppdesk.store.errors import LockedError, NoLocksError, ReadOnlyPlaceError
    from ppdesk.store.project import ProjectFile

    if read_only:
        return ProjectFile.open(path, passphrase, read_only=True), ""
    try:
        project = _for_work(path, passphrase, mode)
        return project, AuditorsCopyError(file=path.name).message if project.is_copy else ""
    except (LockedError, NoLocksError, ReadOnlyPlaceError) as error:
        if not fall_back:
            raise
        why = error.message
    return ProjectFile.open(path, passphrase, read_only=True), why


def _for_work(path: Path, passphrase: str, mode: Mode) -> "ProjectFile":
    from ppdesk.store.errors import NoLocksError
    from ppdesk.store.project import ProjectFile

    require_locks(path)
    project = ProjectFile.open(path, passphrase, admit=admission(path, mode))
    if not (project.is_copy or project.keeps_locks()):
        project.close()
        raise NoLocksError(file=path.name)
    return project


def require_locks(path: Path) -> None:
    """NoLocksError for a share that is known to pass no locks on to other computers."""
    from ppdesk.store.errors import NoLocksError
    from ppdesk.store.places import place_of

    if not place_of(path).locks:
        raise NoLocksError(file=path.name)


def admission(path: Path, mode: Mode) -> "Admission":
    """Refuses a project that was made in the other mode, before anything is done to it: MadeInTestModeError,
    MadeForRealError. The profile of its key tells, which cannot be changed without the passphrase."""

    def admit(kdf: "KdfProfile") -> None:
        from ppdesk.store.kdf import KdfProfile

        for_test = kdf is KdfProfile.TEST
        if for_test and mode.test_seed is None:
            raise MadeInTestModeError(file=path.name)
        if not for_test and mode.test_seed is not None:
            raise MadeForRealError(file=path.name)

    return admit


def remarks(project: "ProjectFile") -> list[Finding]:
    """What a person who works in the file is to know of its place."""
    from ppdesk.store.places import place_of

    return [] if project.read_only else place_of(project.path).findings()


def not_yet_said(standing: Sequence[Finding], events: "Sequence[Event]") -> list[Finding]:
    """Those of `standing` that go on record now: what is said of a place is recorded once."""
    from ppdesk.store.places import SHARED

    said = any(
        finding.code == SHARED for event in events if event.kind == "open" for finding in event.findings
    )
    return [finding for finding in standing if not (said and finding.code == SHARED)]
