"""The event chain: each event's content names the hash of the one before it.

An event's content is one JSON object in canonical form (RFC 8785); its hash is the SHA-256 of
those bytes. `prev` of event 1 is the hash of ``{"created", "ppdesk": 1, "project"}``, so that a
chain belongs to one project. Whoever has the contents can check them with nothing but SHA-256.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ppdesk.core.canonical import Json, canonical, digest, parse, sha256_hex
from ppdesk.core.findings import Finding, Level
from ppdesk.store.commitments import Opening
from ppdesk.store.events import EventDraft

FORMAT = 1  # of an event's content


@dataclass(frozen=True)
class Link:
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


def sound(found: Link, openings: Iterable[Opening], prev: str) -> dict[str, Any] | None:
    """The content of an event that is as recorded, follows the hash `prev` and is opened by its openings;
    None for one that is not."""
    if not holds(found):
        return None
    try:
        content = parsed(found)
    except ValueError:
        return None
    said = content.get("commitments")
    if content.get("seq") != found.seq or content.get("prev") != prev or not isinstance(said, dict):
        return None
    return content if all(opening.opens(said.get(opening.field)) for opening in openings) else None


def parsed(found: Link) -> dict[str, Any]:
    """The content as plain values. ValueError if it is not a JSON object."""
    content = parse(found.content)
    if not isinstance(content, dict):
        raise ValueError("an event's content is a JSON object")  # noqa: TRY004 - one error for all bad content
    return content


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
        content = parsed(each)
        plain = canonical(content) == each.content.encode()
    except ValueError:
        plain, content = False, {}
    if not plain:
        return [_broken(f"Event {seq} is not in canonical form", seq)]
    found = []
    if content.get("seq") != seq:
        found.append(_broken(f"Event {seq} says that it is event {content.get('seq')}", seq))
    if prev is not None and content.get("prev") != prev:
        found.append(_broken(f"Event {seq} does not follow the event before it", seq))
    said = content.get("commitments")
    said = said if isinstance(said, dict) else {}
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
