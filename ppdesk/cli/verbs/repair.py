"""`ppdesk repair`: what a damaged project file still holds, in a new file."""

from pathlib import Path

import click

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, signer_options, test_mode_option, verb
from ppdesk.cli.results import finding_lines
from ppdesk.core.exits import Exit

_UNKNOWN = (
    "What was spent of the privacy budget is not known any more. Nothing can be spent in the new",
    "project until the standard step has been run again in it.",
)
_FILE = click.Path(path_type=Path)


@verb(
    "repair",
    click.Argument(["project"], type=_FILE, metavar="FILE"),
    click.Option(["--to"], type=_FILE, required=True, metavar="NEW", help="The new project file."),
    *project_options()[1:],
    signer_options()[0],
    test_mode_option(),
    summary="Save what a damaged file holds",
)
def VERB(invocation: Invocation, access: Access, *, to: Path) -> int:
    """Save what the damaged project FILE still holds into a new one, under the same passphrase.

    FILE is only read. Each event and artifact that is taken over is proved by its hash, and each that is lost
    is named. From then on this machine remembers the new file in place of the old one.
    """
    from ppdesk.workbench.upkeep import repair_file

    assert access.project is not None  # noqa: S101  the argument is required
    policy = invocation.policy  # before a passphrase is asked for
    done = repair_file(
        access.project.absolute(),
        invocation.passphrase(access),
        to.absolute(),
        mode=access.mode,
        home=invocation.home,
        actor=access.actor,
        policy=policy,
    )
    lost = sum(last - first + 1 for first, last in done.missing)
    saved = (
        f"Saved: {done.events:,} events and {done.artifacts:,} artifacts. Lost: {lost:,} events, "
        f"{len(done.lost_artifacts):,} artifacts, on {len(done.damaged_pages):,} damaged pages."
    )
    invocation.console.result(
        {
            "path": str(done.path),
            "project_id": done.project_id,
            "events": done.events,
            "missing": [list(run) for run in done.missing],
            "artifacts": done.artifacts,
            "lost_artifacts": list(done.lost_artifacts),
            "closed_values": done.closed_values,
            "damaged_pages": list(done.damaged_pages),
            "spending_known": done.spending_known,
            "findings": [finding.to_json() for finding in done.findings],
            "stamp": access.mode.stamp,
        },
        [
            f"Made {done.path}",
            saved,
            *([] if done.spending_known else _UNKNOWN),
            *finding_lines(done.findings),
        ],
    )
    return Exit.OK
