"""The chain of an open project, with what follows from it: the only place that appends.

Events are read once, when the project opens, and kept in step with each append, so that adding an event
costs the same at any length of the history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ppdesk import __version__
from ppdesk.core.artifacts import Artifact, Head, Kind
from ppdesk.core.canonical import Json
from ppdesk.core.clock import Clock, TestClock, stamp
from ppdesk.core.findings import Finding
from ppdesk.core.mode import Mode
from ppdesk.store.events import EventDraft
from ppdesk.workbench import clocks
from ppdesk.workbench.errors import AnchorNotWrittenError
from ppdesk.workbench.evidence import signing
from ppdesk.workflow.navigation import Run, current, outdated

if TYPE_CHECKING:
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile

_RUNS = ("ok", "failed", "cancelled")


class Chronicle:
    """Events, artifacts that hold now, and the anchor that follows each append."""

    def __init__(
        self,
        project: "ProjectFile",
        anchors: "AnchorBook",
        mode: Mode,
        actor: str,
        order: Sequence[str] = (),
    ) -> None:
        """`order` names the steps in the order of the workflow."""
        self._order = order
        self._project, self._anchors, self._mode, self._actor = project, anchors, mode, actor
        self._events = project.events()
        self._latest = clocks.latest([event.time for event in self._events])
        self.added = 0  # events since the file was opened or its head signed
        self.clock = self._clock()

    @property
    def events(self) -> "Sequence[Event]":
        """Oldest first."""
        return self._events

    @property
    def actor(self) -> str:
        """Whose events are added."""
        return self._actor

    @property
    def project_id(self) -> str:
        """Whose chain it is."""
        return self._project.project_id

    @property
    def read_only(self) -> bool:
        """Whether nothing can be added."""
        return self._project.read_only

    @property
    def is_copy(self) -> bool:
        """Whether it is the chain of an auditor's copy."""
        return self._project.is_copy

    def head(self) -> tuple[int, str]:
        """(number, hash) of the last event; of an empty chain 0 and the hash that event 1 will name."""
        return self._project.head()

    @property
    def next_seq(self) -> int:
        """The number that the next event will carry."""
        return len(self._events) + 1

    def runs(self) -> list[Run]:
        """The runs on record, for navigation. A reservation without an outcome is a run that failed."""
        ended = {event.refers for event in self._events}
        found = []
        for event in self._events:
            interrupted = event.outcome == "reserved" and event.seq not in ended
            if event.outcome in _RUNS or interrupted:
                word = "interrupted" if interrupted else event.outcome
                found.append(Run(event.seq, event.kind, word == "ok", event.inputs, event.outputs, word))
        return found

    def held(self, reader: str | None = None) -> dict[Kind, str]:
        """The digest of every artifact that holds now, for the step `reader` or after all steps."""
        found = current(self.runs(), self._order, reader)
        return {kind: digest for kind, (_, digest) in found.items()}

    def outdated(self, reader: str) -> dict[Kind, str]:
        """What `reader` would read although it was made from something that no longer holds: kind -> the
        step that has to run again."""
        return outdated(self.runs(), self._order, reader)

    def heads(self, reader: str | None = None) -> dict[Kind, Head]:
        """The head of every artifact that holds now, for the step `reader` or after all steps."""
        seal = self._project.seal  # of an auditor's copy, which may withhold some
        there = {
            kind: one
            for kind, one in self.held(reader).items()
            if seal is None or not seal.withholds(one, "")
        }
        return {kind: self._project.artifact_head(digest)[1] for kind, digest in there.items()}

    def head_of(self, digest: str) -> Head:
        """The head of one artifact, without its parts."""
        return self._project.artifact_head(digest)[1]

    def artifact(self, digest: str) -> Artifact:
        """One artifact with its parts."""
        return self._project.artifact(digest)

    def append(
        self, draft: EventDraft, artifacts: Sequence[Artifact] = (), *, backwards: bool = False
    ) -> "Event":
        """Record an event durably, then let the anchor follow. A crash in between leaves an anchor that
        is a prefix of the chain, which the next opening accepts. `backwards` as in `anchor`. An event
        that is older than one before it says that the clock was set back."""
        late = clocks.set_back(draft.time, self._latest)
        if late:
            draft = replace(draft, findings=(*draft.findings, *late))
        entropy = self._mode.entropy(f"{self.next_seq}/record")
        event = self._project.append(draft, artifacts, entropy=entropy)
        self._events.append(event)
        self._latest = clocks.latest([self._latest, event.time])
        self.added = 0 if signing.is_signature(event) else self.added + 1
        self.anchor(backwards=backwards)
        return event

    def set_back(self) -> list[Finding]:
        """What to say of this computer's clock beside the times on record."""
        return clocks.set_back(stamp(self.clock.now()), self._latest)

    def anchor(self, *, backwards: bool = False) -> None:
        """Remember the head outside the file. AnchorNotWrittenError. `backwards` where a person took a
        file that the anchor speaks against."""
        seq, hash_ = self._project.head()
        try:
            self._anchors.write(self._project.project_id, seq, hash_, backwards=backwards)
        except OSError as error:
            raise AnchorNotWrittenError(reason=error.strerror or "unknown") from None

    def compare_with_anchor(self) -> None:
        """Whether the anchor of now speaks against the file. RollbackError, ForkError,
        AnchorUnreadableError."""
        from ppdesk.store.anchor import compare

        compare(self._anchors.read(self.project_id), self._project)

    def draft(
        self, kind: str, outcome: str, *, params: Mapping[str, Json] | None = None, free: Sequence[str] = ()
    ) -> EventDraft:
        """An event of now, by the session's actor. `free` names the parameters to commit with a salt."""
        whole = dict(params or {})
        return EventDraft(
            time=stamp(self.clock.now()),
            actor=self._actor,
            kind=kind,
            code=f"ppdesk {__version__}",
            outcome=outcome,  # type: ignore[arg-type]  # callers pass the words of store.events.Result
            params={name: value for name, value in whole.items() if name not in free},
            free={name: value for name, value in whole.items() if name in free},
            stamp=self._mode.stamp,
        )

    def _clock(self) -> Clock:
        """The mode's clock. The test mode's goes on after the last event, as a real one would."""
        clock = self._mode.clock()
        if isinstance(clock, TestClock) and self._events:
            last = datetime.fromisoformat(self._events[-1].time)
            return replace(clock, start=last + timedelta(seconds=1))
        return clock
