"""The hash of an event from its content, and the hash that a signature is over."""

from typing import TYPE_CHECKING

from ppdesk.core.canonical import Json, digest
from ppdesk.core.said import said, said_count
from ppdesk.workbench.remaking.views import Line, Record, Remade, not_held

if TYPE_CHECKING:
    from ppdesk.store.events import Event

EVENT, SIGNATURE = "event", "signature"


def content_hash(event: "Event") -> str:
    """SHA-256 of the content of `event`, written anew as the chain writes it (store.chain)."""
    from ppdesk.store.chain import FORMAT

    content: dict[str, Json] = {
        "format": FORMAT,
        "seq": event.seq,
        "prev": event.prev,
        "time": event.time,
        "actor": event.actor,
        "kind": event.kind,
        "params": event.plain,
        "commitments": dict(event.commitments),
        "inputs": {kind.value: value for kind, value in event.inputs.items()},
        "outputs": {kind.value: value for kind, value in event.outputs.items()},
        "code": event.code,
        "cost": event.cost,
        "outcome": event.outcome,
        "refers": event.refers,
        "stamp": event.stamp,
    }
    return digest(content)


def event_hash(record: Record, event: "Event") -> Remade:
    """The event's own hash, and whether it follows the one before it."""
    before = record.event(event.seq - 1)
    expected = record.genesis if event.seq == 1 else "" if before is None else content_hash(before)
    opening = sum(one.opens(event.commitments.get(one.field)) for one in event.openings)
    closed = len(event.commitments) - len(event.openings)
    lines = [
        Line(said("Follows"), event.prev[:16], expected[:16]),
        Line(said("Values held"), str(len(event.openings)), str(opening)),
    ]
    if closed:
        lines.append(Line(said("Values closed in this copy"), str(closed)))
    fits = expected == event.prev and opening == len(event.openings)
    now = content_hash(event)
    return Remade(
        event.seq,
        EVENT,
        said("the hash of event {seq}", seq=event.seq),
        said_count(
            "from its content and {count} salted value", "from its content and {count} salted values", opening
        ),
        tuple(lines),
        event.hash,
        now if fits else digest({"content": now, "follows": expected, "values": opening}),
    )


def signature(record: Record, event: "Event") -> Remade:
    """Whether a signature is over the history before it, and fits the key that it names."""
    from ppdesk.identity.statement import StatementBrokenError
    from ppdesk.workbench.evidence.signing import witness_of

    title = said("the signature of event {seq}", seq=event.seq)
    covered = event.plain.get("seq")
    last = record.event(covered)
    if last is None:
        return not_held(
            event.seq, SIGNATURE, title, said("The event that it is over does not stand in this file.")
        )
    try:
        witness = witness_of(event, record.project_id)
    except StatementBrokenError as error:
        why, name, fingerprint = str(error.values["reason"]), "", ""
    else:
        why, name, fingerprint = "", witness.name, witness.fingerprint
    recorded, now = str(event.plain.get("hash", "")), content_hash(last)
    lines = [
        Line(said("Signed by"), name or str(said("nobody that fits"))),
        Line(said("Key"), fingerprint[:19]),
        Line(said("Over event"), str(covered), str(last.seq)),
        Line(said("Fits the key"), str(said("yes")), why or str(said("yes"))),
    ]
    return Remade(
        event.seq,
        SIGNATURE,
        title,
        said_count("over the hash of {count} event", "over the hash of {count} events before it", last.seq),
        tuple(line for line in lines if line.then),
        recorded,
        now if not why else digest({"hash": now, "reason": why}),
    )
