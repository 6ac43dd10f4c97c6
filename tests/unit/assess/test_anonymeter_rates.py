"""Rates of success and what they say of a risk: Anonymeter's numbers."""

import numpy as np
import pytest

from ppdesk.assess.anonymeter.risk import (
    Rate,
    residual,
    share,
    smallest_residual,
    smallest_share,
    success_rate,
)
from ppdesk.assess.anonymeter.told import risk_of
from ppdesk.assess.intervals import wilson


def test_wilsons_centre_and_error_are_anonymeters():
    found = success_rate(1000, 850)
    assert round(found.value, 3) == 0.849
    assert round(found.error, 3) == 0.022


def test_the_residual_is_anonymeters():
    found = residual(Rate(0.9, 0.02), Rate(0.85, 0.02))
    assert round(found.value, 3) == 0.333
    assert round(found.error, 3) == 0.160


def test_a_residual_below_nothing_is_cut():
    found = residual(success_rate(100, 20), success_rate(100, 60)).bound()
    assert (found.value, found.low) == (0.0, 0.0)


def test_a_control_that_always_succeeds_leaves_nothing_to_measure():
    found = residual(success_rate(100, 100), Rate(1.0, 0.0)).bound()
    assert (found.value, found.low, found.high) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(("attacks", "successes"), [(0, 0), (10, 11), (10, -1)])
def test_impossible_counts_are_refused(attacks, successes):
    with pytest.raises(ValueError, match="successes"):
        success_rate(attacks, successes)


@pytest.mark.parametrize("successes", [0, 3, 50, 100])
def test_shares_of_whole_successes_have_wilsons_interval(successes):
    ours, other = share(successes, 100), wilson(successes, 100)
    assert (ours.value, ours.low, ours.high) == pytest.approx((other.value, other.low, other.high), abs=2e-6)


def test_no_trials_no_share():
    assert share(0, 0) is None


@pytest.mark.parametrize(
    ("beside", "controls"), [(0.0, None), (0.3, 500), (0.6, 500), (0.0, 300), (0.02, 200)]
)
def test_a_risk_of_the_stated_power_is_found_in_about_four_of_five_runs(beside, controls):
    """Seeded; the normal approximation is off by a few runs in a hundred. Also where the control never
    succeeds, whose interval is then not of length 0."""
    source = np.random.default_rng(20)
    risk = smallest_residual(500, beside, controls)
    rate = beside + risk * (1 - beside)
    found = 0
    for _ in range(400):
        main = success_rate(500, int(source.binomial(500, rate)))
        if controls is None:
            found += main.value - main.error > beside
        else:
            other = success_rate(controls, int(source.binomial(controls, beside)))
            found += residual(main, other).bound().low > 0
    assert 0.7 < found / 400 <= 1


def test_more_attacks_find_less():
    assert (
        smallest_residual(200, 0.1, 200)
        > smallest_residual(1000, 0.1, 1000)
        > smallest_residual(5000, 0.1, 5000)
    )
    assert smallest_share(0) == 1.0
    assert 1 - (1 - smallest_share(1000)) ** 1000 == pytest.approx(0.8, abs=1e-3)


def test_a_main_attack_no_better_than_guessing_is_not_trusted():
    assert not risk_of("inference", "x", (100, 100, 0), main=20, naive=30, control=None).trusted
    assert risk_of("inference", "x", (100, 100, 0), main=40, naive=30, control=None).trusted
