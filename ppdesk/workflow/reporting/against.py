"""A report's evidence against the project it says it comes from: history, budget, and every figure."""

from collections.abc import Iterator, Mapping, Sequence

from ppdesk.core.canonical import Json, digest
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
        return [wrong("Project", "It was made from another project.")]
    own = recorded(evidence, told)
    history = _history(evidence, told, own)
    if history.judgement is Judgement.WRONG:
        return [history]
    found = [history, *_on_record(evidence, told, own, sha256), _budget(evidence, told), *proved.claims(told)]
    if evidence.get("format") == FORMER:
        words = "An earlier version of ppdesk made it: its chapters were not made anew from their events."
        return [*found, Check("Figures", Judgement.LOOK, words)]
    found += vouched.in_chain(evidence, told, own)
    return [*found, valued.values(evidence, told), remade.chapters(evidence, told)]


def recorded(evidence: Evidence, told: Told) -> TellingEvent | None:
    """The event of the very report: evidence.json is canonical, so its hash is the one that was recorded."""
    wanted = digest(evidence)
    return next((event for event in _reports(told) if event.facts.get("evidence_sha256") == wanted), None)


def _history(evidence: Evidence, told: Told, own: TellingEvent | None) -> Check:
    """Is the chain of the project a continuation of the chain that the report tells?"""
    name = "History"
    listed = members(evidence, "events")
    head = member(evidence, "head")
    odd = _broken(listed, head, told)
    if odd:
        return wrong(name, odd)
    seq = len(listed)
    later = _later(evidence, told, seq, own)
    if later is not None:
        words = f"The history goes on, and there is a later report, made at event {later.seq}."
        return Check(name, Judgement.LOOK, words)
    since = told.head_seq - seq - (own is not None)
    words = f"The project's history goes on from the report's {seq} events without a change"
    return good(name, f"{words}; {since} came after it." if since > 0 else f"{words}.")


def _broken(listed: Sequence[Evidence], head: Evidence, told: Told) -> str:
    """Where the report's list of events is not the beginning of the chain, in words."""
    seq = len(listed)
    if not listed or head.get("hash") != listed[-1].get("hash") or head.get("seq") != listed[-1].get("seq"):
        return "The report's own list of events does not end at the head it names."
    if [event.get("seq") for event in listed] != list(range(1, seq + 1)):
        return "The report's own list of events has a gap."
    if seq > told.head_seq:
        return (
            f"The report tells {seq} events and the project has {told.head_seq}: the project was put back "
            "to an older state, or is an older copy."
        )
    chain = {event.seq: event for event in told.events}
    for number, event in enumerate(listed, 1):
        if number not in chain or chain[number].hash != event.get("hash"):
            return f"From event {number} on, the project's history is not the report's."
        if any(event.get(one) != getattr(chain[number], one) for one in ("kind", "outcome") if one in event):
            return f"The report says of event {number} what the project's history does not."
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
    name = "On record"
    if own is not None and own.facts.get("sha256") and own.facts["sha256"] != sha256:
        words = (
            f"Event {own.seq} of the history made another file with this evidence: this one was signed anew."
        )
        yield wrong(name, words)
        return
    if own is not None:
        yield good(name, f"Event {own.seq} of the history names this very evidence; {own.code} made it.")
        return
    seq = member(evidence, "head").get("seq")
    if told.head_seq == seq:
        words = "This copy of the project ends where the report begins, so it cannot say who made the report."
    elif any(not event.facts for event in _reports(told)):
        words = (
            "What this copy of the project holds of its reports is not enough to tell whether it made this."
        )
    else:
        words = "The history names no report with this evidence: another copy of the project, or another "
        words += "program, made it."
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
        "Budget",
        holds,
        "Every cost in the report is that of its event.",
        "The budget in the report is not what the events add up to.",
    )
