"""`ppdesk people`: who is who in a project."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ppdesk.cli import sections
from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import (
    project_options,
    rollback_option,
    signer_options,
    test_mode_option,
    verb,
    verb_group,
)
from ppdesk.cli.results import stamp_of
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit

if TYPE_CHECKING:
    from ppdesk.workbench.evidence.people import Person, Role

_ROLES = click.Choice(["analyst", "reviewer", "auditor"])


def _whose(shown: str) -> click.Option:
    return click.Option(
        ["--fingerprint"],
        required=True,
        metavar="TEXT",
        help=f"The fingerprint of the key, as {shown}. All of it.",
    )


@verb("list", *project_options(), rollback_option(), summary="Show who has which role")
def _list(invocation: Invocation, access: Access) -> int:
    """Show who has which role in the project, under which key, and who gave it."""
    with invocation.look(access) as session:
        found, stamp = session.people(), stamp_of(session)
    value: dict[str, Json] = {"people": [_json(one) for one in found], "stamp": stamp}
    lines = list(sections.columns(_rows(found))) if found else ["Nobody is on record yet."]
    invocation.console.result(value, lines)
    return Exit.OK


@verb(
    "add",
    click.Option(
        ["--certificate"],
        type=click.Path(path_type=Path),
        required=True,
        metavar="FILE",
        help="The person's certificate (PEM).",
    ),
    click.Option(["--role"], type=_ROLES, required=True, help="What the person may do here."),
    _whose("the person told you"),
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Give a person a role",
)
def _add(invocation: Invocation, access: Access, *, certificate: Path, role: "Role", fingerprint: str) -> int:
    """Give the holder of a certificate a role in the project, under your signature. Ask the person for the
    fingerprint over another channel: a certificate that came with the file proves nothing by itself."""
    from ppdesk.identity.errors import UnreadableCertificateError

    try:
        pem = certificate.read_bytes()
    except OSError:
        raise UnreadableCertificateError from None
    with invocation.open(access) as session:
        session.set_signer(invocation.signer(access))
        event = session.add_person(pem, role, fingerprint)
        found, stamp = session.people(), stamp_of(session)
    invocation.console.result(
        {"event": event.seq, "people": [_json(one) for one in found], "stamp": stamp},
        [f"{event.plain['name']} is on record as {role}, in event {event.seq}."],
    )
    return Exit.OK


@verb(
    "remove",
    _whose("`people list` shows it"),
    click.Option(["--role"], type=_ROLES, help="Only this role; otherwise each."),
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Take a role from a person",
)
def _remove(invocation: Invocation, access: Access, *, fingerprint: str, role: "Role | None") -> int:
    """Take a role, or each, from the holder of a key, under your signature. That it was held stays on
    record, and what was approved with it and not yet run counts no more."""
    with invocation.open(access) as session:
        session.set_signer(invocation.signer(access))
        events = session.remove_person(fingerprint, role)
        found, stamp = session.people(), stamp_of(session)
    invocation.console.result(
        {
            "events": [event.seq for event in events],
            "people": [_json(one) for one in found],
            "stamp": stamp,
        },
        [
            f"{event.plain['name']} is no longer {event.plain['role']}, by event {event.seq}."
            for event in events
        ],
    )
    return Exit.OK


VERB = verb_group(
    "people",
    _list,
    _add,
    _remove,
    summary="Show, add and remove the people of a project",
    text="People and their roles. The first who signs in a project is an analyst by that; after that, "
    "somebody on record gives and takes roles. People whom this machine's policy names have the roles that "
    "it gives them, whatever the project says.",
)


def _rows(found: "list[Person]") -> list[list[str]]:
    told = [
        [one.name, one.role, f"event {one.event}" if one.event else "policy", one.by, one.fingerprint]
        for one in found
    ]
    return [["name", "role", "since", "by", "fingerprint"], *told]


def _json(one: "Person") -> dict[str, Json]:
    return {
        "name": one.name,
        "role": one.role,
        "fingerprint": one.fingerprint,
        "event": one.event,
        "by": one.by,
    }
