"""`ppdesk decide`: why a choice was made, on record."""

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.cli.signing import at_work
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit


@verb(
    "decide",
    click.Argument(["step"], metavar="STEP"),
    click.Option(["--why"], required=True, metavar="TEXT", help="What was weighed, and why this was chosen."),
    click.Option(["--event"], type=int, metavar="EVENT", help="Of an earlier run than the last."),
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Say why a choice was made; that becomes evidence",
)
def VERB(invocation: Invocation, access: Access, *, step: str, why: str, event: int | None) -> int:
    """Put on record why the last run of STEP was made as it was, with your name and the time, and signed
    where somebody signs. It names the run and its hash. A standard or the policy may want a reason before a
    report, a copy or a model is sealed."""
    opened = invocation.open(access)
    with at_work(invocation, access, opened, needed=False) as session:
        made = session.decide(step, why, event)
        left = dict(session.reasons().missing)
    explains = made.plain["event"]
    value: dict[str, Json] = {
        "event": made.seq,
        "step": step,
        "explains": explains,
        "missing": dict(left),
        "stamp": made.stamp,
    }
    lines = [f"Recorded in event {made.seq}, for the run in event {explains}."]
    lines += [f"Still without a reason: {key}, event {seq}." for key, seq in left.items()]
    invocation.console.result(value, lines)
    return Exit.OK
