"""A report's evidence against the project it says it comes from: history, budget, and every figure."""

from collections.abc import Iterator, Mapping, Sequence

from ppdesk.core.canonical import Json, digest
from ppdesk.core.said import said
from ppdesk.report.evidence import FORMER
from ppdesk.report.verdict import Check, Judgement, good, judged, wrong
from ppdesk.workflow.reporting import proved, remade, valued, vouched
from ppdesk.workflow.reporting.members import member, members, whole
from ppdesk.workflow.reporting.told import TellingEvent, Told

Evidence = Mapping[str, Json]


def compared(evidence: Evidence, told: Told, sha256: str = "") -> list[Check]:
    """The checks that need the project. The first that fails ends the comparison. `sha256` of the file."""
    project = member(evidence, "project").get("id")
    if project != told.project_id:
        return [wrong(said("Project"), said("It was made from another project."))]
    own = recorded(evidence, told)
    history = _history(evidence, told, own)
    if history.judgement is Judgement.WRONG:
        return [history]
    found = [history, *_on_record(evidence, told, own, sha256), _budget(evidence, told), *proved.claims(told)]
    if evidence.get("format") == FORMER:
        words = said(
            "An earlier version of ppdesk made it: its chapters were not made anew from their events."
        )
        return [*found, Check(said("Figures"), Judgement.LOOK, words)]
    found += vouched.in_chain(evidence, told, own)
    return [*found, valued.values(evidence, told), remade.chapters(evidence, told)]


def recorded(evidence: Evidence, told: Told) -> TellingEvent | None:
    """The event of the very report: evidence.json is canonical, so its hash is the one that was recorded."""
    wanted = digest(evidence)
    return next((event for event in _reports(told) if event.facts.get("evidence_sha256") == wanted), None)


def _history(evidence: Evidence, told: Told, own: TellingEvent | None) -> Check:
    """Is the chain of the project a continuation of the chain that the report tells?"""
    name = said("History")
    listed = members(evidence, "events")
    head = member(evidence, "head")
    odd = _broken(listed, head, told)
    if odd:
        return wrong(name, odd)
    seq = len(listed)
    later = _later(evidence, told, seq, own)
    if later is not None:
        words = said(
            "The history goes on, and there is a later report, made at event {event}.", event=str(later.seq)
        )
        return Check(name, Judgement.LOOK, words)
    since = told.head_seq - seq - (own is not None)
    words = said(
        "The project's history goes on from the report's {events} events without a change.", events=str(seq)
    )
    if since > 0:
        words = said(
            "The project's history goes on from the report's {events} events without a change; {since} came "
            "after it.",
            events=str(seq),
            since=str(since),
        )
    return good(name, words)


def _broken(listed: Sequence[Evidence], head: Evidence, told: Told) -> str:
    """Where the report's list of events is not the beginning of the chain, in words."""
    seq = len(listed)
    if not listed or head.get("hash") != listed[-1].get("hash") or head.get("seq") != listed[-1].get("seq"):
        return said("The report's own list of events does not end at the head it names.")
    if [event.get("seq") for event in listed] != list(range(1, seq + 1)):
        return said("The report's own list of events has a gap.")
    if seq > told.head_seq:
        return said(
            "The report tells {events} events and the project has {here}: the project was put back to an "
            "older state, or is an older copy.",
            events=str(seq),
            here=str(told.head_seq),
        )
    chain = {event.seq: event for event in told.events}
    for number, event in enumerate(listed, 1):
        if number not in chain or chain[number].hash != event.get("hash"):
            return said(
                "From event {number} on, the project's history is not the report's.", number=str(number)
            )
        if any(event.get(one) != getattr(chain[number], one) for one in ("kind", "outcome") if one in event):
            return said(
                "The report says of event {number} what the project's history does not.", number=str(number)
            )
    return ""


def _later(evidence: Evidence, told: Told, seq: int, own: TellingEvent | None) -> TellingEvent | None:
    """The last report of the same kind that was made after this one."""
    kind = member(evidence, "report").get("kind", "audit")
    after = [event for event in _reports(told) if event.seq > seq]
    mine = own or next(iter(after), None)
    same = [one for one in after if one is not mine and one.facts.get("document", "audit") == kind]
    return next((one for one in reversed(same) if mine is not None and one.seq > mine.seq), None)


def _on_record(evidence: Evidence, told: Told, own: TellingEvent | None, sha256: str) -> Iterator[Check]:
    """Does the history know this report?"""
    name = said("On record")
    if own is not None and own.facts.get("sha256") and own.facts["sha256"] != sha256:
        words = said(
            "Event {number} of the history made another file with this evidence: this one was signed anew.",
            number=str(own.seq),
        )
        yield wrong(name, words)
        return
    if own is not None:
        words = said(
            "Event {number} of the history names this very evidence; {program} made it.",
            number=str(own.seq),
            program=own.code,
        )
        yield good(name, words)
        return
    seq = member(evidence, "head").get("seq")
    if told.head_seq == seq:
        words = said(
            "This copy of the project ends where the report begins, so it cannot say who made the report."
        )
    elif any(not event.facts for event in _reports(told)):
        words = said(
            "What this copy of the project holds of its reports is not enough to tell whether it made this."
        )
    else:
        words = said(
            "The history names no report with this evidence: another copy of the project, or another "
            "program, made it."
        )
    yield Check(name, Judgement.LOOK, words)


def _reports(told: Told) -> Iterator[TellingEvent]:
    return (event for event in told.events if event.kind == "report" and event.good)


def _budget(evidence: Evidence, told: Told) -> Check:
    """Each reservation in the report against its event, and what they add up to."""
    budget = member(evidence, "budget")
    last = whole(member(evidence, "head").get("seq"))
    rows = members(budget, "rows")
    before = [event for event in told.events if event.outcome == "reserved" and event.seq <= last]
    now = {row.get("seq"): row for row in members(told.budget, "rows")}
    holds = len(rows) == len(before) and all(
        row.get("seq") == event.seq
        and row.get("epsilon") == event.epsilon
        and {**row, "standing": ""} == {**now.get(event.seq, row), "standing": ""}
        and row.get("standing") == valued.standing(event.seq, told.until(last))
        for row, event in zip(rows, before, strict=True)
    )
    holds = holds and valued.totals(budget, before)
    if told.head_seq == last or not any(
        event.outcome in ("reserved", "void") or event.kind == "standard"
        for event in told.events
        if event.seq > last
    ):
        totals = ("spent_epsilon", "spent_delta", "neighbours", "method", "limit_epsilon", "limit_delta")
        holds = holds and all(budget.get(name) == told.budget.get(name) for name in totals)
    return judged(
        said("Budget"),
        holds,
        said("Every cost in the report is that of its event."),
        said("The budget in the report is not what the events add up to."),
    )
