"""Every figure is an upper bound and names its method."""

import math

import pytest

from ppdesk.privacy import accountant
from ppdesk.privacy.events import Composed, EpsilonDelta, ImpossibleCostError, Neighbours, UnknownEventError
from ppdesk.privacy.ledger import Budget

REPLACE = Neighbours.REPLACE_ONE


def pure(epsilon: float) -> EpsilonDelta:
    return EpsilonDelta(epsilon, 0.0, REPLACE)


def optimal(epsilon: float, times: int, delta: float) -> float:
    """The least epsilon of `times` randomized responses at `delta`: Kairouz, Oh, Viswanath 2015, eq. 3.
    For pure events the achievable epsilons are (times - 2 i) epsilon."""
    best = math.inf
    for i in range(times // 2 + 1):
        reach = (times - 2 * i) * epsilon
        lost = (
            sum(
                math.comb(times, j)
                * (math.exp((times - j) * epsilon) - math.exp((times - 2 * i + j) * epsilon))
                for j in range(i)
            )
            / (1 + math.exp(epsilon)) ** times
        )
        if lost <= delta:
            best = min(best, reach)
    return best


def test_many_small_events_compose_better_than_their_sum() -> None:
    events = [pure(0.1)] * 100
    found = accountant.tighter(events, 1e-5)
    assert found.method == accountant.LOSS_DISTRIBUTION
    assert found.epsilon < 5.5 < accountant.spent(events).epsilon
    # between the achievable steps the curve is convex, so the true value is within one step (0.2) below
    assert optimal(0.1, 100, 1e-5) - 0.2 <= found.epsilon <= optimal(0.1, 100, 1e-5) + 0.02


def test_without_a_delta_the_sum_holds() -> None:
    found = Budget(3.0, 0.0).tightest([pure(1.0), pure(1.0)])
    assert (found.epsilon, found.delta, found.method) == (2.0, 0.0, accountant.BASIC)


def test_one_event_is_told_as_it_is() -> None:
    assert accountant.tighter([pure(1.0)], 1e-5) == accountant.spent([pure(1.0)])


def test_the_tighter_figure_is_never_above_the_sum() -> None:
    events = [EpsilonDelta(0.5, 1e-7, REPLACE)] * 4
    assert accountant.tighter(events, 1e-5).epsilon <= accountant.spent(events).epsilon
    assert accountant.tighter(events, 3e-7) == accountant.spent(events), "its delta is not reached"


def test_nothing_is_nothing() -> None:
    found = accountant.spent([])
    assert (found.epsilon, found.delta, found.neighbours, found.method) == (
        0.0,
        0.0,
        None,
        accountant.NOTHING,
    )


def test_an_unknown_event_is_refused_also_inside_others() -> None:
    with pytest.raises(UnknownEventError):
        accountant.spent([Composed(("gaussian",))])  # type: ignore[arg-type]  # what must not pass


@pytest.mark.parametrize("delta", [-1e-9, 1.0, math.nan, math.inf])
def test_a_delta_outside_its_range_is_refused(delta: float) -> None:
    with pytest.raises(ImpossibleCostError):
        accountant.tighter([pure(1.0), pure(1.0)], delta)
