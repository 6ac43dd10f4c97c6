"""`ppdesk log`: what happened in a project."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli import sections
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import finding_lines, stamp_of
from ppdesk.cli.verdict import history_verdict
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.workbench.notes import title_of
from ppdesk.workbench.saving import FIGURE_FORMS, TABLE_FORMS, FigureForm, TableForm, save_section
from ppdesk.workflow.catalog import CATALOG
from ppdesk.workflow.reporting import noted

if TYPE_CHECKING:
    from ppdesk.store.events import Event


@verb(
    "log",
    click.Argument(["seq"], type=int, required=False, metavar="[EVENT]"),
    *project_options(),
    rollback_option(),
    click.Option(
        ["--verify"], is_flag=True, help="Say whether the history holds, where it breaks, and who signed it."
    ),
    click.Option(
        ["--save"], type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
        help="Also write the tables and charts of EVENT into this folder, a file each.",
    ),
    click.Option(
        ["--tables"], type=click.Choice(list(TABLE_FORMS)), default="csv", show_default=True,
        help="With --save: the form of the tables.",
    ),
    click.Option(
        ["--figures"], type=click.Choice(list(FIGURE_FORMS)), default="svg", show_default=True,
        help="With --save: the form of the charts.",
    ),
    summary="Show the events of a project",
)  # fmt: skip
def VERB(
    invocation: Invocation,
    access: Access,
    *,
    seq: int | None,
    verify: bool,
    save: Path | None,
    tables: TableForm,
    figures: FigureForm,
) -> int:
    """Show the events of a project, oldest first, or one EVENT with its result. With --verify, whether the
    history holds: also of a file that no other verb opens any more."""
    if save is not None and (seq is None or verify):
        raise click.UsageError("--save needs the number of an event.")
    if verify:
        return history_verdict(invocation, access)
    with invocation.look(access) as session:
        events, stamp = session.events(), stamp_of(session)
        if seq is None:
            value: dict[str, Json] = {"events": [_json(event) for event in events], "stamp": stamp}
            told = sections.columns(_rows(events), right=(0,)) if events else ["No events yet."]
            invocation.console.result(value, told)
            return Exit.OK
        event = next((event for event in events if event.seq == seq), None)
        # a reservation, or an attempt that failed, has no result to show, but it is on record
        section = session.section(seq) if event is None or _has_result(event) else None
        saved = save_section(session, section, save, tables, figures) if save and section else []
    assert event is not None  # noqa: S101  section() refuses a number that no event has
    value = {
        "event": _json(event),
        "section": sections.to_json(section) if section else None,
        "findings": [finding.to_json() for finding in event.findings],
        "stamp": event.stamp,
    }
    if save is not None:
        value["saved"] = [str(path) for path in saved]
        for path in saved:
            invocation.console.note(f"Written: {path}")
    head = [f"Event {event.seq}, {event.time}, {event.actor}, {event.hash}", ""]
    body = sections.lines(section) if section else [_without_result(event)]
    invocation.console.result(value, [*head, *body, *finding_lines(event.findings)])
    return Exit.OK


def _has_result(event: "Event") -> bool:
    return event.outcome == "ok" and event.kind in {entry.key for entry in CATALOG}


def _without_result(event: "Event") -> str:
    refers = f", event {event.refers}" if event.refers is not None else ""
    if event.outcome == "noted":
        return noted.words(event.kind, event.params) or title_of(event.kind, {})
    return f"{event.kind}: {event.outcome}{refers}. It has no result to show."


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
        "findings": [finding.to_json() for finding in event.findings],
        "code": event.code,
        "prev": event.prev,
        "hash": event.hash,
        "stamp": event.stamp,
    }
