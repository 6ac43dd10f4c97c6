"""The step that writes the report: everything from the history, nothing left unsaid."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.errors import CancelledRunError
from ppdesk.core.mode import NOT_PRIVATE
from ppdesk.core.params import parse
from ppdesk.core.section import Table, Words
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.reporting.report import STEP
from ppdesk.workflow.reporting.report_facts import ReportFacts
from ppdesk.workflow.reporting.report_params import ReportParams
from ppdesk.workflow.step import Context, Inputs, Outcome

OBJECTIVE = {"project": "Adult", "purpose": "Research on income and work", "use_case": "research"}


def params(**changes: Any) -> ReportParams:
    return parse(
        ReportParams, {"to": "report.pdf", "organisation": "Example Institute", **changes}, step="report"
    )


def text_of(outcome: Outcome[ReportFacts], folder: Path) -> str:
    place = folder / "report.pdf"
    place.write_bytes(outcome.artifacts[0].data("report.pdf"))
    done = subprocess.run(["pdftotext", "-layout", place, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def evidence_of(outcome: Outcome[ReportFacts]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(outcome.artifacts[0].data("evidence.json"))
    return told


def chapters_of(outcome: Outcome[ReportFacts], step: str) -> list[dict[str, Any]]:
    """The chapters on events of one step."""
    parts = evidence_of(outcome)["document"]["parts"]
    found = [chapter for part in parts for chapter in part["chapters"] if chapter["origin"]]
    return [chapter for chapter in found if chapter["origin"]["key"] == step]


@pytest.fixture
def inputs(small_history: Artifact) -> Inputs:
    return {Kind.HISTORY: small_history}


def test_two_runs_give_the_same_bytes(inputs: Inputs, context_of: Callable[..., Context]) -> None:
    first, again = (STEP.run(params(), inputs, context_of()) for _ in range(2))
    assert first.artifacts == again.artifacts
    assert first.facts == again.facts


def test_it_prints_purpose_limits_sources_events_and_gaps(
    inputs: Inputs, context_of: Callable[..., Context], tmp_path: Path
) -> None:
    outcome = STEP.run(params(), inputs, context_of())
    text = text_of(outcome, tmp_path)
    for words in (
        "Research on income and work",
        "WP216",
        "What was not tested",
        "Steps without a finished run",
        "Still blank",
        "Report: contact",
        "Objective: population (event 1)",
        "Anonymize: no finished run",
        "No run has spent anything",
        "Event 2, M. Weber, 2026-01-01 00:00:02 UTC",
    ):
        assert words in text, words
    assert outcome.facts.head_seq == 2
    assert "Report: contact" in outcome.facts.blanks
    assert [one.code for one in outcome.findings] == ["PP-REPORTING-002"]


def test_the_evidence_lists_every_event(inputs: Inputs, context_of: Callable[..., Context]) -> None:
    outcome = STEP.run(params(), inputs, context_of())
    evidence = evidence_of(outcome)
    assert [event["seq"] for event in evidence["events"]] == [1, 2]
    assert evidence["head"]["hash"] == evidence["events"][-1]["hash"]
    assert chapters_of(outcome, "standard")[0]["origin"]["event"] == 2


def test_the_test_mode_is_on_every_page(
    inputs: Inputs, context_of: Callable[..., Context], tmp_path: Path
) -> None:
    outcome = STEP.run(params(), inputs, context_of(stamp=NOT_PRIVATE))
    assert text_of(outcome, tmp_path).count(NOT_PRIVATE) == outcome.facts.pages
    assert outcome.artifacts[0].head["stamp"] == NOT_PRIVATE


def test_a_stamped_event_stamps_the_report(
    event_of: Callable[..., dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    history = history_of([event_of(1, "objective", OBJECTIVE, stamp=NOT_PRIVATE)])
    assert STEP.run(params(), {Kind.HISTORY: history}, context_of()).facts.stamp == NOT_PRIVATE


def test_an_outdated_chapter_says_so(
    event_of: Callable[..., dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    first, standard = event_of(1, "objective", OBJECTIVE), event_of(2, "standard", {"preset": "gdpr"})
    standard["inputs"] = dict(first["outputs"])
    again = event_of(3, "objective", {**OBJECTIVE, "purpose": "Something else entirely"})
    outcome = STEP.run(params(), {Kind.HISTORY: history_of([first, standard, again])}, context_of())
    chapter = chapters_of(outcome, "standard")[0]
    assert chapter["section"]["blocks"][0]["text"].startswith("Out of date: objective changed")


def test_every_comment_stands_in_the_report(
    event_of: Callable[..., dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    def comment(seq: int, words: str) -> dict[str, Any]:
        facts = {"event": 1, "title": "Objective", "hash": "00" * 32, "time": "2026-01-01T00:00:01.000Z"}
        said = {"about": "1", "person": "R. Haas", "comment": words}
        return event_of(seq, "feedback", said, facts=facts)

    history = history_of([event_of(1, "objective", OBJECTIVE), comment(2, "First."), comment(3, "Second.")])
    outcome = STEP.run(params(), {Kind.HISTORY: history}, context_of())
    assert [one["origin"]["event"] for one in chapters_of(outcome, "feedback")] == [2, 3]


def test_values_that_are_missing_are_said_to_be(
    event_of: Callable[..., dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
) -> None:
    redacted = {**event_of(1, "objective", OBJECTIVE), "params": {"use_case": "research"}}
    outcome = STEP.run(params(), {Kind.HISTORY: history_of([redacted])}, context_of())
    assert "not in this copy" in chapters_of(outcome, "objective")[0]["section"]["blocks"][0]["text"]


def test_the_budget_is_told_run_by_run(
    event_of: Callable[..., dict[str, Any]],
    history_of: Callable[..., Artifact],
    context_of: Callable[..., Context],
    tmp_path: Path,
) -> None:
    cost = {"kind": "epsilon-delta", "epsilon": 0.75, "delta": 0.0, "neighbours": "replace-one"}
    events = [
        event_of(1, "objective", OBJECTIVE),
        event_of(2, "train", {}, outcome="reserved", cost=cost),
        event_of(3, "train", {}, outcome="failed"),
    ]
    row = {"seq": 2, "title": "Train", "epsilon": 0.75, "delta": 0.0, "standing": "failed"}
    history = history_of(
        events, rows=[row], spent_epsilon=0.75, limit_epsilon=3.0, method="basic composition"
    )
    text = text_of(STEP.run(params(), {Kind.HISTORY: history}, context_of()), tmp_path)
    assert "run failed after it had the data: spent" in text
    assert "basic composition" in text
    assert "limit ε 3.00" in text


def test_it_stops_when_asked(inputs: Inputs, context_of: Callable[..., Context]) -> None:
    with pytest.raises(CancelledRunError):
        STEP.run(params(), inputs, context_of(cancelled=lambda: True))


def test_it_spends_nothing_and_reads_no_microdata() -> None:
    assert STEP.cost(params(), {}) == NoEvent()
    assert not {Kind.TABLE, Kind.RELEASE, Kind.SCORES, Kind.EXPORT, Kind.MODEL} & {*STEP.needs, *STEP.uses}
    assert [one.field for one in STEP.check(params(), {})] == ["contact"]


def test_section_and_delivery(inputs: Inputs, context_of: Callable[..., Context]) -> None:
    outcome = STEP.run(params(), inputs, context_of())
    section = STEP.section(params(), outcome.facts)
    assert isinstance(section.blocks[0], Words)
    assert any(isinstance(block, Table) and block.title == "Still blank" for block in section.blocks)
    (delivery,) = STEP.deliver(params(), outcome.artifacts)
    assert delivery.field == "to"
    assert delivery.data.startswith(b"%PDF-")
