"""Does the history hold, and who vouches for it? Works on files whose chain is broken."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ppdesk.core.findings import Finding, Level
from ppdesk.core.mode import Mode
from ppdesk.core.said import said
from ppdesk.workbench import clocks, copies
from ppdesk.workbench.evidence.doubts import doubts
from ppdesk.workbench.evidence.people import PERSON, Person, recorded
from ppdesk.workbench.evidence.signing import is_signature, valid_then, witness_of
from ppdesk.workbench.views import HistoryVerdict, SignedHead

if TYPE_CHECKING:
    from ppdesk.identity.trust import TrustList
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.events import Event
    from ppdesk.store.project import ProjectFile

OUTSIDE_TIME, TAKEN_BACK = "PP-WORKBENCH-104", "PP-WORKBENCH-105"


def verify_file(path: Path, passphrase: str, *, home: Path) -> HistoryVerdict:
    """The verdict on the history of a file that may not hold: opened for reading only, whatever its chain
    and its anchor say. Raises what ProjectFile.open raises: a file that does not open at all has no
    history to look at."""
    from ppdesk.store.anchor import AnchorBook
    from ppdesk.store.project import ProjectFile

    with ProjectFile.open(path, passphrase, read_only=True) as project:
        return verify(project, AnchorBook(home / "anchors"), home)


def verify(project: "ProjectFile", anchors: "AnchorBook", home: Path) -> HistoryVerdict:
    """The verdict on the history of an open file. `home` has the list of trusted signers."""
    from ppdesk.identity.trust import TrustList
    from ppdesk.store.kdf import KdfProfile
    from ppdesk.workbench.home import trust_folder

    mode = Mode(test_seed=0 if project.kdf is KdfProfile.TEST else None)
    trust = TrustList(trust_folder(home, mode))
    broken = project.verify_chain()
    events, cut = project.sound_events()
    places = [_place(finding) for finding in broken]
    at = min([place for place in places if place] + ([cut] if cut else []), default=None)
    if at is not None:
        events = [event for event in events if event.seq < at]
    elsewhere = _anchored(anchors, project) if at is None else []
    own = _own(home, mode)
    heads = list(_heads(events, project.project_id, lambda pem: own.get(pem) or _met(trust, pem)))
    remarks = [
        *copies.remarks(project),
        *broken,
        *elsewhere,
        *(finding for head in heads for finding in _about(head)),
        *doubts(events, project.project_id, project.seal),
        *clocks.out_of_order(events),
    ]
    return HistoryVerdict(
        file=project.path.name,
        project_id=project.project_id,
        events=len(events),
        broken_at=at,
        findings=tuple(remarks),
        heads=tuple(heads),
        unsigned=_unsigned(events, heads),
    )


def _place(finding: Finding) -> int | None:
    """The event that a finding of the chain is about."""
    word = finding.field.removeprefix("event ")
    return int(word) if word.isdecimal() else None


def _anchored(anchors: "AnchorBook", project: "ProjectFile") -> list[Finding]:
    from ppdesk.core.errors import CodedError
    from ppdesk.store.anchor import compare

    try:
        return compare(anchors.read(project.project_id), project)
    except CodedError as error:
        return [Finding(Level.BLOCKING, error.message, error.advice, code=error.error_code)]


def _heads(
    events: "Sequence[Event]", project_id: str, meet: Callable[[str], tuple[str, str]]
) -> Iterator[SignedHead]:
    """Each signature over the head. People and trust are looked up once for all, not once for each."""
    now: list[Person] = []
    met: dict[str, tuple[str, str]] = {}
    for number, event in enumerate(events, start=1):
        if event.kind == PERSON:
            now = recorded(events[:number], project_id)
        elif is_signature(event):
            pem = str(event.plain.get("certificate", ""))
            if pem not in met:
                met[pem] = meet(pem)
            yield _head(event, project_id, met[pem], now)


def _head(event: "Event", project_id: str, met: tuple[str, str], now: Sequence[Person]) -> SignedHead:
    from ppdesk.identity.statement import StatementBrokenError

    why, pem = str(event.plain.get("why", "")), str(event.plain.get("certificate", ""))
    try:
        found = witness_of(event, project_id)
    except StatementBrokenError as error:
        name, shown = _claimed(pem)
        return SignedHead(
            event=event.seq, seq=event.seq - 1, hash=event.prev, signer=name, fingerprint=shown,
            time=event.time, why=why, fits=False, valid_then=False, reason=str(error.values["reason"]),
            standing="", words="", roles=(),
        )  # fmt: skip
    standing, words = met
    return SignedHead(
        event=event.seq,
        seq=event.seq - 1,
        hash=event.prev,
        signer=found.name,
        fingerprint=found.fingerprint,
        time=event.time,
        why=why,
        fits=True,
        valid_then=valid_then(found, event.time),
        reason="",
        standing=standing,
        words=words,
        roles=tuple(one.role for one in now if one.key == found.key),
    )


def _claimed(pem: str) -> tuple[str, str]:
    """Name and fingerprint of a certificate beside a signature that does not fit, as far as it reads."""
    from ppdesk.identity import certificates

    try:
        certificate = certificates.read_pem(pem.encode())
        return certificates.common_name(certificate), certificates.fingerprint(certificate)
    except ValueError:
        return "", ""


def _own(home: Path, mode: Mode) -> dict[str, tuple[str, str]]:
    """What `_met` says of this person's own certificates. Empty where they cannot be read."""
    from ppdesk.core.errors import CodedError
    from ppdesk.workbench.keys.signers import held

    try:
        return {one.certificate_pem.decode(): ("own", "This is your own key.") for one in held(home, mode)}
    except (CodedError, OSError, UnicodeDecodeError):
        return {}


def _met(trust: "TrustList", pem: str) -> tuple[str, str]:
    """What this person knows of the key: a word, and a sentence. Empty where the list cannot be read."""
    from ppdesk.core.errors import CodedError

    try:
        met = trust.meet(pem.encode())
    except CodedError as error:
        return "", error.message
    return met.standing.value, met.sentence


def _about(head: SignedHead) -> list[Finding]:
    place = f"event {head.event}"
    if head.fits and not head.valid_then:
        title = said(
            "The certificate of the signature in event {event} was not valid at {time}Z",
            event=str(head.event),
            time=head.time[:19],
        )
        words = said("It does not count as a signature.")
        return [Finding(Level.CAUTION, title, words, place, OUTSIDE_TIME)]
    if head.standing == "withdrawn":
        title = said("You no longer trust the key that signed in event {event}", event=str(head.event))
        return [Finding(Level.CAUTION, title, head.words, place, TAKEN_BACK)]
    return []


def _unsigned(events: "Sequence[Event]", heads: Sequence[SignedHead]) -> tuple[int, int] | None:
    """First and last of the events at the end that no signature covers."""
    covered = max((head.seq for head in heads if head.counts), default=0)
    left = [event.seq for event in events if event.seq > covered and not is_signature(event)]
    return (left[0], left[-1]) if left else None
