"""`ppdesk compact`: the project file without what is unused in it."""

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.cli.results import stamp_of
from ppdesk.cli.signing import at_work
from ppdesk.core.exits import Exit


@verb(
    "compact",
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Make a project file smaller",
)
def VERB(invocation: Invocation, access: Access) -> int:
    """Write a project file anew without what is unused in it, and put that on record. Needs as much room as
    the file has. A kill at any moment leaves the old file or the new one."""
    opened = invocation.open(access)
    with at_work(invocation, access, opened, needed=False) as session:
        gained = session.compact()
        info = session.info()
        stamp = stamp_of(session)
    words = f"Gained {gained:,} bytes." if gained > 0 else "There was nothing to gain."
    invocation.console.result({"gained_bytes": gained, "path": info["path"], "stamp": stamp}, [words])
    return Exit.OK
