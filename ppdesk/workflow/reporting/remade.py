"""The report's document, composed anew from the events that it tells, against the one inside it. The same
program, from the same events, says the same: so words that no event gave are found, too."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ppdesk.core.canonical import Json
from ppdesk.core.errors import CodedError
from ppdesk.core.said import said
from ppdesk.report.document import Attachment, Document
from ppdesk.report.evidence import attachment_json
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.made_with import same
from ppdesk.report.plain_values import to_plain
from ppdesk.report.verdict import Check, Judgement, good, wrong
from ppdesk.workflow.reporting.document_params import DocumentParams
from ppdesk.workflow.reporting.documents.compose import attached, brief_of, document_of
from ppdesk.workflow.reporting.members import member, members, whole
from ppdesk.workflow.reporting.told import Told


def chapters(evidence: Mapping[str, Json], told: Told) -> Check:
    """Every chapter, with cover and signature page, made anew and compared."""
    with_ = member(evidence, "made_with")
    if not same(with_):
        words = said(
            "It was worded by {program}, and this is another: its chapters were not made anew from their "
            "events.",
            program=f"ppdesk {with_.get('ppdesk')} ({with_.get('build')})",
        )
        return Check(_check(), Judgement.LOOK, words)
    seq = whole(member(evidence, "head").get("seq"))
    if any(event.redacted for event in told.until(seq)):
        words = said(
            "Values are redacted in this copy of the project: the chapters were not made anew from it."
        )
        return Check(_check(), Judgement.LOOK, words)
    try:
        document, files = again(evidence, told)
    except (CodedError, ValueError):  # no such settings, no such moment: nothing of ppdesk's
        return wrong(_check(), said("It names no settings that a document is made with."))
    shown = member(evidence, "document")
    if not document.stamp:  # made in the test mode from a history that was not
        document = replace(document, stamp=str(shown.get("stamp")))
    odd = _odd(shown, _bare(to_plain(document)))
    if odd:
        return wrong(_check(), odd)
    if [attachment_json(one) for one in files] != list(members(evidence, "attachments")):
        words = said("The files beside the evidence are not those that the events give.")
        return wrong(_check(), words)
    count = sum(len(part.chapters) for part in document.parts)
    words = said("All {number} chapters, with every table and figure, fit their events.", number=str(count))
    return good(_check(), words)


def again(evidence: Mapping[str, Json], told: Told) -> tuple[Document, tuple[Attachment, ...]]:
    """The document that `evidence` is of, with the files beside it, composed anew from a history that may
    have gone on since. What the evidence gives is the head, the moment and the settings, and the budget as it
    stood. CodedError, ValueError."""
    head = member(evidence, "head")
    seq = whole(head.get("seq"))
    past = replace(
        told,
        events=told.until(seq),
        head_seq=seq,
        head_hash=str(head.get("hash")),
        budget=member(evidence, "budget"),
        stamp="",
    )
    params = DocumentParams.model_validate(dict(member(evidence, "asked")))
    made = datetime.fromisoformat(str(member(evidence, "document").get("made"))).astimezone(UTC)
    document = document_of(params, past, made, "")
    return document, (figures_csv(document), *attached(params.document, brief_of(params, past)))


def _check() -> str:
    return said("Figures")


def _odd(shown: Mapping[str, Json], made: Mapping[str, Json]) -> str:
    """What differs, in words; empty where nothing does."""
    told = _bare(shown)
    if told == made:
        return ""
    pairs = zip(_chapters(told), _chapters(made), strict=False)
    for one, other in pairs:
        if one != other:
            title = str(member(other, "section").get("title"))
            return said("Chapter “{title}” is not what its event says.", title=title)
    if told.get("parts") != made.get("parts"):
        return said("The chapters are not the events'.")
    name = next((name for name in made if made[name] != told.get(name)), "")
    if name == "cover":
        return said("The cover is not what the history gives.")
    if name == "signing":
        return said("The signature page is not what the history gives.")
    return said("The report ({part}) is not what the history gives.", part=name)


def _chapters(document: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    return [chapter for part in members(document, "parts") for chapter in members(part, "chapters")]


def _bare(document: Json) -> Mapping[str, Any]:
    """A document without what comes after its words: whether it is a draft, what was signed about it."""
    told = document if isinstance(document, Mapping) else {}
    return {**told, "draft": False, "signing": {**member(told, "signing"), "endorsements": []}}
