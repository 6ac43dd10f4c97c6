"""The report's chapter on the budget tells what was spent elsewhere, and how far that is known."""

from collections.abc import Mapping

import pytest

from ppdesk.core.canonical import Json
from ppdesk.core.section import Words
from ppdesk.workflow.reporting.documents import budget_told
from ppdesk.workflow.reporting.documents.brief import Brief
from ppdesk.workflow.reporting.told import Told


def words(budget: Mapping[str, Json]) -> str:
    told = Told("p", "2026-01-01T00:00:00.000Z", 0, "", "", (), budget)
    section = budget_told.section(Brief(told))
    return " ".join(block.text for block in section.blocks if isinstance(block, Words))


ROW = {"seq": 2, "title": "Train", "epsilon": 0.5, "delta": 0.0, "standing": "spent"}


@pytest.mark.parametrize("rows", [[], [ROW]])
def test_it_is_told_with_its_reach(rows: list[Json]) -> None:
    said = words(
        {
            "rows": rows, "spent_epsilon": 0.5, "elsewhere_projects": 1, "elsewhere_epsilon": 1.25,
            "elsewhere_delta": 0.0, "total_epsilon": 1.75, "register": ["The register is older."],
        }
    )  # fmt: skip
    assert "ε 1.25 and δ 0 were spent by one other project or copy" in said
    assert "ε 1.75" in said
    assert "Another account or another computer has another register." in said
    assert "The register is older." in said


def test_that_nothing_is_known_is_not_that_nothing_was_spent() -> None:
    said = words({"rows": [ROW], "spent_epsilon": 0.5, "elsewhere_projects": 0})
    assert "nothing is known to have been spent" in said


def test_a_report_of_before_there_was_a_register_is_told_as_it_was() -> None:
    assert "lsewhere" not in words({"rows": [ROW], "spent_epsilon": 0.5})
