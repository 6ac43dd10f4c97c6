"""Looking after a project file: is it whole, what can be saved of it, and making it as small as it can be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk import __version__
from ppdesk.core.clock import stamp
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.mode import Mode
from ppdesk.workbench import clocks, copies, opening
from ppdesk.workbench.evidence.doubts import doubts
from ppdesk.workbench.keys import escrow

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.integrity import Inspection
    from ppdesk.store.project import ProjectFile
    from ppdesk.store.repair import Repaired
    from ppdesk.workbench.chronicle import Chronicle


@dataclass(frozen=True)
class Checked:
    """What a check looked at, and what it found. `inspection.findings` are among `findings`."""

    path: Path
    project_id: str
    created: str
    head: tuple[int, str] | None  # None where the last event is not what was recorded
    inspection: "Inspection"
    anchored: bool  # whether this computer remembers the project
    stamp: str  # of an event made in test mode
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the file."""
        return not any(finding.level is Level.BLOCKING for finding in self.findings)


def check_file(path: Path, passphrase: str, *, home: Path) -> Checked:
    """All that can be checked of the file at `path`, opened for reading only, whatever its chain and its
    anchor say. Raises what ProjectFile.open raises for a file that does not open at all."""
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.project import ProjectFile

    with ProjectFile.open(path, passphrase, read_only=True) as project:
        return check(project, AnchorBook(home / "anchors"))


def check(project: "ProjectFile", anchors: "AnchorBook") -> Checked:
    """The same of an open file."""
    inspection = project.inspect()
    found = [*copies.remarks(project), *inspection.findings]
    marked, head = "", None
    try:
        events, _ = project.sound_events()
        found += [*doubts(events, project.project_id, project.seal), *clocks.out_of_order(events)]
        marked = next((event.stamp for event in events if event.stamp), "")
        head = project.head()
    except CodedError as error:
        found.append(_told(error))
    anchor = None
    try:
        anchor = anchors.read(project.project_id)
        found += _anchored(project, anchors)
    except CodedError as error:
        found.append(_told(error))
    return Checked(
        path=project.path,
        project_id=project.project_id,
        created=project.created,
        head=head,
        inspection=inspection,
        anchored=anchor is not None,
        stamp=marked,
        findings=tuple({(each.title, each.field): each for each in found}.values()),
    )


def _anchored(project: "ProjectFile", anchors: "AnchorBook") -> Sequence[Finding]:
    from ppdesk.store.anchor import compare

    return compare(anchors.read(project.project_id), project)


def _told(error: CodedError) -> Finding:
    return Finding(Level.BLOCKING, error.message, error.advice, code=error.error_code)


def repair_file(
    path: Path, passphrase: str, target: Path, *, mode: Mode, home: Path, actor: str, policy: "Policy"
) -> "Repaired":
    """Save what can be read of the damaged file at `path` into a new one at `target`, which this computer
    then remembers in its place. The damaged file is only read. Where policy asks for escrow, the new key is
    laid down.

    Errors as store.repair.repair; MadeInTestModeError, MadeForRealError, NoLocksError; EscrowPlaceError, with
    no new file.
    """
    from ppdesk.identity.errors import EscrowPlaceError
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.connection import coded, salt_of
    from ppdesk.store.errors import MissingFileError
    from ppdesk.store.events import EventDraft
    from ppdesk.store.kdf import KdfProfile
    from ppdesk.store.project import ProjectFile
    from ppdesk.store.repair import repair
    from ppdesk.workbench.chronicle import Chronicle

    if not path.is_file():
        raise MissingFileError(file=path.name)
    if not target.parent.is_dir():
        raise MissingFileError(file=target.parent.name)
    with coded(path):
        profile = KdfProfile.of(salt_of(path))
    if profile is not None:
        opening.admission(path, mode)(profile)
    opening.require_locks(target.parent)
    anchors = AnchorBook(home / "anchors")

    def recall(project_id: str) -> tuple[int, str] | None:
        try:
            anchor = anchors.read(project_id)
        except CodedError:  # the findings say that nobody remembers the end
            return None
        return None if anchor is None else (anchor.seq, anchor.hash)

    draft = EventDraft(
        time=stamp(mode.clock().now()),
        actor=actor,
        kind="repair",
        code=f"ppdesk {__version__}",
        outcome="opened",
        stamp=mode.stamp,
    )
    done = repair(
        path,
        passphrase,
        target,
        draft=draft,
        entropy=mode.entropy("repair"),
        recall=recall,
    )
    laying = escrow.deposit(policy, done.project_id)
    try:
        with ProjectFile.open(done.path, passphrase) as project:
            if laying is not None:
                project.lay_down(laying)
            anchors.write(project.project_id, *project.head(), backwards=True)
            remarks = [] if laying is None else laying.record(Chronicle(project, anchors, mode, actor))
    except EscrowPlaceError:
        done.path.unlink()
        raise
    return replace(done, findings=(*done.findings, *remarks))


def compact(project: "ProjectFile", chronicle: "Chronicle") -> int:
    """Write the file anew without what is unused in it, on record. The bytes that were gained."""
    gained = project.compact()
    chronicle.append(replace(chronicle.draft("compact", "noted"), params={"gained_bytes": gained}))
    return gained
