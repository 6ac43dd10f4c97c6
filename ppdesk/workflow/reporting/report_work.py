"""Making the report: from the history to pages with the evidence inside, ready to be signed."""

from dataclasses import dataclass
from datetime import datetime

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.clock import stamp
from ppdesk.core.errors import CancelledRunError
from ppdesk.report.document import Cover, Document, Signing, chapters
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import moment, typeset
from ppdesk.workflow.reporting.blanks import blanks
from ppdesk.workflow.reporting.parts import parts
from ppdesk.workflow.reporting.report_facts import ReportFacts
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.reporting.told import Told, read
from ppdesk.workflow.step import Context

_SAYS = (
    "Whoever signs below certifies that ppdesk made this report from the history named here, and that it "
    "has not been changed since. The signature covers the whole file with evidence.json inside it, and "
    "allows no change."
)
_SAYS_NOT = (
    "It does not certify that purpose, source, legal basis, roles or answers are true: those are the words "
    "of the persons named beside them. It does not certify that nobody can be recognized: see what was not "
    "tested."
)


@dataclass(frozen=True)
class Composed:
    """The unsigned PDF with the evidence attached, the evidence itself, and the facts of both."""

    pdf: bytes
    evidence: bytes
    facts: ReportFacts


def compose(params: ReportParams, history: Artifact, ctx: Context) -> Composed:
    """Build, set and attach. The same history, parameters and moment give the same bytes."""
    ctx.progress(0.05, "Reading the history")
    told = read(history)
    made = ctx.clock.now()
    document = document_of(params, told, made, ctx.stamp)
    evidence = evidence_json(document, event_list(told), told.budget)
    if ctx.cancelled():
        raise CancelledRunError
    ctx.progress(0.25, "Drawing figures and setting pages")
    typed = typeset(document, evidence)
    if ctx.cancelled():
        raise CancelledRunError
    ctx.progress(0.85, "Attaching the evidence")
    pdf = attach(typed.pdf, evidence, made=made)
    labels = [label for chapter in chapters(document.parts) for label in chapter.labels if label]
    facts = ReportFacts(
        title=params.title,
        pages=typed.pages,
        chapters=sum(1 for _ in chapters(document.parts)),
        tables=sum(label.startswith("Table") for label in labels),
        figures=sum(label.startswith("Figure") for label in labels),
        head_seq=told.head_seq,
        head_hash=told.head_hash,
        evidence_sha256=sha256_hex(evidence),
        blanks=list(document.signing.blanks),
        stamp=document.stamp,
    )
    return Composed(pdf, evidence, facts)


def document_of(params: ReportParams, told: Told, made: datetime, mode_stamp: str) -> Document:
    """The report as a document. It carries the test mode's stamp when any of its events does."""
    objective = told.last_good("objective")
    name = "" if objective is None else str(objective.params.get("project") or "")
    missing = [
        f"Report: {field}"
        for field, value in (("organisation", params.organisation), ("contact", params.contact))
        if not value.strip()
    ]
    return Document(
        cover=Cover(
            params.title,
            name or "A project without a stated objective",
            (
                ("Organisation", params.organisation.strip() or "left blank"),
                ("Contact", params.contact.strip() or "left blank"),
                ("Made", f"{moment(stamp(made))} by ppdesk"),
                ("Project", f"{told.project_id}, begun {moment(told.created)}"),
                ("History", f"{told.head_seq} events"),
                ("Head of the history", told.head_hash),
            ),
        ),
        parts=parts(told),
        signing=Signing((_SAYS, _SAYS_NOT), (*blanks(told), *missing)),
        made=made,
        project_id=told.project_id,
        head_seq=told.head_seq,
        head_hash=told.head_hash,
        stamp=mode_stamp or told.stamp or next((event.stamp for event in told.events if event.stamp), ""),
    )


def event_list(told: Told) -> list[dict[str, Json]]:
    """Number, kind, outcome and hash of every event, for the evidence."""
    return [
        {"seq": event.seq, "kind": event.kind, "outcome": event.outcome, "hash": event.hash}
        for event in told.events
    ]
