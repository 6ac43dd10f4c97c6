"""Laying a project's key down in escrow, where the machine's policy asks for it.

The escrow file of a key lies in its folder before the key is put to use: a kill at any moment leaves one for
whatever key the project file has. The event that names it follows; where a kill came in between, the next
opening lays the key down once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.durable import write_private
from ppdesk.core.findings import Finding, Level
from ppdesk.identity import escrow
from ppdesk.identity.errors import EscrowPlaceError

if TYPE_CHECKING:
    from ppdesk.policy.machine import Policy
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.chronicle import Chronicle

KIND = "escrow"


@dataclass
class Deposit:
    """Lays the keys of one project down. To be handed to the store, which calls it before it uses a key."""

    public_pem: bytes
    folder: Path
    required: bool
    project_id: str
    made: escrow.Sealed | None = field(default=None, init=False)
    failed: EscrowPlaceError | None = field(default=None, init=False)

    def __call__(self, key: bytearray, salt: bytes) -> None:
        """Seal `key` and write the escrow file durably. EscrowPlaceError, if escrow is required."""
        sealed = escrow.seal(key, salt, self.project_id, self.public_pem)
        try:
            write_private(self.folder / sealed.name, sealed.data)
        except OSError as error:
            self.failed = EscrowPlaceError(reason=error.strerror or "unknown")
            if self.required:
                raise self.failed from None
        else:
            self.made = sealed

    def record(self, chronicle: "Chronicle") -> list[Finding]:
        """Put on record what was laid down. What could not be is a remark; the next opening tries again."""
        if self.made is not None:
            params = {
                "recipient": self.made.recipient,
                "sha256": self.made.sha256,
                "salt": self.made.salt.hex(),
                "file": self.made.name,
            }
            chronicle.append(chronicle.draft(KIND, "noted", params=params))
            self.made = None
        if self.failed is None:
            return []
        words = "The next opening tries again."
        return [Finding(Level.CAUTION, self.failed.message, words, code=self.failed.error_code)]


def deposit(policy: "Policy", project_id: str) -> Deposit | None:
    """What lays the keys of `project_id` down under `policy`; None if that asks for no escrow."""
    rule = policy.rules.escrow
    if rule is None:
        return None
    return Deposit(rule.public_key.encode(), Path(rule.folder), rule.required, project_id)


def renew(policy: "Policy", project: "ProjectFile", chronicle: "Chronicle") -> list[Finding]:
    """At an opening for work: lay the key down unless an event says that it was, to the key that policy names
    now, and the file of that event still lies there. EscrowPlaceError, if escrow is required. Remarks
    otherwise."""
    wanted = deposit(policy, project.project_id)
    if wanted is None:
        return []
    to = escrow.recipient(wanted.public_pem)
    laid = _laid_down(chronicle.events, project.salt, to)
    if laid is not None and _lies_there(wanted.folder, laid):
        return []
    project.lay_down(wanted)
    return wanted.record(chronicle)


def _laid_down(events: "Sequence[Event]", salt: bytes, recipient: str) -> "Event | None":
    return next(
        (
            event
            for event in reversed(events)
            if event.kind == KIND
            and event.plain.get("salt") == salt.hex()
            and event.plain.get("recipient") == recipient
        ),
        None,
    )


def _lies_there(folder: Path, laid: "Event") -> bool:
    """Whether the escrow file of the event `laid` is in `folder`. An event can be about another folder: of a
    policy somebody wrote for themselves. A folder that is out of reach, or may not be read, is believed to
    have it: it is looked at again at the next opening."""
    try:
        with (folder / Path(str(laid.plain.get("file"))).name).open("rb") as file:
            data = file.read(escrow.MOST_BYTES + 1)
    except FileNotFoundError:
        return not folder.is_dir()
    except (OSError, ValueError):
        return True
    return sha256_hex(data) == laid.plain.get("sha256")
