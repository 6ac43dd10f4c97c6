"""How a project stands, in words: on the list of recent ones, and across the top when it is read-only."""

from datetime import UTC, datetime

from ppdesk.gui.desk import Recent
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import grouped, moment, title
from ppdesk.workflow.navigation import State, next_step


def recent_of(snapshot: Snapshot) -> Recent:
    """The project as the start screen lists it."""
    stands, state, word = _stands(snapshot)
    budget, seen = snapshot.budget, datetime.now(UTC).isoformat(timespec="minutes")
    return Recent(
        str(snapshot.path),
        stands,
        state,
        word,
        seen,
        spent=None if snapshot.is_copy else budget.total_epsilon,
        limit=None if snapshot.is_copy else budget.limit_epsilon,
    )


def _stands(snapshot: Snapshot) -> tuple[str, str, str]:
    """(where it stands, shape, word)."""
    if snapshot.is_copy:
        return tr("Auditor's copy, no personal rows"), "off", tr("Read-only")
    waiting = len(snapshot.open_requests())
    if waiting:
        return (
            tr("Waits for a second person"),
            "decide",
            tr_count("{count} to decide", "{count} to decide", waiting),
        )
    at = next_step(snapshot.places)
    if at is None:
        return tr("All steps are done"), "done", tr("Complete")
    place = snapshot.place(at)
    words = {State.FAILED: tr("the last run failed"), State.STALE: told(place.reason)}
    say = words.get(place.state, tr("ready to run"))
    look_first = place.state in (State.FAILED, State.STALE)
    state, word = ("stale", tr("Stale")) if look_first else ("todo", tr("In progress"))
    return f"{title(at)}: {say}", state, word


def band_words(snapshot: Snapshot) -> tuple[str, str]:
    """(bold, rest) of the band of a project that cannot be added to; empty for one that can."""
    if not snapshot.read_only:
        return "", ""
    info = snapshot.info
    if not snapshot.is_copy:
        return "Read-only", f"{snapshot.why_read_only} Nothing you do here is written to it."
    signer = str(info.get("copy_signer") or "nobody")
    made, print_ = moment(str(info.get("copy_made") or "")), str(info.get("copy_fingerprint") or "")
    key = f" Key {grouped(print_.replace(' ', ''), 4)} ..." if print_ else ""
    on = f" on {made}" if made else ""
    return (
        "Read-only: auditor's copy",
        f"Sealed by {signer}{on}. Holds no personal rows. Nothing you do here is written to it.{key}",
    )
