"""`ppdesk compare`: two runs of a step, side by side."""

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, test_mode_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.core.canonical import Json
from ppdesk.core.exits import Exit
from ppdesk.workbench.comparing import compare

_MOST = 60  # letters of a value


@verb(
    "compare",
    click.Argument(["step"], metavar="STEP"),
    click.Option(["--event"], type=int, metavar="EVENT", help="The run. Otherwise the last good one."),
    click.Option(
        ["--with", "other"], type=int, metavar="EVENT",
        help="The run to compare it with. Otherwise the good one before it.",
    ),
    click.Option(["--all", "whole"], is_flag=True, help="Also what is the same in both."),
    *project_options(),
    rollback_option(),
    test_mode_option(),
    summary="Compare a run of a step with an earlier one",
)  # fmt: skip
def VERB(
    invocation: Invocation, access: Access, *, step: str, event: int | None, other: int | None, whole: bool
) -> int:
    """Show what differs between two runs of STEP: settings, and the figures of their results. From the record
    alone: nothing is run and no data is read."""
    with invocation.look(access) as session:
        found = compare(session, step, event, other)
        stamp = stamp_of(session)
    rows: list[Json] = [
        {"part": part, "name": one.name, "before": one.before, "now": one.now, "differs": one.differs}
        for part, some in (("settings", found.settings), ("result", found.results))
        for one in some
    ]
    lines = [f"{step}: event {found.event} beside event {found.other}."]
    for heading, some in (("Settings", found.settings), ("Result", found.results)):
        shown = [one for one in some if whole or one.differs]
        lines += [f"{heading}:" if shown else f"{heading}: nothing differs."]
        lines += [f"  {one.name}: {_short(one.before)} -> {_short(one.now)}" for one in shown]
    invocation.console.result(
        {"step": step, "event": found.event, "with": found.other, "rows": rows, "stamp": stamp}, lines
    )
    return Exit.OK


def _short(words: str) -> str:
    """On one line; with --json all of it."""
    return f"{words[: _MOST - 3]}..." if len(words) > _MOST else words or "-"
