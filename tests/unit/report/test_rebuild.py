"""From the evidence alone: the same document, the same pages, byte for byte; hostile evidence is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from ppdesk.core.entropy import TestEntropy
from ppdesk.core.section import Answer, KeyFigure, Plot, Table, Words
from ppdesk.identity.signer import Signer
from ppdesk.report.attachment import read_evidence
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Attachment, Document
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.items import items_json
from ppdesk.report.layout.book import typeset
from ppdesk.report.page_text import compared
from ppdesk.report.plain_values import NotThisTypeError, from_plain, to_plain
from ppdesk.report.rebuild import document_of, set_anew
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf


def test_the_document_comes_out_as_it_went_in(document: Document) -> None:
    evidence = json.loads(evidence_json(document, [], {}))
    found = document_of(evidence)
    assert to_plain(found) == to_plain(document)
    assert found.made == document.made
    assert found.parts[1].chapters[0].sources == document.parts[1].chapters[0].sources


def test_pages_are_set_again_byte_for_byte(
    document_of: Callable[..., Document], plots: dict[str, Plot]
) -> None:
    document = document_of(Words("Nobody stands alone."), plots["budget"], plots["claimed_measured"])
    files = (figures_csv(document),)
    evidence = evidence_json(document, [], {}, attachments=files)
    first, again = set_anew(evidence, files), set_anew(evidence, files)
    assert first == again
    inside, check = read_evidence(PdfFileReader(BytesIO(first.pdf)))
    assert check.judgement is Judgement.GOOD
    assert inside is not None
    assert (inside.data, inside.files) == (evidence, files)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["document"].update(unknown=1),
        lambda told: told["document"].pop("cover"),
        lambda told: told["document"].update(head_seq="3"),
        lambda told: told["document"].update(head_seq=True),
        lambda told: told["document"].update(made="yesterday"),
        lambda told: told["document"].update(made="2026-01-01T12:00:00+01:00"),
        lambda told: told["document"]["parts"][0].update(chapters={}),
        lambda told: told["document"]["parts"][0]["chapters"][0]["section"]["blocks"][0].update(kind="film"),
        lambda told: told["document"]["parts"][0]["chapters"][0]["section"]["blocks"][0].update(tone="loud"),
        lambda told: told["document"]["parts"][0]["chapters"][0].update(labels=["a", "b", "c"]),
        lambda told: told["document"]["parts"][0]["chapters"][0].update(origin=[]),
        lambda told: told["document"]["cover"].update(facts=[["only one"]]),
        lambda told: told.update(document=None),
        lambda told: told.update(format="ppdesk-evidence-9"),
    ],
)
def test_what_is_no_document_is_refused(document: Document, change: Callable[[Any], None]) -> None:
    evidence = json.loads(evidence_json(document, [], {}))
    change(evidence)
    with pytest.raises(NotThisTypeError):
        document_of(evidence)


def test_a_value_nested_without_end_is_refused() -> None:
    told: Any = {"title": "x", "name": "budget", "values": {}}
    for _ in range(100):
        told = {"kind": "plot", **told, "caption": told}
    with pytest.raises(NotThisTypeError):
        from_plain(Plot, told)


@pytest.mark.parametrize(
    "files",
    [
        [],
        [Attachment("figures.csv", "text/csv", b"label\r\n", "Every number of the tables and figures")],
        [Attachment("figures.csv", "text/plain", b"", "Every number of the tables and figures")],
        [Attachment("other.csv", "text/csv", b"", "Another")],
    ],
    ids=["missing", "other bytes", "another kind", "another file"],
)
def test_files_that_the_evidence_does_not_name_are_found(
    document_of: Callable[..., Document], files: list[Attachment]
) -> None:
    document = document_of(Words("Nothing."))
    own = figures_csv(document)
    evidence = evidence_json(document, [], {}, attachments=(own,))
    pdf = attach(typeset(document, evidence).pdf, evidence, files, made=document.made)
    inside, check = read_evidence(PdfFileReader(BytesIO(pdf)))
    assert check.judgement is Judgement.WRONG
    assert inside is None or "evidence.json names" in check.words


@pytest.mark.parametrize("name", ["a.exe", "../a.csv", "a\u202excsv.csv", ".csv", "a b/c.csv", "a.html"])
def test_a_file_of_another_kind_is_named(document_of: Callable[..., Document], name: str) -> None:
    document = document_of(Words("Nothing."))
    odd = Attachment(name, "application/octet-stream", b"MZ", "A file")
    evidence = evidence_json(document, [], {}, attachments=(odd,))
    found = read_evidence(PdfFileReader(BytesIO(set_anew(evidence, (odd,)).pdf)))[1]
    assert "not of a kind that ppdesk attaches" in found.words


def test_every_number_is_a_line_for_spreadsheets(document_of: Callable[..., Document]) -> None:
    document = document_of(
        Table(
            "Limits", ("Question", "Limit"), (("=1+1", Cited("20 %", (Source(3, "/facts/k"),))), ("-5", "x"))
        ),
        Plot("Risk", "bars", {"rows": [{"a/b": 0.25}]}),
    )
    lines = figures_csv(document).data.decode().split("\r\n")
    assert lines[0] == "label,title,row,column,text,events,pointers"
    assert lines[1:7] == [
        "Table 1,Limits,,,,3,3:/facts/k",
        "Table 1,Limits,1,Question,'=1+1,,",
        "Table 1,Limits,1,Limit,20 %,,",
        "Table 1,Limits,2,Question,-5,,",
        "Table 1,Limits,2,Limit,x,,",
        "Figure 1,Risk,/rows/0/a~1b,,0.25,,",
    ]


def test_the_recipients_edition_holds_no_lists(document_of: Callable[..., Document]) -> None:
    """A list that a single figure was computed from says more than the paper does, and so does its hash."""
    told = Cited("11", (Source(3, "/facts/classes"), Source(3, "/facts/k")))
    document = document_of(Table("Classes", ("Least",), ((told,),)))
    value = {"/facts/classes": [11, 12], "/facts/k": 11}
    for edition, lists in (("internal", [[11, 12], 11]), ("recipient", [None, 11])):
        items: Any = items_json(replace(document, edition=edition), {3: "00"}, lambda one: value[one.pointer])
        assert [one.get("value") for one in items[0]["sources"]] == lists
        assert "sha256" not in items[0]["sources"][0]


def test_pages_of_another_build_are_compared_by_their_numbers(document_of: Callable[..., Document]) -> None:
    def pages(*blocks: Any) -> tuple[bytes, Document]:
        document = document_of(*blocks)
        return typeset(document, b"{}").pdf, document

    table = Table("Limits", ("Question", "Limit"), (("Smallest class", "5"), ("Risk", "20 %")))
    made, document = pages(table, Words("Nobody stands alone."), Answer("Why?", "For research."))
    assert compared(made, made, document).words == ""
    wider = pages(table, Words("Nobody stands alone. Hardly."), Answer("Why?", "For research."))[0]
    found = compared(wider, made, document)
    assert ("Hardly" in found.words, found.numbers) == (True, False)
    other = replace(table, rows=(("Smallest class", "5"), ("Risk", "0.71 %")))
    assert compared(pages(other)[0], made, document).numbers
    left_out = replace(table, rows=(("Smallest class", "5"),))
    assert compared(pages(left_out)[0], made, document).numbers


def test_key_figures_stand_in_the_table_too(document: Document) -> None:
    assert KeyFigure("k", "5", "smallest class") in [
        item for block in document.parts[1].chapters[0].section.blocks for item in getattr(block, "items", ())
    ]
    assert ",k,2,,5," in figures_csv(document).data.decode()


def test_compact_and_letter_reports_hold_too(document_of: Callable[..., Document], maria: Signer) -> None:
    """Their place for the signature has another size, and the block in it another scale."""
    for compact, paper in ((True, "a4"), (True, "letter"), (False, "letter")):
        document = replace(document_of(Words("Nothing.")), compact=compact, paper=paper)
        pdf = set_anew(evidence_json(document, [], {})).pdf
        signed = sign_pdf(pdf, maria, when=document.made, entropy=TestEntropy(5))
        verdict = verify_pdf(signed, [maria.certificate_pem])
        assert verdict.verdict is Judgement.GOOD, verdict.sentence
