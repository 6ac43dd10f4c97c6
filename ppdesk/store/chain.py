"""The event chain: each event's content names the hash of the one before it.

An event's content is one JSON object in canonical form (RFC 8785); its hash is the SHA-256 of
those bytes. `prev` of event 1 is the hash of ``{"created", "ppdesk": 1, "project"}``, so that a
chain belongs to one project. Whoever has the contents can check them with nothing but SHA-256.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ppdesk.core.canonical import Json, canonical, digest, parse, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.store.commitments import Opening
from ppdesk.store.events import EventDraft, reads
from ppdesk.store.strict import strict

FORMAT = 1  # of an event's content


class Link(NamedTuple):
    """One event as it lies in the file."""

    seq: int
    content: str
    hash: str


def genesis(project_id: str, created: str) -> str:
    """What the first event names as the hash before it."""
    return digest({"ppdesk": FORMAT, "project": project_id, "created": created})


def link(
    draft: EventDraft, *, seq: int, prev: str, outputs: Mapping[str, str], openings: Iterable[Opening]
) -> Link:
    """The draft as event `seq` after the event with hash `prev`.

    ValueError for what canonical JSON cannot say: NaN, infinities, integers beyond 2**53.
    """
    content: dict[str, Json] = {
        "format": FORMAT,
        "seq": seq,
        "prev": prev,
        "time": draft.time,
        "actor": draft.actor,
        "kind": draft.kind,
        "params": draft.params,
        "commitments": {opening.field: opening.commitment for opening in openings},
        "inputs": {kind.value: value for kind, value in draft.inputs.items()},
        "outputs": outputs,
        "code": draft.code,
        "cost": draft.cost,
        "outcome": draft.outcome,
        "refers": draft.refers,
        "stamp": draft.stamp,
    }
    data = canonical(content)
    return Link(seq, data.decode(), sha256_hex(data))


def holds(found: Link) -> bool:
    """Whether the content is the one that was hashed."""
    try:
        return sha256_hex(found.content.encode()) == found.hash
    except (AttributeError, ValueError):  # not even text
        return False


def sound(found: Link, prev: str) -> dict[str, Any] | None:
    """The content of an event that is as recorded and follows the hash `prev`; None for one that is not.
    What opens its commitments is not looked at: an Event checks that when its values are asked for."""
    if not holds(found):
        return None
    try:
        content = parsed(found)
    except ValueError:
        return None
    follows = content.get("seq") == found.seq and content.get("prev") == prev
    return content if follows and isinstance(content.get("commitments"), dict) else None


def parsed(found: Link) -> dict[str, Any]:
    """The content as plain values. ValueError if it is not a JSON object."""
    content = parse(found.content)
    if not isinstance(content, dict):
        raise ValueError("an event's content is a JSON object")  # noqa: TRY004 - one error for all bad content
    return content


def rows(connection: Connection) -> tuple[list[Link], dict[int, tuple[Opening, ...]]]:
    """The events of a file, oldest first, and what opens their commitments, by event and in order of
    the fields' names. As they lie there: nothing is checked."""
    raw = connection.connection.driver_connection  # 100,000 rows: SQLAlchemy's own would cost a second
    assert raw is not None  # noqa: S101 - only a connection that was given back has none
    links = [Link(*row) for row in raw.execute("SELECT seq, content, hash FROM event ORDER BY seq")]
    wanted = "SELECT seq, field, salt, value FROM opening ORDER BY seq, field"
    openings = {
        seq: tuple([Opening(*row[1:]) for row in own])
        for seq, own in groupby(raw.execute(wanted), key=itemgetter(0))
    }
    return links, openings


def verify(
    links: Iterable[Link], openings: Mapping[int, Sequence[Opening]], first_prev: str
) -> list[Finding]:
    """Each way in which the chain does not hold, by event. Empty when it does."""
    found: list[Finding] = []
    prev, expected = first_prev, 1
    for each in links:
        if each.seq != expected:
            found.append(_broken(f"Events {expected} to {each.seq - 1} are missing", expected))
        found.extend(_event(each, openings.get(each.seq, ()), prev if each.seq == expected else None))
        prev, expected = each.hash, each.seq + 1
    strays = sorted(seq for seq in openings if seq >= expected)
    found.extend(
        _broken(f"Event {seq} is missing, but values that belong to it are there", seq) for seq in strays
    )
    return found


def _event(each: Link, openings: Sequence[Opening], prev: str | None) -> list[Finding]:
    seq = each.seq
    if not holds(each):
        return [_broken(f"Event {seq} was changed after it was recorded", seq)]
    try:
        content = strict(each.content)
    except ValueError:
        return [_broken(f"Event {seq} is not in canonical form", seq)]
    if not reads(content):
        return [_broken(f"Event {seq} does not read as an event", seq)]
    found = []
    if content.get("seq") != seq:
        found.append(_broken(f"Event {seq} says that it is event {content.get('seq')}", seq))
    if prev is not None and content.get("prev") != prev:
        found.append(_broken(f"Event {seq} does not follow the event before it", seq))
    said = content["commitments"]
    found.extend(
        _broken(f"{opening.field} of event {seq} was changed after it was recorded", seq)
        for opening in openings
        if not opening.opens(said.get(opening.field))
    )
    return found


def _broken(title: str, seq: int) -> Finding:
    return Finding(
        Level.BLOCKING, title, "The history from here on cannot be relied on.", f"event {seq}", "PP-STORE-012"
    )
