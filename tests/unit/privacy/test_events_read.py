"""Costs are read back from the record whole, or not at all."""

import pytest

from ppdesk.privacy.events import (
    Composed,
    EpsilonDelta,
    ImpossibleCostError,
    Neighbours,
    NoEvent,
    UnknownEventError,
    from_json,
    to_json,
)

ONE = {"kind": "epsilon-delta", "epsilon": 1, "delta": 0, "neighbours": "replace-one"}


def test_what_was_written_is_read() -> None:
    pure = EpsilonDelta(0.5, 1e-6, Neighbours.ADD_REMOVE)
    event = Composed((NoEvent(), pure, Composed((pure,))))
    assert from_json(to_json(event)) == event


@pytest.mark.parametrize(
    "value",
    [
        {"kind": "composed", "events": [ONE, "epsilon 5"]},
        {"kind": "composed", "events": [ONE, None]},
        {"kind": "composed", "events": [ONE, [ONE]]},
        {"kind": "composed", "events": {"0": ONE}},
        {"kind": "composed", "events": [{"kind": "gaussian", "sigma": 1.0}]},
        {**ONE, "kind": "none"},
        {**ONE, "neighbours": "zero-out"},
        {**ONE, "neighbours": None},
        {},
    ],
)
def test_what_cannot_be_accounted_for_is_refused_and_not_left_out(value: dict[str, object]) -> None:
    with pytest.raises(UnknownEventError):
        from_json(value)  # type: ignore[arg-type]  # hostile values


@pytest.mark.parametrize("epsilon", [-1, float("nan"), float("inf"), 10**400, True, "1", None])
def test_a_cost_that_is_none_is_refused(epsilon: object) -> None:
    with pytest.raises(ImpossibleCostError):
        from_json({**ONE, "epsilon": epsilon})  # type: ignore[dict-item]  # hostile values
