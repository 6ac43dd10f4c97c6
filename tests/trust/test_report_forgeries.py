"""Forged reports: every one is refused, or named as what it is. None passes as good.

Here: bytes, the signature, what is appended, what is attached. For pages see test_forged_pages, for evidence
and history test_forged_evidence.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from ppdesk_fakes.forging import (
    MADE,
    MALLORY,
    MARIA,
    document,
    incremental,
    judged,
    other,
    person,
    plain,
    raw_signed,
    report,
    signed,
    unsigned,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields

from ppdesk.core.canonical import canonical, digest
from ppdesk.report.signature import block_page
from ppdesk.report.verdict import Judgement
from ppdesk.report.verification import verify_pdf

PLAIN, REPORT, OTHER = plain(), report(), other()


def byte_range(pdf: bytes) -> list[int]:
    return [int(number) for number in PdfFileReader(BytesIO(pdf)).embedded_signatures[0].byte_range]


def contents(pdf: bytes) -> tuple[int, int]:
    """Where the signature's value stands, brackets included."""
    _, length, resume, _ = byte_range(pdf)
    return length, resume


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def flipped_at(share: int) -> bytes:
    """One bit, at so many per cent of the file."""
    return flipped(REPORT, len(REPORT) * share // 100)


def other_digit(value: bytes) -> bytes:
    """The signature's value with one of its digits turned."""
    return value[:700] + b"%X" % (15 - int(value[700:701], 16)) + value[701:]


def swapped(pdf: bytes, old: bytes, new: bytes) -> bytes:
    assert old in pdf
    assert len(old) == len(new)
    return pdf.replace(old, new)


def in_contents(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    def forge() -> bytes:
        start, end = contents(REPORT)
        value = change(REPORT[start + 1 : end - 1])
        assert len(value) == end - start - 2
        return REPORT[: start + 1] + value + REPORT[end - 1 :]

    return forge


def revised(change: Callable[[IncrementalPdfFileWriter], None]) -> Callable[[], bytes]:
    """A revision appended after the signature."""
    return partial(incremental, REPORT, change)


def retitled(writer: IncrementalPdfFileWriter) -> None:
    info = writer.prev.trailer_view["/Info"]
    info["/Title"] = generic.pdf_string("A better report")
    writer.mark_update(info.container_ref)


def annotated(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (50, 50, 500, 700)]
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("ε 0.10"),
        }
    )
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def without_perms(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def with_new_evidence(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]["/F"]
    stream._data = b"{}"
    stream._encoded_data = None
    writer.update_container(stream)


def second_signature() -> bytes:
    """Somebody else signs too, which a certification forbids."""
    writer = IncrementalPdfFileWriter(BytesIO(REPORT))
    return raw_signed(writer, MALLORY, field="Second", existing=False, certify_it=False)


def retold(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """Evidence with a change, in its canonical form."""

    def forge(evidence: bytes) -> bytes:
        told = json.loads(evidence)
        change(told)
        return canonical(told)

    return forge


def new_numbers(told: dict[str, Any]) -> None:
    """A smaller ε, with every hash made to fit."""
    block = told["document"]["parts"][0]["chapters"][0]["section"]["blocks"][1]
    block["rows"][0][0] = "0.10"
    told["items"][-1]["sha256"] = digest(block)


def loose_numbers(told: dict[str, Any]) -> None:
    """A smaller ε, and nothing else."""
    told["document"]["parts"][0]["chapters"][0]["section"]["blocks"][1]["rows"][0][0] = "0.10"


def moment_moved() -> bytes:
    """Another year in the signature's dictionary."""
    return swapped(REPORT, rb"/M (D\0722026", rb"/M (D\0722027")


def transplanted() -> bytes:
    """The signature of another report of the same signer, put into this one."""
    start, end = contents(REPORT)
    other_start, other_end = contents(OTHER)
    assert end - start == other_end - other_start
    return REPORT[:start] + OTHER[other_start:other_end] + REPORT[end:]


def wider_gap() -> bytes:
    """The signed ranges leave out more than the signature's place."""
    first, length, resume, rest = byte_range(REPORT)
    old = f"[{first} {length} {resume} {rest}]".encode()
    new = f"[{first} {length - 2} {resume} {rest}]".encode()
    at = REPORT.index(b"/ByteRange")
    place = REPORT.index(b"[", at)
    end = REPORT.index(b"]", place) + 1
    assert len(new) <= end - place, old
    return REPORT[:place] + new.ljust(end - place) + REPORT[end:]


def otherwise_signed(**how: Any) -> Callable[[], bytes]:
    """The unsigned report, signed by another program."""
    return lambda: raw_signed(IncrementalPdfFileWriter(BytesIO(PLAIN)), **how)


def renumbered(number: int) -> bytes:
    """An object of the first revision under another number."""
    old = f"\n{number} 0 obj".encode()
    new = old.replace(b" 0 obj", b" 1 obj")
    return swapped(REPORT, old, new)


def blanked(name: bytes) -> bytes:
    """A name that PDF gives a meaning to, made unknown: what was there is ignored."""
    return swapped(REPORT, name, name[:2] + b"_" + name[3:])


def ranged(change: Callable[[list[int]], str]) -> bytes:
    """Another signed range in the signature's dictionary: universal forgery and wrapping."""
    place = REPORT.index(b"[", REPORT.index(b"/ByteRange"))
    end = REPORT.index(b"]", place) + 1
    new = change(byte_range(REPORT)).encode()
    room = end - place
    return REPORT[:place] + new[:room].ljust(room) + REPORT[end:]


NAMES = [
    b"/ByteRange", b"/Contents", b"/SubFilter", b"/Filter /Adobe", b"/Perms", b"/DocMDP", b"/AcroForm",
    b"/SigFlags", b"/TransformParams", b"/Reference", b"/Reason", b"/EmbeddedFiles", b"/AF", b"/Annots",
    b"/Outlines", b"/Lang", b"/Names", b"/Info", b"/Root", b"/Prev", b"/Size", b"/Fields", b"/Rect",
]  # fmt: skip
# Mladenov and others: 1 Trillion Dollar Refund, CCS 2019: universal forgery (USF), wrapping (SWA)
RANGES: dict[str, Callable[[list[int]], str]] = {
    "empty": lambda _: "[]",
    "null": lambda _: "null",
    "all zeros": lambda _: "[0 0 0 0]",
    "negative": lambda told: f"[0 {told[1]} {told[2]} -{told[3]}]",
    "too long": lambda told: f"[0 {told[1]} {told[2]} {told[3] + 9}]",
    "too short": lambda told: f"[0 {told[1]} {told[2]} {told[3] - 9}]",
    "second half only": lambda told: f"[0 0 {told[2]} {told[3]}]",
    "first half only": lambda told: f"[0 {told[1]} {told[2]} 0]",
    "begins later": lambda told: f"[8 {told[1] - 8} {told[2]} {told[3]}]",
    "overlaps": lambda told: f"[0 {told[2]} {told[1]} {told[3]}]",
    "two numbers": lambda told: f"[0 {told[1]}]",
    "in another order": lambda told: f"[{told[2]} {told[3]} 0 {told[1]}]",
    "names": lambda _: "[/A /B /C /D]",
}
# the same: incremental saving (ISA)
TAILS: dict[str, bytes] = {
    "an empty line": b"\n",
    "the mark of the end": b"%%EOF\n",
    "a nul byte": b"\0",
    "an object without a table": b"99 0 obj\n<< >>\nendobj\n",
    "an old place of the table": b"startxref\n9\n%%EOF\n",
    "a trailer with another catalog": b"trailer\n<< /Root 9 0 R >>\nstartxref\n9\n%%EOF\n",
    "an empty table": b"xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 1 >>\nstartxref\n0\n%%EOF\n",
    "a ZIP file": b"PK\x05\x06" + bytes(18),
    "a second catalog": b"1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
    "HTML": b"<html><body>0.10</body></html>",
}

FORGERIES: dict[str, Callable[[], bytes]] = {
    **{f"bit flipped at {share} %": partial(flipped_at, share) for share in range(2, 90, 4)},
    "first byte of the header's version": lambda: swapped(REPORT, b"%PDF-2.0", b"%PDF-2.9"),
    "last byte": lambda: flipped(REPORT, len(REPORT) - 2),
    **{f"object {number} renumbered": partial(renumbered, number) for number in range(1, 46, 4)},
    **{f"{name} taken out": partial(blanked, name) for name in NAMES},
    **{f"signed range: {name}": partial(ranged, change) for name, change in RANGES.items()},
    **{f"appended: {name}": lambda more=more: REPORT + more for name, more in TAILS.items()},
    "moment of signing": moment_moved,
    "name of the signer": lambda: swapped(REPORT, b"/Name (Maria Weber)", b"/Name (Mario Weber)"),
    "appended: new title": revised(retitled),
    "appended: note over the first page": revised(annotated),
    "appended: certification taken away": revised(without_perms),
    "appended: new evidence": revised(with_new_evidence),
    "appended: a comment": lambda: REPORT + b"% harmless\n",
    "appended: another whole report": lambda: REPORT + OTHER,
    "prepended: spaces": lambda: b"   " + REPORT,
    "cut off: last byte": lambda: REPORT[:-1],
    "cut off: last line": lambda: REPORT[: REPORT.rindex(b"startxref")],
    "cut off: half": lambda: REPORT[: len(REPORT) // 2],
    "padding: something hidden after the signature": in_contents(lambda value: value[:-8] + b"DEADBEEF"),
    "padding: lower-case digits": in_contents(bytes.lower),
    "padding: a space": in_contents(lambda value: value[:-1] + b" "),
    "signature: one digit": in_contents(other_digit),
    "signature: taken from another report": transplanted,
    "signature: leaves out more than its place": wider_gap,
    "signature: all zeros": in_contents(lambda value: b"0" * len(value)),
    "signature: a second one": second_signature,
    "signature: not a certification": otherwise_signed(certify_it=False),
    "signature: allows filling in": otherwise_signed(level=fields.MDPPerm.FILL_FORMS),
    "signature: allows notes": otherwise_signed(level=fields.MDPPerm.ANNOTATE),
    "signature: another name": otherwise_signed(name="Supervisory authority"),
    "signature: another reason": otherwise_signed(reason="Approved by the supervisory authority"),
    "signature: a place": otherwise_signed(location="Brussels"),
    "signature: a contact": otherwise_signed(contact_info="authority@example.org"),
    "signature: the block shows another name": otherwise_signed(
        block=block_page("Supervisory authority", MADE, MARIA.fingerprint)
    ),
    "signature: the block shows another key": otherwise_signed(
        block=block_page("Maria Weber", MADE, MALLORY.fingerprint)
    ),
    "signature: the block shows another moment": otherwise_signed(
        block=block_page("Maria Weber", MADE + timedelta(days=300), MARIA.fingerprint)
    ),
    "signature: by a namesake": otherwise_signed(signer=MALLORY),
    "signature: by somebody else": otherwise_signed(signer=person(3, "Eve")),
    "signature: weak digest": otherwise_signed(md_algorithm="sha1"),
    "attachment: swapped, signed by another key": lambda: signed(
        unsigned(document(), retold(new_numbers)), MALLORY
    ),
    "attachment: does not fit itself": lambda: signed(unsigned(document(), retold(loose_numbers))),
    "attachment: not evidence": lambda: signed(unsigned(document(), lambda _: b"{}")),
    "attachment: not canonical": lambda: signed(unsigned(document(), lambda data: data + b" ")),
    "another key, same name": lambda: signed(PLAIN, MALLORY),
    "not signed": lambda: PLAIN,
}  # fmt: skip


BY_ANOTHER_KEY = ["another key, same name", "signature: by a namesake", "signature: by somebody else"]


def test_the_true_report_is_good() -> None:
    verdict = judged(REPORT)
    assert verdict is not None
    assert verdict.verdict is Judgement.GOOD


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_or_named(name: str) -> None:
    """Also by who knows no certificate: only another key is all that is wrong with a copy signed anew."""
    forged = FORGERIES[name]()
    assert forged != REPORT
    verdict = judged(forged)
    if verdict is None:
        return
    assert verdict.verdict is Judgement.WRONG, verdict.sentence
    if name not in BY_ANOTHER_KEY:
        wrong = [one.name for one in verdict.checks if one.judgement is Judgement.WRONG]
        assert wrong != ["Signer"]


@pytest.mark.parametrize("name", BY_ANOTHER_KEY)
def test_another_key_is_to_be_compared_by_who_knows_none(name: str) -> None:
    verdict = verify_pdf(FORGERIES[name]())
    assert verdict.verdict is Judgement.LOOK
    assert verdict.fingerprint != MARIA.fingerprint


def test_there_are_enough_of_them() -> None:
    assert len(FORGERIES) >= 120
