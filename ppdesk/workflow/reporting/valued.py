"""Each recorded value in a report's evidence against its event, and the budget against what was reserved."""

from collections.abc import Mapping, Sequence

from ppdesk.core.canonical import Json, canonical, sha256_hex
from ppdesk.core.said import said, said_all
from ppdesk.report.cited import BUDGET
from ppdesk.report.verdict import Check, Judgement, good, wrong
from ppdesk.workflow.reporting.members import member, members, whole
from ppdesk.workflow.reporting.told import Record, TellingEvent, Told, value_at

_TOTALS = ("epsilon", "delta", "neighbours", "method")


def values(evidence: Mapping[str, Json], told: Told) -> Check:
    """Every value that a table, figure, answer or paragraph rests on, against the event that it names."""
    events = {event.seq: event for event in told.events}
    last = whole(member(evidence, "head").get("seq"))
    recipient = member(evidence, "report").get("edition") == "recipient"
    held = closed = withheld = 0
    for item in members(evidence, "items"):
        for source in members(item, "sources"):
            seq, pointer = whole(source.get("event")), str(source.get("pointer"))
            event = events.get(seq)
            where = _place(item, seq, pointer)
            if (event is None and seq != BUDGET) or seq > last:
                words = said("{place}: the history that the report tells has no such event.", place=where)
                return wrong(_check(), words)
            if event is not None and source.get("hash") != event.hash:
                words = said("{place}: the hash is not that of the event.", place=where)
                return wrong(_check(), words)
            if event is not None and is_closed(event, pointer):
                closed += 1
                continue
            value = (
                value_at(evidence.get("budget"), pointer) if event is None else Record(event)(pointer).value
            )
            if source.get("withheld") is True and recipient and not isinstance(value, str | int | float):
                withheld += 1
            elif _says(source, value):
                held += 1
            else:
                return wrong(
                    _check(), said("{place}: the report's value is not the one on record.", place=where)
                )
    return _found(held, closed, withheld)


def _found(held: int, closed: int, withheld: int) -> Check:
    words = [
        said(
            "Each of the {number} values that tables, figures and words rest on is the one on record.",
            number=str(held),
        )
    ]
    if withheld:
        words.append(said("{number} lists are left out of the recipients' edition.", number=str(withheld)))
    if not closed:
        return good(_check(), said_all(words))
    words.append(said("{number} are redacted in this copy of the project.", number=str(closed)))
    return Check(_check(), Judgement.LOOK, said_all(words))


def _says(source: Mapping[str, Json], value: Json) -> bool:
    if "value" in source:
        return canonical(source["value"]) == canonical(value)
    return "sha256" in source and source["sha256"] == sha256_hex(canonical(value))


def _check() -> str:
    return said("Values")


def _place(item: Mapping[str, Json], seq: int, pointer: str) -> str:
    if seq == BUDGET:
        return said("{item}, “{pointer}” of the budget", item=_named(item), pointer=pointer)
    return said("{item}, “{pointer}” of event {event}", item=_named(item), pointer=pointer, event=str(seq))


def _named(item: Mapping[str, Json]) -> str:
    place = item.get("place")
    at = [str(one + 1) for one in place if isinstance(one, int)] if isinstance(place, list) else []
    return str(item.get("label") or "") or said("Part, chapter and paragraph {place}", place=".".join(at))


def is_closed(event: TellingEvent, pointer: str) -> bool:
    """Whether the value, or a part of it, was taken out of this copy of the project."""
    name = pointer.removeprefix("/").replace("/", ".")
    return any(
        one == name or one.startswith(f"{name}.") or name.startswith(f"{one}.")
        for one in event.redacted or ()
    )


def standing(seq: int, events: Sequence[TellingEvent]) -> str:
    """How the reservation `seq` stands after `events`, as the budget words it. What was spent stays spent: a
    void beside another outcome of the same run does not give it back."""
    found = ""
    for event in events:
        if event.refers == seq and found in ("", "void"):
            found = event.outcome
    return {"ok": "spent"}.get(found, found or "interrupted")


def totals(budget: Mapping[str, Json], reserved: Sequence[TellingEvent]) -> bool:
    """Whether the budget's sum is what its rows that count add up to. `reserved` are their events."""
    from ppdesk.privacy.events import from_json
    from ppdesk.privacy.ledger import Budget

    counted = {row.get("seq") for row in members(budget, "rows") if row.get("standing") != "void"}
    costs = [from_json(event.cost) for event in reserved if event.seq in counted and event.cost]
    if not costs:
        return not budget.get("spent_epsilon") and not budget.get("spent_delta")
    found = Budget(1.0, 0.0).total(costs)
    made = (found.epsilon, found.delta, str(found.neighbours or ""), found.method)
    given = (budget.get(f"spent_{name}" if name in ("epsilon", "delta") else name) for name in _TOTALS)
    return all(one == other for one, other in zip(made, given, strict=True))
