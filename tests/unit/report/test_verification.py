"""Verification: three words, each with its reasons, and never a traceback."""

import base64
import random
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.signer import Signer
from ppdesk.report.errors import DamagedReportError, NotAReportError, NoTrustedCertificateError
from ppdesk.report.signature import sign_pdf
from ppdesk.report.verdict import Check, Judgement, Verdict
from ppdesk.report.verification import verify_pdf


def test_a_report_by_a_known_key_is_good(signed: bytes, maria: Signer) -> None:
    verdict = verify_pdf(signed, [maria.certificate_pem])
    assert verdict.verdict is Judgement.GOOD
    assert verdict.sentence == "Signed by Maria Weber, whole and unchanged since."
    assert verdict.fingerprint == maria.fingerprint
    assert verdict.signed_at == "2026-01-01T12:00:00.000Z"
    assert verdict.sha256 == sha256_hex(signed)
    assert verdict.evidence is not None


def test_without_a_known_key_the_fingerprint_is_to_be_compared(signed: bytes) -> None:
    verdict = verify_pdf(signed)
    assert verdict.verdict is Judgement.LOOK
    assert "Compare the fingerprint" in verdict.sentence


def test_another_key_is_wrong_even_under_the_same_name(signed: bytes, mallory: Signer) -> None:
    verdict = verify_pdf(signed, [mallory.certificate_pem])
    assert verdict.verdict is Judgement.WRONG
    assert verdict.signer == mallory.name


def test_a_key_that_an_authority_vouches_for(
    unsigned: bytes, authority: tuple[bytes, Signer], maria: Signer
) -> None:
    root, ada = authority
    pdf = sign_pdf(unsigned, ada, when=datetime(2026, 1, 1, 12, tzinfo=UTC), entropy=TestEntropy(5))
    assert verify_pdf(pdf, [root]).verdict is Judgement.GOOD
    assert verify_pdf(pdf, [ada.certificate_pem]).verdict is Judgement.GOOD
    assert verify_pdf(pdf, [maria.certificate_pem]).verdict is Judgement.WRONG


def test_a_signature_outside_the_certificates_time_is_wrong(unsigned: bytes, maria: Signer) -> None:
    early = sign_pdf(unsigned, maria, when=datetime(2020, 1, 1, tzinfo=UTC), entropy=TestEntropy(5))
    verdict = verify_pdf(early, [maria.certificate_pem])
    assert verdict.verdict is Judgement.WRONG
    assert "not valid at the time named" in verdict.sentence


def test_an_unsigned_report_is_wrong(unsigned: bytes) -> None:
    verdict = verify_pdf(unsigned)
    assert verdict.verdict is Judgement.WRONG
    assert "Nobody has signed it." in verdict.sentence


def test_plain_values_for_a_machine(signed: bytes) -> None:
    told = verify_pdf(signed).to_json()
    assert told["verdict"] == "look"
    assert "evidence" not in told


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04", b" %PDF-1.7"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReportError):
        verify_pdf(data)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-2.0\nstartxref\n99\n%%EOF", b"%PDF-1.4\n" + b"<<" * 5000]
)
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(DamagedReportError):
        verify_pdf(data)


def test_a_certificate_that_is_none_is_refused(signed: bytes) -> None:
    with pytest.raises(NoTrustedCertificateError):
        verify_pdf(signed, [b"no certificate"])


def test_a_certificate_of_an_unknown_version_is_refused(signed: bytes, maria: Signer) -> None:
    der = load_pem_x509_certificate(maria.certificate_pem).public_bytes(Encoding.DER)
    version = bytes.fromhex("a003020102")  # [0] INTEGER 2: X.509 v3
    assert der.count(version) == 1
    forged = base64.encodebytes(der.replace(version, version[:-1] + b"\x09"))
    pem = b"-----BEGIN CERTIFICATE-----\n" + forged + b"-----END CERTIFICATE-----\n"
    with pytest.raises(NoTrustedCertificateError):
        verify_pdf(signed, [pem])


def test_random_damage_never_passes_and_never_escapes(signed: bytes, maria: Signer) -> None:
    chance = random.Random(4)  # noqa: S311  # places of damage, not secrets
    for _ in range(25):
        start = chance.randrange(8, len(signed) - 64)
        broken = signed[:start] + chance.randbytes(chance.randrange(1, 64)) + signed[start + 32 :]
        try:
            verdict = verify_pdf(broken, [maria.certificate_pem])
        except DamagedReportError:
            continue
        assert verdict.verdict is Judgement.WRONG


def test_the_worst_check_decides() -> None:
    checks = (
        Check("a", Judgement.GOOD, "Fine."),
        Check("b", Judgement.LOOK, "Look here."),
        Check("c", Judgement.WRONG, "It was changed."),
    )
    assert Verdict(checks, "").sentence == "Don't rely on this file. It was changed."
    assert Verdict(checks[:2], "").verdict is Judgement.LOOK
    assert Verdict(checks[:1], "", signer="A").verdict is Judgement.GOOD
