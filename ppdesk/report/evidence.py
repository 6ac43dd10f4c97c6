"""evidence.json: what the report rests on, for machines, attached to the PDF under its signature.

Canonical JSON (RFC 8785) of format ``ppdesk-evidence-1``: the project, the state of its history (number
and hash of every event up to the head), the budget, and each section as it was given, with a SHA-256
per section and per numbered table or figure over its canonical JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from io import BytesIO

from ppdesk.core.canonical import Json, canonical, digest
from ppdesk.core.clock import stamp
from ppdesk.core.section import Block, Section
from ppdesk.report.document import Document, chapters
from ppdesk.report.layout.pages import SIGNATURE_BOX
from ppdesk.report.pdf_tools import fix_identity

FORMAT = "ppdesk-evidence-1"
NAME = "evidence.json"
FIELD = "Signature"


def block_json(block: Block) -> Json:
    """A block as plain values, with its kind: ``words``, ``figures``, ``table`` or ``plot``."""
    plain: Json = json.loads(json.dumps({"kind": type(block).__name__.lower(), **asdict(block)}))
    return plain


def section_json(section: Section) -> Json:
    """A section as plain values."""
    return {"title": section.title, "blocks": [block_json(block) for block in section.blocks]}


def evidence_json(document: Document, events: Sequence[Mapping[str, Json]], budget: Json) -> bytes:
    """The evidence of `document`. `events` are {seq, kind, hash, outcome}, oldest first, up to its head."""
    told: Json = {
        "format": FORMAT,
        "project": {"id": document.project_id},
        "report": {"title": document.cover.title, "made": stamp(document.made), "stamp": document.stamp},
        "head": {"seq": document.head_seq, "hash": document.head_hash},
        "events": list(events),
        "budget": budget,
        "sections": [
            {
                "event": None if chapter.origin is None else chapter.origin.event,
                "hash": None if chapter.origin is None else chapter.origin.hash,
                "step": None if chapter.origin is None else chapter.origin.key,
                "sha256": digest(section_json(chapter.section)),
                "items": [
                    {"label": label, "sha256": digest(block_json(block))}
                    for label, block in zip(chapter.labels, chapter.section.blocks, strict=True)
                    if label
                ],
                "content": section_json(chapter.section),
            }
            for chapter in chapters(document.parts)
        ],
    }
    return canonical(told)


def attach(pdf: bytes, evidence: bytes, *, made: datetime) -> bytes:
    """`pdf`, written anew with `evidence` as associated file (/AF, data) and an empty signature field in
    the reserved place of the last page. The same input gives the same bytes."""
    from pyhanko.pdf_utils import embed, generic
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    fix_identity(writer, bytes.fromhex(digest([evidence.hex(), pdf.hex()])))
    params = embed.EmbeddedFileParams(creation_date=made, modification_date=made)
    stream = embed.EmbeddedFileObject.from_file_data(
        writer, data=evidence, mime_type="application/json", params=params
    )
    embed.embed_file(
        writer,
        embed.FileSpec(
            file_spec_string=NAME,
            file_name=NAME,
            embedded_data=stream,
            description="What this report rests on, for machines",
            af_relationship=generic.pdf_name("/Data"),
        ),
    )
    left, low, right, high = (round(edge) for edge in SIGNATURE_BOX)
    append_signature_field(writer, SigFieldSpec(FIELD, on_page=-1, box=(left, low, right, high)))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko leaves this one untyped
    return out.getvalue()
