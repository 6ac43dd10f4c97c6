"""A report from its evidence alone: the document, and the pages as they were before somebody signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ppdesk.core.canonical import Json, parse
from ppdesk.report.document import Attachment, Document
from ppdesk.report.evidence import FORMAT, attach
from ppdesk.report.plain_values import NotThisTypeError, from_plain


@dataclass(frozen=True)
class Pages:
    """The unsigned PDF with its attachments, and the number of its pages."""

    pdf: bytes
    pages: int


def document_of(evidence: Mapping[str, Json]) -> Document:
    """The document that `evidence` holds whole. NotThisTypeError."""
    if evidence.get("format") != FORMAT:
        raise NotThisTypeError("the evidence holds no document")
    document = from_plain(Document, evidence.get("document"), "document")
    for part in document.parts:
        for chapter in part.chapters:
            count = len(chapter.section.blocks)
            if {len(one) for one in (chapter.labels, chapter.sources) if one} - {count}:
                raise NotThisTypeError("document: labels or sources are not those of the blocks")
    return document


def set_anew(evidence: bytes, attachments: Sequence[Attachment] = ()) -> Pages:
    """The pages that `evidence`, as it was attached, says, with `attachments` inside. Reports are made by
    this too, so that a report can always be made again. NotThisTypeError, BrokenLayoutError."""
    from ppdesk.report.layout.book import typeset

    document = document_of(parse(evidence))
    typed = typeset(document, evidence)
    made = attach(typed.pdf, evidence, attachments, made=document.made, box=typed.box)
    return Pages(made, typed.pages)
