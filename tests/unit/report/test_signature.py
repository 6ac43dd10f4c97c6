"""Signing: a certification that other programs confirm, without a socket, the same bytes each time."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from ppdesk.core.entropy import TestEntropy
from ppdesk.identity.signer import Signer
from ppdesk.report.document import Document
from ppdesk.report.errors import NoSignatureFieldError, NotAReportError
from ppdesk.report.evidence import attach, evidence_json
from ppdesk.report.layout.book import typeset
from ppdesk.report.signature import sign_pdf


def test_poppler_confirms_the_signature(signed: bytes, poppler: Callable[..., str]) -> None:
    told = poppler("pdfsig", signed, "-nocert")
    assert "Signature Validation: Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "Signer Certificate Common Name: Maria Weber" in told
    assert told.count("Signature #") == 1


def test_poppler_sees_a_change(signed: bytes, poppler: Callable[..., str]) -> None:
    at = signed.index(b"/Title")
    changed = signed[: at + 9] + bytes([signed[at + 9] ^ 1]) + signed[at + 10 :]
    assert "Signature is Valid." not in poppler("pdfsig", changed, "-nocert")


def test_signing_repeats_byte_for_byte(unsigned: bytes, maria: Signer) -> None:
    when = datetime(2026, 2, 1, tzinfo=UTC)
    first, again = (sign_pdf(unsigned, maria, when=when, entropy=TestEntropy(5)) for _ in range(2))
    assert first == again


def test_other_entropy_gives_another_identity(unsigned: bytes, maria: Signer) -> None:
    when = datetime(2026, 2, 1, tzinfo=UTC)
    first, other = (sign_pdf(unsigned, maria, when=when, entropy=TestEntropy(root)) for root in (5, 6))
    assert first != other


def test_signing_makes_no_socket(unsigned: bytes, maria: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr(socket, "socketpair", refuse)
    monkeypatch.setattr(socket.socket, "__init__", refuse)
    assert sign_pdf(unsigned, maria, when=datetime(2026, 2, 1, tzinfo=UTC), entropy=TestEntropy(5))


def test_the_signature_is_seen_in_its_place(signed: bytes, poppler: Callable[..., str]) -> None:
    last = poppler("pdftotext", signed, "-layout").split("\f")[-2]
    assert "Signed by" in last
    assert "Maria Weber" in last
    assert "2026-01-01 12:00:00 UTC" in last


def test_a_signed_report_cannot_be_signed_again(signed: bytes, mallory: Signer) -> None:
    with pytest.raises(NoSignatureFieldError):
        sign_pdf(signed, mallory, when=datetime(2026, 2, 1, tzinfo=UTC), entropy=TestEntropy(5))


def test_what_is_no_pdf_cannot_be_signed(maria: Signer) -> None:
    with pytest.raises(NotAReportError):
        sign_pdf(b"no pdf", maria, when=datetime(2026, 2, 1, tzinfo=UTC), entropy=TestEntropy(5))


def test_the_certificate_outlives_a_year(maria: Signer) -> None:
    certificate = x509.load_pem_x509_certificate(maria.certificate_pem)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc > timedelta(days=365)


@pytest.mark.parametrize(("language", "words"), [("de", "Signiert von"), ("fr", "Signé par")])
def test_the_visible_signature_speaks_the_language_of_its_document(
    language: str,
    words: str,
    document_of: Callable[..., Document],
    maria: Signer,
    poppler: Callable[..., str],
) -> None:
    document = replace(document_of(), language=language)
    evidence = evidence_json(document, [], {})
    when = datetime(2026, 2, 1, tzinfo=UTC)
    pdf = attach(typeset(document, evidence).pdf, evidence, made=when)
    signed = sign_pdf(pdf, maria, when=when, entropy=TestEntropy(5))
    assert words in poppler("pdftotext", signed, "-layout").split("\f")[-2]
