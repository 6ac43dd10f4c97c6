"""The HISTORY artifact: the whole chain, opened, for the steps that tell or check it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.canonical import Json
from ppdesk.workbench.evidence.doubts import uncounted
from ppdesk.workbench.evidence.signing import states, witness_of
from ppdesk.workbench.notes import title_of
from ppdesk.workbench.views import BudgetView

if TYPE_CHECKING:
    from ppdesk.store.events import Event


def history(
    *,
    project: Mapping[str, Json],
    events: "Sequence[Event]",
    budget: BudgetView,
    titles: Mapping[str, str],
    head: tuple[int, str],
    stamp: str,
) -> Artifact:
    """Chain and budget as one artifact. `project` has id and created; `titles` names the steps by key."""
    seq, hash_ = head
    nothing = uncounted(events, str(project["id"]))
    told: dict[str, Json] = {
        "project": dict(project),
        "events": [_event(event, titles, str(project["id"]), nothing) for event in events],
        "budget": asdict(budget),
    }
    return Artifact(
        Kind.HISTORY,
        {
            "project_id": project["id"],
            "created": project["created"],
            "head_seq": seq,
            "head_hash": hash_,
            "stamp": stamp,
        },
        (Part("history", json.dumps(told, allow_nan=False).encode()),),
    )


def _event(event: "Event", titles: Mapping[str, str], project_id: str, nothing: Mapping[int, str]) -> Json:
    return {
        "seq": event.seq,
        "time": event.time,
        "actor": event.actor,
        "kind": event.kind,
        "title": title_of(event.kind, titles),
        "params": dict(event.params),
        "facts": dict(event.facts),
        "cost": None if event.cost is None else dict(event.cost),
        "outcome": event.outcome,
        "refers": event.refers,
        "inputs": {kind.value: digest for kind, digest in event.inputs.items()},
        "outputs": {kind.value: digest for kind, digest in event.outputs.items()},
        "findings": [finding.to_json() for finding in event.findings],
        "sources": {field: dict(source) for field, source in event.sources.items()},
        "hash": event.hash,
        "prev": event.prev,
        "code": event.code,
        "stamp": event.stamp,
        "redacted": list(event.redacted),
        "witness": _witness(event, project_id, nothing.get(event.seq, "")),
    }


def _witness(event: "Event", project_id: str, nothing: str) -> Json:
    """Who signed an event of the kinds that are signed, or why nobody did; `nothing` is why it does not count
    all the same."""
    from ppdesk.identity.statement import StatementBrokenError

    if not states(event):
        return None
    try:
        found = witness_of(event, project_id)
    except StatementBrokenError as error:
        return {"name": "", "fingerprint": "", "reason": error.message}
    if nothing:
        return {"name": "", "fingerprint": "", "reason": nothing}
    return {"name": found.name, "fingerprint": found.fingerprint, "reason": ""}
