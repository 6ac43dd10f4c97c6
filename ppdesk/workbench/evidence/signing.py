"""Events that a person signs, and the signature over the head of the chain.

Each such event carries a statement (identity/statement.py): its own parameters but the signature's three,
its time, and by ``seq`` and ``hash`` the event before it. So a signature belongs to one place in the
history of one project, and vouches for all that stands before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ppdesk.core.canonical import Json
from ppdesk.workbench.clocks import moment

if TYPE_CHECKING:
    from ppdesk.identity.signer import Signer
    from ppdesk.identity.statement import Witness
    from ppdesk.store.events import Event, EventDraft
    from ppdesk.workbench.chronicle import Chronicle

SIGNATURE, DECISION = "signature", "decision"
SIGNED = (SIGNATURE, "person", "request", "approval", "endorsement")  # kinds that carry a statement
Why = Literal["close", "report", "handover", "asked"]


def domain(kind: str) -> str:
    """The word that keeps a signature for one purpose from being taken for another."""
    return f"ppdesk-{kind}-1"


def note(
    chronicle: "Chronicle",
    signer: "Signer",
    kind: str,
    said: Mapping[str, Json],
    *,
    free: Mapping[str, Json] | None = None,
    like: "EventDraft | None" = None,
    refers: int | None = None,
) -> "Event":
    """Put on record that `signer` says `said`, at the end of the chain as it stands now. `like` brings
    inputs and sources. Errors as in Chronicle.append, and what the key's place raises."""
    from ppdesk.identity.statement import attest, statement

    seq, hash_ = chronicle.head()
    draft = chronicle.draft(kind, "noted")
    whole: dict[str, Json] = {**said, "seq": seq, "hash": hash_}
    data = statement(domain(kind), chronicle.project_id, {**whole, "time": draft.time})
    params = {**whole, **attest(data, signer)}
    if like is not None:
        draft = replace(draft, inputs=like.inputs, sources=like.sources)
    return chronicle.append(replace(draft, params=params, free=dict(free or {}), refers=refers))


def signed_bytes(event: "Event", project_id: str) -> bytes:
    """What the signature of `event` is over, made from the record. ValueError for what is no statement."""
    from ppdesk.identity.statement import PROOF, statement

    said = {name: value for name, value in event.plain.items() if name not in PROOF}
    return statement(domain(event.kind), project_id, {**said, "time": event.time})


def states(event: "Event") -> bool:
    """Whether `event` carries a statement or has to. A decision need not be signed, and says so."""
    if event.outcome != "noted":
        return False
    return event.kind in SIGNED or (event.kind == DECISION and "signature" in event.plain)


def witness_of(event: "Event", project_id: str) -> "Witness":
    """Who signed `event`, at its place in this chain. StatementBrokenError says why nobody did."""
    from ppdesk.identity.statement import StatementBrokenError, witness

    said = event.plain
    if said.get("seq") != event.seq - 1 or said.get("hash") != event.prev:
        raise StatementBrokenError(reason="it was made for another history than the one before it")
    try:
        data = signed_bytes(event, project_id)
    except ValueError:
        raise StatementBrokenError(reason="it is no statement of ppdesk") from None
    return witness(data, event.plain)


def own(signer: "Signer") -> "Witness":
    """Who signs, as a signature of theirs will say."""
    from ppdesk.identity import certificates
    from ppdesk.identity.statement import Witness

    return Witness(certificates.common_name(signer.certificate), signer.fingerprint, signer.certificate)


def valid_then(found: "Witness", time: str) -> bool:
    """Whether the certificate was valid at `time`, a stamp."""
    when = moment(time)
    certificate = found.certificate
    return when is not None and certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc


def is_signature(event: "Event") -> bool:
    """Whether it is a signature over the head; whether that fits is another question."""
    return event.kind == SIGNATURE and event.outcome == "noted"


def signed_up_to(events: "Sequence[Event]", project_id: str) -> int:
    """The number of the last event that a fitting signature over the head covers; 0 if there is none.

    Looks from the end, and stops at the first signature that fits.
    """
    from ppdesk.identity.statement import StatementBrokenError

    for event in reversed(events):
        if is_signature(event):
            try:
                found = witness_of(event, project_id)
            except StatementBrokenError:
                continue
            if valid_then(found, event.time):
                return event.seq - 1
    return 0


def unsigned(events: "Sequence[Event]", project_id: str) -> "list[Event]":
    """The events that no signature covers yet, but for signatures themselves."""
    covered = signed_up_to(events, project_id)
    return [event for event in events[covered:] if not is_signature(event)]
