"""What speaks against a history whose chain fits: values that were taken out, words that nobody signed or
could have said, and a copy that was sealed by a stranger to its history.

Whoever has the passphrase can write such things into a file; ppdesk itself does not.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.said import said
from ppdesk.workbench.evidence.people import BY_POLICY, PERSON, ignored, recorded, same
from ppdesk.workbench.evidence.signing import is_signature, states, witness_of

if TYPE_CHECKING:
    from ppdesk.identity.statement import Witness
    from ppdesk.store.copy_seal import Seal
    from ppdesk.store.events import Event

MISFIT, CLOSED, STRANGER = "PP-WORKBENCH-103", "PP-WORKBENCH-108", "PP-WORKBENCH-109"
REQUEST, APPROVAL, ENDORSEMENT = "request", "approval", "endorsement"
_NO_ROLE = "who signed it had no role in the project then."
_OWN = "who asked gave it, under the same key or the same name."


def doubts(events: "Sequence[Event]", project_id: str, seal: "Seal | None") -> list[Finding]:
    """Of events whose chain holds; `seal` of an auditor's copy."""
    found = [*_misfits(events, project_id), *_uncounted(events, project_id)]
    return [*found, *(_closed(events) if seal is None else _stranger(events, project_id, seal))]


def uncounted(events: "Sequence[Event]", project_id: str) -> dict[int, str]:
    """Why an event that is signed as it should be counts for nothing all the same, by its number."""
    from ppdesk.identity.statement import StatementBrokenError

    found = dict.fromkeys(ignored(events, project_id), _NO_ROLE)
    asked: dict[int, Witness] = {}
    for event in events:
        if event.kind not in (REQUEST, APPROVAL, ENDORSEMENT) or event.outcome != "noted":
            continue
        try:
            by = witness_of(event, project_id)
        except StatementBrokenError:
            continue
        if event.kind == ENDORSEMENT:
            if not _had(events[: event.seq - 1], project_id, by, str(event.plain.get("role"))):
                found[event.seq] = _NO_ROLE
        elif event.kind == REQUEST:
            asked[event.seq] = by
        elif event.plain.get("decision") == "approve":
            request = event.plain.get("request")
            who = asked.get(request) if isinstance(request, int) else None
            if who is not None and (who.key == by.key or same(who.name) == same(by.name)):
                found[event.seq] = _OWN
    return found


def _had(before: "Sequence[Event]", project_id: str, by: "Witness", role: str) -> bool:
    """Whether somebody had the roles that they named. What policy gave them cannot be read from the events,
    and whoever reads the endorsement has to compare the key."""
    if role.endswith(BY_POLICY):
        return True
    theirs = {one.role for one in recorded(before, project_id) if one.key == by.key}
    return set(role.split(", ")) <= theirs


def _misfits(events: "Sequence[Event]", project_id: str) -> Iterator[Finding]:
    """Signatures over the head, roles, requests and approvals whose signature does not fit."""
    from ppdesk.identity.statement import StatementBrokenError

    for event in events:
        if not states(event):
            continue
        try:
            witness_of(event, project_id)
        except StatementBrokenError as error:
            reason = error.values["reason"]
            if is_signature(event):
                yield _wrong(
                    event,
                    said(
                        "The signature in event {event} does not hold: {reason}",
                        event=str(event.seq),
                        reason=reason,
                    ),
                    said(
                        "The history before it is not what was signed, or nobody of that key signed it. Rely "
                        "on events up to the last signature that fits before it."
                    ),
                )
            else:
                yield _wrong(
                    event,
                    said(
                        "The {kind} in event {event} is signed by nobody: {reason}",
                        kind=event.kind,
                        event=str(event.seq),
                        reason=reason,
                    ),
                    said("It was put into the history without the key it names, and counts for nothing."),
                )


def _uncounted(events: "Sequence[Event]", project_id: str) -> Iterator[Finding]:
    by_seq = {event.seq: event for event in events}
    for seq, reason in sorted(uncounted(events, project_id).items()):
        event = by_seq[seq]
        title = said(
            "The {kind} in event {event} counts for nothing: {reason}",
            kind=event.kind,
            event=str(seq),
            reason=reason,
        )
        if event.kind == PERSON:
            title = said(
                "The person in event {event} changes nothing: {reason}", event=str(seq), reason=reason
            )
        words = said("ppdesk would have refused it: it was put into the history with another program.")
        yield _wrong(event, title, words)


def _closed(events: "Sequence[Event]") -> Iterator[Finding]:
    """Values that are missing from a project: lost in a repair, as that says, or taken out."""
    repaired = max((event.seq for event in events if event.kind == "repair"), default=0)
    for event in events:
        if not event.redacted:
            continue
        title = said(
            "Event {event} no longer shows {fields}", event=str(event.seq), fields=", ".join(event.redacted)
        )
        if event.seq < repaired:
            words = said("Its hash and the chain hold. A repair since then could not save the value.")
            yield Finding(Level.CAUTION, title, words, f"event {event.seq}", CLOSED)
        else:
            words = said("The value was taken out of the file. Only an auditor's copy leaves values closed.")
            yield Finding(Level.BLOCKING, title, words, f"event {event.seq}", CLOSED)


def _stranger(events: "Sequence[Event]", project_id: str, seal: "Seal") -> Iterator[Finding]:
    """Who makes a copy signs the history right after, with the same key."""
    from ppdesk.identity.statement import StatementBrokenError

    signed = False
    for event in events:
        if is_signature(event):
            try:
                by = witness_of(event, project_id)
            except StatementBrokenError:
                continue
            signed = signed or (by.fingerprint == seal.fingerprint and event.seq > seal.handover)
    if not signed and not seal.findings:
        yield Finding(
            Level.CAUTION,
            said(
                "Who sealed this copy did not sign its history up to event {event}", event=str(seal.handover)
            ),
            said(
                "Whoever makes a copy signs the history with the same key. Somebody who has its passphrase "
                "may have cut off its end and sealed it anew: compare the fingerprint of the seal, and ask "
                "the sender for the last event and its hash."
            ),
            f"event {seal.handover}",
            STRANGER,
        )


def _wrong(event: "Event", title: str, detail: str) -> Finding:
    return Finding(Level.BLOCKING, title, detail, f"event {event.seq}", MISFIT)
