"""`ppdesk check`: is the project file whole and unchanged."""

from pathlib import Path

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, verb
from ppdesk.cli.results import finding_lines
from ppdesk.core.exits import Exit
from ppdesk.workbench.upkeep import Checked, check_file


@verb("check", *project_options(), rollback_option(), summary="Check that a project file is whole")
def VERB(invocation: Invocation, access: Access) -> int:
    """Check that a project file is whole and unchanged: its pages, the chain of its events, its data, and
    whether it stands where it was last seen on this machine. Works also on a file that does not hold, and
    beside a window that has it open."""

    def work(path: Path, passphrase: str) -> Checked:
        return check_file(path, passphrase, home=invocation.home)

    done = invocation.examine(access, work)
    looked = done.inspection
    counts = {
        name: getattr(looked, name) for name in ("pages", "events", "values", "artifacts", "chunks", "bytes")
    }
    seq, hash_ = done.head or (None, None)
    verdict = "Everything holds." if done.holds else "This file does not hold what it should."
    extent = (
        f"Checked: {looked.pages:,} pages; {looked.events:,} events and {looked.values:,} values that "
        f"their hashes cover; {looked.artifacts:,} artifacts in {looked.chunks:,} pieces, "
        f"{looked.bytes / 2**20:,.1f} MiB."
    )
    head = "no head that holds" if done.head is None else f"head {seq} ({str(hash_)[:16]})"
    invocation.console.result(
        {
            "path": str(done.path),
            "project_id": done.project_id,
            "created": done.created,
            "events": looked.events,
            "head_seq": seq,
            "head_hash": hash_,
            "holds": done.holds,
            "checked": counts,
            "anchored": done.anchored,
            "findings": [finding.to_json() for finding in done.findings],
            "stamp": done.stamp,
        },
        [
            f"{verdict} {looked.events:,} event{'' if looked.events == 1 else 's'}, {head}.",
            extent,
            "Compared with where this machine saw it last."
            if done.anchored
            else "Nothing on this machine to compare it with.",
            *finding_lines(done.findings),
        ],
    )
    return Exit.OK if done.holds else Exit.INTEGRITY
