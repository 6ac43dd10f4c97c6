"""What right guesses about canaries prove: against brute force, and never too much on sound mechanisms."""

import math
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import binom, norm

from ppdesk.assess.auditing import one_run_bounds as bounds
from ppdesk.assess.auditing import one_run_curves as curves
from ppdesk.assess.auditing import one_run_power as power
from ppdesk.assess.auditing.one_run import Claim, Family, guess, judged
from ppdesk.assess.auditing.one_run_curves import Guesses


def worst(canaries: int, correct: int, epsilon: float, delta: float) -> float:
    """The largest chance of `correct` right guesses or more, about all canaries, that any (epsilon, delta)-DP
    mechanism has: a linear program over all mechanisms whose outcome is the guesses."""
    places = list(product((0, 1), repeat=canaries))
    count = len(places)
    gain = np.zeros((count, count))
    for row, coins in enumerate(places):
        for column, guesses in enumerate(places):
            if sum(a == b for a, b in zip(coins, guesses, strict=True)) >= correct:
                gain[row, column] = 1 / count
    above: list[np.ndarray] = []
    most: list[float] = []
    for row, coins in enumerate(places):
        for other, changed in enumerate(places):
            if sum(a != b for a, b in zip(coins, changed, strict=True)) != 1:
                continue
            for event in product((0.0, 1.0), repeat=count):
                line = np.zeros((count, count))
                line[row] = event
                line[other] = -math.exp(epsilon) * np.array(event)
                above.append(line.ravel())
                most.append(delta)
    sums = np.kron(np.eye(count), np.ones(count))
    found = linprog(
        -gain.ravel(), A_ub=np.array(above), b_ub=most, A_eq=sums, b_eq=np.ones(count), method="highs"
    )
    return float(-found.fun)


@pytest.mark.parametrize(("canaries", "correct"), [(1, 1), (2, 1), (2, 2), (3, 2)])
@pytest.mark.parametrize(("epsilon", "delta"), [(0.5, 0.0), (1.0, 0.02), (0.2, 0.1)])
def test_no_mechanism_beats_the_bounds(canaries: int, correct: int, epsilon: float, delta: float) -> None:
    most = worst(canaries, correct, epsilon, delta)
    found = Guesses(canaries, canaries, correct)
    assert bounds.p_value(found, epsilon, delta) >= most - 1e-7
    assert curves.p_value(found, curves.of_pairs([(epsilon, delta)])) >= most - 1e-5


@pytest.mark.parametrize(("guesses", "correct", "epsilon"), [(100, 75, 0.5), (1000, 700, 0.5), (40, 40, 2.0)])
def test_without_delta_randomized_response_is_the_worst(guesses: int, correct: int, epsilon: float) -> None:
    exact = binom.sf(correct - 1, guesses, math.exp(epsilon) / (1 + math.exp(epsilon)))
    found = Guesses(2 * guesses, guesses, correct)
    assert bounds.p_value(found, epsilon, 0.0) == pytest.approx(exact, rel=1e-9)
    assert curves.p_value(found, curves.of_pairs([(epsilon, 0.0)])) >= exact


def test_the_listing_is_beaten_where_delta_helps_after_wrong_guesses() -> None:
    most = worst(2, 1, 1.0, 0.02)
    found = Guesses(2, 2, 1)
    assert most == pytest.approx(0.9345, abs=1e-4)
    assert bounds.published(found, 1.0, 0.02) < most - 0.0009
    assert bounds.p_value(found, 1.0, 0.02) >= most - 1e-7


def test_the_listing_is_beaten_by_a_mechanism_that_can_be_written_down() -> None:
    """Of two coins: both guessed rightly with chance a, each alone with b, both wrongly with c, where
    a = e b and b = e c + delta: (1, delta)-DP to the letter, and 1 - c is above the listing."""
    e, delta = math.e, 0.02
    b = (1 + delta / e) / (e + 2 + 1 / e)
    a, c = e * b, (b - delta) / e
    chances = np.array([[a, b, b, c], [b, a, c, b], [b, c, a, b], [c, b, b, a]])  # rows: coins 00, 01, 10, 11
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-15)
    for one, other in product(range(4), repeat=2):
        if (one ^ other).bit_count() == 1:
            lost = np.maximum(chances[one] - e * chances[other], 0).sum()
            assert lost <= delta * (1 + 1e-12)
    assert 1 - c == pytest.approx(worst(2, 1, 1.0, delta), abs=1e-9)
    assert 1 - c > bounds.published(Guesses(2, 2, 1), 1.0, delta) + 0.001


