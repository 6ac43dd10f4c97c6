"""The events of a project as lines of a timeline: who did what, why, and how it is marked. Without Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ppdesk.core.findings import Level
from ppdesk.core.said import said, said_all
from ppdesk.core.section import Figures, Section, Words
from ppdesk.gui.words import grouped, moment
from ppdesk.workbench.notes import title_of
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.reporting import noted

if TYPE_CHECKING:
    from ppdesk.store.events import Event
    from ppdesk.workbench.evidence.approvals import Request
    from ppdesk.workbench.views import SignedHead

_QUIET = frozenset({"reserved", "void"})  # not important: the run that follows says it all
_WARNINGS = frozenset({"risk", "caution"})
_STEPS = frozenset(one.key for one in CATALOG)
_OUTCOMES = {
    "reserved": said("Reserved its budget before the data was handed over"),
    "void": said("Never received data: nothing was spent"),
    "failed": said("Failed"),
    "cancelled": said("Stopped"),
    "opened": said("Went on record at opening"),
}


@dataclass(frozen=True)
class Mark:
    """Why an event deserves a look: an icon of the set and a word."""

    icon: str
    word: str


@dataclass(frozen=True)
class Line:
    """One event. `marks` are at most two; `thread` is the shape on the thread: "ok", "bad" or "quiet"."""

    seq: int
    when: str
    who: str
    step: str
    what: str
    marks: tuple[Mark, ...]
    hash: str
    important: bool
    thread: str

    @property
    def spoken(self) -> str:
        """For a screen reader."""
        marks = ", ".join(mark.word for mark in self.marks)
        return f"Event {self.seq}, {self.when}, {self.who}, {self.step}: {self.what}" + (
            f", {marks}" if marks else ""
        )

    def matches(self, words: str) -> bool:
        """Whether every word of a search stands in it."""
        whole = f"{self.seq} {self.spoken} {self.hash}".casefold()
        return all(word in whole for word in words.casefold().split())


class Told(Protocol):
    """What a timeline is made of: a project as the window knows it, or as an auditor sees it."""

    @property
    def events(self) -> "Sequence[Event]": ...
    @property
    def requests(self) -> "Sequence[Request]": ...


def lines(snapshot: Told, heads: "Sequence[SignedHead]" = ()) -> list[Line]:
    """The timeline, oldest first. `heads` are the signatures as they were verified, where they were."""
    found = {head.event: head for head in heads}
    answers = {one.answer.event: one.answer.decision for one in snapshot.requests if one.answer is not None}
    states = {one.event: one.state for one in snapshot.requests}
    return [_line(event, found.get(event.seq), answers, states) for event in snapshot.events]


def _line(
    event: "Event", head: "SignedHead | None", answers: Mapping[int, str], states: Mapping[int, str]
) -> Line:
    marks = list(_marks(event, head, answers, states))
    bad = event.outcome == "failed" or (head is not None and not head.counts)
    quiet = event.outcome in _QUIET
    return Line(
        event.seq,
        moment(event.time),
        event.actor,
        title_of(event.kind, {}) if event.kind not in _STEPS else event.kind,
        what(event),
        tuple(marks[:2]),
        grouped(event.hash),
        not quiet,
        "bad" if bad else "quiet" if quiet else "ok",
    )


def what(event: "Event") -> str:
    """What an event did, in a few words from its record."""
    if event.outcome == "noted":
        return noted.words(event.kind, event.params) or title_of(event.kind, {})
    if event.outcome != "ok":
        outcome = _OUTCOMES.get(event.outcome, event.outcome.capitalize())
        first = event.findings[0].title if event.findings else ""
        return (
            said_all((outcome, first), ": ") if first and event.outcome in ("failed", "opened") else outcome
        )
    return _result(event)


def _result(event: "Event") -> str:
    """The first figures of a result; the step's own words where it has none."""
    section = section_of(event)
    if section is None:
        return said("Done")
    for block in section.blocks:
        if isinstance(block, Figures):
            return said_all((said_all((one.label, one.value)) for one in block.items[:3]), ", ")
    plain = [one.text for one in section.blocks if isinstance(one, Words) and one.tone not in _WARNINGS]
    return plain[0].partition(". ")[0].rstrip(".") if plain else said("Done")


def section_of(event: "Event") -> Section | None:
    """The section of a run that ended well; None where a copy leaves closed what it needs."""
    from ppdesk.core.errors import CodedError
    from ppdesk.core.params import parse
    from ppdesk.workflow.catalog import entry

    if event.outcome != "ok" or event.kind not in _STEPS:
        return None
    step = entry(event.kind).load()
    try:
        params = parse(step.Params, dict(event.params), step=event.kind)
        facts = step.Facts.model_validate(dict(event.facts))
    except (CodedError, ValueError):
        return None
    return step.section(params, facts)


def _marks(
    event: "Event", head: "SignedHead | None", answers: Mapping[int, str], states: Mapping[int, str]
) -> "list[Mark]":
    found = []
    if event.kind == "signature":
        fits = head is None or head.counts
        found.append(
            Mark("pen-line", said("signed")) if fits else Mark("triangle-alert", said("does not fit"))
        )
    elif event.kind == "approval":
        word = said("approved") if event.params.get("decision") == "approve" else said("declined")
        counts = event.seq in answers
        found.append(Mark("users", word if counts else said("{decided}, does not count", decided=word)))
    elif event.kind == "request":
        found.append(Mark("users", states.get(event.seq, said("asked for"))))
    if event.params.get("reason"):
        found.append(Mark("message-square-text", said("reason")))
    if event.kind == "look":
        found.append(Mark("eye", said("raw view")))
    if any(finding.level is not Level.INFO for finding in event.findings):
        found.append(Mark("triangle-alert", said("finding")))
    if event.redacted:
        found.append(Mark("eye-off", said("closed fields")))
    return found
