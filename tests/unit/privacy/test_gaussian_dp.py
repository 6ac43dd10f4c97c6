"""Gaussian noise and (epsilon, delta), against the formula at 60 digits."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ppdesk.privacy.calibration import delta_of_mu, epsilon_of_mu, gaussian_mu
from ppdesk.privacy.events import ImpossibleCostError

mpmath = pytest.importorskip("mpmath")

logs = st.floats(-12, 4).map(lambda power: 10.0**power)
mus = st.floats(-8, 2.3).map(lambda power: 10.0**power)
deltas = st.floats(-290, -0.01).map(lambda power: 10.0**power)


def truth(mu: float, epsilon: float) -> float:
    """Balle and Wang 2018, theorem 8."""
    with mpmath.workdps(60):
        m, e = mpmath.mpf(mu), mpmath.mpf(epsilon)
        low, high = e / m - m / 2, e / m + m / 2
        root = mpmath.sqrt(2)
        return mpmath.erfc(low / root) / 2 - mpmath.exp(e) * mpmath.erfc(high / root) / 2


@given(mus, st.one_of(st.just(0.0), logs))
def test_delta_is_never_below_the_truth_and_close_to_it(mu: float, epsilon: float) -> None:
    found, true = delta_of_mu(mu, epsilon), truth(mu, epsilon)
    assert found >= true
    if true > 1e-300:
        assert found <= true * (1 + 1e-7)


@given(logs, deltas)
def test_mu_keeps_the_pair_and_a_little_more_does_not(epsilon: float, delta: float) -> None:
    mu = gaussian_mu(epsilon, delta)
    assert truth(mu, epsilon) <= delta
    assert truth(mu * (1 + 1e-6), epsilon) > delta


@given(st.floats(-6, 2).map(lambda power: 10.0**power), deltas)
def test_epsilon_and_mu_are_inverse(mu: float, delta: float) -> None:
    epsilon = epsilon_of_mu(mu, delta)
    if epsilon > 0:
        assert truth(mu, epsilon) <= delta
        assert gaussian_mu(epsilon, delta) == pytest.approx(mu, rel=1e-6)


def test_known_figures() -> None:
    assert epsilon_of_mu(1.0, 1e-5) == pytest.approx(4.3772, rel=1e-4)
    assert gaussian_mu(1.0, 1e-5) == pytest.approx(1 / 3.730631634816942, rel=1e-9)
    # epsilon 0: total variation distance, 2 P(mu / 2) - 1
    assert delta_of_mu(0.5, 0.0) == pytest.approx(math.erf(0.25 / math.sqrt(2)), rel=1e-9)
    assert epsilon_of_mu(0.0, 1e-5) == 0.0


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1.0, 700.0, 1e6, 1e12])
@pytest.mark.parametrize("delta", [1e-290, 1e-12, 0.5, 0.999999])
def test_no_corner_is_left_out(epsilon: float, delta: float) -> None:
    mu = gaussian_mu(epsilon, delta)
    assert 0 < mu < math.inf
    assert epsilon_of_mu(mu, delta) <= epsilon * (1 + 1e-6) + 1e-9


@pytest.mark.parametrize(("epsilon", "delta"), [(-1, 1e-5), (math.nan, 0.1), (1, 0), (1, 1), (1, math.nan)])
def test_no_noise_for_an_impossible_pair(epsilon: float, delta: float) -> None:
    with pytest.raises(ImpossibleCostError):
        gaussian_mu(epsilon, delta)