def test_the_listing_is_computed_as_it_says() -> None:
    """Term by term, another way round than the code."""
    canaries, guesses, correct, epsilon, delta = 1000, 100, 70, 0.4, 1e-4
    right = math.exp(epsilon) / (1 + math.exp(epsilon))
    beta = binom.sf(correct - 1, guesses, right)
    alpha = max(
        (binom.cdf(correct - 1, guesses, right) - binom.cdf(correct - i - 1, guesses, right)) / i
        for i in range(1, correct + 1)
    )
    expected = beta + 2 * canaries * delta * alpha
    assert bounds.published(Guesses(canaries, guesses, correct), epsilon, delta) == pytest.approx(expected)


@pytest.mark.parametrize("epsilon", [0.3, 1.0, 3.0])
def test_randomized_response_is_called_over_at_most_as_often_as_said(epsilon: float) -> None:
    guesses, miss = 100, 0.05
    right = math.exp(epsilon) / (1 + math.exp(epsilon))
    over = [
        value
        for value in range(guesses + 1)
        if bounds.epsilon_at_least(Guesses(guesses, guesses, value), 0.0, miss) > epsilon
    ]
    chance = float(binom.pmf(over, guesses, right).sum())
    assert 0 < chance <= miss
    expected = bounds.epsilon_at_least(Guesses(guesses, guesses, round(guesses * right)), 0.0, miss)
    assert expected < epsilon


@pytest.mark.parametrize("mu", [0.2, 0.6, 1.5])
def test_a_gaussian_mechanism_is_called_over_at_most_as_often_as_said(mu: float) -> None:
    canaries, miss = 400, 0.05
    chances = binom.pmf(np.arange(canaries + 1), canaries, norm.cdf(mu / 2))
    called = [
        value
        for value in range(canaries // 2, canaries + 1)
        if curves.impossible(Guesses(canaries, canaries, value), curves.gaussian(mu), miss)
    ]
    assert chances[called].sum() <= miss
    assert called == list(range(called[0], canaries + 1))


def test_a_curve_of_pairs_is_below_the_curve_it_comes_from() -> None:
    from ppdesk.privacy.calibration import delta_curve
    from ppdesk.privacy.events import Gaussian, Neighbours

    pairs = curves.of_pairs(delta_curve(Gaussian(2.0, Neighbours.ADD_REMOVE)))
    exact = curves.gaussian(0.5)
    for share in (1e-6, 0.01, 0.3, 0.5, 0.9, 0.999):
        assert exact(share) * 0.97 - 1e-9 <= pairs(share) <= exact(share) + 1e-9


def test_more_right_guesses_prove_more() -> None:
    found = [bounds.epsilon_at_least(Guesses(1000, 200, value), 1e-6, 0.05) for value in range(90, 201, 10)]
    assert found == sorted(found)
    assert found[0] == 0.0
    values = [
        curves.p_value(Guesses(1000, 200, value), curves.gaussian(0.5)) for value in range(100, 201, 20)
    ]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("bad", [(1, 2, 1), (5, 4, 5), (3, 2, -1)])
def test_impossible_counts_are_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="guesses"):
        Guesses(*bad)


def test_the_ends_are_guessed_and_scores_that_are_no_number_say_nothing() -> None:
    coins = np.array([True, True, False, False, True, False])
    scores = np.array([9.0, 8.0, -9.0, -8.0, np.nan, 0.0])
    assert guess(scores, coins, 4) == Guesses(6, 4, 4)
    assert guess(-scores, coins, 5) == Guesses(6, 4, 0)


def test_a_claim_is_broken_only_by_what_is_above_it() -> None:
    from ppdesk.privacy.gaussian_dp import epsilon_of_mu, gaussian_mu

    mu = gaussian_mu(1.0, 1e-6)
    family = Family(lambda less: curves.gaussian(mu * less), lambda less: epsilon_of_mu(mu * less, 1e-6))
    claim = Claim(1.0, 1e-6, family)
    sound = judged(power.expected(2000, 0.15, mu, 1e-6), claim, 0.05)
    broken = judged(power.expected(2000, 0.15, 3 * mu, 1e-6), claim, 0.05)
    assert not sound.over
    assert 0 < sound.epsilon < 1.0
    assert broken.over
    assert broken.epsilon > 1.0
    assert broken.p_value < 0.05
    assert broken.noise is not None
    assert broken.noise < 1


def test_power_grows_with_the_effort_and_is_none_where_nothing_is_called() -> None:
    table = power.table(1.0, 1e-6, 0.03)
    assert [one.canaries for one in table] == [500, 2000, 6000]
    halved = [one.halved for one in table]
    assert halved == sorted(halved)
    assert all(one.as_claimed < 1.0 for one in table)
    assert table[1].halved > 1.0
    few = power.table(1.0, 1e-6, 0.03, canaries=lambda _: 64)
    assert few[0].called_from is None or few[0].called_from > 3
