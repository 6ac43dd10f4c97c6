"""The budget adds up exactly, and refuses what does not fit."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.exits import Exit
from ppdesk.privacy.events import Composed, EpsilonDelta, ImpossibleCostError, Neighbours, NoEvent
from ppdesk.privacy.exact import exact, up
from ppdesk.privacy.ledger import Budget, OverBudgetError

ADD, REPLACE = Neighbours.ADD_REMOVE, Neighbours.REPLACE_ONE


def pure(epsilon: float, neighbours: Neighbours = REPLACE) -> EpsilonDelta:
    return EpsilonDelta(epsilon, 0.0, neighbours)


epsilons = st.floats(min_value=0, max_value=100, allow_nan=False)
deltas = st.floats(min_value=0, max_value=1e-3)
events = st.builds(EpsilonDelta, epsilons, deltas, st.sampled_from(Neighbours))


def test_ten_times_a_tenth_is_one() -> None:
    budget = Budget(1.0, 0.0)
    budget.can_afford([pure(0.1)] * 9, pure(0.1))
    assert budget.total([pure(0.1)] * 10).epsilon == 1.0


@pytest.mark.parametrize("tiny", [5e-324, 1e-300, 1e-17, 1e-16])
def test_nothing_fits_after_exhaustion_however_small(tiny: float) -> None:
    with pytest.raises(OverBudgetError):
        Budget(1.0, 0.0).can_afford([pure(1.0)], pure(tiny))


def test_no_drift_lets_many_small_costs_through() -> None:
    """A sum of floats would stay at 1.0 when 1e-17 is added, a million times over."""
    budget = Budget(1.0, 0.0)
    assert budget.total([pure(1.0), *[pure(1e-17)] * 1000]).epsilon > 1.0


def test_a_refusal_says_planned_spent_and_limit() -> None:
    with pytest.raises(OverBudgetError) as refused:
        Budget(1.0, 1e-5).can_afford([pure(0.75)], pure(0.5))
    assert refused.value.exit_code is Exit.REFUSED
    for said in ("0.5", "0.75", "epsilon 1,", "0.00001"):
        assert said in refused.value.message


def test_delta_has_its_own_limit() -> None:
    with pytest.raises(OverBudgetError):
        Budget(1.0, 1e-5).can_afford([], EpsilonDelta(0.1, 2e-5, REPLACE))


def test_what_costs_nothing_is_never_refused() -> None:
    spent = [pure(2.0)]
    for free in (NoEvent(), Composed((NoEvent(),)), pure(0.0)):
        Budget(1.0, 0.0).can_afford(spent, free)


@pytest.mark.parametrize("wrong", [-1.0, -5e-324, math.nan, math.inf, -math.inf])
def test_impossible_costs_are_refused(wrong: float) -> None:
    with pytest.raises(ImpossibleCostError):
        EpsilonDelta(wrong, 0.0, REPLACE)
    with pytest.raises(ImpossibleCostError):
        EpsilonDelta(1.0, wrong, REPLACE)
    with pytest.raises(ImpossibleCostError):
        Budget(wrong, 0.0)
    # and where somebody gets round the event's own check
    smuggled = pure(1.0)
    object.__setattr__(smuggled, "epsilon", wrong)
    with pytest.raises(ImpossibleCostError):
        Budget(1.0, 0.0).can_afford([], smuggled)


def test_delta_of_one_is_no_promise() -> None:
    with pytest.raises(ImpossibleCostError):
        EpsilonDelta(1.0, 1.0, REPLACE)
    with pytest.raises(ImpossibleCostError):
        Budget(1.0, 1.0)


def test_mixed_relations_are_charged_as_replace_one() -> None:
    total = Budget(9.0, 0.0).total([pure(1.0, ADD), pure(0.5)])
    assert (total.epsilon, total.neighbours) == (2.5, REPLACE)
    assert Budget(9.0, 0.0).total([pure(1.0, ADD)]).epsilon == 1.0


def test_a_planned_replace_one_makes_earlier_add_remove_dearer() -> None:
    with pytest.raises(OverBudgetError):
        Budget(2.0, 0.0).can_afford([pure(1.0, ADD)], pure(0.5))


def test_delta_grows_with_group_privacy() -> None:
    total = Budget(9.0, 0.5).total([EpsilonDelta(1.0, 1e-6, ADD), pure(1.0)])
    assert total.delta == pytest.approx(1e-6 * (1 + math.e), rel=1e-9)
    assert total.delta >= 1e-6 * (1 + math.e)


@given(st.lists(events, max_size=6), events)
def test_one_more_event_never_costs_less(before: list[EpsilonDelta], more: EpsilonDelta) -> None:
    budget = Budget(1.0, 0.0)
    first, then = budget.total(before), budget.total([*before, more])
    assert then.epsilon >= first.epsilon
    assert then.delta >= first.delta


@given(st.lists(events, max_size=6))
def test_order_and_grouping_do_not_matter(found: list[EpsilonDelta]) -> None:
    budget = Budget(1.0, 0.0)
    assert budget.total(found) == budget.total(found[::-1]) == budget.total([Composed(tuple(found))])


@given(st.lists(st.floats(min_value=0, max_value=10), min_size=1, max_size=8), st.floats(0, 20))
def test_afforded_means_the_exact_sum_is_within_the_limit(costs: list[float], limit: float) -> None:
    *before, planned = [pure(cost) for cost in costs]
    fits = sum((exact(cost, "epsilon") for cost in costs), Fraction(0)) <= exact(limit, "limit")
    if fits or planned.epsilon == 0:
        Budget(limit, 0.0).can_afford(before, planned)
    else:
        with pytest.raises(OverBudgetError):
            Budget(limit, 0.0).can_afford(before, planned)


@given(st.fractions(min_value=0, max_value=1e6))
def test_rounding_is_upwards(value: Fraction) -> None:
    assert exact(up(value), "x") >= value
    assert up(value) == pytest.approx(float(value), rel=1e-14)
