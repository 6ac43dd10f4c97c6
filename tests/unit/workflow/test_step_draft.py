"""A draft, and the report that certifies it: the same content, with what others signed about it."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.clock import TestClock
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.identity.signer import create_signer
from ppdesk.report.endorsements import content_digest
from ppdesk.workflow.reporting.draft import STEP as DRAFT
from ppdesk.workflow.reporting.draft_params import DraftParams
from ppdesk.workflow.reporting.errors import DraftChangedError
from ppdesk.workflow.reporting.report import STEP as REPORT
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.step import Context

OBJECTIVE = {"project": "Adult", "purpose": "Research on income and work", "use_case": "research"}
SETTINGS = {"document": "summary", "organisation": "Example Institute", "to": "draft.pdf"}


@dataclass(frozen=True)
class Made:
    """A draft in event 3, and its event as the history tells it."""

    artifact: Artifact
    event: dict[str, Any]

    @property
    def content(self) -> str:
        return str(self.event["facts"]["content"])


def params(**changes: Any) -> ReportParams:
    return parse(ReportParams, {"to": "report.pdf", "draft": 3, **changes}, step="report")


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="session")
def first(event_of: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    return [event_of(1, "objective", OBJECTIVE), event_of(2, "standard", {"preset": "gdpr"})]


@pytest.fixture(scope="session")
def draft(
    first: list[dict[str, Any]],
    history_of: Callable[..., Artifact],
    event_of: Callable[..., dict[str, Any]],
    context_of: Callable[..., Context],
) -> Made:
    asked = parse(DraftParams, SETTINGS, step="draft")
    done = DRAFT.run(asked, {Kind.HISTORY: history_of(first)}, context_of())
    plain = asked.model_dump(mode="json")
    event = event_of(3, "draft", plain) | {"params": plain, "facts": done.facts.model_dump(mode="json")}
    return Made(done.artifacts[0], event)


def endorsement(draft: Made, certificate: str) -> dict[str, Any]:
    """The endorsement as the history tells it: the workbench has checked the signature."""
    said = {
        "draft": 3,
        "draft_hash": draft.event["hash"],
        "content": draft.content,
        "decision": "endorsed",
        "role": "reviewer",
        "comment": "I read all of it.",
        "certificate": certificate,
    }
    return {
        **draft.event,
        "seq": 4,
        "kind": "endorsement",
        "title": "Endorsement",
        "outcome": "noted",
        "params": said,
        "facts": {},
        "hash": "4" * 64,
        "witness": {"name": "Bea", "fingerprint": "BEA0"},
    }


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Bea's, as PEM."""
    clock = TestClock(datetime(2026, 1, 1, tzinfo=UTC))
    bea = create_signer(tmp_path_factory.mktemp("bea"), "Bea", "staple", entropy=TestEntropy(2), clock=clock)
    return bea.certificate_pem.decode()


def test_a_draft_says_so_and_has_no_place_for_a_signature(draft: Made, tmp_path: Path) -> None:
    pdf = draft.artifact.data("report.pdf")
    assert "Draft, not signed" in text_of(pdf, tmp_path)
    assert b"/FT /Sig" not in pdf
    assert b"/AcroForm" not in pdf
    told = json.loads(draft.artifact.data("evidence.json"))
    assert content_digest(told) == draft.content


def test_the_report_certifies_the_very_content_with_the_endorsements(
    draft: Made,
    certificate: str,
    first: list[dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
    *,
    tmp_path: Path,
) -> None:
    history = history_of([*first, draft.event, endorsement(draft, certificate)])
    done = REPORT.run(params(), {Kind.HISTORY: history, Kind.DRAFT: draft.artifact}, context_of())
    facts, made = done.facts, done.artifacts[0]
    told = json.loads(made.data("evidence.json"))
    assert content_digest(told) == draft.content
    assert (facts.draft, facts.endorsements, facts.head_seq) == (3, 1, 2)
    assert (facts.document.value, told["head"]["seq"]) == ("summary", 2)
    assert [one["said"]["decision"] for one in told["endorsements"]] == ["endorsed"]
    words = text_of(made.data("report.pdf"), tmp_path)
    assert "Draft, not signed" not in words
    assert "Bea" in words
    assert "I read all of it." in words
    assert not any("gone on" in finding.title for finding in done.findings)


def test_what_the_project_did_since_is_remarked(
    draft: Made,
    first: list[dict[str, Any]],
    history_of: Callable[..., Artifact],
    event_of: Callable[..., dict[str, Any]],
    context_of: Callable[..., Context],
) -> None:
    later = event_of(4, "objective", OBJECTIVE)
    inputs = {Kind.HISTORY: history_of([*first, draft.event, later]), Kind.DRAFT: draft.artifact}
    done = REPORT.run(params(), inputs, context_of())
    assert [one.level for one in done.findings if "gone on" in one.title] == [Level.CAUTION]
    assert done.facts.head_seq == 2


def test_a_draft_that_does_not_come_out_the_same_is_refused(
    draft: Made,
    first: list[dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    other = {**draft.event, "facts": {**draft.event["facts"], "content": "0" * 64}}
    inputs = {Kind.HISTORY: history_of([*first, other]), Kind.DRAFT: draft.artifact}
    with pytest.raises(DraftChangedError):
        REPORT.run(params(), inputs, context_of())


def test_a_report_of_a_draft_asks_for_nothing_else(draft: Made) -> None:
    heads = {Kind.DRAFT: draft.artifact.head}
    assert REPORT.check(params(), heads) == []
    assert REPORT.check(params(document="summary"), heads) == []  # as it was settled
    for odd in ({"language": "fr"}, {"title": "Another"}, {"contact": "Somebody"}, {"paper": "letter"}):
        found = REPORT.check(params(**odd), heads)
        assert [(one.level, one.field) for one in found] == [(Level.BLOCKING, next(iter(odd)))]
