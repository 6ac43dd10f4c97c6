"""`ppdesk log`: what happened in a project."""

from typing import TYPE_CHECKING

import click

from ppdesk.cli import sections
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit

if TYPE_CHECKING:
    from ppdesk.store.events import Event


@verb(
    "log",
    click.Argument(["seq"], type=int, required=False, metavar="[EVENT]"),
    *project_options(),
    rollback_option(),
    summary="Show the events of a project",
)
def VERB(invocation: Invocation, access: Access, *, seq: int | None) -> int:  # noqa: N802  as in every verb
    """Show the events of a project, oldest first, or one EVENT with its result."""
    with invocation.look(access) as session:
        events, stamp = session.events(), stamp_of(session)
        if seq is None:
            value: dict[str, Json] = {"events": [_json(event) for event in events], "stamp": stamp}
            invocation.console.result(value, sections.columns(_rows(events), right=(0,)))
            return Exit.OK
        section = session.section(seq)
        event = next(event for event in events if event.seq == seq)
    value = {"event": _json(event), "section": sections.to_json(section), "stamp": event.stamp}
    head = [f"Event {event.seq}, {event.time}, {event.actor}, {event.hash}", ""]
    invocation.console.result(value, [*head, *sections.lines(section)])
    return Exit.OK


def _rows(events: "list[Event]") -> list[list[str]]:
    header = ["event", "time", "who", "what", "outcome", "hash"]
    return [
        header,
        *([str(e.seq), e.time, e.actor, e.kind, e.outcome, e.hash[:12]] for e in events),
    ]


def _json(event: "Event") -> dict[str, Json]:
    return {
        "seq": event.seq,
        "time": event.time,
        "actor": event.actor,
        "kind": event.kind,
        "outcome": event.outcome,
        "refers": event.refers,
        "params": event.params,
        "facts": event.facts,
        "cost": event.cost,
        "inputs": {str(kind): digest for kind, digest in event.inputs.items()},
        "outputs": {str(kind): digest for kind, digest in event.outputs.items()},
        "code": event.code,
        "prev": event.prev,
        "hash": event.hash,
        "stamp": event.stamp,
    }
