"""A small true report, and the tools of a forger: own keys, own revisions, own pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NumberObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.stamp import StaticStampStyle

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.section import Section, Table, Words
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.signer import FileSigner, Signer
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Attachment, Chapter, Cover, Document, Part, Signing, numbered
from ppdesk.report.errors import DamagedReportError, NotAReportError
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.figures_csv import figures_csv
from ppdesk.report.layout.book import typeset
from ppdesk.report.pdf_tools import fix_identity, run
from ppdesk.report.signature import REASON, _appearance, block_page, sign_pdf
from ppdesk.report.verdict import Verdict
from ppdesk.report.verification import verify_pdf

MADE = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
EVENTS = [{"seq": 1, "kind": "anonymize", "outcome": "ok", "hash": sha256_hex(b"1")}]
Change = Callable[[Any], None]  # of a writer, before it writes


def person(root: int, name: str = "Maria Weber") -> FileSigner:
    entropy = TestEntropy(root)
    key = new_key(entropy)
    pem = certify(key, name, since=MADE, entropy=entropy).public_bytes(Encoding.PEM)
    return FileSigner(name, pem, key)


MARIA, MALLORY = person(1), person(2)


def document(epsilon: str = "1.00", *, words: str = "Nobody stands alone.") -> Document:
    told = Cited(epsilon, (Source(1, "/facts/epsilon"),))
    blocks = (Words(words), Table("Spent", ("ε", "δ"), ((told, "0.00001"),)))
    return Document(
        cover=Cover("Privacy report", "A project", (("Organisation", "Example Institute"),)),
        parts=numbered((Part("Budget", (Chapter(Section("Spent", blocks)),)),)),
        signing=Signing(("Certified.",), ("Import: retention",)),
        made=MADE,
        project_id="b1fe7a68",
        head_seq=1,
        head_hash=sha256_hex(b"1"),
    )


def unsigned(
    shown: Document,
    change: Callable[[bytes], bytes] = lambda data: data,
    files: Callable[[tuple[Attachment, ...]], tuple[Attachment, ...]] = lambda files: files,
    told: Document | None = None,
) -> bytes:
    """The pages of `shown` with the evidence of `told` (else of `shown`), and what `change` and `files` make
    of evidence and attachments."""
    kept = told or shown
    own = (figures_csv(kept),)
    evidence = evidence_json(kept, EVENTS, {}, value=lambda _: 1, attachments=own)
    pages = typeset(shown, evidence).pdf
    return attach(pages, change(evidence), files(own), made=shown.made)


def signed(pdf: bytes, signer: Signer = MARIA) -> bytes:
    return sign_pdf(pdf, signer, when=MADE, entropy=TestEntropy(3))


@cache
def plain() -> bytes:
    """The true report, before somebody signed it."""
    return unsigned(document())


@cache
def report() -> bytes:
    """The true report."""
    return signed(plain())


@cache
def other() -> bytes:
    """Another true report of the same person."""
    return signed(unsigned(document("9.00")))


def judged(pdf: bytes, *trusted: bytes) -> Verdict | None:
    """The verdict of somebody who knows Maria's certificate; None where the file is refused."""
    try:
        return verify_pdf(pdf, list(trusted) or [MARIA.certificate_pem])
    except (DamagedReportError, NotAReportError):
        return None


class Unscrupulous(PdfSigner):
    """pyHanko refuses to sign what is certified. A forger does not ask it."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        pass


def raw_signed(
    writer: IncrementalPdfFileWriter,
    signer: FileSigner = MARIA,
    *,
    field: str = "Signature",
    existing: bool = True,
    block: bytes = b"",
    certify_it: bool = True,
    level: fields.MDPPerm = fields.MDPPerm.NO_CHANGES,
    **more: Any,
) -> bytes:
    """Signed by a program that is not ppdesk, with the same keys."""
    from asn1crypto import keys, x509
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    der = signer.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    own = SimpleSigner(
        signing_cert=x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore(),
    )
    said = {"md_algorithm": "sha256", "name": signer.name, "reason": REASON, **more}
    meta = PdfSignatureMetadata(
        field_name=field,
        certify=certify_it,
        docmdp_permissions=level,
        subfilter=fields.SigSeedSubFilter.PADES,
        **said,
    )
    style = StaticStampStyle(
        background=_appearance(block or block_page(signer.name, MADE, signer.fingerprint)),
        background_opacity=1.0,
        border_width=0,
    )
    session = Unscrupulous(meta, signer=own, stamp_style=style).init_signing_session(
        writer, existing_fields_only=existing
    )
    session.system_time = MADE
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=8192)
    fix_identity(writer, bytes(32))
    digest, out = prepared.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=MADE)
    run(prepared.perform_signature(digest.document_digest, attributes))
    out.seek(0)
    data: bytes = out.read()
    return data


def incremental(pdf: bytes, change: Change) -> bytes:
    """A revision appended to `pdf`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(pdf: bytes, change: Change) -> bytes:
    """`pdf`, written anew in one revision with a change."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    writer.output_version = (2, 0)
    fix_identity(writer, bytes(32))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def while_signing(change: Change) -> bytes:
    """The change made in the very revision that Maria's signature covers: shadow attacks by the signer."""
    writer = IncrementalPdfFileWriter(BytesIO(plain()))
    change(writer)
    return raw_signed(writer)


def pages(writer: Any) -> list[Any]:
    """The pages, in order."""
    found: list[Any] = []
    left = [writer.root["/Pages"]]
    while left:
        one = left.pop(0)
        if "/Kids" in one:
            left = [*(one["/Kids"][at] for at in range(len(one["/Kids"]))), *left]
        else:
            found.append(one)
    return found


def touched(writer: Any, value: Any) -> None:
    """Tell an incremental writer that `value` changed."""
    if isinstance(writer, IncrementalPdfFileWriter):
        writer.update_container(value)


def stream(data: bytes, **more: Any) -> StreamObject:
    return StreamObject(
        dict_data={pdf_name(f"/{name}"): value for name, value in more.items()}, stream_data=data
    )


def dictionary(**more: Any) -> DictionaryObject:
    return DictionaryObject({pdf_name(f"/{name}"): value for name, value in more.items()})


def array(*values: float) -> ArrayObject:
    return ArrayObject(
        [NumberObject(value) if isinstance(value, int) else FloatObject(value) for value in values]
    )


def redrawn(writer: Any, change: Callable[[bytes], bytes], page: int = -2) -> None:
    """The content of a page, changed."""
    found = pages(writer)[page]
    content = found["/Contents"]
    found["/Contents"] = writer.add_object(stream(change(bytes(content.data))))
    touched(writer, found)
