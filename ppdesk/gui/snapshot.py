"""What the window knows of a project at one moment: plain, frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Head, Kind, columns_of
from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding
from ppdesk.core.palette import PaletteName
from ppdesk.gui.language import told, tr
from ppdesk.privacy.events import Composed, DpEvent, EpsilonDelta, Neighbours, Stated
from ppdesk.workflow.navigation import Place

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.evidence.approvals import Request
    from ppdesk.workbench.evidence.deciding import Reasons
    from ppdesk.workbench.evidence.endorsing import Draft
    from ppdesk.workbench.resuming import Interrupted
    from ppdesk.workbench.session import Session
    from ppdesk.workbench.views import BudgetView


@dataclass(frozen=True)
class Snapshot:
    """All that the screens show of a project, taken at one moment."""

    path: Path
    info: Mapping[str, Json]
    places: tuple[Place, ...]
    events: "tuple[Event, ...]"
    budget: "BudgetView"
    heads: Mapping[Kind, Head] = field(default_factory=dict)
    remarks: tuple[Finding, ...] = ()  # what was to be said when it was opened
    requests: "tuple[Request, ...]" = ()
    drafts: "tuple[Draft, ...]" = ()  # of reports, and what was said of each
    interrupted: "tuple[Interrupted, ...]" = ()  # runs that were broken off and can go on
    policy_title: str = ""  # of the policy in force; empty for none
    reasons: "Reasons | None" = None  # why choices were made, and what is off

    @property
    def read_only(self) -> bool:
        """Whether nothing can be added to it here."""
        return bool(self.info.get("read_only"))

    @property
    def is_copy(self) -> bool:
        """Whether it is an auditor's copy."""
        return "copy" in self.info

    @property
    def why_read_only(self) -> str:
        """Why nothing can be added, in words; empty for a project that is open for work."""
        if not self.read_only:
            return ""
        reason = self.info.get("why_read_only")
        return told(str(reason)) if reason else tr("You opened it for reading.")

    @property
    def unsigned(self) -> str:
        """Which events nobody has signed yet, in words; empty where all are."""
        return str(self.info.get("unsigned") or "")

    def open_requests(self, key: str = "") -> "list[Request]":
        """The requests (for the step `key`) that wait for a second person."""
        return [one for one in self.requests if one.state == "open" and key in ("", one.step)]

    def broken_off(self, key: str) -> "Interrupted | None":
        """The last run of the step `key` that was broken off and can go on."""
        return next((one for one in reversed(self.interrupted) if one.key == key), None)

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def columns(self) -> list[tuple[str, str]]:
        """(name, type) of the columns of the table that holds now."""
        listed = columns_of(self.heads.get(Kind.TABLE, {}))
        return [(str(one["name"]), str(one["type"])) for one in listed]

    def place(self, key: str) -> Place:
        return next(place for place in self.places if place.key == key)

    def event(self, seq: int | None) -> "Event | None":
        return next((event for event in self.events if event.seq == seq), None)


ROWS = "Rows"


@dataclass(frozen=True)
class Sight:
    """Rows that can be looked at: a part of what the event `seq` made, of `kind`."""

    kind: Kind
    seq: int
    part: str = "rows"
    title: str = ROWS


@dataclass(frozen=True)
class Wish:
    """How a figure is to be drawn: `width` and `height` in px at 100 %, times `scale`."""

    palette: PaletteName
    width: int
    height: int
    scale: float
    language: str = "en"


@dataclass(frozen=True)
class Outlook:
    """What is known of a run before it starts."""

    findings: tuple[Finding, ...]
    epsilon: float
    delta: float
    neighbours: Neighbours = Neighbours.ADD_REMOVE
    error: CodedError | None = None


def spends(event: DpEvent) -> tuple[float, float]:
    """(epsilon, delta) of a cost as it is charged, added up."""
    if isinstance(event, EpsilonDelta | Stated):
        return event.epsilon, event.delta
    if isinstance(event, Composed):
        parts = [spends(inner) for inner in event.events]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)
    return 0.0, 0.0


def taken(session: "Session") -> Snapshot:
    """What `session` holds now. Call it on the thread of the session."""
    info = session.info()
    return Snapshot(
        Path(str(info["path"])),
        info,
        tuple(session.places()),
        tuple(session.events()),
        session.budget(),
        session.heads(),
        tuple(session.standing),
        tuple(session.requests()),
        tuple(session.drafts()),
        tuple(session.interrupted()),
        session.policy.rules.title if session.policy.in_force else "",
        session.reasons(),
    )
