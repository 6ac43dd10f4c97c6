"""The signed statements about a report's draft: whose keys the reader knows, whether the chain has them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import Json, parse
from ppdesk.identity.certificates import chain_above, fingerprint, read_pem
from ppdesk.identity.statement import key_of
from ppdesk.report.endorsements import NOTE, Knows, content_digest, entry
from ppdesk.report.endorsements import check as checked
from ppdesk.report.verdict import Check, Verdict, wrong
from ppdesk.workflow.reporting.draft_work import endorsements
from ppdesk.workflow.reporting.members import members, whole
from ppdesk.workflow.reporting.told import TellingEvent, Told

_CHECK = "Endorsements in the history"


def alone(verdict: Verdict, knows: Knows) -> list[Check]:
    """What the statements inside the report say by themselves; nothing where there are none."""
    try:
        certifier = key_of(read_pem(verdict.certificate_pem))
    except ValueError:
        certifier = ""
    return checked(verdict.evidence or {}, knows=knows, certifier=certifier)


def in_chain(evidence: Mapping[str, Json], told: Told, own: TellingEvent | None) -> list[Check]:
    """Each statement against the event that it names: a report can hold none that the history does not, and
    leaves out none, such as an objection. `own` is the event that made the report, where it is on record."""
    events = {event.seq: event for event in told.events}
    listed = members(evidence, "endorsements")
    for one in listed:
        event = events.get(whole(one.get("event")))
        odd = "the history has no such event" if event is None else _odd(one, event)
        if odd:
            return [wrong(_CHECK, f"The endorsement of event {one.get('event')} does not hold: {odd}.")]
    draft = None if own is None else events.get(whole(own.facts.get("draft")))
    if own is None or draft is None or draft.redacted:
        return []
    before = replace(told, events=told.until(own.seq))
    if endorsements(before, draft, content_digest(evidence)) != listed:
        return [wrong(_CHECK, "The report does not hold every statement that was signed about its draft.")]
    return []


def _odd(one: Mapping[str, Json], event: TellingEvent) -> str:
    if event.kind != NOTE or event.outcome != "noted" or event.hash != one.get("event_hash"):
        return "the history has another event there"
    if event.redacted:
        return ""
    if entry(event=event.seq, hash_=event.hash, time=event.time, params=event.params) != one:
        return "it says something else in the history"
    told = event.witness or {}
    return "" if told.get("name") else str(told.get("reason") or "nobody signed it")


def acquaintances(trust: bytes | None, known: Artifact | None) -> Knows:
    """Who is known: by the certificate that was given to trust, else by the list of trusted signers and by
    what policy vouches for. A key that was withdrawn is known no more."""
    if trust is not None:
        return _knows([trust], (), ())
    told: Any = {} if known is None else parse(known.data("trust"))
    if not told:
        return _knows((), (), ())
    listed = [one["certificate"].encode() for one in told["trusted"]]
    by_policy = [pem.encode() for pem in told["policy"]["certificates"]]
    return _knows([*listed, *by_policy], told["policy"]["fingerprints"], told["withdrawn"])


def _knows(
    pems: Sequence[bytes], prints: Sequence[str], withdrawn: "Sequence[str] | Mapping[str, Any]"
) -> Knows:
    trusted = {read_pem(pem).public_bytes(Encoding.DER) for pem in pems}

    def knows(pem: str) -> bool:
        own, *others = load_pem_x509_certificates(pem.encode())
        shown = fingerprint(own)
        if shown in withdrawn:
            return False
        above = (one.public_bytes(Encoding.DER) for one in (own, *chain_above(own, others)))
        return shown in prints or any(one in trusted for one in above)

    return knows
