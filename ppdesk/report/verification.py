"""Checking a signed report, offline, from its bytes alone.

A report is good when it carries exactly one signature, a certification that allows no change, over the
entire file, by a key the reader knows, and when the evidence inside fits itself. Bytes that a PDF
signature cannot cover (the room around the signature value) must hold nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.clock import stamp
from ppdesk.identity.algorithms import algorithm_of
from ppdesk.identity.certificates import (
    chain_above,
    common_name,
    fingerprint_of_der,
    read_der,
    read_pem,
)
from ppdesk.identity.errors import UnusableKeyError
from ppdesk.identity.lookalikes import oddity
from ppdesk.identity.statement import key_of
from ppdesk.report import endorsements, times, timestamp
from ppdesk.report.attachment import Enclosed, read_evidence
from ppdesk.report.errors import DamagedReportError, NotAReportError, NoTrustedCertificateError
from ppdesk.report.made_with import same
from ppdesk.report.pages import pages
from ppdesk.report.pdf_tools import run
from ppdesk.report.revisions import signing
from ppdesk.report.signature import block_page, language_of, place_of
from ppdesk.report.verdict import Check, Judgement, Verdict, good, judged, wrong

MOST_BYTES = 256 * 1024 * 1024
_HEADER = b"%PDF-"


def verify_pdf(
    pdf: bytes, trusted: Sequence[bytes] | None = None, *, vouched: Collection[str] = ()
) -> Verdict:
    """What a stranger can find out about a report. `trusted` are certificates (PEM) that the reader knows.

    Without `trusted` a faultless report is judged LOOK: its fingerprint has to be compared. With it, a
    signature by any other key is WRONG. `vouched` are fingerprints of keys besides, of persons who endorsed
    the report or stated a time. NotAReportError for what is no PDF, DamagedReportError for a PDF that cannot
    be read, NoTrustedCertificateError.
    """
    known = None if trusted is None else [_der(pem) for pem in trusted]
    if len(pdf) > MOST_BYTES:
        raise NotAReportError(reason="it is larger than any report")
    if not pdf.startswith(_HEADER):
        raise NotAReportError(reason="it does not begin as a PDF")
    try:
        return _verified(pdf, known, vouched)
    # a forged file can break the parser anywhere and in any way, and each break is an answer
    except Exception as error:  # noqa: BLE001
        raise DamagedReportError(reason=f"it cannot be taken apart ({type(error).__name__})") from None


def _verified(pdf: bytes, known: list[bytes] | None, vouched: Collection[str]) -> Verdict:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(pdf), strict=True)
    digest = sha256_hex(pdf)
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        count = len(signatures)
        words = "Nobody has signed it." if not count else f"It has {count} signatures, and a report has one."
        return Verdict((wrong("Signature", words),), digest)
    signature = signatures[0]
    claimed = signature.self_reported_timestamp
    chain = chain_of(signature)
    certificate = chain[0]
    stated, beside = _stated(signature)
    checks = [
        *_signature_checks(signature, chain, claimed, stated),
        _key(certificate),
        _certification(reader, signature),
        _leftover(pdf, signature, len(chain), beside=beside),
    ]

    def knows(ders: Sequence[bytes]) -> bool:
        by_print = fingerprint_of_der(ders[0]) in vouched
        return by_print or (known is not None and _acquaintance(ders, known).judgement is Judgement.GOOD)

    if stated is not None:
        seen = knows(stated.certificates)
        checks.append(timestamp.check(stated, claimed, known=seen, signer=certificate.dump()))
    inside, remark = read_evidence(reader)
    checks.append(remark)
    if inside is not None:
        checks += times.in_order(inside.evidence, claimed, None if stated is None else stated.moment)
    if inside is not None and not any(check.judgement is Judgement.WRONG for check in checks):
        checks += _remade(pdf, reader, signature, certificate, inside)
        own = key_of(read_der(certificate.dump()))
        checks += endorsements.check(inside.evidence, knows=lambda pem: knows(_ders(pem)), certifier=own)
    checks.append(_acquaintance([one.dump() for one in chain], known))
    odd = oddity(_name(certificate))
    if odd:
        checks.append(Check("Name", Judgement.LOOK, odd))
    return Verdict(
        tuple(checks),
        digest,
        signer=_name(certificate),
        fingerprint=fingerprint_of_der(certificate.dump()),
        signed_at="" if claimed is None else stamp(claimed),
        evidence=None if inside is None else inside.evidence,
        certificate_pem=_pem(certificate.dump()),
    )


def _remade(pdf: bytes, reader: Any, signature: Any, certificate: Any, inside: Enclosed) -> list[Check]:
    """What signing added, and the pages before it, against what the evidence gives. Costs as much as making
    the report, so it is done for files that hold so far."""
    name = common_name(read_der(certificate.dump()))
    told = inside.evidence.get("made_with")
    drawn = isinstance(told, dict) and same(told) and bool(name)
    print_ = fingerprint_of_der(certificate.dump())
    language = language_of(reader.get_historical_resolver(0).root)
    when, box = signature.self_reported_timestamp, place_of(signature.sig_field)
    block = block_page(name, when, print_, language, box) if drawn else None
    added = signing(pdf, reader, signature, name=name, block=block)
    return [added] if added.judgement is Judgement.WRONG else [added, pages(pdf, reader, inside)]


def _stated(signature: Any) -> tuple[timestamp.Stated | None, bool]:
    """(the timestamp, whether something else stands beside the signature)."""
    try:
        return timestamp.stated(signature), False
    except ValueError:
        return None, True


def _signature_checks(
    signature: Any, chain: Sequence[Any], claimed: datetime | None, stated: timestamp.Stated | None
) -> list[Check]:
    """The signature's arithmetic, what it covers, and whether its certificate could sign at that time."""
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    if claimed is None:
        return [wrong("Time", "The signature names no time.")]
    context = ValidationContext(
        trust_roots=[chain[-1]],
        other_certs=list(chain),
        allow_fetching=False,
        moment=claimed,
        best_signature_time=claimed,
    )
    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    status = run(
        async_validate_pdf_signature(
            signature,
            context,
            ts_validation_context=None if stated is None else _of_timestamp(stated),
            key_usage_settings=usage,
        )
    )
    # a path's first certificate is taken on trust, its time too: so look at the time of each here
    in_time = all(one.not_valid_before <= claimed <= one.not_valid_after for one in chain)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return [
        judged(
            "Content",
            bool(status.intact and status.valid),
            "The signature fits every byte it covers.",
            "The content was changed after it was signed.",
        ),
        judged(
            "Coverage",
            whole,
            "The signature covers the entire file.",
            "Something was added after the signature, or the signature leaves out a part of the file.",
        ),
        judged(
            "Certificate",
            in_time and (bool(status.bottom_line) or not (status.intact and status.valid and whole)),
            "The certificate is for signing and was valid at the time named.",
            "The certificate was not valid at the time named, or is not for signing.",
        ),
    ]


