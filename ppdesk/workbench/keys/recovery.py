"""Into a project without its passphrase: with the escrow file and IT's private key.

That it was opened so stands on record before anything is changed. What else the holder of the key does
with other tools, nothing can record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.mode import Mode
from ppdesk.identity import escrow
from ppdesk.identity.errors import EscrowMismatchError
from ppdesk.workbench import opening
from ppdesk.workbench.keys import passphrases

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from ppdesk.policy.machine import Policy
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.chronicle import Chronicle

KIND = "recover"


@dataclass(frozen=True)
class Recovered:
    """What was done. `standing` is how the file stood to its anchor, and what else to remark."""

    project_id: str
    recipient: str
    events: int
    standing: Sequence[Finding]


def recover(
    path: Path,
    sealed: bytes,
    private: "EllipticCurvePrivateKey",
    new: str,
    *,
    mode: Mode,
    home: Path,
    actor: str,
    policy: "Policy",
    despite_rollback: bool = False,
) -> Recovered:
    """Open the project at `path` with the key in the escrow file `sealed`, and put it under `new`.

    EscrowBrokenError, WrongEscrowKeyError, EscrowMismatchError (another project's, or of another passphrase),
    and what Session.open and Session.change_passphrase raise.
    """
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.connection import coded, salt_of
    from ppdesk.store.errors import MissingFileError, WrongPassphraseError
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.chronicle import Chronicle
    from ppdesk.workbench.session import standing_of

    told = escrow.read(sealed)
    if not path.is_file():
        raise MissingFileError(file=path.name)
    with coded(path):
        salt = salt_of(path)
    if salt != told.salt:
        raise EscrowMismatchError(file=path.name, instead="another project, or an earlier passphrase")
    opening.require_locks(path)
    key = escrow.unseal(sealed, private)
    try:
        project = ProjectFile.open_with_key(path, key, admit=opening.admission(path, mode))
    except WrongPassphraseError:
        raise EscrowMismatchError(file=path.name, instead="another file with the same beginning") from None
    finally:
        key[:] = bytes(len(key))
    with project:
        if project.project_id != told.project_id:
            raise EscrowMismatchError(file=path.name, instead="another project")
        anchors = AnchorBook(home / "anchors")
        standing = standing_of(project, anchors, despite_rollback=despite_rollback)
        chronicle = Chronicle(project, anchors, mode, actor)
        _record(chronicle, told, standing)
        remarks = passphrases.change(project, chronicle, None, new, mode=mode, policy=policy)
        return _told(project, told, [*standing, *remarks])


def _record(chronicle: "Chronicle", told: escrow.Sealed, standing: Sequence[Finding]) -> None:
    params = {"recipient": told.recipient, "sha256": told.sha256, "salt": told.salt.hex()}
    draft = chronicle.draft(KIND, "noted", params=params)
    spoken = any(finding.level is not Level.INFO for finding in standing)
    chronicle.append(replace(draft, findings=tuple(standing)), backwards=spoken)


def _told(project: "ProjectFile", told: escrow.Sealed, standing: Sequence[Finding]) -> Recovered:
    return Recovered(project.project_id, told.recipient, project.head()[0], standing)
