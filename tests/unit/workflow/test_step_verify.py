"""The step that checks a report, alone and against its project."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from ppdesk.core.artifacts import Artifact, Kind, Part
from ppdesk.core.entropy import TestEntropy
from ppdesk.core.exits import Exit
from ppdesk.core.params import parse
from ppdesk.core.section import Figures, Table
from ppdesk.identity.certificates import certify, new_key
from ppdesk.identity.signer import FileSigner
from ppdesk.privacy.events import NoEvent
from ppdesk.report.errors import NotAReportError
from ppdesk.report.signature import sign_pdf
from ppdesk.workflow.reporting.errors import UnsoundReportError
from ppdesk.workflow.reporting.report import STEP as REPORT
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.reporting.verify import STEP, VerifyParams
from ppdesk.workflow.step import Context

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
PARAMS = parse(VerifyParams, {"report": "report.pdf"}, step="verify")
OBJECTIVE = {"project": "Adult", "purpose": "Research on income and work", "use_case": "research"}


@pytest.fixture(scope="module")
def signer() -> FileSigner:
    entropy = TestEntropy(1)
    key = new_key(entropy)
    pem = certify(key, "Maria Weber", since=WHEN, entropy=entropy).public_bytes(Encoding.PEM)
    return FileSigner("Maria Weber", pem, key)


@pytest.fixture(scope="module")
def signed(small_history: Artifact, context_of: Callable[..., Context], signer: FileSigner) -> bytes:
    """A signed report of the small history."""
    params = parse(ReportParams, {"to": "report.pdf"}, step="report")
    made = REPORT.run(params, {Kind.HISTORY: small_history}, context_of()).artifacts[0]
    return sign_pdf(made.data("report.pdf"), signer, when=WHEN, entropy=TestEntropy(2))


@pytest.fixture
def report(signed: bytes, tmp_path: Path) -> Path:
    place = tmp_path / "report.pdf"
    place.write_bytes(signed)
    return place


def events_of(history: Artifact) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(history.data("history"))["events"]
    return told


def words_of(error: pytest.ExceptionInfo[UnsoundReportError]) -> str:
    assert error.value.exit_code is Exit.INTEGRITY
    return error.value.message


def test_alone_the_fingerprint_is_to_be_compared(report: Path, context_of: Callable[..., Context]) -> None:
    outcome = STEP.run(PARAMS, {}, context_of(sources={"report": report}))
    assert outcome.facts.verdict == "look"
    assert not outcome.facts.compared
    assert outcome.facts.head_seq == 2
    assert [one.title for one in outcome.findings] == ["Signer"]


def test_with_a_trusted_certificate_it_is_good(
    report: Path, signer: FileSigner, context_of: Callable[..., Context], tmp_path: Path
) -> None:
    trust = tmp_path / "maria.pem"
    trust.write_bytes(signer.certificate_pem)
    outcome = STEP.run(PARAMS, {}, context_of(sources={"report": report, "trust": trust}))
    assert outcome.facts.verdict == "good"
    assert outcome.artifacts[0].head["verdict"] == "good"
    assert outcome.facts.fingerprint == signer.fingerprint


def test_in_its_project_history_budget_and_figures_are_compared(
    report: Path, small_history: Artifact, context_of: Callable[..., Context]
) -> None:
    outcome = STEP.run(PARAMS, {Kind.HISTORY: small_history}, context_of(sources={"report": report}))
    found = {check.name: check.judgement for check in outcome.facts.checks}
    assert found["History"] == found["Budget"] == found["Figures"] == "good"
    assert found["Signer"] == "look"


def test_the_projects_own_last_report_is_good(
    report: Path, small_history: Artifact, context_of: Callable[..., Context]
) -> None:
    own = Artifact(Kind.REPORT, {}, (Part("report.pdf", report.read_bytes()),))
    inputs = {Kind.HISTORY: small_history, Kind.REPORT: own}
    outcome = STEP.run(PARAMS, inputs, context_of(sources={"report": report}))
    assert outcome.facts.verdict == "good"


def test_a_longer_history_is_a_continuation(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    event_of: Callable[..., dict[str, Any]],
    context_of: Callable[..., Context],
) -> None:
    longer = history_of(
        [*events_of(small_history), event_of(3, "report", {}), event_of(4, "objective", OBJECTIVE)]
    )
    outcome = STEP.run(PARAMS, {Kind.HISTORY: longer}, context_of(sources={"report": report}))
    assert {check.name: check.judgement for check in outcome.facts.checks}["History"] == "good"


def test_a_later_report_is_named(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    event_of: Callable[..., dict[str, Any]],
    context_of: Callable[..., Context],
) -> None:
    longer = history_of([*events_of(small_history), event_of(3, "report", {}), event_of(4, "report", {})])
    outcome = STEP.run(PARAMS, {Kind.HISTORY: longer}, context_of(sources={"report": report}))
    words = {check.name: check.words for check in outcome.facts.checks}["History"]
    assert "a later report, made at event 4" in words


def test_another_project_is_refused(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    other = history_of(events_of(small_history), project="another")
    with pytest.raises(UnsoundReportError) as error:
        STEP.run(PARAMS, {Kind.HISTORY: other}, context_of(sources={"report": report}))
    assert "another project" in words_of(error)


def test_a_project_put_back_to_an_older_state_is_refused(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    older = history_of(events_of(small_history)[:1])
    with pytest.raises(UnsoundReportError) as error:
        STEP.run(PARAMS, {Kind.HISTORY: older}, context_of(sources={"report": report}))
    assert "older state" in words_of(error)


def test_a_forked_history_is_refused(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    first, second = events_of(small_history)
    forked = history_of([first, {**second, "hash": "ff" * 32}])
    with pytest.raises(UnsoundReportError) as error:
        STEP.run(PARAMS, {Kind.HISTORY: forked}, context_of(sources={"report": report}))
    assert "From event 2 on" in words_of(error)


def test_a_figure_that_is_not_its_events_is_refused(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    event_of: Callable[..., dict[str, Any]],
    context_of: Callable[..., Context],
) -> None:
    """Same hashes, other words: what a dishonest program that writes reports would do."""
    first, second = events_of(small_history)
    changed = {**first, "params": {**first["params"], "purpose": "Another purpose altogether"}}
    history = history_of([changed, second, event_of(3, "report", {})])
    with pytest.raises(UnsoundReportError) as error:
        STEP.run(PARAMS, {Kind.HISTORY: history}, context_of(sources={"report": report}))
    assert "Chapter “Objective” is not what its event says." in words_of(error)


def test_a_budget_that_does_not_add_up_is_refused(
    report: Path,
    small_history: Artifact,
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    history = history_of(events_of(small_history), spent_epsilon=2.0)
    with pytest.raises(UnsoundReportError) as error:
        STEP.run(PARAMS, {Kind.HISTORY: history}, context_of(sources={"report": report}))
    assert "not what the events add up to" in words_of(error)


def test_a_changed_file_is_refused_with_words(report: Path, context_of: Callable[..., Context]) -> None:
    data = report.read_bytes()
    at = data.index(b"/Title") + 8
    report.write_bytes(data[:at] + b"X" + data[at + 1 :])
    with pytest.raises(UnsoundReportError) as error:
        STEP.run(PARAMS, {}, context_of(sources={"report": report}))
    assert "The content was changed after it was signed." in words_of(error)


def test_another_file_is_refused(tmp_path: Path, context_of: Callable[..., Context]) -> None:
    place = tmp_path / "table.csv"
    place.write_text("a;b\n1;2\n")
    with pytest.raises(NotAReportError):
        STEP.run(PARAMS, {}, context_of(sources={"report": place}))


def test_it_needs_no_project_and_spends_nothing(report: Path, context_of: Callable[..., Context]) -> None:
    assert STEP.needs == ()
    assert STEP.cost(PARAMS, {}) == NoEvent()
    assert STEP.check(PARAMS, {}) == []
    assert STEP.check(parse(VerifyParams, {"report": "r.txt"}, step="verify"), {})[0].field == "report"
    outcome = STEP.run(PARAMS, {}, context_of(sources={"report": report}))
    section = STEP.section(PARAMS, outcome.facts)
    assert isinstance(section.blocks[1], Figures)
    assert isinstance(section.blocks[2], Table)
    assert len(section.blocks[2].rows) == len(outcome.facts.checks)
