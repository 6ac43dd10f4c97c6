"""`ppdesk sign`: vouch for the history as it stands."""

from ppdesk.cli.invocation import Access, Invocation
from ppdesk.cli.options import project_options, rollback_option, signer_options, test_mode_option, verb
from ppdesk.core.exits import Exit


@verb(
    "sign",
    *project_options(),
    rollback_option(),
    *signer_options(),
    test_mode_option(),
    summary="Sign the history of a project",
)
def VERB(invocation: Invocation, access: Access) -> int:
    """Sign the history as it stands now, up to its last event, and put that on record. A session that
    worked with a signer does it by itself when it ends, and so do report and handover."""
    with invocation.open(access) as session:
        session.set_signer(invocation.signer(access))
        event = session.sign_head("asked")
    signed = int(str(event.plain["seq"]))
    invocation.console.result(
        {"event": event.seq, "signed_up_to": signed, "hash": event.plain["hash"], "stamp": event.stamp},
        [f"Signed up to event {signed} ({event.prev[:16]}), on record as event {event.seq}."],
    )
    return Exit.OK