def _of_timestamp(stated: timestamp.Stated) -> Any:
    """What validates a timestamp by its own certificates: whose key it is, is another question."""
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext

    chain = [x509.Certificate.load(der) for der in stated.certificates]
    return ValidationContext(
        trust_roots=[chain[-1]],
        other_certs=chain,
        allow_fetching=False,
        moment=stated.moment,
        best_signature_time=stated.moment,
    )


def _certification(reader: Any, signature: Any) -> Check:
    """ISO 32000-2, 12.8.2.2: the catalog's /Perms names this signature, and it allows no change."""
    from pyhanko.pdf_utils import generic
    from pyhanko.sign.fields import MDPPerm

    permissions = reader.root.get("/Perms")
    certified = isinstance(permissions, generic.DictionaryObject) and "/DocMDP" in permissions
    named = permissions.raw_get("/DocMDP") if certified else None
    own = signature.sig_field.raw_get("/V")
    same = (
        isinstance(named, generic.IndirectObject)
        and isinstance(own, generic.IndirectObject)
        and named.reference == own.reference
    )
    return judged(
        "Certification",
        same and signature.docmdp_level == MDPPerm.NO_CHANGES,
        "It certifies the document and allows no change.",
        "It is not a certification that forbids changes, as a report's signature is.",
    )


