"""Where a project last stood, kept outside its file, so that an old copy does not go unnoticed.

SQLCipher proves that nobody without the key changed a page; it cannot tell an old page or an old
file from the newest one. The anchor can: it is written after the durable commit, so it must be a
prefix of the chain. A file ahead of its anchor is fine and said; a file behind it is a rollback;
another hash at the same place is a fork. Whoever can write both file and anchor can undo both:
against that stand the signed reports, which carry the chain's head too.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ppdesk.core.canonical import canonical, sha256_hex
from ppdesk.core.durable import make_folder, write_private
from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.store.errors import AnchorBackwardsError, AnchorUnreadableError, ForkError, RollbackError


@dataclass(frozen=True)
class Anchor:
    """The last event that this computer knows to be recorded. `seq` 0 is the empty chain."""

    project_id: str
    seq: int
    hash: str


class Chain(Protocol):
    """What a comparison needs of a project file."""

    @property
    def path(self) -> Path: ...

    @property
    def is_copy(self) -> bool: ...

    def head(self) -> tuple[int, str]: ...

    def hash_at(self, seq: int) -> str: ...


def compare(anchor: Anchor | None, chain: Chain) -> list[Finding]:
    """What to say about a file beside its anchor. RollbackError, ForkError when they disagree.

    An auditor's copy stays as it is while the project goes on, so being behind is no rollback; whether what
    came since is a fork, nothing in the copy can tell.
    """
    file = chain.path.name
    seq, _ = chain.head()
    if anchor is None:
        return [
            Finding(
                Level.INFO,
                said("This computer has not seen this project before"),
                said("It cannot tell whether the file is the newest one. A signed report can vouch for it."),
                code="PP-STORE-101",
            )
        ]
    if seq < anchor.seq and chain.is_copy:
        return [
            Finding(
                Level.INFO,
                "The project has gone on since this copy was made",
                f"This computer remembers event {anchor.seq}, the copy ends at event {seq}.",
                code="PP-STORE-103",
            )
        ]
    if seq < anchor.seq:
        raise RollbackError(file=file, found=seq, known=anchor.seq)
    if chain.hash_at(anchor.seq) != anchor.hash:
        raise ForkError(file=file, seq=anchor.seq)
    if seq == anchor.seq:
        return []
    return [
        Finding(
            Level.INFO,
            f"{seq - anchor.seq} events are new to this computer",
            f"It remembers event {anchor.seq}, the file ends at event {seq}: work done elsewhere, "
            "or an interruption between recording and remembering.",
            code="PP-STORE-102",
        )
    ]


@dataclass(frozen=True)
class AnchorBook:
    """The anchors in a person's data folder, one small file per project."""

    folder: Path

    def read(self, project_id: str) -> Anchor | None:
        """The anchor of a project, None if there is none. AnchorUnreadableError if it is damaged."""
        place = self._place(project_id)
        try:
            text = place.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            raise AnchorUnreadableError(file=place.name) from None
        try:
            told = json.loads(text)
            anchor = Anchor(told["project"], told["seq"], told["hash"])
        except (ValueError, KeyError, TypeError):
            raise AnchorUnreadableError(file=place.name) from None
        well_typed = isinstance(anchor.seq, int) and isinstance(anchor.hash, str)
        if anchor.project_id != project_id or not well_typed:
            raise AnchorUnreadableError(file=place.name)
        return anchor

    def write(self, project_id: str, seq: int, hash_: str, *, backwards: bool = False) -> None:
        """Remember the head, durably: after a crash there is the old anchor or the new one.

        AnchorBackwardsError where the book knows a later event, or another one of the same number;
        AnchorUnreadableError where it cannot tell. `backwards` writes all the same: only after a person
        was told and said so. OSError.
        """
        known = None if backwards else self.read(project_id)
        if known is not None and (seq < known.seq or (seq == known.seq and hash_ != known.hash)):
            raise AnchorBackwardsError(known=known.seq, seq=seq)
        place = self._place(project_id)
        make_folder(self.folder)
        write_private(place, canonical({"hash": hash_, "project": project_id, "seq": seq}))

    def _place(self, project_id: str) -> Path:
        # hashed: an id comes out of a file that somebody else may have made
        return self.folder / f"{sha256_hex(project_id.encode())[:32]}.anchor.json"
