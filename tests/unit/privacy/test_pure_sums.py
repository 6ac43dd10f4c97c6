"""The epsilon of pure mechanisms is their exact sum: never a digit above what was asked for."""

import math
from fractions import Fraction

import pytest

from ppdesk.privacy.calibration import epsilon_of
from ppdesk.privacy.events import Composed, EpsilonDelta, Laplace, Neighbours, SelfComposed


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 0.5, 1.0, 1 / 3, 2.7, 20.0, 1000.0])
@pytest.mark.parametrize("delta", [0.0, 1e-9])
def test_a_stated_epsilon_is_told_as_it_is(epsilon, delta):
    event = EpsilonDelta(epsilon, 0.0, Neighbours.REPLACE_ONE)
    found = epsilon_of(event, delta)
    assert found <= epsilon
    if delta == 0:
        assert found == epsilon


def test_ten_times_a_tenth_is_one():
    event = SelfComposed(EpsilonDelta(0.1, 0.0, Neighbours.REPLACE_ONE), 10)
    assert epsilon_of(event, 0.0) == 1.0


def test_other_sums_are_rounded_up():
    parts = tuple(Laplace(scale, Neighbours.ADD_REMOVE) for scale in (3.0, 7.0, 0.1))
    true = sum(1 / Fraction(scale) for scale in (3.0, 7.0, 0.1))
    found = epsilon_of(Composed(parts), 0.0)
    assert Fraction(found) >= true or math.isclose(found, float(true), rel_tol=3e-16)
    assert found <= math.nextafter(float(true), math.inf)
