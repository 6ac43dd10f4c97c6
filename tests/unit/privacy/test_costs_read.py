"""A cost is charged or refused, never ignored."""

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.canonical import canonical, parse
from ppdesk.core.errors import CodedError
from ppdesk.privacy.accountant import basic
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
from ppdesk.privacy.exact import exact
from ppdesk.privacy.ledger import Budget, OverBudgetError

ADD = Neighbours.ADD_REMOVE
WORDS = {"kind": "epsilon-delta", "epsilon": 1.0, "delta": 0.0, "neighbours": ADD.value}

odd = st.one_of(
    st.none(), st.booleans(), st.text(max_size=5), st.floats(), st.integers(), st.lists(st.integers()),
    st.sampled_from([10**400, -(10**400), math.nan, math.inf, -math.inf, -0.0, 5e-324, "1", sys.maxsize]),
)  # fmt: skip
numbers = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
known = st.recursive(
    st.builds(EpsilonDelta, numbers, st.floats(0, 1, exclude_max=True), st.sampled_from(Neighbours)),
    lambda inner: st.builds(Composed, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=5,
)


@given(odd, st.sampled_from(["epsilon", "delta"]))
def test_whatever_stands_where_a_number_should_is_charged_or_refused(value: object, name: str) -> None:
    try:
        event = from_json({**WORDS, name: value})  # type: ignore[dict-item]
    except CodedError:
        return
    assert isinstance(event, EpsilonDelta)
    charged = basic([event])
    found = charged.epsilon if name == "epsilon" else charged.delta
    assert found == exact(float(value), name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), math.nan, math.inf, -math.inf, -1, -5e-324, "1", True, False, None, [1.0]]
)
def test_an_impossible_number_makes_no_cost(value: object) -> None:
    with pytest.raises(ImpossibleCostError):
        EpsilonDelta(value, 0.0, ADD)  # type: ignore[arg-type]
    with pytest.raises(ImpossibleCostError):
        EpsilonDelta(1.0, value, ADD)  # type: ignore[arg-type]
    with pytest.raises(ImpossibleCostError):
        exact(value, "epsilon")  # type: ignore[arg-type]


@given(st.floats(min_value=5e-324, max_value=1e-300))
def test_after_the_limit_nothing_fits_however_small(tiny: float) -> None:
    with pytest.raises(OverBudgetError):
        Budget(1.0, 0.0).can_afford([EpsilonDelta(1.0, 0.0, ADD)], EpsilonDelta(tiny, 0.0, ADD))
    with pytest.raises(OverBudgetError):
        Budget(2.0, 0.5).can_afford([EpsilonDelta(1.0, 0.5, ADD)], EpsilonDelta(0.0, tiny, ADD))


def test_minus_zero_costs_nothing_and_gives_nothing_back() -> None:
    Budget(1.0, 0.0).can_afford([EpsilonDelta(1.0, 0.0, ADD)], EpsilonDelta(-0.0, -0.0, ADD))
    assert basic([EpsilonDelta(-0.0, 0.0, ADD), EpsilonDelta(0.25, 0.0, ADD)]).epsilon * 4 == 1


@given(known)
def test_what_is_written_is_read_the_same(event: Composed | EpsilonDelta) -> None:
    assert basic([from_json(parse(canonical(to_json(event))))]) == basic([event])


@pytest.mark.parametrize(
    "value",
    [
        {**WORDS, "times": 100},
        {name: word for name, word in WORDS.items() if name != "delta"},
        {"kind": "composed", "events": [], "times": 2},
        {"kind": "composed", "events": {}},
        {"kind": "composed", "events": ["none"]},
        {"kind": "none", "epsilon": 1.0},
        {"kind": ["none"]},
        {},
    ],
)
def test_a_form_that_this_version_does_not_write_stops_the_sum(value: dict[str, object]) -> None:
    with pytest.raises(UnknownEventError):
        from_json(value)  # type: ignore[arg-type]


def test_a_cost_nested_without_end_is_refused_and_not_followed() -> None:
    value = to_json(NoEvent())
    for _ in range(5000):
        value = {"kind": "composed", "events": [value]}
    with pytest.raises(UnknownEventError):
        from_json(value)
