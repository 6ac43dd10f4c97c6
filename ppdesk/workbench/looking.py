"""Rows about people on a screen: each view is an event before anybody sees it."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Kind
from ppdesk.workbench.errors import (
    LookNotRecordedError,
    NoRowsInCopyError,
    NoSuchEventError,
    NothingToShowError,
    NothingYetError,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from ppdesk.store.project import ProjectFile
    from ppdesk.workbench.chronicle import Chronicle

LOOK = "look"  # kind of the event
SAVED = "saved"  # what is shown: rows that were written to a file of their own
FIGURES = "figures"  # what is shown: counts and figures of a run that has not been made
_WORD = re.compile(r"[a-z][a-z-]{0,39}")


@dataclass(frozen=True)
class Views:
    """What was shown in this session. The record says it once for each part of an artifact."""

    project: "ProjectFile"
    chronicle: "Chronicle"
    _shown: set[tuple[str, str, str]] = field(default_factory=set)

    def show(self, kind: Kind, part: str, what: str, *, seq: int | None, why_not: str) -> "pa.Table":
        """See Session.look. `why_not` says in words why the project is only read, where it is known."""
        if not _WORD.fullmatch(what):
            raise ValueError("a word for what is shown, in small letters")
        if self.chronicle.is_copy:
            raise NoRowsInCopyError(file=self.project.path.name)
        if self.chronicle.read_only:
            reason = why_not.rstrip(".") or "the project is open for reading only"
            raise LookNotRecordedError(part=part, kind=kind.value, reason=reason[0].lower() + reason[1:])
        start = self._start(kind, seq)
        for digest in self._line(kind, start):
            found = self.project.part(digest, part)
            if found is not None and not isinstance(found.content, bytes):
                self._record(kind, part, what, digest)
                return found.content
        raise NothingToShowError(kind=kind.value, part=part)

    def _start(self, kind: Kind, seq: int | None) -> str:
        if seq is None:
            digest = self.chronicle.held().get(kind)
            if digest is None:
                raise NothingYetError(kind=kind.value, maker=f"the step that makes a {kind}")
            return digest
        event = next((event for event in self.chronicle.events if event.seq == seq), None)
        if event is None or kind not in event.outputs:
            raise NoSuchEventError(seq=seq)
        return event.outputs[kind]

    def _line(self, kind: Kind, start: str) -> list[str]:
        """The artifact and those of its kind that it was made from: a cleaned table's rejected rows lie with
        the table that was imported."""
        made_from = {
            event.outputs[kind]: event.inputs[kind]
            for event in self.chronicle.events
            if kind in event.outputs and kind in event.inputs
        }
        found = [start]
        while (earlier := made_from.get(found[-1])) is not None and earlier not in found:
            found.append(earlier)
        return found

    def figures(self, kind: Kind, digest: str) -> None:
        """Put on record that figures of an artifact are shown before a run, once in a session."""
        if self.chronicle.is_copy:
            raise NoRowsInCopyError(file=self.project.path.name)
        if self.chronicle.read_only:
            raise LookNotRecordedError(
                part=FIGURES, kind=kind.value, reason="the project is open for reading only"
            )
        self._record(kind, FIGURES, FIGURES, digest)

    def _record(self, kind: Kind, part: str, what: str, digest: str) -> None:
        shown = (digest, part, SAVED if what == SAVED else "")  # a file is another matter than a screen
        if shown in self._shown:
            return
        params = {"what": what, "table": kind.value, "part": part, "digest": digest}
        self.chronicle.append(self.chronicle.draft(LOOK, "noted", params=params))
        self._shown.add(shown)
