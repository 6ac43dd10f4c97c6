"""The report's claim covers private trials, and no others."""

from typing import Any

import pytest

from ppdesk.workflow.reporting.told import TellingEvent


def event(kind: str, facts: dict[str, Any]) -> TellingEvent:
    return TellingEvent(1, "", "Ada", kind, "", {}, facts, None, "ok", {}, {}, [], "", "", "")


@pytest.mark.parametrize(
    ("kind", "facts", "covered"),
    [
        ("train", {}, True),
        ("tune", {"on": "private", "train": {"epsilon": 1.0}}, True),
        ("tune", {"on": "stand-in", "train": None}, False),
        ("anonymize", {"private": None}, False),
        ("model", {}, False),
    ],
)
def test_what_a_claim_covers(kind: str, facts: dict[str, Any], covered: bool) -> None:
    assert event(kind, facts).covered is covered
