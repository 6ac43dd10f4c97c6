"""Drafts of reports and what persons say of them, before one of them certifies the report.

An endorsement is signed by who gives it and binds one draft: its event, that event's hash and the SHA-256 of
its content. As with approvals, nothing here believes what an event says of itself, and all of it is looked at
again when somebody certifies. A person's last word on a draft counts; an objection is shown and blocks
nothing, for whoever certifies answers for that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ppdesk.core.artifacts import Kind
from ppdesk.core.canonical import Json, parse
from ppdesk.core.clock import stamp
from ppdesk.core.errors import CodedError
from ppdesk.core.findings import Finding, Level
from ppdesk.core.wording import counted
from ppdesk.workbench.evidence.approvals import one_person
from ppdesk.workbench.evidence.errors import (
    AlreadyCertifiedError,
    DraftBrokenError,
    EndorsementsNeededError,
    NoRoleToEndorseError,
    NoSuchDraftError,
)
from ppdesk.workbench.evidence.people import holds, introduce, role_words
from ppdesk.workbench.evidence.signing import note, own, valid_then, witness_of

if TYPE_CHECKING:
    from ppdesk.identity.statement import Witness
    from ppdesk.store.events import Event
    from ppdesk.workbench.chronicle import Chronicle
    from ppdesk.workbench.plan import Plan
    from ppdesk.workbench.runner import Runner

DRAFT, ENDORSEMENT, REPORT = "draft", "endorsement", "report"
WANTED, HAD, AGAIN = "PP-WORKBENCH-111", "PP-WORKBENCH-112", "PP-WORKBENCH-113"
Decision = Literal["endorsed", "objected"]
_DID = {"endorsed": "endorsed", "objected": "objected to"}


@dataclass(frozen=True)
class Endorsed:
    """What somebody signed about a draft. `doubt` says why it does not count; empty if it does."""

    event: int
    name: str
    fingerprint: str
    key: str
    role: str
    decision: str
    time: str
    comment: str
    doubt: str


@dataclass(frozen=True)
class Draft:
    """A draft on record, what was said of it, and the report that certified it (None: none yet)."""

    event: int
    hash: str
    time: str
    actor: str
    title: str
    content: str  # SHA-256
    endorsements: tuple[Endorsed, ...]
    certified_by: int | None

    def standing(self) -> list[Endorsed]:
        """The last word of each key, oldest first."""
        last: dict[str, Endorsed] = {}
        for one in self.endorsements:
            if not one.doubt:
                last.pop(one.key, None)
                last[one.key] = one
        return list(last.values())

    def by_others(self, name: str, key: str) -> list[Endorsed]:
        """Whose endorsements count, besides somebody of that name or key."""
        return [
            one for one in self.standing() if one.decision == "endorsed" and not one_person(one, name, key)
        ]


def drafts(runner: "Runner") -> list[Draft]:
    """Every draft of the project, oldest first."""
    return [_draft(runner, event) for event in runner.chronicle.events if _is_draft(event)]


def find(runner: "Runner", seq: int) -> Draft:
    """The draft of event `seq`. NoSuchDraftError."""
    event = next((one for one in runner.chronicle.events if one.seq == seq and _is_draft(one)), None)
    if event is None:
        raise NoSuchDraftError(seq=seq)
    return _draft(runner, event)


def endorse(runner: "Runner", seq: int, decision: Decision, comment: str) -> "Event":
    """Put on record what the session's signer says of the draft in event `seq`.

    NobodySignsError, NoSuchDraftError, AlreadyCertifiedError, DraftBrokenError, NoRoleToEndorseError.
    """
    from ppdesk.report.endorsements import comment_digest

    signer, chronicle = runner.signed_in(), runner.chronicle
    found = find(runner, seq)
    if found.certified_by is not None:
        raise AlreadyCertifiedError(seq=seq, report=found.certified_by)
    _require_sound(chronicle, found)
    introduce(chronicle, signer)
    role = role_words(chronicle.events, chronicle.project_id, runner.policy, own(signer))
    if not role:
        raise NoRoleToEndorseError
    said: dict[str, Json] = {
        "draft": seq,
        "draft_hash": found.hash,
        "content": found.content,
        "decision": decision,
        "role": role,
    }
    free: dict[str, Json] = {}
    if comment:
        nonce = runner.mode.entropy(f"{chronicle.next_seq}/nonce").take(16).hex()
        said["comment_digest"] = comment_digest(comment, nonce)
        free = {"comment": comment, "nonce": nonce}
    return note(chronicle, signer, ENDORSEMENT, said, free=free, refers=seq)


def demand(runner: "Runner", plan: "Plan") -> list[Finding]:
    """What to say of the endorsements of a report that is about to be certified. EndorsementsNeededError
    where policy wants more of them, NobodySignsError where it wants any."""
    if plan.step.key != REPORT:
        return []
    seq = getattr(plan.params, DRAFT, None)
    found = None if seq is None else find(runner, seq)
    wanted = runner.policy.rules.report.endorsements
    if not wanted:
        return [] if found is None else _remarks(found)
    if found is None:
        raise EndorsementsNeededError(wanted=_others(wanted), reason="it has to be made from a draft.")
    certifier = own(runner.signed_in())
    return _enough(found, wanted, found.by_others(certifier.name, certifier.key))


def _enough(found: Draft, wanted: int, given: Sequence[Endorsed]) -> list[Finding]:
    if len(given) < wanted:
        doubts = "".join(
            f" Event {one.event} does not count: {one.doubt}" for one in found.endorsements if one.doubt
        )
        said = f"the draft in event {found.event} has {len(given)}.{doubts}"
        raise EndorsementsNeededError(wanted=_others(wanted), reason=said)
    return _remarks(found)


def remark(runner: "Runner", plan: "Plan") -> list[Finding]:
    """The same beforehand, in place of an error."""
    from ppdesk.workbench.evidence.errors import NobodySignsError

    try:
        return demand(runner, plan)
    except (EndorsementsNeededError, NoSuchDraftError) as error:
        return [_wanted(error)]
    except NobodySignsError:  # who will certify is not known yet: whoever endorsed may count
        return _remark_without_certifier(runner, plan)


def _remark_without_certifier(runner: "Runner", plan: "Plan") -> list[Finding]:
    found = find(runner, getattr(plan.params, DRAFT))
    given = [one for one in found.standing() if one.decision == "endorsed"]
    try:
        return _enough(found, runner.policy.rules.report.endorsements, given)
    except EndorsementsNeededError as error:
        return [_wanted(error)]


def _wanted(error: CodedError) -> Finding:
    return Finding(Level.BLOCKING, error.message, error.advice, DRAFT, WANTED)


def _others(wanted: int) -> str:
    return counted(wanted, "person", "persons")


def _remarks(found: Draft) -> list[Finding]:
    said = [
        Finding(
            Level.CAUTION if one.decision == "objected" else Level.INFO,
            f"{one.name} {_DID[one.decision]} the draft, in event {one.event}",
            one.comment,
            f"event {one.event}",
            HAD,
        )
        for one in found.standing()
    ]
    if found.certified_by is None:
        return said
    title = f"The draft was certified already, in event {found.certified_by}"
    return [*said, Finding(Level.CAUTION, title, "There will be two signed reports of it.", DRAFT, AGAIN)]


def _is_draft(event: "Event") -> bool:
    return event.kind == DRAFT and event.outcome == "ok"


def _draft(runner: "Runner", event: "Event") -> Draft:
    chronicle = runner.chronicle
    after = chronicle.events[event.seq :]
    certified = next(
        (
            one.seq
            for one in after
            if one.kind == REPORT and one.outcome == "ok" and one.params.get(DRAFT) == event.seq
        ),
        None,
    )
    facts = event.facts
    return Draft(
        event=event.seq,
        hash=event.hash,
        time=event.time,
        actor=event.actor,
        title=str(facts.get("title") or ""),
        content=str(facts.get("content") or ""),
        endorsements=tuple(
            _endorsed(runner, one, event)
            for one in after
            if one.kind == ENDORSEMENT and one.outcome == "noted" and one.plain.get(DRAFT) == event.seq
        ),
        certified_by=certified,
    )


def _endorsed(runner: "Runner", event: "Event", draft: "Event") -> Endorsed:
    from ppdesk.identity.statement import StatementBrokenError

    said = event.plain
    try:
        found = witness_of(event, runner.chronicle.project_id)
    except StatementBrokenError as error:
        return Endorsed(event.seq, "", "", "", "", "", event.time, "", error.message)
    return Endorsed(
        event=event.seq,
        name=found.name,
        fingerprint=found.fingerprint,
        key=found.key,
        role=str(said.get("role") or ""),
        decision=str(said.get("decision") or ""),
        time=event.time,
        comment=str(event.free.get("comment") or ""),
        doubt=_doubt(runner, event, found, draft),
    )


def _doubt(runner: "Runner", event: "Event", found: "Witness", draft: "Event") -> str:
    """Why the endorsement of `found` in `event` does not count; empty if it does."""
    now = stamp(runner.chronicle.clock.now())
    if (event.plain.get("draft_hash"), event.plain.get("content")) != (
        draft.hash,
        draft.facts.get("content"),
    ):
        return "it was given for another draft."
    if not valid_then(found, event.time):
        return "its certificate was not valid at that time."
    if not valid_then(found, now):
        return "its certificate is no longer valid."
    return _unsaid(event) or _without_role(runner, event, found)


def _unsaid(event: "Event") -> str:
    """Whether it says something, and in the words that were signed."""
    from ppdesk.report.endorsements import ENDORSED, OBJECTED, comment_digest

    if event.plain.get("decision") not in (ENDORSED, OBJECTED):
        return "it decides nothing."
    bound, closed = event.plain.get("comment_digest"), bool(event.redacted)
    comment, nonce = str(event.free.get("comment") or ""), str(event.free.get("nonce") or "")
    if comment or (bound is not None and not closed):
        return (
            "" if bound == comment_digest(comment, nonce) else "its comment is not the one that was signed."
        )
    return ""


def _without_role(runner: "Runner", event: "Event", found: "Witness") -> str:
    """Policy that wants endorsements says whose count; without, whoever has any role in the project."""
    rules, chronicle = runner.policy.rules.report, runner.chronicle
    before, project_id = chronicle.events[: event.seq], chronicle.project_id
    if not rules.endorsements:
        told = role_words(before, project_id, runner.policy, found)
        return "" if told else f"{found.name} had no role in the project."
    both = (before, chronicle.events)
    if all(holds(some, project_id, runner.policy, found, rules.roles) for some in both):
        return ""
    return f"{found.name} has no role whose endorsement counts here."


def _require_sound(chronicle: "Chronicle", found: Draft) -> None:
    """DraftBrokenError unless the draft that lies in the project has the content that its event names: who
    endorses would sign for something else than what can be read."""
    from ppdesk.report.endorsements import content_digest

    event = next(one for one in chronicle.events if one.seq == found.event)
    digest = event.outputs.get(Kind.DRAFT)
    if digest is None:
        raise DraftBrokenError(seq=found.event, reason="its pages are not in the project.")
    evidence = parse(chronicle.artifact(digest).data("evidence.json"))
    if not isinstance(evidence, Mapping) or content_digest(evidence) != found.content:
        raise DraftBrokenError(seq=found.event, reason="it shows other content than its event names.")
