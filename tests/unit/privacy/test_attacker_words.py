"""What an attacker can find out at most, and conversions between guarantees."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppdesk.privacy import attacker
from ppdesk.privacy.accountant import Spent
from ppdesk.privacy.calibration import epsilon_of, epsilon_of_mu
from ppdesk.privacy.conversions import (
    delta_of_rho,
    epsilon_of_renyi,
    epsilon_of_rho,
    epsilon_of_rho_closed,
    group_mu,
    group_pair,
    group_rho,
    rho_of_mu,
    rho_of_pure,
)
from ppdesk.privacy.events import (
    EpsilonDelta,
    Gaussian,
    ImpossibleCostError,
    Neighbours,
    PoissonSampled,
    SelfComposed,
    ZeroConcentrated,
)
from ppdesk.privacy.words import attacker_sentence, proved_sentence

ADD = Neighbours.ADD_REMOVE


def test_pure_epsilon_one() -> None:
    found = attacker.of_pairs([(1.0, 0.0)])
    assert found.rates == pytest.approx((0.001 * math.e, 0.01 * math.e))
    assert found.advantage == pytest.approx((math.e - 1) / (math.e + 1))


def test_mu_one() -> None:
    found = attacker.of_mu(1.0)
    assert found.advantage == pytest.approx(0.38292, abs=1e-5)
    assert found.rates == pytest.approx((0.01830, 0.09236), abs=1e-4)


def test_the_curve_of_gaussian_noise_is_near_its_mu() -> None:
    by_mu, by_curve = attacker.of_mu(0.5), attacker.of_event(Gaussian(2.0, ADD))
    assert by_curve.advantage == pytest.approx(by_mu.advantage, rel=1e-2)
    for exact, found in zip(by_mu.rates, by_curve.rates, strict=True):
        assert exact <= found <= exact * 1.05


def test_a_distribution_tells_more_than_one_pair() -> None:
    event = SelfComposed(PoissonSampled(0.05, Gaussian(2.0, ADD)), 100)
    whole = attacker.of_event(event)
    pair = attacker.of_pairs([(epsilon_of(event, 1e-5), 1e-5)])
    assert whole.advantage < pair.advantage
    assert all(ours < theirs for ours, theirs in zip(whole.rates, pair.rates, strict=True))


@given(st.floats(0, 1), st.floats(0, 50), st.floats(0, 0.5))
def test_a_rate_is_a_rate_and_never_below_guessing(rate: float, epsilon: float, delta: float) -> None:
    assert rate <= attacker.true_positive(rate, epsilon, delta) <= 1.0


def test_words() -> None:
    text = attacker_sentence(attacker.of_mu(1.0), person=True)
    assert "1.9 % of the people" in text
    assert "9.3 %" in text
    assert "39 %" in text
    told = proved_sentence(Spent(1.23456, 1e-5, ADD, "a method"))
    assert "epsilon 1.235" in told
    assert "it alone counts" in told


@settings(max_examples=20)
@given(st.floats(1e-4, 3), st.floats(1e-9, 0.1))
def test_zero_concentrated_to_pairs(rho: float, delta: float) -> None:
    best = epsilon_of_rho(rho, delta)
    assert delta_of_rho(rho, best) <= delta
    assert best <= epsilon_of_rho_closed(rho, delta)
    # Gaussian noise has this rho, and proves at least as much
    assert epsilon_of_mu(math.sqrt(2 * rho), delta) <= best * (1 + 1e-9) + 1e-12


def test_the_two_ways_from_rho_agree() -> None:
    by_orders = epsilon_of(ZeroConcentrated(0.1, ADD), 1e-6)
    assert by_orders == pytest.approx(epsilon_of_rho(0.1, 1e-6), rel=2e-3)
    assert min(
        epsilon_of_renyi(1 + k / 10, 0.1 * (1 + k / 10), 1e-6) for k in range(1, 500)
    ) == pytest.approx(by_orders, rel=2e-3)


def test_groups() -> None:
    assert group_pair(EpsilonDelta(0.5, 0.0, ADD), 3).epsilon == pytest.approx(1.5)
    two = group_pair(EpsilonDelta(1.0, 1e-6, ADD), 2)
    assert (two.epsilon, two.delta) == (pytest.approx(2.0), pytest.approx(1e-6 * (1 + math.e)))
    assert group_pair(EpsilonDelta(400.0, 1e-6, ADD), 2).delta < 1
    assert group_rho(0.1, 3) == pytest.approx(0.9)
    assert group_mu(0.5, 2) == pytest.approx(1.0)
    # consistent: a group of two under mu is a group of two under rho
    assert rho_of_mu(group_mu(0.5, 2)) == pytest.approx(group_rho(rho_of_mu(0.5), 2))
    assert rho_of_pure(2.0) == pytest.approx(2.0)


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_impossible_values(wrong: float) -> None:
    for convert in (rho_of_pure, rho_of_mu, attacker.of_mu):
        with pytest.raises(ImpossibleCostError):
            convert(wrong)
    with pytest.raises(ImpossibleCostError):
        epsilon_of_renyi(1.0, 1.0, 1e-5)
