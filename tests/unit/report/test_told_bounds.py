"""What a claim promises is never told smaller than it is."""

from typing import Any

import pytest

from ppdesk.core.wording import upward
from ppdesk.report.cited import Quoted, Source
from ppdesk.report.tongue import Tongue
from ppdesk.workflow.reporting import claim


@pytest.mark.parametrize(
    ("value", "digits", "told"),
    [
        (2.5, 2, 2.5),
        (2.501, 2, 2.51),
        (0.1 + 0.2, 2, 0.3),
        (0.0, 2, 0.0),
        (12.1825, 2, 12.19),
        (1e-6, 11, 1e-6),
    ],
)
def test_up_and_no_further(value: float, digits: int, told: float) -> None:
    assert upward(value, digits) == told


def test_a_loss_and_a_chance_go_up() -> None:
    say, place = Tongue("de"), Source(3, "/facts/epsilon")
    assert say.bound(Quoted(2.5004, (place,)), 2) == "2,51"
    assert say.bound(Quoted(2.5, (place,))) == "2,5"
    assert say.bound(Quoted(1.00000002, (place,))).sources == (place,)
    assert say.bound(1.00000002) == "1,000001"
    assert say.chance(1.0000004e-6) == "0,00000100001"
    assert say.chance(0.1 + 0.2) == "0,3"
    assert say.chance(0.0) == "0"


def test_the_sentence_of_the_claim_goes_up(frozen: Any) -> None:
    words = " ".join(str(one) for one in next(claim.sections(frozen.told("adult"))).blocks)
    assert "that is 12.19, times" in words
