"""evidence.json: what the report rests on, for machines, attached to the PDF under its signature.

Canonical JSON (RFC 8785) of format ``ppdesk-evidence-2``: the project, the state of its history (number
and hash of every event up to the head), the budget, the whole document as it was set, what it was set
with, and for each table, figure, answer and quoted paragraph the recorded values that it rests on: event,
that event's hash, JSON pointer, value. From this file alone the pages can be set again (``rebuild``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

from ppdesk.core.canonical import Json, canonical, digest, sha256_hex
from ppdesk.core.clock import stamp
from ppdesk.core.section import Block, Section
from ppdesk.report.document import Attachment, Document
from ppdesk.report.items import Value, items_json
from ppdesk.report.layout.measures import SIGNATURE_BOX, Box
from ppdesk.report.made_with import made_with
from ppdesk.report.pdf_tools import fix_identity
from ppdesk.report.plain_values import to_plain

FORMAT = "ppdesk-evidence-2"
FORMER = "ppdesk-evidence-1"  # without the document: its pages cannot be set again
NAME = "evidence.json"
FIELD = "Signature"
_DESCRIPTION = "What this report rests on, for machines"


def evidence_json(
    document: Document,
    events: Sequence[Mapping[str, Json]],
    budget: Json,
    *,
    asked: Mapping[str, Json] | None = None,
    value: Value | None = None,
    attachments: Sequence[Attachment] = (),
    endorsements: Sequence[Mapping[str, Json]] = (),
) -> bytes:
    """The evidence of `document`. `events` are {seq, kind, hash, outcome}, oldest first, up to its head.

    `asked` are the settings that the document was composed with. `value` gives the recorded value at a
    source; without it only the places are listed. `attachments` are the files that ``attach`` puts beside
    the evidence, ``endorsements`` the signed statements of those who endorsed the draft. ValueError for
    values that JSON cannot say.
    """
    hashes = {event["seq"]: str(event["hash"]) for event in events}
    told: Json = {
        "format": FORMAT,
        "made_with": made_with(),
        "project": {"id": document.project_id},
        "report": report_json(document),
        "asked": dict(asked or {}),
        "head": {"seq": document.head_seq, "hash": document.head_hash},
        "events": list(events),
        "budget": budget,
        "document": to_plain(document),
        "items": items_json(document, hashes, value),
        "endorsements": list(endorsements),
        "attachments": [attachment_json(one) for one in attachments],
    }
    return canonical(told)


def report_json(document: Document) -> dict[str, Json]:
    """What the report is, beside the document: for who reads no further."""
    return {
        "title": document.cover.title,
        "kind": document.kind,
        "edition": document.edition,
        "language": document.language,
        "made": stamp(document.made),
        "valid_until": document.valid_until,
        "stamp": document.stamp,
    }


def attachment_json(attachment: Attachment) -> dict[str, Json]:
    """A file inside the PDF as the evidence names it."""
    return {
        "name": attachment.name,
        "mime": attachment.mime,
        "description": attachment.description,
        "bytes": len(attachment.data),
        "sha256": sha256_hex(attachment.data),
    }


def attach(
    pdf: bytes,
    evidence: bytes,
    attachments: Sequence[Attachment] = (),
    *,
    made: datetime,
    box: Box | None = SIGNATURE_BOX,
) -> bytes:
    """`pdf`, written anew with `evidence` and `attachments` as associated files (/AF) and an empty signature
    field in the reserved place `box` of the last page; a draft has none. The same input gives the same bytes.
    The names of the attachments are all different, and none is that of the evidence."""
    from pyhanko.pdf_utils import embed, generic
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    own = Attachment(NAME, "application/json", evidence, _DESCRIPTION)
    files = sorted(
        (own, *attachments), key=lambda one: one.name.encode("utf-16-be")
    )  # a PDF name tree's order
    if len({one.name for one in files}) < len(files):
        raise ValueError("two attachments have the same name")
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    fix_identity(writer, bytes.fromhex(digest([pdf.hex(), *(sha256_hex(one.data) for one in files)])))
    params = embed.EmbeddedFileParams(creation_date=made, modification_date=made)
    for one in files:
        stream = embed.EmbeddedFileObject.from_file_data(
            writer, data=one.data, mime_type=one.mime, params=params
        )
        embed.embed_file(
            writer,
            embed.FileSpec(
                file_spec_string=one.name,
                file_name=one.name,
                embedded_data=stream,
                description=one.description,
                af_relationship=generic.pdf_name("/Data"),
            ),
        )
    if box is not None:
        left, low, right, high = (round(edge) for edge in box)
        append_signature_field(writer, SigFieldSpec(FIELD, on_page=-1, box=(left, low, right, high)))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko leaves this one untyped
    return out.getvalue()


def block_json(block: Block) -> Json:
    """A block as plain values, with its kind: ``words``, ``figures``, ``table``, ``plot`` or ``answer``."""
    return to_plain(block)


def section_json(section: Section) -> Json:
    """A section as plain values."""
    return to_plain(section)
