"""The grid's sensitivity bounds what neighbours differ by; the slack bounds what discrete noise adds."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from ppdesk.privacy.errors import NotANumberError
from ppdesk.privacy.gaussian.grid import Grid, summing
from ppdesk.privacy.gaussian.slack import slack, slack_of


@given(st.floats(1e-9, 1e9), st.integers(0, 30), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_neighbours_stay_within_the_sensitivity(distance, bits, size, seed):
    grid, draw = Grid(distance, bits), np.random.default_rng(seed)
    assert 2**bits <= distance / grid.step < 2 ** (bits + 1)
    assert math.frexp(grid.step)[0] == 0.5
    # halves of steps round away from each other
    x = (draw.integers(-5, 5, size) + 0.5) * grid.step + draw.normal(size=size) * grid.step * 1e-9
    change = draw.normal(size=size)
    y = x + change * (distance * (1 - 1e-9) / np.linalg.norm(change))
    assert np.linalg.norm(grid.put(x) - grid.put(y)) <= grid.sensitivity(size)


def test_rounding_alone_can_use_the_root_of_the_size():
    grid = Grid(1.0, 0)
    x, y = np.full(100, 0.4999), np.full(100, 0.5001)
    assert np.linalg.norm(grid.put(x) - grid.put(y)) == 10
    assert grid.sensitivity(100) == 11
    assert grid.sensitivity(101) == 12
    assert Grid(1.0, 0, 0.5).sensitivity(100) == 12
    assert grid.scale(100, 2.0) >= 22


def test_what_is_no_number_is_refused_and_what_is_large_is_held():
    grid = Grid(1.0, 40)
    with pytest.raises(NotANumberError):
        grid.put(np.array([1.0, math.nan]))
    assert grid.put(np.array([1e308, -1e308])).tolist() == [2**52, -(2**52)]
    assert grid.back(grid.put(np.array([0.25, -3.0]))).tolist() == [0.25, -3.0]
    for wrong in ({"distance": 0.0}, {"distance": math.inf}, {"distance": 1.0, "bits": 99}):
        with pytest.raises(ValueError, match="distance"):
            Grid(**wrong)


def test_the_error_of_a_sum_is_bounded():
    vectors = np.random.default_rng(1).normal(size=(4000, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    total = np.zeros(5)
    for one in vectors:
        total += one
    exact = np.array([math.fsum(column) for column in vectors.T])
    assert np.linalg.norm(total - exact) <= summing(4000, 1.0, roundings=0) < 1e-8


def ratio(k, s):
    """ln(q(k) / p(k)) of the proof, to some 40 digits: both sums by their series."""
    with localcontext(prec=60):
        s, k = Decimal(s), Decimal(k)
        a, c, half = k / s**2, 1 / (2 * s**2), Decimal(1) / 2
        integral, outer = Decimal(0), Decimal(1)
        for n in range(40):  # cosh(a t) = sum of (a t)^2n / (2n)!, exp(-c t^2) = sum of (-c t^2)^m / m!
            inner = outer
            for m in range(30):
                power = 2 * n + 2 * m + 1
                integral += 2 * inner * half**power / power
                inner *= -c / (m + 1)
            outer *= a**2 / ((2 * n + 1) * (2 * n + 2))
        if s > 20:  # Poisson summation; the rest is below exp(-7000)
            return integral.ln()
        whole = sum((-Decimal(y * y) * c).exp() for y in range(-400, 401))
        pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
        return (integral * whole / (s * (2 * pi).sqrt())).ln()


@pytest.mark.parametrize("s", [1, Decimal("1.5"), 4, 2**10, 2**20])
def test_the_inequality_of_one_number(s):
    for t in (0, Decimal("0.5"), 1, 3, 8):
        k = int(t * s)
        with localcontext(prec=60):
            below = -1 / (24 * Decimal(s) ** 2)
            above = Decimal(k) ** 2 / (24 * Decimal(s) ** 4)
            above += 3 * Decimal(math.exp(-2 * math.pi**2 * float(s) ** 2))
            assert below <= ratio(k, s) <= above
            # and it is no idle bound
            assert k < 3 * s or s < 4 or ratio(k, s) > above * Decimal("0.8")


@pytest.mark.parametrize("s", [1.0, 2.0, 7.3])
@pytest.mark.parametrize("epsilon", [0.1, 1.0, 3.0])
def test_discrete_noise_spends_no_more_than_is_said(s, epsilon):
    y = np.arange(-400, 401)
    p = np.exp(-(y**2) / (2 * s * s))
    p /= p.sum()
    shifted = np.exp(-((y - 1) ** 2) / (2 * s * s))
    shifted /= shifted.sum()
    analytic = special.ndtr(0.5 / s - epsilon * s) - math.exp(epsilon) * special.ndtr(-0.5 / s - epsilon * s)
    said, delta = slack_of(s, 1, 1).spent(epsilon, analytic)
    assert np.maximum(p - math.exp(said) * shifted, 0).sum() <= delta + 1e-15
    assert np.maximum(shifted - math.exp(said) * p, 0).sum() <= delta + 1e-15


def test_the_radius_is_missed_as_rarely_as_is_said():
    # at a missing chance that can be computed: Laurent and Massart's bound against the chi-square law
    for numbers in (1, 10, 1000):
        for missed in (1e-3, 1e-12):
            far = -math.log(missed)
            assert stats.chi2.sf(numbers + 2 * math.sqrt(numbers * far) + 2 * far, numbers) <= missed


def test_slack_is_small_at_a_fine_grid_and_targets_leave_room_for_it():
    extra, delta = slack(2.0**24, 20_000, 5000)
    assert 0 < extra < 5e-8
    assert delta < 1e-9
    found = slack_of(2.0**20, 100_000, 10_000)
    assert found.epsilon < 1e-4
    for epsilon, most in ((0.5, 1e-5), (8.0, 1e-9)):
        inner = found.target(epsilon, most)
        spent = found.spent(*inner)
        assert spent[0] <= epsilon
        assert spent[1] <= most
        assert spent[0] > epsilon * 0.999
        assert spent[1] > most * 0.999
    with pytest.raises(ValueError, match="coarse"):
        slack_of(1.0, 1000, 1000).target(1.0, 1e-5)
    with pytest.raises(ValueError, match="one step"):
        slack_of(0.5, 1, 1)
