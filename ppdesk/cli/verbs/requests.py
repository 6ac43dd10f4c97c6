"""`ppdesk requests`: what waits for a second person, and what was answered."""

import json
from typing import TYPE_CHECKING

import click

from ppdesk.cli import sections
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.core.wording import sentences
from ppdesk.workbench.evidence.errors import NoSuchRequestError

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.approvals import Request

_STATES = {
    "open": "waits for an answer",
    "approved": "approved, not yet run",
    "declined": "declined",
    "used": "approved and run",
    "broken": "does not hold",
}


@verb(
    "requests",
    click.Argument(["seq"], type=int, required=False, metavar="[EVENT]"),
    *project_options(),
    rollback_option(),
    summary="Show what approval was asked for",
)
def VERB(invocation: Invocation, access: Access, *, seq: int | None) -> int:
    """Show what approval was asked for and how each request stands, or one EVENT with all its parameters.
    Each is held against its signatures anew; what does not hold says why."""
    with invocation.look(access) as session:
        found, stamp = session.requests(), stamp_of(session)
    if seq is not None:
        found = [one for one in found if one.event == seq]
        if not found:
            raise NoSuchRequestError(seq=seq)
    value: dict[str, Json] = {"requests": [_json(one) for one in found], "stamp": stamp}
    lines = list(sections.columns(_rows(found))) if found else ["Nothing was asked for."]
    for one in found:
        lines += [f"Event {one.event}: {one.reason}"] if one.reason else []
    if seq is not None:
        lines += ["", *_details(found[0])]
    invocation.console.result(value, lines)
    return Exit.OK


def _rows(found: "list[Request]") -> list[list[str]]:
    header = ["event", "time", "step", "asked by", "state", "answer"]
    told = []
    for one in found:
        answer = one.answer
        words = "" if answer is None else sentences(f"{answer.name}, event {answer.event}", answer.comment)
        told.append([str(one.event), one.time, one.step, one.name, _STATES[one.state], words])
    return [header, *told]


def _details(one: "Request") -> list[str]:
    lines = ["Parameters:"]
    lines += [f"  {name} = {json.dumps(value, ensure_ascii=False)}" for name, value in one.values.items()]
    lines += [f"Source file {source['name']}: SHA-256 {source['sha256']}" for source in one.sources.values()]
    return [*lines, f"Plan: {one.plan}", f"Asked by {one.name}, {one.fingerprint}"]


def _json(one: "Request") -> dict[str, Json]:
    answer: dict[str, Json] | None = None
    if one.answer is not None:
        given = one.answer
        answer = {
            "event": given.event,
            "name": given.name,
            "fingerprint": given.fingerprint,
            "decision": given.decision,
            "time": given.time,
            "comment": given.comment,
        }
    return {
        "event": one.event,
        "time": one.time,
        "step": one.step,
        "plan": one.plan,
        "name": one.name,
        "fingerprint": one.fingerprint,
        "values": one.values,
        "sources": {field: dict(source) for field, source in one.sources.items()},
        "state": one.state,
        "reason": one.reason,
        "answer": answer,
        "used_by": one.used_by,
    }
