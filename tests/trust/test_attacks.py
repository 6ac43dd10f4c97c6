"""Project files under kills, full disks, failing drives, power cuts and forgeries: a sample of `make trust`.

What must hold after each attempt stands in attacks/judge.py; what writes, one entry each, in
attacks/operations.py. The figures of the long form are in resources/docs/trust.md.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

CAMPAIGN = Path(__file__).with_name("attacks") / "campaign.py"
SAMPLE = {"kills": 16, "full": 10, "broken": 6, "cuts": 16, "forgeries": 200}

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the layer between program and disk is for Linux"),
    pytest.mark.timeout(3600),
]


def attacked(*options: str) -> dict[str, dict[str, Any]]:
    """The figures of a campaign, by part. Exit code 1 says that something was lost, and so do they."""
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), *options], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("{"), done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)["parts"]
    return found


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, Any]]:
    return attacked(*(word for part, count in SAMPLE.items() for word in (f"--{part}", str(count))))


@pytest.mark.parametrize("part", SAMPLE)
def test_nothing_acknowledged_is_lost_and_nothing_goes_unnoticed(
    figures: dict[str, dict[str, Any]], part: str
) -> None:
    assert figures[part]["lost"] == []
    assert figures[part]["attempts"] >= SAMPLE[part]


@pytest.mark.parametrize("part", ["kills", "cuts"])
def test_interruptions_hit_writes_that_were_under_way(figures: dict[str, dict[str, Any]], part: str) -> None:
    """Or the test tests nothing: some attempts leave the old state, some the new one."""
    ended = sum((Counter(one) for one in figures[part]["ended"].values()), Counter[str]())
    assert ended["as it was"] > 0
    assert ended["complete"] + ended["complete up to an event"] > 0
    assert figures[part]["acknowledged"] > 0


def test_a_person_is_told_of_a_full_disk(figures: dict[str, dict[str, Any]]) -> None:
    ended = [outcome for one in figures["full"]["ended"].values() for outcome in one]
    assert any(outcome.startswith("PP-STORE-009") for outcome in ended)


def test_forgeries_are_noticed_in_each_way(figures: dict[str, dict[str, Any]]) -> None:
    ended = " ".join(outcome for one in figures["forgeries"]["ended"].values() for outcome in one)
    for way in ("refused at opening", "pointed out when opened or checked", "PP-STORE-013", "PP-STORE-014"):
        assert way in ended


@pytest.mark.campaign
def test_the_long_form() -> None:
    assert [part["lost"] for part in attacked("--thorough").values()] == [[]] * len(SAMPLE)
