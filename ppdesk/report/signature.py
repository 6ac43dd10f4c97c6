"""Signing a report: PAdES B-B as a certification that allows no change, offline; B-T with a timestamp.

ETSI EN 319 142-1 (PAdES), ISO 32000-2 12.8 (certification, DocMDP level 1). Which algorithm is settled by
the key, see ``identity.algorithms``. A key in a file signs deterministically, so that in test mode the same
report signed at the same moment has the same bytes; the ECDSA signatures of a PKCS#11 token are random.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.entropy import Entropy
from ppdesk.identity.certificates import common_name, read_pem
from ppdesk.identity.signer import Signer
from ppdesk.report import timestamp
from ppdesk.report.errors import NoSignatureFieldError, NotAReportError
from ppdesk.report.evidence import FIELD
from ppdesk.report.layout.measures import SIGNATURE_BOX, Box
from ppdesk.report.pdf_tools import fix_identity, run
from ppdesk.report.tongue import Language, Tongue

_LEAST, _MOST = 50.0, 2000.0  # pt: sides that the place of a signature can have
_ATTRIBUTES = 2048  # bytes of a CMS object besides certificates and signature, with room to spare
REASON = "Certifies this report and the evidence inside it"


def sign_pdf(
    pdf: bytes, signer: Signer, *, when: datetime, entropy: Entropy, timestamper: Signer | None = None
) -> bytes:
    """`pdf` with the signature of `signer` in its empty field, in the words of the moment `when`.

    `when` is the signer's own claim. With a `timestamper` (identity.timestamper) that key states it too, over
    the signature (PAdES B-T); still no third party does. `entropy` gives the file's new identity.
    NotAReportError, NoSignatureFieldError (no empty field, or signed already).
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata
    from pyhanko.sign.signers import PdfSigner as Placer
    from pyhanko.stamp import StaticStampStyle

    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
    except (PdfError, ValueError, TypeError, KeyError) as error:
        raise NotAReportError(reason=type(error).__name__) from None
    empty = {name: field for name, value, field in fields.enumerate_sig_fields(writer.prev) if value is None}
    if list(empty) != [FIELD] or writer.prev.embedded_signatures:
        raise NoSignatureFieldError(reason="it has no empty place for a signature, or is signed already")
    moment = when.astimezone(UTC).replace(microsecond=0)
    name = common_name(read_pem(signer.certificate_pem)) or signer.name
    certificates = [_certificate(pem) for pem in (signer.certificate_pem, *signer.chain)]
    room = sum(len(one.dump()) for one in certificates) + signer.algorithm.longest + _ATTRIBUTES
    times = None if timestamper is None else timestamp.source(timestamper, when=moment, entropy=entropy)
    room += 0 if timestamper is None else timestamp.room(timestamper)
    language, box = language_of(writer.prev.root), place_of(empty[FIELD].get_object())
    block = block_page(name, moment, signer.fingerprint, language, box)
    placer = Placer(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=signer.algorithm.digest,
            name=name,
            reason=REASON,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer=_raw_signer(signer, certificates),
        timestamper=times,
        stamp_style=StaticStampStyle(
            background=_appearance(block),
            background_opacity=1.0,
            border_width=0,
        ),
    )
    try:
        session = placer.init_signing_session(writer, existing_fields_only=True)
        session.system_time = moment
        prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=2 * room)
        fix_identity(writer, bytes.fromhex(sha256_hex(pdf + entropy.take(32))))
        digest, out = prepared.digest_tbs_document()
        run(prepared.perform_signature(digest.document_digest, _attributes(moment)))
    except SigningError as error:
        raise NoSignatureFieldError(reason=type(error).__name__) from error
    out.seek(0)
    signed: bytes = out.read()
    return signed


def _attributes(moment: datetime) -> Any:
    """PAdES puts the time into the signature's dictionary (/M), and not into the CMS."""
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    return PdfCMSSignedAttributes(signing_time=moment)


def _raw_signer(signer: Signer, certificates: Sequence[Any]) -> Any:
    """pyHanko's view of `signer`. The key itself stays with its owner."""
    from asn1crypto.algos import SignedDigestAlgorithm
    from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    algorithm = signer.algorithm

    class Raw(CmsSigner):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if digest_algorithm != algorithm.digest:
                raise NoSignatureFieldError(reason="the key does not sign with this digest")
            return bytes(algorithm.longest) if dry_run else signer.sign(data)

    own, *above = certificates
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    registry.register_multiple(above)
    return Raw(
        signing_cert=own,
        cert_registry=registry,
        signature_mechanism=SignedDigestAlgorithm({"algorithm": algorithm.cms}),
    )


def _certificate(pem: bytes) -> Any:
    """A certificate as asn1crypto, and with it pyHanko, has it."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return x509.Certificate.load(read_pem(pem).public_bytes(Encoding.DER))


def language_of(catalog: Any) -> Language:
    """The language that a PDF names as its own; English where it is none that a report has."""
    told = str(catalog.get("/Lang", ""))
    return Language(told) if told in tuple(Language) else Language.ENGLISH


def place_of(field: Any) -> Box:
    """The place of a signature's field on its page, pt; that of A4 where it is none that a report has."""
    try:
        left, low, right, high = (float(one) for one in field["/Rect"])
    except (KeyError, TypeError, ValueError):
        return SIGNATURE_BOX
    sane = _LEAST <= right - left <= _MOST and _LEAST <= high - low <= _MOST
    return (left, low, right, high) if sane else SIGNATURE_BOX


def block_page(
    name: str,
    moment: datetime,
    fingerprint: str,
    language: Language = Language.ENGLISH,
    box: Box = SIGNATURE_BOX,
) -> bytes:
    """What is seen in the signature's place, as a PDF of one page: who, when, which key. Verification draws
    it again and compares."""
    from ppdesk.report.layout.seal import seal_page

    return seal_page(name, moment, fingerprint, Tongue(language), box)


def _appearance(page: bytes) -> Any:
    """`page` as the content of a signature's place."""
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(page))
    _, _, width, height = (int(edge) for edge in reader.root["/Pages"]["/Kids"][0]["/MediaBox"])

    class Drawn(PdfContent):
        def __init__(self) -> None:
            super().__init__(box=BoxConstraints(width, height))

        def render(self) -> bytes:
            self.resources.xobject["/Drawn"] = self._ensure_writer.import_page_as_xobject(reader)
            return b"/Drawn Do"

    return Drawn()
