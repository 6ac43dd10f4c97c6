"""`ppdesk drafts`: the drafts of reports, what was said of each, and a draft's pages."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli import sections
from ppdesk.cli.errors import BadCommandLineError
from ppdesk.cli.files import write_new
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.core.wording import sentences
from ppdesk.workbench.evidence.errors import NoSuchDraftError

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.endorsing import Draft, Endorsed
    from ppdesk.workbench.session import Session


@verb(
    "drafts",
    click.Argument(["seq"], type=int, required=False, metavar="[EVENT]"),
    click.Option(
        ["--to"], type=click.Path(path_type=Path), metavar="FILE", help="Write the PDF of EVENT to this file."
    ),
    *project_options(),
    rollback_option(),
    summary="Show the drafts of reports and who endorsed them",
)
def VERB(invocation: Invocation, access: Access, *, seq: int | None, to: Path | None) -> int:
    """Show the drafts of reports, or one EVENT, with what was said of each. Every signature is checked anew;
    what does not count says why. With --to, the draft's PDF is written as it lies in the project."""
    if to is not None and seq is None:
        raise BadCommandLineError(reason="--to needs the EVENT of a draft.", program="ppdesk drafts")
    with invocation.look(access) as session:
        found, stamp = session.drafts(), stamp_of(session)
        if seq is not None:
            found = [one for one in found if one.event == seq]
            if not found:
                raise NoSuchDraftError(seq=seq)
            if to is not None:
                write_new(to, _pages(session, seq))
    value: dict[str, Json] = {"drafts": [_json(one) for one in found], "stamp": stamp}
    lines = list(sections.columns(_rows(found), right=(0,))) if found else ["There is no draft yet."]
    for one in found:
        lines += ["", *_said(one)] if one.endorsements or seq is not None else []
    if to is not None:
        value["file"] = str(to)
        lines.append(f"Wrote {to}")
    invocation.console.result(value, lines)
    return Exit.OK


def _pages(session: "Session", seq: int) -> bytes:
    pdf = session.told(seq, Kind.DRAFT, "report.pdf")
    if pdf is None:  # an auditor's copy can leave it out
        raise NoSuchDraftError(seq=seq)
    return pdf


def _rows(found: "list[Draft]") -> list[list[str]]:
    header = ["event", "time", "by", "draft of", "content", "certified"]
    return [
        header,
        *(
            [
                str(one.event),
                one.time,
                one.actor,
                one.title,
                one.content[:12],
                "not yet" if one.certified_by is None else f"event {one.certified_by}",
            ]
            for one in found
        ),
    ]


def _said(one: "Draft") -> list[str]:
    told = [f"Draft of event {one.event}:", f"  Content: SHA-256 {one.content}"]
    standing = {each.event for each in one.standing()}
    for each in one.endorsements:
        if each.doubt:
            told.append(f"  Event {each.event} does not count: {each.doubt}")
        elif each.event not in standing:
            told.append(f"  {each.name} {each.decision}, event {each.event}, and said something else later")
        else:
            who = f"{each.name} ({each.role}) {each.decision}, event {each.event}"
            told.append(f"  {sentences(who, each.comment)}")
            told.append(f"    {each.fingerprint}")
    return told


def _json(one: "Draft") -> dict[str, Json]:
    return {
        "event": one.event,
        "time": one.time,
        "actor": one.actor,
        "title": one.title,
        "content": one.content,
        "certified_by": one.certified_by,
        "endorsements": [_endorsed(each, one.standing()) for each in one.endorsements],
    }


def _endorsed(one: "Endorsed", standing: "list[Endorsed]") -> dict[str, Json]:
    return {
        "event": one.event,
        "name": one.name,
        "fingerprint": one.fingerprint,
        "role": one.role,
        "decision": one.decision,
        "time": one.time,
        "comment": one.comment,
        "counts": one in standing,
        "reason": one.doubt or ("" if one in standing else "another word of the same key came later."),
    }
