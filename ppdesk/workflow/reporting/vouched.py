"""The signed statements about a report's draft, against the events that they name."""

from collections.abc import Mapping
from dataclasses import replace

from ppdesk.core.canonical import Json
from ppdesk.core.said import said
from ppdesk.report.endorsements import NOTE, content_digest, entry
from ppdesk.report.verdict import Check, wrong
from ppdesk.workflow.reporting.draft_work import endorsements
from ppdesk.workflow.reporting.members import members, whole
from ppdesk.workflow.reporting.told import TellingEvent, Told


def in_chain(evidence: Mapping[str, Json], told: Told, own: TellingEvent | None) -> list[Check]:
    """Each statement against the event that it names: a report can hold none that the history does not, and
    leaves out none, such as an objection. `own` is the event that made the report, where it is on record."""
    events = {event.seq: event for event in told.events}
    listed = members(evidence, "endorsements")
    for one in listed:
        event = events.get(whole(one.get("event")))
        odd = said("the history has no such event") if event is None else _odd(one, event)
        if odd:
            words = said(
                "The endorsement of event {number} does not hold: {reason}.",
                number=str(one.get("event")),
                reason=odd,
            )
            return [wrong(_check(), words)]
    draft = None if own is None else events.get(whole(own.facts.get("draft")))
    if own is None or draft is None or draft.redacted:
        return []
    before = replace(told, events=told.until(own.seq))
    if endorsements(before, draft, content_digest(evidence)) != listed:
        words = said("The report does not hold every statement that was signed about its draft.")
        return [wrong(_check(), words)]
    return []


def _check() -> str:
    return said("Endorsements in the history")


def _odd(one: Mapping[str, Json], event: TellingEvent) -> str:
    if event.kind != NOTE or event.outcome != "noted" or event.hash != one.get("event_hash"):
        return said("the history has another event there")
    if event.redacted:
        return ""
    if entry(event=event.seq, hash_=event.hash, time=event.time, params=event.params) != one:
        return said("it says something else in the history")
    told = event.witness or {}
    return "" if told.get("name") else str(told.get("reason") or "") or said("nobody signed it")
