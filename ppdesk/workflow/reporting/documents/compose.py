"""From a history to a document: its skeleton's parts, the cover, and what stands above the signature."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ppdesk.core.canonical import Json
from ppdesk.core.clock import stamp
from ppdesk.core.section import Answer
from ppdesk.report.cited import Cited
from ppdesk.report.document import Attachment, Cover, Document, Part, Signing, chapters, hashes_of, numbered
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting.blanks import blanks
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.documents.kinds import DocumentKind, Skeleton, skeleton
from ppdesk.workflow.reporting.told import Told

_WITHOUT_A_RULE = (DocumentKind.AUDIT, DocumentKind.SUMMARY)
_MOST_BLANKS = 5  # of a management summary, which has two pages


def brief_of(params: DocumentParams, told: Told) -> Brief:
    """What the document is composed from."""
    return Brief(
        told,
        Tongue(params.language),
        params.edition,
        params.organisation.strip(),
        params.contact.strip(),
        params.valid_until,
    )


def document_of(params: DocumentParams, told: Told, made: datetime, mode_stamp: str) -> Document:
    """The document. It carries the test mode's stamp when any event of the history does. The same history,
    parameters and moment give the same document."""
    brief = brief_of(params, told)
    plan = skeleton(params.document)
    title = params.title.strip() or title_of(plan, brief.say)
    parts = numbered(composed(plan, brief), params.language.value)
    return Document(
        cover=_cover(title, plan, brief, made),
        parts=parts,
        signing=signing(params.document, brief, parts),
        made=made,
        project_id=told.project_id,
        head_seq=told.head_seq,
        head_hash=told.head_hash,
        stamp=mode_stamp or told.stamp or next((event.stamp for event in told.events if event.stamp), ""),
        language=params.language.value,
        kind=params.document.value,
        edition=params.edition.value,
        paper=params.paper.value,
        valid_until=params.valid_until,
        compact=params.document is DocumentKind.SUMMARY,
        author=brief.organisation,
        event_hashes=hashes_of(parts, ((event.seq, event.hash) for event in told.events)),
    )


def title_of(plan: Skeleton, say: Tongue) -> Cited:
    """The document's own name, in the language of the document."""
    return say(plan.title)


def composed(plan: Skeleton, brief: Brief) -> tuple[Part, ...]:
    """The document's parts, not numbered yet."""
    return plan.compose()(brief)


def attached(kind: DocumentKind, brief: Brief) -> tuple[Attachment, ...]:
    """The files that the document has beside its evidence."""
    attach = skeleton(kind).attach()
    return () if attach is None else attach(brief)


def _cover(title: str, plan: Skeleton, brief: Brief, made: datetime) -> Cover:
    say, told = brief.say, brief.told
    objective = brief.record("objective")
    name = "" if objective is None else objective("/params/project").text
    blank = say("left blank")
    return Cover(
        title,
        name or say("A project without a stated objective"),
        (
            *(((say("Answers to"), say(plan.clause)),) if plan.kind not in _WITHOUT_A_RULE else ()),
            (say("Organisation"), brief.organisation or blank),
            (say("Contact"), brief.contact or blank),
            (say("Made"), say("{moment} by ppdesk", moment=say.moment(stamp(made)))),
            (
                say("Project"),
                say("{project}, begun {moment}", project=told.project_id, moment=say.moment(told.created)),
            ),
            (say("History"), say.count("{count} event", "{count} events", told.head_seq)),
            (say("Head of the history"), told.head_hash),
        ),
    )


def signing(kind: DocumentKind, brief: Brief, parts: Sequence[Part]) -> Signing:
    """What the signer states, and what persons have left blank in this document."""
    say = brief.say
    says = say(
        "Whoever signs below certifies that ppdesk made this report from the history named here, and that it "
        "has not been changed since. The signature covers the whole file with evidence.json inside it, and "
        "allows no change."
    )
    says_not = say(
        "It does not certify that purpose, source, legal basis, roles or answers are true: those are the "
        "words of the persons named beside them. It does not certify that nobody can be recognized: see what "
        "was not tested."
    )
    left = tuple(dict.fromkeys(_blank(kind, brief, parts)))
    if kind is DocumentKind.SUMMARY and len(left) > _MOST_BLANKS + 1:
        more = say("{count} more, which the full audit trail lists", count=len(left) - _MOST_BLANKS)
        left = (*left[:_MOST_BLANKS], more)
    return Signing((says, says_not), left)


def _blank(kind: DocumentKind, brief: Brief, parts: Sequence[Part]) -> Iterator[str]:
    if kind in (DocumentKind.AUDIT, DocumentKind.SUMMARY):
        yield from blanks(brief.told, brief.say)
    for chapter in chapters(parts):
        for block in chapter.section.blocks:
            if isinstance(block, Answer) and not block.text:
                yield block.question
    yield from brief.blanks(kind.value)
    for name, value in (
        (brief.say("organisation"), brief.organisation),
        (brief.say("contact"), brief.contact),
    ):
        if not value:
            yield brief.say("Report: {field}", field=name)


def event_list(told: Told) -> list[dict[str, Json]]:
    """Number, kind, outcome and hash of every event, for the evidence."""
    return [
        {"seq": event.seq, "kind": event.kind, "outcome": event.outcome, "hash": event.hash}
        for event in told.events
    ]
