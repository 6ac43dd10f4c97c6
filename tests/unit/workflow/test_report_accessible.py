"""Report with an accessible edition: made when asked for, written to its place, its SHA-256 on record."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import parse, sha256_hex
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.params import fields_of
from ppdesk.core.params import parse as checked
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.signer import FileSigner
from ppdesk.report.html.page import html_edition
from ppdesk.report.rebuild import document_of
from ppdesk.report.signature import sign_pdf
from ppdesk.workflow.reporting.errors import UnsoundReportError
from ppdesk.workflow.reporting.report import STEP
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.reporting.verify import STEP as VERIFY
from ppdesk.workflow.reporting.verify import VerifyParams
from ppdesk.workflow.step import Context


def test_it_is_made_where_it_is_asked_for(
    small_history: Artifact, context_of: Callable[..., Context]
) -> None:
    asked = checked(
        ReportParams, {"to": "report.pdf", "html": "report.html", "language": "de"}, step="report"
    )
    done = STEP.run(asked, {Kind.HISTORY: small_history}, context_of())
    [made] = done.artifacts
    page = made.data("report.html")
    assert done.facts.html_sha256 == sha256_hex(page)
    assert b'<html lang="de">' in page
    assert {one.field: one.data for one in STEP.deliver(asked, [made])} == {
        "to": made.data("report.pdf"),
        "html": page,
    }
    # anybody who has the evidence can make the same page
    evidence = made.data("evidence.json")
    assert html_edition(document_of(parse(evidence)), evidence) == page
    [place] = [one for one in fields_of(ReportParams) if one.name == "html"]
    assert place.writes is not None
    assert place.optional


def test_none_is_made_where_none_is_asked_for(
    small_history: Artifact, context_of: Callable[..., Context]
) -> None:
    plain = checked(ReportParams, {"to": "report.pdf"}, step="report")
    done = STEP.run(plain, {Kind.HISTORY: small_history}, context_of())
    assert done.facts.html_sha256 == ""
    assert [one.name for one in done.artifacts[0].parts] == ["report.pdf", "evidence.json"]
    assert [one.field for one in STEP.deliver(plain, done.artifacts)] == ["to"]


def test_verify_compares_the_page_with_the_signed_report(
    small_history: Artifact, context_of: Callable[..., Context], tmp_path: Path
) -> None:
    asked = checked(ReportParams, {"to": "report.pdf", "html": "report.html"}, step="report")
    made = STEP.run(asked, {Kind.HISTORY: small_history}, context_of()).artifacts[0]
    when, entropy = datetime(2026, 1, 1, tzinfo=UTC), TestEntropy(1)
    key = new_key(entropy)
    pem = certify(key, "Maria Weber", since=when, entropy=entropy).public_bytes(Encoding.PEM)
    signer = FileSigner("Maria Weber", pem, key)
    report, page = tmp_path / "report.pdf", tmp_path / "report.html"
    report.write_bytes(sign_pdf(made.data("report.pdf"), signer, when=when, entropy=TestEntropy(2)))
    page.write_bytes(made.data("report.html"))
    params = checked(VerifyParams, {"report": "report.pdf", "html": "report.html"}, step="verify")
    ctx = context_of(sources={"report": report, "html": page})
    found = {one.name: one for one in VERIFY.run(params, {}, ctx).facts.checks}
    assert found["Accessible edition"].judgement == "good"
    page.write_bytes(made.data("report.html").replace(b"Maria", b"Maria X.", 1) + b"<p>More</p>")
    with pytest.raises(UnsoundReportError) as error:
        VERIFY.run(params, {}, ctx)
    assert "The page is not the one" in error.value.message
