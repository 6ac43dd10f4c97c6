"""Forged reports: every one is refused, or named as what it is. None passes as good."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from ppdesk.core.canonical import canonical, digest, sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.section import Section, Table
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.signer import FileSigner, Signer
from ppdesk.report.document import Chapter, Cover, Document, Part, Signing, numbered
from ppdesk.report.errors import DamagedReportError, NotAReportError
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import typeset
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Judgement, Verdict
from ppdesk.report.verification import verify_pdf

MADE = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def person(root: int) -> FileSigner:
    entropy = TestEntropy(root)
    key = new_key(entropy)
    pem = certify(key, "Maria Weber", since=MADE, entropy=entropy).public_bytes(Encoding.PEM)
    return FileSigner("Maria Weber", pem, key)


MARIA, MALLORY = person(1), person(2)


def unsigned(epsilon: str, change: Callable[[bytes], bytes] = lambda data: data) -> bytes:
    document = Document(
        cover=Cover("Privacy report", "A project", ()),
        parts=numbered((Part("Budget", (Chapter(Section("Spent", (Table("ε", ("ε",), ((epsilon,),)),))),)),)),
        signing=Signing(("Certified.",), ()),
        made=MADE,
        project_id="b1fe7a68",
        head_seq=1,
        head_hash=sha256_hex(b"1"),
    )
    evidence = evidence_json(document, [{"seq": 1, "hash": sha256_hex(b"1")}], {})
    return attach(typeset(document, evidence).pdf, change(evidence), made=MADE)


def signed(pdf: bytes, signer: Signer = MARIA) -> bytes:
    return sign_pdf(pdf, signer, when=MADE, entropy=TestEntropy(3))


PLAIN = unsigned("1.00")
REPORT = signed(PLAIN)
OTHER = signed(unsigned("9.00"))


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

    def forge() -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(REPORT))
        change(writer)
        out = BytesIO()
        writer.write(out)
        return out.getvalue()

    return forge


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
    return approval(writer, "Second")


class Unscrupulous(PdfSigner):
    """pyHanko refuses to sign what is certified. A forger does not ask it."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        pass


def approval(writer: IncrementalPdfFileWriter, name: str, *, certify_it: bool = False) -> bytes:
    """An ordinary signature by Mallory."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    der = MALLORY.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(MALLORY.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )
    meta = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        certify=certify_it,
        docmdp_permissions=fields.MDPPerm.ANNOTATE,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    out = Unscrupulous(meta, signer=signer).sign_pdf(writer, in_place=False)
    out.seek(0)
    data: bytes = out.read()
    return data


def new_numbers(evidence: bytes) -> bytes:
    """A smaller ε in the evidence, with every hash made to fit."""
    told = json.loads(evidence)
    content = told["sections"][0]["content"]
    content["blocks"][0]["rows"][0][0] = "0.10"
    told["sections"][0]["sha256"] = digest(content)
    told["sections"][0]["items"][0]["sha256"] = digest(content["blocks"][0])
    return canonical(told)


def loose_numbers(evidence: bytes) -> bytes:
    """A smaller ε in the evidence, and nothing else."""
    told = json.loads(evidence)
    told["sections"][0]["content"]["blocks"][0]["rows"][0][0] = "0.10"
    return canonical(told)


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


def not_certified() -> bytes:
    """Mallory signs the unsigned report without certifying it."""
    writer = IncrementalPdfFileWriter(BytesIO(PLAIN))
    return approval(writer, "Signature")


def laxly_certified() -> bytes:
    """Mallory certifies it and allows later changes."""
    writer = IncrementalPdfFileWriter(BytesIO(PLAIN))
    return approval(writer, "Signature", certify_it=True)


FORGERIES: dict[str, Callable[[], bytes]] = {
    **{f"bit flipped at {share} %": partial(flipped_at, share) for share in range(2, 90, 8)},
    "first byte of the header's version": lambda: swapped(REPORT, b"%PDF-2.0", b"%PDF-2.9"),
    "last byte": lambda: flipped(REPORT, len(REPORT) - 2),
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
    "signature: not a certification": not_certified,
    "signature: a certification that allows changes": laxly_certified,
    "attachment: swapped, signed by another key": lambda: signed(unsigned("1.00", new_numbers), MALLORY),
    "attachment: does not fit itself": lambda: signed(unsigned("1.00", loose_numbers)),
    "attachment: not evidence": lambda: signed(unsigned("1.00", lambda _: b"{}")),
    "attachment: not canonical": lambda: signed(unsigned("1.00", lambda data: data + b" ")),
    "another key, same name": lambda: signed(PLAIN, MALLORY),
    "not signed": lambda: PLAIN,
}  # fmt: skip


def judged(pdf: bytes) -> Verdict | None:
    """The verdict of somebody who knows Maria's certificate; None where the file is refused."""
    try:
        return verify_pdf(pdf, [MARIA.certificate_pem])
    except (DamagedReportError, NotAReportError):
        return None


def test_the_true_report_is_good() -> None:
    verdict = judged(REPORT)
    assert verdict is not None
    assert verdict.verdict is Judgement.GOOD


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_or_named(name: str) -> None:
    forged = FORGERIES[name]()
    assert forged != REPORT
    verdict = judged(forged)
    assert verdict is None or verdict.verdict is Judgement.WRONG, verdict.sentence


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_seen_without_knowing_the_key(name: str) -> None:
    """Even who knows no certificate is not told that a forged file is good."""
    try:
        verdict = verify_pdf(FORGERIES[name]())
    except (DamagedReportError, NotAReportError):
        return
    assert verdict.verdict is not Judgement.GOOD
    if "another key" not in name:
        assert verdict.verdict is Judgement.WRONG, verdict.sentence


def test_there_are_enough_of_them() -> None:
    assert len(FORGERIES) >= 40
