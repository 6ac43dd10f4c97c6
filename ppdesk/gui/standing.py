"""How a project stands, in words: on the list of recent ones, and across the top when it is read-only."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ppdesk.gui.desk import Recent
from ppdesk.gui.language import told, tr, tr_count
from ppdesk.gui.snapshot import Snapshot
from ppdesk.gui.words import grouped, moment, title
from ppdesk.workflow.navigation import State, next_step

if TYPE_CHECKING:
    from ppdesk.workbench.auditing.views import Overview


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
        why = told(snapshot.why_read_only)
        return tr("Read-only"), tr("{why} Nothing you do here is written to it.", why=why)
    signer, made = str(info.get("copy_signer") or ""), str(info.get("copy_made") or "")
    return _copy_words(signer, made, str(info.get("copy_fingerprint") or ""))


def auditor_words(found: "Overview") -> tuple[str, str]:
    """The same for what an auditor looks at: a copy, a project opened only to be read, or a report."""
    if found.source == "copy":
        return _copy_words(found.signer, found.made, found.fingerprint)
    if found.source == "report":
        signer = found.signer or tr("nobody")
        words = tr(
            "Signed by {signer} on {when}. Holds no rows. Nothing you do here is written to it.",
            signer=signer,
            when=moment(found.made),
        )
        return tr("Read-only: report"), words if found.signer else tr("Nothing you do here is written to it.")
    return (
        tr("Read-only: opened by an auditor"),
        tr("The project itself. Rows stay closed here. Nothing you do here is written to it."),
    )


def _copy_words(signer: str, made: str, fingerprint: str) -> tuple[str, str]:
    words = (
        tr("Sealed by {signer} on {when}.", signer=signer or tr("nobody"), when=moment(made))
        if made
        else tr("Sealed by {signer}.", signer=signer or tr("nobody"))
    )
    rest = tr("Holds no personal rows. Nothing you do here is written to it.")
    key = tr("Key {key} ...", key=grouped(fingerprint.replace(" ", ""), 4)) if fingerprint else ""
    return tr("Read-only: auditor's copy"), f"{words} {rest} {key}".strip()
