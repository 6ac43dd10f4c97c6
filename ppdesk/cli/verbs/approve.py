"""`ppdesk approve`: answer a request as the second person."""

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.core.exits import Exit


@verb(
    "approve",
    click.Argument(["seq"], type=int, metavar="EVENT"),
    click.Option(
        ["--decline"], is_flag=True, help="Say no. That is final; whoever asked may take it back so."
    ),
    click.Option(["--comment"], default="", metavar="TEXT", help="Why, for those who read the history."),
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Approve or decline what was asked for",
)
def VERB(invocation: Invocation, access: Access, *, seq: int, decline: bool, comment: str) -> int:
    """Approve what was asked for in EVENT, or decline it, under your signature. Look at it first with
    `ppdesk requests EVENT`. An approval serves one run that ends well, of exactly what was asked for."""
    with invocation.open(access) as session:
        session.set_signer(invocation.signer(access))
        event = session.decline(seq, comment) if decline else session.approve(seq, comment)
    word = "Declined" if decline else "Approved"
    invocation.console.result(
        {"event": event.seq, "request": seq, "decision": event.plain["decision"], "stamp": event.stamp},
        [f"{word}, in event {event.seq}."],
    )
    return Exit.OK
