"""`ppdesk endorse`: say under your signature that you agree to a draft of a report, or that you do not."""

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.core.exits import Exit


@verb(
    "endorse",
    click.Argument(["seq"], type=int, metavar="EVENT"),
    click.Option(
        ["--object", "objects"], is_flag=True, help="Say that you do not agree. The report shows it."
    ),
    click.Option(["--comment"], default="", metavar="TEXT", help="Why. It stands in the report."),
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Endorse the draft of a report, or object to it",
)
def VERB(invocation: Invocation, access: Access, *, seq: int, objects: bool, comment: str) -> int:
    """Endorse the draft in EVENT under your signature, or object to it. Read it first, as it lies in the
    project: `ppdesk drafts EVENT --to FILE`. Your last word counts. The report that certifies this draft
    shows it and carries your signature."""
    with invocation.open(access) as session:
        session.set_signer(invocation.signer(access))
        event = session.object_to(seq, comment) if objects else session.endorse(seq, comment)
    said = event.plain
    word = "Objected" if objects else "Endorsed"
    invocation.console.result(
        {
            "event": event.seq,
            "draft": seq,
            "decision": said["decision"],
            "content": said["content"],
            "role": said["role"],
            "stamp": event.stamp,
        },
        [
            f"{word}, in event {event.seq}, as {said['role']}.",
            f"Content: SHA-256 {said['content']}",
        ],
    )
    return Exit.OK
