"""A report's evidence against the project it says it comes from: history, budget, and every figure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ppdesk import __version__
from ppdesk.core.canonical import Json, digest
from ppdesk.report.document import chapters
from ppdesk.report.evidence import section_json
from ppdesk.report.verdict import Check, Judgement, good, judged, wrong
from ppdesk.workflow.reporting import proved
from ppdesk.workflow.reporting.parts import parts
from ppdesk.workflow.reporting.told import Told

Evidence = Mapping[str, Json]


def compared(evidence: Evidence, told: Told) -> list[Check]:
    """The checks that need the project. The first that fails ends the comparison."""
    project = _object(evidence, "project").get("id")
    if project != told.project_id:
        return [wrong("Project", "It was made from another project.")]
    history = _history(evidence, told)
    if history.judgement is Judgement.WRONG:
        return [history]
    return [history, _budget(evidence, told), *proved.claims(told), _figures(evidence, told)]


def _history(evidence: Evidence, told: Told) -> Check:
    """Is the chain of the project a continuation of the chain that the report tells?"""
    name = "History"
    listed = _objects(evidence, "events")
    head = _object(evidence, "head")
    chain = {event.seq: event.hash for event in told.events}
    if not listed or head.get("hash") != listed[-1].get("hash") or head.get("seq") != listed[-1].get("seq"):
        return wrong(name, "The report's own list of events does not end at the head it names.")
    seq = listed[-1].get("seq")
    if not isinstance(seq, int) or [event.get("seq") for event in listed] != list(range(1, seq + 1)):
        return wrong(name, "The report's own list of events has a gap.")
    if seq > told.head_seq:
        return wrong(
            name,
            f"The report tells {seq} events and the project has {told.head_seq}: the project was put back "
            f"to an "
            "older state, or is an older copy.",
        )
    for event in listed:
        if chain.get(event["seq"]) != event.get("hash"):  # type: ignore[arg-type]  # the range above made it an int
            return wrong(name, f"From event {event['seq']} on, the project's history is not the report's.")
    later = [event for event in told.events if event.seq > seq and event.kind == "report" and event.good]
    if len(later) > 1:
        words = f"The history goes on, and there is a later report, made at event {later[-1].seq}."
        return Check(name, Judgement.LOOK, words)
    return good(name, f"The project's history goes on from the report's {seq} events without a change.")


def _budget(evidence: Evidence, told: Told) -> Check:
    """Each reservation in the report against its event, and the total where nothing was spent since."""
    budget = _object(evidence, "budget")
    seq = _seq(evidence)
    rows = _objects(budget, "rows")
    before = [event for event in told.events if event.outcome == "reserved" and event.seq <= seq]
    holds = len(rows) == len(before) and all(
        row.get("seq") == event.seq and row.get("epsilon") == event.epsilon
        for row, event in zip(rows, before, strict=True)
    )
    since = sum(event.outcome == "reserved" for event in told.events) - len(before)
    if holds and not since:
        totals = ("spent_epsilon", "spent_delta", "neighbours", "method")
        holds = all(budget.get(name) == told.budget.get(name) for name in totals)
    return judged(
        "Budget",
        holds,
        "Every cost in the report is that of its event.",
        "The budget in the report is not what the events add up to.",
    )


def _figures(evidence: Evidence, told: Told) -> Check:
    """The report's chapters, made anew from the events it tells, against those inside it."""
    head, name = _object(evidence, "head"), "Figures"
    seq = _seq(evidence)
    budget = _object(evidence, "budget")
    past = replace(told, events=told.until(seq), head_seq=seq, head_hash=str(head.get("hash")), budget=budget)
    made = [digest(section_json(chapter.section)) for chapter in chapters(parts(past))]
    told_sections = [
        _object(chapter, "section")
        for part in _objects(_object(evidence, "document"), "parts")
        for chapter in _objects(part, "chapters")
    ]
    shown = [digest(section) for section in told_sections]
    if made == shown:
        return good(name, f"All {len(made)} chapters, with every table and figure, fit their events.")
    version = next((event.code for event in told.events if event.seq > seq and event.kind == "report"), "")
    if version and version != f"ppdesk {__version__}":
        words = f"The report was worded by {version}; this version words some chapters otherwise."
        return Check(name, Judgement.LOOK, words)
    odd = next((title for title, one, other in _titles(told_sections, made) if one != other), "")
    return wrong(
        name, f"Chapter “{odd}” is not what its event says." if odd else "The chapters are not the events'."
    )


def _titles(sections: Sequence[Mapping[str, Json]], made: Sequence[str]) -> list[tuple[str, Json, str]]:
    return [
        (str(section.get("title")), digest(section), hash_)
        for section, hash_ in zip(sections, made, strict=False)
    ]


def _seq(evidence: Evidence) -> int:
    """The number of the event at the head that the report tells."""
    seq = _object(evidence, "head").get("seq")
    return seq if isinstance(seq, int) else 0


def _object(value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(value: Mapping[str, Json], name: str) -> list[Mapping[str, Json]]:
    found = value.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []
