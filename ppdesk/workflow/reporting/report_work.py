"""Making the report: from the history to pages with the evidence inside, ready to be signed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ppdesk.core.artifacts import Artifact
from ppdesk.core.canonical import Json, sha256_hex
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.section import Plot, Table
from ppdesk.report.document import Document, chapters
from ppdesk.report.evidence import evidence_json
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.html.page import html_edition
from ppdesk.report.preview import pages_of
from ppdesk.report.rebuild import set_anew
from ppdesk.workflow.reporting.document_params import DocumentParams, asked
from ppdesk.workflow.reporting.documents.compose import attached, brief_of, document_of, event_list
from ppdesk.workflow.reporting.report_facts import ReportFacts
from ppdesk.workflow.reporting.told import Told, read
from ppdesk.workflow.step import Context


@dataclass(frozen=True)
class Composed:
    """The unsigned PDF with the evidence attached, the evidence itself, and the facts of both; the accessible
    edition where it was asked for."""

    pdf: bytes
    evidence: bytes
    facts: ReportFacts
    html: bytes | None = None


def compose(
    params: DocumentParams, history: Artifact, ctx: Context, *, draft: bool = False, html: bool = False
) -> Composed:
    """Build, set and attach. The same history, parameters and moment give the same bytes. A `draft` says so
    on each page and has no place for a signature; `html` asks for the accessible edition too."""
    ctx.progress(0.05, "Reading the history")
    told = read(history)
    document = document_of(params, told, ctx.clock.now(), ctx.stamp)
    return made_of(replace(document, draft=draft), params, told, ctx, html=html)


def previewed(params: DocumentParams, history: Artifact, ctx: Context) -> Iterator[bytes]:
    """A PDF for each page of the draft, as it is set."""
    document = document_of(params, read(history), ctx.clock.now(), ctx.stamp)
    yield from pages_of(replace(document, draft=True))


def made_of(
    document: Document,
    params: DocumentParams,
    told: Told,
    ctx: Context,
    *,
    html: bool = False,
    endorsements: Sequence[Mapping[str, Json]] = (),
    more: Mapping[str, Any] | None = None,
) -> Composed:
    """Pages, evidence and facts of `document`, which was composed by `params` from `told`. `endorsements` are
    entries of report.endorsements, `more` goes to the facts."""
    files = (figures_csv(document), *attached(params.document, brief_of(params, told)))
    evidence = evidence_json(
        document,
        event_list(told),
        told.budget,
        asked=asked(params),
        value=told.value,
        attachments=files,
        endorsements=endorsements,
    )
    if ctx.cancelled():
        raise CancelledRunError
    ctx.progress(0.25, "Drawing figures and setting pages")
    # from the evidence, and not from the document: so the same pages can be set again by anybody
    typed = set_anew(evidence, files)
    if ctx.cancelled():
        raise CancelledRunError
    page = html_edition(document, evidence) if html else None
    blocks = [block for chapter in chapters(document.parts) for block in chapter.section.blocks]
    facts = ReportFacts(
        title=document.cover.title,
        document=params.document,
        edition=params.edition,
        language=params.language,
        valid_until=params.valid_until,
        pages=typed.pages,
        chapters=sum(1 for _ in chapters(document.parts)),
        tables=sum(isinstance(block, Table) for block in blocks),
        figures=sum(isinstance(block, Plot) for block in blocks),
        head_seq=told.head_seq,
        head_hash=told.head_hash,
        evidence_sha256=sha256_hex(evidence),
        blanks=list(document.signing.blanks),
        stamp=document.stamp,
        html_sha256="" if page is None else sha256_hex(page),
        **(more or {}),
    )
    return Composed(typed.pdf, evidence, facts, page)
