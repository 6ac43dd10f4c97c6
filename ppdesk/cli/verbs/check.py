"""`ppdesk check`: is the project file whole and unchanged."""

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import finding_lines, stamp_of
from ppdesk.core.exits import Exit
from ppdesk.core.findings import Level


@verb("check", *project_options(), rollback_option(), summary="Check that a project file is whole")
def VERB(invocation: Invocation, access: Access) -> int:  # noqa: N802  every verb's module calls it so
    """Check that a project file is whole and unchanged: its pages, the chain of its events, its data, and
    whether it stands where it was last seen on this machine."""
    with invocation.look(access) as session:
        findings = session.integrity()
        info = {**session.info(), "stamp": stamp_of(session)}
    holds = all(finding.level is Level.INFO for finding in findings)
    verdict = "Everything holds." if holds else "This file does not hold what it should."
    invocation.console.result(
        {**info, "holds": holds, "findings": [finding.to_json() for finding in findings]},
        [
            f"{verdict} {info['events']} events, head {info['head_seq']} ({str(info['head_hash'])[:16]}).",
            f"Against what this machine saw last: {info['standing']}",
            *finding_lines(findings),
        ],
    )
    return Exit.OK if holds else Exit.INTEGRITY
