"""What an auditor sees first: judgements, the budget added up, and the pages behind them. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ppdesk.core.canonical import Json
from ppdesk.core.section import Section
from ppdesk.report.verdict import Judgement

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.evidence.approvals import Request
    from ppdesk.workbench.remaking.recheck import Offer
    from ppdesk.workbench.views import HistoryVerdict

Source = Literal["copy", "project", "report"]
PAGES = (
    "timeline",
    "budget",
    "findings",
    "standard",
    "decisions",
    "signatures",
    "reports",
    "models",
    "again",
)
_SHAPES = {Judgement.GOOD: "done", Judgement.LOOK: "look", Judgement.WRONG: "failed"}


@dataclass(frozen=True)
class Judged:
    """One line of the summary. `page` is where more is said, `event` the event it is about."""

    page: str
    judgement: Judgement
    bold: str
    words: str = ""
    note: str = ""
    event: int | None = None

    @property
    def shape(self) -> str:
        """The shape that stands before the word."""
        return _SHAPES[self.judgement]


@dataclass(frozen=True)
class Entry:
    """One reservation as it is added up. `sum` is the total after it; one that does not count adds none."""

    seq: int
    time: str
    actor: str
    title: str
    epsilon: float
    delta: float
    standing: str
    counts: bool
    sum: float


@dataclass(frozen=True)
class Sum:
    """The budget, added up from its entries. Limits are None where no standard is in force. `told` is the
    sum that the source itself names (a report does), `told_delta` its delta, `remarks` what speaks against
    relying on it."""

    entries: tuple[Entry, ...] = ()
    epsilon: float = 0.0
    delta: float = 0.0
    method: str = ""
    neighbours: str = ""
    limit_epsilon: float | None = None
    limit_delta: float | None = None
    told: float | None = None
    told_delta: float | None = None
    broken: str = ""  # why it cannot be added up; the sum is then too small
    remarks: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether more was spent than the limits allow."""
        epsilon = self.limit_epsilon is not None and self.epsilon > self.limit_epsilon
        return epsilon or (self.limit_delta is not None and self.delta > self.limit_delta)


@dataclass(frozen=True)
class Proof:
    """What an accountant says beside the sum: the smallest total that is proved, and how many claims of runs
    it covers; `broken` names the first that it does not."""

    epsilon: float | None
    delta: float
    method: str
    claims: int
    broken: str = ""


@dataclass(frozen=True)
class Overview:
    """All that the auditor's window shows of one source. `pages` are the lists behind the summary, by the
    names in PAGES, and `notes` what stands beside each name."""

    source: Source
    name: str
    path: Path
    project_id: str
    judged: tuple[Judged, ...]
    events: "tuple[Event, ...]"
    budget: Sum
    pages: Mapping[str, Section]
    notes: Mapping[str, str]
    offers: "tuple[Offer, ...]" = ()
    verdict: "HistoryVerdict | None" = None
    signer: str = ""
    made: str = ""
    fingerprint: str = ""
    stamp: str = ""
    head: str = ""  # hash of the last event that stands
    seconds: float = 0.0  # that the check took
    requests: "tuple[Request, ...]" = ()  # none are answered here

    def count(self, judgement: Judgement) -> int:
        """How many lines say so."""
        return sum(one.judgement is judgement for one in self.judged)

    @property
    def worst(self) -> Judgement:
        """The worst of the lines."""
        order = (Judgement.WRONG, Judgement.LOOK)
        return next((one for one in order if self.count(one)), Judgement.GOOD)

    def event(self, seq: int | None) -> "Event | None":
        """The event `seq`; None where it does not stand."""
        return next((one for one in self.events if one.seq == seq), None)

    def to_json(self) -> dict[str, Json]:
        """Plain values for a script."""
        budget = self.budget
        return {
            "source": self.source,
            "file": self.path.name,
            "project_id": self.project_id,
            "verdict": self.worst.value,
            "events": len(self.events),
            "head": self.head,
            "lines": [
                {
                    "judgement": one.judgement.value,
                    "page": one.page,
                    "words": f"{one.bold} {one.words}".strip(),
                    "event": one.event,
                }
                for one in self.judged
            ],
            "budget": {
                "epsilon": budget.epsilon,
                "delta": budget.delta,
                "method": budget.method,
                "limit_epsilon": budget.limit_epsilon,
                "limit_delta": budget.limit_delta,
                "entries": len(budget.entries),
            },
            "stamp": self.stamp,
        }
