"""evidence.json: canonical, hashed piece by piece, attached as the document's own file."""

import json
from collections.abc import Callable
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

from ppdesk.core.canonical import canonical, digest
from ppdesk.core.section import Table, Words
from ppdesk.report.attachment import first_broken, read_evidence
from ppdesk.report.document import Document
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import Typeset, typeset
from ppdesk.report.verdict import Judgement


def test_it_is_canonical_and_tells_where_each_chapter_comes_from(document: Document) -> None:
    data = evidence_json(document, [{"seq": 1, "hash": "00"}], {"spent_epsilon": 1.0})
    evidence = json.loads(data)
    assert canonical(evidence) == data
    assert evidence["head"] == {"seq": 3, "hash": document.head_hash}
    assert evidence["budget"] == {"spent_epsilon": 1.0}
    chapter = evidence["document"]["parts"][1]["chapters"][0]
    assert (chapter["origin"]["event"], chapter["origin"]["key"]) == (3, "anonymize")
    first = evidence["items"][0]
    assert (first["label"], first["title"], first["place"]) == ("Table 1", "Limits", [1, 0, 6])
    assert first["sha256"] == digest(chapter["section"]["blocks"][6])


def test_a_changed_number_is_found(document: Document) -> None:
    evidence = json.loads(evidence_json(document, [], {}))
    assert first_broken(evidence) == ""
    evidence["document"]["parts"][1]["chapters"][0]["section"]["blocks"][6]["rows"][0][1] = "4"
    assert first_broken(evidence) == "Table 1"


def test_attaching_repeats_byte_for_byte(document: Document, made: Typeset) -> None:
    pdf = made.pdf
    first, again = (attach(pdf, b"{}", made=document.made) for _ in range(2))
    assert first == again


def test_what_is_attached_comes_out_again(document_of: Callable[..., Document]) -> None:
    document = document_of(Table("Limits", ("a",), (("1",),)), Words("ε"))
    data = evidence_json(document, [], {})
    pdf = attach(typeset(document, data).pdf, data, made=document.made)
    inside, check = read_evidence(PdfFileReader(BytesIO(pdf)))
    assert check.judgement is Judgement.GOOD
    assert inside is not None
    assert inside.evidence == json.loads(data)


def test_a_missing_or_foreign_attachment_is_named(document: Document, made: Typeset) -> None:
    pdf = made.pdf
    assert read_evidence(PdfFileReader(BytesIO(pdf)))[1].judgement is Judgement.WRONG
    foreign = attach(pdf, b'{"format": "something else"}', made=document.made)
    inside, check = read_evidence(PdfFileReader(BytesIO(foreign)))
    assert inside is None
    assert check.judgement is Judgement.WRONG
