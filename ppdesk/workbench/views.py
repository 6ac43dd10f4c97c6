"""What a session tells the screen and the command line: plain, frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said, said_all, said_count
from ppdesk.core.section import Section

if TYPE_CHECKING:
    from ppdesk.store.events import Event

Standing = Literal["spent", "interrupted", "failed", "cancelled", "void"]


@dataclass(frozen=True)
class BudgetRow:
    """One reservation: what it took from the budget, for which run, and how that run ended.

    `standing` is "spent" for a run that ended well, "failed" or "cancelled" for one that had received
    data, "interrupted" for one that left no outcome (a crash): all of these count. Only "void", for a
    run whose worker never received data, does not.
    """

    seq: int  # event of the reservation
    time: str
    actor: str
    key: str  # the step
    title: str
    epsilon: float
    delta: float
    standing: Standing


@dataclass(frozen=True)
class BudgetView:
    """The budget, summed from the events when asked. Limits are None while no standard is set.

    `spent_*` is this project's. `elsewhere_*` is what other projects, and copies of this one, spent on the
    same data, as far as the register of this person's data folder knows; `total_*` is both together, and
    what counts against the limit. `register` says in words what speaks against that register, and what of
    this project's own record was lost.
    """

    spent_epsilon: float
    spent_delta: float
    limit_epsilon: float | None
    limit_delta: float | None
    neighbours: str  # the neighbouring relation the total is stated under; empty when nothing was spent
    method: str  # how the total was composed, in words
    rows: tuple[BudgetRow, ...]
    elsewhere_epsilon: float = 0.0
    elsewhere_delta: float = 0.0
    elsewhere_projects: int = 0
    total_epsilon: float = 0.0
    total_delta: float = 0.0
    register: tuple[str, ...] = ()

    @property
    def left_epsilon(self) -> float | None:
        """What the limit still allows; None without a standard."""
        return None if self.limit_epsilon is None else max(0.0, self.limit_epsilon - self.total_epsilon)


@dataclass(frozen=True)
class StepResult:
    """A run that ended well: its event, its section, the remarks and the files written for the person."""

    event: "Event"
    section: Section
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]


@dataclass(frozen=True)
class SignedHead:
    """A signature over the head of the chain, as it was found.

    `event` holds the signature, which covers all up to `seq`, whose hash is `hash`. `why` is "close",
    "report", "handover" or "asked". `standing` says what this person's trust list knows of the key
    ("own", "trusted", "unknown", "withdrawn"; empty where that cannot be told), `words` the same as a
    sentence. `roles` are those that the signer had in the project then.
    """

    event: int
    seq: int
    hash: str
    signer: str
    fingerprint: str
    time: str
    why: str
    fits: bool
    valid_then: bool  # the certificate, at `time`
    reason: str  # why it does not fit
    standing: str
    words: str
    roles: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether it vouches for what it covers."""
        return self.fits and self.valid_then


@dataclass(frozen=True)
class HistoryVerdict:
    """Whether a history holds, where it breaks, and who vouches for it up to where.

    `events` is the number of events that stand: all, or those before `broken_at`, the first that does
    not hold. `findings` are those of the chain, the anchor, the signatures and the clocks.
    """

    file: str
    project_id: str
    events: int
    broken_at: int | None
    findings: tuple[Finding, ...]
    heads: tuple[SignedHead, ...]
    unsigned: tuple[int, int] | None  # first and last event that no signature covers

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it. Events that are not yet signed do not."""
        return not any(finding.level is Level.BLOCKING for finding in self.findings)

    @property
    def signed_up_to(self) -> int:
        """The last event that a signature vouches for; 0 if there is none. A signature that fits counts only
        before the first that does not."""
        wrong = min((head.event for head in self.heads if not head.fits), default=self.events + 1)
        return max((head.seq for head in self.heads if head.counts and head.event < wrong), default=0)

    @property
    def unsigned_words(self) -> str:
        """Which events nobody has signed yet; empty where all are."""
        if self.unsigned is None:
            return ""
        first, last = self.unsigned
        if first == last:
            return said("Event {event} is not yet signed.", event=str(first))
        return said("Events {first} to {last} are not yet signed.", first=str(first), last=str(last))

    @property
    def words(self) -> str:
        """The verdict in a sentence or two."""
        if self.broken_at is not None:
            breaks = said(
                "The history of {file} breaks at event {event}.", file=self.file, event=str(self.broken_at)
            )
            return said_all((breaks, *self._relied()))
        if not self.holds:
            fails = said("The history of {file} does not hold.", file=self.file)
            return said_all((fails, *self._relied()))
        if not self.events:
            return said("The history of {file} has no events yet.", file=self.file)
        holds = said_count(
            "The history holds. Its {count} event follows.",
            "The history holds. All {count:,} events follow each other.",
            self.events,
        )
        return said_all((holds, self._vouched()))

    def _vouched(self) -> str:
        last = next((head for head in reversed(self.heads) if head.counts), None)
        if last is None:
            return said("Nobody has signed it yet.")
        by = said("{signer} signed up to event {event}.", signer=last.signer, event=str(last.seq))
        return said_all((by, self.unsigned_words))

    def _relied(self) -> Sequence[str]:
        """What may still be relied on, in sentences."""
        last, broken = self.signed_up_to, self.broken_at
        if broken == 1:
            return (said("None of it can be relied on."),)
        after = "" if broken is None else said("Event {event} and all after it cannot.", event=str(broken))
        if last:
            who = next(head.signer for head in reversed(self.heads) if head.seq == last)
            up_to = said(
                "Events up to {event} can be relied on as far as {signer} vouches for them.",
                event=str(last),
                signer=who,
            )
            rest = _not_vouched(last + 1, self.events) if last < self.events and broken is not None else ""
            return up_to, rest, after
        if broken is None:
            return (said("No signature vouches for any part of it; compare it with signed reports."),)
        return _whole(broken - 1), after


def not_yet_signed(events: "Sequence[Event]") -> str:
    """Which events nobody has signed yet; empty where all are."""
    if not events:
        return ""
    first, last = events[0].seq, events[-1].seq
    if first == last:
        return said("Event {event} is not yet signed", event=str(first))
    return said("Events {first} to {last} are not yet signed", first=str(first), last=str(last))


def _not_vouched(first: int, last: int) -> str:
    if first == last:
        return said("Event {event} is whole but not vouched for.", event=str(first))
    return said("Events {first} to {last} are whole but not vouched for.", first=str(first), last=str(last))


def _whole(last: int) -> str:
    if last == 1:
        return said("Event 1 is whole, but no signature vouches for it.")
    return said("Events 1 to {last} are whole, but no signature vouches for it.", last=str(last))


Values = Mapping[str, object]
