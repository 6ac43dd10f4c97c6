"""What persons signed about the draft of a report, in a form that a stranger can check offline.

An endorsement is a signed event of the project's history (kind ``endorsement``). evidence.json carries
each whole: what was signed, the signature, the certificate. What binds it to the report is the content:
SHA-256 of the document as it stands in evidence.json and of the files beside it, without the endorsements
themselves and without the mark of a draft. The words of a comment are bound by a salted hash, so that a
redacted copy can leave them out.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from ppdesk.core.canonical import Json, digest
from ppdesk.identity import certificates
from ppdesk.identity.statement import PROOF, StatementBrokenError, Witness, statement, witness
from ppdesk.report.document import Endorsement
from ppdesk.report.plain_values import to_plain
from ppdesk.report.verdict import Check, Judgement, good, wrong

NOTE = "endorsement"  # kind of the event
DOMAIN = "ppdesk-endorsement-1"
ENDORSED, OBJECTED = "endorsed", "objected"
SAID = ("draft", "draft_hash", "content", "decision", "role", "comment_digest", "seq", "hash")
Knows: TypeAlias = Callable[[str], bool]
_CHECK = "Endorsements"
_MOST = 100  # more than any report has; each costs a signature to check


def content_digest(evidence: Mapping[str, Json]) -> str:
    """SHA-256 of a report's content, from its evidence.json: the document and the files beside it. 64
    hexadecimal digits, the same for a draft and for the report that certifies it."""
    document = _mapping(evidence.get("document"))
    signing = {**_mapping(document.get("signing")), "endorsements": []}
    plain = {**document, "draft": False, "signing": signing}
    return digest({"document": plain, "attachments": evidence.get("attachments")})


def comment_digest(comment: str, nonce: str) -> str:
    """What binds a comment to its endorsement; `nonce`, 32 random digits (hex), stays with the words."""
    return digest({"comment": comment, "nonce": nonce})


def entry(*, event: int, hash_: str, time: str, params: Mapping[str, Json]) -> dict[str, Json]:
    """An endorsement as evidence.json carries it, from the event's number, hash, time and parameters."""
    return {
        "event": event,
        "event_hash": hash_,
        "time": time,
        "said": {name: params[name] for name in SAID if name in params},
        "comment": str(params.get("comment") or ""),
        "nonce": str(params.get("nonce") or ""),
        **{name: params.get(name) for name in PROOF},
    }


def shown(told: Mapping[str, Json]) -> Endorsement:
    """The endorsement as paper shows it, from an entry of evidence.json. StatementBrokenError where nobody
    can be named."""
    said = _mapping(told.get("said"))
    try:
        certificate = certificates.read_pem(str(told.get("certificate")).encode())
    except ValueError:
        raise StatementBrokenError(reason="its certificate cannot be read") from None
    seq = told.get("event")
    return Endorsement(
        event=seq if isinstance(seq, int) else 0,
        hash=str(told.get("event_hash")),
        name=certificates.common_name(certificate),
        role=str(said.get("role") or ""),
        decision=str(said.get("decision")),
        comment=str(told.get("comment") or ""),
        time=str(told.get("time")),
        fingerprint=certificates.fingerprint(certificate),
    )


def signed_by(told: Mapping[str, Json], project: str, content: str) -> Witness:
    """Who signed an entry, for `content` in `project` (an id). StatementBrokenError says what is wrong."""
    said = _mapping(told.get("said"))
    if said.get("content") != content:
        raise StatementBrokenError(reason="it was given for other content than that of this report")
    if said.get("decision") not in (ENDORSED, OBJECTED):
        raise StatementBrokenError(reason="it decides nothing")
    comment, nonce = str(told.get("comment") or ""), str(told.get("nonce") or "")
    bound = said.get("comment_digest")
    if (comment or bound is not None) and bound != comment_digest(comment, nonce):
        raise StatementBrokenError(reason="its comment is not the one that was signed")
    try:
        data = statement(DOMAIN, project, {**said, "time": told.get("time")})
    except ValueError:
        raise StatementBrokenError(reason="it is no statement of ppdesk") from None
    found = witness(data, told)
    if not _valid(found, str(told.get("time"))):
        raise StatementBrokenError(reason="the certificate was not valid at that time")
    return found


def check(evidence: Mapping[str, Json], *, knows: Knows, certifier: str = "") -> list[Check]:
    """What checking the endorsements in the evidence of a report found; nothing where there are none.

    `knows` says whether the reader knows the key of a certificate (PEM, with those above it). `certifier` is
    the key of who certified the report (statement.key_of): an endorsement by them is none by a second person.
    """
    project = str(_mapping(evidence.get("project")).get("id"))
    listed = evidence.get("endorsements")
    entries = [_mapping(one) for one in listed] if isinstance(listed, list | tuple) else []
    document = _mapping(evidence.get("document"))
    printed = _mapping(document.get("signing")).get("endorsements")
    on_paper = list(printed) if isinstance(printed, list | tuple) else []
    if not on_paper and not entries:
        return []
    if len(entries) > _MOST:
        return [wrong(_CHECK, "evidence.json: it holds more endorsements than any report.")]
    content = content_digest(evidence)
    witnesses: list[tuple[Witness, Endorsement, bool]] = []
    for told in entries:
        try:
            found = signed_by(told, project, content)
            on_it = shown(told)
        except StatementBrokenError as error:
            where = f"The endorsement of event {told.get('event')}"
            return [wrong(_CHECK, f"{where} does not hold: {error.values['reason']}.")]
        witnesses.append((found, on_it, knows(str(told.get("certificate")))))
    if [to_plain(one) for _, one, _ in witnesses] != on_paper:
        return [wrong(_CHECK, "The endorsements that the report shows are not those that were signed.")]
    if len({found.key for found, _, _ in witnesses}) != len(witnesses):
        return [wrong(_CHECK, "One key endorsed it more than once.")]
    return [_told(witnesses, certifier)]


def _told(witnesses: Sequence[tuple[Witness, Endorsement, bool]], certifier: str) -> Check:
    """All hold: who said what, and whose key the reader has still to compare."""
    said = "; ".join(
        f"{one.name}{f' ({one.role})' if one.role else ''} {one.decision}"
        + (", who certified it as well" if found.key == certifier else "")
        for found, one, _ in witnesses
    )
    words = f"Signed about the draft with this very content: {said}."
    strangers = [one for _, one, known in witnesses if not known]
    if not strangers:
        return good(_CHECK, words)
    prints = "; ".join(f"{one.name}: {one.fingerprint}" for one in strangers)
    asked = f"Nobody here vouches for these keys, compare the fingerprints: {prints}."
    return Check(_CHECK, Judgement.LOOK, f"{words} {asked}")


def _valid(found: Witness, time: str) -> bool:
    certificate = found.certificate
    try:
        when = datetime.fromisoformat(time)
    except ValueError:
        return False
    if when.tzinfo is None:
        return False
    return certificate.not_valid_before_utc <= when <= certificate.not_valid_after_utc


def _mapping(value: object) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
