"""What tuning costs: the statements of Papernot and Steinke 2022, and the numbers of trials drawn."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.core.entropy import SystemEntropy, TestEntropy
from ppdesk.privacy.accountants.rdp import ORDERS
from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import (
    EpsilonDelta,
    Gaussian,
    ImpossibleCostError,
    NegativeBinomialTrials,
    Neighbours,
    PoissonTrials,
    RandomTuned,
    Trials,
)
from ppdesk.privacy.tuning import draw, mean_of, tuned_divergences, tuned_epsilon, tuned_pure, with_mean

ADD = Neighbours.ADD_REMOVE


@given(st.floats(1.01, 10_000), st.floats(-0.9, 5))
def test_the_mean_is_reached(mean: float, eta: float) -> None:
    assert mean_of(with_mean(mean, eta)) == pytest.approx(mean, rel=1e-6)


def test_known_means() -> None:
    assert mean_of(NegativeBinomialTrials(1.0, 0.1)) == pytest.approx(10.0)
    assert mean_of(NegativeBinomialTrials(0.0, 0.1)) == pytest.approx(9 / math.log(10))


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0, 3.0])
def test_theorem_2_as_the_library_has_it(eta: float) -> None:
    from dp_accounting.rdp.rdp_privacy_accountant import _compute_rdp_repeat_and_select

    one = [0.05 * order for order in ORDERS]
    ours = tuned_divergences(ORDERS, one, with_mean(10.0, eta))
    assert ours == pytest.approx(list(_compute_rdp_repeat_and_select(ORDERS, one, 10.0, eta)), rel=1e-6)


def test_theorem_6_as_the_library_has_it() -> None:
    from dp_accounting.rdp.rdp_privacy_accountant import _compute_rdp_repeat_and_select

    one = [0.05 * order for order in ORDERS]
    theirs = _compute_rdp_repeat_and_select(ORDERS, one, 10.0, math.inf)
    assert tuned_divergences(ORDERS, one, PoissonTrials(10.0)) == pytest.approx(list(theirs), rel=1e-6)


def test_pure_epsilon_is_three_or_two_times() -> None:
    one = EpsilonDelta(0.5, 0.0, ADD)
    geometric, logarithmic = with_mean(100.0, 1.0), with_mean(100.0, 0.0)
    assert tuned_pure(0.5, geometric) == pytest.approx(1.5)
    assert tuned_pure(0.5, logarithmic) == pytest.approx(1.0)
    assert tuned_epsilon(one, geometric, 0.0) == pytest.approx(1.5)
    assert tuned_epsilon(one, geometric, 1e-9) <= 1.5 * (1 + 1e-9)
    assert tuned_epsilon(one, PoissonTrials(10.0), 0.0) == math.inf


def test_tuning_costs_more_than_one_run_and_less_than_all() -> None:
    one = Gaussian(5.0, ADD)
    single = epsilon_of(one, 1e-6)
    for trials in (with_mean(30.0, 0.0), with_mean(30.0, 1.0), PoissonTrials(30.0)):
        assert single < tuned_epsilon(one, trials, 1e-6) < 30 * single
    assert epsilon_of(RandomTuned(EpsilonDelta(1.0, 1e-9, ADD), trials), 1e-6) == math.inf


@pytest.mark.parametrize(
    ("trials", "variance"),
    [
        (NegativeBinomialTrials(1.0, 0.2), 0.8 / 0.04),
        (NegativeBinomialTrials(0.0, 0.2), None),
        (NegativeBinomialTrials(-0.5, 0.2), None),
        (PoissonTrials(7.0), 7.0),
    ],
)
def test_numbers_of_trials_are_drawn_as_said(trials: Trials, variance: float | None) -> None:
    entropy = TestEntropy(3)
    drawn = [draw(trials, entropy) for _ in range(3000)]
    mean = sum(drawn) / len(drawn)
    spread = sum((value - mean) ** 2 for value in drawn) / len(drawn)
    assert abs(mean - mean_of(trials)) < 5 * math.sqrt(spread / len(drawn))
    if variance is not None:
        assert spread == pytest.approx(variance, rel=0.15)
    assert min(drawn) >= (0 if isinstance(trials, PoissonTrials) else 1)


def test_the_first_chances_are_exact() -> None:
    # P(1) = eta (1 - gamma) / (gamma^-eta - 1); P(2) / P(1) = (1 - gamma) (1 + eta) / 2
    trials = NegativeBinomialTrials(2.0, 0.5)
    entropy = TestEntropy(5)
    drawn = [draw(trials, entropy) for _ in range(4000)]
    assert drawn.count(1) / 4000 == pytest.approx(1 / 3, abs=0.04)
    assert drawn.count(2) / 4000 == pytest.approx(1 / 4, abs=0.04)
    assert draw(trials, SystemEntropy()) >= 1


@pytest.mark.parametrize("mean", [1.0, 0.0, math.inf, math.nan])
def test_impossible_means(mean: float) -> None:
    with pytest.raises(ImpossibleCostError):
        with_mean(mean)
