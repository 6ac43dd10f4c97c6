"""Making a draft, and making the report of a draft that others have endorsed: the very same content."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import Json, parse
from ppdesk.core.findings import Finding, Level
from ppdesk.core.wording import counted, listed
from ppdesk.report.document import Signing
from ppdesk.report.endorsements import NOTE, content_digest, entry, shown
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.documents.compose import document_of
from ppdesk.workflow.reporting.errors import DraftChangedError
from ppdesk.workflow.reporting.report_facts import DocumentFacts, DraftFacts
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.reporting.report_work import Composed, compose, made_of
from ppdesk.workflow.reporting.told import TellingEvent, Told, read
from ppdesk.workflow.step import Context

# events after a draft that take nothing from what it tells
_BESIDE = (
    "draft",
    "endorsement",
    "signature",
    "person",
    "report",
    "verify",
    "handover",
    "request",
    "approval",
)
_SHOWN = 5


@dataclass(frozen=True)
class Drafted:
    """The pages of a draft, its evidence and its facts."""

    pdf: bytes
    evidence: bytes
    facts: DraftFacts


def drafted(params: DocumentParams, history: Artifact, ctx: Context) -> Drafted:
    """A draft of the document, from the history alone."""
    made = compose(params, history, ctx, draft=True)
    told: Any = parse(made.evidence)
    plain = made.facts.model_dump(include=set(DocumentFacts.model_fields))
    facts = DraftFacts(**plain, content=content_digest(told), made=told["report"]["made"])
    return Drafted(made.pdf, made.evidence, facts)


def certified(
    asked: ReportParams, draft: Artifact, history: Artifact, ctx: Context
) -> tuple[Composed, list[Finding]]:
    """The report that certifies the draft that `asked` names (its artifact: `draft`), with what others have
    signed about it, and remarks. It is composed again from the history as it was then, and must come out the
    same: DraftChangedError."""
    ctx.progress(0.05, "Reading the draft")
    now = read(history)
    event = next(one for one in now.events if one.seq == asked.draft)
    facts = DraftFacts.model_validate(dict(event.facts))
    params = DocumentParams.model_validate(
        {name: event.params[name] for name in DocumentParams.model_fields if name in event.params}
    )
    evidence: Mapping[str, Json] = parse(draft.data("evidence.json"))
    told = _as_it_was(now, facts, evidence)
    document = document_of(params, told, datetime.fromisoformat(facts.made), ctx.stamp)
    entries = endorsements(now, event, facts.content)
    signing = Signing(
        document.signing.statements, document.signing.blanks, tuple(shown(one) for one in entries)
    )
    found = replace(document, signing=signing)
    more = {"draft": event.seq, "endorsements": len(entries)}
    made = made_of(found, params, told, ctx, html=asked.html is not None, endorsements=entries, more=more)
    if content_digest(parse(made.evidence)) != facts.content:
        raise DraftChangedError(seq=event.seq, code=event.code)
    return made, _since(now, facts.head_seq)


def endorsements(told: Told, draft: TellingEvent, content: str) -> list[dict[str, Json]]:
    """What persons have signed about the draft, as evidence carries it: the last word of each key, oldest
    first. Statements whose signature does not hold, or that were put in by somebody without a role, are left
    out; the chapter on who did what names them."""
    last: dict[str, dict[str, Json]] = {}
    for event in told.events:
        said = event.params
        signed = event.kind == NOTE and bool((event.witness or {}).get("name"))
        about = (said.get("draft"), said.get("draft_hash"), said.get("content"))
        if signed and about == (draft.seq, draft.hash, content):
            by = str((event.witness or {}).get("fingerprint"))
            last.pop(by, None)
            last[by] = entry(event=event.seq, hash_=event.hash, time=event.time, params=said)
    return list(last.values())


def _as_it_was(now: Told, facts: DraftFacts, evidence: Mapping[str, Json]) -> Told:
    """The history at the draft's head. The budget is the draft's own: what other projects on the same data
    have spent since is no part of it."""
    budget = evidence.get("budget")
    return replace(
        now,
        events=now.until(facts.head_seq),
        head_seq=facts.head_seq,
        head_hash=facts.head_hash,
        budget=budget if isinstance(budget, Mapping) else {},
    )


def _since(now: Told, head: int) -> list[Finding]:
    """What has happened since that the report does not tell."""
    later = [one for one in now.events if one.seq > head and one.kind not in _BESIDE]
    if not later:
        return []
    count = counted(len(later), "event")
    names = listed([f"{one.title} ({one.seq})" for one in later], _SHOWN)
    return [
        Finding(
            Level.CAUTION,
            f"The project has gone on since the draft: {count} that the report does not tell.",
            names,
            code="PP-REPORTING-022",
        )
    ]