def chain_of(signature: Any) -> list[Any]:
    """The signer's certificate and those above it in the file, each the issuer of the one before."""
    found = [signature.signer_cert]
    others = list(signature.other_embedded_certs)
    while not found[-1].self_issued:
        above = next((one for one in others if one.subject == found[-1].issuer), None)
        if above is None or above in found:
            break
        found.append(above)
    return found


def _key(certificate: Any) -> Check:
    """No key below the strength that ppdesk signs with."""
    try:
        name = algorithm_of(read_der(certificate.dump()).public_key()).name
    except (UnusableKeyError, ValueError, UnsupportedAlgorithm):
        return wrong("Key", "It is signed with a kind of key that is too weak, or that ppdesk does not use.")
    return good("Key", f"The key is of a kind that ppdesk uses: {name}.")


def _leftover(pdf: bytes, signature: Any, certificates: int, *, beside: bool) -> Check:
    """No PDF signature covers the place of its own value. There must be nothing in it but the value, as
    ppdesk writes it: upper-case hexadecimal digits, then zeros; no certificate beside the chain, and nothing
    unsigned (`beside`) but a timestamp, which has one form only."""
    start, length, resume, _ = (int(number) for number in signature.byte_range)
    gap = pdf[start + length : resume]
    value = bytes(signature.pkcs7_content)
    used = signature.signed_data
    size = _der_size(value)
    clean = (
        gap[:1] == b"<"
        and gap[-1:] == b">"
        and gap[1:-1] == value.hex().upper().encode()
        and not any(value[size:])
        and not beside
        and len(used["certificates"]) == certificates
        and not len(used["crls"])
    )
    return judged(
        "Room of the signature",
        bool(clean),
        "There is nothing beside the signature in the one place it cannot cover.",
        "Something is hidden in the one place that the signature cannot cover.",
    )


def _acquaintance(chain: Sequence[bytes], known: list[bytes] | None) -> Check:
    if known is None:
        words = "Compare the fingerprint with what the signer tells you: nobody here vouches for the key."
        return Check("Signer", Judgement.LOOK, words)
    if chain[0] in known:
        return good("Signer", "The key is one you trust.")
    if any(der in known for der in _authorities(chain)):
        return good("Signer", "The key is vouched for by an authority you trust.")
    return wrong("Signer", "It is signed with a key that is not among those you trust.")


def _authorities(chain: Sequence[bytes]) -> list[bytes]:
    """Those of `chain` that may say whose the signer's key is. A person's certificate may not, known or not:
    the validation of a path takes its last one as an authority whatever it says of itself."""
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        own, *others = map(read_der, chain)
        return [one.public_bytes(Encoding.DER) for one in chain_above(own, others)]
    except ValueError:
        return []


def _der_size(value: bytes) -> int:
    """The length of the DER element at the start of `value`, head included (X.690, 8.1.3)."""
    if value[1] < 0x80:
        return 2 + value[1]
    count = value[1] & 0x7F
    return 2 + count + int.from_bytes(value[2 : 2 + count], "big")


def _ders(pem: str) -> list[bytes]:
    """The certificates in `pem`, a signer's own first; ValueError for what is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem.encode())]


def _name(certificate: Any) -> str:
    return str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))


def _pem(der: bytes) -> bytes:
    """Empty for a certificate that cannot be read."""
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        return read_der(der).public_bytes(Encoding.PEM)
    except ValueError:
        return b""


def _der(pem: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        return read_pem(pem).public_bytes(Encoding.DER)
    except ValueError:
        raise NoTrustedCertificateError from None
