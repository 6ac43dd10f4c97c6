"""The step that hands over: what it asks, remarks, and puts into the manifest."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ppdesk.core.artifacts import Artifact, Kind
from ppdesk.core.canonical import canonical
from ppdesk.core.findings import Level
from ppdesk.core.params import parse
from ppdesk.core.section import Table
from ppdesk.privacy.events import NoEvent
from ppdesk.workflow.reporting.handover import STEP
from ppdesk.workflow.reporting.handover_params import HandoverParams
from ppdesk.workflow.reporting.handover_work import commitment
from ppdesk.workflow.step import Context

PARAMS = parse(
    HandoverParams, {"to": "a.ppdesk", "recipient": "The office", "purpose": "Audit"}, step="handover"
)
PARTS = [
    {
        "artifact": "a" * 64,
        "kind": "table",
        "part": "rows",
        "sha256": "b" * 64,
        "bytes": 9,
        "why": "microdata",
    },
    {"artifact": "c" * 64, "kind": "model", "part": "model", "sha256": "d" * 64, "bytes": 5, "why": ""},
    {
        "artifact": "e" * 64,
        "kind": "report",
        "part": "report.pdf",
        "sha256": "f" * 64,
        "bytes": 7,
        "why": "redacted",
    },
]


def survey(**changes: Any) -> dict[str, Any]:
    return {
        "parts": PARTS, "redacted": ["1:params.note", "1:params.people"], "asked": ["1:params.people"],
        "unknown": [], "clear": [], "wordless": [], **changes,
    }  # fmt: skip


@pytest.fixture
def told(small_history: Artifact) -> Artifact:
    return replace(small_history, head={**small_history.head, "copy": survey()})


def codes(**changes: Any) -> list[tuple[str, Level]]:
    found = STEP.check(PARAMS, {Kind.HISTORY: {"copy": survey(**changes)}})
    return [(one.code, one.level) for one in found]


def test_it_spends_nothing_and_remarks_nothing_on_a_sound_wish() -> None:
    assert codes() == []
    assert STEP.check(PARAMS, {}) == []
    assert isinstance(STEP.cost(PARAMS, {}), NoEvent)


@pytest.mark.parametrize(
    ("changes", "code", "level"),
    [
        ({"unknown": ["x.params.y"]}, "PP-HANDOVER-003", Level.BLOCKING),
        ({"clear": ["note of event 3"]}, "PP-HANDOVER-004", Level.BLOCKING),
        ({"wordless": ["1:facts.rows"]}, "PP-HANDOVER-005", Level.CAUTION),
        ({"parts": [{**PARTS[0], "why": "missing"}]}, "PP-HANDOVER-006", Level.CAUTION),
    ],
)
def test_what_speaks_against_it_is_said(changes: dict[str, Any], code: str, level: Level) -> None:
    assert codes(**changes) == [(code, level)]


def test_blanks_and_a_strange_name_are_remarked() -> None:
    params = parse(HandoverParams, {"to": "a.zip"}, step="handover")
    assert [one.code for one in STEP.check(params, {})] == [
        "PP-HANDOVER-001", "PP-HANDOVER-002", "PP-HANDOVER-002"
    ]  # fmt: skip


def test_the_manifest_says_what_is_in_and_what_is_not(
    told: Artifact, context_of: Callable[..., Context]
) -> None:
    outcome = STEP.run(PARAMS, {Kind.HISTORY: told}, context_of())
    (artifact,) = outcome.artifacts
    data = artifact.data("manifest.json")
    manifest = json.loads(data)
    assert canonical(manifest) == data
    assert manifest["project_id"] == told.head["project_id"]
    assert manifest["head"] == {"seq": told.head["head_seq"], "hash": told.head["head_hash"]}
    assert [one["part"] for one in manifest["included"]] == ["model"]
    assert [(one["part"], one["why"]) for one in manifest["withheld"]] == [
        ("rows", "microdata"), ("report.pdf", "redacted")
    ]  # fmt: skip
    assert manifest["redacted"] == ["1:params.note", "1:params.people"]


def test_recipient_and_purpose_are_bound_and_not_shown(
    told: Artifact, context_of: Callable[..., Context]
) -> None:
    outcome = STEP.run(PARAMS, {Kind.HISTORY: told}, context_of())
    data = outcome.artifacts[0].data("manifest.json")
    assert b"The office" not in data
    assert json.loads(data)["recipient"] == commitment(
        "recipient", outcome.facts.recipient_salt, "The office"
    )
    assert outcome.facts.recipient_salt != outcome.facts.purpose_salt


def test_the_section_tells_how_to_open_it(told: Artifact, context_of: Callable[..., Context]) -> None:
    outcome = STEP.run(PARAMS, {Kind.HISTORY: told}, context_of())
    section = STEP.section(PARAMS, outcome.facts)
    tables = {block.title: block for block in section.blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["What goes in and what stays out"].rows] == ["table", "model", "report"]
    assert [tuple(row) for row in tables["Fields that stay closed"].rows] == [
        ("1:params.note", "repeats it"),
        ("1:params.people", "asked for"),
    ]
    assert "ppdesk check --project FILE" in str(section.blocks)
